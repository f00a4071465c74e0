"""The rows of a header: where it starts, and one name for each column of headers that span several rows."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.errors import Refusal
from sources.kit.forms import Header
from sources.kit.readers import header as header_rules
from sources.kit.tables import Table

#: A header of one row, the first that is not empty.
FIRST_ROW = Header()


def starts(row: Sequence[str], header: Header, table: Table) -> bool:
    """Whether a row is the first of the header."""
    if not header.contains:
        return any(cell.strip() for cell in row)
    # in a header of several rows line breaks and runs of spaces are one space, as in the names that are built of it
    cells = [_spaced(cell) for cell in row] if header.rows > 1 else row
    return set(header.contains) <= set(header_rules.named(cells, table))


def built(rows: Sequence[Sequence[str]], header: Header) -> list[str]:
    """One name for each column.

    In all rows but the last a cell that is empty since it was merged with its left neighbour takes that one's text,
    if the column has text further down. What a column then has in the rows is joined.

    Args:
        rows: The cells of the header rows.
        header: How many rows, what joins them, and names for columns that have none.
    """
    width = max(map(len, rows))
    cells = [[*row, *[""] * (width - len(row))] for row in rows]
    if len(rows) > 1:
        cells = [[_spaced(cell) for cell in row] for row in cells]
        for level in range(len(cells) - 1):
            below = [any(row[i] for row in cells[level + 1 :]) for i in range(width)]
            cells[level] = _filled(cells[level], below)
        names = [header.joined_by.join(filter(None, column)) for column in zip(*cells, strict=True)]
    else:
        names = cells[0]
    for place, name in header.unnamed.items():
        names += [""] * (place - len(names))
        names[place - 1] = names[place - 1] if names[place - 1].strip() else name
    return names


def _spaced(cell: str) -> str:
    return " ".join(cell.split())


def without_empty_end(names: list[str], width: int = 0) -> list[str]:
    """The names without the empty ones at their end, as long as there are more than ``width``."""
    while len(names) > width and not names[-1].strip():
        names = names[:-1]
    return names


def _filled(row: Sequence[str], below: Sequence[bool]) -> list[str]:
    """A row of the header whose empty cells have the text at their left, where the column goes on below."""
    filled, left = [], ""
    for cell, goes_on in zip(row, below, strict=True):
        left = cell or left
        filled.append(cell or (left if goes_on else ""))
    return filled


def absent(table: Table, header: Header, where: str) -> Refusal:
    """The refusal for a file in which the declared header row is not found."""
    wanted = header.contains or table.columns.all
    return Refusal(
        f"no row of the file is the header (one that holds {', '.join(wanted)})",
        where=where,
        how="check that this is the right file and sheet, or declare the new header",
        code="header_drift",
    )
