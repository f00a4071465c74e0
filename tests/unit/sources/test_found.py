"""Edition and period, from the file's name or the text around the table."""

from __future__ import annotations

import datetime as dt
import unicodedata
from typing import Any, get_args

import pytest

from schemas.errors import Refusal
from sources.kit import found, months
from sources.kit.specification import Found

REVISION = r"rev(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})"
SPAN = (
    r"DEL (?P<from_day>\d+) DE (?P<from_month>\w+) AL (?P<to_day>\d+) DE (?P<to_month>\w+) DE (?P<year>\d{4})"
)


def declared(pattern: str, **more: Any) -> Found:
    return Found.model_validate({"from": "file_name", "pattern": pattern, **more})


def test_edition_in_the_name() -> None:
    assert found.edition(declared(REVISION), "estatal__REV2024-12-21.csv", ()) == dt.date(2024, 12, 21)
    assert found.edition(None, "x.csv", ()) is None
    assert found.edition(declared(r"(?P<month>\w+)_(?P<year>\d+)", months="en"), "march_2024", ()) == dt.date(
        2024, 3, 1
    )


@pytest.mark.parametrize(
    ("language", "name", "month"),
    [
        ("es", "SEPTIEMBRE", 9),
        ("es", "Setiembre", 9),
        ("en", "May", 5),
        ("pt", "Março", 3),
        ("pt", "dezembro", 12),
    ],
)
def test_months_by_name(language: str, name: str, month: int) -> None:
    pattern = r"a (?P<month>\w+) de (?P<year>\d{4})"
    texts = ("Título", f"Datos a {name} de 2024 y más")
    given = Found.model_validate({"from": "text", "pattern": pattern, "months": language})
    assert found.edition(given, "2023.xlsx", texts) == dt.date(2024, month, 1)
    # some systems write the accents of a name as characters of their own
    decomposed = unicodedata.normalize("NFD", f"a {name} de 2024")
    assert found.edition(declared(pattern, months=language), decomposed, ()) == dt.date(2024, month, 1)


def test_every_language_has_twelve_months() -> None:
    for language in get_args(months.Language):
        assert set(months.numbers(language).values()) == set(range(1, 13))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("estatal.csv", "no_edition"),
        ("rev2024-02-30.csv", "no_date"),
        ("rev2024-13-01.csv", "no_month"),
        ("rev2024-00-01.csv", "no_month"),
        ("rev0000-01-01.csv", "no_date"),
    ],
)
def test_no_edition(name: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        found.edition(declared(REVISION), name, ())
    assert (refused.value.code, refused.value.where) == (code, name)
    assert refused.value.how


def test_no_edition_in_the_text() -> None:
    with pytest.raises(Refusal, match="text above or below the table does not say the edition") as refused:
        found.edition(
            Found.model_validate({"from": "text", "pattern": REVISION}), "rev2024-01-01", ("nothing",)
        )
    assert REVISION in refused.value.how


@pytest.mark.parametrize(
    ("pattern", "name", "start", "end"),
    [
        (r"_(?P<year>\d{4})_", "x_2024_y", "2024-01-01", "2024-12-31"),
        (
            r"(?P<year>\d{4})-(?P<from_month>\d\d)-(?P<to_month>\d\d)",
            "2024-01-02",
            "2024-01-01",
            "2024-02-29",
        ),
        (r"(?P<year>\d{4})to(?P<to_year>\d{4})", "2019to2023", "2019-01-01", "2023-12-31"),
        (SPAN, "del 1 de enero al 15 de junio de 2024", "2024-01-01", "2024-06-15"),
        (r"(?P<year>\d{4})(?:to(?P<to_year>\d{4}))?", "2024", "2024-01-01", "2024-12-31"),
    ],
)
def test_periods(pattern: str, name: str, start: str, end: str) -> None:
    found_period = found.period(declared(pattern, months="es"), name, ())
    assert found_period == (dt.date.fromisoformat(start), dt.date.fromisoformat(end))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("del 31 de abril al 15 de junio de 2024", "no_date"),
        ("del 1 de june al 15 de junio de 2024", "no_month"),
        ("del 1 de mayo al 15 de 13 de 2024", "no_month"),
        ("del 2 de mayo al 1 de mayo de 2024", "no_period"),
        ("2024", "no_period"),
    ],
)
def test_no_period(name: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        found.period(declared(SPAN, months="es"), name, ())
    assert (refused.value.code, refused.value.where) == (code, name)


def test_no_period_declared() -> None:
    assert found.period(None, "x", ()) is None


def test_a_month_without_day_that_is_none() -> None:
    with pytest.raises(Refusal, match="'13' is no month"):
        found.period(declared(r"(?P<year>\d{4})-(?P<to_month>\d\d)"), "2024-13", ())


def test_months_of_a_period() -> None:
    months = found.months(dt.date(2023, 11, 20), dt.date(2024, 2, 1))
    assert [m.isoformat() for m in months] == ["2023-11-01", "2023-12-01", "2024-01-01", "2024-02-01"]
    assert found.months(dt.date(2024, 5, 1), dt.date(2024, 5, 31)) == [dt.date(2024, 5, 1)]
