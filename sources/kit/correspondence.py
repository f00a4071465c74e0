"""A source's correspondence table: our code for each of its labels, since when and until when, in which shares.

A CSV file beside ``source.yml`` with the columns that are read, ``code``, and where they are needed ``weight`` (the
share of a label that goes to the code, where several share it), ``valid_from`` and ``valid_to`` (first and last day
of the record's date on which the row holds). ``status`` (official or draft) and ``note`` are for people.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path

from schemas.errors import Misuse
from sources.kit.raw_text import UNIT_SEPARATOR

STATUS = ("official", "draft")
#: How far the weights of a label may be from 1 in sum: thirds are written with a few digits.
_NEARLY = Decimal("0.001")


@dataclass(frozen=True)
class Entry:
    """One row of a table; the label of several columns is their values joined."""

    label: str
    code: str
    weight: Decimal
    first: dt.date
    last: dt.date
    line: int


@dataclass(frozen=True)
class Correspondence:
    """A table that was read and holds together."""

    path: Path
    entries: tuple[Entry, ...]

    @cached_property
    def labels(self) -> dict[str, str]:
        """All labels, each with one of its codes."""
        return {e.label: e.code for e in self.entries}

    @cached_property
    def periods(self) -> tuple[tuple[dt.date, dict[str, tuple[Entry, ...]]], ...]:
        """First day of each span of time in which the table does not change, with the rows that hold, by label."""
        after = {e.last + dt.timedelta(1) for e in self.entries if e.last < dt.date.max}
        starts = sorted({dt.date.min} | {e.first for e in self.entries} | after)
        return tuple((start, self._on(start)) for start in starts)

    def _on(self, day: dt.date) -> dict[str, tuple[Entry, ...]]:
        """The rows that hold on a day by label; a row written twice counts once."""
        found: dict[str, dict[str, Entry]] = {}
        for entry in self.entries:
            if entry.first <= day <= entry.last:
                found.setdefault(entry.label, {}).setdefault(entry.code, entry)
        return {label: tuple(of.values()) for label, of in found.items()}

    @property
    def dated(self) -> bool:
        """Whether the code of a label depends on the record's date."""
        return len(self.periods) > 1

    @cached_property
    def shared(self) -> Entry | None:
        """The first row of a label that several codes share; None where each label has one code."""
        several = (of for _, rows in self.periods for of in rows.values() if len(of) > 1)
        return next((of[0] for of in several), None)


def read(path: Path, columns: Sequence[str]) -> Correspondence:
    """Read a table.

    Args:
        path: The CSV file.
        columns: The columns of the source that are looked up together.

    Raises:
        Misuse: With file and line: it is missing or empty, lacks a column, has a weight or a date that is none, or
            gives a label several codes that do not share it.
    """
    needed = [*columns, "code"]
    entries = [_entry(row, columns, needed, f"{path}:{line}", line) for line, row in _rows(path, needed)]
    if not entries:
        raise Misuse("the table is empty", where=str(path), how="add its rows", code="table_empty")
    table = Correspondence(path, tuple(entries))
    for _, rows in table.periods:
        for label, of in rows.items():
            _check_shares(path, label.replace(UNIT_SEPARATOR, " | "), of)
    return table


def _rows(path: Path, needed: Sequence[str]) -> Iterator[tuple[int, dict[str, str | None]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle, strict=True)
            yield from ((reader.line_num, row) for row in reader)
    except OSError as error:
        raise Misuse(
            f"the table {path.name} is missing",
            where=str(path.parent),
            how="add the CSV file beside source.yml, or correct its name",
            code="table_missing",
        ) from error
    except (UnicodeDecodeError, csv.Error) as error:
        what = f"the table cannot be read: {error.__class__.__name__}"
        raise _malformed(what, f"{path}", needed) from error


def _entry(
    row: dict[str, str | None], columns: Sequence[str], needed: Sequence[str], where: str, line: int
) -> Entry:
    lacking = [c for c in needed if row.get(c) is None]
    if lacking:
        raise _malformed(f"the table lacks {', '.join(lacking)}", where, needed)
    status = row.get("status")
    if status and status not in STATUS:
        raise Misuse(
            f"{status!r} is no status of a correspondence",
            where=where,
            how="write official where the owner of the classification says so, else draft",
            code="table_malformed",
        )
    first, last = (
        _day(row.get("valid_from"), dt.date.min, where),
        _day(row.get("valid_to"), dt.date.max, where),
    )
    if last < first:
        raise Misuse(
            "the row ends before it begins",
            where=where,
            how="correct valid_from or valid_to, the first and the last day on which it holds",
            code="table_malformed",
        )
    label = UNIT_SEPARATOR.join(str(row[c]) for c in columns)
    return Entry(label, str(row["code"]), _weight(row.get("weight"), where), first, last, line)


def _day(text: str | None, otherwise: dt.date, where: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text) if text else otherwise
    except ValueError as error:
        raise Misuse(
            f"{text!r} is no date",
            where=where,
            how="write valid_from and valid_to as 2026-01-31, or leave them empty",
            code="table_malformed",
        ) from error


def _weight(text: str | None, where: str) -> Decimal:
    try:
        weight = Decimal(text) if text else Decimal(1)
    except InvalidOperation:
        weight = Decimal(-1)
    if not 0 < weight <= 1:
        raise Misuse(
            f"{text!r} is no weight",
            where=where,
            how="write a share such as 0.25 with a decimal point, or leave it empty for the whole",
            code="table_malformed",
        )
    return weight


def _check_shares(path: Path, label: str, of: Sequence[Entry]) -> None:
    total = sum((e.weight for e in of), Decimal(0))
    if len(of) > 1 and total == len(of):
        raise Misuse(
            f"two codes for {label!r}",
            where=f"{path}:{of[1].line}",
            how="keep one row for each label, say in valid_from and valid_to when each holds, or in weight what "
            "share each has",
            code="table_ambiguous",
        )
    if abs(total - 1) > _NEARLY:
        raise Misuse(
            f"the weights of {label!r} add up to {total}, not to 1",
            where=f"{path}:{of[-1].line}",
            how="correct the weights; what has no class gets the code unmapped with the rest of the weight",
            code="table_weights",
        )


def _malformed(what: str, where: str, needed: Sequence[str]) -> Misuse:
    how = f"save it as CSV in UTF-8 and give every row the columns {', '.join(needed)}"
    return Misuse(what, where=where, how=how, code="table_malformed")
