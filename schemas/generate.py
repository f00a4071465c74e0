"""Write ``schemas/generated/<record type>.json`` from the pandera models: ``python -m schemas.generate``.

A check that has no SQL stops the generation, so that nothing is declared that ingestion would not judge.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
from typing import Any

import pandera.polars as pa
import polars as pl

from schemas import checks as _checks  # noqa: F401 - registers the cross-field checks with pandera
from schemas import compile as compiler
from schemas import records
from schemas.model import Model
from schemas.record_type import GENERATED
from schemas.rules import CROSS_FIELD, Rule
from schemas.traits.record import Record

#: DuckDB type of a field that holds no codes.
SQL_TYPES = {
    pl.String: "VARCHAR",
    pl.Date: "DATE",
    pl.Float64: "DOUBLE",
    pl.Binary: "BLOB",
    pl.UInt8: "UTINYINT",
    pl.Int16: "SMALLINT",
    pl.Int32: "INTEGER",
    pl.Int64: "BIGINT",
}


def models() -> dict[str, type[Model]]:
    """The declared models by record type, found in ``schemas.records``."""
    found: dict[str, type[Model]] = {}
    for module in pkgutil.iter_modules(records.__path__):
        loaded = importlib.import_module(f"schemas.records.{module.name}")
        for value in vars(loaded).values():
            if isinstance(value, type) and issubclass(value, Record) and value.__module__ == loaded.__name__:
                found[module.name] = value
    return found


def _names(model: type[Model]) -> list[str]:
    """The fields in the order of the columns: of every record, the type's own, then those of its traits as named."""
    lineage = [m for m in model.__mro__ if issubclass(m, Model)]
    shared = [m for m in reversed(lineage) if issubclass(m, Record) and m is not model]
    ordered = [*shared, model, *(m for m in lineage if m not in shared)]
    return list(dict.fromkeys(name for m in ordered for name in m.__annotations__))


def schema(name: str) -> pa.DataFrameSchema:
    """The pandera schema of a record type with its cross-field rules: the oracle that tests hold SQL against."""
    model = models()[name]
    built = model.to_schema().select_columns(_names(model))
    for crossing in CROSS_FIELD:
        rule = crossing.rule
        if set(rule.fields) <= set(built.columns):
            built.checks.append(getattr(pa.Check, rule.kind)(**rule.parameters, error=rule.code))
    return built


def _sql_type(column: Any) -> str:
    codelist = column.metadata.get("codelist")
    return f"ENUM:{codelist}" if codelist else SQL_TYPES[column.dtype.type]


def _field_rules(name: str, column: Any) -> list[Rule]:
    codelist = (column.metadata or {}).get("codelist")
    rules = [Rule(f"{name}.missing", "missing", "row", (name,))] if not column.nullable else []
    if codelist:
        rules.append(Rule(f"{name}.unknown_code", "unknown_code", "row", (name,), {"codelist": codelist}))
    elif _sql_type(column) not in ("VARCHAR", "BLOB"):
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
                "sql_type": _sql_type(column),
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
        **config.metadata,
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


def rendered(name: str) -> str:
    """The JSON text of a record type."""
    return json.dumps(describe(name), ensure_ascii=False, indent=1, default=str) + "\n"


def write() -> None:
    """Write every record type, and remove what is no record type any more."""
    GENERATED.mkdir(exist_ok=True)
    for left in {p.stem for p in GENERATED.glob("*.json")} - set(models()):
        (GENERATED / f"{left}.json").unlink()
    for name in models():
        (GENERATED / f"{name}.json").write_text(rendered(name), encoding="utf-8")


if __name__ == "__main__":
    write()
