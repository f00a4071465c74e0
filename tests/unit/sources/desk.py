"""A declared source made in a test's own folder, and a delivery staged with it."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import yaml

from schemas import sql, staging
from schemas.masks import Mask
from schemas.staging import StagedDelivery
from sources.kit import discovery, landing, stage
from sources.kit.discovery import Source
from sources.kit.identifiers import MasterKey

AREAS = ("MEX-01", "MEX-02", "MEX-03")
KEY = MasterKey(bytes(range(32)))

DECLARATION: Mapping[str, Any] = {
    "id": "probe",
    "title": {"es": "Prueba", "en": "Probe", "pt": "Prova"},
    "country": "MEX",
    "record_type": "incident",
    "source_type": "police",
    "demo": True,
    "agreement": {
        "owner": "nobody",
        "legal_basis": "none needed",
        "recipients": {"public": ["everyone"]},
        "retention_years": 1,
        "licence": "none",
        "citation": "none",
    },
    "delivers": {
        "slice": {"period": "month"},
        "cells": "none",
        "place_basis": "occurrence",
        "date_basis": "occurrence",
    },
}

MAP: Mapping[str, Any] = {
    "counting_unit": {"fixed": "offence"},
    "event_class": {"fixed": "offence"},
    "occurrence_date": {"parse": "date", "from": "day", "formats": ["%Y-%m-%d"]},
}


def layout(**changes: Any) -> dict[str, Any]:
    """A CSV layout of the columns day and n, with some of its keys changed."""
    made: dict[str, Any] = {
        "id": "plain",
        "file": {"format": "csv"},
        "columns": {"open": ["day", "n"]},
        "map": {**MAP, "count": {"parse": "integer", "from": "n"}},
    }
    return {**made, **changes}


def declare(folder: Path, *layouts: dict[str, Any], **changes: Any) -> Path:
    """Write a declaration; the keys of the source itself can be changed, None takes one away."""
    declared = {**copy.deepcopy(dict(DECLARATION)), **changes, "layouts": list(layouts) or [layout()]}
    home = folder / str(declared["id"])
    home.mkdir(exist_ok=True)
    text = yaml.safe_dump(
        {k: v for k, v in declared.items() if v is not None}, sort_keys=False, allow_unicode=True
    )
    (home / "source.yml").write_text(text, encoding="utf-8")
    return home


def source(folder: Path, *layouts: dict[str, Any], **changes: Any) -> Source:
    """A declared source, loaded."""
    return discovery.read(declare(folder, *layouts, **changes))


@dataclass(frozen=True)
class Staged:
    """A staged delivery with the connection that holds its tables."""

    connection: duckdb.DuckDBPyConnection
    delivery: StagedDelivery

    def query(self, text: str) -> list[tuple[Any, ...]]:
        """Rows of a query."""
        return self.connection.execute(text).fetchall()

    def records(self, *fields: str, where: str = "true") -> list[tuple[Any, ...]]:
        """Fields of the records, in the order of the file."""
        names = ", ".join(sql.name(f) for f in fields)
        return self.query(f"SELECT {names} FROM {staging.TABLE} WHERE {where} ORDER BY row_number, row_part")

    def broken(self, marks: str = "broken") -> dict[str, list[int]]:
        """Row numbers of the records that broke each rule; of those that are counted only with ``warned``."""
        mask = Mask(len(self.delivery.rules))
        found = {
            rule.code: [n for (n,) in self.records("row_number", where=mask.has(marks, bit))]
            for bit, rule in enumerate(self.delivery.rules)
        }
        return {code: rows for code, rows in found.items() if rows}

    def findings(self) -> dict[str, tuple[int, int]]:
        """Records judged and broken of each rule on the whole delivery that found more than it tolerates."""
        return {f.code: (f.n_judged, f.n_broken) for f in self.delivery.findings if f.raised}

    def exclusions(self) -> dict[str, int]:
        """Records left out, by reason."""
        return dict(Counter(reason for (reason,) in self.records("exclusion") if reason))

    def cells(self) -> list[tuple[Any, ...]]:
        """Area, month and status of what the delivery reports about."""
        return self.query(f"SELECT area, month::VARCHAR, status FROM {staging.CELLS} ORDER BY ALL")

    def unreadable(self) -> list[int]:
        """Numbers of the rows that could not be split."""
        return [n for (n,) in self.query(f"SELECT row_number FROM {staging.UNREADABLE} ORDER BY 1")]


def take_in(
    declared: Source,
    content: bytes | str | Path,
    *,
    name: str = "delivery.csv",
    areas: Sequence[str] = AREAS,
    key: MasterKey | None = None,
    salt: int = 7,
    threads: int = 2,
) -> Staged:
    """Stage a delivery of these bytes."""
    work = declared.folder.parent / "work"
    work.mkdir(exist_ok=True)
    path = content if isinstance(content, Path) else work / name
    if not isinstance(content, Path):
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    landed = landing.land(path, work / "landing", declared.id)
    connection = duckdb.connect(config={"threads": threads})
    return Staged(
        connection, stage.stage(connection, declared, landed, areas=areas, key=key, salt=salt, work=work)
    )
