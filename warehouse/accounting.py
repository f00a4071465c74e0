"""The account of a delivery: written with it, and proved in the same transaction.

In source rows: delivered = unreadable + excluded + mapped. In records: made = loaded + quarantined + excluded. In
events: the same, by period. The loaded and quarantined sides are counted where they were written, not where they
came from. An account that does not add up is a defect of ours: nothing of the delivery stays.
"""

from __future__ import annotations

from collections.abc import Sequence

from schemas import record_type
from schemas.compile import added_up
from schemas.errors import Refusal
from schemas.staging import Finding, StagedDelivery
from warehouse.database import Warehouse
from warehouse.declarations import facts, meta, quarantine
from warehouse.literals import rows
from warehouse.slices import SLICE
from warehouse.tally import CELL, MASK, TALLY, Tally


class AccountError(RuntimeError):
    """The account of a delivery does not add up."""


def require_control_totals(staged: StagedDelivery, file_name: str) -> None:
    """Hold the totals that the provider states against what was read.

    Raises:
        Refusal: A total differs.
    """
    wrong = [c for c in staged.control_totals if abs(c.expected - c.found) > 0.005]
    if wrong:
        listed = "; ".join(
            f"{c.name}: the file states {c.expected:g}, its rows add up to {c.found:g}" for c in wrong
        )
        raise Refusal(
            f"the file's own totals do not agree with its rows: {listed}",
            where=file_name,
            how="ask the provider for a complete file; rows may be missing or cut off",
            code="control_total",
        )


def write(warehouse: Warehouse, delivery_id: int, staged: StagedDelivery, tally: Tally) -> None:
    """Write exclusions, events by period, control totals, corrections and the result of every rule."""
    connection = warehouse.connection
    if staged.row_exclusions:
        whole = [(delivery_id, "row", reason, n, None) for reason, n in sorted(staged.row_exclusions.items())]
        connection.execute(f"INSERT INTO {meta.EXCLUSION.path} VALUES {rows(whole)}")
    connection.execute(
        f"""
        INSERT INTO {meta.EXCLUSION.path}
        SELECT {delivery_id}, 'record', exclusion, sum(n), sum(events) FROM {TALLY}
        WHERE outcome = 'excluded' GROUP BY exclusion ORDER BY exclusion
        """
    )
    split = ", ".join(
        f"coalesce(sum(events) FILTER (outcome = '{outcome}'), 0)"
        for outcome in ("loaded", "quarantined", "excluded")
    )
    connection.execute(
        f"""
        INSERT INTO {meta.EVENTS_BY_PERIOD.path}
        SELECT {delivery_id}, coalesce(cell_month, slice_period) AS period, sum(events), {split}
        FROM {TALLY} GROUP BY period ORDER BY period
        """
    )
    if staged.control_totals:
        totals = [(delivery_id, c.name, c.expected, c.found) for c in staged.control_totals]
        connection.execute(f"INSERT INTO {meta.CONTROL_TOTAL.path} VALUES {rows(totals)}")
    if staged.corrections:
        corrected = [
            (
                delivery_id, c.name, c.digest, c.row_number, c.column, c.old, c.new, c.reason, c.reporter, c.reported_on
            )
            for c in staged.corrections
        ]  # fmt: skip
        connection.execute(f"INSERT INTO {meta.CORRECTION.path} VALUES {rows(corrected)}")
    if staged.parts:
        parts = [
            (
                delivery_id, p.name, p.rows_delivered, p.rows_unreadable, p.rows_joined, p.rows_repeated, p.rows_unused
            )
            for p in staged.parts
        ]  # fmt: skip
        connection.execute(f"INSERT INTO {meta.PART.path} VALUES {rows(parts)}")
    _write_rule_results(warehouse, delivery_id, staged, tally)


def _write_rule_results(warehouse: Warehouse, delivery_id: int, staged: StagedDelivery, tally: Tally) -> None:
    judged = tally.records_made - tally.records_excluded
    rules = [(bit, rule.code, rule.severity, rule.scope) for bit, rule in enumerate(staged.rules)]
    if rules:
        warehouse.connection.execute(
            f"""
            INSERT INTO {meta.RULE_RESULT.path}
            SELECT {delivery_id}, rule.code, rule.severity, {judged},
                coalesce(sum(m.n) FILTER (list_contains(m.rules || m.warnings, rule.code)), 0) AS n_broken,
                rule.scope, n_broken > 0, NULL
            FROM (VALUES {rows(rules)}) AS rule(bit, code, severity, scope) LEFT JOIN {MASK} AS m ON true
            GROUP BY rule.bit, rule.code, rule.severity, rule.scope ORDER BY rule.bit
            """
        )
    write_findings(warehouse, delivery_id, staged.findings, "delivery")


def write_findings(warehouse: Warehouse, delivery_id: int, findings: Sequence[Finding], scope: str) -> None:
    """Write what the rules of a scope found, that count and mark no record."""
    found = [
        (delivery_id, f.code, f.severity, f.n_judged, f.n_broken, scope, f.raised, f.tolerated)
        for f in findings
    ]
    if found:
        warehouse.connection.execute(f"INSERT INTO {meta.RULE_RESULT.path} VALUES {rows(found)}")


