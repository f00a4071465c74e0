"""A record type as a Frictionless Table Schema: what a CSV file in our own form must be.

Only what Table Schema can say is a constraint; rules over several columns stand in ``siprev:rules`` for readers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from schemas.record_type import RecordType
from schemas.rules import FAMILIES, explain
from schemas.templates import columns as column_rules
from schemas.templates import examples
from schemas.templates.columns import LIMITS, Column
from schemas.templates.words import Language, label, meaning

PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"

_TYPES = {"text": "string", "code": "string", "date": "date", "integer": "integer", "number": "number"}


def rendered(kind: RecordType, columns: Sequence[Column], language: Language) -> dict[str, Any]:
    """The Table Schema of a record type's columns, titles and descriptions in one language."""
    return {
        "$schema": PROFILE,
        "name": kind.name,
        "title": kind.titles[language],
        "description": kind.grains[language],
        "fields": [_field(c, language) for c in columns],
        "missingValues": [""],
        "siprev:references": references(kind, columns),
        "siprev:rules": rules(kind, columns, language),
    }


def _field(column: Column, language: Language) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": column.name,
        "title": label(column, language),
        "description": meaning(column, language),
        "type": _TYPES[column.kind],
    }
    if column.kind == "date":
        made["format"] = "default"
    made["example"] = examples.value(column, language)
    made["constraints"] = _constraints(column)
    said = {
        "siprev:field": column.field.name,
        "siprev:sensitivity": column.sensitivity,
        "siprev:unit": column.field.unit,
        "siprev:codelist": column.codelist,
        "siprev:empty": column.empty,
    }
    return made | {k: v for k, v in said.items() if v}


def _constraints(column: Column) -> dict[str, Any]:
    """What a single value must be; a constraint that does not apply is left out."""
    low, high = column.days or limits(column)
    if column.above and isinstance(low, int | float):
        # many tools do not know exclusiveMinimum yet
        low += column_rules.SMALLEST
    found = {
        "required": column.required or None,
        "enum": list(column.codes) or (list(column.areas) if column.areas else None),
        "pattern": column.pattern,
        "minimum": low,
        "maximum": high,
    }
    return {k: v for k, v in found.items() if v is not None}


def references(kind: RecordType, columns: Sequence[Column]) -> list[dict[str, Any]]:
    """Which columns name a record of another type, as Table Schema writes foreign keys.

    They are no ``foreignKeys``: those hold a file against others of one package, and what is named may have been
    delivered long before.
    """
    by_field = {c.field.name.replace("_hmac", "_ref"): c.name for c in columns}
    return [
        {
            "fields": [by_field[name] for name in rule.fields],
            "reference": {
                "resource": rule.parameters["record_type"],
                "fields": list(rule.parameters["named"]),
            },
        }
        for rule in kind.rules
        if rule.kind == "exists_in" and set(rule.fields) <= set(by_field)
    ]


def limits(column: Column) -> tuple[float | None, float | None]:
    """The smallest and greatest number that a column can hold: as declared, else of its type."""
    low, high = LIMITS.get(column.field.sql_type, (None, None))
    return (
        low if column.low is None else column.low,
        high if column.high is None else column.high,
    )


def rules(kind: RecordType, columns: Sequence[Column], language: Language) -> list[dict[str, Any]]:
    """The rules that no constraint of a single value tells."""
    filled = {c.field.name for c in columns}
    return [
        {"code": rule.code, "scope": rule.scope, "severity": rule.severity, "message": message, "mend": hint}
        for rule in kind.rules
        if rule.kind not in FAMILIES and set(rule.fields) <= filled
        for message, hint in [explain(rule.code, language, kind=kind)]
    ]
