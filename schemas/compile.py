"""From a record type's rules to SQL that judges a record in one pass.

``given`` and ``value`` are SQL expressions for a field: whether the source gave something, and the typed value
that came of it (NULL if nothing could be made of it). Every condition is true when the rule is broken and is
never NULL, so that a NULL can neither pass nor fail a rule by accident.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from schemas import codelists, sql
from schemas.codelists import causes
from schemas.record_type import RecordType
from schemas.rules import Rule


@dataclass(frozen=True)
class Judged:
    """A field as SQL: ``value`` is its typed value, ``given`` is true where the source gave something."""

    value: str
    given: str


Fields = Mapping[str, Judged]

#: Type of the sums of an account.
ACCOUNT = "DECIMAL(18,2)"
Condition = Callable[[Rule, Fields], str]


def _limit(value: Any) -> str:
    return f"DATE {sql.text(str(value))}" if isinstance(value, date | str) else str(value)


def _outside(value: str, low: Any, high: Any, *, above: bool = False) -> str:
    tests = [f"{value} {'<=' if above else '<'} {_limit(low)}"] if low is not None else []
    # NaN is greater than every number in DuckDB, so that an upper limit catches it
    tests += [f"{value} > {_limit(high)}"] if high is not None else []
    return " OR ".join(tests)


def _range(rule: Rule, fields: Fields) -> str:
    value = fields[rule.fields[0]].value
    low, high, above = (rule.parameters.get(p) for p in ("low", "high", "above"))
    return f"coalesce({_outside(value, low, high, above=bool(above))}, false)"


def _form(rule: Rule, fields: Fields) -> str:
    value = fields[rule.fields[0]].value
    return f"coalesce(NOT regexp_matches({value}, {sql.text(rule.parameters['pattern'])}), false)"


def _missing(rule: Rule, fields: Fields) -> str:
    judged = fields[rule.fields[0]]
    return f"({judged.value} IS NULL AND NOT {judged.given})"


def _given_but_null(rule: Rule, fields: Fields) -> str:
    judged = fields[rule.fields[0]]
    return f"({judged.value} IS NULL AND {judged.given})"


def _unreadable(rule: Rule, fields: Fields) -> str:
    condition = _given_but_null(rule, fields)
    if not rule.parameters.get("finite"):
        return condition
    return f"({condition} OR coalesce(NOT isfinite({fields[rule.fields[0]].value}), false))"


def _is_among(rule: Rule, fields: Fields) -> str:
    """Whether the rule applies: ``of`` is one of the codes ``among``; always where no field is named."""
    of = rule.parameters.get("of")
    if not of:
        return "true"
    value = fields[of].value
    if starting := rule.parameters.get("starting"):
        return f"coalesce({_starts(value, starting)}, false)"
    if among := rule.parameters.get("among"):
        return f"coalesce({value} IN ({sql.texts(among)}), false)"
    return fields[of].given


def _starts(value: str, prefixes: Sequence[str]) -> str:
    return "(" + " OR ".join(f"starts_with({value}, {sql.text(p)})" for p in prefixes) + ")"


def _ordered(rule: Rule, fields: Fields) -> str:
    first, second = (fields[rule.parameters[p]].value for p in ("first", "second"))
    precision = fields.get(f"{rule.parameters['second']}_precision")
    if precision:
        known = precision.value
        first = (
            f"CASE WHEN {known} = 'month' THEN date_trunc('month', {first})::DATE "
            f"WHEN {known} = 'year' THEN date_trunc('year', {first})::DATE ELSE {first} END"
        )
    return f"({_is_among(rule, fields)} AND coalesce({second} < {first}, false))"


def _within_days(rule: Rule, fields: Fields) -> str:
    first, second = (fields[rule.parameters[p]].value for p in ("first", "second"))
    return f"coalesce({second} - {first} > {rule.parameters['most']}, false)"


def _not_after_edition(rule: Rule, fields: Fields) -> str:
    value = fields[rule.parameters["field"]].value
    return f"coalesce({value} > {_limit(rule.parameters['day'])}, false)"


def _needs(rule: Rule, fields: Fields) -> str:
    return f"({_is_among(rule, fields)} AND NOT {fields[rule.parameters['field']].given})"


def _never(rule: Rule, fields: Fields) -> str:
    # that it is not known may always be said
    judged = fields[rule.parameters["field"]]
    said = f"{judged.given} AND coalesce({judged.value}::VARCHAR <> '_U', true)"
    return f"({said} AND {_is_among(rule, fields)})"


def _clash(rule: Rule, fields: Fields) -> str:
    value = fields[rule.parameters["field"]].value
    has = f"coalesce({value} IN ({sql.texts(rule.parameters['forbidden'])}), false)"
    return f"({has} AND {_is_among(rule, fields)})"


def _bounded(rule: Rule, fields: Fields) -> str:
    value = fields[rule.parameters["field"]].value
    outside = _outside(value, rule.parameters["low"], rule.parameters["high"])
    return f"({_is_among(rule, fields)} AND coalesce({outside}, false))"


def _starting(rule: Rule, fields: Fields) -> str:
    starts = _starts(fields[rule.parameters["field"]].value, rule.parameters["prefixes"])
    wrong = f"NOT {starts}" if rule.parameters["allowed"] else starts
    return f"({_is_among(rule, fields)} AND coalesce({wrong}, false))"


def _among(rule: Rule, fields: Fields) -> str:
    value = fields[rule.parameters["field"]].value
    return f"coalesce({value} NOT IN ({sql.texts(rule.parameters['permitted'])}), false)"


def _outside_group(rule: Rule, fields: Fields) -> str:
    value = fields[rule.parameters["field"]].value
    return f"coalesce({causes.sql_within(value, rule.parameters['ranges'])}, false)"


def _together(rule: Rule, fields: Fields) -> str:
    one, other = (fields[rule.parameters[p]].given for p in ("one", "other"))
    return f"({one} <> {other})"


def _at_least_one(rule: Rule, fields: Fields) -> str:
    return "(" + " AND ".join(f"NOT {fields[f].given}" for f in rule.parameters["of_fields"]) + ")"


def _different(rule: Rule, fields: Fields) -> str:
    one, other = (fields[rule.parameters[p]].value for p in ("one", "other"))
    return f"coalesce({one} = {other}, false)"


def _same_start(rule: Rule, fields: Fields) -> str:
    n = rule.parameters["characters"]
    one, other = (f"left({fields[rule.parameters[p]].value}::VARCHAR, {n})" for p in ("one", "other"))
    return f"coalesce({one} <> {other}, false)"


def _sum_at_most(rule: Rule, fields: Fields) -> str:
    parts = " + ".join(f"coalesce({fields[p].value}, 0)::BIGINT" for p in rule.parameters["parts"])
    return f"coalesce({parts} > {fields[rule.parameters['whole']].value}, false)"


#: How each kind of rule on one record is judged.
CONDITIONS: Mapping[str, Condition] = {
    "missing": _missing,
    "unreadable": _unreadable,
    "unknown_code": _given_but_null,
    "range": _range,
    "form": _form,
    "ordered": _ordered,
    "within_days": _within_days,
    "not_after_edition": _not_after_edition,
    "needs": _needs,
    "never": _never,
    "clash": _clash,
    "bounded": _bounded,
    "starting": _starting,
    "among": _among,
    "outside_group": _outside_group,
    "together": _together,
    "at_least_one": _at_least_one,
    "different": _different,
    "same_start": _same_start,
    "sum_at_most": _sum_at_most,
}


def broken(rule: Rule, fields: Fields) -> str:
    """SQL condition that is true when a rule on one record is broken, and never NULL.

    Raises:
        ValueError: No condition is known for the rule's kind.
    """
    if rule.kind not in CONDITIONS:
        raise ValueError(f"rule {rule.code}: kind {rule.kind!r} has no SQL")
    return CONDITIONS[rule.kind](rule, fields)


def as_of(rule: Rule, edition: date | None) -> Rule | None:
    """A rule with the edition's date in it; None where it speaks of an edition that has none."""
    if rule.kind != "not_after_edition":
        return rule
    return replace(rule, parameters={**rule.parameters, "day": edition}) if edition else None


