"""The example row of a template: one made-up value for each column, which the rules find good."""

from __future__ import annotations

from collections.abc import Mapping

from schemas import codelists
from schemas.rules.limits import FORMS
from schemas.templates.columns import Column
from schemas.templates.words import Language, label

#: Every date of the example is one day, so that none comes before another.
DAY = "2024-03-15"

#: Values that look like what they are, or that the rules ask for beside the others; all others follow from the column.
_VALUES: Mapping[str, str] = {
    "age_from": "30",
    "age_to": "34",
    "age_years": "34",
    "boundary_version": "XAA-2020",
    "cause": "X954",
    "custody_measure": "release",
    "enrolled": "2",
    "latitude": "19.4326",
    "longitude": "-99.1332",
    "nature": "S069",
    "occurrence_hour": "21",
    "parent_code": "XAA",
    "step": "sentenced",
    "vintage": DAY[:4],
    "weight": "812.5",
}


def value(column: Column, language: Language) -> str:
    """The example of a column: a code without its label, a date as ``YYYY-MM-DD``."""
    if column.sensitivity == "identifier":
        return "2024-000123"
    if column.name in _VALUES:
        return _VALUES[column.name]
    match column.kind:
        case "code":
            return column.empty or _code(column)
        case "date":
            return DAY
        case "text":
            if column.areas:
                return next(iter(column.areas))
            return FORMS[column.pattern] if column.pattern else label(column, language)
        case _:
            return _number(column)


def _code(column: Column) -> str:
    """The first code that is neither the total nor the unknown, and has nothing below it."""
    listed = codelists.load(column.codelist or "")
    if column.codelist == "country":
        return FORMS["^[A-Z]{3}$"]
    plain = [c for c in column.codes if not c.startswith("_")]
    return next((c for c in plain if not listed.children(c)), plain[0] if plain else column.codes[0])


def _number(column: Column) -> str:
    if column.name.endswith("_year"):
        return DAY[:4]
    low, high = column.low, column.high
    least = max(low, 1) if low is not None else 1
    return str(least if high is None or least <= high else high)
