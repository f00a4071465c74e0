"""Correspondence tables: which code of ours a label of the source is, by whose word, and when.

A table is a CSV file beside ``source.yml``. Its columns are those of the source that are looked up together, then

- ``code``: a code of the field's list; ``unmapped`` for a label that is known and has no class yet;
- ``status``: ``official`` (published by the owner of the data or of the classification) or ``draft``, which it is
  where nothing is said;
- ``weight``: 1 if left out. A label that is several codes has a row for each, and their weights add up to 1;
- ``valid_from``, ``valid_to``: first and last day on which the row holds, by the date of the record; empty without
  limit;
- ``note``: for people.

All but ``code`` may be left out where no row needs it. What a table means for a record is in ``sources.kit.recoding``.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import cached_property, lru_cache
from pathlib import Path

from schemas.codelists.reading import iso_day
from schemas.errors import Misuse

CODE = "code"
OPTIONAL = ("status", "weight", "valid_from", "valid_to", "note")
STATUSES = ("official", "draft")

#: The values of the source's columns in one row of a table.
Label = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: what a label is during a time. ``weight`` is the part of the label that has this code."""

    label: Label
    code: str
    status: str
    weight: Decimal
    valid_from: dt.date | None
    valid_to: dt.date | None
    note: str
    line: int

    def starts(self) -> dt.date:
        """The first day on which it holds, for comparisons."""
        return self.valid_from or dt.date.min

    def holds(self, on: dt.date) -> bool:
        """Whether it holds on a day."""
        return self.starts() <= on <= (self.valid_to or dt.date.max)

    def shown(self) -> str:
        """The label as a message shows it."""
        return repr(" | ".join(self.label))


@dataclass(frozen=True)
class Correspondence:
    """A table that was read and holds together: at no time two rows for one label unless their weights add up to 1."""

    path: Path
    rows: tuple[Row, ...]

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The codes that it gives, each once, in file order."""
        return tuple(dict.fromkeys(row.code for row in self.rows))

    @cached_property
    def labels(self) -> tuple[Label, ...]:
        """The labels that it knows, each once, in file order."""
        return tuple(dict.fromkeys(row.label for row in self.rows))

    @cached_property
    def dated(self) -> bool:
        """Whether what a label is depends on the date of the record."""
        return any(row.valid_from or row.valid_to for row in self.rows)

    @cached_property
    def official(self) -> bool:
        """Whether every row is official; a table with one draft row is a draft."""
        return all(row.status == "official" for row in self.rows)

    @cached_property
    def divided(self) -> tuple[Row, ...]:
        """The rows of labels that are several codes at once, each with its part."""
        return tuple(row for row in self.rows if row.weight != 1)

    def times(self) -> list[tuple[dt.date | None, dict[Label, str]]]:
        """The times between which the table does not change: the first day of each, and the code of each label then.

        The first time has no first day. Labels that are several codes at once are not in it: see ``divided``.
        """
        starts = {row.valid_from for row in self.rows} | {
            row.valid_to + dt.timedelta(days=1)
            for row in self.rows
            if row.valid_to and row.valid_to < dt.date.max
        }
        days = [None, *sorted(start for start in starts if start)]
        return [(start, self._codes_on(start or dt.date.min)) for start in days]

    def timeless(self) -> dict[Label, str]:
        """The labels whose code is the same at all times: what can be said of a record without a date."""
        times = [codes for _, codes in self.times()]
        return {
            label: code
            for label, code in times[0].items()
            if all(codes.get(label) == code for codes in times)
        }

    def _codes_on(self, on: dt.date) -> dict[Label, str]:
        return {row.label: row.code for row in self.rows if row.weight == 1 and row.holds(on)}


def read(path: Path, columns: Sequence[str]) -> Correspondence:
    """Read and check a table.

    Args:
        path: The CSV file.
        columns: The columns of the source that are looked up together.

    Raises:
        Misuse: The table is missing or malformed, or says two things of one label at one time; ``where`` is file
            and line.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Misuse(
            f"the table {path.name} is missing",
            where=str(path.parent),
            how="add the CSV file beside source.yml, or correct its name",
            code="table_missing",
        ) from error
    except UnicodeDecodeError as error:
        raise _unreadable(path, error) from error
    return _checked(path, text, tuple(columns))


@lru_cache(maxsize=16)
def _checked(path: Path, text: str, columns: tuple[str, ...]) -> Correspondence:
    """The table that a text holds; several fields and checks of one source ask for the same one after another."""
    lines = _lines(path, text)
    _, header = next(lines, (1, []))
    if not header:
        raise Misuse("the table is empty", where=str(path), how="add its rows", code="table_empty")
    _check_header(path, header, columns)
    rows = [
        _row(dict(zip(header, cells, strict=True)), columns, line, path)
        for line, cells in _of_width(lines, header, path)
    ]
    if not rows:
        raise Misuse("the table is empty", where=str(path), how="add its rows", code="table_empty")
    _check_labels(path, rows)
    return Correspondence(path, tuple(rows))


