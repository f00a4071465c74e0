"""The kinds of declared rules: one function for each, which says what a rule of the kind asks.

A kind of scope ``row`` has its SQL in ``schemas.compile`` and its check for pandera in ``schemas.checks``; the other
two scopes have theirs in ``schemas.compile_delivery`` and ``schemas.compile_reference``. Nothing is asked of a value
that is not given: that it must be is a rule of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypedDict, Unpack

from schemas.codelists import causes
from schemas.rules.rule import Declared, Rule, Scope, Severity, Text, say


class Further(TypedDict, total=False):
    """What most rules leave as it is: the severity ``row``, and that all record types with the fields have the rule."""

    severity: Severity
    only: tuple[str, ...]


def _declared(
    code: str,
    kind: str,
    fields: Sequence[str],
    parameters: dict[str, Any],
    texts: tuple[Text, Text],
    further: Further,
    scope: Scope = "row",
) -> Declared:
    severity = further.get("severity", "row")
    rule = Rule(code, kind, severity, tuple(dict.fromkeys(f for f in fields if f)), parameters, scope)
    return Declared(rule, *texts, further.get("only", ()))


def ordered(
    code: str,
    first: str,
    second: str,
    texts: tuple[Text, Text],
    *,
    of: str = "",
    among: Sequence[str] = (),
    **further: Unpack[Further],
) -> Declared:
    """``second`` is not less than ``first``, where ``of`` is one of the codes ``among`` (or anyhow).

    Dates are compared at the precision of the second: of a month that is known alone only the month can be too early.
    """
    parameters = {"first": first, "second": second, "of": of, "among": list(among)}
    return _declared(code, "ordered", (first, second, of), parameters, texts, further)


def within_days(
    code: str, first: str, second: str, most: int, texts: tuple[Text, Text], **further: Unpack[Further]
) -> Declared:
    """``second`` is at most so many days after ``first``."""
    parameters = {"first": first, "second": second, "most": most}
    return _declared(code, "within_days", (first, second), parameters, texts, further)


def not_after_edition(
    code: str, field: str, texts: tuple[Text, Text], **further: Unpack[Further]
) -> Declared:
    """The date is not after the date of the delivery's edition, where the delivery has one."""
    return _declared(code, "not_after_edition", (field,), {"field": field}, texts, further)


def needs(
    code: str,
    field: str,
    of: str,
    texts: tuple[Text, Text],
    *,
    among: Sequence[str] = (),
    **further: Unpack[Further],
) -> Declared:
    """``field`` is given where ``of`` is given, or where it is one of the codes ``among``."""
    return _declared(
        code, "needs", (field, of), {"field": field, "of": of, "among": list(among)}, texts, further
    )


def never(
    code: str, field: str, of: str, among: Sequence[str], texts: tuple[Text, Text], **further: Unpack[Further]
) -> Declared:
    """``field`` is not given where ``of`` is one of the codes ``among``."""
    return _declared(
        code, "never", (field, of), {"field": field, "of": of, "among": list(among)}, texts, further
    )


def clash(
    code: str,
    field: str,
    codes: Sequence[str],
    of: str,
    among: Sequence[str],
    texts: tuple[Text, Text],
    **further: Unpack[Further],
) -> Declared:
    """``field`` is none of ``codes`` where ``of`` is one of the codes ``among``."""
    parameters = {"field": field, "forbidden": list(codes), "of": of, "among": list(among)}
    return _declared(code, "clash", (field, of), parameters, texts, further)


def bounded(
    code: str,
    field: str,
    low: float | None,
    high: float | None,
    texts: tuple[Text, Text],
    *,
    of: str = "",
    among: Sequence[str] = (),
    starting: Sequence[str] = (),
    **further: Unpack[Further],
) -> Declared:
    """``field`` lies between the limits, where ``of`` is one of ``among``, or starts with one of ``starting``."""
    parameters = {
        "field": field,
        "low": low,
        "high": high,
        "of": of,
        "among": list(among),
        "starting": list(starting),
    }
    return _declared(code, "bounded", (field, of), parameters, texts, further)


