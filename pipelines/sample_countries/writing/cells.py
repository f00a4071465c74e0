"""Cells of a spreadsheet: what is a date or a number there, and what stays text because it is written wrongly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import duckdb

Cell = str | int | float | date | None

#: Rows that are taken from the database at a time.
ROWS = 10_000


def header(connection: duckdb.DuckDBPyConnection, query: str) -> list[str]:
    """The names of a query's columns."""
    return [str(name) for name, *_ in connection.execute(f"DESCRIBE {query}").fetchall()]


def rows(
    connection: duckdb.DuckDBPyConnection, query: str, types: Mapping[str, str]
) -> Iterator[tuple[Cell, ...]]:
    """The rows of a query as cells.

    Args:
        connection: On which the query runs.
        query: Rows of text; dates are written year first, decimals with a point or a comma.
        types: DuckDB type of what a column holds.
    """
    told = ", ".join(f'"{name}"' for name in header(connection, query))
    result = connection.execute(f"SELECT {told} FROM ({query})")
    kinds = [types.get(name, "VARCHAR") for name, *_ in result.description or []]
    while found := result.fetchmany(ROWS):
        for row in found:
            yield tuple(_cell(value, kind) for value, kind in zip(row, kinds, strict=True))


def _cell(value: str | None, kind: str) -> Cell:
    if value is None or kind == "VARCHAR" or kind.startswith("ENUM"):
        return value
    try:
        if kind == "DATE":
            return date.fromisoformat(value)
        return float(value.replace(",", ".")) if kind == "DOUBLE" else int(value)
    except ValueError:
        return value
