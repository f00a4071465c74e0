"""The indicator cells that must come of the core of XAA.

Everything here is computed from the plan, never by reading the files back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import duckdb

from pipelines.sample_countries.plan import literal
from pipelines.sample_countries.truth import DIMENSIONS, Cell
from pipelines.sample_countries.xaa import territory

Reported = Literal["complete", "partial", "missing"]
#: Area and first day of a month of which nothing was delivered.
MissingCell = tuple[str, date]

#: First and last age of each band; the last one is open. 15-29 overlaps its parts.
BANDS: dict[str, tuple[int, int]] = {
    "Y0T4": (0, 4), "Y5T9": (5, 9), "Y10T14": (10, 14), "Y15T17": (15, 17), "Y18T19": (18, 19), "Y20T24": (20, 24),
    "Y25T29": (25, 29), "Y15T29": (15, 29), "Y30T44": (30, 44), "Y45T59": (45, 59), "Y_GE60": (60, 999),
}  # fmt: skip


@dataclass(frozen=True)
class Indicator:
    """How the cells of an indicator are counted from a table of planned events.

    Args:
        id: The indicator.
        events: Table with first_level (NULL if unknown), occurred, n, and the dimensions broken down by.
        breakdowns: Sets of dimensions.
        years: Years of which every month has a cell.
        missing: Months of an area that were not reported.
    """

    id: str
    events: str
    breakdowns: Sequence[Sequence[str]]
    years: Sequence[int]
    missing: frozenset[MissingCell]


def denominators(connection: duckdb.DuckDBPyConnection) -> None:
    """Make ``denominator`` (ref_area, freq, time_period, sex, age, persons) from the table ``people``."""
    bands = ", ".join(
        f"('{band}', {low}, {high})" for band, (low, high) in [*BANDS.items(), ("_T", (0, 999))]
    )
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE denominator AS
        WITH counted AS (
            SELECT ref_area, year, sexes.sex, band AS age, sum(persons)::BIGINT AS persons
            FROM (SELECT unnest(['{territory.COUNTRY}', '{territory.COUNTRY}-' || left(municipality, 2)]) AS ref_area, *
                  FROM people) AS p
            JOIN (VALUES {bands}) AS b(band, low, high) ON p.age BETWEEN low AND high
            JOIN (VALUES ('_T'), ('M'), ('F')) AS sexes(sex) ON sexes.sex IN ('_T', p.sex)
            GROUP BY ALL
        ),
        month AS (
            SELECT start, strftime(start, '%Y-%m') AS time_period,
                make_date(year(start) - if(month(start) < 7, 1, 0), 7, 1) AS before
            FROM (SELECT unnest(generate_series(DATE '2021-01-01', DATE '2023-12-01', INTERVAL 1 MONTH))::DATE AS start)
        )
        SELECT ref_area, 'A' AS freq, year::VARCHAR AS time_period, sex, age, persons::DOUBLE AS persons FROM counted
        UNION ALL
        SELECT a.ref_area, 'M', time_period, a.sex, a.age,
            a.persons + (b.persons - a.persons)
                -- in half days, so that the middle of a month is a whole number
                * (2 * date_diff('day', before, start) + day(last_day(start)))::DOUBLE
                / (2 * date_diff('day', before, (before + INTERVAL 1 YEAR)::DATE))
        FROM month JOIN counted AS a ON a.year = year(before)
        JOIN counted AS b ON (b.ref_area, b.sex, b.age, b.year) = (a.ref_area, a.sex, a.age, a.year + 1)
    """)


def cells(connection: duckdb.DuckDBPyConnection, indicator: Indicator) -> list[Cell]:
    """The cells of one indicator, in the order of their key."""
    periods(connection, indicator)
    found: list[Cell] = []
    for breakdown in indicator.breakdowns:
        found += connection.execute(_cells_of(indicator, breakdown)).fetchall()
    return sorted(found, key=lambda cell: tuple(map(str, cell[:10])))


def periods(connection: duckdb.DuckDBPyConnection, indicator: Indicator) -> None:
    """Make ``period`` (ref_area, freq, time_period, reported): every area and period that can have cells."""
    areas = [territory.published(code) for code in territory.FIRST_LEVELS]
    rows: list[tuple[str, str, str, Reported]] = []
    for ref_area in [territory.COUNTRY, *areas]:
        parts = areas if ref_area == territory.COUNTRY else [ref_area]
        for year in indicator.years:
            months = [date(year, month, 1) for month in range(1, 13)]
            rows.append((ref_area, "A", str(year), _reported(indicator.missing, parts, months)))
            rows += [
                (ref_area, "M", f"{month:%Y-%m}", _reported(indicator.missing, parts, [month]))
                for month in months
            ]
    listed = ", ".join(f"({', '.join(map(literal, row))})" for row in rows)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE period AS FROM (VALUES {listed}) AS p(ref_area, freq, time_period, reported)"
    )


def _reported(missing: frozenset[MissingCell], areas: Sequence[str], months: Sequence[date]) -> Reported:
    lacking = sum((area, month) in missing for area in areas for month in months)
    if lacking == 0:
        return "complete"
    return "missing" if lacking == len(areas) * len(months) else "partial"


def _cells_of(indicator: Indicator, breakdown: Sequence[str]) -> str:
    broken = {d: d if d in breakdown else "'_T'" for d in DIMENSIONS}
    by_age = "age" in breakdown
    bands = ", ".join(f"('{band}', {low}, {high})" for band, (low, high) in BANDS.items())
    if by_age:
        broken["age"] = "coalesce(band, '_U')"
    dimensions = ", ".join(f"{expression} AS {name}" for name, expression in broken.items())
    joined = (
        f"LEFT JOIN (VALUES {bands}) AS b(band, low, high) ON e.age BETWEEN b.low AND b.high"
        if by_age
        else ""
    )
    return f"""
        WITH counted AS (
            SELECT ref_area, time_period, {dimensions}, sum(n)::BIGINT AS numerator
            FROM (
                SELECT *, unnest(['{territory.COUNTRY}', first_level]) AS ref_area
                FROM (
                    SELECT *, unnest([strftime(occurred, '%Y'), strftime(occurred, '%Y-%m')]) AS time_period
                    FROM {indicator.events}
                )
            ) AS e {joined}
            WHERE ref_area IS NOT NULL
            GROUP BY ALL
        )
        SELECT '{indicator.id}', p.ref_area, p.freq, p.time_period,
            {", ".join(f"coalesce(c.{d}, '_T')" for d in DIMENSIONS)},
            coalesce(numerator, 0), persons, reported
        FROM period AS p {"JOIN" if breakdown else "LEFT JOIN"} counted AS c USING (ref_area, time_period)
        LEFT JOIN denominator AS d ON (d.ref_area, d.time_period, d.sex, d.age)
            = (p.ref_area, p.time_period, coalesce(c.sex, '_T'), coalesce(c.age, '_T'))"""
