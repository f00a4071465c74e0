"""What an editor needs to complete and check ``source.yml``: its JSON Schema, written beside the source folders.

``python -m sources.kit.editing`` writes ``sources/source.schema.json`` anew; the first line of every declaration names
it as ``../source.schema.json``, so that it is found in any directory of sources.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from schemas import declaration_schema, record_type
from schemas.record_type import Field
from sources.kit.specification import Specification

#: Name of the schema in a directory of sources.
NAME = "source.schema.json"
#: First line of a declaration; editors with a YAML language server read it.
COMMENT = f"# yaml-language-server: $schema=../{NAME}"
#: The directory of sources of the project.
BUILT_IN = Path(__file__).parent.parent


def schema() -> dict[str, Any]:
    """The JSON Schema of ``source.yml``: keys, words, code lists, and for each record type the fields of its map."""
    made = declaration_schema.of(Specification, "source.yml")
    keys, parts = made["properties"], made["$defs"]
    keys["record_type"]["enum"] = list(record_type.names())
    keys["country"] |= declaration_schema.codes("country")
    keys["source_type"] |= declaration_schema.codes("source_type")
    parts["Delivers"]["properties"]["place_basis"] |= declaration_schema.codes("place_basis")
    verbs = parts["Layout"]["properties"]["map"].pop("additionalProperties")
    parts["Verb"] = verbs
    parts["Layout"]["properties"]["map"] |= {
        "type": "object",
        "additionalProperties": {"$ref": "#/$defs/Verb"},
    }
    made["allOf"] = [_fields_of(name) for name in record_type.names()]
    return made


def _fields_of(name: str) -> dict[str, Any]:
    """For sources of one record type: the names and meanings of its fields."""
    kind = record_type.load(name)
    fields = {f.name: {"description": _described(f)} for f in kind.fields}
    mapped = {"properties": fields, "propertyNames": {"enum": list(fields)}}
    layouts = {"items": {"properties": {"map": mapped}}}
    return {
        "if": {"properties": {"record_type": {"const": name}}, "required": ["record_type"]},
        "then": {"properties": {"layouts": layouts}},
    }


def _described(field: Field) -> str:
    kind = f"code of {field.codelist}" if field.codelist else field.sql_type
    parts = [kind, field.unit, "required" if field.required else ""]
    return f"{field.description['en']} ({', '.join(p for p in parts if p)})"


def rendered() -> str:
    """The text of the schema's file."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def write(directory: Path) -> Path:
    """Write the schema into a directory of sources, unless it is there as it should be; its path."""
    path, text = directory / NAME, rendered()
    if not (path.is_file() and path.read_text(encoding="utf-8") == text):
        path.write_text(text, encoding="utf-8")
    return path


if __name__ == "__main__":
    write(BUILT_IN)
