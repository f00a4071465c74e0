"""The JSON Schema from which editors complete a definition: ``python -m indicators.editing`` writes it anew.

The first line of a definition names it: ``# yaml-language-server: $schema=../indicator.schema.json``.
"""

from __future__ import annotations

import json
from typing import Any

from indicators.catalogue import FOLDER
from indicators.definition import Indicator
from schemas import codelists, declaration_schema, record_type

PATH = FOLDER / "indicator.schema.json"


def schema() -> dict[str, Any]:
    """The JSON Schema of a definition: keys, words, record types and code lists."""
    made = declaration_schema.of(Indicator, "indicator")
    counted = made["$defs"]["Numerator"]["properties"]
    counted["record_type"]["enum"] = list(record_type.names())
    counted["counting_unit"] |= declaration_schema.codes("counting_unit")
    units = codelists.load("unit_measure").codes
    made["properties"]["unit"]["additionalProperties"] = {"enum": list(units)}
    return made


def rendered() -> str:
    """The text of the schema's file."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    PATH.write_text(rendered(), encoding="utf-8")
