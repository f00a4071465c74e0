"""What the checks look up in the current snapshot, as plain functions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb

from schemas import record_type, sql
from schemas.compile import added_up


@dataclass(frozen=True)
class Last:
    """The last delivery of a source that was judged: its number, status, dates and records."""

    delivery_id: int
    status: str
    refusal: str | None
    edition: date | None
    received: date
    made: int | None
    quarantined: int | None


def last_delivery(connection: duckdb.DuckDBPyConnection, source_id: str, where: str = "true") -> Last | None:
    """The last delivery of a source that fits a condition; None if there is none.

    The last is the one with the newest edition, and of equal ones the last to arrive.
    """
    found = connection.execute(
        f"""
        SELECT delivery_id, status::VARCHAR, refusal_message, edition_date, received_at::DATE, records_made,
            records_quarantined
        FROM meta.delivery WHERE source_id = {sql.text(source_id)} AND {where}
        ORDER BY coalesce(edition_date, received_at::DATE) DESC, delivery_id DESC LIMIT 1
        """
    ).fetchone()
    return Last(*found) if found else None


def latest_arrival(connection: duckdb.DuckDBPyConnection, source_id: str) -> Last | None:
    """The delivery of a source that arrived last."""
    return last_delivery(
        connection,
        source_id,
        f"delivery_id = (SELECT max(delivery_id) FROM meta.delivery WHERE source_id = {sql.text(source_id)})",
    )


def held(connection: duckdb.DuckDBPyConnection, source_id: str) -> tuple[int, date | None]:
    """What a source holds now: the records of its current slices, and their newest edition."""
    found = connection.execute(
        f"""
        SELECT coalesce(sum(n_records), 0)::BIGINT, max(edition_date) FROM meta.slice_version
        WHERE source_id = {sql.text(source_id)} AND valid_to IS NULL
        """
    ).fetchone()
    return (int(found[0]), found[1]) if found else (0, None)


def broken_rules(
    connection: duckdb.DuckDBPyConnection, delivery_id: int
) -> list[tuple[str, str, str, int, int]]:
    """Rules that a delivery broke more often than they tolerate: code, severity, scope, records broken and judged.

    Those that quarantine come first, and of each severity those that most records broke.
    """
    return connection.execute(
        f"""
        SELECT rule_code, severity, coalesce(scope, 'row'), n_broken, n_judged FROM meta.rule_result
        WHERE delivery_id = {delivery_id} AND coalesce(raised, n_broken > 0)
        ORDER BY severity, n_broken DESC, rule_code
        """
    ).fetchall()


def unbalanced(
    connection: duckdb.DuckDBPyConnection, source_id: str, kind: str
) -> list[tuple[int, str, str, str]]:
    """Sides of the accounts of a source's deliveries that do not agree with each other or with the tables.

    Args:
        connection: The snapshot.
        source_id: The source.
        kind: Its record type.

    Returns:
        Delivery, which sides, and the two numbers.
    """
    counted = added_up(record_type.load(kind))
    return connection.execute(
        f"""
        WITH d AS (
            FROM meta.delivery WHERE source_id = {sql.text(source_id)} AND records_loaded IS NOT NULL
        ), fact AS (
            SELECT v.delivery_id, count(*) AS n, {counted} AS events
            FROM core.{sql.name(f"{kind}_row")} JOIN meta.slice_version AS v USING (slice_version)
            WHERE v.source_id = {sql.text(source_id)} AND v.rekeys IS NULL GROUP BY ALL
        ), slice AS (
            SELECT delivery_id, sum(n_records) AS n FROM meta.slice_version WHERE rekeys IS NULL GROUP BY ALL
        ), quarantined AS (
            SELECT delivery_id, count(*) AS n, sum(events) AS events FROM quarantine.record GROUP BY ALL
        ), excluded AS (
            SELECT delivery_id, sum(n) FILTER (level = 'row') AS n_rows, sum(n) FILTER (level = 'record') AS n
            FROM meta.exclusion GROUP BY ALL
        ), period AS (
            SELECT delivery_id, sum(made) AS made, sum(loaded + quarantined + excluded) AS split
            FROM meta.events_by_period GROUP BY ALL
        ), total AS (
            SELECT delivery_id, name, expected, found FROM meta.control_total
        ), side AS (
            SELECT d.delivery_id, unnest([
                {{name: 'rows delivered = unreadable + excluded + mapped', one: rows_delivered::DECIMAL(18, 2),
                    other: (rows_unreadable + rows_excluded + rows_mapped)::DECIMAL(18, 2)}},
                {{name: 'rows excluded = by reason', one: rows_excluded, other: coalesce(excluded.n_rows, 0)}},
                {{name: 'records made = loaded + quarantined + excluded', one: records_made,
                    other: records_loaded + records_quarantined + records_excluded}},
                {{name: 'records loaded = in the facts', one: records_loaded, other: coalesce(fact.n, 0)}},
                {{name: 'records loaded = in the slices', one: records_loaded, other: coalesce(slice.n, 0)}},
                {{name: 'records quarantined = in quarantine', one: records_quarantined,
                    other: coalesce(quarantined.n, 0)}},
                {{name: 'records excluded = by reason', one: records_excluded, other: coalesce(excluded.n, 0)}},
                {{name: 'events made = loaded + quarantined + excluded', one: events_made,
                    other: events_loaded + events_quarantined + events_excluded}},
                {{name: 'events loaded = in the facts', one: events_loaded, other: coalesce(fact.events, 0)}},
                {{name: 'events quarantined = in quarantine', one: events_quarantined,
                    other: coalesce(quarantined.events, 0)}},
                {{name: 'events made = by period', one: events_made, other: coalesce(period.made, 0)}},
                {{name: 'events made = by period, split', one: events_made, other: coalesce(period.split, 0)}}
            ], recursive := true)
            FROM d LEFT JOIN fact USING (delivery_id) LEFT JOIN slice USING (delivery_id)
            LEFT JOIN quarantined USING (delivery_id) LEFT JOIN excluded USING (delivery_id)
            LEFT JOIN period USING (delivery_id)
            UNION ALL
            SELECT delivery_id, 'control total ' || name || ' = found', expected, found
            FROM total SEMI JOIN d USING (delivery_id)
        )
        SELECT delivery_id, name, one::VARCHAR, other::VARCHAR FROM side WHERE one IS DISTINCT FROM other ORDER BY ALL
        """
    ).fetchall()


def deliveries(connection: duckdb.DuckDBPyConnection, source_id: str) -> int:
    """How many deliveries of a source were judged to the end."""
    found = connection.execute(
        f"SELECT count(*) FROM meta.delivery WHERE source_id = {sql.text(source_id)} AND records_loaded IS NOT NULL"
    ).fetchone()
    return int(found[0]) if found else 0
