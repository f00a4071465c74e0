"""What ``source.yml`` can say about a file: its format with the words of that format, and its columns.

Each format has its own words; a word of another format is told as such. How a file of a format is read is in
``sources.kit.readers``, one module for each.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from schemas.declaration import Declared
from sources.kit.declared_text import Identifiers

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
            of = [] if word in cls.model_fields else [n for n, f in _FORMS.items() if word in f.model_fields]
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


class WorkbookForm(Form):
    """A sheet of a workbook (xlsx, xls, ods)."""

    leaves_out_blank_rows: ClassVar[bool] = True

    format: Literal["workbook"]
    sheet: str = "first"
    header: Header | None = None
    footer: list[FooterStart] = []


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


_FORMS: dict[str, type[Form]] = {
    "csv": CsvForm,
    "workbook": WorkbookForm,
    "parquet": ParquetForm,
    "json": JsonForm,
    "ndjson": NdjsonForm,
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
    | Annotated[NdjsonForm, Tag("ndjson")],
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
    identifier: Identifiers = {}
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
