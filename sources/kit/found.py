"""Edition and period of a delivery, found in its file name or in the text around its table."""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence

from schemas.errors import Refusal
from sources.kit import months as naming
from sources.kit.specification import Found, Stated


def _match(found: Found | Stated, file_name: str, texts: Sequence[str], what: str) -> re.Match[str]:
    pattern = re.compile(found.pattern, re.IGNORECASE)
    for text in [file_name] if found.source == "file_name" else texts:
        # some systems give the accents in a file's name as characters of their own
        match = pattern.search(unicodedata.normalize("NFC", text))
        if match:
            return match
    place = "the file's name" if found.source == "file_name" else "the text above or below the table"
    raise Refusal(
        f"{place} does not say the {what}",
        where=file_name,
        how=f"it must fit the pattern {found.pattern} of source.yml",
        code=f"no_{what}" if isinstance(found, Found) else "not_stated",
    )


def _month(found: Found, text: str, file_name: str) -> int:
    month = int(text) if text.isdecimal() else naming.numbers(found.months or "es").get(naming.plain(text), 0)
    if not 1 <= month <= 12:
        raise Refusal(
            f"{text!r} is no month",
            where=file_name,
            how="correct the month in the file's name or title, or declare the language under months",
            code="no_month",
        )
    return month


def _date(year: str, month: int, day: str, file_name: str) -> dt.date:
    try:
        return dt.date(int(year), month, int(day))
    except ValueError as error:
        raise Refusal(
            f"{year}-{month}-{day} is no date",
            where=file_name,
            how="correct the date in the file's name or title",
            code="no_date",
        ) from error


def edition(found: Found | None, file_name: str, texts: Sequence[str]) -> dt.date | None:
    """The edition date; None where the source declares none and the order of arrival counts.

    The pattern names the groups year, month and day.

    Raises:
        Refusal: The declared place does not hold a date.
    """
    if found is None:
        return None
    groups = _match(found, file_name, texts, "edition").groupdict()
    return _date(
        groups["year"], _month(found, groups["month"], file_name), groups.get("day") or "1", file_name
    )


def period(found: Found | None, file_name: str, texts: Sequence[str]) -> tuple[dt.date, dt.date] | None:
    """First and last day that the delivery covers; None where the source declares no period.

    The pattern names the groups year, and optionally from_month, from_day, to_month, to_day, to_year.

    Raises:
        Refusal: The declared place does not hold a period.
    """
    if found is None:
        return None
    groups = _match(found, file_name, texts, "period").groupdict()
    first_month = _month(found, groups.get("from_month") or "1", file_name)
    last_month = _month(found, groups.get("to_month") or "12", file_name)
    last_year = groups.get("to_year") or groups["year"]
    start = _date(groups["year"], first_month, groups.get("from_day") or "1", file_name)
    end = _date(last_year, last_month, groups.get("to_day") or "1", file_name)
    if not groups.get("to_day"):
        end = last_of_month(end)
    if end < start:
        raise Refusal(
            "the period ends before it starts",
            where=file_name,
            how="correct the period in the file's name or title",
            code="no_period",
        )
    return start, end


def stated(declared: Mapping[str, Stated], file_name: str, texts: Sequence[str]) -> dict[str, str]:
    """What the file says once of each declared column.

    Raises:
        Refusal: The declared place does not say it.
    """
    return {name: _match(of, file_name, texts, repr(name)).group(1) or "" for name, of in declared.items()}


def months(start: dt.date, end: dt.date) -> list[dt.date]:
    """First day of every month from ``start`` to ``end``."""
    count = (end.year - start.year) * 12 + end.month - start.month
    return [
        dt.date(start.year + (start.month - 1 + i) // 12, (start.month - 1 + i) % 12 + 1, 1)
        for i in range(count + 1)
    ]


def last_of_month(day: dt.date) -> dt.date:
    """Last day of the month of a day."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
