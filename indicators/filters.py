"""What an indicator's tests mean: SQL over a record's columns, and the same in words.

Belongs here: the meaning of ``Condition``. The cube, the explanation and the pages all take it from here, so that a
value and its explanation cannot count different records.
"""

from __future__ import annotations

from collections.abc import Iterable

from indicators import causes
from indicators.definition import Condition, Indicator
from schemas import codelists, record_type, sql

#: The name by which a test speaks of a death's underlying cause, and the columns that hold its stated range.
CAUSE, CAUSE_COLUMNS = "cause", ("cause_from", "cause_to")
#: Fields in which "not known" may stand as this code: it is treated as an empty field by every test.
UNKNOWN = "_U"


def columns(condition: Condition) -> tuple[str, ...]:
    """Columns of the record type that a test looks at."""
    return CAUSE_COLUMNS if condition.field == CAUSE else (condition.field,)


def needed(indicators: Iterable[Indicator]) -> list[str]:
    """Columns that the numerators of these indicators look at, sorted; the counting unit is always among them."""
    found = {c for i in indicators for test in i.numerator.where for c in columns(test)}
    return sorted(found | {"counting_unit"})


def codes(record: str, condition: Condition) -> tuple[str, ...]:
    """The codes that a test by code list speaks of, in the order of the list.

    Raises:
        Misuse: The record type has no such field, the field no code list, or the list no such code.
    """
    field = record_type.load(record).by_name[condition.field]
    listed = codelists.load(field.codelist or "")
    if condition.descends is not None:
        return listed.descends(condition.descends)
    named = condition.among or condition.other_than or []
    return tuple(listed.entry(code).code for code in named)


def condition_sql(record: str, condition: Condition) -> str:
    """SQL condition of one test over the record's columns; never NULL."""
    if condition.within is not None:
        return f"coalesce({causes.within_sql(condition.within, *CAUSE_COLUMNS)}, false)"
    column = sql.name(condition.field)
    listed = sql.texts(codes(record, condition))
    if condition.other_than is not None:
        return f"coalesce({column} NOT IN ({listed}), true)"
    return f"coalesce({column} IN ({listed}), false)"


def numerator_sql(indicator: Indicator) -> str:
    """SQL condition that a record passes to be counted by the indicator."""
    numerator = indicator.numerator
    unit = f"counting_unit = {sql.text(numerator.counting_unit)}"
    return " AND ".join([unit, *(condition_sql(numerator.record_type, test) for test in numerator.where)])


def condition_words(condition: Condition) -> str:
    """One test in words (English)."""
    if condition.descends is not None:
        return f"{condition.field} is {condition.descends} or a class below it"
    if condition.within is not None:
        ranges = ", ".join(causes.words(group) for group in condition.within)
        return f"the stated cause lies within {ranges}"
    if condition.other_than is not None:
        return f"{condition.field} is not {' or '.join(condition.other_than)}"
    return f"{condition.field} is {' or '.join(condition.among or ())}"


def numerator_words(indicator: Indicator) -> list[str]:
    """What is counted, in words (English): the counting unit, then each test."""
    numerator = indicator.numerator
    first = f"records of type {numerator.record_type} counted in the unit {numerator.counting_unit}"
    return [first, *(condition_words(test) for test in numerator.where)]
