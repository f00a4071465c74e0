"""Which source feeds which indicator, and for which years.

A source feeds an indicator when it has the record type, tells place and date as the indicator accepts them, and has
at least one record (also one with a count of zero) that the numerator takes: a file of homicides says nothing of
robberies, so that their absence in it is no zero. Two sources of one kind never both give a cell: the order is
declared in ``precedence.yml``, or the computation stops.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from indicators import causes, filters, policy
from indicators.definition import Frequency, Indicator, Level
from indicators.inputs import Source
from indicators.policy import Breakdown
from schemas import sql
from schemas.errors import Misuse
from warehouse import literals
from warehouse.literals import Value

LEVELS: tuple[Level, ...] = ("country", "first_level", "municipality")
FREQUENCIES: tuple[Frequency, ...] = ("A", "M")


@dataclass(frozen=True, eq=False)
class Feed:
    """An indicator with a source that feeds it; compared by identity, one exists per computation."""

    indicator: Indicator
    source: Source

    def breakdowns(self, level: Level, freq: Frequency) -> list[Breakdown]:
        """Breakdowns of the cells at a level and frequency: policy, indicator and source all allow them."""
        if level not in self.indicator.levels or freq not in self.indicator.freq:
            return []
        allowed = set(self.indicator.breakdowns) & set(self.source.breakdowns)
        return [b for b in policy.cells().breakdowns(level, freq) if set(b) <= allowed]


def candidates(indicators: Iterable[Indicator], sources: Sequence[Source]) -> list[Feed]:
    """Pairs whose record type and bases fit; whether the source has such records is seen in the facts."""
    return [
        Feed(i, s)
        for i in indicators
        for s in sources
        if s.record_type == i.numerator.record_type
        and s.place_basis in i.place_basis
        and s.date_basis in i.date_basis
    ]


def settle(
    connection: duckdb.DuckDBPyConnection, feeds: Sequence[Feed]
) -> tuple[dict[Feed, list[int]], dict[str, Misuse]]:
    """The pairs that have facts, with the years that each gives; and indicators whose sources collide.

    Needs ``cube_base`` and ``coverage_cell``.
    """
    years = _years(connection, feeds)
    settled: dict[Feed, list[int]] = {}
    faults: dict[str, Misuse] = {}
    rivals: dict[tuple[str, ...], list[Feed]] = defaultdict(list)
    for feed in years:
        s = feed.source
        rivals[feed.indicator.id, s.country, s.source_type, s.place_basis, s.date_basis].append(feed)
    for group in rivals.values():
        try:
            settled.update(_share_out(group, years))
        except Misuse as fault:
            faults[group[0].indicator.id] = fault
    return {f: y for f, y in settled.items() if f.indicator.id not in faults}, faults


def _years(connection: duckdb.DuckDBPyConnection, feeds: Sequence[Feed]) -> dict[Feed, list[int]]:
    """Years in which the source reported anything or has facts, for the pairs that have facts."""
    found: dict[Feed, list[int]] = {}
    for indicator in {f.indicator.id: f.indicator for f in feeds}.values():
        rows = connection.execute(
            f"""
            WITH fact AS (SELECT source_id, y FROM cube_base WHERE {filters.numerator_sql(indicator)} GROUP BY ALL)
            SELECT source_id, list(DISTINCT y ORDER BY y) FROM (
                FROM fact UNION ALL
                SELECT source_id, y FROM coverage_cell SEMI JOIN fact USING (source_id)
            ) GROUP BY source_id
            """
        ).fetchall()
        given = dict(rows)
        found |= {f: given[f.source.id] for f in feeds if f.indicator is indicator and f.source.id in given}
    return found


def _share_out(group: Sequence[Feed], years: Mapping[Feed, list[int]]) -> dict[Feed, list[int]]:
    """Give every year to one source of a group that would fill the same cells.

    Raises:
        Misuse: Two sources have facts for one year and no order is declared.
    """
    order = policy.precedence()
    rank = {f: order.rank(f.source.country, f.source.record_type, f.source.id) for f in group}
    taken: dict[int, Feed] = {}
    shared: dict[Feed, list[int]] = {}
    for feed in sorted(group, key=lambda f: (rank[f] is None, rank[f] or 0, f.source.id)):
        for year in years[feed]:
            other = taken.setdefault(year, feed)
            if other is not feed and (rank[feed] is None or rank[other] is None):
                raise Misuse(
                    f"{other.source.id} and {feed.source.id} both give {feed.indicator.id} of "
                    f"{feed.source.country} in {year}",
                    where=str(policy.PRECEDENCE),
                    how="declare there which of the two comes first, or withdraw one",
                    code="sources_collide",
                )
        shared[feed] = [y for y in years[feed] if taken[y] is feed]
    return shared


def store(
    connection: duckdb.DuckDBPyConnection, feeds: Mapping[Feed, list[int]], populations: Mapping[str, str]
) -> None:
    """Make the temporary tables that say which source gives what.

    ``feed``: what the cells of a pair share, by level and frequency. ``feed_year``: the years that it gives.
    ``feed_change``: the years that it gives after another source of the same kind, which breaks the series.
    """
    rows = [
        _row(feed, level, freq, populations.get(feed.source.country), _note(connection, feed))
        for feed in feeds
        for level in LEVELS
        for freq in FREQUENCIES
        if feed.breakdowns(level, freq)
    ]
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE feed (
            indicator VARCHAR, indicator_version INTEGER, source_id VARCHAR, country VARCHAR, area_level VARCHAR,
            freq VARCHAR, place_basis VARCHAR, date_basis VARCHAR, source_type VARCHAR, numerator_unit VARCHAR,
            denominator_unit VARCHAR, multiplier DOUBLE, decimals INTEGER, unit_measure VARCHAR,
            population_id VARCHAR, note VARCHAR, by_sex BOOLEAN, by_age BOOLEAN, by_sex_age BOOLEAN
        )
        """
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE feed_year (indicator VARCHAR, source_id VARCHAR, y INTEGER)"
    )
    if rows:
        connection.execute(f"INSERT INTO feed VALUES {literals.rows(rows)}")
    if given := [(f.indicator.id, f.source.id, y) for f, years in feeds.items() for y in years]:
        connection.execute(f"INSERT INTO feed_year VALUES {literals.rows(given)}")
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE feed_change AS
        SELECT indicator, source_id, y, before FROM (
            SELECT indicator, source_id, y, lag(source_id) OVER (
                PARTITION BY indicator, country, source_type, place_basis, date_basis ORDER BY y
            ) AS before
            FROM (SELECT DISTINCT indicator, source_id, country, source_type, place_basis, date_basis FROM feed)
            JOIN feed_year USING (indicator, source_id)
        ) WHERE before <> source_id
        """
    )


def _row(
    feed: Feed, level: Level, freq: Frequency, population: str | None, note: str | None
) -> tuple[Value, ...]:
    i, s, breakdowns = feed.indicator, feed.source, feed.breakdowns(level, freq)
    return (
        i.id, i.version, s.id, s.country, level, freq, s.place_basis, s.date_basis, s.source_type,
        i.numerator.counting_unit, i.denominator.counting_unit, i.multiplier, i.decimals, i.unit[freq],
        population, note, ("sex",) in breakdowns, ("age",) in breakdowns, ("sex", "age") in breakdowns,
    )  # fmt: skip


def _note(connection: duckdb.DuckDBPyConnection, feed: Feed) -> str | None:
    """Which ranges of causes the source states instead of single causes, where it does."""
    if not any(test.field == filters.CAUSE for test in feed.indicator.numerator.where):
        return None
    ranges = connection.execute(
        f"""
        SELECT DISTINCT cause_from, cause_to FROM cube_base
        WHERE source_id = {sql.text(feed.source.id)} AND cause_from <> coalesce(cause_to, cause_from)
            AND {filters.numerator_sql(feed.indicator)} ORDER BY ALL
        """
    ).fetchall()
    if not ranges:
        return None
    words = ", ".join(f"{causes.dotted(first)}-{causes.dotted(last)}" for first, last in ranges)
    return f"the source states causes as {words}"
