"""One delivery from landed bytes to judged records in the staging table.

Runs outside any transaction: DuckDB reads a temporary table in parallel only when its transaction is over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from schemas.staging import (
    CELLS,
    RAW,
    TABLE,
    UNREADABLE,
    AppliedCorrection,
    ControlTotal,
    Finding,
    StagedDelivery,
    StagedPart,
)
from sources.kit import (
    cells,
    corrected,
    filling,
    found,
    identifiers,
    keys,
    left_out,
    staged,
    staged_types,
    whole,
)
from sources.kit.discovery import Source
from sources.kit.identifiers import MasterKey
from sources.kit.landing import Landed
from sources.kit.mapping import rows
from sources.kit.mapping.compiler import Compiler
from sources.kit.mapping.given import Given, one_record_each
from sources.kit.mapping.judging import KEY_REPEATED
from sources.kit.mapping.key import EARLIER
from sources.kit.readers import csv_file, delivery
from sources.kit.readers import raw as raw_rows
from sources.kit.readers.joined import OpenedJoin
from sources.kit.readers.raw import Opened, Raw
from sources.kit.readers.workspace import Workspace
from sources.kit.specification import Layout
from sources.kit.staged import CompiledMapping


def stage(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    landed: Landed,
    *,
    areas: Sequence[str],
    key: MasterKey | None,
    salt: int,
    work: Path,
    report: bool = True,
) -> StagedDelivery:
    """Read, map and judge a landed delivery.

    Args:
        connection: Where the temporary tables are made.
        source: The declared source.
        landed: The delivery.
        areas: First-level areas of the source's country, as far as they are known: others are unknown codes,
            and about all of them a whole-period delivery reports.
        key: Master key; needed where the source declares identifiers.
        salt: The warehouse's salt for integer references.
        work: Folder for temporary files.
        report: Whether to say what the delivery reports about; a dry run does not need it.

    Returns:
        The facts of the delivery; its records are in the staging tables.

    Raises:
        Refusal: The file cannot be taken in as it is.
        Misuse: The declaration or the key is wrong.
    """
    specification = source.specification
    key_version = _set_keys(connection, source, key, salt)
    with Workspace(work) as workspace:
        layout, table = delivery.choose(landed, specification.layouts, workspace, _day_of(source, landed))
        in_one_pass = one_record_each(layout, source.folder) and not source.corrections.of(landed.name)
        judge = _in_one_pass if in_one_pass else _over_raw_rows
        judged = judge(connection, source, layout, landed, table, areas)
    given, compiled = judged.compiler.given, judged.compiled
    repeated = _repeated(connection, judged)
    made = int(_one(connection, f"SELECT count(*) FROM {staged.BASE}"))
    findings = whole.judge(connection, compiled, judged.row_number, made, landed.name)
    _keep_raw(connection, compiled, judged.raw)
    _list_unreadable(connection, judged.raw)
    if report:
        cells.report(connection, given, compiled.judging.mask.any_of("broken", compiled.place_and_time))
    counted = _Counted(repeated, made, findings, tuple(table.parts) if isinstance(table, OpenedJoin) else ())
    return _delivered(connection, judged, landed.name, counted, key_version)


def _delivered(
    connection: duckdb.DuckDBPyConnection,
    judged: _Judged,
    file_name: str,
    counted: _Counted,
    key_version: int | None,
) -> StagedDelivery:
    """The facts of a delivery whose records are in the staging tables."""
    given, raw = judged.compiler.given, judged.raw
    excluded = {} if given.scan else left_out.count(connection, given)
    totals = [] if given.scan else left_out.stated(connection, given, file_name)
    without = () if given.scan else left_out.without_total(given, totals)
    events = _one(connection, f"SELECT coalesce(sum(events), 0) FROM {TABLE}")
    period = None if given.only_of_earlier else judged.period
    return StagedDelivery(
        source_id=given.specification.id,
        record_type=given.specification.record_type,
        layout=given.layout.id,
        rules=judged.compiled.judging.rules,
        rows_delivered=raw.rows_delivered,
        rows_unreadable=len(raw.unreadable),
        row_exclusions=excluded,
        records_made=counted.records,
        repeated_rows=counted.repeated,
        edition_date=judged.edition,
        period_start=period[0] if period else None,
        period_end=period[1] if period else None,
        control_totals=tuple(
            ControlTotal(t.reason, t.expected, events if t.found is None else t.found) for t in totals
        ),
        corrections=judged.corrections,
        parts=counted.parts,
        key_version=key_version,
        findings=(*counted.findings, *without),
        fields=judged.compiled.present,
    )


def _day_of(source: Source, landed: Landed) -> delivery.DayOf:
    """The day of a delivery's edition, or where its source has none of the beginning of its period."""

    def day(texts: Sequence[str]) -> dt.date | None:
        specification = source.specification
        edition = found.edition(specification.edition, landed.name, texts)
        period = None if edition else found.period(specification.period, landed.name, texts)
        return edition or (period[0] if period else None)

    return day


