"""What ``source.yml`` can say: the typed form of a source's declaration.

Belongs here: the words of the declaration and the checks that need nothing but the declaration itself. How a
verb becomes SQL is in ``sources.kit.verbs``; what a file looks like is found out in ``sources.kit.readers``.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, ClassVar, Literal

from pydantic import Discriminator, Field, Tag, field_validator, model_validator

from schemas.declaration import Declared
from sources.kit.declared_text import Characters, DateFormat, Form, Limits, Pattern

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
    """What one delivery reports, and what the records can be broken down by."""

    slice: Slice
    cells: Literal["reported_values", "whole_period", "none"]
    place_basis: str
    date_basis: str
    breakdowns: list[str] = []
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
    """Whole rows that are no records, left out and counted under a reason."""

    reason: str = Field(pattern=r"^[a-z0-9_]+$")
    column: str
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
        return self


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


class Verb(Declared):
    """What all verbs share: raw values that mean "unknown" are never an error."""

    #: Which of its words name raw columns.
    read_from: ClassVar[tuple[str, ...]] = ()

    unknown: list[str] = []

    @property
    def reads(self) -> list[str]:
        """The raw columns that the verb reads."""
        named = [getattr(self, word) for word in self.read_from]
        return [
            column for columns in named for column in ([columns] if isinstance(columns, str) else columns)
        ]


class Fixed(Verb):
    """The same value in every record."""

    fixed: str | int

    @field_validator("fixed", mode="before")
    @classmethod
    def _no_truth_value(cls, value: object) -> object:
        if isinstance(value, bool):
            raise ValueError(f"YAML reads this as {str(value).lower()}: write it in quotes")
        return value


class TextVerb(Verb):
    """Steps on a text, in this order: remove, upper, pad, take, prefix; then its form is checked."""

    remove: str | None = None
    upper: bool = False
    pad: int | None = Field(default=None, ge=1)
    take: Characters | None = None
    prefix: str = ""
    form: Form | None = None


class Copy(TextVerb):
    """The text of a column."""

    copy_: str = Field(alias="copy")

    read_from: ClassVar[tuple[str, ...]] = ("copy_",)


class Combine(TextVerb):
    """The texts of several columns joined."""

    combine: list[str] = Field(min_length=2)
    separator: str = ""

    read_from: ClassVar[tuple[str, ...]] = ("combine",)


class PartOf(Verb):
    """Characters of another field, for example the state in a municipality's code."""

    part_of: str
    take: Characters


class Recode(Verb):
    """A code of ours for each label or code of the source."""

    recode: str | Annotated[list[str], Field(min_length=1)]
    codes: dict[str, str] | None = Field(default=None, min_length=1)
    table: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_.-]+\.csv$")
    default: str | None = None

    read_from: ClassVar[tuple[str, ...]] = ("recode",)

    @field_validator("codes", mode="before")
    @classmethod
    def _codes_are_text(cls, value: object) -> object:
        if isinstance(value, dict):
            wrong = [k for k, v in value.items() if not isinstance(k, str) or not isinstance(v, str)]
            if wrong:
                raise ValueError(f"write codes in quotes, or leading zeros are lost: {wrong[0]!r}")
        return value

    @model_validator(mode="after")
    def _codes_or_table(self) -> Recode:
        if (self.codes is None) == (self.table is None):
            raise ValueError("say either codes or table")
        if len(self.reads) > 1 and (self.codes is not None or self.unknown):
            raise ValueError("several columns are recoded by a table, which also says what is unknown (_U)")
        return self


class Parse(Verb):
    """A date, number or hour read from text."""

    parse: Literal["date", "integer", "decimal", "hour"]
    column: str = Field(alias="from")
    formats: list[DateFormat] = []
    decimal: Literal[".", ","] = "."

    read_from: ClassVar[tuple[str, ...]] = ("column",)

    @model_validator(mode="after")
    def _formats(self) -> Parse:
        if (self.parse == "date") != bool(self.formats):
            raise ValueError("formats belongs to parse: date, and is needed there")
        return self


class ParseYearMonth(Verb):
    """The first day of a month given as year and month number."""

    parse: Literal["year_month"]
    year: str
    month: str

    read_from: ClassVar[tuple[str, ...]] = ("year", "month")


class ParseYear(Verb):
    """A fixed day of a year."""

    parse: Literal["year"]
    column: str = Field(alias="from")
    day: str = Field(default="01-01", pattern=r"^\d{2}-\d{2}$")

    @field_validator("day")
    @classmethod
    def _in_every_year(cls, value: str) -> str:
        try:
            dt.date.fromisoformat(f"2001-{value}")
        except ValueError as error:
            raise ValueError(f"{value} is no day of every year") from error
        return value

    read_from: ClassVar[tuple[str, ...]] = ("column",)


class Hmac(Verb):
    """The keyed hash of an identifier."""

    hmac: str

    read_from: ClassVar[tuple[str, ...]] = ("hmac",)


def _verb(declared: object) -> str | None:
    """The verb that a declaration uses: the key that names it."""
    if isinstance(declared, Verb):
        return type(declared).__name__.lower()
    if not isinstance(declared, dict):
        return None
    if "parse" in declared:
        return {"year_month": "parseyearmonth", "year": "parseyear"}.get(str(declared["parse"]), "parse")
    return next((v.replace("_", "") for v in _VERBS if v in declared), None)


_VERBS = ("fixed", "copy", "combine", "part_of", "recode", "hmac")

AnyVerb = Annotated[
    Annotated[Fixed, Tag("fixed")]
    | Annotated[Copy, Tag("copy")]
    | Annotated[Combine, Tag("combine")]
    | Annotated[PartOf, Tag("partof")]
    | Annotated[Recode, Tag("recode")]
    | Annotated[Parse, Tag("parse")]
    | Annotated[ParseYearMonth, Tag("parseyearmonth")]
    | Annotated[ParseYear, Tag("parseyear")]
    | Annotated[Hmac, Tag("hmac")],
    Discriminator(
        _verb,
        custom_error_type="unknown_verb",
        custom_error_message="no verb is named; use one of fixed, copy, combine, part_of, recode, parse, hmac",
    ),
]


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
