"""The verbs that make texts and codes: fixed, copy, combine, part_of, recode, hmac."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, field_validator, model_validator

from sources.kit.declared_text import Characters, Form
from sources.kit.words.base import ReadingVerb, Verb


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


class TextSteps(Verb):
    """Steps on a text, in this order: remove, upper, pad, take, add_digit, prefix; then its form is checked.

    ``default`` stands for an empty text, and is taken as it is.
    """

    remove: str | None = None
    """A text that is taken out wherever it stands."""
    upper: bool = False
    """Whether small letters become capitals."""
    pad: int | None = Field(default=None, ge=1)
    """Length up to which zeros are put at the left."""
    take: Characters | None = None
    """First and last character that are kept, counted from 1."""
    add_digit: Literal["ibge"] | None = None
    """ibge: the seventh digit of a Brazilian municipality, which the health system leaves out."""
    prefix: str = ""
    """A text that is put before the others."""
    form: Form | None = None
    """A regular expression that the whole result must fit."""
    default: str | None = None
    """The value where nothing is given."""


class Copy(TextSteps, ReadingVerb):
    """The text of a column."""

    copy_: str = Field(alias="copy")
    """The column whose text is taken."""

    read_from: ClassVar[tuple[str, ...]] = ("copy_",)


class Combine(TextSteps):
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


class Recode(ReadingVerb):
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
        if len(self.reads) > 1 and not self.whole:
            raise ValueError("find and split read one column; recode a single one, or take them out")
        return self


class KeyOf(Verb):
    """The key of another record of the source, which this one replaces."""

    key_of: str | Annotated[list[str], Field(min_length=1)]
    """The columns that name the other record, in the order of the source's key."""

    read_from: ClassVar[tuple[str, ...]] = ("key_of",)


class Hmac(Verb):
    """The keyed hash of an identifier."""

    hmac: str
    """The identifier column whose keyed hash is kept."""
    check_digit: Literal["warn", "row"] = "warn"
    """What a value does that can be no identifier of its kind or has a wrong check digit: counted, or quarantined."""

    read_from: ClassVar[tuple[str, ...]] = ("hmac",)
