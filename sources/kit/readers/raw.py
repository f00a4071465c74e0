"""What every reader leaves behind: raw rows as text in a temporary table, ready for the mapping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
    """

    columns: Mapping[str, str]
    rows_delivered: int
    unreadable: tuple[tuple[int, int], ...]
    surroundings: tuple[str, ...]

    def row_number(self) -> str:
        """SQL for the record number of a row of the table: unreadable rows before it are counted too."""
        return NUMBER if self.unreadable else "(rowid + 1)"


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
