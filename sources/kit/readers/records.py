"""The rows of a text file one by one, split as DuckDB splits them: for the place of a row that it could not read.

Slow beside DuckDB, and needed only where a row was rejected: DuckDB tells neither the number of such a row nor,
with every line end and encoding, where it starts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from sources.kit.forms import CsvForm
from sources.kit.landing import BYTE_ORDER_MARK, LONGEST_LINE, owner_only

#: Longest row that DuckDB is told to take, in bytes of UTF-8: of a byte delivered it makes three at the most.
LONGEST = 3 * LONGEST_LINE
#: Stands for the number of fields of a row that is longer.
TOO_LONG = -1


class _Splitter:
    """Counts the fields of a row, line by line: a quoted field may span several."""

    def __init__(self, form: CsvForm, encoding: str) -> None:
        self.quote, self.delimiter = form.quote.encode(encoding), form.delimiter.encode(encoding)
        quote, delimiter = re.escape(self.quote or b"\0"), re.escape(self.delimiter)
        # as DuckDB has it: one space may come before an opening quote, any number after a closing one, and a
        # quote after those is part of the text
        self._open = re.compile(b" ?" + quote)
        self._close = re.compile(b"(?:[^%b]|%b *%b)*+%b *(?!%b)" % ((quote,) * 5))
        self._plain = re.compile(b"(?:(?!%b)[^\r\n])*" % delimiter)
        self.fields = self.filled = 0
        self.inside = False

    def start(self) -> None:
        """Begin a row."""
        self.fields, self.filled, self.inside = 1, 0, False

    def add(self, line: bytes) -> bool:
        """Take the next line of the row; false if text follows a closing quote, which ends the row with its line."""
        at, begun = 0, 0
        while True:
            if not self.inside and (opened := self._open.match(line, at)):
                self.inside, at = True, opened.end()
                begun = at
            if self.inside:
                closed = self._close.match(line, at)
                if closed is None:
                    return True
                self.inside, at = False, closed.end()
                empty = line[begun:at].rstrip(b" ") == self.quote
            else:
                plain = self._plain.match(line, at)
                empty, at = plain is None or plain.end() == at, plain.end() if plain else at
            self.filled = self.filled if empty else self.fields
            if not line.startswith(self.delimiter, at):
                return not line[at:].strip(b"\r\n")
            self.fields, at = self.fields + 1, at + len(self.delimiter)


def records(
    path: Path, encoding: str, form: CsvForm, skip: int, columns: int
) -> Iterator[tuple[int, int, int | None]]:
    """Record number, byte offset and number of fields of every row after the first ``skip``.

    No field at all: text follows a closing quote. ``TOO_LONG``: the row is longer than DuckDB takes. None: a quote
    is open at the end of its line and closes nowhere, or in the middle of a later field; what lies between cannot be
    told apart.
    """
    splitter = _Splitter(form, encoding)
    number, start, offset = -skip, 0, 0
    for line in _lines(path):
        if not splitter.inside:
            start = offset
        offset += len(line)
        if splitter.inside or (splitter.quote and splitter.quote in line):
            several = splitter.inside
            if not several:
                splitter.start()
            fits = splitter.add(line.removeprefix(BYTE_ORDER_MARK) if start == 0 else line)
            if splitter.inside:
                continue
            # empty fields in excess lose nothing, and DuckDB takes them
            counted = max(splitter.filled, min(splitter.fields, columns))
            fields: int | None = None if several and not fits else counted * fits
            if fields is not None and offset - start > LONGEST:
                fields = TOO_LONG
        elif line.strip(b"\r\n") or columns == 1 or number < 0:
            fields = line.count(splitter.delimiter) + 1
            if fields > columns and not any(line.rstrip(b"\r\n").split(splitter.delimiter)[columns:]):
                fields = columns
        else:
            continue
        number += 1
        if number > 0:
            yield number, start, fields
        if fields is None and number > 0:
            return
    if splitter.inside:
        yield number + 1, start, None


def first_too_wide(
    path: Path, encoding: str, form: CsvForm, skip: int, columns: int, most: int
) -> tuple[int, int] | None:
    """Number and fields of the first record that has more than ``most``; None where none has.

    DuckDB takes minutes for a row with thousands of fields in excess, since it lists each of them with the whole row.
    """
    delimiter = form.delimiter.encode(encoding)
    with path.open("rb") as whole:
        if not any(len(line) > most and line.count(delimiter) >= most for line in whole):
            return None
    # what stands within quotes is no field
    counted = ((number, fields or 0) for number, _, fields in records(path, encoding, form, skip, columns))
    return next(((number, fields) for number, fields in counted if fields > most), None)


def with_one_end(path: Path, encoding: str, form: CsvForm, end: str, copy: Path) -> bool:
    """Make a copy whose rows all end alike; line breaks within quotes stay as they are.

    Args:
        path: The file.
        encoding: Its encoding, in which a line break is one byte.
        form: How it is read.
        end: How rows are to end: with a line feed, or with a carriage return before it.
        copy: Where the copy is written.

    Returns:
        Whether any row ended otherwise.
    """
    splitter, changed = _Splitter(form, encoding), False
    wanted, other = (b"\r\n", b"\n") if end == "\r\n" else (b"\n", b"\r\n")
    with path.open("rb") as whole, open(copy, "wb", opener=owner_only) as stored:
        for line in whole:
            if splitter.inside or (splitter.quote and splitter.quote in line):
                if not splitter.inside:
                    splitter.start()
                splitter.add(line.removeprefix(BYTE_ORDER_MARK))
            differs = line.endswith(b"\n") and line.endswith(b"\r\n") != (end == "\r\n")
            if differs and not splitter.inside:
                line, changed = line.removesuffix(other) + wanted, True
            stored.write(line)
    return changed


def _lines(path: Path) -> Iterator[bytes]:
    """The lines with their ends, which may be a carriage return alone."""
    with path.open("rb") as handle:
        for line in handle:
            if b"\r" in line[:-2]:
                yield from line.splitlines(keepends=True)
            else:
                yield line
