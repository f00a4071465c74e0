"""Reading a file of the home folder, and answers for people and programs: rows as plain mappings."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from warehouse import scratch
from warehouse.declared import Table
from warehouse.home import Home
from warehouse.literals import literal

Rows = list[dict[str, Any]]

#: Memory of a reader that was told none.
MEMORY = "1GB"
#: Name of the file that is read, beside which others may be attached.
_FILE = "file"


@contextlib.contextmanager
def opened(home: Home, file: Path, *, memory_limit: str = MEMORY) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to a file of the home folder, which spills into a folder of its own.

    Args:
        home: The home folder.
        file: One of its files.
        memory_limit: Memory that the connection may use.

    Raises:
        duckdb.IOException: The file is not there, is no database, or another process has it open for writing.
    """
    with scratch.private(home) as folder:
        # attached, not connected to: DuckDB gives all who connect to one file the same temporary directory
        connection = duckdb.connect(
            config={
                "memory_limit": memory_limit,
                "temp_directory": str(folder.path),
                "autoinstall_known_extensions": False,
                "allow_community_extensions": False,
            }
        )
        with contextlib.closing(connection):
            connection.execute(f"ATTACH {literal(str(file))} AS {_FILE} (READ_ONLY)")
            connection.execute(f"USE {_FILE}")
            set_up(connection)
            yield connection


def set_up(connection: duckdb.DuckDBPyConnection) -> None:
    """What holds for every connection of this system; DuckDB knows these settings only once it is open."""
    connection.execute("SET TimeZone = 'UTC'")
    # progress is told by our own lines; DuckDB takes any process without a script file for a person at a prompt
    connection.execute("SET enable_progress_bar = false")


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> Rows:
    """The rows of a query, each as a mapping from column to value."""
    found = connection.execute(query)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def has(connection: duckdb.DuckDBPyConnection, table: Table) -> bool:
    """Whether a table exists; a file that an earlier version of the software wrote may lack it."""
    database = literal(table.database) if table.database else "current_database()"
    (found,) = one(
        connection,
        f"""SELECT count(*) FROM duckdb_tables() WHERE database_name = {database}
        AND schema_name = {literal(table.schema)} AND table_name = {literal(table.name)}""",
    )
    return bool(found)


def one(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    """The row of a query that always has one, such as an aggregate.

    Raises:
        LookupError: It has none.
    """
    found = connection.execute(query).fetchone()
    if found is None:
        raise LookupError("a query that always has a row had none")
    return tuple(found)