def starting(
    code: str,
    field: str,
    prefixes: Sequence[str],
    texts: tuple[Text, Text],
    *,
    allowed: bool,
    of: str = "",
    among: Sequence[str] = (),
    **further: Unpack[Further],
) -> Declared:
    """``field`` starts with one of the prefixes (``allowed``), or with none, where ``of`` is one of ``among``."""
    parameters = {
        "field": field,
        "prefixes": list(prefixes),
        "allowed": allowed,
        "of": of,
        "among": list(among),
    }
    return _declared(code, "starting", (field, of), parameters, texts, further)


def among(
    code: str, field: str, codes: Sequence[str], texts: tuple[Text, Text], **further: Unpack[Further]
) -> Declared:
    """``field`` is one of the codes, of all that its list has."""
    return _declared(code, "among", (field,), {"field": field, "permitted": list(codes)}, texts, further)


def outside_group(
    code: str, field: str, group: str, texts: tuple[Text, Text], **further: Unpack[Further]
) -> Declared:
    """The code of ICD-10 in the field lies in none of the ranges of a group of causes (``icd10_group``)."""
    parameters = {"field": field, "ranges": causes.ranges(group)}
    return _declared(code, "outside_group", (field,), parameters, texts, further)


def together(
    code: str, one: str, other: str, texts: tuple[Text, Text], **further: Unpack[Further]
) -> Declared:
    """Both fields are given, or neither."""
    return _declared(code, "together", (one, other), {"one": one, "other": other}, texts, further)


def at_least_one(
    code: str, fields: Sequence[str], texts: tuple[Text, Text], **further: Unpack[Further]
) -> Declared:
    """One of the fields is given."""
    return _declared(code, "at_least_one", fields, {"of_fields": list(fields)}, texts, further)


def different(
    code: str, one: str, other: str, texts: tuple[Text, Text], **further: Unpack[Further]
) -> Declared:
    """The two fields are not equal."""
    return _declared(code, "different", (one, other), {"one": one, "other": other}, texts, further)


def same_start(
    code: str, one: str, other: str, characters: int, texts: tuple[Text, Text], **further: Unpack[Further]
) -> Declared:
    """The two texts have their first characters in common."""
    parameters = {"one": one, "other": other, "characters": characters}
    return _declared(code, "same_start", (one, other), parameters, texts, further)


def sum_at_most(
    code: str, parts: Sequence[str], whole: str, texts: tuple[Text, Text], **further: Unpack[Further]
) -> Declared:
    """The parts that are given add up to no more than the whole."""
    return _declared(
        code, "sum_at_most", (*parts, whole), {"parts": list(parts), "whole": whole}, texts, further
    )


def heaped(
    code: str,
    hits: str,
    fields: Sequence[str],
    tolerated: float,
    texts: tuple[Text, Text],
    *,
    values: Sequence[Any] = (),
    within: Sequence[str] = (),
    least: int = 30,
    only: tuple[str, ...] = (),
) -> Declared:
    """Of the records of a delivery that can be judged, no more than the tolerated share hits.

    Args:
        code: Code of the rule.
        hits: What a hit is, a key of ``schemas.compile_delivery.HITS``.
        fields: Fields that it reads.
        tolerated: Share of the judged records, from 0 to 1.
        texts: Message and hint.
        values: Values that are hits, for the kinds that have some.
        within: For ``in_group`` the group of causes that is judged (empty: every cause) and the one that is a hit.
        least: With fewer records to judge nothing is said.
        only: Record types.
    """
    parameters = {"hits": hits, "tolerated": tolerated, "least": least, "values": list(values)}
    if within:
        parameters["ranges"], parameters["hit_ranges"] = (
            causes.ranges(group) if group else [["A", "Z"]] for group in within
        )
    return _declared(
        code, "heaped", fields, parameters, texts, {"severity": "warn", "only": only}, "delivery"
    )


