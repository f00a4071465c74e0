"""How far the cells of an xlsx sheet reach: a stray value far away takes all memory of the machine.

The reader of workbooks makes room for every cell between the first and the last, and ends the process where there is
not enough; what it would need is told before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import IO

from schemas.errors import Refusal
from sources.kit.landing import CHUNK

#: Cells that a sheet spans at most; each takes 32 bytes.
MOST = 100_000_000
#: A row, and a cell that may have a value, as a sheet writes them; how much of one a piece of the file may cut.
_ROW, _OVERLAP = re.compile(rb'row [^>]*?\br="(\d+)"'), 512
_CELL = re.compile(rb'<(?:\w+:)?c r="([A-Z]{1,3})(\d+)"[^>]*(?<!/)>')
#: Columns of a sheet that no look at its cells is needed for.
_FEW = 26
_WIDE_CELL = re.compile(rb'r="([A-Z]{2,3})\d')


def require_bounded(opened: Callable[[], IO[bytes]], name: str, where: str) -> None:
    """Refuse a sheet that spans more cells than are read.

    Args:
        opened: Opens the sheet, from its start.
        name: Its name.
        where: Name of the file.

    Raises:
        Refusal: It does.
    """
    rows, columns = 0, _FEW
    for text in _pieces(opened):
        rows = max([rows, *map(int, _ROW.findall(text))])
        columns = max([columns, *map(_number, set(_WIDE_CELL.findall(text)))])
    if rows * columns <= MOST:
        return
    # rows and cells that have a format and no value take no room
    rows = columns = 0
    for text in _pieces(opened):
        for cell in _CELL.finditer(text):
            rows, columns = max(rows, int(cell[2])), max(columns, _number(cell[1]))
    if rows * columns > MOST:
        raise Refusal(
            f"the sheet {name!r} reaches to row {rows:,} and column {columns:,}, more cells than are read ({MOST:,})",
            where=where,
            how="a stray value may stand far from the table: go to the last cell (Ctrl+End), delete the rows and "
            "columns behind the table, save the workbook and deliver that",
            code="sheet_too_large",
        )


def _pieces(opened: Callable[[], IO[bytes]]) -> Iterator[bytes]:
    with opened() as sheet:
        before = b""
        while chunk := sheet.read(CHUNK):
            yield before + chunk
            before = chunk[-_OVERLAP:]


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
