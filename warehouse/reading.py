"""Reading answers for people and programs: rows as plain mappings."""

from __future__ import annotations

from typing import Any

import duckdb

Rows = list[dict[str, Any]]


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> Rows:
    """The rows of a query, each as a mapping from column to value."""
    found = connection.execute(query)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def one(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    """The row of a query that always has one, such as an aggregate.

    Raises:
        LookupError: It has none.
    """
    found = connection.execute(query).fetchone()
    if found is None:
        raise LookupError("a query that always has a row had none")
    return tuple(found)
