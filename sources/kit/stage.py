"""One delivery from landed bytes to judged records in the staging table.

Runs outside any transaction: DuckDB reads a temporary table in parallel only when its transaction is over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from schemas.errors import Misuse, Refusal
from schemas.staging import CELLS, RAW, TABLE, UNREADABLE, ControlTotal, StagedDelivery
from sources.kit import cells, found, identifiers, keys, staged, staged_types, whole
from sources.kit.discovery import Source
from sources.kit.identifiers import MasterKey
from sources.kit.landing import Landed
from sources.kit.mapping.compiler import Compiler
from sources.kit.mapping.given import Given
from sources.kit.mapping.judging import KEY_REPEATED
from sources.kit.readers import csv_file, layouts, workbook
from sources.kit.readers import raw as raw_rows
from sources.kit.readers.raw import Raw
from sources.kit.specification import Key, Layout
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
    _set_keys(connection, source, key, salt)
    layout = layouts.choose(landed, specification.layouts)
    if layout.file.format == "csv" and not layout.rows.exclude and layout.rows.unpivot is None:
        judged = _in_one_pass(connection, source, layout, landed, areas, work)
    else:
        judged = _over_raw_rows(connection, source, layout, landed, areas, work)
    raw, period, compiled = judged.raw, judged.period, judged.compiled
    excluded, totals = _row_exclusions(connection, judged.compiler, landed.name)
    repeated = 0 if specification.key else _equal_rows(connection, judged.compiler)
    _judge_keys(connection, compiled, specification.key)
    made = int(_one(connection, f"SELECT count(*) FROM {staged.BASE}"))
    findings = whole.judge(connection, compiled, judged.row_number, made, landed.name)
    _keep_raw(connection, compiled, raw)
    _list_unreadable(connection, raw)
    if report:
        misplaced = compiled.judging.mask.any_of("broken", compiled.place_and_time)
        cells.report(connection, source, areas, period, misplaced)
    events = _one(connection, f"SELECT coalesce(sum(events), 0) FROM {TABLE}")
    return StagedDelivery(
        source_id=source.id,
        record_type=specification.record_type,
        layout=layout.id,
        rules=compiled.judging.rules,
        rows_delivered=raw.rows_delivered,
        rows_unreadable=len(raw.unreadable),
        row_exclusions=excluded,
        records_made=made,
        repeated_rows=repeated,
        edition_date=judged.edition,
        period_start=period[0] if period else None,
        period_end=period[1] if period else None,
        control_totals=tuple(ControlTotal(name, expected, events) for name, expected in totals),
        findings=findings,
        fields=compiled.present,
    )


def _judge_keys(connection: duckdb.DuckDBPyConnection, compiled: CompiledMapping, key: Key | None) -> None:
    bit = compiled.judging.bit(KEY_REPEATED)
    if key and bit is not None:
        marked = compiled.judging.mask.with_bit("broken", bit)
        keys.judge(connection, compiled.columns.content(), marked, key.repeated, compiled.key_hash)


@dataclass(frozen=True)
class _Judged:
    """A delivery whose records are in the staging table, each judged by itself."""

    raw: Raw
    edition: dt.date | None
    period: tuple[dt.date, dt.date] | None
    compiler: Compiler
    compiled: CompiledMapping

    @property
    def row_number(self) -> str | None:
        """SQL of the record number over the stored rows; None where it is stored."""
        return self.raw.row_number() if self.compiler.scan else None


def _in_one_pass(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    layout: Layout,
    landed: Landed,
    areas: Sequence[str],
    work: Path,
) -> _Judged:
    """Where each row of a text file is one record: read, map and judge at once, and store no row twice."""
    specification = source.specification
    with csv_file.opened(landed, layout, work) as file:
        edition = found.edition(specification.edition, landed.name, file.surroundings)
        period = found.period(specification.period, landed.name, file.surroundings)
        to_read = Raw(file.columns, 0, (), file.surroundings)
        scan = f"FROM {file.scan}"
        compiler = Compiler(
            Given(specification, layout, source.folder, to_read, period, areas, edition, scan)
        )
        compiled = compiler.compile()
        _make_types(connection, compiler)
        raw = csv_file.fill(connection, file, staged.BASE, compiled.query)
    judged = _Judged(raw, edition, period, compiler, compiled)
    staged.show(connection, compiled.columns, judged.row_number)
    return judged


def _over_raw_rows(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    layout: Layout,
    landed: Landed,
    areas: Sequence[str],
    work: Path,
) -> _Judged:
    """Where rows are left out or make several records, and for workbooks: over a table of the raw rows."""
    specification = source.specification
    if layout.file.format == "csv":
        raw = csv_file.read(connection, landed, layout, work)
    else:
        raw = workbook.read(connection, landed, layout)
    edition = found.edition(specification.edition, landed.name, raw.surroundings)
    period = found.period(specification.period, landed.name, raw.surroundings)
    compiler = Compiler(Given(specification, layout, source.folder, raw, period, areas, edition))
    compiled = compiler.compile()
    _make_types(connection, compiler)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {staged.BASE} AS {compiled.query}")
    judged = _Judged(raw, edition, period, compiler, compiled)
    staged.show(connection, compiled.columns, judged.row_number)
    return judged


def _make_types(connection: duckdb.DuckDBPyConnection, compiler: Compiler) -> None:
    for statement in staged_types.types(compiler.kind):
        connection.execute(statement)


def _set_keys(
    connection: duckdb.DuckDBPyConnection, source: Source, key: MasterKey | None, salt: int
) -> None:
    identifiers.set_salt(connection, salt)
    if not source.specification.holds_personal_data:
        return
    if key is None:
        if not source.specification.demo:
            raise Misuse(
                f"the source {source.id} holds identifiers or restricted columns, and there is no master key",
                where="environment variable SIPREV_MASTER_KEY",
                how="set it to 64 hexadecimal digits kept in your institution's safe; "
                "without it nothing that holds identifiers is taken in",
                code="no_master_key",
            )
        key = identifiers.DEMONSTRATION_KEY
    for purpose in ("case", "incident", "person", "key"):
        identifiers.set_variables(connection, key, purpose)


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> float:
    row = connection.execute(query).fetchone()
    return float(row[0]) if row else 0.0


def _row_exclusions(
    connection: duckdb.DuckDBPyConnection, compiler: Compiler, file_name: str
) -> tuple[dict[str, int], list[tuple[str, float]]]:
    """Rows left out by reason, and the control totals that such rows state.

    Raises:
        Refusal: A stated total is no number.
    """
    reason = compiler.excluded()
    if reason.startswith("NULL"):
        return {}, []
    counts = connection.execute(
        f"SELECT {reason} AS reason, count(*) FROM {raw_rows.TABLE} WHERE reason IS NOT NULL GROUP BY 1 ORDER BY 1"
    ).fetchall()
    totals: list[tuple[str, float]] = []
    for exclude, fits in compiler.excluding():
        if not exclude.control_total:
            continue
        column = compiler.raw.columns[exclude.control_total]
        stated = connection.execute(
            f"SELECT TRY_CAST({column} AS DOUBLE) FROM {raw_rows.TABLE} WHERE {fits}"
        ).fetchall()
        if any(value is None for (value,) in stated):
            raise Refusal(
                f"the total that the file states under {exclude.control_total!r} cannot be read",
                where=f"{file_name}, row left out as {exclude.reason}",
                how="correct the total, or take control_total out of source.yml",
                code="control_total",
            )
        totals += [(exclude.reason, float(value)) for (value,) in stated]
    return {str(r): int(n) for r, n in counts}, totals


def _equal_rows(connection: duckdb.DuckDBPyConnection, compiler: Compiler) -> int:
    """How many rows of a source without a key equal an earlier row; they are different events and are kept."""
    if compiler.scan:
        rows = f"SELECT count(*) AS n FROM {staged.BASE} GROUP BY {staged.ROW_HASH}"
    else:
        columns = ", ".join(compiler.raw.columns.values())
        kept = f"{raw_rows.TABLE} WHERE {compiler.excluded()} IS NULL"
        rows = f"SELECT count(*) AS n FROM {kept} GROUP BY hash({columns})"
    row = connection.execute(f"SELECT coalesce(sum(n - 1), 0) FROM ({rows}) WHERE n > 1").fetchone()
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
