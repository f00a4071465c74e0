"""Write ``schemas/generated/<record type>.json`` from the pandera models: ``python -m schemas.generate``.

A check that has no SQL stops the generation, so that nothing is declared that ingestion would not judge.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
from typing import Any

import pandera.polars as pa

from schemas import checks as _checks  # noqa: F401 - registers the cross-field checks with pandera
from schemas import compile as compiler
from schemas import records
from schemas.record_type import GENERATED
from schemas.rules import CROSS_FIELD, Rule


def models() -> dict[str, type[pa.DataFrameModel]]:
    """The declared models by record type, found in ``schemas.records``."""
    found: dict[str, type[pa.DataFrameModel]] = {}
    for module in pkgutil.iter_modules(records.__path__):
        loaded = importlib.import_module(f"schemas.records.{module.name}")
        for value in vars(loaded).values():
            if isinstance(value, type) and value.__module__ == loaded.__name__:
                found[module.name] = value
    return found


def schema(name: str) -> pa.DataFrameSchema:
    """The pandera schema of a record type with its cross-field rules: the oracle that tests hold SQL against."""
    built = models()[name].to_schema()
    for crossing in CROSS_FIELD:
        rule = crossing.rule
        if set(rule.fields) <= set(built.columns):
            built.checks.append(getattr(pa.Check, rule.kind)(**rule.parameters, error=rule.code))
    return built


def _field_rules(name: str, column: Any) -> list[Rule]:
    codelist = (column.metadata or {}).get("codelist")
    rules = [Rule(f"{name}.missing", "missing", "row", (name,))] if not column.nullable else []
    if codelist:
        rules.append(Rule(f"{name}.unknown_code", "unknown_code", "row", (name,), {"codelist": codelist}))
    elif column.metadata["sql"] not in ("VARCHAR", "BLOB"):
        rules.append(Rule(f"{name}.unreadable", "unreadable", "row", (name,)))
    for check in column.checks:
        family, parameters = compiler.family(check.name, check.statistics)
        if family != "unknown_code":
            rules.append(Rule(f"{name}.{family}", family, "row", (name,), parameters))
    return rules


def describe(name: str) -> dict[str, Any]:
    """A record type as plain data, ready for JSON."""
    built = schema(name)
    config: Any = models()[name].Config
    fields, rules = [], []
    for column in built.columns.values():
        meta = column.metadata
        fields.append(
            {
                "name": column.name,
                "sql_type": meta["sql"],
                "unit": meta["unit"],
                "tier": meta["tier"],
                "required": not column.nullable,
                "description": meta["description"],
            }
        )
        rules += _field_rules(column.name, column)
    rules += [c.rule for c in CROSS_FIELD if set(c.rule.fields) <= set(built.columns)]
    for rule in rules:
        compiler.require_compilable(rule)
    return {
        "name": name,
        "title": config.title,
        "grain": config.description,
        "titles": {"en": config.title, **config.metadata["title"]},
        "grains": {"en": _inside(config.description), **config.metadata["grain"]},
        "date_field": config.metadata["date_field"],
        "fields": fields,
        "rules": [
            {
                "code": r.code,
                "kind": r.kind,
                "severity": r.severity,
                "fields": list(r.fields),
                "parameters": dict(r.parameters),
            }
            for r in rules
        ],
    }


def _inside(sentence: str) -> str:
    """A text that begins a sentence as it stands inside one."""
    return sentence[:1].lower() + sentence[1:]


def rendered(name: str) -> str:
    """The JSON text of a record type."""
    return json.dumps(describe(name), ensure_ascii=False, indent=1, default=str) + "\n"


def write() -> None:
    """Write every record type."""
    GENERATED.mkdir(exist_ok=True)
    for name in models():
        (GENERATED / f"{name}.json").write_text(rendered(name), encoding="utf-8")


if __name__ == "__main__":
    write()
