"""Edition and period of a file, as its name or its titles say them; only what the dates in it do not contradict."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from schemas.errors import Refusal
from sources.kit import found as finding
from sources.kit import months
from sources.kit.specification import Found

Where = Literal["file_name", "text"]
_NAME: Where = "file_name"
_TEXT: Where = "text"

_DAY = {
    "iso": r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})",
    "slash": r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})",
    "named": r"(?P<day>\d{1,2})\s+de\s+(?P<month>\w+)\s+(?:del?\s+)?(?:a[ñn]o\s+)?(?P<year>\d{4})",
    "english": r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\s+(?P<month>\w+),?\s+(?P<year>\d{4})",
    "american": r"(?P<month>\w+)\s+(?P<day>\d{1,2}),?\s+(?P<year>\d{4})",
}
#: Words that stand before the day on which data were drawn.
_DRAWN = (
    r"extra[ií]d[oa]s?",
    r"extracci[oó]n",
    r"actualizad[oa]s?",
    r"actualizaci[oó]n",
    r"\bcorte",
    r"edici[oó]n",
    r"atualizad[oa]s?",
    r"atualiza[çc][ãa]o",
    r"extra[çc][ãa]o",
    r"edi[çc][ãa]o",
    r"\bas\s+of",
    r"extracted",
    r"updated",
    r"published",
)
_EDITIONS: tuple[tuple[Where, str], ...] = (
    *((_TEXT, rf"{word}\D{{0,25}}?{day}") for word in _DRAWN for day in _DAY.values()),
    (_NAME, r"(?:rev|ed|corte|v|ver|al|as_of)[-_ ]?(?P<year>20\d{2})-?(?P<month>\d{2})-?(?P<day>\d{2})"),
    (_NAME, r"(?P<year>20\d{2})-(?P<month>\d{2})-(?P<day>\d{2})"),
    (_NAME, r"(?<!\d)(?P<year>20\d{2})(?P<month>0[1-9]|1[0-2])(?P<day>[0-2]\d|3[01])(?!\d)"),
    (_NAME, r"(?<!\d)(?P<day>[0-3]\d)-(?P<month>[01]\d)-(?P<year>20\d{2})(?!\d)"),
)
_FROM = r"(?P<from_day>\d{1,2})\s+(?:de\s+)?(?P<from_month>\w+)"
_TO = r"(?P<to_day>\d{1,2})\s+(?:de\s+)?(?P<to_month>\w+)"
_YEAR = r"(?:del?\s+)?(?:a[ñn]o\s+)?(?P<year>\d{4})"
_PERIODS: tuple[tuple[Where, str], ...] = (
    (_TEXT, rf"{_FROM}\s+(?:al?|at[ée]|to|-)\s+{_TO},?\s+{_YEAR}"),
    (
        _TEXT,
        rf"(?P<from_month>[^\W\d]{{3,10}})\s*(?:al?|at[ée]|to|-|–)\s*(?P<to_month>[^\W\d]{{3,10}})\s+{_YEAR}",
    ),
    (_NAME, r"(?<!\d)(?P<year>20\d{2})[-_](?P<from_month>\d{2})[-_](?P<to_month>\d{2})(?!\d)"),
    (_NAME, r"(?<!\d)(?P<year>20\d{2})[-_](?=(?P<from_month>\d{2}))(?P<to_month>\d{2})(?![-_]?\d)"),
    (_NAME, r"(?<!\d)(?P<year>(?:19|20)\d{2})(?![-_]?\d)"),
    (_TEXT, r"(?:a[ñn]o|ano|year|periodo|per[ií]odo|period)\D{0,20}(?P<year>(?:19|20)\d{2})(?!\d)"),
)
_LANGUAGES: tuple[str, ...] = get_args(months.Language)


@dataclass(frozen=True)
class Said:
    """Where and how something is said, in the words of ``source.yml``, and what it says of this file."""

    words: dict[str, Any]
    value: Any


def edition(file_name: str, texts: Sequence[str], latest: dt.date | None) -> Said | None:
    """The date of the edition; a date that the data themselves reach beyond is none."""
    for words, found in _tried(_EDITIONS):
        try:
            day = finding.edition(found, file_name, texts)
        except Refusal:
            continue
        if day and (latest is None or day >= latest):
            return Said(words, day)
    return None


def period(file_name: str, texts: Sequence[str], dates: tuple[dt.date, dt.date] | None) -> Said | None:
    """The period that the file covers; only where the dates in it lie in that period."""
    if dates is None:
        return None
    for words, found in _tried(_PERIODS):
        try:
            span = finding.period(found, file_name, texts)
        except Refusal:
            continue
        if span and span[0] <= dates[0] and dates[1] <= span[1]:
            return Said(words, span)
    return None


def year(file_name: str, texts: Sequence[str]) -> int | None:
    """The one year that name and titles speak of; None where they speak of none or of several."""
    years = {int(y) for text in (file_name, *texts) for y in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", text)}
    return years.pop() if len(years) == 1 else None


def stated_year(file_name: str, texts: Sequence[str]) -> Said | None:
    """Where the one year stands that name and titles speak of, as a column that the file says once."""
    found = year(file_name, texts)
    if found is None:
        return None
    where = _NAME if str(found) in file_name else _TEXT
    return Said({"from": where, "pattern": r"(?<!\d)((?:19|20)\d{2})(?!\d)"}, found)


def _tried(patterns: Sequence[tuple[Where, str]]) -> Iterator[tuple[dict[str, Any], Found]]:
    """Each pattern, of names of months in each language."""
    for where, pattern in patterns:
        named = "month>\\w" in pattern or "month>[a" in pattern
        for language in _LANGUAGES if named else (None,):
            words: dict[str, Any] = {"from": where}
            words |= {"months": language} if language else {}
            words["pattern"] = pattern
            yield words, Found.model_validate(words)
