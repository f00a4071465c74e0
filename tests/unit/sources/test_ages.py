"""``parse``: ages, groups of ages, and answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from schemas.record_type import Field
from sources.kit import verbs
from tests.unit.sources.tried import VERB, judged

#: Spaces that do not break, as spreadsheets and typesetters put them.
NBSP, NARROW = "\u00a0", "\u202f"
#: How Mexico and Brazil write the unit of an age as its first digit.
MEXICO = {"1": "hours", "2": "days", "3": "months", "4": "years"}
BRAZIL = {"0": "hours", "1": "hours", "2": "days", "3": "months", "4": "years", "5": "years_from_100"}


@pytest.mark.parametrize(
    ("text", "made"),
    [
        *[
            ("34", 34),
            (" 34 ", 34),
            ("34.0", 34),
            ("34 años", 34),
            ("34 ANOS", 34),
            (f"34{NBSP}años", 34),
            ("1 año", 1),
        ],
        *[
            ("34 anos", 34),
            ("34 years old", 34),
            ("5 meses", 0),
            ("23 meses", 1),
            ("11 months", 0),
            ("20 días", 0),
        ],
        *[
            ("400 dias", 1),
            ("3 semanas", 0),
            ("5 horas", 0),
            ("menor de 1", 0),
            ("Menor de un año", 0),
            ("< 1 año", 0),
        ],
        *[
            ("menor de 1 ano", 0),
            ("menos de um ano", 0),
            ("under 1", 0),
            ("less than one year", 0),
            ("0", 0),
            ("120", 120),
        ],
        *[
            (text, None)
            for text in ("x", "-3", "34.5", "menor de 5", "años", "34 m", "18-29", "1e1", "٣٤", "99999")
        ],
    ],
)
def test_an_age_in_words(text: str, made: int | None) -> None:
    assert judged({"parse": "age", "from": "a"}, text, field="age_years") == [(made, True)]


@pytest.mark.parametrize(
    ("units", "text", "made"),
    [
        *[
            (MEXICO, text, made)
            for text, made in (("4030", 30), ("4120", 120), ("3011", 0), ("2029", 0), ("1023", 0))
        ],
        *[(MEXICO, text, None) for text in ("9030", "4", "4x30", "", "030", "4.30")],
        *[
            (BRAZIL, text, made)
            for text, made in (("430", 30), ("505", 105), ("311", 0), ("400", 0), ("020", 0))
        ],
    ],
)
def test_an_age_whose_first_character_is_the_unit(units: dict[str, str], text: str, made: int | None) -> None:
    verb = {"parse": "age", "from": "a", "units": units, "unknown": ["4998", "999"]}
    assert judged(verb, text, "4998", field="age_years") == [(made, text != ""), (None, False)]


def test_an_age_with_its_unit_in_another_column() -> None:
    units = {"A": "years", "M": "months", "Días": "days"}
    verb = {"parse": "age", "from": "a", "units": units, "unit_from": "b"}
    rows = (("34", "A"), ("30.0", " M "), ("5", "Días"), ("5", "X"), ("5", None), (None, "A"), ("x", "A"))
    assert judged(verb, *rows, field="age_years") == [
        *((34, True), (2, True), (0, True)),
        *((None, True), (None, True), (None, False), (None, True)),
    ]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        *[
            ("18-29", 18, 29),
            ("18 - 29", 18, 29),
            ("18–29", 18, 29),
            ("18 a 29", 18, 29),
            ("De 25 a 29 años", 25, 29),
        ],
        *[
            ("de 25 años a 29 años", 25, 29),
            ("0 a 4 anos", 0, 4),
            ("15 to 19", 15, 19),
            ("Entre 18 y 29 años", 18, 29),
        ],
        *[(f"18{NBSP}a{NARROW}29", 18, 29), ("[15,20)", 15, 19), ("[15, 20]", 15, 20), ("18 até 29", 18, 29)],
        *[
            ("60 y más", 60, None),
            ("60 Y MAS", 60, None),
            ("60+", 60, None),
            ("60 o más años", 60, None),
            (">=60", 60, None),
        ],
        *[
            ("80 anos ou mais", 80, None),
            ("80 e +", 80, None),
            ("85 and over", 85, None),
            ("60 años y más", 60, None),
        ],
        *[
            ("\u226560", 60, None),
            ("> 60", 61, None),
            ("De 60 y más años.", 60, None),
            ("75 years or older", 75, None),
        ],
        *[
            ("Menor de 1 año", 0, 0),
            ("Menores de 15 años", 0, 14),
            ("menos de 5", 0, 4),
            ("<18", 0, 17),
            ("under 5", 0, 4),
        ],
        *[
            ("menor de un año", 0, 0),
            ("Menor de um ano", 0, 0),
            ("hasta 17 años", 0, 17),
            ("\u2264 17", 0, 17),
            ("até 4", 0, 4),
        ],
        *[
            ("17", 17, 17),
            ("1 año", 1, 1),
            ("6 a 11 meses", 0, 0),
            ("12 a 23 meses", 1, 1),
            ("1 a 27 días", 0, 0),
        ],
        *[("28 días a 11 meses", 0, 0), ("menor de 1 mes", 0, 0)],
    ],
)
def test_groups_of_ages(text: str, first: int, last: int | None) -> None:
    assert judged({"parse": "age_from", "from": "a"}, text, field="age_from") == [(first, True)]
    assert judged({"parse": "age_to", "from": "a"}, text, field="age_to") == [(last, last is not None)]


@pytest.mark.parametrize(
    "text", ["mayores de 60", "adultos", "18/29", "18-", "-18", "18 29", "60 y", "x", "10-oct"]
)
def test_what_is_no_group_of_ages_is_not_guessed(text: str) -> None:
    for name in ("age_from", "age_to"):
        assert judged({"parse": name, "from": "a"}, text, field=name) == [(None, True)]


def test_an_unknown_age_is_no_error() -> None:
    for name in ("age_from", "age_to"):
        verb = {"parse": name, "from": "a", "unknown": ["Total", "No especificado"]}
        assert judged(verb, "Total", " No especificado ", None, field=name) == [(None, False)] * 3


def answer(verb: dict[str, Any], sql_type: str, *texts: str | None) -> list[tuple[Any, bool]]:
    """Value and given of answers, in a field of a made-up record type."""
    field = Field("reported", sql_type, "", "open", False, {})
    kind = "ENUM('yes', 'no', '_U')" if field.codelist else sql_type
    made = verbs.compiled(
        field,
        VERB.validate_python({"parse": "yes_no", "from": "a", **verb}),
        verbs.Context(Path(), lambda name: name, lambda _: kind),
    )
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE raw (a VARCHAR)")
        connection.executemany("INSERT INTO raw VALUES (?)", [[t] for t in texts])
        return connection.execute(f"SELECT {made.value}, {made.given} FROM raw ORDER BY rowid").fetchall()


def test_answers() -> None:
    yes = ("Sí", "SI", " s ", "Sim", "yes", "TRUE", "verdadero", f"sí{NBSP}")
    no = ("No", "n", "NÃO", "false", "Falso")
    assert answer({}, "BOOLEAN", *yes) == [(True, True)] * len(yes)
    assert answer({}, "BOOLEAN", *no) == [(False, True)] * len(no)
    assert answer({}, "ENUM:answer", "Sí", "no", "quizá", "1", None) == [
        *(("yes", True), ("no", True)),
        *((None, True), (None, True), (None, False)),
    ]


def test_answers_of_a_declared_code() -> None:
    verb = {"yes": ["1", "X"], "no": ["2", "S"], "unknown": ["9"]}
    assert answer(verb, "BOOLEAN", "1", " X", "x", "2", "S", "s", "Sí", "9", "3") == [
        *(
            (True, True),
            (True, True),
            (True, True),
            (False, True),
            (False, True),
            (False, True),
            (True, True),
        ),
        *((None, False), (None, True)),
    ]
