"""What every reader leaves behind: raw rows as text in a temporary table, ready for the mapping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: Temporary table of the raw rows; its rowid + 1 is the record number, the rowid of a row that could be read.
TABLE = "raw_record"


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
        """SQL for the record number of a row of ``TABLE``: unreadable rows before it are counted too."""
        if not self.unreadable:
            return "(rowid + 1)"
        # the i-th unreadable row (from 0) lies before a row whose readable predecessors reach past it
        limits = [number - 1 - i for i, (number, _) in enumerate(self.unreadable)]
        return f"(rowid + 1 + len(list_filter({limits}, lambda x: x <= rowid)))"
