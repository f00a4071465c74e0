"""What ``source.yml`` can say: the typed form of a source's declaration.

Belongs here: the words of the declaration and the checks that need nothing but the declaration itself. The mapping
verbs are in ``sources.kit.words``, and how they become SQL in ``sources.kit.verbs``; how a file is read is declared in
the words of ``sources.kit.forms``.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Literal, get_args

from pydantic import Field, field_validator, model_validator

from schemas.declaration import Declared
from schemas.reference import SEVERAL_COUNTRIES
from sources.kit.declared_text import Pattern
from sources.kit.fetching.declared import Fetch
from sources.kit.months import Months
from sources.kit.owed import Owes
from sources.kit.strictness import Strictness
from sources.kit.tables import Columns, Table
from sources.kit.words import AnyMapping
from sources.kit.words.rows import Rows

Languages = Literal["es", "en", "pt"]
Text = dict[Languages, str]


#: Stands in a generated declaration where only the owner of the data knows the answer.
TO_COMPLETE = "to be completed"


class Agreement(Declared):
    """What was agreed with the owner of the data."""

    owner: str
    """Who answers for the data."""
    legal_basis: str
    """Why they may be held: law or decree, and its article."""
    recipients: dict[str, list[str]]
    """Who may receive what, by level (research, public)."""
    retention_years: int = Field(ge=1)
    """How many years they may be kept."""
    licence: str
    """Terms of use."""
    citation: str
    """How to cite them; {edition} stands for the date of the edition."""
    valid_from: dt.date | None = None
    """First day on which the agreement holds."""
    valid_until: dt.date | None = None
    """Last day on which the agreement holds; without it, it has no end."""
    contact: str | None = None
    """Whom to ask at the owner's: an office and its address, not a private one."""

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Agreement:
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValueError("the agreement ends before it begins; correct valid_from or valid_until")
        return self

    @property
    def incomplete(self) -> list[str]:
        """The keys that a generated declaration left to be completed."""
        said = self.model_dump()
        return [k for k, v in said.items() if v == TO_COMPLETE or v == {} or TO_COMPLETE in str(v)]


class Found(Declared):
    """A date or period that stands in the file's name or in its title rows and footers."""

    source: Literal["file_name", "text"] = Field(alias="from")
    """Where it stands: in the file's name, or in the rows above the header and the last rows of a sheet."""
    pattern: Pattern
    """A regular expression with the named parts year, month and day, or year, from_month, to_month and so on."""
    months: Months | None = None
    """Language of the names of months, or the twelve names; numbers are always understood."""

    def naming(self, *groups: str) -> Found:
        """Itself, if the pattern names these groups.

        Raises:
            ValueError: A group is not named.
        """
        lacking = [g for g in groups if g not in re.compile(self.pattern).groupindex]
        if lacking:
            raise ValueError(f"the pattern does not name {lacking[0]}; write (?P<{lacking[0]}>...)")
        return self


class Stated(Declared):
    """A text that the file says once, for all its rows: in its name, or in the text around the table."""

    source: Literal["file_name", "text"] = Field(alias="from")
    """Where it stands: in the file's name, or in the rows above the header and the last rows of a sheet."""
    pattern: Pattern
    """A regular expression; what its brackets hold becomes the value of the column."""

    @field_validator("pattern")
    @classmethod
    def _one_pair_of_brackets(cls, value: str) -> str:
        if (found := re.compile(value).groups) != 1:
            raise ValueError(f"the pattern has {found} pairs of brackets; put the value into the only one")
        return value


class Key(Declared):
    """A key that the provider guarantees to be unique in a delivery."""

    columns: list[str] = Field(min_length=1)
    """The columns that together make the key."""
    repeated: Literal["load_once", "quarantine_all"] = "load_once"
    """What becomes of identical records: one is loaded, or all go to quarantine."""


