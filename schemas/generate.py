"""Write ``schemas/generated/<record type>.json`` from the pandera models: ``python -m schemas.generate``.

A check that has no SQL stops the generation, so that nothing is declared that ingestion would not judge.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Mapping
from datetime import date
from typing import Any

import duckdb
import pandera.polars as pa

from schemas import checks as _checks  # noqa: F401 - registers the cross-field checks with pandera
from schemas import codelists, compilable, compile_delivery, compile_reference, record_type, records, sql
from schemas import compile as compiler
from schemas.compilable import NotCompilable
from schemas.model import Model
from schemas.record_type import GENERATED
from schemas.rules import Declared, Rule
from schemas.rules.explaining import declared
from schemas.traits.record import Record


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
    built = compilable.read(model).select_columns(_names(model))
    for column in built.columns.values():
        if compilable.sql_type(column) == "DOUBLE" and not any(c.name == "in_range" for c in column.checks):
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


def _field_rules(name: str, column: Any) -> list[Rule]:
    codelist = (column.metadata or {}).get("codelist")
    rules = [Rule(f"{name}.missing", "missing", "row", (name,))] if not column.nullable else []
    if codelist:
        rules.append(Rule(f"{name}.unknown_code", "unknown_code", "row", (name,), {"codelist": codelist}))
    checked = dict(compilable.family(check.name, check.statistics) for check in column.checks)
    if not codelist and compilable.sql_type(column) not in ("VARCHAR", "BLOB"):
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
                "sql_type": compilable.sql_type(column),
                "unit": meta["unit"],
                "tier": meta["tier"],
                "required": not column.nullable,
                "description": meta["description"],
            }
        )
        rules += _field_rules(column.name, column)
    rules += [one.rule for one in _declared(name, built)]
    described = {
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
    _require_sql(record_type.read(described))
    return described


def _require_sql(kind: record_type.RecordType) -> None:
    """Stop the generation at a rule that ingestion could not judge: each is run over one record.

    Raises:
        NotCompilable: No SQL is known for the rule's kind in its scope, or DuckDB does not take it.
    """
    how = "take a kind of schemas/rules/kinds.py, with parameters that suit the fields"
    types = {
        f.name: sql.enum(codelists.load(f.codelist).codes) if f.codelist else f.sql_type for f in kind.fields
    }
    columns = ", ".join(f"{sql.name(name)} {of}" for name, of in types.items())
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE record (row_id BIGINT, row_number BIGINT, {columns})")
        # over no record DuckDB would not find out that a text is compared with a number
        connection.execute(
            f"INSERT INTO record SELECT 1, 1, {', '.join(_something(of) for of in types.values())}"
        )
        for rule in kind.rules:
            where, what = (
                f"{kind.name}, rule {rule.code}",
                f"the kind {rule.kind!r} in the scope {rule.scope}",
            )
            try:
                connection.execute(_tried(rule, types))
            except (KeyError, duckdb.Error) as error:
                raise NotCompilable(where, f"{what} ({error})", how) from error


def _something(of: str) -> str:
    if of.startswith("ENUM"):
        return f"enum_first(NULL::{of})"
    return {"VARCHAR": "''", "BLOB": "''::BLOB", "DATE": "DATE '2000-01-01'"}.get(of, "0")


def _tried(rule: Rule, types: Mapping[str, str]) -> str:
    """SQL that judges the records of the table ``record`` by one rule."""
    match rule.scope, rule.kind:
        case "reference", _:
            # it reads what the warehouse holds, which is not here: its text is made and not run
            return f"SELECT {sql.text(compile_reference.counts(rule, 'FROM record', 'ZZZ'))}"
        case "delivery", "sequence":
            return compile_delivery.out_of_sequence(rule, "FROM record", tuple(types))
        case "delivery", _:
            return compile_delivery.counts(rule, "FROM record", 0)
    fields = {n: compiler.Judged(sql.name(n), f"({sql.name(n)} IS NOT NULL)") for n in types}
    return (
        f"SELECT {compiler.CONDITIONS[rule.kind](compiler.as_of(rule, date.max) or rule, fields)} FROM record"
    )


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
