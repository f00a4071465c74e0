"""What ``source.yml`` can say: the typed form of a source's declaration.

Belongs here: the words of the declaration and the checks that need nothing but the declaration itself. The mapping
verbs are in ``sources.kit.words``, and how they become SQL in ``sources.kit.verbs``; what a file looks like is found
out in ``sources.kit.readers``.
"""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field, field_validator, model_validator

from schemas.declaration import Declared
from sources.kit.declared_text import Limits, Pattern
from sources.kit.words import AnyVerb

Languages = Literal["es", "en", "pt"]
Text = dict[Languages, str]


class Agreement(Declared):
    """What was agreed with the owner of the data."""

    owner: str
    legal_basis: str
    recipients: dict[str, list[str]]
    retention_years: int = Field(ge=1)
    licence: str
    citation: str


class Found(Declared):
    """A date or period that stands in the file's name or in its title rows and footers."""

    source: Literal["file_name", "text"] = Field(alias="from")
    pattern: Pattern
    months: Languages | None = None

    def naming(self, *groups: str) -> Found:
        """Itself, if the pattern names these groups.

        Raises:
            ValueError: A group is not named.
        """
        lacking = [g for g in groups if g not in re.compile(self.pattern).groupindex]
        if lacking:
            raise ValueError(f"the pattern does not name {lacking[0]}: write (?P<{lacking[0]}>...)")
        return self


class Key(Declared):
    """A key that the provider guarantees to be unique in a delivery."""

    columns: list[str] = Field(min_length=1)
    repeated: Literal["load_once", "quarantine_all"] = "load_once"


class Slice(Declared):
    """The part of the data that a later delivery replaces as a whole."""

    period: Literal["month", "year", "all"]
    area: Literal["first_level"] | None = None


class Delivers(Declared):
    """What one delivery reports, and what the records can be broken down by.

    ``complete`` is the number of records that a completely reported cell (area and month) holds, where it is known:
    with fewer, also because some are in quarantine, the cell is partial and no zero is taken from it.
    For a population it is the number of records that the figures of one date hold: with fewer, no area is summed up.
    """

    slice: Slice
    cells: Literal["reported_values", "whole_period", "none"]
    place_basis: str
    date_basis: str
    breakdowns: list[str] = []
    complete: int | None = Field(default=None, ge=1)
    drop_tolerance: float = Field(default=0.2, ge=0, le=1)


class Header(Declared):
    """The header is the first row that holds all of these cells."""

    contains: list[str] = Field(min_length=1)


class FileForm(Declared):
    """How the file is read."""

    format: Literal["csv", "workbook"]
    encoding: Literal["utf-8", "latin-1", "cp1252", "utf-16"] = "utf-8"
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    quote: str = Field(default='"', max_length=1)
    sheet: str = "first"
    header: Header | None = None


class Columns(Declared):
    """Every column of the file, by how its content may be used."""

    open: list[str] = []
    identifier: list[str] = []
    restricted: list[str] = []

    @property
    def all(self) -> list[str]:
        """All column names."""
        return [*self.open, *self.identifier, *self.restricted]

    @model_validator(mode="after")
    def _once(self) -> Columns:
        repeated = {c for c in self.all if self.all.count(c) > 1}
        if repeated:
            raise ValueError(f"declared twice: {', '.join(sorted(repeated))}")
        return self


class Exclude(Declared):
    """Whole rows that are no records, left out and counted under a reason.

    ``equals``, ``in`` and ``starts_with`` compare without regard to capitals and to spaces at the ends of the value:
    the row TOTAL is typed by hand, and comes as Total or "TOTAL " the next year.
    """

    reason: str = Field(pattern=r"^[a-z0-9_]+$")
    column: str | list[str]
    equals: str | None = Field(default=None, min_length=1)
    among: list[str] | None = Field(default=None, alias="in", min_length=1)
    blank: Literal[True] | None = None
    starts_with: str | None = Field(default=None, min_length=1)
    control_total: str | None = None

    @model_validator(mode="after")
    def _one_test(self) -> Exclude:
        tests = [t for t in (self.equals, self.among, self.blank, self.starts_with) if t is not None]
        if len(tests) != 1:
            raise ValueError("say exactly one of equals, in, blank, starts_with")
        if not self.blank and not isinstance(self.column, str):
            raise ValueError("several columns go with blank only: all of them are blank then")
        return self

    @property
    def reads(self) -> list[str]:
        """The columns that are tested."""
        return [self.column] if isinstance(self.column, str) else self.column


class Range(Declared):
    """Column headers that are consecutive whole numbers, such as years."""

    range: Limits


class Unpivot(Declared):
    """Value columns side by side that become one record each."""

    columns: Range | dict[str, str | int]
    name: str
    value: str
    blank: str = Field(pattern=r"^[a-z0-9_]+$")

    @property
    def values(self) -> dict[str, str]:
        """Header of each value column and the value that its records get in column ``name``."""
        if isinstance(self.columns, Range):
            first, last = self.columns.range
            return {str(n): str(n) for n in range(first, last + 1)}
        return {k: str(v) for k, v in self.columns.items()}

    @model_validator(mode="after")
    def _columns(self) -> Unpivot:
        if not self.values:
            raise ValueError("name at least one value column")
        if self.name == self.value:
            raise ValueError("name and value are two columns: give them two names")
        return self


class Rows(Declared):
    """From the rows of the file to records."""

    exclude: list[Exclude] = []
    unpivot: Unpivot | None = None


class Layout(Declared):
    """One form in which the provider's file comes."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    file: FileForm
    names: Literal["exact", "trimmed"] = "exact"
    columns: Columns
    rows: Rows = Rows()
    map: dict[str, AnyVerb]


class Specification(Declared):
    """A source, as its ``source.yml`` declares it."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: Text
    country: str = Field(pattern=r"^[A-Z]{3}$")
    record_type: str
    source_type: str
    demo: bool = False
    agreement: Agreement
    edition: Found | None = None
    period: Found | None = None
    key: Key | None = None
    delivers: Delivers
    notes: dict[str, str] = {}
    layouts: list[Layout] = Field(min_length=1)

    @field_validator("edition")
    @classmethod
    def _edition_is_a_date(cls, value: Found | None) -> Found | None:
        return value.naming("year", "month") if value else None

    @field_validator("period")
    @classmethod
    def _period_has_a_year(cls, value: Found | None) -> Found | None:
        return value.naming("year") if value else None

    @model_validator(mode="after")
    def _fits_together(self) -> Specification:
        if self.delivers.slice.period == "all" and self.delivers.cells != "none":
            raise ValueError("a slice of all that is ever delivered has no months: say cells: none")
        ids = [layout.id for layout in self.layouts]
        if len(set(ids)) < len(ids):
            raise ValueError("two layouts have one id")
        return self

    @property
    def holds_personal_data(self) -> bool:
        """Whether any layout has identifiers or restricted columns."""
        return any(layout.columns.identifier or layout.columns.restricted for layout in self.layouts)
