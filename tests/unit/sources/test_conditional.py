"""Verbs that hold for some records only: ``when``, and lists of verbs of which the first that fits decides."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from schemas.errors import Misuse
from sources.kit import discovery
from tests.unit.sources import desk
from tests.unit.sources.tried import VERB, judged, values

DAY = dt.date(2024, 2, 9)


def fits(test: dict[str, Any], *texts: str | None) -> list[bool]:
    """For each text whether a test holds, and that it is never NULL."""
    made = judged({"fixed": "x", "when": {"column": "a", **test}}, *texts)
    assert [value == "x" for value, _ in made] == [given for _, given in made]
    return [given for _, given in made]


@pytest.mark.parametrize(
    ("test", "fitting", "others"),
    [
        ({"equals": "SÍ"}, ["SÍ", " SÍ ", "sí"], ["si", "SÍ x", None, ""]),
        ({"equals": "it's"}, ["it's"], ["its"]),
        ({"in": ["1", "2"]}, ["1", "2 "], ["01", "1.0", None, ""]),
        ({"not_in": ["1", "2"]}, ["3", "01"], ["1", " 2", None, "", "  "]),
        ({"starts_with": "Tent"}, ["Tentativa", " Tent", "TENTATIVA"], ["En tentativa", None]),
        ({"in": ["Sí ", "x"]}, ["SÍ", "X"], ["y"]),
        ({"not_in": ["Sí"]}, ["no"], ["SÍ", None]),
        ({"matches": "[0-9]{2}|[a-z]+"}, ["01", " 99 ", "x"], ["1", "012", "X", None, ""]),
        ({"length": 2}, ["01", "ñá", " 1a "], ["1", "012", None, ""]),
        (
            {"at_least": 2026},
            ["2026", "2027.5", " 3000 "],
            ["2025", "2025.9", "x", "2_026", "1e9", "NaN", None, ""],
        ),
        ({"at_most": -1}, ["-1", "-2.5"], ["0", "-0.5", "x", None]),
        ({"at_least": 2015, "at_most": 2025}, ["2015", "2025"], ["2014", "2026", None]),
        ({"blank": True}, [None, "", "  ", "\u00a0"], ["0", "x"]),
        ({"blank": False}, ["0", "x"], [None, "", "  ", "\u00a0"]),
    ],
)
def test_a_test_holds_or_not_and_is_never_null(
    test: dict[str, Any], fitting: list[str | None], others: list[str | None]
) -> None:
    assert fits(test, *fitting) == [True] * len(fitting)
    assert fits(test, *others) == [False] * len(others)


def test_a_constant_by_condition() -> None:
    verb: list[dict[str, Any]] = [
        {"fixed": "attempted", "when": {"column": "a", "in": ["Tentativa", "En grado de tentativa"]}},
        {"fixed": "completed"},
    ]
    assert judged(verb, "Tentativa", "Consumado", None, field="completion") == [
        ("attempted", True),
        ("completed", True),
        ("completed", True),
    ]


def test_without_a_last_resort_other_records_have_no_value() -> None:
    verb = {"fixed": "attempted", "when": {"column": "a", "equals": "T"}}
    assert judged(verb, "T", "C", None, field="completion") == [
        ("attempted", True),
        (None, False),
        (None, False),
    ]


def test_several_tests_must_all_hold() -> None:
    verb = {"copy": "c", "when": [{"column": "a", "equals": "1"}, {"column": "b", "blank": True}]}
    assert values(verb, ("1", None, "x"), ("1", "z", "x"), ("2", None, "x"), ("1", " ", None)) == [
        "x",
        None,
        None,
        None,
    ]


def test_the_first_column_that_says_something() -> None:
    verb: list[dict[str, Any]] = [
        {"parse": "date", "from": "a", "formats": ["%Y-%m-%d"], "unknown": ["9999-99-99"]},
        {"parse": "date", "from": "b", "formats": ["%d/%m/%Y"]},
        {"parse": "year", "from": "c"},
    ]
    rows = (
        ("2024-02-09", "01/01/2020", "1999"),
        ("9999-99-99", "09/02/2024", None),
        ("", " 09/02/2024 ", None),
        (None, None, "2024"),
        (None, None, None),
    )
    made = judged(verb, *rows, field="occurrence_date")
    assert made == [*[(DAY, True)] * 3, (dt.date(2024, 1, 1), True), (None, False)]


def test_what_the_first_cannot_read_the_next_does_not_hide() -> None:
    verb = [{"parse": "date", "from": name, "formats": ["%Y-%m-%d"]} for name in ("a", "b")]
    assert judged(verb, ("2024-02-30", "2024-02-09"), field="occurrence_date") == [(None, True)]


def test_a_default_is_the_last_resort_of_a_list() -> None:
    codes = {"codes": {"H": "M", "M": "F"}}
    verb = [{"recode": "a", **codes}, {"recode": "b", **codes, "default": "_U"}]
    rows = (("H", "M"), (None, "M"), (None, None), ("x", "M"))
    assert values(verb, *rows, field="sex") == ["M", "F", "_U", None]


def test_precision_and_source_code_follow_the_verb_that_decided(tmp_path: Path) -> None:
    day = {"parse": "date", "from": "day", "formats": ["%Y-%m-%d", "%Y-%m"]}
    layout = desk.layout(
        columns={"open": ["day", "year", "how"]},
        map={
            **desk.MAP,
            "occurrence_date": [day, {"parse": "year", "from": "year"}],
            "completion": [
                {"fixed": "attempted", "when": {"column": "how", "starts_with": "Tent"}},
                {"recode": "how", "codes": {"Consumado": "completed"}},
            ],
            "mechanism": {
                "recode": "how",
                "find": r"con (.+)",
                "codes": {"arma": "firearm"},
                "when": {"column": "how", "matches": ".*con.*"},
            },
        },
    )
    text = (
        "day,year,how\n2024-02-09,,Tentativa\n2024-02,,Consumado\n,2023,Consumado con arma\n2024-02-30,2023,\n"
        "2024-02-09,,Consumado con ñ\n"
    )
    for exclude in ([], [{"reason": "none_such", "column": "how", "equals": "none such"}]):
        made = desk.take_in(desk.source(tmp_path, {**layout, "rows": {"exclude": exclude}}), text)
        assert made.records("occurrence_date", "occurrence_date_precision", "completion", "mechanism") == [
            (DAY, "day", "attempted", None),
            (dt.date(2024, 2, 1), "month", "completed", None),
            (dt.date(2023, 1, 1), "year", None, "firearm"),
            (None, None, None, None),
            (DAY, "day", None, None),
        ]
        codes = made.records("mechanism_source_code")
        assert codes == [(None,), (None,), ("arma",), (None,), ("ñ",)]
        assert made.broken() == {
            "occurrence_date.unreadable": [4],
            "completion.unknown_code": [3, 5],
            "mechanism.unknown_code": [5],
        }


def test_a_condition_on_the_name_of_value_columns_side_by_side(tmp_path: Path) -> None:
    layout = desk.layout(
        columns={"open": ["day", "men", "women", "total"]},
        rows={
            "unpivot": {
                "columns": {"men": "H", "women": "M", "total": "T"},
                "name": "who",
                "value": "n",
                "blank": "x",
            }
        },
        map={
            **desk.MAP,
            "counting_unit": {"fixed": "victim"},
            "role": {"fixed": "victim"},
            "count": {"parse": "integer", "from": "n"},
            "sex": [
                {"recode": "who", "codes": {"H": "M", "M": "F"}, "when": {"column": "who", "not_in": ["T"]}},
                {"fixed": "_U"},
            ],
        },
    )
    made = desk.take_in(
        desk.source(tmp_path, layout, record_type="person_role"), "day,men,women,total\n2024-02-09,1,2,3\n"
    )
    assert made.records("sex", "count") == [("M", 1), ("F", 2), ("_U", 3)]


@pytest.mark.parametrize(
    ("verb", "says"),
    [
        ([{"fixed": "x"}, {"copy": "a"}], "verb 1 of the list always decides"),
        (
            [{"recode": "a", "codes": {"1": "x"}, "default": "y"}, {"copy": "a"}],
            "verb 1 of the list always decides",
        ),
        ([{"copy": "a"}, {"part_of": "b", "take": [1, 2]}], "stand alone"),
        ([{"hmac": "a"}, {"hmac": "b"}], "stand alone"),
        ([{"copy": "a"}], "at least 2"),
        ([{"copy": "a"}, {"guess": "b"}], "no verb is named"),
        (
            [{"copy": "a"}, {"copy": "b", "when": {"column": "a", "equals": "x", "in": ["y"]}}],
            "exactly one of",
        ),
        ({"copy": "a", "when": {"column": ["a", "b"], "equals": "x"}}, "name one column"),
        ({"copy": "a", "when": {"column": "a", "equals": "x", "at_most": 3}}, "exactly one of"),
    ],
)
def test_lists_and_conditions_that_do_not_serve(verb: Any, says: str) -> None:
    with pytest.raises(ValidationError) as error:
        VERB.validate_python(verb)
    (only,) = error.value.errors()
    assert says in only["msg"]


@pytest.mark.parametrize(
    ("mapped", "says", "at"),
    [
        (
            {"completion": {"fixed": "attempted", "when": {"column": "secret", "equals": "x"}}},
            "when reads 'secret'",
            "when:",
        ),
        (
            {
                "completion": [
                    {"fixed": "attempted", "when": {"column": "gone", "equals": "x"}},
                    {"fixed": "completed"},
                ]
            },
            "when reads 'gone'",
            "when:",
        ),
        (
            {"completion": [{"recode": "n", "codes": {"1": "attempted"}}, {"fixed": "done"}]},
            "'done' is no code",
            "- fixed: done",
        ),
        (
            {"completion": [{"copy": "n"}, {"parse": "hour", "from": "n"}]},
            "parse: hour does not fill",
            "- parse: hour",
        ),
        (
            {"occurrence_municipality": [{"copy": "n", "form": "x"}, {"copy": "day"}]},
            "no form is judged",
            "- copy: n",
        ),
        (
            {"case_hmac": {"hmac": "case", "when": {"column": "n", "equals": "x"}}},
            "holds for all records",
            "when:",
        ),
    ],
)
def test_conditions_are_held_against_the_layout(
    tmp_path: Path, mapped: dict[str, Any], says: str, at: str
) -> None:
    columns = {"open": ["day", "n"], "identifier": ["case"], "restricted": ["secret"]}
    home = desk.declare(tmp_path, desk.layout(columns=columns, map={**desk.MAP, **mapped}))
    with pytest.raises(Misuse) as misuse:
        discovery.read(home)
    assert says in misuse.value.what and misuse.value.how
    path, _, line = misuse.value.where.rpartition(":")
    assert Path(path).read_text(encoding="utf-8").splitlines()[int(line) - 1].strip().startswith(at)
