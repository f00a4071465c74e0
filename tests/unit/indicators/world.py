"""A warehouse of its own, with the real tables, filled by hand: what the indicator tests compute from."""

from __future__ import annotations

import contextlib
import functools
import itertools
import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from indicators import compute as computing
from indicators import waiting
from indicators.catalogue import Catalogue
from indicators.compute import ComputeOutcome
from schemas import record_type
from warehouse import ddl, indicator_store, literals, structure
from warehouse.batch import Batch
from warehouse.database import Warehouse
from warehouse.home import Home
from warehouse.indicator_store import Written
from warehouse.literals import Value

EPOCH = datetime(2026, 1, 1)  # noqa: DTZ001 - the warehouse stores UTC without a zone
DEFAULTS: Mapping[str, Any] = {"record_status": "provisional", "count": 1}

Row = Mapping[str, Any]
Report = tuple[str, int, int, str]


@functools.cache
def _empty() -> bytes:
    """An empty main file with a column for every field; made once, since it takes longer than most tests."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "empty.duckdb"
        with contextlib.closing(duckdb.connect(file)) as connection:
            connection.execute("ATTACH ':memory:' AS restricted")
            structure.bring_into_line(connection, ddl.structure(), structure.declared_codes(), EPOCH)
            for kind in map(record_type.load, record_type.names()):
                structure.grow(connection, kind, kind.by_name)
        return file.read_bytes()


class World:
    """Sources, deliveries, areas: one batch per delivery, slices by year."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        file = Path(self.folder.name) / "world.duckdb"
        file.write_bytes(_empty())
        self.connection = duckdb.connect(file, config={"threads": 2})
        self.connection.execute("SET TimeZone = 'UTC'")
        self.batch = 0
        self.slices = 0
        self.types: dict[str, str] = {}

    def execute(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(query).fetchall()

    def rows(self, query: str) -> list[dict[str, Any]]:
        found = self.connection.execute(query)
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def cells(self, where: str, relation: str = "indicator_cell") -> list[dict[str, Any]]:
        return self.rows(f"SELECT * FROM {relation} WHERE {where} ORDER BY ALL")

    def cell(self, where: str, relation: str = "indicator_cell") -> dict[str, Any]:
        (found,) = self.cells(where, relation)
        return found

    def store(
        self, ids: Sequence[str] | None = None, defined: Catalogue | None = None
    ) -> tuple[ComputeOutcome, Written]:
        """Compute and store in a batch of its own, as the command does."""
        outcome = computing.compute(self.connection, ids, defined=defined)
        self.batch += 1
        batch = Batch(self.batch, "compute", "test", EPOCH)
        warehouse = Warehouse(Home(Path("unused")), self.connection, -1, contextlib.ExitStack())
        written = indicator_store.write_cells(warehouse, batch, outcome.computed)
        waiting.remember(self.connection, outcome.inputs)
        return outcome, written

    def insert(self, table: str, rows: Iterable[Mapping[str, Value]]) -> None:
        for names, alike in itertools.groupby(rows, key=tuple):
            listed = ", ".join(f'"{name}"' for name in names)
            values = literals.rows([list(row.values()) for row in alike])
            self.connection.execute(f"INSERT INTO {table} ({listed}) VALUES {values}")

    def next_batch(self, kind: str = "ingest") -> int:
        self.batch += 1
        self.insert(
            "meta.batch", [{"batch_id": self.batch, "kind": kind, "actor": "test", "started_at": EPOCH}]
        )
        return self.batch

    def source(
        self, id_: str, record: str, source_type: str, *, country: str = "XAA", place: str = "occurrence",
        date_basis: str = "occurrence", breakdowns: Sequence[str] = (), period: str = "year", notes: Row | None = None,
        complete: int | None = None,
    ) -> str:  # fmt: skip
        delivers = {
            "slice": {"period": period}, "place_basis": place, "date_basis": date_basis,
            "breakdowns": list(breakdowns), "complete": complete,
        }  # fmt: skip
        self.types[id_] = record
        self.insert(
            "meta.source",
            [{
                "source_id": id_, "valid_from": 1, "country": country, "record_type": record,
                "source_type": source_type, "declares": json.dumps({"delivers": delivers, "notes": notes or {}}),
            }],
        )  # fmt: skip
        return id_

    def areas(self, *codes: str) -> None:
        """Areas of the first level, with the country above them, as a source delivers them."""
        if "areas" not in self.types:
            self.source("areas", "area", "statistics_office", place="", date_basis="")
        rows: list[dict[str, Any]] = []
        for code in codes:
            level = "first_level" if "-" in code else "country"
            rows.append({"area_code": code, "area_level": level, "name": code, "boundary_version": "2020"})
        self.deliver("areas", rows)

    def deliver(
        self, source: str, rows: Sequence[Row], *, reports: Sequence[Report] = (), edition: date | None = None,
        cutoff: date | None = None, quarantined: Mapping[tuple[str, int, int], int] | None = None,
    ) -> int:  # fmt: skip
        """One delivery in a batch of its own: the years of its rows and reports supersede those of earlier ones."""
        batch = self.next_batch()
        kind = record_type.load(self.types[source])
        self.insert(
            "meta.delivery",
            [{
                "delivery_id": batch, "batch_id": batch, "source_id": source, "file_name": f"{source}-{batch}.csv",
                "sha256": f"{batch:064d}", "edition_date": edition, "cutoff_date": cutoff, "status": "loaded",
            }],
        )  # fmt: skip
        dated = [(self._year(kind.date_field, row), n, row) for n, row in enumerate(rows, start=1)]
        years = {y for y, _, _ in dated} | {r[1] for r in reports}
        for year in sorted(years, key=lambda y: y or 0):
            self._slice(source, kind.name, year, batch, edition, [(n, r) for y, n, r in dated if y == year])
            cells = [r for r in reports if r[1] == year]
            self.insert(
                "meta.report_cell",
                [{
                    "slice_version": self.slices, "area": area, "month": date(y, m, 1), "status": status,
                    "n_records": 1, "n_quarantined": (quarantined or {}).get((area, y, m), 0),
                } for area, y, m, status in cells],
            )  # fmt: skip
        return batch

    def _year(self, date_field: str, row: Row) -> int | None:
        given = row.get(date_field)
        return given.year if isinstance(given, date) else None

    def _slice(
        self,
        source: str,
        kind: str,
        year: int | None,
        batch: int,
        edition: date | None,
        rows: Sequence[tuple[int, Row]],
    ) -> None:
        self.slices += 1
        period = None if year is None else date(year, 1, 1)
        same = f"source_id = '{source}' AND period IS NOT DISTINCT FROM {literals.literal(period)}"
        if source != "areas":
            self.execute(
                f"UPDATE meta.slice_version SET valid_to = {batch} WHERE valid_to IS NULL AND {same}"
            )
        defaults = {k: v for k, v in DEFAULTS.items() if k in record_type.load(kind).by_name}
        self.insert(
            f"core.{kind}_row",
            [{
                "slice_version": self.slices, "row_number": n, "row_part": 0, "record_key": 1000 * batch + n,
                **defaults, **row,
            } for n, row in rows],
        )  # fmt: skip
        self.insert(
            "meta.slice_version",
            [{
                "slice_version": self.slices, "source_id": source, "record_type": kind, "period": period,
                "edition_date": edition, "delivery_id": batch, "batch_id": batch, "valid_from": batch,
                "n_records": len(rows), "events": 0,
            }],
        )  # fmt: skip

    def population(self, source: str, rows: Sequence[Row], *, edition: date | None = None) -> int:
        """Deliver population figures; what is not said is a national census of both sexes and all ages."""
        common = {
            "counting_unit": "person", "residence_country": "XAA", "sex": "_T", "vintage": "2020", "producer": "office",
        }  # fmt: skip
        return self.deliver(source, [{**common, **row} for row in rows], edition=edition)


def received(areas: Sequence[str], year: int, missing: Sequence[int] = ()) -> list[Report]:
    """A report of every month of a year from every area, except those of the missing months."""
    return [(a, year, m, "missing" if m in missing else "received") for a in areas for m in range(1, 13)]
