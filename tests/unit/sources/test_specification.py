"""What a declaration cannot say is refused when it is loaded, with the line and a cure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from schemas.errors import Misuse
from sources.kit import discovery
from sources.kit.specification import Found, Specification
from sources.kit.words.rows import Unpivot
from tests.unit.sources import desk


def refused(folder: Path, *layouts: dict[str, Any], **changes: Any) -> Misuse:
    home = desk.declare(folder, *layouts, **changes)
    with pytest.raises(Misuse) as misuse:
        discovery.read(home)
    error = misuse.value
    assert error.exit_status == 2
    assert error.where.startswith(f"{home / 'source.yml'}:")
    assert error.how
    return error


def line(error: Misuse) -> str:
    """The line of the declaration to which a message points."""
    path, _, number = error.where.rpartition(":")
    return Path(path).read_text(encoding="utf-8").splitlines()[int(number) - 1].strip()


def mapped(**fields: Any) -> dict[str, Any]:
    return desk.layout(map={**desk.MAP, **fields})


def rows(**declared: Any) -> dict[str, Any]:
    return desk.layout(rows=declared)


UNPIVOT = {"columns": {"n": 1}, "name": "m", "value": "v", "blank": "none"}
PATTERN = {"from": "file_name", "pattern": r"(?P<year>\d)"}


@pytest.mark.parametrize(
    ("layout", "changes", "says", "at"),
    [
        (None, {"colour": "red"}, "unknown key 'colour'", "colour: red"),
        (None, {"delivers": None}, "the key 'delivers' is missing", "id: probe"),
        (None, {"country": "Mexico"}, "country", "country: Mexico"),
        (None, {"title": {"fr": "x"}}, "title", "fr: x"),
        (None, {"edition": {**PATTERN, "pattern": "("}}, "no regular expression", "pattern: ("),
        (None, {"edition": PATTERN}, "does not name month", "edition:"),
        (None, {"period": {**PATTERN, "pattern": "x"}}, "does not name year", "period:"),
        (
            None,
            {
                "delivers": {
                    **desk.DECLARATION["delivers"],
                    "slice": {"period": "all"},
                    "cells": "reported_values",
                }
            },
            "cells: none",
            "id: probe",
        ),
        (
            None,
            {"country": "ZZZ", "delivers": {**desk.DECLARATION["delivers"], "cells": "reported_values"}},
            "cells: none",
            "id: probe",
        ),
        (
            None,
            {"delivers": {**desk.DECLARATION["delivers"], "drop_tolerance": 2}},
            "drop_tolerance",
            "drop_tolerance: 2",
        ),
        (None, {"key": {"columns": []}}, "key.columns", "columns: []"),
        (None, {"key": {"columns": ["n"], "repeated": "first"}}, "key.repeated", "repeated: first"),
        (desk.layout(file={"format": "pdf"}), {}, "format", "format: pdf"),
        (desk.layout(file={"format": "csv", "encoding": "ascii"}), {}, "encoding", "encoding: ascii"),
        (
            desk.layout(columns={"open": ["day", "n"], "identifier": ["n"]}),
            {},
            "declared twice: n",
            "columns:",
        ),
        (desk.layout(columns={"open": ["day", "n", 2024]}), {}, 'write it in quotes: "2024"', "- 2024"),
        (rows(exclude=[{"reason": "x", "column": "n"}]), {}, "exactly one of", "- reason: x"),
        (
            rows(exclude=[{"reason": "x", "column": "n", "blank": True, "equals": "1"}]),
            {},
            "exactly one of",
            "- reason: x",
        ),
        (rows(exclude=[{"reason": "x", "column": "n", "in": []}]), {}, "in", "in: []"),
        (rows(exclude=[{"reason": "x", "column": "n", "equals": ""}]), {}, "equals", "equals: ''"),
        (
            rows(exclude=[{"reason": "A reason", "column": "n", "blank": True}]),
            {},
            "reason",
            "- reason: A reason",
        ),
        (rows(unpivot={**UNPIVOT, "columns": {}}), {}, "at least one", "unpivot:"),
        (rows(unpivot={**UNPIVOT, "name": "v"}), {}, "two names", "unpivot:"),
        (
            rows(unpivot={**UNPIVOT, "columns": {"range": [2020, 2010]}}),
            {},
            "2010 comes before 2020",
            "range:",
        ),
        (mapped(mechanism={"guess": "n"}), {}, "no verb is named", "mechanism:"),
        (mapped(mechanism={"copy": "n", "fixed": "x"}), {}, "unknown key 'copy'", "copy: n"),
        (mapped(mechanism={"fixed": True}), {}, "write it in quotes", "fixed: true"),
        (mapped(mechanism={"recode": "n", "codes": {"1": 101}}), {}, 'in quotes: "101"', "'1': 101"),
        (mapped(mechanism={"recode": "n", "codes": {}}), {}, "codes", "codes: {}"),
        (mapped(mechanism={"recode": "n"}), {}, "codes and table exclude each other", "recode: n"),
        (
            mapped(mechanism={"recode": "n", "codes": {"1": "M"}, "table": "x.csv"}),
            {},
            "codes and table exclude each other",
            "recode: n",
        ),
        (mapped(mechanism={"recode": "n", "table": "../x.csv"}), {}, "table", "table: ../x.csv"),
        (mapped(mechanism={"recode": ["n", "day"], "codes": {"1": "M"}}), {}, "name a table", "recode:"),
        (
            mapped(mechanism={"recode": ["n", "day"], "table": "x.csv", "unknown": ["9"]}),
            {},
            "name a table",
            "recode:",
        ),
        (mapped(occurrence_municipality={"copy": "n", "take": [0, 5]}), {}, "count from 1", "take:"),
        (mapped(occurrence_municipality={"copy": "n", "take": [5, 1]}), {}, "1 comes before 5", "take:"),
        (
            mapped(occurrence_municipality={"copy": "n", "form": "["}),
            {},
            "no regular expression",
            "form: '['",
        ),
        (mapped(occurrence_municipality={"copy": "n", "form": "(?!x)y"}), {}, "look-around", "form: (?!x)y"),
        (mapped(occurrence_municipality={"combine": ["n"]}), {}, "combine", "combine:"),
        (
            mapped(report_date={"parse": "date", "from": "n"}),
            {},
            "the key 'formats' is missing",
            "report_date:",
        ),
        (
            mapped(report_date={"parse": "date", "from": "n", "formats": ["%Q"]}),
            {},
            "no form of a date",
            "- '%Q'",
        ),
        (mapped(count={"parse": "integer", "from": "n", "formats": ["%Y"]}), {}, "formats", "formats:"),
        (
            mapped(report_date={"parse": "year", "from": "n", "day": "02-30"}),
            {},
            "no day of every year",
            "day: 02-30",
        ),
        (
            mapped(report_date={"parse": "week", "from": "n"}),
            {},
            "use one of: date, hour, integer, decimal, age, age_from, age_to, yes_no, year_month, year",
            "report_date:",
        ),
        (
            desk.layout(file={"format": "csv", "sheet": "Hoja1"}),
            {},
            "'sheet' is a word of format workbook, not of csv",
            "sheet: Hoja1",
        ),
        (desk.layout(file={"format": "csv", "colour": "red"}), {}, "unknown key 'colour'", "colour: red"),
        (desk.layout(file={"encoding": "utf-8"}), {}, "there is no such format", "file:"),
    ],
)
def test_refused(
    tmp_path: Path, layout: dict[str, Any] | None, changes: dict[str, Any], says: str, at: str
) -> None:
    error = refused(tmp_path, *([layout] if layout else []), **changes)
    assert says in error.text()
    assert line(error).startswith(at)


def test_two_layouts_of_one_id(tmp_path: Path) -> None:
    assert "two layouts" in refused(tmp_path, desk.layout(), desk.layout()).what


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    error = refused(tmp_path, colour="red", country="x", demo="perhaps")
    assert all(word in error.what for word in ("colour", "country", "demo"))
    assert "line " in error.what


def test_values_of_an_unpivot() -> None:
    made = Unpivot.model_validate({**UNPIVOT, "columns": {"range": [1999, 2001]}})
    assert made.values == {"1999": "1999", "2000": "2000", "2001": "2001"}
    assert Unpivot.model_validate({**UNPIVOT, "columns": {"Ene": 1, "Feb": "x"}}).values == {
        "Ene": "1",
        "Feb": "x",
    }


def test_a_pattern_names_its_groups() -> None:
    found = Found.model_validate(PATTERN)
    assert found.naming("year") is found
    with pytest.raises(ValueError, match="month"):
        found.naming("year", "month")


def test_personal_data(tmp_path: Path) -> None:
    assert not desk.source(tmp_path).specification.holds_personal_data
    for tier in ("identifier", "restricted"):
        layout = desk.layout(columns={"open": ["day", "n"], tier: ["x"]})
        assert desk.source(
            tmp_path, desk.layout(), {**layout, "id": "other"}
        ).specification.holds_personal_data


def test_a_specification_cannot_be_changed(tmp_path: Path) -> None:
    specification = desk.source(tmp_path).specification
    assert isinstance(specification, Specification)
    with pytest.raises(ValueError, match="frozen"):
        specification.country = "COL"
