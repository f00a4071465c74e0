"""What of a pandera model becomes rules with SQL. All else that a model says stops the build.

pandera judges much more than is compiled: checks of its own, uniqueness, coercion, parsers. What is read of a model is
listed here; a model, a field or a check that differs in anything else from one that says nothing is refused, so that
nothing is declared that ingestion would not judge.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

import duckdb
import pandera.polars as pa
import polars as pl
from pandera.api.polars.model_config import BaseConfig

from schemas import codelists, sql
from schemas.model import Model

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

#: What is read of a model's configuration, of a schema, of a column with its metadata, and of a check.
_OF_CONFIG = frozenset({"metadata", "name"})
_OF_SCHEMA = frozenset({"columns", "name", "description"})
_OF_COLUMN = frozenset({"checks", "_dtype", "name", "nullable", "metadata"})
_OF_METADATA = frozenset({"description", "unit", "tier", "codelist", "recoded"})
#: The checks of a field that are compiled.
_CHECKS = frozenset({"in_range", "greater_than_or_equal_to", "less_than_or_equal_to", "str_matches", "isin"})
_OF_CHECK = frozenset({"error", "statistics", "_check_kwargs", "_check_fn"})

_RULE = "declare a rule in schemas/rules, of a kind that has SQL (schemas/rules/kinds.py)"
_MAPPED = "take it out: what is done to values stands in the source.yml of a source"
_CURES = {
    "checks": _RULE,
    "unique": _RULE,
    "coerce": _MAPPED,
    "parsers": _MAPPED,
    "default": _MAPPED,
    "required": "take Optional out of the annotation: a record type has all its columns, nullable ones too",
    "alias": "declare the field by its own name",
}
_GENERAL = "take it out, or teach schemas/compilable.py and schemas/compile.py what it means"

#: What DuckDB (RE2) and polars read differently, or one of them not at all.
_NOT_ALIKE = re.compile(r"\\[A-Za-z0-9]|\(\?|\[\[|&&|~~|--")


class NotCompilable(ValueError):
    """Something that a model says and that has no SQL: where, what, and the cure."""

    def __init__(self, where: str, what: str, how: str = _GENERAL) -> None:
        super().__init__(f"{where}: {what} cannot be compiled to SQL; {how}")


def read(model: type[Model]) -> pa.DataFrameSchema:
    """The schema of a model, all of which has SQL.

    Raises:
        NotCompilable: The model says something else.
    """
    built, name = model.to_schema(), model.__name__
    config = {k: getattr(model.__config__, k) for k in dir(model.__config__)}
    _says_no_more(f"{name}.Config", config, BaseConfig, _OF_CONFIG)
    _says_no_more(name, vars(built), pa.DataFrameSchema(), _OF_SCHEMA)
    fields = {n for m in model.__mro__ if issubclass(m, Model) for n in m.__annotations__}
    for column in built.columns.values():
        where = f"{name}.{column.name}"
        if column.name not in fields:
            raise NotCompilable(where, "a name that is not the field's", _CURES["alias"])
        _says_no_more(where, vars(column), pa.Column(), _OF_COLUMN)
        _typed(where, column)
        _checked(where, column)
    return built


def _says_no_more(where: str, said: Mapping[str, Any], bare: object, read: frozenset[str]) -> None:
    """Refuse what differs from an object that says nothing, but for what is read."""
    for name, value in said.items():
        if name.startswith("__") or name in read or value == getattr(bare, name, None):
            continue
        word = name.strip("_")
        raise NotCompilable(where, f"{word} = {value!r}", _CURES.get(word, _GENERAL))


def _typed(where: str, column: pa.Column) -> None:
    """Refuse a type that has no column, and a field that was not declared as fields are."""
    dtype = column.dtype.type if column.dtype else None
    if dtype not in SQL_TYPES:
        raise NotCompilable(where, f"the type {dtype}", f"take one of {', '.join(map(str, SQL_TYPES))}")
    metadata = set(column.metadata or {})
    if not {"description", "unit", "tier"} <= metadata <= _OF_METADATA:
        raise NotCompilable(where, "a field by itself", "declare it by a function of schemas/fields.py")
    if column.metadata.get("codelist") and (
        dtype != pl.String or [c.name for c in column.checks] != ["isin"]
    ):
        raise NotCompilable(
            where, "a code that is more than the code of its list", "declare it by fields.coded"
        )


def _checked(where: str, column: pa.Column) -> None:
    """Refuse a check that is more than its name and statistics say, that does not suit the type, or is one of two."""
    taken: set[str] = set()
    for check in column.checks:
        if check.name not in _CHECKS:
            raise NotCompilable(where, f"the check {check.name!r}", _RULE)
        # pandera copies a function with its choice by type of frame, and adds to the choice when it first judges
        builtin = pa.Check.get_builtin_check_fn(check.name)._function_registry
        own = getattr(check._check_fn, "_function_registry", None)
        if own is None or not own.items() <= builtin.items():
            raise NotCompilable(where, f"a check of its own that is called {check.name!r}", _RULE)
        bare = getattr(pa.Check, check.name)(**check.statistics)
        _says_no_more(f"{where}, check {check.name}", vars(check), bare, _OF_CHECK)
        of, parameters = family(check.name, check.statistics, where)
        if of in taken:
            raise NotCompilable(where, f"a second check of the family {of!r}", "make one of both: in_range")
        taken.add(of)
        match of:
            case "range":
                _limited(where, column, [parameters["low"], parameters["high"]])
            case "form":
                _formed(where, column, parameters["pattern"])
            case _:
                _listed(where, column, check.statistics["allowed_values"])


def _limited(where: str, column: pa.Column, limits: Sequence[Any]) -> None:
    kind = date if column.dtype.type is pl.Date else (int, float)
    for limit in limits:
        numeric = column.dtype.type not in (pl.String, pl.Binary)
        fits = limit is None or (isinstance(limit, kind) and not isinstance(limit, bool | datetime))
        if not numeric or not fits or (isinstance(limit, float) and not math.isfinite(limit)):
            raise NotCompilable(where, f"the limit {limit!r}", "limit numbers by numbers and dates by dates")


def _formed(where: str, column: pa.Column, pattern: str) -> None:
    how = "write it with ^, classes like [0-9], repetitions and alternatives alone: DuckDB and polars read these alike"
    if column.dtype.type is not pl.String or not pattern.startswith("^") or _NOT_ALIKE.search(pattern):
        raise NotCompilable(where, f"the form {pattern!r} of the type {column.dtype.type}", how)
    if refused := _refused(pattern):
        raise NotCompilable(where, f"the form {pattern!r} ({refused})", how)


@cache
def _refused(pattern: str) -> str:
    """Why DuckDB does not read a form; empty for one that it reads. Asked on a connection that nobody shares."""
    with duckdb.connect() as connection:
        try:
            connection.execute(f"SELECT regexp_matches('', {sql.text(pattern)})").fetchall()
        except duckdb.Error as error:
            return str(error)
    return ""


def _listed(where: str, column: pa.Column, allowed: Sequence[Any]) -> None:
    codelist = column.metadata.get("codelist")
    if not codelist or list(allowed) != list(codelists.load(codelist).codes):
        raise NotCompilable(where, "a choice of values that is no code list", "declare it by fields.coded")


def family(check: str, statistics: Mapping[str, Any], where: str = "") -> tuple[str, dict[str, Any]]:
    """The rule family of a pandera check of a field, with its parameters.

    Args:
        check: Name of the check.
        statistics: Its parameters, as pandera keeps them.
        where: Model and field, for the message.

    Raises:
        NotCompilable: The check has no SQL.
    """
    match check:
        case "in_range":
            limits = {"low": statistics["min_value"], "high": statistics["max_value"]}
            if not statistics.get("include_max", True):
                raise NotCompilable(
                    where, "a limit that is itself excluded", "give the greatest value that may be"
                )
            return "range", {**limits, "above": not statistics.get("include_min", True)}
        case "greater_than_or_equal_to":
            return "range", {"low": statistics["min_value"], "high": None, "above": False}
        case "less_than_or_equal_to":
            return "range", {"low": None, "high": statistics["max_value"], "above": False}
        case "str_matches":
            pattern = statistics["pattern"]
            return "form", {"pattern": pattern if isinstance(pattern, str) else pattern.pattern}
        case "isin":
            return "unknown_code", {}
        case "finite":
            return "unreadable", {"finite": True}
        case _:
            raise NotCompilable(where, f"the check {check!r}", _RULE)


def sql_type(column: pa.Column) -> str:
    """DuckDB type of a field, or ``ENUM:<list>``."""
    codelist = column.metadata.get("codelist")
    return f"ENUM:{codelist}" if codelist else SQL_TYPES[column.dtype.type]