def added_up(record_type: RecordType) -> str:
    """SQL over facts for what the account adds up; weights and money are rounded to cents before they are added."""
    if record_type.amount is None:
        return "count(*)"
    added = sql.name(record_type.amount)
    is_whole = record_type.by_name[record_type.amount].sql_type != "DOUBLE"
    return f"sum({added})" if is_whole else f"sum({added}::{ACCOUNT})"


def judge_frame(record_type: RecordType, relation: str, edition: date | None = None) -> str:
    """Judge a relation whose columns are the record type's fields as text and typed values.

    Tests hold this against pandera; ingestion compiles the same conditions over its own mapping.

    Returns:
        A query with the relation's columns and ``broken`` (codes of the rules on one record, warnings included).
    """
    fields = {}
    for field in record_type.fields:
        column = sql.name(field.name)
        value = column
        if field.codelist:
            value = f"TRY_CAST({column} AS {sql.enum(codelists.load(field.codelist).codes)})"
        fields[field.name] = Judged(value, f"({column} IS NOT NULL)")
    rules = (as_of(rule, edition) for rule in record_type.rules if rule.scope == "row")
    cases = [f"CASE WHEN {broken(r, fields)} THEN {sql.text(r.code)} END" for r in rules if r]
    return f"SELECT *, list_filter([{', '.join(cases)}], lambda r: r IS NOT NULL) AS broken FROM {relation}"
