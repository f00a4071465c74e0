"""The verb ``parse``: dates, hours, numbers, ages and answers read from text."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, ClassVar, Literal

from pydantic import Field, field_validator, model_validator

from sources.kit.declared_text import EXCEL, DateFormat, HourFormat
from sources.kit.months import Months
from sources.kit.words.base import ReadingVerb

Unit = Literal["hours", "days", "weeks", "months", "years", "years_from_100"]


class _FromColumn(ReadingVerb):
    column: str = Field(alias="from")
    """The column that is read."""

    read_from: ClassVar[tuple[str, ...]] = ("column",)


class Moment(_FromColumn):
    """What dates and hours share: the forms in which a moment is written."""

    months: Months | None = None
    """Language of the names of months (%b or %B), or the twelve names; short names and capitals do not matter."""
    zone: str | None = Field(default=None, pattern=r"^[A-Za-z]+(/[A-Za-z_+0-9-]+)*$")
    """Time zone in which a moment counts that is written with its distance from UTC (%z): America/Bogota."""

    def _check_moments(self, formats: list[str]) -> None:
        written = " ".join(formats)
        if self.months and not re.search("%-?[bB]", written):
            raise ValueError(
                "no format has the name of a month; write %b where it stands, or take months out"
            )
        if self.months and re.search("%-?[aA]", written):
            raise ValueError("names of weekdays are read in English only; leave them out with find")
        if self.zone and "%z" not in written:
            raise ValueError("no format has a distance from UTC; write %z where it stands, or take zone out")


class ParseDate(Moment):
    """A date."""

    parse: Literal["date"]
    """A date."""
    formats: list[DateFormat] = Field(min_length=1)
    """Forms of a date that are tried in turn: %d day, %m month, %Y year; excel: the number of a day."""
    years_from: int | None = Field(default=None, ge=1800, le=2100)
    """First of the hundred years in which a year of two digits (%y) lies."""

    @model_validator(mode="after")
    def _formats_fit(self) -> ParseDate:
        self._check_moments(self.formats)
        written = [f for f in self.formats if f not in EXCEL]
        without_year = [f for f in written if not re.search("%-?[YyG]", f)]
        if without_year:
            raise ValueError(f"{without_year[0]!r} has no year; add %Y, %y or %G")
        if any("%G" in f for f in written) and not all("%V" in f for f in written if "%G" in f):
            raise ValueError("%G is the year of an ISO week; write %G-W%V")
        of_weeks = [f for f in written if re.search("%[GV]", f)]
        if any("%G" not in f for f in of_weeks):
            raise ValueError("%V is a week of an ISO year, which is not %Y; write %G-W%V")
        if mixed := [f for f in of_weeks if re.search("%-?[mbBdejYyUW]", f)]:
            raise ValueError(
                f"{mixed[0]!r} mixes an ISO week with a month, a day of it or a year; write %G-W%V (and %u, the day of "
                "the week), and other forms of a date as forms of their own"
            )
        two_digits = any(re.search("%-?y", f) for f in written)
        if two_digits and self.years_from is None:
            raise ValueError(
                "a year of two digits has no century; say years_from, such as 1930 for 1930 to 2029"
            )
        if self.years_from is not None and not two_digits:
            raise ValueError("no format has a year of two digits; take years_from out, or write %y")
        return self


class ParseHour(Moment):
    """An hour of the day."""

    parse: Literal["hour"]
    """An hour of the day."""
    formats: list[HourFormat] = Field(default=["clock"], min_length=1)
    """Forms that are tried in turn: clock (21, 21:30, 21 h, 9 pm), hhmm (930), excel (part of a day), or as a date."""

    @model_validator(mode="after")
    def _formats_fit(self) -> ParseHour:
        self._check_moments(self.formats)
        written = [f for f in self.formats if "%" in f]
        without = [f for f in written if not re.search("%-?[HI]", f)]
        if without:
            raise ValueError(f"{without[0]!r} has no hour; add %H, or %I with %p")
        return self


class ParseNumber(_FromColumn):
    """A number."""

    parse: Literal["integer", "decimal"]
    """A number; integer: a whole one."""
    decimal: Literal[".", ","] | None = None
    """The decimal sign; . for decimal. An integer may then be written with decimals that are zero (34.0)."""
    thousands: Literal[".", ",", " ", "'"] | None = None
    """The sign between groups of three digits; a space stands for every kind of space."""
    minus: Literal["start", "end"] = "start"
    """end: a negative number may have its sign at the end (250-)."""
    percent: Literal["number", "share"] | None = None
    """A % may follow; number: 12.5 % is 12.5, share: it is 0.125."""
    times: int = Field(default=1, ge=1, le=1_000_000)
    """What the number is counted in: 1000 for thousands. An integer must be whole after that."""

    @model_validator(mode="after")
    def _signs_differ(self) -> ParseNumber:
        if self.thousands is not None and self.thousands == self.decimal_sign:
            raise ValueError(f"{self.thousands} cannot stand for both; correct thousands or decimal")
        if self.parse == "integer" and self.percent == "share":
            raise ValueError("a share is no whole number; write parse: decimal")
        if self.percent and self.times > 1:
            raise ValueError("a percentage is not counted in thousands; take percent or times out")
        return self

    @property
    def decimal_sign(self) -> str | None:
        """The sign before decimals; None where there can be none."""
        return self.decimal or ("." if self.parse == "decimal" or self.times > 1 else None)


class ParseAge(_FromColumn):
    """An age in completed years."""

    parse: Literal["age"]
    """An age in completed years: 34, 34 años, 5 meses, menor de 1."""
    units: dict[str, Unit] | None = Field(default=None, min_length=1)
    """What the codes of the unit mean: hours, days, weeks, months, years, years_from_100 (5 is 105)."""
    unit_from: str | None = None
    """The column with the unit; without it, the unit is the first character of the value (4030)."""

    read_from: ClassVar[tuple[str, ...]] = ("column", "unit_from")

    @model_validator(mode="after")
    def _unit_is_told(self) -> ParseAge:
        if self.unit_from and not self.units:
            raise ValueError("what the units mean is not said; add units, such as {A: years, M: months}")
        if self.units and not self.unit_from and (long := [u for u in self.units if len(u) != 1]):
            raise ValueError(
                f"the unit is one character, not {long[0]!r}; correct it, or name its column in unit_from"
            )
        return self


class ParseAgeGroup(_FromColumn):
    """The first or last age of a group."""

    parse: Literal["age_from", "age_to"]
    """The first or the last age of a group: 18-29, De 25 a 29 años, 60 y más, menor de 1."""


class ParseYesNo(_FromColumn):
    """An answer, yes or no."""

    parse: Literal["yes_no"]
    """An answer: sí, sim, yes, s, y, true; no, não, n, false."""
    yes: list[str] = []
    """Further values that mean yes."""
    no: list[str] = []
    """Further values that mean no."""

    @model_validator(mode="after")
    def _apart(self) -> ParseYesNo:
        if both := set(self.yes) & set(self.no):
            raise ValueError(f"{min(both)!r} cannot be both; keep it under yes or under no")
        return self


class ParseYearMonth(ReadingVerb):
    """The first day of a month given as year and month."""

    parse: Literal["year_month"]
    """The first day of a month."""
    year: str | Annotated[int, Field(ge=1800, le=2200)]
    """The column with the year; or, as a number, the year of a file that does not say it anywhere."""
    month: str
    """The column with the month, as a number, or as a name where months says the language."""
    months: Months | None = None
    """Language of the names of months, or the twelve names."""

    read_from: ClassVar[tuple[str, ...]] = ("year", "month")

    @model_validator(mode="after")
    def _two_columns(self) -> ParseYearMonth:
        if not self.whole:
            raise ValueError("find and split read one column; use parse: date with the form %Y-%m")
        return self


class ParseYear(_FromColumn):
    """A fixed day of a year."""

    parse: Literal["year"]
    """A fixed day of a year."""
    day: Annotated[str, Field(pattern=r"^\d{2}-\d{2}$")] = "01-01"
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
