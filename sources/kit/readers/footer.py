"""Text under the table: a table ends before the first of its last rows that begins as declared."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sources.kit.landing import CHUNK, owner_only

#: Rows at the end of a file that are searched for a footer.
SEARCH = 100
#: Bytes at the end of a text file that hold them.
_TAIL = 1 << 18


def begins(row: Sequence[str], footer: Sequence[str]) -> bool:
    """Whether the first filled cell of a row begins like a footer."""
    first = next((cell.strip() for cell in row if cell.strip()), "")
    return first.startswith(tuple(footer))


def of_text(path: Path, encoding: str, footer: Sequence[str], quote: str) -> tuple[int, tuple[str, ...]]:
    """Where the table of a text file ends, in bytes, and the lines from there.

    Args:
        path: The file.
        encoding: Its encoding, in which a line break is one byte.
        footer: How the first line of the footer begins.
        quote: What texts are enclosed in.
    """
    size = path.stat().st_size
    with path.open("rb") as handle:
        handle.seek(max(0, size - _TAIL))
        lines = handle.read().splitlines(keepends=True)[-SEARCH:]
    texts = [line.decode(encoding, errors="replace").strip() for line in lines]
    for place, text in enumerate(texts):
        if begins([text.lstrip(quote) if quote else text], footer):
            return size - sum(map(len, lines[place:])), tuple(t for t in texts[place:] if t)
    return size, ()


def cut(path: Path, end: int, copy: Path) -> None:
    """Make a copy without the footer."""
    with path.open("rb") as whole, open(copy, "wb", opener=owner_only) as stored:
        left = end
        while left and (chunk := whole.read(min(left, CHUNK))):
            stored.write(chunk)
            left -= len(chunk)
