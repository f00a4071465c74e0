"""A record type as a JSON Schema: what one record in our own form must be, for systems that exchange JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from schemas.record_type import RecordType
from schemas.templates.columns import Column
from schemas.templates.table_schema import limits, references, rules
from schemas.templates.words import Language, label, meaning

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def rendered(kind: RecordType, columns: Sequence[Column], language: Language) -> dict[str, Any]:
    """The JSON Schema of one record; a code list stands in ``$defs`` once, each code with its label.

    What it cannot say is between which days a date must lie; ``siprev:days`` tells it to readers. Every record has
    every key, so that a key that got lost on the way is told from a value that nobody knows (null).
    """
    return {
        "$schema": DRAFT,
        "title": kind.titles[language],
        "description": kind.grains[language],
        "type": "object",
        "properties": {c.name: _property(c, language) for c in columns},
        "required": [c.name for c in columns],
        "additionalProperties": False,
        "$defs": {c.list_name: _codes(c, language) for c in columns if c.codelist},
        "siprev:references": references(kind, columns),
        "siprev:rules": rules(kind, columns, language),
    }


def _property(column: Column, language: Language) -> dict[str, Any]:
    said = {
        "title": label(column, language),
        "description": meaning(column, language),
        "siprev:sensitivity": column.sensitivity,
    }
    if column.field.unit:
        said["siprev:unit"] = column.field.unit
    value = _value(column)
    return said | (value if column.required else {"anyOf": [value, {"type": "null"}]})


def _value(column: Column) -> dict[str, Any]:
    if column.codelist:
        return {"$ref": f"#/$defs/{column.list_name}"}
    if column.areas:
        return {"oneOf": [{"const": code, "title": name} for code, name in column.areas.items()]}
    match column.kind:
        case "date":
            limits_of_day = {"siprev:days": list(column.days)} if column.days else {}
            return {"type": "string", "format": "date", **limits_of_day}
        case "text":
            return {"type": "string", "pattern": column.pattern or r"\S"}
    low, high = limits(column)
    bounds = {"exclusiveMinimum" if column.above else "minimum": low, "maximum": high}
    return {"type": column.kind, **{k: v for k, v in bounds.items() if v is not None}}


def _codes(column: Column, language: Language) -> dict[str, Any]:
    return {"oneOf": [{"const": c.code, "title": c.label} for c in column.choices(language)]}
