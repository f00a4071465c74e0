"""Small deliveries as a source would stage them, and a warehouse to load them into."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import duckdb

from schemas import record_type, sql, staging
from schemas.staging import ControlTotal, StagedDelivery, StagedRule
from warehouse import batch as batches
from warehouse import load as loading
from warehouse import reading
from warehouse.batch import Batch
from warehouse.database import Settings, Warehouse
from warehouse.home import Home
from warehouse.inputs import DeliveryFacts, SourceFacts
from warehouse.literals import Value, rows
from warehouse.load import LoadOutcome

RULES = (
    StagedRule("count.missing", "row"),
    StagedRule("sex.unknown_code", "row"),
    StagedRule("age_years.range", "warn"),
)
MISSING, UNKNOWN, WARNED = 1, 2, 4


def utc(year: int, month: int, day: int, hour: int = 0) -> datetime:
    """A moment as the warehouse stores it: UTC without a zone."""
    return datetime(year, month, day, hour, tzinfo=UTC).replace(tzinfo=None)


WHEN = utc(2024, 1, 1, 12)
SMALL = Settings(memory_limit="512MB", threads=2)


@dataclass(frozen=True)
class Record:
    """One staged record; what is not said is good and alone."""

    period: date | None = date(2024, 1, 1)
    count: int | None = 1
    area: str | None = None
    cell: str | None = None
    month: date | None = None
    broken: int = 0
    warned: int = 0
    exclusion: str | None = None
    part: int = 0
    raw: str = "{}"
    number: int | None = None
    fields: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Delivered:
    """A delivery to stage: its records, and what the file says about itself."""

    records: Sequence[Record]
    edition: date | None = None
    cells: Sequence[tuple[date | None, str | None, str, date, str]] = ()
    row_exclusions: Mapping[str, int] = field(default_factory=dict)
    unreadable: int = 0
    totals: tuple[ControlTotal, ...] = ()
    lost_rows: int = 0
    kind: str = "person_role"
    source_id: str = "xaa_police"
    period: tuple[date, date] | None = None


def source(
    source_id: str = "xaa_police",
    kind: str = "person_role",
    *,
    tolerance: float | None = None,
    version: str = "v1",
) -> SourceFacts:
    """What a source declares."""
    return SourceFacts(
        source_id=source_id,
        record_type=kind,
        country="XAA",
        source_type="police",
        title="Police",
        specification_version=version,
        drop_tolerance=tolerance,
        declares={"delivers": {"place_basis": "occurrence", "date_basis": "occurrence"}},
    )


def stage(connection: duckdb.DuckDBPyConnection, delivered: Delivered) -> StagedDelivery:
    """Make the staging tables of a delivery."""
    kind = record_type.load(delivered.kind)
    columns = [*staging.LEADING] + [(f.name, _type(connection, f.sql_type)) for f in kind.fields]
    listed = ", ".join(f"{sql.name(n)} {t}" for n, t in columns)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {staging.TABLE} ({listed})")
    values = [_values(i, r, [n for n, _ in columns]) for i, r in enumerate(delivered.records, start=1)]
    if values:
        connection.execute(f"INSERT INTO {staging.TABLE} VALUES {rows(values)}")
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {staging.RAW} (row_number BIGINT, row_part USMALLINT, raw VARCHAR)"
    )
    for i, r in enumerate(delivered.records, start=1):
        if r.broken and r.exclusion is None:
            connection.execute(f"INSERT INTO {staging.RAW} VALUES {rows([(r.number or i, r.part, r.raw)])}")
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {staging.CELLS}"
        " (slice_period DATE, slice_area VARCHAR, area VARCHAR, month DATE, status VARCHAR)"
    )
    if delivered.cells:
        connection.execute(f"INSERT INTO {staging.CELLS} VALUES {rows(delivered.cells)}")
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {staging.UNREADABLE} AS "
        f"SELECT i::BIGINT AS row_number, i * 100 AS byte_position FROM range({delivered.unreadable}) AS t(i)"
    )
    mapped = len({r.number or i for i, r in enumerate(delivered.records, start=1)})
    left_out = sum(delivered.row_exclusions.values())
    return StagedDelivery(
        source_id=delivered.source_id,
        record_type=delivered.kind,
        layout="only",
        rules=RULES,
        rows_delivered=mapped + left_out + delivered.unreadable + delivered.lost_rows,
        rows_unreadable=delivered.unreadable,
        row_exclusions=delivered.row_exclusions,
        records_made=len(delivered.records),
        repeated_rows=0,
        edition_date=delivered.edition,
        period_start=delivered.period[0] if delivered.period else None,
        period_end=delivered.period[1] if delivered.period else None,
        control_totals=delivered.totals,
        fields=frozenset(f.name for f in kind.fields),
    )


def load(
    warehouse: Warehouse,
    batch: Batch,
    delivered: Delivered,
    *,
    facts: SourceFacts | None = None,
    accept_drop: bool = False,
    name: str = "file.csv",
) -> LoadOutcome:
    """Stage and load a delivery."""
    staged = stage(warehouse.connection, delivered)
    declared = facts or source(delivered.source_id, delivered.kind)
    return loading.load(
        warehouse, batch, file(delivered.source_id, name), staged, declared, accept_drop=accept_drop
    )


def ingest(
    warehouse: Warehouse,
    delivered: Delivered,
    *,
    facts: SourceFacts | None = None,
    accept_drop: bool = False,
    day: int = 1,
) -> LoadOutcome:
    """Load a delivery as a batch of its own, which ends on a day of January 2024."""
    batch = batches.begin(warehouse, "ingest", "somebody", started_at=WHEN)
    outcome = load(warehouse, batch, delivered, facts=facts, accept_drop=accept_drop)
    batches.commit(warehouse, batch, committed_at=utc(2024, 1, day, 12))
    return outcome


def file(source_id: str = "xaa_police", name: str = "file.csv", sha256: str = "0" * 64) -> DeliveryFacts:
    """The facts of a file."""
    return DeliveryFacts(source_id, name, sha256, 10, WHEN, "somebody")


def open_warehouse(home: Home, template: Home | None = None) -> Warehouse:
    """Open a warehouse, starting from the files of another where there are none yet."""
    if template and not home.exists:
        home.create()
        for name in (template.warehouse.name, template.restricted.name):
            shutil.copy2(template.path / name, home.path / name)
    return Warehouse.open(home, "test", settings=SMALL)


@cache
def empty() -> Path:
    """The files of an empty warehouse, from which others start; made once for this process."""
    folder = Path(tempfile.mkdtemp(prefix="siprev-empty-"))
    atexit.register(shutil.rmtree, folder)
    Warehouse.open(Home(folder / "var"), "test", settings=SMALL).close()
    return folder / "var"


def months(*numbers: int, year: int = 2024) -> list[date]:
    """First days of months."""
    return [date(year, n, 1) for n in numbers]


def many(period: date, n: int, *, area: str | None = None, cell: str | None = None) -> list[Record]:
    """A number of good records of one slice."""
    return [Record(period, area=area, cell=cell) for _ in range(n)]


def state(warehouse: Warehouse) -> list[object]:
    """Everything that a refused delivery must leave as it was."""
    tables = (
        "core.person_role",
        "core.person_role_history",
        "quarantine.record",
        "meta.report_status",
        "meta.slice_version",
        "meta.source",
        "indicator.value",
        "restricted.quarantine.raw",
        "restricted.core.person_role_row",
    )
    return [reading.rows(warehouse.connection, f"FROM {t} ORDER BY ALL") for t in tables]


def facts(warehouse: Warehouse, relation: str = "core.person_role") -> dict[tuple[object, object], int]:
    """Records by period and area."""
    query = f"""
        SELECT s.period, s.area, count(*) FROM {relation} JOIN meta.slice_version AS s USING (slice_version)
        GROUP BY ALL ORDER BY ALL
    """
    return {(period, area): n for period, area, n in warehouse.connection.execute(query).fetchall()}


def validity(warehouse: Warehouse) -> list[tuple[object, ...]]:
    """Periods of all slice versions, with the batches in which they hold."""
    query = "SELECT period, valid_from, valid_to FROM meta.slice_version ORDER BY slice_version"
    return warehouse.connection.execute(query).fetchall()


def _type(connection: duckdb.DuckDBPyConnection, declared: str) -> str:
    if not declared.startswith("ENUM:"):
        return declared
    return f'"ref"."code_{declared.removeprefix("ENUM:")}"'


def _values(position: int, record: Record, columns: Iterable[str]) -> list[Value]:
    number = record.number or position
    known: dict[str, Value] = {
        "row_number": number,
        "row_part": record.part,
        "exclusion": record.exclusion,
        "broken": record.broken,
        "warned": record.warned,
        "bad": record.broken != 0,
        "slice_period": record.period,
        "slice_area": record.area,
        "cell_area": record.cell or record.area,
        "cell_month": record.month or record.period,
        "events": record.count,
        "record_key": number,
        "count": record.count,
        "occurrence_date": record.period,
        "counting_unit": "victim",
        **record.fields,
    }
    return [known.get(name) for name in columns]
