"""Rows that speak of records delivered before: they annul or reclassify them by the source's key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from schemas.errors import Misuse
from sources.kit import discovery
from sources.kit.discovery import Source
from tests.unit.sources import desk
from tests.unit.sources.test_specification import line, refused

STATUS = {
    "recode": "status",
    "codes": {"VIGENTE": "provisional", "ANULADA": "annulled", "RECLASIFICADA": "reclassified"},
}
EDITION = {"from": "file_name", "pattern": r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"}
EARLIER = {"when": {"column": "status", "not_in": ["VIGENTE"]}}
NAME = "x 2024-05-15.csv"
REQUIRED = {
    "occurrence_first_level": {"fixed": "MEX-01"},
    "iccs": {"recode": "kind", "codes": {"A": "0101", "B": "0401"}},
}


def layout(earlier: dict[str, Any] | None = EARLIER, **changes: Any) -> dict[str, Any]:
    """Incidents with a case number, and rows about those of before."""
    return desk.layout(
        columns={"open": ["day", "n", "status", "kind"], "identifier": ["case", "old_case"]},
        rows={"earlier": earlier} if earlier is not None else {},
        map={
            **desk.MAP,
            **REQUIRED,
            "count": {"parse": "integer", "from": "n"},
            "record_status": STATUS,
            **changes,
        },
    )


def source(folder: Path, *layouts: dict[str, Any], **changes: Any) -> Source:
    said = {"key": {"columns": ["case"]}, "edition": EDITION, **changes}
    delivers = {**desk.DECLARATION["delivers"], "cells": "reported_values"}
    return desk.source(folder, *(layouts or (layout(),)), delivers=delivers, **said)


def text(*rows: str) -> str:
    return "day,n,status,kind,case,old_case\n" + "".join(f"{row}\n" for row in rows)


ORDINARY = "2024-05-01,2,VIGENTE,A,C-1,"
ANNULLED = "2024-01-10,5,ANULADA,A,c-9 ,"
CHANGED = "2024-02-20,3,RECLASIFICADA,B,C-8,"


@pytest.mark.parametrize("hashed", [False, True])
@pytest.mark.parametrize("in_one_pass", [True, False])
def test_such_rows_name_the_record_and_are_in_no_slice_of_their_date(
    tmp_path: Path, hashed: bool, in_one_pass: bool
) -> None:
    declared = layout(**({"case_hmac": {"hmac": "case"}} if hashed else {}))
    if not in_one_pass:
        declared["rows"]["exclude"] = [{"reason": "none_such", "column": "kind", "equals": "none such"}]
    made = desk.take_in(source(tmp_path, declared), text(ORDINARY, ANNULLED, CHANGED), name=NAME)
    before = desk.take_in(
        source(tmp_path, declared),
        text(*(r.replace("ANULADA", "VIGENTE") for r in (ORDINARY, ANNULLED))),
        name=NAME,
    )
    keys = [key for (key,) in made.records("record_key")]
    assert len(set(keys)) == 3
    assert (keys[1] == before.records("record_key")[1][0]) is hashed or not hashed
    fields = ("replaces_key", "record_status", "count", "events", "slice_area", "cell_area")
    assert made.records(*fields) == [
        (None, "provisional", 2, 2, None, "MEX-01"),
        (keys[1], "annulled", 0, 0, "earlier 2024-05-15", None),
        (keys[2], "reclassified", 3, 3, "earlier 2024-05-15", None),
    ]
    periods = [str(p) if p else None for (p,) in made.records("slice_period")]
    assert periods == ["2024-05-01", None, None]
    assert [str(m) if m else None for (m,) in made.records("cell_month")] == ["2024-05-01", None, None]
    assert made.broken() == {}
    assert made.cells() == [("MEX-01", "2024-05-01", "received")]


def test_the_key_of_an_earlier_record_is_the_one_that_it_had(tmp_path: Path) -> None:
    for mapped in ({}, {"case_hmac": {"hmac": "case"}}):
        declared = source(tmp_path, layout({**EARLIER, "key": ["old_case"]}, **mapped))
        made = desk.take_in(
            declared, text("2024-05-01,2,VIGENTE,A,C-1,", "2024-05-02,2,RECLASIFICADA,B,C-2,C-1"), name=NAME
        )
        ((first,), (second,)) = made.records("record_key")
        assert made.records("replaces_key") == [(None,), (first,)]
        assert first != second


def test_one_that_annuls_needs_to_say_no_more_than_which(tmp_path: Path) -> None:
    rows = (
        ",,ANULADA,,C-1,",
        "2024-02-30,x,ANULADA,?,C-2,",
        ",,RECLASIFICADA,,C-3,",
        "2024-01-01,1,ANULADA,A,,",
    )
    made = desk.take_in(source(tmp_path), text(*rows), name=NAME)
    assert made.broken() == {
        "count.missing": [3],
        "occurrence_date.missing": [3],
        "earlier.key_missing": [4],
    }
    assert [n for (n,) in made.records("count")] == [0, 0, None, 0]


def test_a_row_about_an_earlier_record_that_does_nothing_to_it(tmp_path: Path) -> None:
    earlier = {"when": {"column": "status", "blank": False}}
    made = desk.take_in(
        source(tmp_path, layout(earlier)), text(ORDINARY, "2024-05-01,1,OTRA,A,C-2,"), name=NAME
    )
    assert made.broken() == {"record_status.unknown_code": [2], "earlier.status": [1, 2]}


def test_a_record_and_what_is_said_of_it_may_come_in_one_file(tmp_path: Path) -> None:
    said = (
        "VIGENTE,A,C-1",
        "ANULADA,A,C-1",
        "ANULADA,A,C-2",
        "RECLASIFICADA,B,C-2",
        "VIGENTE,A,C-3",
        "VIGENTE,A,C-3",
    )
    rows = [f"2024-05-01,2,{of}," for of in said]
    made = desk.take_in(source(tmp_path), text(*rows), name=NAME)
    assert made.broken() == {"key.repeated": [3, 4]}, "two statements about one record contradict each other"
    assert made.exclusions() == {"repeated": 1}


def test_what_is_classified_anew_may_be_older_than_the_period(tmp_path: Path) -> None:
    period = {"from": "file_name", "pattern": r"(?P<year>\d{4})-(?P<from_month>\d\d)-(?P<to_month>\d\d)"}
    declared = source(tmp_path, edition=None, period=period)
    rows = (CHANGED, "2024-02-20,3,VIGENTE,B,C-7,")
    made = desk.take_in(declared, text(*rows), name="x 2024-05-05.csv")
    assert made.broken() == {"date.outside_period": [2]}
    assert made.records("slice_area") == [("earlier 2024-05-01",), (None,)]


ANNULMENTS = {
    "id": "annulments",
    "file": {"format": "csv"},
    "columns": {"identifier": ["annulled_case"], "open": ["why"]},
    "rows": {"earlier": {"key": ["annulled_case"]}},
    "map": {"counting_unit": {"fixed": "offence"}, "record_status": {"fixed": "annulled"}},
}


def test_a_file_of_annulments_alone(tmp_path: Path) -> None:
    delivers = {**desk.DECLARATION["delivers"], "cells": "whole_period"}
    declared = source(tmp_path, layout(), ANNULMENTS)
    whole = discovery.read(declared.folder)
    assert [la.id for la in whole.specification.layouts] == ["plain", "annulments"]
    made = desk.take_in(declared, "annulled_case,why\nC-1,x\n,y\n", name=NAME)
    first = desk.take_in(declared, text(ORDINARY), name=NAME).records("record_key")[0][0]
    assert made.records("replaces_key", "count", "slice_area") == [
        (first, 0, "earlier 2024-05-15"),
        (None, 0, "earlier 2024-05-15"),
    ]
    assert made.broken() == {"earlier.key_missing": [2]}
    assert made.cells() == [] and delivers["cells"] == "whole_period"


def test_a_record_of_its_own_may_replace_another(tmp_path: Path) -> None:
    replaces = {"replaces_key": {"key_of": "old_case"}}
    declared = source(tmp_path, layout(None, **replaces), edition=None)
    made = desk.take_in(
        declared, text("2024-05-01,2,VIGENTE,A,C-1,", "2024-05-02,3,VIGENTE,B,C-2, c-1x"), name=NAME
    )
    keys = [key for (key,) in made.records("record_key")]
    assert made.records("slice_area", "count") == [(None, 2), (None, 3)]
    assert made.records("replaces_key")[0] == (None,)
    assert made.records("replaces_key")[1][0] not in (None, *keys)
    assert made.broken() == {}


@pytest.mark.parametrize(
    ("made", "changes", "says", "at"),
    [
        (layout(), {"key": None}, "the source declares none", "earlier:"),
        (layout(), {"edition": None}, "declare edition or period", "earlier:"),
        (
            layout(replaces_key={"key_of": "case"}),
            {},
            "take replaces_key",
            "earlier:",
        ),
        (layout({**EARLIER, "key": ["old_case", "case"]}), {}, "key has 1 columns", "earlier:"),
        (layout({**EARLIER, "key": ["gone"]}), {}, "reads 'gone'", "earlier:"),
        (layout({"when": {"column": "case", "equals": "x"}}), {}, "earlier reads 'case'", "when:"),
        (
            layout(None, replaces_key={"key_of": ["old_case", "case"]}),
            {},
            "key has 1 columns",
            "replaces_key:",
        ),
        (layout(None, replaces_key={"key_of": "old_case"}), {"key": None}, "declares none", "replaces_key:"),
        (layout(None, incident_ref={"key_of": "old_case"}), {}, "key_of does not fill", "incident_ref:"),
        (layout({"whose": "x"}), {}, "unknown key 'whose'", "whose: x"),
    ],
)
def test_declarations_that_do_not_serve(
    tmp_path: Path, made: dict[str, Any], changes: dict[str, Any], says: str, at: str
) -> None:
    said = {"key": {"columns": ["case"]}, "edition": EDITION, **changes}
    error = refused(tmp_path, made, **said)
    assert says in error.text() and error.how
    assert line(error).startswith(at)


def test_status_must_be_mapped_and_rows_must_be_records(tmp_path: Path) -> None:
    silent = layout()
    del silent["map"]["record_status"]
    said: dict[str, Any] = {"key": {"columns": ["case"]}, "edition": EDITION}
    assert "map record_status" in refused(tmp_path, silent, **said).how
    wide = layout()
    wide["rows"]["unpivot"] = {"columns": {"n": 1}, "name": "m", "value": "v", "blank": "x"}
    assert "a layout of their own" in refused(tmp_path, wide, **said).how


def test_the_key_is_made_alike_in_all_layouts(tmp_path: Path) -> None:
    said: dict[str, Any] = {"key": {"columns": ["case"]}, "edition": EDITION}
    hashed = layout(case_hmac={"hmac": "case"})
    with pytest.raises(Misuse, match="one layout maps case_hmac, of which the key is made"):
        source(tmp_path, hashed, ANNULMENTS)
    opened = {
        **layout(),
        "id": "other",
        "columns": {"open": [*layout()["columns"]["open"], "case", "old_case"]},
    }
    assert "open in another" in refused(tmp_path, layout(), opened, **said).what
