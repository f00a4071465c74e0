"""What ``source.yml`` can say under ``fetch``: from which database or address a source's deliveries are fetched.

A secret is only ever named here; its value is in the environment or in the file of secrets.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, field_validator, model_validator

from schemas.declaration import Declared
from sources.kit.forms import KeyPath

#: What may stand in an address or in the name of a file, in braces.
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
SECRET = re.compile(r"secret:([a-z][a-z0-9_]*)")
#: Stands in the name of a file for the day on which the server last changed it.
MODIFIED = "modified"

_UNITS = {"minutes": 60, "hours": 3600, "days": 86400}
#: Headers and parameters whose value is a secret by habit.
_SECRETIVE = re.compile(r"auth|cookie|token|secret|passw|api.?key|^key$|signature", re.IGNORECASE)
_HEADER = re.compile(r"[A-Za-z0-9-]+")
_SELECT = re.compile(r"(?:select|with)\b", re.IGNORECASE)
#: Quoted names and texts and comments of SQL, in which a semicolon ends nothing.
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/", re.DOTALL)


def _secret_name(name: str) -> str:
    if not SECRET.fullmatch(f"secret:{name}") or name == "file":
        raise ValueError(f"{name!r} is no name of a secret; write small letters, digits and underscores")
    return name


def _overlap(declared: object) -> object:
    """How far back: a number, or a time as people write it."""
    if not isinstance(declared, str):
        return declared
    found = re.fullmatch(r"(\d{1,6}) (minutes|hours|days)", declared.strip())
    if not found:
        raise ValueError(f"{declared!r} is no overlap; write a number, or a time such as 2 days or 6 hours")
    return dt.timedelta(seconds=int(found[1]) * _UNITS[found[2]])


def _period(declared: object) -> object:
    text = str(declared)
    if not re.fullmatch(r"(19|20)\d\d(-(0[1-9]|1[0-2]))?", text):
        raise ValueError(f"{text!r} is no period; write a year (2024) or a month (2024-03)")
    return text


Named = Annotated[str, AfterValidator(_secret_name)]
Overlap = Annotated[
    int | dt.timedelta,
    BeforeValidator(_overlap),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 0},
                {"type": "string", "pattern": r"^\d+ (minutes|hours|days)$"},
            ]
        }
    ),
]
Period = Annotated[
    str,
    BeforeValidator(_period),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "integer"}]}),
]
#: A value of a watermark as drivers give it.
Value = int | str | Decimal | dt.date | dt.datetime


class Watermark(Declared):
    """By what a database tells which rows are new or changed since the last time.

    Slices with such a row are fetched whole, since a delivery replaces the slices that it contains.
    """

    column: str
    """Column whose value grows with every new and every changed row: time of the last change, or a number."""
    overlap: Overlap | None = None
    """How far below the last value the next run asks again, for rows that were stored late: 2 days, or a number."""
    slice_by: str | None = None
    """Column with the date that puts a row into its slice; without it, the one that the map reads for that date."""


class Database(Declared):
    """Rows of a database."""

    connection: Named
    """Name of the secret that holds the database's address, such as postgresql+psycopg://user:password@host/name."""
    query: str | None = None
    """One SELECT; its columns are those of the layout."""
    table: str | None = Field(default=None, pattern=r"^[^\s.;]+(\.[^\s.;]+)?$")
    """Instead of a query a table or view, with its schema before a point; its columns are those of the layout."""
    watermark: Watermark | None = None
    """How the next run knows what is new; without it everything is fetched each time."""

    @field_validator("query")
    @classmethod
    def _one_select(cls, value: str | None) -> str | None:
        if value is None:
            return None
        bare = _QUOTED.sub(" ", value).strip().rstrip(";")
        if not _SELECT.match(bare) or ";" in bare:
            raise ValueError("this is not one SELECT; write a single statement that reads")
        return value.strip().rstrip(";").rstrip()

    @property
    def place(self) -> str:
        """What it is called where it is told from where a delivery came."""
        return f"database {self.connection}"

    @model_validator(mode="after")
    def _one_of_two(self) -> Database:
        if (self.query is None) == (self.table is None):
            raise ValueError("neither or both of query and table; say one of them")
        return self


class Number(Declared):
    """Pages by their number."""

    parameter: str = Field(min_length=1)
    """The parameter of the address that takes the number."""
    first: int = Field(default=1, ge=0)
    """Number of the first page; the last is the first that has no record."""
    step: int = Field(default=1, ge=1)
    """By how much it grows: the size of a page where the parameter counts records."""


class Cursor(Declared):
    """Pages by a mark that each page gives for the next."""

    parameter: str = Field(min_length=1)
    """The parameter of the address that takes the mark."""
    source: KeyPath = Field(alias="from")
    """The keys that lead to the mark of the next page; where there is none, the page is the last."""


class Pages(Declared):
    """A list of records that comes in several JSON documents; they become one file with a record a line."""

    records: KeyPath | None = None
    """The keys that lead to the records of a page, with points between them; without it the page is the list."""
    next: KeyPath | None = None
    """The keys that lead to the link of the next page."""
    number: Number | None = None
    """Instead of a link: pages are numbered."""
    cursor: Cursor | None = None
    """Instead of a link: each page gives the mark of the next one."""
    total: KeyPath | None = None
    """The keys that lead to the number of all records, where the server says it; as many must come."""

    @model_validator(mode="after")
    def _one_way(self) -> Pages:
        if sum(way is not None for way in (self.next, self.number, self.cursor)) != 1:
            raise ValueError("it is not said how the next page is found; say one of next, number and cursor")
        return self


