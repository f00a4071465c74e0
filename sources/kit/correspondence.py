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
from collections.abc import Iterable, Iterator, Sequence
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
#: Faults of one table that a message shows.
SHOWN = 20

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


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a table: its line, what is wrong, the cure, and the stable name of the problem."""

    line: int
    what: str
    how: str
    code: str = "table_malformed"


def read(path: Path, columns: Sequence[str]) -> Correspondence:
    """Read and check a table.

    Args:
        path: The CSV file.
        columns: The columns of the source that are looked up together.

    Raises:
        Misuse: The table is missing or malformed, or says two things of one label at one time; all its faults are
            told, each with its line, and ``where`` is the file and the line of the first.
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
    refuse(path, _of_header(header, columns))
    faults: list[Fault] = []
    rows, n_lines = [], 0
    for line, cells in lines:
        if not cells:
            continue
        n_lines += 1
        if len(cells) != len(header):
            what = f"the line has {len(cells)} fields, the header {len(header)}"
            how = "quote values that contain a comma; leave a field empty rather than out"
            faults.append(Fault(line, what, how))
        elif row := _row(dict(zip(header, cells, strict=True)), columns, line, faults):
            rows.append(row)
    if not n_lines:
        raise Misuse("the table is empty", where=str(path), how="add its rows", code="table_empty")
    # a line that could not be read may be the one that a label lacks
    whole = len(rows) == n_lines
    faults += [f for f in _of_labels(rows) if whole or f.code == "table_ambiguous"]
    refuse(path, faults)
    return Correspondence(path, tuple(rows))


def refuse(path: Path, faults: Iterable[Fault]) -> None:
    """End with all faults of a table, in the order of its lines; with none nothing happens.

    Raises:
        Misuse: There is a fault.
    """
    ordered = sorted(dict.fromkeys(faults), key=lambda fault: fault.line)
    if not ordered:
        return
    first, *others = ordered
    what = first.what
    for other in others[: SHOWN - 1]:
        what += f"\n  line {other.line}: {other.what} ({other.how})"
    if len(ordered) > SHOWN:
        what += f"\n  and {len(ordered) - SHOWN} more"
    raise Misuse(what, where=f"{path}:{first.line}", how=first.how, code=first.code)


def _lines(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> Misuse:
    return Misuse(
        f"the table cannot be read: {error.__class__.__name__}",
        where=str(path),
        how="save it as CSV in UTF-8",
        code="table_malformed",
    )


def _of_header(header: Sequence[str], columns: Sequence[str]) -> Iterator[Fault]:
    wanted = [*columns, CODE, *OPTIONAL]
    for clash in (c for c in columns if c in (CODE, *OPTIONAL)):
        what = f"the source's column {clash!r} is called like a column of the table"
        yield Fault(1, what, "recode it by codes in source.yml instead")
    for repeated in dict.fromkeys(c for c in header if header.count(c) > 1):
        yield Fault(1, f"two columns are called {repeated!r}", "keep one of them")
    if lacking := [c for c in (*columns, CODE) if c not in header]:
        how = f"give it the columns {','.join([*columns, CODE])}, and as needed {','.join(OPTIONAL)}"
        yield Fault(1, f"the table lacks {', '.join(lacking)}", how)
    for strange in (c for c in header if c not in wanted):
        close = get_close_matches(strange, wanted, n=1)
        how = f"did you mean {close[0]}?" if close else "remove it, or put what it says into note"
        yield Fault(1, f"the table has a column {strange!r}, which means nothing", how)


def _row(cells: dict[str, str], columns: Sequence[str], line: int, faults: list[Fault]) -> Row | None:
    """The row of a line; None, and its faults among the others, where it has some."""
    found = []

    def wrong(what: str, how: str) -> None:
        found.append(Fault(line, what, how))

    label, weight = tuple(cells[c] for c in columns), _weight(cells.get("weight", ""))
    if not any(value.strip() for value in label):
        wrong("the line has no label", "write the source's label as it stands in the file")
    elif not cells["code"].strip():
        how = "write a code of the list; unmapped for a label that is known and has no class yet"
        wrong(f"{' | '.join(label)!r} has no code", how)
    status = cells.get("status", "") or "draft"
    if status not in STATUSES:
        how = "write official if the owner of the data or of the classification has published it, else draft"
        wrong(f"status is {status!r}", how)
    start = end = None
    try:
        start, end = iso_day(cells.get("valid_from", "")), iso_day(cells.get("valid_to", ""))
    except ValueError:
        wrong("valid_from or valid_to is no date", "write dates as YYYY-MM-DD, or leave the field empty")
    if start and end and end < start:
        wrong(f"the line ends ({end}) before it starts ({start})", "mend the two dates")
    if weight is None:
        how = "write a number above 0 and up to 1 with a decimal point, or leave it empty for 1"
        wrong(f"the weight is {cells.get('weight', '')!r}", how)
    faults += found
    if found or weight is None:
        return None
    return Row(label, cells["code"], status, weight, start, end, cells.get("note", ""), line)


def _weight(text: str) -> Decimal | None:
    """The weight; None where it is no number above 0 and up to 1."""
    try:
        weight = Decimal(text or 1)
    except InvalidOperation:
        return None
    return weight if weight.is_finite() and 0 < weight <= 1 else None


def _of_labels(rows: Sequence[Row]) -> Iterator[Fault]:
    """At any time a label is one code, or several whose weights add up to 1."""
    of_label: dict[Label, list[Row]] = {}
    for row in rows:
        of_label.setdefault(row.label, []).append(row)
    for same in of_label.values():
        changes = {row.starts() for row in same} | {
            row.valid_to + dt.timedelta(days=1) for row in same if row.valid_to and row.valid_to < dt.date.max
        }
        for on in sorted(changes):
            yield from _at([row for row in same if row.holds(on)])


def _at(rows: Sequence[Row]) -> Iterator[Fault]:
    """What is wrong with the rows of a label that hold on a day."""
    for before, row in ((b, r) for i, r in enumerate(rows) for b in rows[:i]):
        if before.code == row.code:
            what = f"{row.shown()} has the code {row.code!r} twice for one time (first in line {before.line})"
            yield Fault(row.line, what, "keep one of the two lines", "table_ambiguous")
            return
    total = sum(row.weight for row in rows)
    if not rows or total == 1:
        return
    last = rows[-1]
    if all(row.weight == 1 for row in rows):
        how = (
            "keep one row for each label; if its class changed, give the old row valid_to and the new one "
            "valid_from; if it is several classes at once, give each row its weight"
        )
        yield Fault(
            last.line, f"two codes for {last.shown()} (first in line {rows[0].line})", how, "table_ambiguous"
        )
        return
    what = f"the weights of {last.shown()} add up to {total}, not to 1"
    how = "give the rows of a label that hold at one time weights that add up to 1"
    yield Fault(last.line, what, how, "table_weights")
