"""Code lists: the closed vocabularies of fields and dimensions, one CSV file per list, found by discovery.

A list is a file ``<name>.csv`` in this folder with the columns of ``HEADER``. Codes are text, in the order
in which people read them (it becomes the order of the ENUM), and labels are in Spanish, English and
Portuguese. ``parent`` makes a tree: a definition that names a code means everything below it too. ``_T`` is
the total of a dimension, ``_U`` is "unknown". ``evidence`` says where code and meaning come from:

- ``official``: from the body that owns the classification (SDMX, ISO, UNODC, a statistics office);
- ``secondary``: from an account of such a list by others, or this system's own list, for which no outside
  authority is claimed;
- ``needs_review``: not yet confirmed against the owner's text; fit for drafts.

It speaks of codes and their meaning. Labels in other languages than the owner's are this system's wording.

``tables/`` holds what is no list of codes: attributes of codes and correspondences. Two of them give ranges
of ICD-10 codes: ``icd10_group_ranges`` (a group of causes by definition) and ``icd10_mechanism_ranges``
(mechanism by intent; sequelae and other accidents have no row). ``in_range`` says what a range means. Names
of the groups are ours; the classification's own text belongs to WHO and is not repeated here.

Belongs here: vocabularies shared by every country. How one source's own labels translate is declared in
that source's folder.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path

from schemas.errors import Misuse

FOLDER = Path(__file__).parent
HEADER = ("code", "parent", "label_es", "label_en", "label_pt", "valid_from", "valid_to", "evidence")
EVIDENCE = ("official", "secondary", "needs_review")

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of a list. ``parent`` is empty for an entry at the top."""

    code: str
    parent: str
    label_es: str
    label_en: str
    label_pt: str
    valid_from: date | None
    valid_to: date | None
    evidence: str


@dataclass(frozen=True)
class CodeList:
    """A closed list of codes.

    Attributes:
        name: Name of the list and of its file.
        title: What the list is, in English; ``title_es`` and ``title_pt`` beside it.
        authority: Who owns the classification; ``siprev`` for a list of this system.
        entries: The codes in file order.
    """

    name: str
    title: str
    title_es: str
    title_pt: str
    authority: str
    entries: tuple[Code, ...]

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """All codes in file order."""
        return tuple(e.code for e in self.entries)

    @cached_property
    def by_code(self) -> dict[str, Code]:
        """The entries by code."""
        return {e.code: e for e in self.entries}

    def __contains__(self, code: object) -> bool:
        """Whether the list has this code."""
        return code in self.by_code

    def entry(self, code: str) -> Code:
        """The entry of a code.

        Raises:
            Misuse: The list has no such code.
        """
        if code not in self.by_code:
            raise Misuse(
                f"the code list {self.name!r} has no code {code!r}",
                where=f"{self.name}.csv",
                how="codes are text with their leading zeros; add the code to the list or mend who names it",
                code="unknown_code",
            )
        return self.by_code[code]

    def children(self, code: str) -> tuple[str, ...]:
        """Codes directly below a code, in file order; empty for a leaf.

        Raises:
            Misuse: The list has no such code.
        """
        return self._below.get(self.entry(code).code, ())

    def descends(self, code: str) -> tuple[str, ...]:
        """The code itself and everything below it, in file order: what a definition means by naming the code.

        Raises:
            Misuse: The list has no such code.
        """
        found = {self.entry(code).code}
        waiting = [code]
        while waiting:
            below = self._below.get(waiting.pop(), ())
            found.update(below)
            waiting.extend(below)
        return tuple(c for c in self.codes if c in found)

    @cached_property
    def _below(self) -> dict[str, tuple[str, ...]]:
        below: dict[str, list[str]] = {}
        for e in self.entries:
            below.setdefault(e.parent, []).append(e.code)
        return {parent: tuple(codes) for parent, codes in below.items() if parent}


def names() -> tuple[str, ...]:
    """Names of all lists, in alphabetical order."""
    return tuple(sorted(p.stem for p in FOLDER.glob("*.csv")))


@cache
def load(name: str) -> CodeList:
    """Read a list of this folder; read once per process.

    Raises:
        Misuse: No list has that name, or its file is malformed.
    """
    path = FOLDER / f"{name}.csv"
    if not path.is_file():
        raise Misuse(
            f"there is no code list {name!r}",
            where=str(FOLDER),
            how=f"use one of: {', '.join(names())}",
            code="unknown_codelist",
        )
    return read(path)


