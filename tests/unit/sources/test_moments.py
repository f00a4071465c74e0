"""``parse``: dates and hours as people and programs write them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from tests.unit.sources.tried import judged, values

DAY = dt.date(2024, 2, 9)
#: Spaces that do not break, as spreadsheets and typesetters put them.
NBSP, NARROW = "\u00a0", "\u202f"


def date(text: str | None, *formats: str, **words: Any) -> Any:
    (made,) = values(
        {"parse": "date", "from": "a", "formats": list(formats), **words}, text, field="occurrence_date"
    )
    return made


@pytest.mark.parametrize(
    ("first", "text", "year"),
    [
        (1930, "09/02/24", 2024),
        (1930, "09/02/29", 2029),
        (1930, "09/02/30", 1930),
        (1930, "09/02/99", 1999),
        (1925, "09/02/24", 2024),
        (1924, "09/02/24", 1924),
        (2000, "09/02/68", 2068),
        (2000, "09/02/69", 2069),
        (2000, "09/02/00", 2000),
        (1900, "09/02/00", 1900),
    ],
)
def test_a_year_of_two_digits_lies_in_the_declared_hundred_years(first: int, text: str, year: int) -> None:
    assert date(text, "%d/%m/%y", years_from=first) == dt.date(year, 2, 9)


def test_the_first_form_that_fits_decides_with_years_of_two_and_of_four_digits() -> None:
    forms = ("%d/%m/%Y", "%d/%m/%y")
    assert date("09/02/2024", *forms, years_from=1930) == DAY
    assert date("09/02/24", *forms, years_from=1930) == DAY
    assert date("29/02/23", *forms, years_from=1930) is None
    assert date("29/02/00", "%d/%m/%y", years_from=1900) is None, "1900 was no leap year"


@pytest.mark.parametrize(
    ("form", "text", "made"),
    [
        ("excel", "45331", DAY),
        ("excel", " 45331.75 ", DAY),
        ("excel", "45331,5", DAY),
        ("excel", "61", dt.date(1900, 3, 1)),
        ("excel", "73050", dt.date(2099, 12, 31)),
        ("excel_1904", "43869", DAY),
        *[("excel", text, None) for text in ("60", "0", "-5", "73051", "20240209", "x", "4.5e4", "NaN")],
    ],
)
def test_numbers_of_days(form: str, text: str, made: dt.date | None) -> None:
    assert date(text, form) == made


def test_a_number_of_days_beside_a_written_date() -> None:
    assert [date(text, "%d/%m/%Y", "excel") for text in ("9/2/2024", "45331", "9-2-2024")] == [DAY, DAY, None]


GERMAN = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
]


@pytest.mark.parametrize(
    ("language", "form", "text", "made"),
    [
        ("es", "%d de %B de %Y", "9 de febrero de 2024", DAY),
        ("es", "%d de %B de %Y", "9 DE FEBRERO DE 2024", DAY),
        ("es", "%d de %B de %Y", f" 9{NBSP}de febrero  de 2024 ", DAY),
        ("es", "%d-%b-%Y", "09-feb-2024", DAY),
        ("es", "%d-%b-%Y", "09-FEB.-2024", DAY),
        ("es", "%d%b%Y", "09feb2024", DAY),
        ("es", "%d/%b/%Y", "01/set/2024", dt.date(2024, 9, 1)),
        ("es", "%d/%b/%Y", "01/Setiembre/2024", dt.date(2024, 9, 1)),
        ("es", "%d/%b/%Y", "01/sept./2024", dt.date(2024, 9, 1)),
        ("es", "martes %d de %B de %Y", "Martes 5 de marzo de 2024", dt.date(2024, 3, 5)),
        ("es", "%d/%b/%Y", "01/mai/2024", None),
        ("es", "%d de %B de %Y", "31 de abril de 2024", None),
        ("es", "%d de %B de %Y", "9 de febr de 2024", None),
        *(
            ("es", "%d de %B de %Y", f"{day} de mayo de 2021", dt.date(2021, 5, 1))
            for day in ("1º", "1.º", "1°", "1o", "1o.", "1.o", "1ro", "1ro.", "1RO", "1er", "01º")
        ),
        ("es", "%d de %B de %Y", "1oo de mayo de 2021", None),
        ("es", "%d de %B de %Y", "1st de mayo de 2021", None),
        ("es", "%d de %B de %Y", "101º de mayo de 2021", None),
        ("es", "%d.%b-%Y", "1.oct-2021", dt.date(2021, 10, 1)),
        ("es", "%dº de %B de %Y", "1º de mayo de 2021", dt.date(2021, 5, 1)),
        ("es", "%dº de %B de %Y", "2 de mayo de 2021", dt.date(2021, 5, 2)),
        ("pt", "%d de %B de %Y", "1º de maio de 2021", dt.date(2021, 5, 1)),
        ("pt", "%d/%b/%Y", "1o/out/2021", dt.date(2021, 10, 1)),
        ("pt", "%d de %B de %Y", "31º de abril de 2021", None),
        ("en", "%B %d, %Y", "May 1st, 2021", dt.date(2021, 5, 1)),
        ("en", "%d %B %Y", "22nd October 2021", dt.date(2021, 10, 22)),
        ("pt", "%d de %B de %Y", "1 de MARÇO de 2024", dt.date(2024, 3, 1)),
        ("pt", "%d/%b/%Y", "01/dez/2024", dt.date(2024, 12, 1)),
        ("pt", "%d/%b/%Y", "01/Ago/2024", dt.date(2024, 8, 1)),
        ("en", "%B %d, %Y", "Sept. 5, 2024", dt.date(2024, 9, 5)),
        ("en", "%B %d, %Y", "may 5, 2024", dt.date(2024, 5, 5)),
        ("fr", "%d %B %Y", "1er Février 2024", dt.date(2024, 2, 1)),
        ("fr", "%d-%b-%Y", "14-juil.-2024", dt.date(2024, 7, 14)),
        ("fr", "%d-%b-%Y", "14-jui-2024", None),
        ("nl", "%d %B %Y", "3 maart 2024", dt.date(2024, 3, 3)),
        ("nl", "%d %b %Y", "3 mrt 2024", dt.date(2024, 3, 3)),
        (GERMAN, "%d. %B %Y", "3. März 2024", dt.date(2024, 3, 3)),
        (GERMAN, "%d. %B %Y", "3. marzo 2024", None),
    ],
)
def test_names_of_months(language: str | list[str], form: str, text: str, made: dt.date | None) -> None:
    assert date(text, form, months=language) == made


def test_a_month_name_with_a_year_of_two_digits() -> None:
    assert date("09-feb-24", "%d-%b-%y", months="es", years_from=1930) == DAY


@pytest.mark.parametrize(
    ("form", "text", "made"),
    [
        ("%G-W%V", "2024-W06", dt.date(2024, 2, 8)),
        ("%G-W%V", "2025-W01", dt.date(2025, 1, 2)),
        ("%G-W%V", "2020-W53", dt.date(2020, 12, 31)),
        ("%G-W%V-%u", "2024-W06-5", DAY),
        ("%G%V", "202406", dt.date(2024, 2, 8)),
        ("%G-W%V-%u", "2020-W53-7", dt.date(2021, 1, 3)),
        ("%G/%V", "2026/53", dt.date(2026, 12, 31)),
        ("W%V.%G", "W53.2015", dt.date(2015, 12, 31)),
        ("W%V.%G", "W53.2014", None),
        *(("%G-W%V", f"{year}-W53", None) for year in (2019, 2021, 2024, 2025)),
        ("%G-W%V-%u", "2021-W53-7", None),
        ("%G-W%V", "2021-W00", None),
        ("%G-W%V", "2024-W54", None),
        ("%G-W%V", "2024-06", None),
    ],
)
def test_iso_weeks(form: str, text: str, made: dt.date | None) -> None:
    assert date(text, form) == made


@pytest.mark.parametrize(
    ("zone", "text", "made"),
    [
        (None, "2024-02-09T23:30:00-06:00", DAY),
        (None, "2024-02-09T23:30:00Z", DAY),
        (None, "2024-02-09T23:30:00+0530", DAY),
        (None, "2024-02-09T23:30:00", None),
        ("America/Mexico_City", "2024-02-10T05:30:00Z", DAY),
        ("America/Mexico_City", "2024-02-10T05:30:00+00:00", DAY),
        ("America/Mexico_City", "2024-02-09T23:30:00-06:00", DAY),
        ("America/Sao_Paulo", "2024-02-10T02:59:59Z", DAY),
        ("America/Sao_Paulo", "2024-02-10T03:00:00Z", dt.date(2024, 2, 10)),
    ],
)
def test_a_moment_with_its_distance_from_utc(zone: str | None, text: str, made: dt.date | None) -> None:
    words = {"zone": zone} if zone else {}
    assert date(text, "%Y-%m-%dT%H:%M:%S%z", **words) == made


def test_a_date_with_text_around_it() -> None:
    words = {"find": r"\d{2}/\d{2}/\d{4}"}
    assert date("Viernes, 09/02/2024 (aprox.)", "%d/%m/%Y", **words) == DAY
    within = {
        "parse": "date",
        "from": "a",
        "formats": ["%d/%m/%Y"],
        "find": r"hecho: (\S+)",
        "unknown": ["S/D"],
    }
    rows = ("hecho: 09/02/2024 denuncia: 01/03/2024", "sin fecha", "S/D", None, "")
    assert judged(within, *rows, field="occurrence_date") == [
        (DAY, True),
        (None, True),
        *[(None, False)] * 3,
    ]


def test_a_part_of_a_text() -> None:
    verb = {"parse": "date", "from": "a", "formats": ["%Y-%m-%d"], "split": {"by": " | ", "part": 2}}
    assert judged(verb, "x | 2024-02-09 | y", "x | ", "x", "x | y", field="occurrence_date") == [
        *((DAY, True), (None, False), (None, False), (None, True))
    ]
    last = {"copy": "a", "split": {"by": "/", "part": -1}}
    assert values(last, "a/b/ñ ", "a", None) == ["ñ", "a", None]


@pytest.mark.parametrize(
    ("text", "made"),
    [
        *[
            ("14 h", 14),
            ("14h", 14),
            ("14 hs.", 14),
            ("14 hrs", 14),
            ("14 horas", 14),
            ("9h05", 9),
            ("21.30 h", 21),
        ],
        *[
            ("2:30 PM", 14),
            ("2 pm", 14),
            ("2:30 p. m.", 14),
            (f"2:30{NBSP}p.{NARROW}m.", 14),
            ("11:59 am", 11),
        ],
        *[
            ("12:05 AM", 0),
            ("12:00 pm", 12),
            ("12 a.m.", 0),
            ("14:30 p.m.", 14),
            ("2:30:15 PM", 14),
            ("14:30 hrs", 14),
        ],
        *[("0 h", 0), ("24 h", 24), ("7:05", 7)],
        *[
            (text, None)
            for text in ("14:30 AM", "0:30 pm", "25 pm", "14:60 h", "h", "pm", "14 x", "1.5", "21.30", "1430")
        ],
    ],
)
def test_an_hour_as_people_write_it(text: str, made: int | None) -> None:
    assert judged({"parse": "hour", "from": "a"}, text, field="occurrence_hour") == [(made, True)]


@pytest.mark.parametrize(
    ("form", "text", "made"),
    [
        *[
            ("hhmm", text, made)
            for text, made in (("1430", 14), ("0930", 9), ("930", 9), ("5", 0), ("59", 0), ("2400", 24))
        ],
        *[("hhmm", text, None) for text in ("60", "1260", "14:30", "12345", "x", "-5")],
        *[
            ("excel", text, made)
            for text, made in (("0.5", 12), ("0,9166667", 22), ("0.9166666", 22), ("45331.25", 6), ("0", 0))
        ],
        *[("excel", text, None) for text in ("1", "12", "x", "0.5.5", "-0.5")],
        ("%d/%m/%Y %H:%M", "09/02/2024 23:59", 23),
        ("%d/%m/%Y %I:%M %p", "09/02/2024 11:59 PM", 23),
        ("%d/%m/%Y %H:%M", "09/02/2024", None),
    ],
)
def test_an_hour_in_a_declared_form(form: str, text: str, made: int | None) -> None:
    verb = {"parse": "hour", "from": "a", "formats": [form]}
    assert judged(verb, text, field="occurrence_hour") == [(made, True)]


def test_the_hour_of_a_moment_in_another_zone() -> None:
    verb = {"parse": "hour", "from": "a", "formats": ["%Y-%m-%dT%H:%M:%S%z"], "zone": "America/Bogota"}
    assert values(verb, "2024-02-10T03:30:00Z", field="occurrence_hour") == [22]


@drawn(st.dates(dt.date(1930, 1, 1), dt.date(2029, 12, 31)))
def test_every_day_is_read_back(day: dt.date) -> None:
    assert date(f"{day:%d/%m/%y}", "%d/%m/%y", years_from=1930) == day
    assert date(str((day - dt.date(1899, 12, 30)).days), "excel") == day
