"""What ``source.yml`` can say of a file: its format, with the words of that format.

A word of another format is told as such. How a file of a format is read is in ``sources.kit.readers``, one module for
each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    Tag,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from schemas.declaration import Declared
from sources.kit.declared_text import Pattern

Encoding = Literal["utf-8", "latin-1", "cp1252", "utf-16", "iso-8859-15", "mac-roman", "cp850"]
Beginnings = list[Annotated[str, Field(min_length=1)]]

_SIGNS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "space": " "}


def _sign(declared: object) -> object:
    """A delimiter by its name."""
    return _SIGNS.get(declared, declared) if isinstance(declared, str) else declared


def _keys(declared: object) -> object:
    """A path of keys: text with points between them, or a list where a key has a point itself."""
    return declared.split(".") if isinstance(declared, str) else declared


Delimiter = Annotated[
    str,
    Field(min_length=1, max_length=1),
    BeforeValidator(_sign),
    WithJsonSchema({"anyOf": [{"enum": list(_SIGNS)}, {"type": "string", "minLength": 1, "maxLength": 1}]}),
]
KeyPath = Annotated[
    list[str],
    Field(min_length=1),
    BeforeValidator(_keys),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


class Header(Declared):
    """The header is the first row that holds all of these cells, with the rows that belong to it below.

    Of several rows the cells of a column are joined, a merged cell counting for all columns that it spans.
    """

    contains: list[str] = []
    """Cells that only the first row of the header holds together; without them it is the first row with any text."""
    rows: int = Field(default=1, ge=1, le=10)
    """How many rows the header has."""
    joined_by: str = " / "
    """What stands between the cells of a column where the header has several rows."""
    unnamed: dict[Annotated[int, Field(ge=1)], str] = {}
    """Names for columns that have none in the file, by their place from 1."""


class Form(Declared):
    """What the forms of all formats share."""

    #: Whether rows without any value are left out by themselves, under the reason ``blank_row``.
    leaves_out_blank_rows: ClassVar[bool] = False

    member: str | None = Field(default=None, min_length=1)
    """Which file of a .zip is read, by name or a pattern with * and ?; without it there must be one alone."""

    @model_validator(mode="before")
    @classmethod
    def _own_words(cls, declared: Any) -> Any:
        """Say of a word of another format where it belongs."""
        for word in declared if isinstance(declared, dict) else ():
            of = [] if word in words(cls) else [name for name, form in FORMS.items() if word in words(form)]
            if of:
                raise PydanticCustomError(
                    "word_of_another_format",
                    "{word} is a word of format {of}, not of {format}; remove it, or correct the format",
                    {
                        "word": repr(word),
                        "of": " and ".join(of),
                        "format": declared["format"],
                        "at": (word,),
                    },
                )
        return declared


def words(form: type[Form]) -> set[str]:
    """The words of a format."""
    return {field.alias or name for name, field in form.model_fields.items()}


class CsvForm(Form):
    """Text with separated columns."""

    format: Literal["csv"]
    """Text with separated columns."""
    encoding: Encoding = "utf-8"
    """How its letters are written as bytes."""
    delimiter: Delimiter = ","
    """The sign between two columns: comma, semicolon, tab, pipe, space, or the sign itself."""
    quote: str = Field(default='"', max_length=1)
    """The sign around texts; empty if there is none."""
    header: Header | None = None
    """How the header is found; without it, it is the first row."""
    footer: Beginnings = []
    """How the first row under the table begins; what follows is no record."""
    short_rows: bool = False
    """Whether rows may end before the last columns, which are blank then."""
    formula_text: bool = False
    """Whether texts may be written as formulas of a spreadsheet, such as ="0101"."""


class Sheet(Declared):
    """A sheet by a pattern that its whole name fits, or by its position from 1."""

    pattern: Pattern | None = None
    """A regular expression for the whole name; capitals do not matter."""
    position: int | None = Field(default=None, ge=1)
    """Its place in the workbook, 1 for the first."""

    @model_validator(mode="after")
    def _one(self) -> Sheet:
        if (self.pattern is None) == (self.position is None):
            raise ValueError("neither or both of pattern and position; say one of them")
        return self


@dataclass(frozen=True)
class Area:
    """A part of a sheet; rows and columns count from 1, None is the last."""

    first_column: int
    first_row: int
    last_column: int | None
    last_row: int | None


class WorkbookForm(Form):
    """A sheet of a workbook (xlsx, xls, ods)."""

    leaves_out_blank_rows: ClassVar[bool] = True

    format: Literal["workbook"]
    """A workbook: xlsx, xls or ods."""
    sheet: str | Sheet = "first"
    """Name of the sheet, first, or pattern or position of it."""
    range_: str | None = Field(default=None, alias="range")
    """The part of the sheet that is the table, such as B5:K40, or B5:K for all rows below."""
    header: Header | None = None
    """How the header is found; without it, it is the first row with any text."""
    footer: Beginnings = []
    """How the first row under the table begins; what follows is no record."""

    @field_validator("range_")
    @classmethod
    def _an_area(cls, value: str | None) -> str | None:
        if value is not None:
            _area(value)
        return value

    @property
    def area(self) -> Area | None:
        """The declared part of the sheet."""
        return _area(self.range_) if self.range_ else None


def _area(text: str) -> Area:
    found = re.fullmatch(r"([A-Za-z]{1,3})([1-9]\d*)?(?::([A-Za-z]{1,3})([1-9]\d*)?)?", text)
    if not found:
        raise ValueError(f"{text!r} is no range of a sheet; write one such as B5:K40, B5:K or B:K")
    column, row, last_column, last_row = found.groups()
    last = _column(last_column) if last_column else None
    area = Area(_column(column), int(row or 1), last, int(last_row or 0) or None)
    if (last or area.first_column) < area.first_column or (area.last_row or area.first_row) < area.first_row:
        raise ValueError(f"{text!r} ends before it starts; write the upper left cell first")
    return area


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


class ParquetForm(Form):
    """A Parquet file."""

    format: Literal["parquet"]
    """A Parquet file."""


class JsonForm(Form):
    """A JSON document: a list of records, alone or under a path of keys."""

    format: Literal["json"]
    """A JSON document that holds a list of records."""
    encoding: Encoding = "utf-8"
    """How its letters are written as bytes."""
    records: KeyPath | None = None
    """The keys that lead to the list of records, with points between them; without it the document is the list."""


class NdjsonForm(Form):
    """Text whose lines are JSON records."""

    format: Literal["ndjson"]
    """Text of which each line is a JSON record."""
    encoding: Encoding = "utf-8"
    """How its letters are written as bytes."""


class StatisticalForm(Form):
    """What SPSS and Stata files share."""

    labels: bool = False
    """Whether a value that has a label arrives as the label; else it arrives as its code."""
    user_missing: Literal["blank", "kept"] = "blank"
    """Whether values that the file itself calls missing (don't know, refused) are blank or kept."""
    encoding: str | None = None
    """Encoding of an old file whose letters come out wrong; newer ones say it themselves."""


class SpssForm(StatisticalForm):
    """An SPSS file (sav, zsav, por)."""

    format: Literal["spss"]
    """An SPSS file: sav, zsav or por."""


class StataForm(StatisticalForm):
    """A Stata file (dta)."""

    format: Literal["stata"]
    """A Stata file: dta."""


class RForm(Form):
    """An R data file (rds, RData)."""

    format: Literal["r"]
    """An R data file: rds, RData or rda."""
    object: str | None = Field(default=None, min_length=1)
    """Name of the data frame, where the file has several."""


class Place(Declared):
    """Where a column stands in each line: its first position, from 1, and its width or its last position."""

    start: int = Field(ge=1)
    """Its first position, from 1."""
    width: int | None = Field(default=None, ge=1)
    """How many positions it takes."""
    end: int | None = Field(default=None, ge=1)
    """Its last position."""

    @model_validator(mode="after")
    def _one(self) -> Place:
        if (self.width is None) == (self.end is None):
            raise ValueError("neither or both of width and end; say one of them")
        if self.last < self.start:
            raise ValueError(f"the column ends at {self.last}, before it starts; correct start or end")
        return self

    @property
    def last(self) -> int:
        """Its last position."""
        return self.end if self.end is not None else self.start + (self.width or 1) - 1


class FixedWidthForm(Form):
    """Text whose columns stand at fixed places of each line."""

    format: Literal["fixed_width"]
    """Text whose columns stand at fixed places of each line."""
    fields: dict[str, Place] = Field(min_length=1)
    """Where each column stands."""
    encoding: Encoding = "utf-8"
    """How its letters are written as bytes."""
    positions: Literal["characters", "bytes"] = "characters"
    """What the positions count."""
    line_length: int | None = Field(default=None, ge=1)
    """How long a line is, where it goes on behind the last column."""
    skip: int = Field(default=0, ge=0)
    """How many lines come before the first record."""
    footer: Beginnings = []
    """How the first line under the table begins; what follows is no record."""
    short_rows: bool = False
    """Whether lines may end before the last columns, which are blank then."""

    @model_validator(mode="after")
    def _within(self) -> FixedWidthForm:
        last = max(place.last for place in self.fields.values())
        if self.line_length is not None and self.line_length < last:
            raise ValueError(f"a column ends at {last}, behind line_length; correct one of them")
        if self.positions == "bytes" and self.encoding == "utf-16":
            raise ValueError("positions cannot count bytes in utf-16; say positions: characters")
        return self

    @property
    def length(self) -> int:
        """How many positions a line has."""
        return self.line_length or max(place.last for place in self.fields.values())


FORMS: dict[str, type[Form]] = {
    "csv": CsvForm,
    "workbook": WorkbookForm,
    "parquet": ParquetForm,
    "json": JsonForm,
    "ndjson": NdjsonForm,
    "spss": SpssForm,
    "stata": StataForm,
    "r": RForm,
    "fixed_width": FixedWidthForm,
}


def _format(declared: object) -> str | None:
    """The format that a form declares; None for one that does not exist."""
    named = declared.get("format") if isinstance(declared, dict) else getattr(declared, "format", None)
    return str(named) if named in FORMS else None


AnyForm = Annotated[
    Annotated[CsvForm, Tag("csv")]
    | Annotated[WorkbookForm, Tag("workbook")]
    | Annotated[ParquetForm, Tag("parquet")]
    | Annotated[JsonForm, Tag("json")]
    | Annotated[NdjsonForm, Tag("ndjson")]
    | Annotated[SpssForm, Tag("spss")]
    | Annotated[StataForm, Tag("stata")]
    | Annotated[RForm, Tag("r")]
    | Annotated[FixedWidthForm, Tag("fixed_width")],
    Discriminator(
        _format,
        custom_error_type="unknown_format",
        custom_error_message=f"there is no such format; use one of {', '.join(FORMS)}",
        custom_error_context={"at": ("format",)},
    ),
]