def read(path: Path) -> CodeList:
    """Read and check a list from a file.

    Raises:
        Misuse: The file is malformed; ``where`` is file and line.
    """
    entries: list[Code] = []
    lines: dict[str, int] = {}
    for line, row in rows(path, HEADER):
        entry = _entry(row, f"{path}:{line}")
        if entry.code in lines:
            raise _malformed(
                f"the code {entry.code!r} stands twice (first in line {lines[entry.code]})",
                f"{path}:{line}",
                "keep one of the two lines",
            )
        lines[entry.code] = line
        entries.append(entry)
    if not entries:
        raise _malformed("the list has no codes", f"{path}:1", "add at least one line below the header")
    _check_tree(path, entries, lines)
    return CodeList(path.stem, *_titles(path.stem), tuple(entries))


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a table of ``tables/`` as text.

    Raises:
        Misuse: No table has that name, or its file is malformed.
    """
    path = FOLDER / "tables" / f"{name}.csv"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in path.parent.glob("*.csv")))
        raise Misuse(
            f"there is no table {name!r}",
            where=str(path.parent),
            how=f"use one of: {known}",
            code="unknown_table",
        )
    found = list(rows(path))
    header = found[0][1] if found else ()
    return tuple(dict(zip(header, row, strict=True)) for _, row in found[1:])


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
        raise _malformed("the file is not UTF-8", f"{path}:{line}", "save it as UTF-8") from None
    reader = csv.reader(io.StringIO(text, newline=""))
    for raw in reader:
        line, row = reader.line_num, tuple(raw)
        if line == 1:
            if header is None:
                header = row
                yield line, row
            elif row != tuple(header):
                raise _malformed(
                    f"the header is {','.join(row)!r}",
                    f"{path}:1",
                    f"the header must be {','.join(header)!r}",
                )
        elif header is not None and len(row) != len(header):
            raise _malformed(
                f"the line has {len(row)} fields, the header {len(header)}",
                f"{path}:{line}",
                "quote values that contain a comma; leave no empty line",
            )
        else:
            yield line, row


def in_range(cause: str, cause_from: str, cause_to: str) -> bool:
    """Whether an ICD-10 code without dot lies in a range of a table.

    Each end is compared with as many characters as it has: ``Y09`` takes ``Y099`` in, and ``Y871`` to
    ``Y871`` is that subcategory alone, which the category ``Y87`` is not known to be. In SQL:
    ``left(c, length(cause_from)) >= cause_from AND left(c, length(cause_to)) <= cause_to``. An aggregate
    whose causes are stated as a range lies in a range when both its ends do.
    """
    return cause[: len(cause_from)] >= cause_from and cause[: len(cause_to)] <= cause_to


def _entry(row: Sequence[str], where: str) -> Code:
    code, parent, label_es, label_en, label_pt, valid_from, valid_to, evidence = row
    if not code or code != code.strip():
        raise _malformed(
            f"the code is empty or has spaces around it: {code!r}", where, "write the code alone"
        )
    if not (label_es.strip() and label_en.strip() and label_pt.strip()):
        raise _malformed(f"the code {code!r} lacks a label", where, "give label_es, label_en and label_pt")
    if evidence not in EVIDENCE:
        raise _malformed(
            f"evidence is {evidence!r}", where, f"evidence must be one of: {', '.join(EVIDENCE)}"
        )
    start, end = _date(valid_from, where), _date(valid_to, where)
    if start and end and end < start:
        raise _malformed(f"{code!r} ends ({end}) before it starts ({start})", where, "mend the two dates")
    return Code(code, parent, label_es, label_en, label_pt, start, end, evidence)


def _date(text: str, where: str) -> date | None:
    if not text:
        return None
    try:
        # date.fromisoformat alone would also take week dates and dates without hyphens
        if _ISO_DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise _malformed(f"{text!r} is no date", where, "write dates as YYYY-MM-DD, or leave the field empty")


def _check_tree(path: Path, entries: Sequence[Code], lines: dict[str, int]) -> None:
    parents = {e.code: e.parent for e in entries}
    rooted: set[str] = {""}
    for e in entries:
        if e.parent and e.parent not in parents:
            raise _malformed(
                f"the parent {e.parent!r} of {e.code!r} is not in the list",
                f"{path}:{lines[e.code]}",
                "add the parent, mend it, or leave it empty",
            )
    for e in entries:
        walked: list[str] = []
        at = e.code
        while at not in rooted:
            if at in walked:
                circle = " > ".join([*walked[walked.index(at) :], at])
                raise _malformed(
                    f"the parents of {e.code!r} go in a circle: {circle}",
                    f"{path}:{lines[e.code]}",
                    "let one of them have no parent",
                )
            walked.append(at)
            at = parents[at]
        rooted.update(walked)


def _titles(name: str) -> tuple[str, str, str, str]:
    for row in table("titles"):
        if row["name"] == name:
            return row["title_en"], row["title_es"], row["title_pt"], row["authority"]
    # a list that a country adds needs no line in a register of ours
    return name, name, name, ""


def _malformed(what: str, where: str, how: str) -> Misuse:
    return Misuse(what, where=where, how=how, code="malformed_codelist")
