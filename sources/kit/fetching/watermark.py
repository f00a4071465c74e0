"""Watermarks: the values by which a database tells what is new, and the slices that what is new belongs to."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from schemas.errors import Misuse
from sources.kit.fetching.declared import Overlap, Value

Kind = Literal["integer", "decimal", "text", "date", "timestamp"]
#: First day of a slice and first day after it; of neighbouring slices, of all of them.
Range = tuple[dt.date, dt.date]

_DAY = 10
#: The distance from UTC at the end of a text: its first ten characters are a day somewhere else.
_OFFSET = re.compile(r":\d\d(?:[.]\d+)?(?:Z|[+-]\d{2}:?(?:\d{2})?)$", re.IGNORECASE)


@dataclass(frozen=True)
class Mark:
    """One value of a watermark."""

    kind: Kind
    value: Value

    @classmethod
    def of(cls, value: object, column: str) -> Mark:
        """A value as a driver gives it.

        Raises:
            Misuse: Values of this type have no order that can be kept.
        """
        match value:
            case bool() | float():
                pass
            case int():
                return cls("integer", value)
            case Decimal():
                return cls("decimal", value)
            case str():
                return cls("text", value)
            case dt.datetime():
                return cls("timestamp", value)
            case dt.date():
                return cls("date", value)
        raise Misuse(
            f"the column {column} is no watermark: its values are neither times nor whole numbers nor texts",
            where="fetch: database: watermark",
            how="name a column with the time of the last change, or a number that grows",
            code="no_watermark",
        )

    @classmethod
    def parse(cls, kind: str, text: str) -> Mark:
        """A value as ``text`` wrote it."""
        match kind:
            case "integer":
                return cls("integer", int(text))
            case "decimal":
                return cls("decimal", Decimal(text))
            case "timestamp":
                return cls("timestamp", dt.datetime.fromisoformat(text))
            case "date":
                return cls("date", dt.date.fromisoformat(text))
        return cls("text", text)

    def text(self) -> str:
        """The value as text, the same for the same value."""
        return self.value.isoformat() if isinstance(self.value, dt.date) else str(self.value)

    @property
    def is_day(self) -> bool:
        """Whether it names a whole day, in the rest of which further rows may have come."""
        return self.kind == "date" or (
            self.kind == "text" and len(self.text()) == _DAY and self._moment() is not None
        )

    def back(self, overlap: Overlap | None) -> Mark:
        """The value from which is asked.

        Raises:
            Misuse: The overlap is a time and the values are numbers, or the other way round.
        """
        if self.is_day:
            days = overlap if isinstance(overlap, dt.timedelta) else dt.timedelta()
            overlap = dt.timedelta(days=-(-days // dt.timedelta(days=1)))
        if not overlap:
            return self
        if isinstance(overlap, int) and isinstance(self.value, int | Decimal):
            return Mark(self.kind, self.value - overlap)
        if isinstance(overlap, dt.timedelta):
            if isinstance(self.value, dt.date):  # a time is one too
                return Mark(self.kind, self.value - overlap)
            if (moment := self._moment()) is not None:
                return Mark("text", self._written_alike(moment - overlap))
        raise Misuse(
            f"the overlap does not fit the watermark, whose values are of type {self.kind}",
            where="fetch: database: watermark: overlap",
            how="write a time (2 days) where the values are times, a number where they are numbers",
            code="no_watermark",
        )

    def _moment(self) -> dt.datetime | None:
        """The time that a text names."""
        try:
            return dt.datetime.fromisoformat(str(self.value)) if self.kind == "text" else None
        except ValueError:
            return None

    def _written_alike(self, moment: dt.datetime) -> str:
        text = self.text()
        if len(text) == _DAY:
            return moment.date().isoformat()
        return moment.isoformat(sep=text[_DAY])


def greater(one: Mark, other: Mark | None) -> Mark:
    """The greater of two values; where they cannot be compared, the first."""
    if other is None or one.kind != other.kind:
        return one
    try:
        return other if other.value > one.value else one  # type: ignore[operator]
    except TypeError:  # a time with a zone and one without
        return one


def slices(days: Iterable[dt.date], period: str) -> list[Range]:
    """The slices to which days belong, neighbouring ones as one."""
    found: list[Range] = []
    for first in sorted({_first(day, period) for day in days}):
        end = _after(first, period)
        if found and found[-1][1] == first:
            found[-1] = (found[-1][0], end)
        else:
            found.append((first, end))
    return found


def _first(day: dt.date, period: str) -> dt.date:
    return day.replace(day=1) if period == "month" else day.replace(month=1, day=1)


def _after(first: dt.date, period: str) -> dt.date:
    if period == "year" or first.month == 12:
        return dt.date(first.year + 1, 1, 1)
    return first.replace(month=first.month + 1)


def day_of(value: object, column: str, zone: dt.tzinfo | None = None) -> dt.date:
    """The day of a value by which rows are put into slices; an instant is a day of the zone, or of UTC.

    Raises:
        Misuse: It is no date.
    """
    match value:
        case dt.datetime():
            return (value.astimezone(zone or dt.UTC) if value.tzinfo else value).date()
        case dt.date():
            return value
        case str() if zone is None or not _OFFSET.search(value):
            try:
                return dt.date.fromisoformat(value[:_DAY])
            except ValueError:
                pass
    raise Misuse(
        f"the column {column} does not say to which slices new rows belong: not all of its values are dates",
        where="fetch: database: watermark: slice_by",
        how="let the query give a date, or a text such as 2024-03-31, and name its column in slice_by",
        code="no_slices",
    )


def bound(day: dt.date, alike: object, zone: dt.tzinfo | None = None) -> dt.date | str:
    """A day, where it begins in the zone, in the type of the values with which it is compared."""
    match alike:
        case dt.datetime():
            return dt.datetime(
                day.year, day.month, day.day, tzinfo=(zone or dt.UTC) if alike.tzinfo else None
            )
        case str():
            return day.isoformat()
    return day
