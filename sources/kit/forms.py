"""What ``source.yml`` can say about a file: its format with the words of that format, and its columns.

Each format has its own words; a word of another format is told as such. How a file of a format is read is in
``sources.kit.readers``, one module for each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, field_validator, model_validator
from pydantic_core import PydanticCustomError

from schemas.declaration import Declared
from sources.kit.declared_text import Pattern

Encoding = Literal["utf-8", "latin-1", "cp1252", "utf-16", "iso-8859-15", "mac-roman", "cp850"]


_SIGNS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "space": " "}

FooterStart = Annotated[str, Field(min_length=1)]


def _path(declared: object) -> object:
    """A path of keys: text with points between them, or a list where a key has a point itself."""
    return declared.split(".") if isinstance(declared, str) else declared


def _sign(declared: object) -> object:
    """A delimiter by its name."""
    return _SIGNS.get(declared, declared) if isinstance(declared, str) else declared


class Header(Declared):
    """The header is the first row that holds all of these cells, with the rows that belong to it below.

    Of several rows the cells of a column are joined, a merged cell counting for all columns that it spans.
    ``unnamed`` gives names to columns without one, by their place from 1.
    """

    contains: list[str] = []
    rows: int = Field(default=1, ge=1, le=10)
    joined_by: str = " / "
    unnamed: dict[Annotated[int, Field(ge=1)], str] = {}


class Form(Declared):
    """What the forms of all formats share."""

    #: Whether rows without any value are left out by themselves, under the reason ``blank_row``.
    leaves_out_blank_rows: ClassVar[bool] = False

    member: str | None = Field(default=None, min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _own_words(cls, declared: Any) -> Any:
        """Say of a word of another format where it belongs."""
        for word in declared if isinstance(declared, dict) else ():
            of = [] if word in words(cls) else [name for name, form in _FORMS.items() if word in words(form)]
            if of:
                raise PydanticCustomError(
                    "word_of_another_format",
                    "{word} is a word of format {of}, not of {format}",
                    {
                        "word": repr(word),
                        "of": " and ".join(of),
                        "format": declared["format"],
                        "at": (word,),
                        "cure": "remove it, or correct the format",
                    },
                )
        return declared


def words(form: type[Form]) -> set[str]:
    """The words of a format."""
    return {field.alias or name for name, field in form.model_fields.items()}


class CsvForm(Form):
    """Text with separated columns."""

    format: Literal["csv"]
    encoding: Encoding = "utf-8"
    delimiter: Annotated[str, Field(min_length=1, max_length=1), BeforeValidator(_sign)] = ","
    quote: str = Field(default='"', max_length=1)
    header: Header | None = None
    footer: list[FooterStart] = []
    short_rows: bool = False
    formula_text: bool = False


class Sheet(Declared):
    """A sheet by a pattern that its whole name fits, or by its position from 1."""

    pattern: Pattern | None = None
    position: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _one(self) -> Sheet:
        if (self.pattern is None) == (self.position is None):
            raise ValueError("say either pattern or position")
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
    sheet: str | Sheet = "first"
    range_: str | None = Field(default=None, alias="range")
    header: Header | None = None
    footer: list[FooterStart] = []

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
        raise ValueError(f"{text!r} is no range of a sheet, such as B5:K40, B5:K or B:K")
    column, row, last_column, last_row = found.groups()
    area = Area(
        _column(column),
        int(row or 1),
        _column(last_column) if last_column else None,
        int(last_row or 0) or None,
    )
    reversed_columns = (area.last_column or area.first_column) < area.first_column
    if reversed_columns or (area.last_row or area.first_row) < area.first_row:
        raise ValueError(f"{text!r} ends before it starts")
    return area


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


class ParquetForm(Form):
    """A Parquet file."""

    format: Literal["parquet"]


class JsonForm(Form):
    """A JSON document: a list of records, alone or under a path of keys."""

    format: Literal["json"]
    encoding: Encoding = "utf-8"
    records: Annotated[list[str], Field(min_length=1), BeforeValidator(_path)] | None = None


class NdjsonForm(Form):
    """Text whose lines are JSON records."""

    format: Literal["ndjson"]
    encoding: Encoding = "utf-8"


class SpssForm(Form):
    """An SPSS file (sav, zsav, por)."""

    format: Literal["spss"]
    labels: bool = False
    user_missing: Literal["blank", "kept"] = "blank"
    encoding: str | None = None


class StataForm(Form):
    """A Stata file (dta)."""

    format: Literal["stata"]
    labels: bool = False
    user_missing: Literal["blank", "kept"] = "blank"
    encoding: str | None = None


class RForm(Form):
    """An R data file (rds, RData)."""

    format: Literal["r"]
    object: str | None = Field(default=None, min_length=1)


class Place(Declared):
    """Where a column stands in each line: its first position, from 1, and its width or its last position."""

    start: int = Field(ge=1)
    width: int | None = Field(default=None, ge=1)
    end: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _one(self) -> Place:
        if (self.width is None) == (self.end is None):
            raise ValueError("say either width or end")
        if self.last < self.start:
            raise ValueError(f"the column ends before it starts: {self.start}, {self.last}")
        return self

    @property
    def last(self) -> int:
        """Its last position."""
        return self.end if self.end is not None else self.start + (self.width or 1) - 1


class FixedWidthForm(Form):
    """Text whose columns stand at fixed places of each line.

    ``length`` is that of a line, where it goes on behind the last column; ``skip`` are lines before the first record.
    """

    format: Literal["fixed_width"]
    fields: dict[str, Place] = Field(min_length=1)
    encoding: Encoding = "utf-8"
    positions: Literal["characters", "bytes"] = "characters"
    line_length: int | None = Field(default=None, ge=1)
    skip: int = Field(default=0, ge=0)
    footer: list[FooterStart] = []
    short_rows: bool = False

    @model_validator(mode="after")
    def _within(self) -> FixedWidthForm:
        last = max(place.last for place in self.fields.values())
        if self.line_length is not None and self.line_length < last:
            raise ValueError(f"a column ends at {last}, behind the end of the line at {self.line_length}")
        if self.positions == "bytes" and self.encoding == "utf-16":
            raise ValueError("in utf-16 say positions: characters")
        return self

    @property
    def length(self) -> int:
        """How many positions a line has."""
        return self.line_length or max(place.last for place in self.fields.values())


_FORMS: dict[str, type[Form]] = {
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
    return str(named) if named in _FORMS else None


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
        custom_error_message="there is no such format",
        custom_error_context={"at": ("format",), "cure": f"use one of {', '.join(_FORMS)}"},
    ),
]


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


class Table(Declared):
    """A table of a file: how it is read, and what columns it has."""

    file: AnyForm
    names: Literal["exact", "trimmed"] = "exact"
    values: Literal["exact", "trimmed"] = "exact"
    columns: Columns

    @model_validator(mode="after")
    def _places_of_all(self) -> Table:
        if isinstance(self.file, FixedWidthForm):
            placed, named = set(self.file.fields), set(self.columns.all)
            if placed != named:
                strange = sorted(placed ^ named)[0]
                lacking = "columns" if strange in placed else "file: fields"
                raise ValueError(f"{strange!r} is missing under {lacking}: name each column in both")
        return self
