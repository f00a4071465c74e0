"""Every verb: the value it makes of a raw text, and whether the source gave something."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from schemas.errors import Misuse
from tests.unit.sources.tried import judged, values

TODAY = dt.date(2024, 2, 9)
NOTHING = [(None, False)] * 3
BLANKS = (None, "", "   ")


@pytest.mark.parametrize(
    ("verb", "field"),
    [
        ({"copy": "a"}, "occurrence_municipality"),
        ({"copy": "a", "prefix": "MEX-", "pad": 5, "upper": True, "remove": "."}, "occurrence_municipality"),
        ({"combine": ["a", "b"]}, "occurrence_municipality"),
        ({"combine": ["a", "b"], "prefix": "MEX-", "separator": "-"}, "occurrence_municipality"),
        ({"recode": "a", "codes": {"Hombre": "M"}}, "sex"),
        ({"recode": "a", "codes": {"Hombre": "M"}, "unknown": ["?"]}, "sex"),
        ({"parse": "date", "from": "a", "formats": ["%Y-%m-%d"]}, "occurrence_date"),
        ({"parse": "integer", "from": "a"}, "age_years"),
        ({"parse": "integer", "from": "a", "unknown": ["?"]}, "age_years"),
        ({"parse": "decimal", "from": "a"}, "longitude"),
        ({"parse": "hour", "from": "a"}, "occurrence_hour"),
        ({"parse": "year", "from": "a"}, "occurrence_date"),
        ({"parse": "year_month", "year": "a", "month": "b"}, "occurrence_date"),
    ],
)
def test_nothing_is_nothing(verb: dict[str, Any], field: str) -> None:
    assert judged(verb, *BLANKS, field=field) == NOTHING


def test_fixed() -> None:
    assert judged({"fixed": "offence"}, None, "x", field="counting_unit") == [("offence", True)] * 2
    assert judged({"fixed": 3}, None, field="count") == [(3, True)]
    assert values({"fixed": "it's ñ"}, None) == ["it's ñ"]


@pytest.mark.parametrize(
    ("steps", "raw", "made"),
    [
        ({}, " 01001 ", "01001"),
        ({}, "a  b", "a  b"),
        ({"pad": 5}, "1001", "01001"),
        ({"pad": 5}, "1234567", "1234567"),  # too long is for the form rule, not cut
        ({"pad": 3}, "ñ", "00ñ"),
        ({"pad": 8, "take": (1, 5), "prefix": "COL-"}, "5001000", "COL-05001"),
        ({"take": (2, 3)}, "abcd", "bc"),
        ({"take": (3, 9)}, "abcd", "cd"),
        ({"remove": ".", "upper": True}, "x95.0", "X950"),
        ({"remove": "'"}, "o'x", "ox"),
        ({"add_digit": "ibge"}, "330455", "3304557"),
        ({"add_digit": "ibge"}, " 530010", "5300108"),
        ({"add_digit": "ibge"}, "220191", "2201919"),
        ({"add_digit": "ibge", "take": (1, 6), "prefix": "BRA-"}, "3550300", "BRA-3550308"),
        ({"add_digit": "ibge", "pad": 6}, "355030.0", "3550308"),
        *[({"add_digit": "ibge"}, text, text) for text in ("35503", "3550308", "35503x", "São Paulo")],
        ({"prefix": "MEX-", "unknown": ["99"]}, "99", None),
        ({"prefix": "it's-"}, "1", "it's-1"),
    ],
)
def test_steps_on_a_text(steps: dict[str, Any], raw: str, made: str | None) -> None:
    assert values({"copy": "a", **steps}, raw) == [made]


def test_unknown_texts_are_not_given() -> None:
    assert judged({"copy": "a", "unknown": ["99", "?"]}, "99", " ? ", "9") == [
        (None, False),
        (None, False),
        ("9", True),
    ]


def test_copy_into_other_types() -> None:
    assert judged({"copy": "a"}, "M", "X?", "m", field="sex") == [("M", True), (None, True), (None, True)]
    assert values({"copy": "a", "remove": "+"}, "85+", "1.5", "x", "2e1", field="age_years") == [
        85,
        None,
        None,
        None,
    ]


def test_combine() -> None:
    verb = {"combine": ["a", "b"], "separator": "-", "unknown": ["9-9"]}
    assert judged(verb, (" 1", "2 "), ("1", None), (None, "2"), ("9", "9"), ("9", "1")) == [
        ("1-2", True),
        ("1", True),
        ("2", True),
        (None, False),
        ("9-1", True),
    ]


def test_part_of() -> None:
    verb = {"part_of": "occurrence_municipality", "take": (1, 6)}
    rows = ((None, None, None, "MEX-01001"), (None, None, None, None))
    assert judged(verb, *rows, field="occurrence_first_level") == [("MEX-01", True), (None, False)]


def test_recode_one_column() -> None:
    codes = {"Hombre": "M", "Mujer": "F", 'D\'Ávila "x"': "_O", " con espacio ": "M", "ñ,;": "F"}
    verb = {"recode": "a", "codes": codes, "unknown": ["S/D"]}
    rows = ("Hombre", " Mujer  ", 'D\'Ávila "x"', " con espacio ", "ñ,;", "S/D", "hombre", "Otro", "HombreX")
    assert judged(verb, *rows, field="sex") == [
        *(("M", True), ("F", True), ("_O", True), ("M", True), ("F", True), ("_U", True)),
        *[(None, True)] * 3,
    ]


def test_recode_where_the_list_has_no_code_for_unknown() -> None:
    verb = {"recode": "a", "codes": {"MENORES": "0", "ADULTOS": "18"}, "unknown": ["S/D"]}
    assert judged(verb, "ADULTOS", "S/D", "x", field="age_from") == [(18, True), (None, False), (None, True)]


def test_recode_default_is_for_blanks_only() -> None:
    verb = {"recode": "a", "codes": {"Hombre": "M"}, "default": "_U"}
    assert values(verb, "Hombre", " ", None, "Otro", field="sex") == ["M", "_U", "_U", None]


@pytest.mark.parametrize(
    ("verb", "field"),
    [
        ({"recode": "a", "codes": {"x": "male"}}, "sex"),
        ({"recode": "a", "codes": {"x": "M"}, "default": "none"}, "sex"),
        ({"recode": "a", "codes": {"x": "1.5"}}, "age_from"),
    ],
)
def test_codes_that_are_none(verb: dict[str, Any], field: str) -> None:
    with pytest.raises(Misuse) as misuse:
        judged(verb, "x", field=field)
    assert misuse.value.code == "unknown_target_code"


@pytest.mark.parametrize(
    ("raw", "made"),
    [
        ("12", 12),
        (" 12 ", 12),
        ("007", 7),
        ("-3", -3),
        ("+3", 3),
        *[
            (text, None)
            for text in ("1.5", "1.0", "1,5", "1e3", "1E3", "1_000", "1,000", "0x1F", "0X1f", "0b11", "0B1")
        ],
        *[(text, None) for text in ("x", "12 a", "١٢", "99999", "true", "-", "--1", "1 2", "NaN")],
    ],
)
def test_integer(raw: str, made: int | None) -> None:
    assert judged({"parse": "integer", "from": "a"}, raw, field="age_years") == [(made, True)]


@drawn(st.integers(-99999, 99999), st.sampled_from(["", " ", "  "]))
def test_integers_are_read_exactly(number: int, space: str) -> None:
    assert values({"parse": "integer", "from": "a"}, f"{space}{number}{space}", field="count") == [number]


@pytest.mark.parametrize(
    ("decimal", "raw", "made"),
    [
        (".", "-99.125", -99.125),
        (".", "7", 7.0),
        (".", "1e2", 100.0),
        (",", "-99,125", -99.125),
        (",", "7", 7.0),
        *[
            (".", text, None)
            for text in ("1,5", "1.2.3", "NaN", "inf", "-Infinity", "1e999", "1_0.5", "x", "5 6")
        ],
        *[(",", text, None) for text in ("1.5", "1.234,5", "1,2,3", "nan")],  # a point separates thousands
    ],
)
def test_decimal(decimal: str, raw: str, made: float | None) -> None:
    verb = {"parse": "decimal", "from": "a", "decimal": decimal}
    assert judged(verb, raw, field="longitude") == [(made, True)]


@pytest.mark.parametrize(
    ("raw", "made"),
    [
        *[
            ("0", 0),
            ("9", 9),
            ("09", 9),
            ("23:59", 23),
            (" 7:05 ", 7),
            ("14:30:15", 14),
            ("14:30:15.250", 14),
        ],
        ("24:00", 24),  # for the range rule
        *[(text, None) for text in ("1.5", "1430", "14:75", "14:3", "-1", "1e1", ":30", "noon", "300")],
    ],
)
def test_hour(raw: str, made: int | None) -> None:
    assert judged({"parse": "hour", "from": "a"}, raw, field="occurrence_hour") == [(made, True)]


@pytest.mark.parametrize(
    ("formats", "raw", "made"),
    [
        (["%Y-%m-%d"], "2024-02-09", TODAY),
        (["%Y-%m-%d"], " 2024-02-09 ", TODAY),
        (["%d/%m/%Y"], "9/2/2024", TODAY),
        (["%d/%m/%Y %H:%M"], "09/02/2024 23:59", TODAY),
        (["%d/%m/%Y", "%Y-%m-%d"], "2024-02-09", TODAY),
        (["%d/%m/%Y", "%m/%d/%Y"], "02/29/2024", dt.date(2024, 2, 29)),
        (["%Y-%m-%d"], "1890-01-01", dt.date(1890, 1, 1)),
        (["%Y-%m-%d"], "1900-01-01", dt.date(1900, 1, 1)),
        *[
            (["%Y-%m-%d"], text, None)
            for text in ("2024-02-30", "2024-13-01", "2024-02-09 00:00", "x", "09/02/2024")
        ],
        *[
            (["%d/%m/%Y"], text, None)
            for text in ("09/02/24", "09/02/0024", "31/04/2024", "02/29/2024", "1/2/20245")
        ],
        *[(["%Y-%m-%d"], text, None) for text in ("epoch", "Epoch", "infinity", "-infinity")],
    ],
)
def test_date(formats: list[str], raw: str, made: dt.date | None) -> None:
    verb = {"parse": "date", "from": "a", "formats": formats}
    assert judged(verb, raw, field="occurrence_date") == [(made, True)]


@pytest.mark.parametrize(
    ("year", "month", "made"),
    [
        ("2024", "2", "2024-02-01"),
        (" 2024 ", " 02 ", "2024-02-01"),
        ("2024", "12", "2024-12-01"),
        *[("2024", month, None) for month in ("13", "0", "123", "x", "1.0", "", None, "2-5")],
        *[(year, "2", None) for year in ("24", "20245", "-2024", "2024.0", "infinity", "x")],
    ],
)
def test_year_and_month(year: str, month: str | None, made: str | None) -> None:
    verb = {"parse": "year_month", "year": "a", "month": "b"}
    expected = dt.date.fromisoformat(made) if made else None
    assert judged(verb, (year, month), field="occurrence_date") == [(expected, True)]


def test_the_year_of_a_file_that_does_not_say_it() -> None:
    verb = {"parse": "year_month", "year": 2019, "month": "a"}
    assert judged(verb, "2", "13", "", field="occurrence_date") == [
        (dt.date(2019, 2, 1), True),
        (None, True),
        (None, False),
    ]
    named = {"parse": "year_month", "year": 2019, "month": "a", "months": "es"}
    assert values(named, "Diciembre", field="occurrence_date") == [dt.date(2019, 12, 1)]


def test_a_month_without_a_year_gives_nothing() -> None:
    assert judged(
        {"parse": "year_month", "year": "a", "month": "b"}, (None, "2"), field="occurrence_date"
    ) == [(None, False)]


@pytest.mark.parametrize(
    ("raw", "made"),
    [("2024", "2024-07-01"), (" 1990 ", "1990-07-01"), *[(y, None) for y in ("24", "20245", "x", "2024.0")]],
)
def test_year(raw: str, made: str | None) -> None:
    verb = {"parse": "year", "from": "a", "day": "07-01"}
    assert judged(verb, raw, field="occurrence_date") == [
        (dt.date.fromisoformat(made) if made else None, True)
    ]


@pytest.mark.parametrize(
    ("verb", "field"),
    [
        ({"parse": "integer", "from": "a"}, "age_years"),
        ({"parse": "decimal", "from": "a"}, "longitude"),
        ({"parse": "hour", "from": "a"}, "occurrence_hour"),
        ({"parse": "date", "from": "a", "formats": ["%Y"]}, "occurrence_date"),
        ({"parse": "year", "from": "a"}, "occurrence_date"),
        ({"parse": "year_month", "year": "a", "month": "b"}, "occurrence_date"),
        ({"copy": "a"}, "occurrence_municipality"),
    ],
)
def test_raw_values_for_unknown_are_no_error(verb: dict[str, Any], field: str) -> None:
    rows = (("9999", "99"), (" 9999", "1"), ("S/D", "1"))
    assert judged({**verb, "unknown": ["9999", "S/D"]}, *rows, field=field) == NOTHING


def test_an_unknown_month_of_a_known_year() -> None:
    verb = {"parse": "year_month", "year": "a", "month": "b", "unknown": ["99"]}
    assert judged(verb, ("2024", "99"), ("2024", "3"), field="occurrence_date") == [
        (None, False),
        (dt.date(2024, 3, 1), True),
    ]


def test_the_code_before_its_label() -> None:
    verb = {"copy": "a", "split": {"by": " · ", "part": 1}}
    assert (
        values(verb, "0101 · Homicidio intencional", "0101", " 0101 · x · y ", field="iccs") == ["0101"] * 3
    )
    assert judged(verb, "101 · Homicidio", " · Homicidio", field="iccs") == [(None, True), (None, False)]
    assert values(
        {"copy": "a", "split": {"by": "-", "part": 1}, "prefix": "MEX-"}, "09 - Centro", "-", None
    ) == [
        "MEX-09",
        None,
        None,
    ]
