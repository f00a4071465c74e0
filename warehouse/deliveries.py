"""What was delivered and what became of it, read from a snapshot or from the open warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb

from schemas.errors import Misuse
from warehouse.declarations import meta
from warehouse.declarations.origin import ORIGIN
from warehouse.declared import path
from warehouse.literals import literal
from warehouse.reading import Rows, rows


def listed(connection: duckdb.DuckDBPyConnection, source_id: str | None = None) -> Rows:
    """All deliveries in order, or those of one source."""
    return rows(
        connection,
        f"""
        SELECT delivery_id AS delivery, batch_id AS batch, source_id AS source, file_name AS file, status,
            refusal_code AS refused_for, edition_date AS edition, period_start, period_end, rows_delivered AS rows,
            records_loaded AS loaded, records_quarantined AS quarantined, records_excluded AS excluded
        FROM {meta.DELIVERY.path} WHERE {_of(source_id)} ORDER BY delivery_id
        """,
    )


@dataclass(frozen=True)
class LandedDelivery:
    """A delivery and its bytes in the landing: their hash there, and how many they were."""

    delivery_id: int
    source_id: str
    file_name: str
    sha256: str
    size_bytes: int


def landed(connection: duckdb.DuckDBPyConnection) -> list[LandedDelivery]:
    """Every delivery that was landed, in the order of its arrival."""
    found = connection.execute(
        f"""SELECT delivery_id, source_id, file_name, sha256, size_bytes FROM {meta.DELIVERY.path}
        WHERE sha256 <> '' AND size_bytes > 0 ORDER BY delivery_id"""
    ).fetchall()
    return [LandedDelivery(*row) for row in found]


def shown(connection: duckdb.DuckDBPyConnection, delivery_id: int) -> dict[str, Any]:
    """One delivery: its account, and lists of what was left out, the rules broken, its slices and notes on them.

    Raises:
        Misuse: There is no such delivery.
    """
    found = rows(connection, f"FROM {meta.DELIVERY.path} WHERE delivery_id = {int(delivery_id)}")
    if not found:
        raise Misuse(
            f"there is no delivery {delivery_id}",
            where="delivery show",
            how="`siprev delivery list` lists them all",
            code="unknown_delivery",
        )
    delivery: dict[str, Any] = found[0]
    of_it = f"WHERE delivery_id = {int(delivery_id)}"
    delivery["exclusions"] = rows(
        connection,
        f"SELECT level, reason, n, events FROM {meta.EXCLUSION.path} {of_it} ORDER BY level, reason",
    )
    delivery["rules_broken"] = rows(
        connection,
        f"""
        SELECT rule_code, severity, scope, n_judged, n_broken, round(share, 4) AS share, tolerated
        FROM {path("meta", "rule_state")} {of_it} AND state IN ('warned', 'failed')
        ORDER BY severity, n_broken DESC, rule_code
        """,
    )
    delivery["control_totals"] = rows(
        connection, f"SELECT name, expected, found FROM {meta.CONTROL_TOTAL.path} {of_it} ORDER BY name"
    )
    delivery["joined_tables"] = rows(
        connection,
        f"""
        SELECT name, rows_delivered, rows_unreadable, rows_joined, rows_repeated, rows_unused
        FROM {meta.PART.path} {of_it} ORDER BY name
        """,
    )
    delivery["corrections"] = rows(
        connection,
        f"""
        SELECT name, row_number, column_name AS "column", old_value AS old, new_value AS new, reason, reporter,
            reported_on
        FROM {meta.CORRECTION.path} {of_it} ORDER BY name
        """,
    )
    delivery["events_by_period"] = rows(
        connection,
        f"SELECT period, made, loaded, quarantined, excluded FROM {meta.EVENTS_BY_PERIOD.path} {of_it} ORDER BY period",
    )
    delivery["slices_by_period"] = rows(
        connection,
        f"""
        SELECT period, count(*) FILTER (rekeys IS NULL) AS slices, count(*) FILTER (valid_to IS NULL) AS current,
            count(*) FILTER (rekeys IS NULL AND valid_from = valid_to) AS never_current,
            sum(n_records) FILTER (rekeys IS NULL) AS records, sum(events) FILTER (rekeys IS NULL) AS events
        FROM {meta.SLICE_VERSION.path} {of_it} GROUP BY period ORDER BY period
        """,
    )
    if fetched := _fetched(connection, of_it):
        delivery["fetched"] = fetched
    delivery["slice_notes"] = rows(
        connection,
        f"SELECT note, period, area, before, after FROM {meta.SLICE_NOTE.path} {of_it} ORDER BY note, period, area",
    )
    delivery["came_again"] = rows(
        connection, f"SELECT seen_at, seen_by, file_name FROM {meta.REPETITION.path} {of_it} ORDER BY seen_at"
    )
    return delivery


def _fetched(connection: duckdb.DuckDBPyConnection, of_it: str) -> Rows:
    """Where a delivery was fetched; nothing for one that was handed in."""
    return rows(
        connection, f"SELECT place, watermark_from, watermark_to, last_modified FROM {ORIGIN.path} {of_it}"
    )


def _of(source_id: str | None) -> str:
    return "true" if source_id is None else f"source_id = {literal(source_id)}"
