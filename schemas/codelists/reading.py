"""Reading code lists from CSV: every fault is told with file, line and cure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path

from schemas.codelists.code_list import Code
from schemas.errors import Misuse

HEADER = ("code", "parent", "label_es", "label_en", "label_pt", "valid_from", "valid_to", "evidence")

#: Columns that a list has after the others where codes have ended, or entries need a word of explanation.
EXPLAINING = ("successor", "note")

EVIDENCE = ("official", "secondary", "needs_review")

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")

#: An entry and the line of the file where it ends.
Placed = tuple[int, Code]


def entries(path: Path) -> tuple[Code, ...]:
    """Entries of a list, checked one by one and against each other.

    Raises:
        Misuse: The file is malformed; ``where`` is file and line.
    """
    lines = rows(path)
    _, header = next(lines, (1, ()))
    if header not in (HEADER, HEADER + EXPLAINING):
        raise malformed(
            f"the header is {','.join(header)!r}",
            f"{path}:1",
            f"the header must be {','.join(HEADER)!r}, and may have {','.join(EXPLAINING)!r} after it",
        )
    placed = [(line, _entry(dict(zip(header, row, strict=True)), f"{path}:{line}")) for line, row in lines]
    if not placed:
        raise malformed("the list has no codes", f"{path}:1", "add at least one line below the header")
    _check_validity(path, placed)
    _check_successors(path, placed)
    _check_tree(path, placed)
    return tuple(entry for _, entry in placed)


def rows(path: Path, header: Sequence[str] | None = None) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Rows of a CSV file with their line numbers, each as wide as the header.

    Args:
        path: A UTF-8 file.
        header: The expected header, which is then not returned; without it the header is the first row.

    Raises:
        Misuse: Not UTF-8, another header, or a row of another width.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise malformed("the file is not UTF-8", f"{path}:{line}", "save it as UTF-8") from None
    reader = csv.reader(io.StringIO(text, newline=""))
    for raw in reader:
        line, row = reader.line_num, tuple(raw)
        if line == 1:
            if header is None:
                header = row
                yield line, row
            elif row != tuple(header):
                raise malformed(
                    f"the header is {','.join(row)!r}",
                    f"{path}:1",
                    f"the header must be {','.join(header)!r}",
                )
        elif header is not None and len(row) != len(header):
            raise malformed(
                f"the line has {len(row)} fields, the header {len(header)}",
                f"{path}:{line}",
                "quote values that contain a comma; leave no empty line",
            )
        else:
            yield line, row


def iso_day(text: str) -> date | None:
    """A date written YYYY-MM-DD; None for an empty text.

    Raises:
        ValueError: The text is no such date.
    """
    if not text:
        return None
    # date.fromisoformat alone would also take week dates and dates without hyphens
    if not _ISO_DATE.fullmatch(text):
        raise ValueError(f"{text!r} is no date")
    return date.fromisoformat(text)


def period(start: str, end: str, what: str, where: str) -> tuple[date | None, date | None]:
    """First and last day on which something holds.

    Raises:
        Misuse: One of them is no date, or the last lies before the first.
    """
    try:
        first, last = iso_day(start), iso_day(end)
    except ValueError:
        raise malformed(
            f"{start!r} or {end!r} is no date", where, "write dates as YYYY-MM-DD, or leave the field empty"
        ) from None
    if first and last and last < first:
        raise malformed(f"{what} ends ({last}) before it starts ({first})", where, "mend the two dates")
    return first, last


def malformed(what: str, where: str, how: str) -> Misuse:
    """The refusal of a list."""
    return Misuse(what, where=where, how=how, code="malformed_codelist")


def _entry(row: Mapping[str, str], where: str) -> Code:
    code, evidence = row["code"], row["evidence"]
    es, en, pt = row["label_es"], row["label_en"], row["label_pt"]
    successor, note = row.get("successor", ""), row.get("note", "")
    if not code or code != code.strip():
        raise malformed(f"the code is empty or has spaces around it: {code!r}", where, "write the code alone")
    if not (es.strip() and en.strip() and pt.strip()):
        raise malformed(f"the code {code!r} lacks a label", where, "give label_es, label_en and label_pt")
    if evidence not in EVIDENCE:
        raise malformed(f"evidence is {evidence!r}", where, f"evidence must be one of: {', '.join(EVIDENCE)}")
    start, end = period(row["valid_from"], row["valid_to"], repr(code), where)
    if successor and end is None:
        raise malformed(
            f"{code!r} has a successor and no last day", where, "write the last day into valid_to"
        )
    if end is not None and not successor and not note.strip():
        raise malformed(
            f"{code!r} ended on {end}, and nothing says what takes its place",
            where,
            "add the columns successor and note: the code to use now, or why there is none",
        )
    return Code(code, row["parent"], es, en, pt, start, end, evidence, successor, note)


def _check_validity(path: Path, placed: Sequence[Placed]) -> None:
    """A code may stand in several lines only if they hold at different times."""
    of_code: dict[str, list[Placed]] = {}
    for line, entry in placed:
        of_code.setdefault(entry.code, []).append((line, entry))
    for code, same in of_code.items():
        for (first_line, first), (line, entry) in pairwise(sorted(same, key=lambda p: p[1].starts())):
            if entry.starts() <= first.ends():
                raise malformed(
                    f"the code {code!r} stands twice (first in line {min(first_line, line)}) for one time",
                    f"{path}:{max(first_line, line)}",
                    "keep one of the two lines; a code that was given another meaning needs valid_to in the "
                    "old line and a later valid_from in the new one",
                )


def _check_successors(path: Path, placed: Sequence[Placed]) -> None:
    successors = {entry.code: entry.successor for _, entry in placed}
    for line, entry in placed:
        if entry.successor and entry.successor not in successors:
            raise malformed(
                f"the successor {entry.successor!r} of {entry.code!r} is not in the list",
                f"{path}:{line}",
                "add it, mend it, or leave it empty and say in note why there is none",
            )
    _refuse_circle(path, placed, successors, "successors", "let one of them have none")


def _check_tree(path: Path, placed: Sequence[Placed]) -> None:
    parents = {entry.code: entry.parent for _, entry in placed}
    for line, entry in placed:
        if entry.parent and entry.parent not in parents:
            raise malformed(
                f"the parent {entry.parent!r} of {entry.code!r} is not in the list",
                f"{path}:{line}",
                "add the parent, mend it, or leave it empty",
            )
    _refuse_circle(path, placed, parents, "parents", "let one of them have no parent")


def _refuse_circle(path: Path, placed: Sequence[Placed], leads: dict[str, str], what: str, how: str) -> None:
    """No code leads back to itself by its parent or by its successor."""
    safe: set[str] = {""}
    for line, entry in placed:
        walked: list[str] = []
        at = entry.code
        while at not in safe:
            if at in walked:
                circle = " > ".join([*walked[walked.index(at) :], at])
                raise malformed(
                    f"the {what} of {entry.code!r} go in a circle: {circle}", f"{path}:{line}", how
                )
            walked.append(at)
            at = leads[at]
        safe.update(walked)
