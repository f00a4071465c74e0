"""Write ``schemas/generated/<record type>.json`` from the pandera models: ``python -m schemas.generate``.

A check that has no SQL stops the generation, so that nothing is declared that ingestion would not judge.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
from datetime import date
from typing import Any

import pandera.polars as pa
import polars as pl

from schemas import checks as _checks  # noqa: F401 - registers the cross-field checks with pandera
from schemas import codelists, compile_delivery, compile_reference, records
from schemas import compile as compiler
from schemas.model import Model
from schemas.record_type import GENERATED
from schemas.rules import Declared, Rule
from schemas.rules.explaining import declared
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


def schema(name: str, edition: date | None = None) -> pa.DataFrameSchema:
    """The pandera schema of a record type with its rules on one record: the oracle that tests hold SQL against.

    Args:
        name: The record type.
        edition: Date of the delivery's edition, for the rules that speak of it.
    """
    model = models()[name]
    built = model.to_schema().select_columns(_names(model))
    for column in built.columns.values():
        if _sql_type(column) == "DOUBLE" and not any(c.name == "in_range" for c in column.checks):
            column.checks.append(pa.Check.finite())
    listed = {n: c.metadata.get("codelist") for n, c in built.columns.items()}
    codes = {n: list(codelists.load(codelist).codes) for n, codelist in listed.items() if codelist}
    for one in _declared(name, built):
        rule = compiler.as_of(one.rule, edition)
        if rule and rule.scope == "row":
            check = getattr(pa.Check, rule.kind)
            built.checks.append(check(**rule.parameters, codes=codes, error=rule.code))
    return built


def _declared(name: str, built: pa.DataFrameSchema) -> list[Declared]:
    fields = frozenset(built.columns)
    return [one for one in declared() if one.belongs_to(name, fields)]


def _sql_type(column: Any) -> str:
    codelist = column.metadata.get("codelist")
    return f"ENUM:{codelist}" if codelist else SQL_TYPES[column.dtype.type]


def _field_rules(name: str, column: Any) -> list[Rule]:
    codelist = (column.metadata or {}).get("codelist")
    rules = [Rule(f"{name}.missing", "missing", "row", (name,))] if not column.nullable else []
    if codelist:
        rules.append(Rule(f"{name}.unknown_code", "unknown_code", "row", (name,), {"codelist": codelist}))
    checked = dict(compiler.family(check.name, check.statistics) for check in column.checks)
    if not codelist and _sql_type(column) not in ("VARCHAR", "BLOB"):
        rules.append(Rule(f"{name}.unreadable", "unreadable", "row", (name,), checked.pop("unreadable", {})))
    rules += [
        Rule(f"{name}.{family}", family, "row", (name,), parameters)
        for family, parameters in checked.items()
        if family != "unknown_code"
    ]
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
    rules += [one.rule for one in _declared(name, built)]
    for rule in rules:
        _require_compilable(rule)
    return {
        "name": name,
        **config.metadata,
        "fields": fields,
        "rules": [
            {
                "code": r.code,
                "kind": r.kind,
                "scope": r.scope,
                "severity": r.severity,
                "fields": list(r.fields),
                "parameters": dict(r.parameters),
            }
            for r in rules
        ],
    }


def _require_compilable(rule: Rule) -> None:
    """Stop the generation at a rule that ingestion could not judge.

    Raises:
        ValueError: No SQL is known for the rule's kind in its scope.
    """
    known = {
        "row": compiler.CONDITIONS,
        "delivery": compile_delivery.KINDS,
        "reference": compile_reference.KINDS,
    }
    if rule.kind not in known[rule.scope]:
        raise ValueError(f"rule {rule.code}: kind {rule.kind!r} has no SQL in the scope {rule.scope}")


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
