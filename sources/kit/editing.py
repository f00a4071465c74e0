"""What an editor needs to complete and check a source's YAML: JSON Schemas, written beside the source folders.

``python -m sources.kit.editing`` writes those of ``sources/`` anew. The first line of every ``source.yml`` names its
schema as ``../source.schema.json``, and that of every ``corrections.yml`` as ``../corrections.schema.json``, so that
they are found in any directory of sources.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from schemas import declaration_schema, record_type
from schemas.record_type import Field
from schemas.reference import SEVERAL_COUNTRIES
from sources.kit import corrections
from sources.kit.specification import Specification

#: Names of the schemas in a directory of sources.
NAME, OF_CORRECTIONS = "source.schema.json", "corrections.schema.json"
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
    keys["country"]["oneOf"].append({"const": SEVERAL_COUNTRIES, "description": "Several countries"})
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


def rendered() -> dict[str, str]:
    """The text of each schema's file, by its name."""
    schemas = {
        NAME: schema(),
        OF_CORRECTIONS: declaration_schema.of(corrections.Declaration, corrections.FILE),
    }
    return {name: json.dumps(made, ensure_ascii=False, indent=1) + "\n" for name, made in schemas.items()}


def write(directory: Path) -> None:
    """Write the schemas into a directory of sources, unless they are there as they should be."""
    for name, text in rendered().items():
        path = directory / name
        if not (path.is_file() and path.read_text(encoding="utf-8") == text):
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(BUILT_IN)
