"""The staging table as it is held in memory: what is stored of a record, and a view that adds the rest.

Not stored is what all records share, what follows from another column, and what stands in the raw text that is kept
anyway. Of a great delivery every column less is less to write, to spill to disk and to read again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from schemas import sql
from schemas.staging import TABLE

if TYPE_CHECKING:
    from sources.kit.mapping.judging import Judging

#: Temporary table of what is stored; its rows are in the order of the file.
BASE = "staged_row"
#: Column of ``BASE`` by which equal rows are counted, where a source has no key.
ROW_HASH = "row_hash"


@dataclass(frozen=True)
class Columns:
    """Where each column of the staging table comes from.

    Args:
        stored: Columns of ``BASE`` that the view shows: SQL over the mapped records.
        kept: Further columns of ``BASE``, for what is read from it besides: SQL over the mapped records.
        added: Columns that the view adds: SQL over ``BASE``.
        parts: Columns that are part of one of those: SQL over them.
        following: Columns that follow from all of these: SQL over them.
        names: All columns of the view, in order.
    """

    stored: Mapping[str, str]
    kept: Mapping[str, str]
    added: Mapping[str, str]
    parts: Mapping[str, str]
    following: Mapping[str, str]
    names: tuple[str, ...]

    def base(self, mapped: str) -> str:
        """Query of the rows of ``BASE``, given that of the mapped records."""
        chosen = ", ".join(f"{value} AS {sql.name(n)}" for n, value in {**self.stored, **self.kept}.items())
        return f"SELECT {chosen} FROM ({mapped})"

    def content(self) -> str:
        """SQL over ``BASE`` of all by which records differ, to compare those that share a key."""
        leading = {"row_number", "row_part", "exclusion", "broken", "warned", "slice_period", "record_key"}
        told = [sql.name(n) for n in self.stored if n not in leading]
        told += [value for n, value in self.added.items() if n.endswith("_source_code")]
        return f"({', '.join(told)})::VARCHAR" if told else "''"


@dataclass(frozen=True)
class CompiledMapping:
    """The compiled mapping of one layout.

    Args:
        query: SQL that gives the rows of ``BASE``.
        columns: What of a record they hold, and what the view adds.
        judging: What is judged.
        present: Fields that the delivery has.
        key_hash: Field that holds the hash of the key, where the key is one identifier that is also mapped.
        place_and_time: Bits of the rules about where and when; a record that breaks one says nothing about a cell.
        raw_json: SQL for the open raw values of a record, over the relation ``records`` or ``BASE``.
        records: SQL of the relation of records before mapping; None where ``BASE`` keeps the raw values itself.
    """

    query: str
    columns: Columns
    judging: Judging
    present: frozenset[str]
    key_hash: str | None
    place_and_time: tuple[int, ...]
    raw_json: str
    records: str | None


def selecting(relation: str, columns: Mapping[str, str]) -> str:
    """A relation with more columns, computed from those that it has."""
    if not columns:
        return relation
    more = ", ".join(f"{value} AS {sql.name(name)}" for name, value in columns.items())
    return f"SELECT *, {more} FROM ({relation})"


def records(columns: Columns, row_number: str | None) -> str:
    """SQL of all columns of the records, with ``row_id``, their row of ``BASE``.

    Args:
        columns: What ``BASE`` holds and what follows from it.
        row_number: SQL over ``BASE`` for the record number; None where it is stored.
    """
    numbered = f"{row_number} AS row_number, " if row_number else ""
    rows = f"SELECT rowid AS row_id, {numbered}* FROM {BASE}"
    for more in (columns.added, columns.parts, columns.following):
        rows = selecting(rows, more)
    return rows


def show(connection: duckdb.DuckDBPyConnection, columns: Columns, row_number: str | None) -> None:
    """Make the view of all columns; the arguments are those of ``records``."""
    names = ", ".join(sql.name(n) for n in columns.names)
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW {TABLE} AS SELECT {names} FROM ({records(columns, row_number)})"
    )


def forget(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop the view and what it shows."""
    connection.execute(f"DROP VIEW IF EXISTS {TABLE}")
    connection.execute(f"DROP TABLE IF EXISTS {BASE}")