@dataclass(frozen=True)
class _Judged:
    """A delivery whose records are in the staging table, each judged by itself."""

    raw: Raw
    edition: dt.date | None
    period: tuple[dt.date, dt.date] | None
    compiler: Compiler
    compiled: CompiledMapping
    corrections: tuple[AppliedCorrection, ...] = ()

    @property
    def row_number(self) -> str | None:
        """SQL of the record number over the stored rows; None where it is stored."""
        return self.raw.row_number() if self.compiler.scan else None


@dataclass(frozen=True)
class _Counted:
    """What the judging of a whole delivery told: rows equal to an earlier one, records, findings, joined tables."""

    repeated: int
    records: int
    findings: tuple[Finding, ...]
    parts: tuple[StagedPart, ...]


def _in_one_pass(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    layout: Layout,
    landed: Landed,
    table: Opened,
    areas: Sequence[str],
) -> _Judged:
    """Where each row of a file is one record: read, map and judge at once, and store no row twice."""
    specification = source.specification
    edition = found.edition(specification.edition, landed.name, table.surroundings)
    period = found.period(specification.period, landed.name, table.surroundings)
    to_read = Raw(table.columns, 0, (), table.surroundings)
    scan = f"FROM {table.scan}"
    stated = found.stated(layout.stated, landed.name, table.surroundings)
    compiler = Compiler(
        Given(specification, layout, source.folder, to_read, period, areas, edition, scan, stated)
    )
    compiled = compiler.compile()
    _make_types(connection, compiler)
    raw = table.fill(connection, staged.BASE, compiled.query)
    judged = _Judged(raw, edition, period, compiler, compiled)
    staged.show(connection, compiled.columns, judged.row_number)
    return judged


def _over_raw_rows(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    layout: Layout,
    landed: Landed,
    table: Opened,
    areas: Sequence[str],
) -> _Judged:
    """Where rows are left out or make several records: over a table of the raw rows."""
    specification = source.specification
    raw = raw_rows.read(connection, table)
    edition = found.edition(specification.edition, landed.name, raw.surroundings)
    period = found.period(specification.period, landed.name, raw.surroundings)
    delivered = corrected.Delivered(connection, raw, layout, landed.name, edition)
    corrections = corrected.apply(source.corrections, delivered)
    filling.down(connection, raw, layout.rows.fill_down)
    stated = found.stated(layout.stated, landed.name, raw.surroundings)
    given = Given(specification, layout, source.folder, raw, period, areas, edition, stated=stated)
    compiler = Compiler(given)
    compiled = compiler.compile()
    _make_types(connection, compiler)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {staged.BASE} AS {compiled.query}")
    judged = _Judged(raw, edition, period, compiler, compiled, corrections)
    staged.show(connection, compiled.columns, judged.row_number)
    return judged


