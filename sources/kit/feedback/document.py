"""The report as JSON, and the schema that describes it.

``python -m sources.kit.feedback.document`` writes the schema beside this module anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from schemas import meanings
from sources.kit.feedback.report import VERSION, Report

#: The published schema.
PATH = Path(__file__).parent / "provider-report.schema.json"


def rendered(report: Report) -> str:
    """The document."""
    return json.dumps(report.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"


def schema() -> dict[str, Any]:
    """JSON Schema of the document, each key with its meaning."""
    made = Report.model_json_schema(mode="serialization")
    for name, part in (("Report", made), *made["$defs"].items()):
        model = next(m for m in (Report, *_models()) if m.__name__ == name)
        for key, meaning in meanings.of_keys(model).items():
            part["properties"][key]["description"] = meaning
            part["properties"][key].pop("title", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"siprev:provider-report:{VERSION}",
        **made,
    }


def _models() -> list[type]:
    from sources.kit.feedback import report

    return [report.Position, report.Code, report.Problem, report.Total, report.Refused, report.Rows]


def text() -> str:
    """The schema as its file has it."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
