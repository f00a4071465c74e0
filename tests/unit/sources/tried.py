"""A verb tried on raw texts: the value that it makes, and whether the source gave something."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
from pydantic import TypeAdapter

from schemas import record_type
from sources.kit import staged_types, verbs
from sources.kit.words import AnyMapping

VERB: TypeAdapter[Any] = TypeAdapter(AnyMapping)


@cache
def connected(kind: str) -> duckdb.DuckDBPyConnection:
    """A connection that knows the code lists of a record type."""
    connection = duckdb.connect(config={"threads": 1})
    for statement in staged_types.types(record_type.load(kind)):
        connection.execute(statement)
    return connection


def judged(
    verb: dict[str, Any] | list[dict[str, Any]],
    *rows: Sequence[str | None] | str | None,
    field: str = "occurrence_municipality",
    kind: str = "person_role",
    folder: Path = Path(),
) -> list[tuple[Any, bool]]:
    """Value and given of rows of the raw columns a, b and c."""
    fields = record_type.load(kind)
    day = "try_strptime(c, '%Y-%m-%d')::DATE"
    context = verbs.Context(folder, lambda name: name, staged_types.sql_type, day)
    made = verbs.compiled(fields.by_name[field], VERB.validate_python(verb), context)
    connection = connected(kind)
    connection.execute(
        "CREATE OR REPLACE TABLE raw (a VARCHAR, b VARCHAR, c VARCHAR, occurrence_municipality VARCHAR)"
    )
    whole = [[row] if row is None or isinstance(row, str) else list(row) for row in rows]
    connection.executemany("INSERT INTO raw VALUES (?, ?, ?, ?)", [(r + [None] * 4)[:4] for r in whole])
    return connection.execute(f"SELECT {made.value}, {made.given} FROM raw ORDER BY rowid").fetchall()


def values(
    verb: dict[str, Any] | list[dict[str, Any]], *rows: Sequence[str | None] | str | None, **more: Any
) -> list[Any]:
    """The values alone."""
    return [value for value, _ in judged(verb, *rows, **more)]
