"""A record type as a JSON Schema: what one record in our own form must be, for systems that exchange JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from schemas import codelists
from schemas.record_type import RecordType
from schemas.templates import columns as column_rules
from schemas.templates.columns import Column
from schemas.templates.table_schema import limits, rules
from schemas.templates.words import Language, label, meaning

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def rendered(kind: RecordType, columns: Sequence[Column], language: Language) -> dict[str, Any]:
    """The JSON Schema of one record; a code list stands in ``$defs`` once, each code with its label.

    Every record has every key, so that a key that got lost on the way is told from a value that nobody knows (null).
    """
    return {
        "$schema": DRAFT,
        "title": kind.titles[language],
        "description": kind.grains[language],
        "type": "object",
        "properties": {c.name: _property(c, language) for c in columns},
        "required": [c.name for c in columns],
        "additionalProperties": False,
        "$defs": {name: _codes(name, language) for name in column_rules.lists(columns)},
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
        return {"$ref": f"#/$defs/{column.codelist}"}
    if column.areas:
        return {"oneOf": [{"const": code, "title": name} for code, name in column.areas.items()]}
    match column.kind:
        case "date":
            return {"type": "string", "format": "date"}
        case "text":
            return {"type": "string", "pattern": column.pattern or r"\S"}
    low, high = limits(column)
    bounds = {"minimum": low, "maximum": high}
    return {"type": column.kind, **{k: v for k, v in bounds.items() if v is not None}}


def _codes(name: str, language: Language) -> dict[str, Any]:
    entries = codelists.load(name).by_code.values()
    return {"oneOf": [{"const": e.code, "title": column_rules.labelled(e, language)} for e in entries]}
