"""What every reader gives: a table that is opened, and raw rows as text in a temporary table, ready for the mapping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import duckdb

#: Temporary table of the raw rows; where every row could be read its rowid + 1 is the record number.
TABLE = "raw_record"

#: Column of the table with the record number, made where some rows could not be read.
NUMBER = "record_number"


@dataclass(frozen=True)
class Raw:
    """A file that was read.

    Args:
        columns: Header to column name in ``TABLE``.
        rows_delivered: Rows after the header, readable or not.
        unreadable: Record number and byte offset of rows that could not be split into columns, ascending.
        surroundings: Text above the header and in the cells, searched for edition and period.
        flags: Of a delivery of several tables, name of each joined one to the column in ``TABLE`` that says what went
            wrong with it.
    """

    columns: Mapping[str, str]
    rows_delivered: int
    unreadable: tuple[tuple[int, int], ...]
    surroundings: tuple[str, ...]
    flags: Mapping[str, str] = field(default_factory=dict)

    def row_number(self) -> str:
        """SQL for the record number of a row of the table: unreadable rows before it are counted too."""
        return NUMBER if self.unreadable else "(rowid + 1)"


class Opened(Protocol):
    """A table whose header is known and whose rows are not read yet."""

    @property
    def columns(self) -> Mapping[str, str]:
        """Header to column name in ``scan``, for every declared column."""

    @property
    def surroundings(self) -> tuple[str, ...]:
        """Text above the header and below the table."""

    @property
    def instants(self) -> frozenset[str]:
        """Headers of the columns whose values are instants: their day depends on a zone."""

    @property
    def scan(self) -> str:
        """SQL of the rows in their order, every column as text; it can be read while ``fill`` runs."""

    def fill(self, connection: duckdb.DuckDBPyConnection, table: str, query: str) -> Raw:
        """Read the rows into a temporary table.

        Args:
            connection: Where the table is made, outside any transaction.
            table: The table; where every row could be read its rowid + 1 is the record number.
            query: What is stored of each row, in the order of the rows; it reads ``scan``.

        Raises:
            Refusal: The structure of the file is broken.
        """


def read(connection: duckdb.DuckDBPyConnection, opened: Opened) -> Raw:
    """Read the declared columns of a table into the temporary table ``raw_record``.

    Raises:
        Refusal: The structure of the file is broken.
    """
    columns = [*opened.columns.values(), *getattr(opened, "flags", {}).values()]
    return opened.fill(connection, TABLE, f"SELECT {', '.join(columns)} FROM {opened.scan}")


def number(connection: duckdb.DuckDBPyConnection, unreadable: Sequence[int], table: str = TABLE) -> None:
    """Give the rows of a table their record numbers, given those of the rows that could not be read.

    One pass, so that a file of which half cannot be read takes no longer than another.
    """
    # the i-th unreadable row (from 0) lies before the rows that have at least this many readable ones before them
    limits = [n - 1 - i for i, n in enumerate(unreadable)]
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE raw_gap AS
        SELECT starts, sum(count(*)) OVER (ORDER BY starts)::BIGINT AS n_before
        FROM (SELECT unnest({limits}::BIGINT[]) AS starts) GROUP BY starts"""
    )
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE raw_numbered AS
        SELECT record.* EXCLUDE (place), place + 1 + coalesce(n_before, 0) AS {NUMBER}
        FROM (SELECT *, rowid AS place FROM {table}) AS record ASOF LEFT JOIN raw_gap ON place >= starts
        ORDER BY place"""
    )
    connection.execute(f"DROP TABLE {table}")
    connection.execute(f"ALTER TABLE raw_numbered RENAME TO {table}")
    connection.execute("DROP TABLE raw_gap")