def _lines(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> Misuse:
    return _malformed(
        f"the table cannot be read: {error.__class__.__name__}", str(path), "save it as CSV in UTF-8"
    )


def _check_header(path: Path, header: Sequence[str], columns: Sequence[str]) -> None:
    where, wanted = f"{path}:1", [*columns, CODE, *OPTIONAL]
    if clash := [c for c in columns if c in (CODE, *OPTIONAL)]:
        raise _malformed(
            f"the source's column {clash[0]!r} is called like a column of the table",
            where,
            "recode it by codes in source.yml instead",
        )
    if repeated := [c for c in header if header.count(c) > 1]:
        raise _malformed(f"two columns are called {repeated[0]!r}", where, "keep one of them")
    if lacking := [c for c in (*columns, CODE) if c not in header]:
        raise _malformed(
            f"the table lacks {', '.join(lacking)}",
            where,
            f"give it the columns {','.join([*columns, CODE])}, and as needed {','.join(OPTIONAL)}",
        )
    if strange := [c for c in header if c not in wanted]:
        close = get_close_matches(strange[0], wanted, n=1)
        raise _malformed(
            f"the table has a column {strange[0]!r}, which means nothing",
            where,
            f"did you mean {close[0]}?" if close else "remove it, or put what it says into note",
        )


def _of_width(
    lines: Iterator[tuple[int, list[str]]], header: Sequence[str], path: Path
) -> Iterator[tuple[int, list[str]]]:
    for line, cells in lines:
        if not cells:
            continue
        if len(cells) != len(header):
            raise _malformed(
                f"the line has {len(cells)} fields, the header {len(header)}",
                f"{path}:{line}",
                "quote values that contain a comma; leave a field empty rather than out",
            )
        yield line, cells


def _row(cells: dict[str, str], columns: Sequence[str], line: int, path: Path) -> Row:
    where = f"{path}:{line}"
    label = tuple(cells[c] for c in columns)
    if not any(value.strip() for value in label):
        raise _malformed("the line has no label", where, "write the source's label as it stands in the file")
    if not cells["code"].strip():
        raise _malformed(
            f"{' | '.join(label)!r} has no code",
            where,
            "write a code of the list; unmapped for a label that is known and has no class yet",
        )
    status = cells.get("status", "") or "draft"
    if status not in STATUSES:
        raise _malformed(
            f"status is {status!r}",
            where,
            "write official if the owner of the data or of the classification has published it, else draft",
        )
    try:
        start, end = iso_day(cells.get("valid_from", "")), iso_day(cells.get("valid_to", ""))
    except ValueError:
        raise _malformed(
            "valid_from or valid_to is no date", where, "write dates as YYYY-MM-DD, or leave the field empty"
        ) from None
    if start and end and end < start:
        raise _malformed(f"the line ends ({end}) before it starts ({start})", where, "mend the two dates")
    weight = _weight(cells.get("weight", ""), where)
    return Row(label, cells["code"], status, weight, start, end, cells.get("note", ""), line)


def _weight(text: str, where: str) -> Decimal:
    try:
        weight = Decimal(text or 1)
    except InvalidOperation:
        weight = Decimal(0)
    if not (weight.is_finite() and 0 < weight <= 1):
        raise _malformed(
            f"the weight is {text!r}",
            where,
            "write a number above 0 and up to 1 with a decimal point, or leave it empty for 1",
        )
    return weight


def _check_labels(path: Path, rows: Sequence[Row]) -> None:
    """At any time a label is one code, or several whose weights add up to 1."""
    of_label: dict[Label, list[Row]] = {}
    for row in rows:
        of_label.setdefault(row.label, []).append(row)
    for same in of_label.values():
        changes = {row.starts() for row in same} | {
            row.valid_to + dt.timedelta(days=1) for row in same if row.valid_to and row.valid_to < dt.date.max
        }
        for on in sorted(changes):
            _check_at(path, [row for row in same if row.holds(on)])


def _check_at(path: Path, rows: Sequence[Row]) -> None:
    for before, row in ((b, r) for i, r in enumerate(rows) for b in rows[:i]):
        if before.code == row.code:
            raise Misuse(
                f"{row.shown()} has the code {row.code!r} twice for one time (first in line {before.line})",
                where=f"{path}:{row.line}",
                how="keep one of the two lines",
                code="table_ambiguous",
            )
    total = sum(row.weight for row in rows)
    if not rows or total == 1:
        return
    last = rows[-1]
    if all(row.weight == 1 for row in rows):
        raise Misuse(
            f"two codes for {last.shown()} (first in line {rows[0].line})",
            where=f"{path}:{last.line}",
            how="keep one row for each label; if its class changed, give the old row valid_to and the new one "
            "valid_from; if it is several classes at once, give each row its weight",
            code="table_ambiguous",
        )
    raise Misuse(
        f"the weights of {last.shown()} add up to {total}, not to 1",
        where=f"{path}:{last.line}",
        how="give the rows of a label that hold at one time weights that add up to 1",
        code="table_weights",
    )


def _malformed(what: str, where: str, how: str) -> Misuse:
    return Misuse(what, where=where, how=how, code="table_malformed")