def in_units(whole: Declared, least: int = 50) -> Declared:
    """The same within each unit of a delivery (office, or municipality): one unit may heap what the whole does not.

    Args:
        whole: A rule of the kind ``heaped``, told by a condition on each record.
        least: Of units with fewer records to judge nothing is said.
    """
    rule = replace(
        whole.rule,
        code=f"{whole.rule.code}_in_units",
        kind="heaped_in_units",
        parameters={**whole.rule.parameters, "least": least},
    )
    beginning = {
        "es": "En algunas oficinas o municipios: ",
        "en": "In some offices or municipalities: ",
        "pt": "Em alguns órgãos ou municípios: ",
    }
    message = {
        language: f"{start}{_inside(whole.message[language])}" for language, start in beginning.items()
    }
    return Declared(rule, say(**message), whole.hint, whole.only)


def _inside(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def unique(code: str, fields: Sequence[str], texts: tuple[Text, Text], *, only: tuple[str, ...]) -> Declared:
    """No two records of a delivery have all these fields equal; unknown values are equal to each other.

    It only warns: that a key is unique is judged where the source declares one that its provider guarantees.
    """
    return _declared(code, "unique", fields, {}, texts, {"severity": "warn", "only": only}, "delivery")


def sequence(
    code: str,
    earlier: Sequence[str],
    later: Sequence[str],
    texts: tuple[Text, Text],
    *,
    step: str,
    date: str,
    by: Sequence[str],
    only: tuple[str, ...],
) -> Declared:
    """A later step of one case and person is not dated before its first earlier step; the later record is judged."""
    parameters = {"earlier": list(earlier), "later": list(later), "step": step, "date": date, "by": list(by)}
    return _declared(code, "sequence", (step, date, by[0]), parameters, texts, {"only": only}, "delivery")


def adds_up(
    code: str,
    field: str,
    by: Sequence[str],
    total: float,
    tolerance: float,
    texts: tuple[Text, Text],
    **further: Unpack[Further],
) -> Declared:
    """Within each group the field adds up to the total."""
    parameters = {"field": field, "by": list(by), "total": total, "tolerance": tolerance}
    return _declared(code, "adds_up", (field, *by), parameters, texts, further, "delivery")


def not_all(
    code: str,
    field: str,
    value: Any,
    texts: tuple[Text, Text],
    *,
    least: int = 30,
    **further: Unpack[Further],
) -> Declared:
    """Not every record of a delivery has this one value."""
    parameters = {"field": field, "value": value, "least": least}
    return _declared(code, "not_all", (field,), parameters, texts, further, "delivery")


def parts_of_total(
    code: str, dimension: str, by: Sequence[str], texts: tuple[Text, Text], *, only: tuple[str, ...]
) -> Declared:
    """A total of the dimension (``_T``) is the sum of its parts, where a delivery has both."""
    parameters = {"dimension": dimension, "by": list(by)}
    further: Further = {"severity": "warn", "only": only}
    return _declared(code, "parts_of_total", (dimension,), parameters, texts, further, "delivery")


def known_area(code: str, field: str, texts: tuple[Text, Text], only: tuple[str, ...] = ()) -> Declared:
    """The area is one that is loaded, as far as areas of its level and country are."""
    further: Further = {"severity": "warn", "only": only}
    return _declared(code, "known_area", (field,), {"field": field}, texts, further, "reference")


def exists_in(
    code: str,
    fields: Sequence[str],
    record_type: str,
    texts: tuple[Text, Text],
    *,
    named: Sequence[str] = (),
    only: tuple[str, ...] = (),
    always: bool = False,
) -> Declared:
    """A loaded record of the type, from a source of the same country, has the same values in these fields.

    Args:
        code: Code of the rule.
        fields: Fields of the record.
        record_type: Where they are looked up.
        texts: Message and hint.
        named: Names of the fields there, where they differ.
        only: Record types.
        always: It is judged also where no record of that type is loaded at all.
    """
    parameters = {
        "fields": list(fields),
        "record_type": record_type,
        "named": list(named or fields),
        "always": always,
    }
    further: Further = {"severity": "warn", "only": only}
    return _declared(code, "exists_in", fields, parameters, texts, further, "reference")