def _make_types(connection: duckdb.DuckDBPyConnection, compiler: Compiler) -> None:
    for statement in staged_types.types(compiler.kind):
        connection.execute(statement)


def _set_keys(
    connection: duckdb.DuckDBPyConnection, source: Source, key: MasterKey | None, salt: int
) -> int | None:
    """Set what hashes are made with.

    Returns:
        Version of the master key; None where there is nothing to hash.
    """
    identifiers.set_salt(connection, salt)
    if not source.specification.holds_personal_data:
        return None
    if key is None:
        if not source.specification.demo:
            raise identifiers.no_master_key(source.id)
        key = identifiers.DEMONSTRATION_KEY
    for purpose in ("case", "incident", "person", "key"):
        identifiers.set_variables(connection, key, purpose)
    return key.version if any(layout.every.identifier for layout in source.specification.layouts) else None


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> float:
    row = connection.execute(query).fetchone()
    return float(row[0]) if row else 0.0


def _repeated(connection: duckdb.DuckDBPyConnection, judged: _Judged) -> int:
    """Judge uniqueness where the source declares a key; elsewhere count the equal rows."""
    given, judging = judged.compiler.given, judged.compiled.judging
    key, bit = given.specification.key, judging.bit(KEY_REPEATED)
    if key is None or bit is None:
        return _equal_rows(connection, judged.compiler)
    content, marked = judged.compiled.columns.content(), judging.mask.with_bit("broken", bit)
    apart = EARLIER if given.layout.rows.earlier else None
    keys.judge(connection, content, marked, key.repeated, judged.compiled.key_hash, apart)
    return 0


def _equal_rows(connection: duckdb.DuckDBPyConnection, compiler: Compiler) -> int:
    """How many rows of a source without a key equal an earlier row; they are different events and are kept."""
    if compiler.scan:
        alike = f"SELECT count(*) AS n FROM {staged.BASE} GROUP BY {staged.ROW_HASH}"
    else:
        columns = ", ".join(compiler.raw.columns.values())
        kept = f"{raw_rows.TABLE} WHERE {rows.excluded(compiler.given)} IS NULL"
        alike = f"SELECT count(*) AS n FROM {kept} GROUP BY hash({columns})"
    row = connection.execute(f"SELECT coalesce(sum(n - 1), 0) FROM ({alike}) WHERE n > 1").fetchone()
    return int(row[0]) if row else 0


def _keep_raw(connection: duckdb.DuckDBPyConnection, compiled: CompiledMapping, raw: Raw) -> None:
    """Keep the open raw values of the records that broke a rule."""
    bad = f"broken <> {compiled.judging.mask.none} AND exclusion IS NULL"
    if compiled.records is None:
        positions = f"{raw.row_number()} AS row_number, 0::USMALLINT AS row_part"
        query = f"SELECT {positions}, {compiled.raw_json} AS raw FROM {staged.BASE} WHERE {bad}"
    else:
        query = f"""SELECT records.row_number, records.row_part, {compiled.raw_json} AS raw
            FROM ({compiled.records}) AS records
            SEMI JOIN (SELECT row_number, row_part FROM {TABLE} WHERE {bad}) AS spoilt USING (row_number, row_part)"""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {RAW} AS {query}")


def _list_unreadable(connection: duckdb.DuckDBPyConnection, raw: Raw) -> None:
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE {UNREADABLE} AS
        SELECT unnest({[n for n, _ in raw.unreadable]}::BIGINT[]) AS row_number,
            unnest({[p for _, p in raw.unreadable]}::BIGINT[]) AS byte_position"""
    )


def forget(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop the staging tables of a delivery, whose records are the largest thing in memory."""
    staged.forget(connection)
    for table in (RAW, CELLS, UNREADABLE, raw_rows.TABLE, *keys.TABLES, *csv_file.TABLES):
        connection.execute(f"DROP TABLE IF EXISTS {table}")
