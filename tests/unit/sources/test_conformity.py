"""A declaration that does not fit its record type is refused at load, with file and line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from schemas import record_type
from schemas.errors import Misuse
from sources.kit import conformity, discovery
from tests.unit.sources import desk
from tests.unit.sources.test_specification import UNPIVOT, line, mapped, refused, rows

PERSONAL = {"open": ["day", "n"], "identifier": ["folio"], "restricted": ["lon", "address"]}
DELIVERS = desk.DECLARATION["delivers"]


def personal(**fields: Any) -> dict[str, Any]:
    return desk.layout(columns=PERSONAL, map={**desk.MAP, **fields})


@pytest.mark.parametrize(
    ("layout", "says", "at"),
    [
        (mapped(colour={"fixed": "red"}), "incident has no field 'colour'", "colour:"),
        (mapped(mechanism={"recode": "means", "codes": {"x": "firearm"}}), "reads 'means'", "mechanism:"),
        (mapped(count={"parse": "integer", "from": "m"}), "reads 'm'", "count:"),
        # identifiers are read by hmac only, restricted columns by the coordinates only
        (personal(iccs_source_code={"copy": "folio"}), "reads 'folio'", "iccs_source_code:"),
        (personal(count={"parse": "integer", "from": "folio"}), "reads 'folio'", "count:"),
        (personal(mechanism={"recode": "folio", "codes": {"x": "firearm"}}), "reads 'folio'", "mechanism:"),
        (personal(iccs_source_code={"copy": "address"}), "reads 'address'", "iccs_source_code:"),
        (personal(case_hmac={"hmac": "address"}), "reads 'address'", "case_hmac:"),
        (personal(case_hmac={"hmac": "n"}), "reads 'n'", "case_hmac:"),
        (personal(longitude={"parse": "decimal", "from": "folio"}), "reads 'folio'", "longitude:"),
        # a verb that cannot fill the field
        (
            personal(iccs_source_code={"hmac": "folio"}),
            "type VARCHAR, which hmac does not fill",
            "iccs_source_code:",
        ),
        (personal(case_hmac={"copy": "n"}), "type BLOB, which copy does not fill", "case_hmac:"),
        (mapped(report_date={"copy": "n"}), "type DATE, which copy does not fill", "report_date:"),
        (mapped(count={"parse": "decimal", "from": "n"}), "which parse: decimal does not fill", "count:"),
        (
            mapped(mechanism={"parse": "integer", "from": "n"}),
            "which parse: integer does not fill",
            "mechanism:",
        ),
        (mapped(count={"parse": "year", "from": "n"}), "which parse: year does not fill", "count:"),
        (
            mapped(mechanism={"part_of": "iccs_source_code", "take": [1, 2]}),
            "part_of does not fill",
            "mechanism:",
        ),
        (personal(longitude={"copy": "lon"}), "type DOUBLE, which copy does not fill", "longitude:"),
        # values that the field cannot hold
        (
            mapped(counting_unit={"fixed": "files"}),
            "'files' is no code of the list counting_unit",
            "fixed: files",
        ),
        (mapped(iccs={"fixed": 101}), "'101' is no code of the list iccs", "fixed: 101"),
        (mapped(count={"fixed": "many"}), "'many' is no value of type INTEGER", "fixed: many"),
        (mapped(report_date={"fixed": "2024-02-30"}), "no value of type DATE", "fixed: '2024-02-30'"),
        (mapped(longitude={"fixed": "west"}), "no value of type DOUBLE", "fixed: west"),
        (mapped(boundary_version={"fixed": " "}), "no value of type VARCHAR", "fixed: ' '"),
        (
            mapped(mechanism={"recode": "n", "codes": {"x": "gun"}}),
            "'gun' is no code of the list mechanism",
            "x: gun",
        ),
        (
            mapped(mechanism={"recode": "n", "codes": {"x": "firearm"}, "default": "?"}),
            "'?' is no code",
            "codes:",
        ),
        # parts
        (
            mapped(occurrence_first_level={"part_of": "occurrence_municipality", "take": [1, 6]}),
            "no mapped field of text",
            "occurrence_first_level:",
        ),
        (
            mapped(boundary_version={"part_of": "day", "take": [1, 6]}),
            "no mapped field of text",
            "boundary_version:",
        ),
        (
            mapped(
                occurrence_first_level={"part_of": "boundary_version", "take": [1, 6]},
                boundary_version={"part_of": "occurrence_municipality", "take": [1, 6]},
                occurrence_municipality={"copy": "n"},
            ),
            "no mapped field of text",
            "occurrence_first_level:",
        ),
        (
            mapped(boundary_version={"copy": "n", "form": "x"}),
            "the form of boundary_version is not judged",
            "boundary_version:",
        ),
        # rows
        (rows(exclude=[{"reason": "x", "column": "z", "blank": True}]), "exclude reads 'z'", "- reason: x"),
        (
            rows(exclude=[{"reason": "x", "column": "n", "blank": True, "control_total": "z"}]),
            "exclude reads 'z'",
            "- reason: x",
        ),
        (rows(unpivot={**UNPIVOT, "columns": {"Ene": 1}}), "unpivot reads 'Ene'", "unpivot:"),
        (rows(unpivot={**UNPIVOT, "name": "day"}), "makes a column 'day'", "unpivot:"),
        (
            {**rows(unpivot=UNPIVOT, exclude=[{"reason": "x", "column": "v", "blank": True}])},
            "exclude reads 'v'",
            "- reason: x",
        ),
        # required fields
        (
            desk.layout(map={k: v for k, v in desk.MAP.items() if k != "event_class"}),
            "does not map event_class",
            "map:",
        ),
        (
            desk.layout(map={k: v for k, v in desk.MAP.items() if k != "occurrence_date"}),
            "does not map occurrence_date",
            "map:",
        ),
    ],
)
def test_layouts_that_do_not_fit(tmp_path: Path, layout: dict[str, Any], says: str, at: str) -> None:
    error = refused(tmp_path, layout)
    assert error.code == "declaration_invalid"
    assert says in error.what
    assert line(error).startswith(at)


def test_tables_are_read_at_load(tmp_path: Path) -> None:
    home = desk.declare(tmp_path, mapped(mechanism={"recode": "n", "table": "means.csv"}))
    with pytest.raises(Misuse, match=r"means\.csv is missing"):
        discovery.read(home)
    (home / "means.csv").write_text("n,code\nx,gun\n", encoding="utf-8")
    with pytest.raises(Misuse, match="'gun' is no code") as misuse:
        discovery.read(home)
    assert misuse.value.where.endswith("means.csv:2")
    (home / "means.csv").write_text("n,code\nx,firearm\n", encoding="utf-8")
    assert discovery.read(home).id == "probe"


@pytest.mark.parametrize("columns", [["z"], ["n", "address"]])
def test_keys(tmp_path: Path, columns: list[str]) -> None:
    error = refused(tmp_path, personal(), key={"columns": columns})
    assert f"the key reads {columns[-1]!r}" in error.what
    assert line(error) == "key:"


@pytest.mark.parametrize(
    ("delivers", "says", "at"),
    [
        ({"date_basis": "ocurrence"}, "incident has no date 'ocurrence'", "date_basis: ocurrence"),
        ({"place_basis": "here"}, "unknown place basis 'here'", "place_basis: here"),
        (
            {"breakdowns": ["mechanism"]},
            "breakdown by 'mechanism', which layout plain does not map",
            "- mechanism",
        ),
        ({"date_basis": "report"}, "does not map report_date", "map:"),
        ({"cells": "reported_values"}, "does not map occurrence_first_level", "map:"),
        (
            {"slice": {"period": "month", "area": "first_level"}},
            "does not map occurrence_first_level",
            "map:",
        ),
        (
            {"cells": "reported_values", "place_basis": "residence"},
            "does not map residence_first_level",
            "map:",
        ),
    ],
)
def test_what_is_delivered(tmp_path: Path, delivers: dict[str, Any], says: str, at: str) -> None:
    error = refused(tmp_path, delivers={**DELIVERS, **delivers})
    assert says in error.what
    assert line(error) == at


@pytest.mark.parametrize("name", record_type.names())
def test_every_required_field_is_asked_for(tmp_path: Path, name: str) -> None:
    kind = record_type.load(name)
    required = {f.name for f in kind.fields if f.required} - conformity.DEFAULTED
    delivers = {**DELIVERS, "date_basis": kind.date_field.removesuffix("_date")}
    error = refused(tmp_path, desk.layout(map={}), record_type=name, delivers=delivers)
    assert any(f"does not map {field}," in error.what for field in required)


def test_fields_with_a_default_need_no_verb(tmp_path: Path) -> None:
    fields = {
        "counting_unit": {"fixed": "person"},
        "residence_first_level": {"copy": "n"},
        "reference_date": {"parse": "year", "from": "day"},
        "sex": {"fixed": "_T"},
        "vintage": {"fixed": "x"},
        "producer": {"fixed": "x"},
    }
    delivers = {**DELIVERS, "place_basis": "residence", "date_basis": "reference"}
    declared = desk.source(tmp_path, desk.layout(map=fields), record_type="population", delivers=delivers)
    made = desk.take_in(declared, "day,n\n2024,MEX-01\n")
    assert made.records("count", "residence_country", "broken") == [(1, "MEX", 0)]


def test_breakdown_by_age_needs_any_field_of_age(tmp_path: Path) -> None:
    delivers = {**DELIVERS, "breakdowns": ["age"]}
    fields = {**desk.MAP, "role": {"fixed": "victim"}, "age_from": {"parse": "integer", "from": "n"}}
    assert (
        desk.source(tmp_path, desk.layout(map=fields), record_type="person_role", delivers=delivers).id
        == "probe"
    )
