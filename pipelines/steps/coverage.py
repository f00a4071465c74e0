"""What each source owes and what came of it, as counts and as a grid of months."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from pipelines.settings import Settings
from pipelines.steps import reading
from schemas.errors import Misuse
from warehouse import coverage as told
from warehouse.coverage import LETTERS

#: Years that a grid shows where nobody chooses: as many as stand side by side in 80 columns.
YEARS = 3
_COLUMNS = 80
_PERIOD = re.compile(r"(19|20)[0-9]{2}(-(0[1-9]|1[0-2]))?")
_MONTHS = "JFMAMJJASOND"


@dataclass(frozen=True)
class Grid:
    """Lines of letters, one for each month of the years.

    Attributes:
        years: The years, in order.
        lines: Name of each line, what stands behind it, and a letter (or a blank) for each month of each year.
    """

    years: tuple[int, ...]
    lines: tuple[tuple[str, str, tuple[str, ...]], ...]

    def by_month(self) -> dict[str, dict[str, str]]:
        """The same for programs: of each line the meaning of its letter by month."""
        months = [f"{year}-{month:02}" for year in self.years for month in range(1, 13)]
        return {
            name: {m: LETTERS[x] for m, x in zip(months, "".join(letters), strict=True) if x != " "}
            for name, _, letters in self.lines
        }

    def text(self) -> Iterator[str]:
        """The grid for people, at most 80 columns wide, with its legend."""
        if not self.lines:
            return
        width = max(len(name) for name, _, _ in self.lines)
        yield (" " * width + "".join(f" {year:<12}" for year in self.years)).rstrip()
        yield " " * width + " ".join(["", *[_MONTHS] * len(self.years)])
        for name, behind, letters in self.lines:
            yield " ".join([name.ljust(width), *letters, behind])[:_COLUMNS].rstrip()
        yield " ".join(f"{letter}={meaning}" for letter, meaning in LETTERS.items())


@dataclass(frozen=True)
class Coverage:
    """The counts of each source, the grid, and for one source its reports one by one."""

    today: dt.date
    sources: list[dict[str, Any]]
    grid: Grid
    reports: list[dict[str, Any]] | None = None

    def as_json(self) -> dict[str, Any]:
        """All of it for programs."""
        shown = {"today": self.today, "sources": self.sources, "months": self.grid.by_month()}
        return shown if self.reports is None else shown | {"reports": self.reports}


def coverage(settings: Settings, source_id: str | None = None, period: str | None = None) -> Coverage:
    """What is owed and what came of it, of all sources or of one.

    Args:
        settings: Home, sources, and the day that counts as today.
        source_id: Only this source, area by area.
        period: A year (2024) or a month (2024-03); without it everything counts, and the grid shows the last years.

    Raises:
        Misuse: The period is none, the source is unknown, or nothing has been loaded yet.
    """
    span = months(period) if period else None
    with reading.current(settings) as connection:
        reading.require_source(settings, connection, source_id)
        today = settings.today
        reports = told.reports(connection, today, source_id, span) if source_id else None
        return Coverage(
            today,
            told.by_source(connection, today, source_id, span),
            grid(connection, today, source_id, span),
            reports,
        )


def grid(
    connection: duckdb.DuckDBPyConnection,
    today: dt.date,
    source_id: str | None = None,
    span: tuple[dt.date, dt.date] | None = None,
) -> Grid:
    """The grid of all sources, or of the areas of one."""
    found = told.letters(connection, today, source_id, span)
    years = tuple(sorted({row["month"].year for row in found}))[-YEARS:]
    if span:
        years = (span[0].year,)
    lines: dict[str, tuple[str, list[str]]] = {}
    for row in found:
        _, letters = lines.setdefault(row["line"], (row["unit"] or "", [" "] * 12 * len(years)))
        for place in _places(row["month"], row["period_end"], years, span):
            letters[place] = row["letter"]
    return Grid(
        years,
        tuple(
            (name, unit, tuple("".join(letters[i : i + 12]) for i in range(0, len(letters), 12)))
            for name, (unit, letters) in lines.items()
            if any(letter != " " for letter in letters)
        ),
    )


def _places(
    first: dt.date, last: dt.date, years: Sequence[int], span: tuple[dt.date, dt.date] | None
) -> Iterator[int]:
    """Where in a line the months of a report stand; a report of a year fills twelve of them."""
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        month = dt.date(number // 12, number % 12 + 1, 1)
        if month.year in years and (span is None or span[0] <= month <= span[1]):
            yield years.index(month.year) * 12 + month.month - 1


def months(period: str) -> tuple[dt.date, dt.date]:
    """First days of the first and of the last month of a year or month.

    Raises:
        Misuse: It is neither.
    """
    if not _PERIOD.fullmatch(period):
        raise Misuse(
            f"{period!r} is no period", how="give a year (2024) or a month (2024-03)", code="no_period"
        )
    year, _, month = period.partition("-")
    return dt.date(int(year), int(month or 1), 1), dt.date(int(year), int(month or 12), 1)
