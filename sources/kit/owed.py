"""What ``source.yml`` can say under ``owes``: which reports a source has to send, how often, and by when.

Belongs here: the words of the declaration. Whether a report came is judged in the warehouse, from what was loaded.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, field_validator, model_validator

from schemas.declaration import Declared

#: Months of a period at each cadence.
MONTHS = {"month": 1, "quarter": 3, "year": 12}
#: Lengths of slices that have periods, in months.
_OF_SLICE = {"month": 1, "year": 12}


def _month(declared: object) -> object:
    text = str(declared)
    if not re.fullmatch(r"(19|20)\d\d(-(0[1-9]|1[0-2]))?", text):
        raise ValueError(f"{text!r} is no period; write a year (2024) or a month (2024-03)")
    return text


#: A year or a month as people write it.
Month = Annotated[
    str,
    BeforeValidator(_month),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "integer"}]}),
]


def first_day(period: str) -> dt.date:
    """First day of a year or month."""
    year, _, month = period.partition("-")
    return dt.date(int(year), int(month or 1), 1)


def last_day(period: str) -> dt.date:
    """Last day of a year or month."""
    year, _, month = period.partition("-")
    last = int(month or 12)
    return dt.date(int(year), last, calendar.monthrange(int(year), last)[1])


class NotApplicable(Declared):
    """Areas and months about which there is nothing to report, so that no report is owed."""

    areas: list[str] = []
    """The areas; without them, all."""
    first: Month | None = Field(default=None, alias="from")
    """First year or month; without it, from the beginning."""
    until: Month | None = None
    """Last year or month; without it, for good."""
    reason: str = Field(min_length=3)
    """Why there is nothing to report."""

    @model_validator(mode="after")
    def _limited(self) -> NotApplicable:
        if not self.areas and self.first is None and self.until is None:
            raise ValueError("nothing limits it, so nothing would be owed; add areas, from or until")
        if self.first and self.until and last_day(self.until) < first_day(self.first):
            raise ValueError("until comes before from; correct one of them")
        return self


class Owes(Declared):
    """Which reports the provider has to send: one for each area and month, or for each period of its slices."""

    each: Literal["month", "quarter", "year"]
    """How often a report is due."""
    due_days: int = Field(ge=0, le=3660)
    """How many days after the end of that month, quarter or year."""
    first: Month = Field(alias="from")
    """First year or month that is owed."""
    until: Month | None = None
    """Last year or month that is owed; without it, the source goes on."""
    areas: list[str] = []
    """First-level areas that report, where it is not the whole country."""
    units: dict[str, list[str]] = {}
    """Offices that report, each with the first-level areas for which it does."""
    not_applicable: list[NotApplicable] = []
    """Where there is nothing to report."""

    @field_validator("units")
    @classmethod
    def _each_area_once(cls, value: dict[str, list[str]]) -> dict[str, list[str]]:
        areas = [area for of_unit in value.values() for area in of_unit]
        if twice := sorted({a for a in areas if areas.count(a) > 1}):
            raise ValueError(f"two units report for {twice[0]}; leave it to one of them")
        if empty := [unit for unit, of_unit in value.items() if not of_unit]:
            raise ValueError(f"unit {empty[0]!r} has no area; name those for which it reports")
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> Owes:
        if self.areas and self.units:
            raise ValueError("the areas of the units are all that report; leave areas out")
        if self.until and last_day(self.until) < first_day(self.first):
            raise ValueError("until comes before from; correct one of them")
        if (first_day(self.first).month - 1) % MONTHS[self.each]:
            raise ValueError(f"from is no beginning of a {self.each}; name its first month")
        return self

    @property
    def reporting(self) -> list[str]:
        """The areas that report; none where it is the whole country."""
        return [area for of_unit in self.units.values() for area in of_unit] or self.areas

    def require_slices(self, period: str, *, by_area: bool, cells: str) -> None:
        """Hold what is owed against what a delivery reports.

        Raises:
            ValueError: It cannot be told from the slices.
        """
        if period == "all":
            raise ValueError("a list that always comes complete has no periods; leave owes out")
        if cells == "none" and MONTHS[self.each] < _OF_SLICE[period]:
            raise ValueError(f"a slice is a {period}: what is owed each {self.each} cannot be told from it")
        if cells == "none" and not by_area and (self.units or self.areas):
            raise ValueError("the source does not tell areas apart; leave areas and units out of owes")
