"""Ages and groups of ages as SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from schemas import sql
from sources.kit.raw_text import plain
from sources.kit.words import ParseAge, ParseAgeGroup

#: Completed years of a number of units; ``n`` stands for the number.
_YEARS = {
    "hours": "0",
    "days": "floor({n} / 365.25)",
    "weeks": "floor({n} * 7 / 365.25)",
    "months": "floor({n} / 12)",
    "years": "{n}",
    "years_from_100": "{n} + 100",
}
_YEAR = "anos?|years?(?: old)?|yrs?|a"
#: Words for each unit but the year, in plain small letters.
_WORDS = {
    "months": "mes(?:es)?|months?",
    "weeks": "semanas?|weeks?",
    "days": "dias?|days?|d",
    "hours": "horas?|hours?|hrs?|h|minutos?|minutes?|min",
}
_YEARS_OLD = f"(?: ?(?:{_YEAR}))?"
_YOUNGER = "(?:< ?|(?:menor(?:es)?|menos) (?:de|que|a) |(?:less|younger) than |under )"
_NUMBER = "([0-9]{1,3})"
#: A number of which one may be written as a word.
_COUNT = "([0-9]{1,3}|una?|uno|uma?|one)"
_TO = " ?(?:-|\\x{2010}|\\x{2011}|\\x{2012}|\\x{2013}|\\x{2014}|\\x{2212}| a | to | ate | hasta | al ) ?"


def _number(text: str) -> str:
    return f"TRY_CAST({text} AS DOUBLE)"


def age(verb: ParseAge, value: str, unit: str | None, target: str) -> str:
    """Completed years; NULL for what cannot be read.

    Args:
        verb: The verb.
        value: SQL of the text with the age.
        unit: SQL of the column with the unit, if there is one.
        target: SQL type of the field.
    """
    if verb.units is None:
        return _in_words(value, target)
    bare = f"trim({value})"
    if unit is None:
        unit, number = f"left({bare}, 1)", f"substr({bare}, 2)"
    else:
        unit, number = f"trim({unit})", f"regexp_replace({bare}, '[.]0+$', '')"
    digits = f"CASE WHEN regexp_full_match({number}, '[0-9]+') THEN {_number(number)} END"
    cases = []
    for kind, codes in _by_unit(verb.units).items():
        years = _YEARS[kind].format(n=f"({digits})")
        cases.append(f"WHEN {unit} IN ({sql.texts(codes)}) AND {digits} IS NOT NULL THEN {years}")
    return f"TRY_CAST(CASE {' '.join(cases)} END AS {target})"


def _by_unit(units: Mapping[str, str]) -> dict[str, list[str]]:
    ordered = sorted(units.items(), key=lambda item: item[1])
    return {kind: [code for code, _ in found] for kind, found in groupby(ordered, key=lambda item: item[1])}


def _in_words(text: str, target: str) -> str:
    small = plain(text)
    younger = f"{_YOUNGER}(?:1|una?|uno|uma?|one){_YEARS_OLD}"
    cases = [f"WHEN regexp_full_match({small}, '{younger}') THEN 0"]
    for kind, words in {"years": f"(?:{_YEAR})?", **_WORDS}.items():
        pattern = f"([0-9]+)(?:[.]0+)? ?(?:{words})[.]?"
        number = _number(f"regexp_extract({small}, '{pattern}', 1)")
        cases.append(f"WHEN regexp_full_match({small}, '{pattern}') THEN {_YEARS[kind].format(n=number)}")
    return f"TRY_CAST(CASE {' '.join(cases)} END AS {target})"


def _forms() -> Iterator[tuple[str, str, str]]:
    """The forms of a group of ages: pattern, first and last age; {a} and {b} are the numbers in the pattern."""
    start = "(?:de |from |los )?"
    yield f"{start}{_NUMBER}{_YEARS_OLD}{_TO}{_NUMBER}{_YEARS_OLD}", "{a}", "{b}"
    yield f"(?:entre|between) {_NUMBER} (?:y|e|and) {_NUMBER}{_YEARS_OLD}", "{a}", "{b}"
    # as a program for statistics writes intervals: a round bracket leaves the limit out
    yield f"\\[{_NUMBER}, ?{_NUMBER}\\)", "{a}", "{b} - 1"
    yield f"\\[{_NUMBER}, ?{_NUMBER}\\]", "{a}", "{b}"
    more = "(?:[+]|(?:y|o|e|ou|and|or|&) ?(?:mas|mais|more|over|older|above|[+]))"
    yield f"{start}{_NUMBER}{_YEARS_OLD} ?{more}{_YEARS_OLD}", "{a}", "NULL"
    yield f"(?:>=|\\x{{2265}}) ?{_NUMBER}{_YEARS_OLD}", "{a}", "NULL"
    yield f"> ?{_NUMBER}{_YEARS_OLD}", "{a} + 1", "NULL"
    yield f"{_YOUNGER}{_COUNT}{_YEARS_OLD}", "0", "{a} - 1"
    yield f"(?:(?:<=|\\x{{2264}}) ?|(?:hasta|ate|up to) ){_NUMBER}{_YEARS_OLD}", "0", "{a}"
    yield f"{_NUMBER}{_YEARS_OLD}", "{a}", "{a}"
    months, shorter = _WORDS["months"], "|".join(w for k, w in _WORDS.items() if k != "months")
    first, last = (_YEARS["months"].format(n=n) for n in ("{a}", "{b}"))
    yield f"{start}{_NUMBER}(?: (?:{months}))?{_TO}{_NUMBER} (?:{months})", first, last
    yield f"{start}{_NUMBER}(?: (?:{shorter}))?{_TO}{_NUMBER} (?:{shorter})", "0", "0"
    yield f"{start}{_NUMBER} (?:{shorter}){_TO}{_NUMBER} (?:{months})", "0", last
    yield f"{_YOUNGER}{_COUNT} (?:{months}|{shorter})", "0", "0"


def group(verb: ParseAgeGroup, text: str, target: str) -> tuple[str, str]:
    """The first or last age of a group, and whether the group has none: an open one has no last age.

    Returns:
        SQL of the age, NULL for what cannot be read, and SQL that is true where the group is open at its end.
    """
    small = f"rtrim({plain(text)}, ' .')"
    cases, opened = [], []
    for pattern, first, last in _forms():
        fits = f"regexp_full_match({small}, '{pattern}')"
        limit = first if verb.parse == "age_from" else last
        a, b = (_count(f"regexp_extract({small}, '{pattern}', {i})") for i in (1, 2))
        cases.append(f"WHEN {fits} THEN {limit.format(a=a, b=b)}")
        if limit == "NULL":
            opened.append(fits)
    is_open = f"coalesce({' OR '.join(opened)}, false)" if opened else "false"
    return f"TRY_CAST(CASE {' '.join(cases)} END AS {target})", is_open


def _count(text: str) -> str:
    return f"CASE WHEN regexp_matches({text}, '^[a-z]') THEN 1 ELSE {_number(text)} END"
