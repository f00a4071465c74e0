"""A database as a provider has one: the rows of deliveries as tables of a SQLite file.

All columns are text, since the planted faults are what such registers hold. The rows are always the same; the file's
own header names the version of SQLite, so that its bytes may differ between machines.
"""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import duckdb

from pipelines.sample_countries.writing import cells


def add(connection: duckdb.DuckDBPyConnection, query: str, path: Path, table: str) -> None:
    """Write the rows of a query, all of them text, as a table; one of that name is replaced.

    Args:
        connection: On which the query runs.
        query: The rows, in their order.
        path: The SQLite file; made if absent.
        table: Name of the table.
    """
    header = cells.header(connection, query)
    columns = ", ".join(f'"{name}" TEXT' for name in header)
    places = ", ".join("?" for _ in header)
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.execute(f'DROP TABLE IF EXISTS "{table}"')
        database.execute(f'CREATE TABLE "{table}" ({columns})')
        result = connection.execute(query)
        while rows := result.fetchmany(cells.ROWS):
            database.executemany(f'INSERT INTO "{table}" VALUES ({places})', rows)
