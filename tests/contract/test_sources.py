"""Every declared source reproduces its golden sample: the accounting, the rules broken, and the records made."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from schemas import reference, staging
from sources.kit import discovery, landing, packing, stage
from sources.kit.discovery import Source
from sources.kit.identifiers import MasterKey

SOURCES = sorted(discovery.folders())
#: A source with identifiers or restricted columns is not taken in without a key.
KEY = MasterKey(bytes(range(32)))


def _areas(country: str) -> list[str]:
    listed = [
        a.area_code for a in reference.areas() if a.country == country and a.area_level == "first_level"
    ]
    return listed or [f"{country}-0{i}" for i in range(1, 6)]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


class Staged:
    """The staged deliveries of a golden folder, added up over its files."""

    def __init__(self, source: Source, work: Path, files: list[str | list[str]]) -> None:
        self.rows: dict[str, float] = {}
        self.rules: dict[str, int] = {}
        self.exclusions: dict[str, int] = {}
        self.records: list[dict[str, Any]] = []
        self.cells: dict[str, int] = {}
        for names in files:
            # loose files that are one delivery stand in a list of their own
            paths = [source.folder / "golden" / n for n in ([names] if isinstance(names, str) else names)]
            with packing.as_one(paths, work) as path:
                self._add(source, work, path)

    def _add(self, source: Source, work: Path, path: Path) -> None:
        connection = duckdb.connect()
        landed = landing.land(path, work, source.id)
        areas = _areas(source.specification.country)
        found = stage.stage(connection, source, landed, areas=areas, key=KEY, salt=7, work=work)
        good, bad, out = (
            "broken = 0 AND exclusion IS NULL",
            "broken <> 0 AND exclusion IS NULL",
            "exclusion IS NOT NULL",
        )
        numbers = connection.execute(
            f"""SELECT count(*) FILTER ({good}), count(*) FILTER ({bad}), count(*) FILTER ({out}),
            sum(events), coalesce(sum(events) FILTER ({good}), 0), coalesce(sum(events) FILTER ({bad}), 0),
            coalesce(sum(events) FILTER ({out}), 0) FROM {staging.TABLE}"""
        ).fetchone()
        assert numbers is not None
        excluded_rows = sum(found.row_exclusions.values())
        names = [
            "rows_delivered",
            "rows_unreadable",
            "rows_excluded",
            "rows_mapped",
            "records_made",
            "repeated_rows",
            "records_loaded",
            "records_quarantined",
            "records_excluded",
            "events_made",
            "events_loaded",
            "events_quarantined",
            "events_excluded",
        ]
        values = (
            found.rows_delivered,
            found.rows_unreadable,
            excluded_rows,
            found.rows_delivered - found.rows_unreadable - excluded_rows,
            found.records_made,
            found.repeated_rows,
            *numbers,
        )
        for key, value in zip(names, values, strict=True):
            self.rows[key] = self.rows.get(key, 0) + value
        for bit, rule in enumerate(found.rules):
            row = connection.execute(
                f"SELECT count(*) FROM {staging.TABLE} WHERE (broken >> {bit}) & 1 = 1 AND exclusion IS NULL"
            ).fetchone()
            if row and row[0]:
                self.rules[rule.code] = self.rules.get(rule.code, 0) + row[0]
        for reason, n in found.row_exclusions.items():
            self.exclusions[reason] = self.exclusions.get(reason, 0) + n
        for reason, n in connection.execute(
            f"SELECT exclusion, count(*) FROM {staging.TABLE} WHERE {out} GROUP BY 1"
        ).fetchall():
            self.exclusions[reason] = self.exclusions.get(reason, 0) + n
        for status, n in connection.execute(
            f"SELECT status, count(*) FROM {staging.CELLS} GROUP BY 1"
        ).fetchall():
            self.cells[status] = self.cells.get(status, 0) + n
        result = connection.execute(
            f"SELECT * FROM {staging.TABLE} WHERE {good} ORDER BY row_number, row_part"
        )
        header = [c[0] for c in result.description or []]
        self.records += [dict(zip(header, map(_plain, row), strict=True)) for row in result.fetchall()]


def test_sources_are_found() -> None:
    assert len(SOURCES) >= 5


@pytest.mark.parametrize("source_id", SOURCES)
def test_golden_sample(source_id: str, tmp_path: Path) -> None:
    source = discovery.load(source_id)
    expected = json.loads((source.folder / "golden" / "expected.json").read_text(encoding="utf-8"))
    staged = Staged(source, tmp_path, expected["files"])
    assert {k: float(v) for k, v in expected["rows"].items()} == {
        k: float(staged.rows[k]) for k in expected["rows"]
    }
    assert staged.rules == expected["rules"]
    assert staged.exclusions == expected["exclusions"]
    assert staged.cells == expected["cells"]
    assert expected["loaded"], "a golden sample shows records"
    for record in expected["loaded"]:
        matches = [r for r in staged.records if all(r.get(k) == v for k, v in record.items())]
        assert matches, f"no record of the sample is {record}"


@pytest.mark.parametrize("source_id", SOURCES)
def test_documents_of_a_source(source_id: str) -> None:
    folder = discovery.folders()[source_id]
    notes = (folder / "NOTES.md").read_text(encoding="utf-8")
    assert len(notes) > 300, "NOTES.md tells what was found out about the source"


@pytest.mark.parametrize("table", ["offences.csv", "mechanism.csv"])
def test_the_municipal_file_of_mexico_has_the_catalogue_of_the_state_file(table: str) -> None:
    """Two sources of one publisher and one instrument: a label means the same in both."""
    state, municipal = (discovery.folders()[f"mx_sesnsp_{name}"] / table for name in ("estatal", "municipal"))
    assert municipal.read_text(encoding="utf-8") == state.read_text(encoding="utf-8")
