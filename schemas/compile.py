"""From a record type's rules to SQL that judges a record in one pass.

``given`` and ``value`` are SQL expressions for a field: whether the source gave something, and the typed value
that came of it (NULL if nothing could be made of it). Every condition is true when the rule is broken and is
never NULL, so that a NULL can neither pass nor fail a rule by accident.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schemas import codelists, sql
from schemas.record_type import RecordType
from schemas.rules import Rule


@dataclass(frozen=True)
class Judged:
    """A field as SQL: ``value`` is its typed value, ``given`` is true where the source gave something."""

    value: str
    given: str


Condition = Callable[[Rule, Mapping[str, Judged]], str]


def family(check: str, statistics: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The rule family of a pandera check, with its parameters.

    Raises:
        ValueError: The check has no SQL.
    """
    match check:
        case "in_range":
            return "range", {"low": statistics["min_value"], "high": statistics["max_value"]}
        case "greater_than_or_equal_to":
            return "range", {"low": statistics["min_value"], "high": None}
        case "less_than_or_equal_to":
            return "range", {"low": None, "high": statistics["max_value"]}
        case "str_matches":
            pattern = statistics["pattern"]
            return "form", {"pattern": pattern if isinstance(pattern, str) else pattern.pattern}
        case "isin":
            return "unknown_code", {}
        case _:
            raise ValueError(f"the check {check!r} cannot be compiled to SQL")


def _range(rule: Rule, fields: Mapping[str, Judged]) -> str:
    value = fields[rule.fields[0]].value
    low, high = rule.parameters.get("low"), rule.parameters.get("high")
    tests = [f"{value} < {low}"] if low is not None else []
    # NaN is greater than every number in DuckDB, so that an upper limit catches it
    tests += [f"{value} > {high}"] if high is not None else []
    return f"coalesce({' OR '.join(tests)}, false)"


def _form(rule: Rule, fields: Mapping[str, Judged]) -> str:
    value = fields[rule.fields[0]].value
    return f"coalesce(NOT regexp_matches({value}, {sql.text(rule.parameters['pattern'])}), false)"


def _missing(rule: Rule, fields: Mapping[str, Judged]) -> str:
    judged = fields[rule.fields[0]]
    return f"({judged.value} IS NULL AND NOT {judged.given})"


def _given_but_null(rule: Rule, fields: Mapping[str, Judged]) -> str:
    judged = fields[rule.fields[0]]
    return f"({judged.value} IS NULL AND {judged.given})"


def _not_before(rule: Rule, fields: Mapping[str, Judged]) -> str:
    earlier, later = (fields[rule.parameters[p]].value for p in ("earlier", "later"))
    return f"coalesce({later} < {earlier}, false)"


def _not_starting_with(rule: Rule, fields: Mapping[str, Judged]) -> str:
    value = fields[rule.parameters["field"]].value
    starts = " OR ".join(f"starts_with({value}, {sql.text(p)})" for p in rule.parameters["prefixes"])
    return f"coalesce({starts}, false)"


#: How each kind of rule is judged.
CONDITIONS: Mapping[str, Condition] = {
    "missing": _missing,
    "unreadable": _given_but_null,
    "unknown_code": _given_but_null,
    "range": _range,
    "form": _form,
    "not_before": _not_before,
    "not_starting_with": _not_starting_with,
}


def require_compilable(rule: Rule) -> None:
    """Stop the build on a rule that has no SQL.

    Raises:
        ValueError: No condition is known for the rule's kind.
    """
    if rule.kind not in CONDITIONS:
        raise ValueError(f"rule {rule.code}: kind {rule.kind!r} has no SQL")


def broken(rule: Rule, fields: Mapping[str, Judged]) -> str:
    """SQL condition that is true when the rule is broken, and never NULL."""
    require_compilable(rule)
    return CONDITIONS[rule.kind](rule, fields)


def mask(conditions: Sequence[str]) -> str:
    """SQL expression with bit i set where condition i is true; rows that break nothing cost one test.

    Raises:
        ValueError: More conditions than bits.
    """
    if len(conditions) > 63:
        raise ValueError("a record type has more than 63 rules")
    if not conditions:
        return "0::UBIGINT"
    bits = " | ".join(f"(({c})::UBIGINT << {i})" for i, c in enumerate(conditions))
    return f"CASE WHEN {' OR '.join(conditions)} THEN {bits} ELSE 0::UBIGINT END"


def judge_frame(record_type: RecordType, relation: str) -> str:
    """Judge a relation whose columns are the record type's fields as text and typed values.

    Tests hold this against pandera; ingestion compiles the same conditions over its own mapping.

    Returns:
        A query with the relation's columns and ``broken`` (rule codes).
    """
    fields = {}
    for field in record_type.fields:
        column = sql.name(field.name)
        value = column
        if field.codelist:
            value = f"TRY_CAST({column} AS {sql.enum(codelists.load(field.codelist).codes)})"
        fields[field.name] = Judged(value, f"({column} IS NOT NULL)")
    cases = [f"CASE WHEN {broken(r, fields)} THEN {sql.text(r.code)} END" for r in record_type.rules]
    return f"SELECT *, list_filter([{', '.join(cases)}], lambda r: r IS NOT NULL) AS broken FROM {relation}"