class Periods(Declared):
    """The periods of an address with {year} or {year} and {month}, each a delivery of its own."""

    first: Period = Field(alias="from")
    """The first period: 2024, or 2024-03 where the address has a month."""
    until: Period | None = None
    """The last one, of a source that has ended; without it, the last that is over."""
    recheck: int = Field(default=3, ge=0)
    """How many of the newest periods are asked for again though they were loaded, since providers correct them."""

    @model_validator(mode="after")
    def _fit(self) -> Periods:
        if self.until and (len(self.until) != len(self.first) or self.until < self.first):
            raise ValueError(
                "until does not fit from; write both as years or both as months, the later second"
            )
        return self


class Http(Declared):
    """A file, or paged JSON, at an address."""

    address: str
    """Where it is; {year} and {month} stand for the period, {secret:name} for the value of a secret."""
    name: str | None = Field(default=None, pattern=r"^[^/\\.][^/\\]*$")
    """Name of the file, with {year}, {month} or {modified}, the server's date of it; else the address's last part."""
    periods: Periods | None = None
    """Which periods there are, where the address has one."""
    pages: Pages | None = None
    """How the pages of a JSON interface become one file."""
    headers: dict[str, str] = {}
    """Further headers of the request."""
    secret_headers: dict[str, Named] = {}
    """Headers whose value is a secret, and the name of it."""
    content_type: list[str] = []
    """What the server must call the content, such as text/csv; without it, anything but a web page."""
    redirects: list[str] = []
    """Other hosts to which the server may send us."""
    timeout: float = Field(default=60, gt=0, le=3600)
    """How many seconds the server may be silent."""
    within: float = Field(default=3600, gt=0, le=86400)
    """How many seconds all of it may take."""
    attempts: int = Field(default=4, ge=1, le=10)
    """How often it is tried where the server is busy, fails or breaks off."""
    largest_mb: int = Field(default=2000, ge=1)
    """Greatest size of the file in megabytes."""

    @field_validator("address")
    @classmethod
    def _without_secrets(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("this is no address; write one that begins with https:// or http://")
        if parts.username or parts.password or "@" in parts.netloc:
            raise ValueError(
                "the address holds a user or a password; send them as secret_headers: {Authorization: name}"
            )
        if "{" in parts.netloc or (parts.port or 1) < 1:
            raise ValueError("the host of an address is fixed; write period and secrets behind it")
        for name, given in parse_qsl(parts.query, keep_blank_values=True):
            if _SECRETIVE.search(name) and not PLACEHOLDER.fullmatch(given):
                raise ValueError(
                    f"{name} is a secret; write {name}={{secret:name}} and keep the value elsewhere"
                )
        return value

    @field_validator("headers")
    @classmethod
    def _open_headers(cls, value: dict[str, str]) -> dict[str, str]:
        secret = next((name for name in value if _SECRETIVE.search(name)), None)
        if secret:
            raise ValueError(f"{secret} is a secret; write secret_headers: {{{secret}: name}}")
        return _headers(value)

    @field_validator("secret_headers")
    @classmethod
    def _names_of_headers(cls, value: dict[str, str]) -> dict[str, str]:
        return _headers(value)

    @model_validator(mode="after")
    def _periods_fit(self) -> Http:
        used = {found for found in PLACEHOLDER.findall(self.address) if not SECRET.fullmatch(found)}
        named = set(PLACEHOLDER.findall(self.name or ""))
        if unknown := sorted((used - {"year", "month"}) | (named - {"year", "month", MODIFIED})):
            raise ValueError(
                f"{{{unknown[0]}}} stands for nothing; write {{year}}, {{month}}, in an address {{secret:name}}, "
                f"in a name {{{MODIFIED}}}"
            )
        if bool(used) != bool(self.periods):
            raise ValueError("an address with a period and periods belong together; say both or neither")
        if "month" in used and "year" not in used:
            raise ValueError("the address has a month without a year; write {year} too")
        if not named - {MODIFIED} <= used:
            raise ValueError("the name has a period that the address has not; take it out")
        if self.periods and ("month" in used) != ("-" in self.periods.first):
            raise ValueError("the periods are not those of the address; write months for {month}, else years")
        if self.pages and MODIFIED in named:
            raise ValueError(f"pages have no date; take {{{MODIFIED}}} out of the name")
        return self


def _headers(value: dict[str, str]) -> dict[str, str]:
    for name, text in value.items():
        if not _HEADER.fullmatch(name) or not text.isprintable():
            raise ValueError(
                f"{name!r} is no header; write a name of letters and hyphens and a text of one line"
            )
    return value


class Fetch(Declared):
    """From where deliveries are fetched."""

    database: Database | None = None
    """The rows of a database."""
    http: Http | None = None
    """A file or paged JSON at an address."""

    @model_validator(mode="after")
    def _one(self) -> Fetch:
        if (self.database is None) == (self.http is None):
            raise ValueError("neither or both of database and http; say one of them")
        return self

    @property
    def place(self) -> str:
        """What it is called where it is told from where deliveries come: the address as it is declared."""
        return self.database.place if self.database else self.http.address if self.http else ""