class Slice(Declared):
    """The part of the data that a later delivery replaces as a whole."""

    period: Literal["month", "year", "all"]
    """How much time a slice holds; all: a list that always comes complete."""
    area: Literal["first_level"] | None = None
    """Give it where areas report one by one."""


class Delivers(Declared):
    """What one delivery reports, and what the records can be broken down by.

    ``complete`` is the number of records that a completely reported cell (area and month) holds, where it is known:
    with fewer, also because some are in quarantine, the cell is partial and no zero is taken from it.
    For a population it is the number of records that the figures of one date hold: with fewer, no area is summed up.
    """

    slice: Slice
    """The part of the data that a later delivery replaces as a whole."""
    cells: Literal["reported_values", "whole_period", "none"]
    """What a missing row means: not reported, a true zero, or nothing (populations, areas)."""
    place_basis: str
    """Which place the reports are about: occurrence, residence, death and so on."""
    date_basis: str
    """Which date the reports are about: occurrence, report, registration and so on."""
    breakdowns: list[str] = []
    """What the source tells well enough to break figures down by: sex, age, mechanism and so on."""
    complete: int | None = Field(default=None, ge=1)
    """How many good records a completely reported area and month holds, where that is known."""
    drop_tolerance: float = Field(default=0.2, ge=0, le=1)
    """The share of its events that a slice may lose before a person has to confirm it."""


class Join(Table):
    """A further table of the delivery: for each row of the leading table at most one row of it, found by its keys.

    The leading table is the layout's own. A column of a joined table is called by its name, a point and the column:
    dwelling.STRATUM.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    """What the table is called: small letters, digits and underscores."""
    keys: list[str] | dict[str, str] = Field(min_length=1)
    """The columns that must be equal: a list where both tables call them alike, else ours and that of this table."""
    missing: Literal["quarantine", "keep"] = "quarantine"
    """What becomes of a row that finds none here: quarantine, or keep without these columns."""

    @property
    def pairs(self) -> dict[str, str]:
        """Column of what stands before, and the column of this table that must be equal."""
        return self.keys if isinstance(self.keys, dict) else {name: name for name in self.keys}

    def called(self, column: str) -> str:
        """What a column of this table is called where the tables are one."""
        return f"{self.name}.{column}"


class Editions(Declared):
    """Which deliveries have a layout: those of editions, or about periods, from and until a day."""

    first: dt.date | None = Field(default=None, alias="from")
    """First day on which the layout is used: of the edition, or where the source has none of the period's beginning."""
    until: dt.date | None = None
    """Last day on which it is used."""

    @model_validator(mode="after")
    def _says_something(self) -> Editions:
        if self.first is None and self.until is None:
            raise ValueError("no day is said; add from, until or both")
        if self.first and self.until and self.until < self.first:
            raise ValueError("until comes before from; correct one of them")
        return self

    def hold(self, day: dt.date) -> bool:
        """Whether the layout is used for an edition or period of a day."""
        return (self.first is None or self.first <= day) and (self.until is None or day <= self.until)


