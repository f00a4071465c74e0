"""Loading a staged delivery: good records to the facts, bad ones to quarantine, and the account that proves it.

The restricted file is committed first, the main file last: its commit is the truth. A process that dies between the
two leaves rows in the restricted file that no delivery knows; the next writer sweeps them. Whatever stops a load
before the main file's commit leaves facts, quarantine and coverage exactly as they were.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from schemas import record_type, sql, staging
from schemas.errors import Refusal
from schemas.record_type import RecordType
from schemas.staging import StagedDelivery
from warehouse import accounting, earlier, reference_rules, slices, sources, structure, tally
from warehouse import batch as batches
from warehouse.batch import Batch
from warehouse.database import Warehouse, sweep_orphans
from warehouse.declarations import facts, meta, quarantine
from warehouse.declared import Column, Table
from warehouse.inputs import DeliveryFacts, SourceFacts
from warehouse.literals import Value, literal
from warehouse.reading import one
from warehouse.slices import SLICE, SliceChange
from warehouse.tally import BAD, CELL, GOOD, MASK, Tally


@dataclass(frozen=True)
class LoadOutcome:
    """What became of a delivery.

    Attributes:
        delivery_id: Its number.
        status: ``loaded``, or ``refused`` where every record is in quarantine (code ``all_bad``).
        code: Why it was refused; empty where it was loaded.
        tally: Totals over its records.
        slices_current: Slices of which it now holds the current version.
        slices_late: Slices of which a later edition was there already.
        shrunk: Slices that lost more than the tolerance, which a person confirmed.
        absent: Slices that earlier deliveries had and this one has not; they stay current.
        period_start: First day that it reports about.
        period_end: Last day that it reports about.
    """

    delivery_id: int
    status: str
    code: str
    tally: Tally
    slices_current: int
    slices_late: int
    shrunk: tuple[SliceChange, ...]
    absent: tuple[SliceChange, ...]
    period_start: date | None
    period_end: date | None


@dataclass(frozen=True)
class _Load:
    """One load on its way."""

    warehouse: Warehouse
    batch: Batch
    source: SourceFacts
    delivery: DeliveryFacts
    staged: StagedDelivery
    type: RecordType
    tally: Tally
    delivery_id: int
    accepted: tuple[SliceChange, ...]
    all_bad: bool


def load(
    warehouse: Warehouse,
    batch: Batch,
    delivery: DeliveryFacts,
    staged: StagedDelivery,
    source: SourceFacts,
    *,
    accept_drop: bool = False,
) -> LoadOutcome:
    """Load the records in the temporary table of the staged delivery.

    Args:
        warehouse: The open warehouse, on whose connection the delivery was staged.
        batch: The batch to which it belongs.
        delivery: The file.
        staged: What was found in it.
        source: What the source declares.
        accept_drop: A person has confirmed that slices may lose more than the tolerance.

    Returns:
        What became of it. Where every record broke a rule, all went to quarantine and the status is ``refused``.

    Raises:
        Refusal: Slices shrink beyond the tolerance, the file's own totals do not agree with its rows, or it reports
            nothing. Nothing was written.
        AccountError: The account does not add up. Nothing stays written.
    """
    try:
        accounting.require_control_totals(staged, delivery.file_name)
        counts = tally.count(warehouse.connection, staged)
        all_bad = counts.records_loaded == 0 and counts.records_quarantined > 0
        found = slices.plan(warehouse, source, staged, delivery.again)
        if all_bad:
            slices.plan_nothing(warehouse)
        elif not found:
            raise Refusal(
                "the file has no record and reports about nothing",
                where=delivery.file_name,
                how="ask the provider for the file with its data",
                code="no_records",
            )
        shrunk = slices.shrunk(warehouse, source.drop_tolerance)
        if shrunk and not accept_drop:
            raise slices.refuse_shrunk(shrunk, source.drop_tolerance or 0.0, delivery.file_name)
        number = warehouse.last_delivery() + 1
        kind = record_type.load(staged.record_type)
        work = _Load(warehouse, batch, source, delivery, staged, kind, counts, number, shrunk, all_bad)
        _write(work)
        return _outcome(work)
    finally:
        tally.forget(warehouse.connection)
        slices.forget(warehouse)


def _write(work: _Load) -> None:
    if not work.all_bad:
        structure.grow(work.warehouse.connection, work.type, work.staged.fields)
    with _unordered(work.warehouse):
        try:
            _write_restricted(work)
            _write_main(work)
        except BaseException:
            sweep_orphans(work.warehouse.connection)
            raise


@contextlib.contextmanager
def _unordered(warehouse: Warehouse) -> Iterator[None]:
    """Let DuckDB insert in parallel without keeping the order; positions are columns."""
    warehouse.connection.execute("SET preserve_insertion_order = false")
    try:
        yield
    finally:
        warehouse.connection.execute("SET preserve_insertion_order = true")


def _write_restricted(work: _Load) -> None:
    """Commit to the restricted file what belongs there."""
    connection = work.warehouse.connection
    table = facts.restricted_table(work.type)
    with work.warehouse.transaction():
        fields = _brought(work, table) if table else ()
        if table and fields and not work.all_bad:
            filled = " OR ".join(f"r.{sql.name(c.name)} IS NOT NULL" for c in fields)
            connection.execute(_insert_records(work, table.path, fields, f"({filled})"))
        connection.execute(
            f"INSERT INTO {quarantine.RAW.path} SELECT {work.delivery_id}, row_number, row_part, raw FROM {staging.RAW}"
        )


def _write_main(work: _Load) -> None:
    """Commit everything else to the main file, account included."""
    with work.warehouse.transaction():
        batches.record(work.warehouse, work.batch)
        batches.insert_delivery(work.warehouse, _delivery_row(work), work.delivery)
        if not work.all_bad:
            sources.register(work.warehouse, work.batch, work.source)
            slices.write(work.warehouse, work.batch, work.source, work.staged, work.delivery_id)
            table = facts.fact_table(work.type)
            work.warehouse.connection.execute(_insert_records(work, table.path, _brought(work, table)))
        _write_quarantine(work)
        accounting.write(work.warehouse, work.delivery_id, work.staged, work.tally)
        earlier.judge(work.warehouse, work.delivery_id, work.staged, work.source)
        accounting.write_cells(work.warehouse)
        origin = work.delivery.origin
        slices.note(
            work.warehouse,
            work.batch,
            work.source,
            work.staged,
            work.delivery_id,
            work.accepted,
            # bytes that are judged anew say nothing of slices that came after them
            of_changes=work.delivery.again is not None
            or (origin is not None and origin.watermark_from is not None),
        )
        accounting.prove(work.warehouse, work.delivery_id, work.staged)
        if not work.all_bad:
            reference_rules.judge(
                work.warehouse, work.delivery_id, work.type, work.staged, work.source.country
            )


def _brought(work: _Load, table: Table) -> tuple[Column, ...]:
    """The columns of a table of facts that the delivery fills, beside the position."""
    return tuple(c for c in table.columns if c.name in work.staged.fields or c == facts.RECORD_KEY)


def _insert_records(work: _Load, table: str, fields: Sequence[Column], condition: str = "true") -> str:
    """INSERT of the good records into a table of facts: one scan, and a join with the few slices."""
    version, join = _slice_of_record(work.warehouse)
    positions = ", ".join(f"r.{c.name}" for c in facts.POSITION[1:])
    values = ", ".join(
        f"r.{sql.name(c.name)}::{c.sql_type}" if c.codelist else f"r.{sql.name(c.name)}" for c in fields
    )
    names = ", ".join(sql.name(c.name) for c in (*facts.POSITION, *fields))
    return (
        f"INSERT INTO {table} ({names}) SELECT {version}, {positions}, {values} "
        f"FROM {staging.TABLE} AS r{join} WHERE {GOOD} AND {condition}"
    )


def _slice_of_record(warehouse: Warehouse) -> tuple[str, str]:
    """How a record finds its slice: a constant if there is only one, else a join on the columns that differ."""
    n, only, by_area, without_period = one(
        warehouse.connection,
        f"""
        SELECT count(*) FILTER (n_records > 0), min(slice_version) FILTER (n_records > 0),
            coalesce(bool_or(slice_area IS NOT NULL), false), coalesce(bool_or(slice_period IS NULL), false)
        FROM {SLICE}
        """,
    )
    if n == 1:
        return f"{only}::INTEGER", ""
    conditions = [f"v.slice_period {'IS NOT DISTINCT FROM' if without_period else '='} r.slice_period"]
    if by_area:
        conditions.append("v.slice_area IS NOT DISTINCT FROM r.slice_area")
    return "v.slice_version", f" JOIN {SLICE} AS v ON {' AND '.join(conditions)}"


def _write_quarantine(work: _Load) -> None:
    """Records that broke a rule with the codes of all that they broke, and rows that could not be read."""
    origin = f"{work.delivery_id}, {work.batch.batch_id}, {literal(work.source.source_id)}"
    connection = work.warehouse.connection
    if work.tally.records_quarantined:
        connection.execute(
            f"""
            INSERT INTO {quarantine.RECORD.path}
            SELECT {origin}, {literal(work.staged.record_type)}, r.row_number, r.row_part, r.slice_period,
                r.slice_area, m.rules, coalesce(r.events, 0)
            FROM {staging.TABLE} AS r
            JOIN (SELECT broken, any_value(rules) AS rules FROM {MASK} GROUP BY broken) AS m ON m.broken = r.broken
            WHERE {BAD}
            """
        )
    if tally.exists(connection, staging.UNREADABLE):
        connection.execute(
            f"INSERT INTO {quarantine.UNREADABLE.path} SELECT {origin}, row_number, byte_position "
            f"FROM {staging.UNREADABLE}"
        )


def _delivery_row(work: _Load) -> dict[str, Value]:
    """The row of ``meta.delivery``."""
    counts, staged = work.tally, work.staged
    start, end, cutoff = _dates(work)
    return {
        **batches.delivery_columns(work.delivery_id, work.batch, work.delivery),
        **batches.staged_columns(staged),
        "specification_version": work.source.specification_version,
        "period_start": start,
        "period_end": end,
        "cutoff_date": cutoff,
        "status": "refused" if work.all_bad else "loaded",
        "refusal_code": "all_bad" if work.all_bad else None,
        "refusal_message": "every record broke a rule; all are in quarantine" if work.all_bad else None,
        "rows_mapped": counts.rows_mapped,
        "records_loaded": counts.records_loaded,
        "records_quarantined": counts.records_quarantined,
        "records_excluded": counts.records_excluded,
        "events_made": counts.events_made,
        "events_loaded": counts.events_loaded,
        "events_quarantined": counts.events_quarantined,
        "events_excluded": counts.events_excluded,
    }


def _dates(work: _Load) -> tuple[date | None, date | None, date | None]:
    """First and last day reported about, and the cut-off date.

    As the file states them, else as the cells that it fills show them, else as its slices do. A projection reaches
    into the future, so that the last day of the slices is no cut-off date.
    """
    unit = work.source.slice_period
    filled_first, filled_last, slice_first, slice_last = one(
        work.warehouse.connection,
        f"""
        SELECT c.first, c.last, v.first, v.last FROM
            (SELECT min(month) AS first, last_day(max(month)) AS last FROM {CELL} WHERE status <> 'missing') AS c,
            (SELECT min(slice_period) AS first,
                (max(slice_period) + INTERVAL 1 {unit} - INTERVAL 1 day)::DATE AS last FROM {SLICE}) AS v
        """,
    )
    staged = work.staged
    return (
        staged.period_start or filled_first or slice_first,
        staged.period_end or filled_last or slice_last,
        work.delivery.cutoff_date or staged.period_end or filled_last or staged.edition_date,
    )


def _outcome(work: _Load) -> LoadOutcome:
    connection = work.warehouse.connection
    current, late = one(
        connection, f"SELECT count(*) FILTER (is_current), count(*) FILTER (NOT is_current) FROM {SLICE}"
    )
    start, end = one(
        connection,
        f"SELECT period_start, period_end FROM {meta.DELIVERY.path} WHERE delivery_id = {work.delivery_id}",
    )
    return LoadOutcome(
        work.delivery_id,
        "refused" if work.all_bad else "loaded",
        "all_bad" if work.all_bad else "",
        work.tally,
        current,
        late,
        work.accepted,
        slices.absent(work.warehouse, work.delivery_id),
        start,
        end,
    )
