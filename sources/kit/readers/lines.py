"""The lines of a text file, each as one text: for formats that split them by other rules than separators."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import duckdb

from schemas import sql
from schemas.errors import Refusal
from sources.kit.landing import BYTE_ORDER_MARK, LONGEST_LINE
from sources.kit.readers.relation import FAULTS
from sources.kit.readers.text import Text

#: Longest line that DuckDB is told to take, in bytes of UTF-8: of a byte delivered it makes three at the most.
LONGEST = 3 * LONGEST_LINE
#: SQL that is true for a line that is not blank; old systems put a sign of their own behind the last. To trim every
#: line would take longer than to read it.
_FILLED = "CASE WHEN starts_with(line, ' ') THEN trim(line) <> '' ELSE line NOT IN ('', chr(26)) END"
#: What separates columns where there are none: no text holds it.
_NEVER = "\x01\x1f\x02\x1f"


def scan(text: Text, skip: int = 0) -> str:
    """SQL of the lines of a file that are not blank, in their order, as column ``line``."""
    return (
        f"(SELECT line FROM read_csv({sql.text(str(text.path))}, auto_detect=false, header=false, skip={skip}, "
        f"delim={sql.text(_NEVER)}, quote='', escape='', encoding={sql.text(text.encoding)}, "
        f"max_line_size={LONGEST}, columns={{'line': 'VARCHAR'}}) WHERE {_FILLED})"
    )


def places(text: Text, wanted: Collection[int], skip: int = 0) -> tuple[tuple[int, int], ...]:
    """Record number and byte offset of some lines, in order; blank lines are not counted."""
    found: list[tuple[int, int]] = []
    last = max(wanted, default=0)
    number, offset = -skip, 0
    for line in _lines(text):
        content = line.removeprefix(BYTE_ORDER_MARK) if offset == 0 else line
        if content.strip(b" \r\n\x1a") or number < 0:
            number += 1
            if number in wanted:
                found.append((number, offset))
            if number >= last:
                break
        offset += len(line)
    return tuple(found)


def _lines(text: Text) -> Iterator[bytes]:
    with text.path.open("rb") as handle:
        for line in handle:
            if b"\r" in line[:-2]:
                yield from line.splitlines(keepends=True)
            else:
                yield line


def unreadable(
    connection: duckdb.DuckDBPyConnection, text: Text, fits: str, skip: int = 0
) -> tuple[tuple[int, int], ...]:
    """Record number and byte offset of the lines that are no records.

    Args:
        connection: Any connection.
        text: The file.
        fits: SQL over ``line`` that is true for a record.
        skip: Lines before the first record.

    Raises:
        Refusal: The last line is cut, there are none, or the lines do not end alike.
    """
    name = text.landed.name
    numbered = f"SELECT row_number() OVER () AS n, {fits} AS fits FROM {scan(text, skip)}"
    try:
        counted = connection.execute(
            f"SELECT count(*) FILTER (NOT ({fits})), count(*) FROM {scan(text, skip)}"
        )
        bad, total = counted.fetchone() or (0, 0)
        where_bad = f"SELECT n FROM ({numbered}) WHERE NOT fits ORDER BY n"
        listed = [n for (n,) in connection.execute(where_bad).fetchall()] if bad else []
    except FAULTS:
        raise broken(name) from None
    if not total:
        how = "ask the provider to send it again"
        raise Refusal("the file has no records", where=name, how=how, code="empty_file")
    if listed and listed[-1] == total:
        raise Refusal(
            "the last line is no whole record",
            where=f"{name}, record {total}",
            how="the transfer was interrupted; get the file again",
            code="last_line_cut",
        )
    return places(text, frozenset(listed), skip)


def broken(name: str) -> Refusal:
    """The refusal of a file whose lines DuckDB cannot tell apart; its own message would print one of them."""
    return Refusal(
        "the lines of the file do not end alike",
        where=name,
        how="save it again with one kind of line end",
        code="broken_structure",
    )
