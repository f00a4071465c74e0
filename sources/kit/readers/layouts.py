"""Which of a source's layouts a delivered file has."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.errors import Refusal
from sources.kit.landing import Landed
from sources.kit.readers import csv_file, header, text_bytes, workbook
from sources.kit.readers.workbook import Rows
from sources.kit.specification import Layout

_WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def choose(landed: Landed, layouts: Sequence[Layout]) -> Layout:
    """The first layout that fits the file; the first of its format where none does, so that the drift is told."""
    is_book = landed.seen.start.startswith(_WORKBOOK)
    candidates = [la for la in layouts if (la.file.format == "workbook") == is_book] or list(layouts)
    if len(candidates) == 1:
        return candidates[0]
    book = workbook.sheets(landed) if is_book else None
    return next((la for la in candidates if _fits(landed, la, book)), candidates[0])


def _fits(landed: Landed, layout: Layout, book: dict[str, Rows] | None) -> bool:
    if book is not None:
        rows = workbook.sheet(book, layout)
        cells = workbook.header_of(rows, layout) if rows else None
        return cells is not None and header.fits(cells, layout)
    try:
        text_bytes.check(landed, layout)
        return header.fits(csv_file.read_header(landed, layout).cells, layout)
    except Refusal:  # not this layout; if none fits, reading by the first one says why
        return False
