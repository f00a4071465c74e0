"""Where a table begins in a grid of cells: titles, the rows of its header, its body, and the text under it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sources.kit.scaffold import vocabulary

#: A cell that a header would not have: a number with any local signs, a date, a time, an amount.
_VALUE = re.compile(r"[-+(]?[$€]?\s?\d[\d.,'\s/:()TZ%-]*")
#: What stands in the cells of a header besides text: years, and dates of which a workbook shows the month.
_HEADS = re.compile(r"(19|20|21)\d\d(\.0)?|(19|20)\d\d-\d\d-\d\d([ T]00:00:00)?")
#: Rows that a header has at most, cells by which it is told from others, rows of which the body is judged.
DEEPEST, TELLING, JUDGED = 4, 3, 60
#: How much of a row of text under a table is written into a declaration.
_BEGINNING = re.compile(r"(?:[*(\[]+\s?)?[\w.]+(?:\s\w+)?\s?:?")


@dataclass(frozen=True)
class Head:
    """The header of a table.

    Args:
        rows: Its rows.
        above: The text above it.
        first: Whether it is the first row with any text.
        telling: Cells of its first row that no row above has together.
        unnamed: Names for columns that have values and no name, by their place from 1.
        body: Index of the first row of the body.
    """

    rows: list[list[str]]
    above: tuple[str, ...]
    first: bool
    telling: tuple[str, ...]
    unnamed: Mapping[int, str]
    body: int

    @property
    def named(self) -> list[str]:
        """The cells of the last row that have text."""
        return [cell for cell in self.rows[-1] if cell.strip()]


def _is_total(row: Sequence[str]) -> bool:
    first = next((cell for cell in row if cell.strip()), "")
    return vocabulary.is_total(first)


def is_value(cell: str) -> bool:
    """Whether a cell holds what no column is called."""
    return bool(_VALUE.fullmatch(cell.strip()))


def head(rows: Sequence[Sequence[str]]) -> Head | None:
    """The header of a grid; None where no row is one, or nothing stands below it."""
    filled = [sum(1 for cell in row if cell.strip()) for row in rows]
    usual = _usual(filled)
    if not usual:
        return None
    start = _body(rows, filled, usual)
    if not start:
        return None
    end = start
    while end and not filled[end - 1]:
        end -= 1
    begin = end
    while (
        begin
        and end - begin < DEEPEST
        and _is_label(rows[begin - 1])
        and (begin == end or filled[begin - 1] > 1)
    ):
        begin -= 1
    if begin == end or filled[begin] == 1 < usual:
        return None
    header = [list(row) for row in rows[begin:end]]
    above = tuple(line for row in rows[:begin] if (line := " ".join(c for c in row if c.strip())))
    body = rows[start : start + JUDGED]
    return Head(header, above, not above, _telling(header[0]), _unnamed(header, body), end)


def _usual(filled: Sequence[int]) -> int:
    """How many cells of a row of the body are filled: the most frequent number, of rows with several if any."""
    several = [n for n in filled if n > 1] or [n for n in filled if n]
    if len(several) < 2:
        return 0
    counted = Counter(several)
    # a wide table with gaps has many numbers, of which the greater say more
    return max(counted, key=lambda n: counted[n] * n)


def _body(rows: Sequence[Sequence[str]], filled: Sequence[int], usual: int) -> int:
    """Index of the first row of the body; 0 where it cannot be told from a header."""
    full = [i for i, n in enumerate(filled) if n >= max(1, usual / 2)]
    later = [rows[i] for i in full[min(5, len(full) // 2) :][:JUDGED]]
    width = max((len(row) for row in later), default=0)
    numeric = [
        j
        for j in range(width)
        if (cells := [row[j] for row in later if j < len(row) and row[j].strip()])
        and sum(map(is_value, cells)) > 0.7 * len(cells)
    ]
    if not numeric:
        return full[0] + 1 if len(full) > 1 else 0
    for i in full:
        cells = [rows[i][j] for j in numeric if j < len(rows[i]) and rows[i][j].strip()]
        if cells and sum(map(is_value, cells)) >= max(1, len(cells) / 2) and not _is_label(rows[i]):
            return i
    return 0


def _is_label(row: Sequence[str]) -> bool:
    """Whether a row can be of a header: text, and years or months side by side."""
    values = [cell.strip() for cell in row if cell.strip() and is_value(cell)]
    texts = [cell for cell in row if cell.strip() and not is_value(cell)]
    years = len(values) > 1 and len(set(values)) == len(values) and all(map(_HEADS.fullmatch, values))
    return bool(texts) and (not values or years)


def _telling(row: Sequence[str]) -> tuple[str, ...]:
    cells = [cell.strip() for cell in row if cell.strip() and not is_value(cell) and "\n" not in cell]
    return tuple(dict.fromkeys(cells))[:TELLING]


def _unnamed(header: Sequence[Sequence[str]], body: Sequence[Sequence[str]]) -> dict[int, str]:
    width = max(map(len, (*header, *body)), default=0)
    named = {j for row in header for j, cell in enumerate(row) if cell.strip()}
    with_values = {j for row in body for j, cell in enumerate(row) if cell.strip()}
    # a cell of a header of several rows may be merged with the one at its left
    merged = (
        set() if len(header) == 1 else {j for j in range(width) if not any(len(r) > j for r in header[-1:])}
    )
    return {j + 1: f"column_{j + 1}" for j in sorted(with_values - named - merged)}


def footers(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """How the text under a table begins; empty where there is none.

    Args:
        rows: The last rows of the file.
        width: How many columns the table has.
    """
    filled = [sum(1 for cell in row if cell.strip()) for row in rows]
    full = [i for i, n in enumerate(filled) if n >= max(2, width / 3)]
    if width < 3 or not full:
        return []
    # a row of totals says a number that is compared; it is left out by itself
    under = [rows[i] for i in range(full[-1] + 1, len(rows)) if filled[i] and not _is_total(rows[i])]
    if not under:
        return []
    first = next(cell.strip() for cell in under[0] if cell.strip())
    begins = _BEGINNING.match(first)
    if not begins or is_value(first):
        return []
    told = begins[0].rstrip()
    body = [next((c.strip() for c in rows[i] if c.strip()), "") for i in full]
    return [] if any(cell.startswith(told) for cell in body) else [told]
