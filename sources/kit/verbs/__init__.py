"""The mapping verbs as SQL: for each field of the record type its typed value, and whether anything was given.

A verb never fails on a value: what it cannot read becomes NULL with ``given`` true, and the rules say what that
means. Raw columns are text; spaces at the ends and empty text count as nothing.
"""

from __future__ import annotations

from schemas import sql
from schemas.compile import Judged
from schemas.record_type import Field
from sources.kit.conditions import all_hold
from sources.kit.raw_text import given
from sources.kit.verbs import ages, answers, moments, numbers, recode, texts
from sources.kit.verbs.reading import Context, judged, known, piece, unless_unknown
from sources.kit.words import (
    AnyMapping,
    AnyVerb,
    Combine,
    Copy,
    FirstOf,
    Fixed,
    Hmac,
    KeyOf,
    ParseAge,
    ParseAgeGroup,
    ParseDate,
    ParseHour,
    ParseNumber,
    ParseYear,
    ParseYearMonth,
    ParseYesNo,
    PartOf,
    Recode,
)

__all__ = ["Context", "compiled", "deciding"]


def compiled(field: Field, verb: AnyMapping, context: Context) -> Judged:
    """The SQL of a field's value and of whether the source gave something.

    Raises:
        Misuse: A table is missing or does not fit, or a code is not in the field's list.
    """
    if isinstance(verb, FirstOf) or verb.when:
        cases = deciding(field, verb, context)
        value = " ".join(f"WHEN {test} THEN {_one(field, one, context).value}" for one, test in cases)
        return Judged(f"CASE {value} END", f"({' OR '.join(test for _, test in cases)})")
    return _one(field, verb, context)


def deciding(field: Field, verb: AnyMapping, context: Context) -> list[tuple[AnyVerb, str]]:
    """The verbs of a field with SQL that is true where one decides, unless one before it does.

    What a verb that was given something cannot read, the next does not read either.
    """
    cases = []
    for one in verb.root if isinstance(verb, FirstOf) else [verb]:
        always = getattr(one, "default", None) is not None
        given_something = "true" if always else _one(field, one, context).given
        cases.append((one, f"({all_hold(one.when, context.column)} AND {given_something})"))
    return cases


def _one(field: Field, verb: AnyVerb, context: Context) -> Judged:
    target = context.sql_type(field)
    match verb:
        case Fixed():
            return Judged(f"CAST({sql.text(str(verb.fixed))} AS {target})", "true")
        case Copy() | Combine():
            return texts.text(field, verb, target, context)
        case PartOf():
            first, last = verb.take
            part = f"substr({sql.name(verb.part_of)}, {first}, {last - first + 1})"
            return Judged(part, f"({sql.name(verb.part_of)} IS NOT NULL)")
        case Recode():
            return recode.recoded(field, verb, target, context)
        case Hmac():
            return Judged(
                f"unhex({texts.hash_of(field.name)})", given([context.column(verb.hmac)], verb.unknown)
            )
        case KeyOf():
            return Judged(context.replaces, "false")
        case ParseDate():
            return judged(verb, lambda text: moments.date(verb, text), context.column(verb.column))
        case ParseHour():
            return judged(verb, lambda text: moments.hour(verb, text, target), context.column(verb.column))
        case ParseNumber():
            return judged(verb, lambda text: numbers.parsed(verb, text, target), context.column(verb.column))
        case ParseYesNo():
            return judged(
                verb, lambda text: answers.parsed(verb, field, text, target), context.column(verb.column)
            )
        case ParseYear():
            return judged(verb, lambda text: moments.year(text, verb.day), context.column(verb.column))
        case ParseYearMonth():
            return _year_month(verb, context)
        case ParseAge():
            return _age(verb, target, context)
        case ParseAgeGroup():
            return _age_group(verb, target, context)


def _year_month(verb: ParseYearMonth, context: Context) -> Judged:
    columns = [context.column(name) for name in verb.reads]
    year = sql.text(str(verb.year)) if isinstance(verb.year, int) else columns[0]
    value = moments.year_month(year, columns[-1], verb.months)
    if not verb.unknown:
        return Judged(value, given(columns[:1]))
    both_known = known(columns, verb.unknown)
    return Judged(unless_unknown(value, columns, verb.unknown), f"({given(columns[:1])} AND {both_known})")


def _age(verb: ParseAge, target: str, context: Context) -> Judged:
    unit = context.column(verb.unit_from) if verb.unit_from else None
    return judged(verb, lambda text: ages.age(verb, text, unit, target), context.column(verb.column))


def _age_group(verb: ParseAgeGroup, target: str, context: Context) -> Judged:
    read = piece(verb, context.column(verb.column))
    value, is_open = ages.group(verb, read.text, target)
    value = unless_unknown(value, [read.text], verb.unknown)
    return Judged(value, read.given if is_open == "false" else f"({read.given} AND NOT {is_open})")