class Layout(Table):
    """One form in which the provider's file comes."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    """Name of the layout: small letters, digits and underscores."""
    editions: Editions | None = None
    """Which deliveries have it, where the header alone does not tell."""
    join: list[Join] = []
    """Further tables of the delivery, whose columns each row gets by its keys."""
    stated: dict[str, Stated] = {}
    """Columns that the file does not have: what it says once, such as the year in its title, for all its rows."""
    rows: Rows = Rows()
    """From the rows of the file to records; without it each row is one."""
    map: dict[str, AnyMapping]
    """Left of the colon a field of the record type, right of it a verb, or a list: the first that fits decides."""

    @model_validator(mode="after")
    def _names_apart(self) -> Layout:
        names = [join.name for join in self.join]
        if len(set(names)) < len(names):
            raise ValueError("two joined tables have one name; rename one of them")
        unpivot = self.rows.unpivot
        others = {*self.every.all, *((unpivot.name, unpivot.value) if unpivot else ())}
        if unknown := [c for c in self.rows.fill_down if c not in self.every.all]:
            raise ValueError(f"fill_down names {unknown[0]!r}, which is no declared column; correct the name")
        if twice := sorted(set(self.stated) & others):
            raise ValueError(f"{twice[0]!r} is another column; give what is stated a name of its own")
        return self

    @property
    def every(self) -> Columns:
        """The columns of all tables of the layout, as the mapping calls them."""
        if not self.join:
            return self.columns
        joined = [(join, join.columns) for join in self.join]
        return Columns(
            open=[*self.columns.open, *(j.called(c) for j, of in joined for c in of.open)],
            identifier=self.columns.identifier
            | {j.called(c): kind for j, of in joined for c, kind in of.identifier.items()},
            restricted=[*self.columns.restricted, *(j.called(c) for j, of in joined for c in of.restricted)],
        )


class Specification(Declared):
    """A source, as its ``source.yml`` declares it."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    """Name of the source and of its folder: small letters, digits and underscores."""
    title: Text
    """What people read, in es, en and pt."""
    country: str = Field(pattern=r"^[A-Z]{3}$")
    """The country's code of three capital letters (ISO 3166-1 alpha-3); ZZZ for figures of several countries."""
    record_type: str
    """What one record is."""
    source_type: str
    """Kind of institution that the data come from."""
    demo: bool = False
    """Whether the data are made up; only then may identifiers be hashed with the published key."""
    agreement: Agreement
    """What was agreed with the owner of the data."""
    edition: Found | None = None
    """Where the date of the edition stands; without it deliveries count in their order of arrival."""
    period: Found | None = None
    """Where the period stands that a delivery covers; records outside it go to quarantine."""
    key: Key | None = None
    """Only where the provider guarantees that no two records share it."""
    delivers: Delivers
    """What one delivery reports, and what a corrected one replaces."""
    owes: Owes | None = None
    """Which reports the provider has to send, and by when; without it, nothing is told to be late."""
    rules: dict[str, Strictness] = {}
    """How strictly rules of the record type are applied, where that is not as they say."""
    fetch: Fetch | None = None
    """From which database or address deliveries are fetched; without it, they are handed in."""
    notes: dict[str, str] = {}
    """Free text by name, for example a break in the series; shown beside the values."""
    layouts: list[Layout] = Field(min_length=1)
    """The forms in which the file comes; of several the first that fits is used."""

    @field_validator("title")
    @classmethod
    def _in_all_languages(cls, value: Text) -> Text:
        lacking = [language for language in get_args(Languages) if not value.get(language)]
        if lacking:
            raise ValueError(f"the title lacks {', '.join(lacking)}; give it in es, en and pt")
        return value

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
            raise ValueError("a slice of all that is ever delivered has no months; say cells: none")
        if self.country == SEVERAL_COUNTRIES and self.delivers.cells != "none":
            raise ValueError("the areas and months of several countries are not awaited; say cells: none")
        if self.owes:
            slices = self.delivers.slice
            self.owes.require_slices(
                slices.period, by_area=slices.area is not None, cells=self.delivers.cells
            )
        if any(layout.editions for layout in self.layouts) and not (self.edition or self.period):
            raise ValueError("editions of a layout are told by edition or period; declare one of them")
        by_edition = any(
            e.first == "month_of_edition" for layout in self.layouts for e in layout.rows.by_date
        )
        if by_edition and not self.edition:
            raise ValueError("exclude asks for the month of the edition; declare edition")
        ids = [layout.id for layout in self.layouts]
        if len(set(ids)) < len(ids):
            raise ValueError("two layouts have one id; rename one of them")
        return self

    @property
    def holds_personal_data(self) -> bool:
        """Whether any layout has identifiers or restricted columns."""
        return any(layout.every.identifier or layout.every.restricted for layout in self.layouts)