def write_cells(warehouse: Warehouse) -> None:
    """Write what the slices report about; a received cell without any record is a declared zero."""
    warehouse.connection.execute(
        f"""
        INSERT INTO {meta.REPORT_CELL.path}
        WITH told AS (
            SELECT cell_area, cell_month, sum(n) AS n,
                coalesce(sum(n) FILTER (outcome = 'loaded'), 0) AS n_loaded,
                coalesce(sum(n) FILTER (outcome = 'quarantined'), 0) AS n_quarantined
            FROM {TALLY} GROUP BY ALL
        )
        SELECT v.slice_version, c.area, c.month,
            CASE WHEN c.status = 'received' AND t.n IS NULL THEN 'zero_declared' ELSE c.status END,
            coalesce(t.n_loaded, 0), coalesce(t.n_quarantined, 0)
        FROM {CELL} AS c
        JOIN {SLICE} AS v
            ON v.slice_period IS NOT DISTINCT FROM c.slice_period AND v.slice_area IS NOT DISTINCT FROM c.slice_area
        LEFT JOIN told AS t ON t.cell_area IS NOT DISTINCT FROM c.area AND t.cell_month IS NOT DISTINCT FROM c.month
        ORDER BY v.slice_version, c.area, c.month
        """
    )


def prove(warehouse: Warehouse, delivery_id: int, staged: StagedDelivery) -> None:
    """Hold every side of the account against the other, from what the tables now contain.

    Raises:
        AccountError: Two sides differ; the message names them.
    """
    kind = record_type.load(staged.record_type)
    table = facts.fact_table(kind)
    counted = added_up(kind)
    versions = f"SELECT min(slice_version), max(slice_version) FROM {SLICE}"
    found = warehouse.connection.execute(
        f"""
        WITH d AS (FROM {meta.DELIVERY.path} WHERE delivery_id = {delivery_id}),
        loaded AS (
            SELECT count(*) AS n, coalesce({counted}, 0)::{meta.EVENTS} AS events
            FROM {table.path}, ({versions}) AS v(low, high)
            WHERE slice_version BETWEEN v.low AND v.high
        ),
        quarantined AS (
            SELECT count(*) AS n, coalesce(sum(events), 0)::{meta.EVENTS} AS events FROM {quarantine.RECORD.path}
            WHERE delivery_id = {delivery_id}
        ),
        excluded AS (
            SELECT coalesce(sum(n) FILTER (level = 'row'), 0) AS n_rows,
                coalesce(sum(n) FILTER (level = 'record'), 0) AS n,
                coalesce(sum(events), 0)::{meta.EVENTS} AS events
            FROM {meta.EXCLUSION.path} WHERE delivery_id = {delivery_id}
        ),
        periods AS (
            SELECT coalesce(sum(made), 0) AS made, coalesce(sum(loaded + quarantined + excluded), 0) AS split
            FROM {meta.EVENTS_BY_PERIOD.path} WHERE delivery_id = {delivery_id}
        ),
        parts AS (
            SELECT coalesce(sum(rows_delivered), 0) AS delivered,
                coalesce(sum(rows_unreadable + rows_joined + rows_repeated + rows_unused), 0) AS split
            FROM {meta.PART.path} WHERE delivery_id = {delivery_id}
        ),
        slices AS (
            SELECT coalesce(sum(n_records), 0) AS n, coalesce(sum(events), 0)::{meta.EVENTS} AS events
            FROM {meta.SLICE_VERSION.path} WHERE delivery_id = {delivery_id}
        )
        SELECT side.name, side.one, side.other FROM d, loaded, quarantined, excluded, periods, parts, slices,
            LATERAL (
            VALUES
            ('rows delivered = unreadable + excluded + mapped',
                rows_delivered::{meta.EVENTS}, (rows_unreadable + excluded.n_rows + rows_mapped)::{meta.EVENTS}),
            ('rows of joined tables = unreadable + joined + repeated + unused',
                parts.delivered::{meta.EVENTS}, parts.split::{meta.EVENTS}),
            ('records made = loaded + quarantined + excluded',
                records_made, loaded.n + quarantined.n + excluded.n),
            ('records counted on loading = in the tables',
                records_loaded + records_quarantined + records_excluded, loaded.n + quarantined.n + excluded.n),
            ('records loaded = in the slices', loaded.n, slices.n),
            ('events made = loaded + quarantined + excluded',
                events_made, loaded.events + quarantined.events + excluded.events),
            ('events by period = events made', periods.made, events_made),
            ('events by period, split = events made', periods.split, events_made),
            ('events loaded = in the slices', loaded.events, slices.events)
        ) AS side(name, one, other)
        WHERE side.one IS DISTINCT FROM side.other
        """
    ).fetchall()
    if found:
        listed = "; ".join(f"{name}: {one} and {other}" for name, one, other in found)
        raise AccountError(f"the account of delivery {delivery_id} does not add up: {listed}")
