"""What is drafted of a declaration: the lines of its map, its tables, and what a person has to complete or confirm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from schemas.record_type import RecordType
from schemas.templates.words import Language
from sources.kit.scaffold import words
from sources.kit.scaffold.columns import Told
from sources.kit.scaffold.form import Found
from sources.kit.scaffold.places import Areas, Place
from sources.kit.scaffold.profile import Profile
from sources.kit.scaffold.rows import SideBySide, Total

#: What the columns are called that value columns side by side become.
NAMES: Mapping[str, str] = {
    "month": "value_month",
    "year": "value_year",
    "sex": "value_sex",
    "date": "value_month",
}
VALUE = "value"
#: What the column is called that holds the year that a file says once.
STATED_YEAR = "stated_year"


@dataclass(frozen=True)
class Asked:
    """What the technician says of the source.

    Args:
        source_id: Its name.
        country: Its country.
        language: Language of what is written for people.
        record_type: What one row is; None: it is guessed.
        source_type: Kind of institution; None: it is guessed.
        owner: Who answers for the data.
        demo: Whether the data are made up.
        areas: The country's areas as far as they are known.
    """

    source_id: str
    country: str
    language: Language
    record_type: str | None = None
    source_type: str | None = None
    owner: str | None = None
    demo: bool = False
    areas: Areas = field(default_factory=dict)


@dataclass(frozen=True)
class Seen:
    """What was seen in the file."""

    file_name: str
    found: Found
    profile: Profile
    told: tuple[Told, ...]
    places: tuple[Place, ...]
    values: SideBySide | None
    totals: tuple[Total, ...]
    numbers: Mapping[str, str]
    parents: str = ""
    merged: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """What the file says of itself: its name and its titles."""
        return (self.file_name, *self.found.titles)

    def of(self, *meanings: str) -> list[Told]:
        """The open columns of some meanings, in the order of the meanings."""
        return [one for m in meanings for one in self.told if one.meaning == m and one.open]


@dataclass(frozen=True)
class Line:
    """One line of the map; ``comment`` says what is a guess."""

    field: str
    verb: Any
    comment: str = ""


@dataclass(frozen=True)
class Table:
    """A correspondence table: label, code and note of each row."""

    file: str
    column: str
    rows: tuple[tuple[str, str, str], ...]


@dataclass
class Draft:
    """A drafted map.

    Args:
        asked: What the technician says.
        seen: What was seen in the file.
        kind: The record type.
        others: Further record types that something speaks for.
        lines: The lines of the map, by field.
        tables: Its tables.
        missing: What has to be completed before the source loads what is in the file.
        confirm: What is a guess, or has no effect yet.
        place_basis: Whose place the records speak of; empty where none is mapped.
        date_basis: Which date they speak of.
        precise: How precisely the date is known: day, month, year.
        stated: Columns that the file says once, and where.
    """

    asked: Asked
    seen: Seen
    kind: RecordType
    others: tuple[str, ...] = ()
    lines: dict[str, Line] = field(default_factory=dict)
    tables: list[Table] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    missing_fields: dict[str, str] = field(default_factory=dict)
    confirm: list[str] = field(default_factory=list)
    place_basis: str = ""
    date_basis: str = "occurrence"
    precise: str = "month"
    stated: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def say(self, key: str, **values: object) -> str:
        """A text in the language of the draft."""
        return words.word(key, self.asked.language, **values)

    def has(self, name: str) -> bool:
        """Whether the record type has a field."""
        return name in self.kind.by_name

    def add(self, name: str, verb: Any, comment: str = "") -> None:
        """Map a field, if the record type has it and nothing fills it yet."""
        if self.has(name) and name not in self.lines:
            self.lines[name] = Line(name, verb, comment)

    def reads(self, line: Line) -> set[str]:
        """The columns that a line of the map reads."""
        found: set[str] = set()
        for key in ("copy", "from", "recode", "combine", "hmac", "year", "month", "unit_from"):
            said = line.verb.get(key)
            found |= {said} if isinstance(said, str) else set(said or ())
        return found

    @property
    def read(self) -> set[str]:
        """The columns that the map reads."""
        found = {column for line in self.lines.values() for column in self.reads(line)}
        return found | set(self.seen.values.columns if self.seen.values else ())


def shown(labels: Sequence[str], most: int = 6) -> str:
    """Some labels as a message shows them."""
    cut = [label if len(label) <= 40 else label[:40] + "..." for label in labels[:most]]
    return ", ".join(repr(c) for c in cut) + (f" ... (+{len(labels) - most})" if len(labels) > most else "")
