"""A table that DuckDB reads by itself from a file that was looked through before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from sources.kit.readers import kind
from sources.kit.readers.raw import Raw, number

#: What DuckDB raises of a file that is damaged; anything else is a defect of ours.
FAULTS = (duckdb.InvalidInputException, duckdb.IOException, duckdb.SerializationException)


@dataclass(frozen=True)
class OpenedRelation:
    """A table whose columns are known and whose rows are not read yet.

    Args:
        columns: Header to column name in ``scan``.
        scan: SQL of the rows as text, without those that cannot be read.
        called: What such a file is called.
        name: Name of the delivered file.
        unreadable: Record number and byte offset of the rows that cannot be read.
        surroundings: Text above and below the table.
        instants: Headers of the columns whose values are instants.
    """

    columns: Mapping[str, str]
    scan: str
    called: str
    name: str
    unreadable: tuple[tuple[int, int], ...] = ()
    surroundings: tuple[str, ...] = ()
    instants: frozenset[str] = frozenset()

    def fill(self, connection: duckdb.DuckDBPyConnection, table: str, query: str) -> Raw:
        """Read the rows into a temporary table.

        Raises:
            Refusal: A part of the file is damaged.
        """
        connection.execute(f"DROP TABLE IF EXISTS {table}")
        try:
            connection.execute(f"CREATE TEMP TABLE {table} AS {query}")
        except FAULTS:
            # DuckDB's message may print a value
            raise kind.damaged(self.called, self.name) from None
        counted = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        if self.unreadable:
            number(connection, [n for n, _ in self.unreadable], table)
        readable = int(counted[0]) if counted else 0
        return Raw(self.columns, readable + len(self.unreadable), self.unreadable, self.surroundings)
