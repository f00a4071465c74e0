"""``corrections.yml``: known errors of a provider's file as data, each with its reason and the person who reported it.

A correction names one record and one column, the value that stands there and the one that should. It is a guard too:
once the provider has mended the file the old value is no longer there, and the delivery stops until the correction is
removed. How corrections become SQL is in ``sources.kit.corrected``.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from pydantic import Field, model_validator

from schemas import declaration
from schemas.declaration import Declared
from schemas.errors import Misuse
from sources.kit.specification import Layout, Specification

FILE = "corrections.yml"


class Correction(Declared):
    """One value of one record that is corrected.

    A record is named by its key, or where it has none by its position and the hash of its open columns, which a
    message tells.
    """

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    """Name of the correction, for people: small letters, digits and underscores."""
    key: dict[str, str] | None = Field(default=None, min_length=1)
    """The columns and values, in quotes, that only this record has together."""
    row: int | None = Field(default=None, ge=1)
    """Position of the record, 1 = first after the header."""
    row_hash: str | None = Field(default=None, pattern=r"^[0-9a-f]{16}$")
    """Hash of the record; leave it out at first, the message says it."""
    file: str | None = Field(default=None, min_length=1)
    """Name of the files that have the error; * stands for any letters. Without it: every file with the record."""
    column: str
    """The column whose value is wrong."""
    old: str
    """The value that the provider sends, in quotes; empty for a blank."""
    new: str
    """The value that should stand there; empty for a blank."""
    reason: str = Field(min_length=1)
    """How it is known that the value is wrong, and what is right."""
    reporter: str = Field(min_length=1)
    """Who reported it."""
    date: dt.date
    """When it was reported."""
    until: dt.date | None = None
    """Last edition that has the error, where the provider has said so."""

    @model_validator(mode="after")
    def _names_one_record(self) -> Correction:
        if (self.key is None) == (self.row is None):
            raise ValueError("a record is named by its key or by its row; say one of the two")
        if self.row is not None and self.file is None:
            raise ValueError("a position means nothing without its file; add file, such as deaths_2024*.csv")
        if self.row is None and self.row_hash is not None:
            raise ValueError("row_hash goes with row; take it out, the key names the record")
        if self.old.strip() == self.new.strip():
            raise ValueError("old and new are one value; correct one of them")
        return self

    @property
    def columns(self) -> set[str]:
        """The columns that it reads and writes."""
        return {self.column, *(self.key or {})}

    @property
    def digest(self) -> str:
        """SHA-256 of all that it says."""
        said = json.dumps(self.model_dump(mode="json"), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()

    def concerns(self, file_name: str) -> bool:
        """Whether a file of this name may have the error."""
        return self.file is None or fnmatchcase(file_name.lower(), self.file.lower())

    def holds(self, edition: dt.date | None) -> bool:
        """Whether an edition may have the error."""
        return self.until is None or edition is None or edition <= self.until


class Declaration(Declared):
    """What ``corrections.yml`` says."""

    corrections: list[Correction]
    """One entry for each value that is corrected."""


@dataclass(frozen=True)
class Corrections:
    """The corrections of a source, with the file that says them."""

    path: Path
    all: tuple[Correction, ...]

    def of(self, file_name: str) -> list[Correction]:
        """Those that concern a file."""
        return [c for c in self.all if c.concerns(file_name)]

    def version(self, file_name: str) -> str | None:
        """SHA-256 of what concerns a file; None where nothing does."""
        digests = sorted(c.digest for c in self.of(file_name))
        return hashlib.sha256("\0".join(digests).encode()).hexdigest() if digests else None

    def where(self, correction: Correction) -> str:
        """File and line of a correction."""
        return place(self.path, self.all.index(correction))


def place(path: Path, index: int, *inside: str) -> str:
    """File and line of the correction with this index, or of one of its keys."""
    return f"{path}:{declaration.line_of(path.read_text(encoding='utf-8'), ('corrections', index, *inside))}"


def load(folder: Path, specification: Specification) -> Corrections:
    """The corrections of a source; none where its folder has no such file.

    Raises:
        Misuse: With file and line: one is not complete, or does not fit the source.
    """
    path = folder / FILE
    if not path.is_file():
        return Corrections(path, ())
    declared = declaration.load(path, Declaration).corrections
    for index, correction in enumerate(declared):
        _check(path, index, correction, declared[:index], specification)
    return Corrections(path, tuple(declared))


def _check(
    path: Path, index: int, correction: Correction, before: Sequence[Correction], specification: Specification
) -> None:
    if any(correction.name == other.name for other in before):
        raise _wrong(path, index, "name", f"two corrections are called {correction.name!r}", "rename one")
    if correction.until and specification.edition is None:
        what = "until says up to which edition the error stands, and the source has no edition"
        raise _wrong(path, index, "until", what, "take until out, or declare edition in source.yml")
    if not any(correction.columns <= set(layout.every.all) for layout in specification.layouts):
        known = {c for layout in specification.layouts for c in layout.every.all}
        strange = sorted(correction.columns - known) or sorted(correction.columns)
        what = f"no layout of the source has the column {strange[0]!r}"
        raise _wrong(path, index, "column", what, "write the name as under columns in source.yml")

    keys = {name for layout in specification.layouts for name in _keys_of_joins(layout)}
    if correction.column in keys:
        what = f"{correction.column!r} finds the rows of a joined table, before anything is corrected"
        raise _wrong(path, index, "column", what, "ask the provider to mend its key")


def _keys_of_joins(layout: Layout) -> set[str]:
    """The columns of a layout by which tables are joined."""
    return {
        name
        for join in layout.join
        for ours, theirs in join.pairs.items()
        for name in (ours, join.called(theirs))
    }


def _wrong(path: Path, index: int, key: str, what: str, how: str) -> Misuse:
    return Misuse(what, where=place(path, index, key), how=how, code="correction_invalid")


def hidden(correction: Correction, layout: Layout) -> bool:
    """Whether its values are never shown: the column is an identifier or restricted."""
    return correction.column not in layout.every.open
