"""The mapping verbs as ``source.yml`` writes them: for each field of the record type one verb.

How a verb becomes SQL is in ``sources.kit.verbs``.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, ClassVar, Literal

from pydantic import Discriminator, Field, Tag, field_validator, model_validator

from schemas.declaration import Declared
from sources.kit.declared_text import Characters, DateFormat, Form


class Verb(Declared):
    """What all verbs share: raw values that mean "unknown" are never an error."""

    #: Which of its words name raw columns.
    read_from: ClassVar[tuple[str, ...]] = ()

    unknown: list[str] = []
    """Raw values that mean "unknown": never an error."""

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
    """The same value in every record."""

    @field_validator("fixed", mode="before")
    @classmethod
    def _no_truth_value(cls, value: object) -> object:
        if isinstance(value, bool):
            raise ValueError(f"YAML reads this as {str(value).lower()}; write it in quotes")
        return value


class TextVerb(Verb):
    """Steps on a text, in this order: until, remove, upper, pad, take, prefix; then its form is checked.

    ``default`` stands for an empty text, and is taken as it is.
    """

    until: str | None = Field(default=None, min_length=1)
    """Only what stands before this text: the code of "01 - Centro"."""
    remove: str | None = None
    """A text that is taken out wherever it stands."""
    upper: bool = False
    """Whether small letters become capitals."""
    pad: int | None = Field(default=None, ge=1)
    """Length up to which zeros are put at the left."""
    take: Characters | None = None
    """First and last character that are kept, counted from 1."""
    prefix: str = ""
    """A text that is put before the others."""
    form: Form | None = None
    """A regular expression that the whole result must fit."""
    default: str | None = None
    """The value where nothing is given."""


class Copy(TextVerb):
    """The text of a column."""

    copy_: str = Field(alias="copy")
    """The column whose text is taken."""

    read_from: ClassVar[tuple[str, ...]] = ("copy_",)


class Combine(TextVerb):
    """The texts of several columns joined."""

    combine: list[str] = Field(min_length=2)
    """The columns whose texts are joined, in this order."""
    separator: str = ""
    """What stands between two of them."""

    read_from: ClassVar[tuple[str, ...]] = ("combine",)


class PartOf(Verb):
    """Characters of another field, for example the state in a municipality's code."""

    part_of: str
    """Another field of this map."""
    take: Characters
    """First and last character that are taken, counted from 1."""


class Recode(Verb):
    """A code of ours for each label or code of the source."""

    recode: str | Annotated[list[str], Field(min_length=1)]
    """The column whose labels are translated, or several that are looked up together."""
    codes: dict[str, str] | None = Field(default=None, min_length=1)
    """Our code for each label, in quotes."""
    table: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_.-]+\.csv$")
    """A CSV file beside source.yml with the columns that are read and the column code."""
    default: str | None = None
    """The code where nothing is given."""

    read_from: ClassVar[tuple[str, ...]] = ("recode",)

    @model_validator(mode="after")
    def _codes_or_table(self) -> Recode:
        if (self.codes is None) == (self.table is None):
            raise ValueError("codes and table exclude each other; say one of the two")
        if len(self.reads) > 1 and (self.codes is not None or self.unknown):
            raise ValueError(
                "several columns are recoded; name a table, which also says what is unknown (_U)"
            )
        return self


class Parse(Verb):
    """A date, number or hour read from text."""

    parse: Literal["date", "integer", "decimal", "hour"]
    """What is read."""
    column: str = Field(alias="from")
    """The column that is read."""
    formats: list[DateFormat] = []
    """Forms of a date that are tried in turn: %d day, %m month, %Y year."""
    decimal: Literal[".", ","] = "."
    """The decimal sign."""

    read_from: ClassVar[tuple[str, ...]] = ("column",)

    @model_validator(mode="after")
    def _formats(self) -> Parse:
        if (self.parse == "date") != bool(self.formats):
            raise ValueError("formats belongs to parse: date, and is needed there; add it or take it out")
        return self


class ParseYearMonth(Verb):
    """The first day of a month given as year and month number."""

    parse: Literal["year_month"]
    """The first day of a month."""
    year: str
    """The column with the year."""
    month: str
    """The column with the month as a number."""

    read_from: ClassVar[tuple[str, ...]] = ("year", "month")


class ParseYear(Verb):
    """A fixed day of a year."""

    parse: Literal["year"]
    """A fixed day of a year."""
    column: str = Field(alias="from")
    """The column with the year."""
    day: str = Field(default="01-01", pattern=r"^\d{2}-\d{2}$")
    """Month and day."""

    @field_validator("day")
    @classmethod
    def _in_every_year(cls, value: str) -> str:
        try:
            dt.date.fromisoformat(f"2001-{value}")
        except ValueError as error:
            raise ValueError(
                f"{value} is no day of every year; write month and day, such as 07-01"
            ) from error
        return value

    read_from: ClassVar[tuple[str, ...]] = ("column",)


class Hmac(Verb):
    """The keyed hash of an identifier."""

    hmac: str
    """The identifier column whose keyed hash is kept."""

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
