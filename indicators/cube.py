"""From facts to counts: one aggregation per record type, then the cells of the policy.

1. ``cube_base``: facts grouped by source, place, month, the columns that numerators look at, and the dimensions.
   One scan of the facts, whatever the number of indicators.
2. ``cube_set``: each indicator's rows of the base, by GROUPING SETS over its breakdowns, at the finest place and
   month.
3. ``count_cell``: these rolled up to the levels and frequencies of the cell policy.

Counts are whole numbers, so that their sums do not depend on the order of addition. Records that were annulled, or
replaced by another record, are not counted. Events of unknown place count in the nation, events whose month is
unknown in the year; unknown sex, age and other attributes are cells of their own (``_U``).
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from indicators import ages, filters
from indicators.definition import DIMENSIONS, Dimension, Frequency, Level
from indicators.feeds import FREQUENCIES, LEVELS, Feed
from indicators.inputs import NOW, Seen, Source
from indicators.policy import Breakdown
from schemas import record_type, sql

_DIMENSIONS = ", ".join(DIMENSIONS)
_TOTAL = f"'{ages.TOTAL}'"


def base(connection: duckdb.DuckDBPyConnection, feeds: Sequence[Feed], seen: Seen = NOW) -> None:
    """Make the temporary table ``cube_base`` for pairs of one record type.

    Grain: one row per source, place, month, code columns of the numerators and dimensions, with the count ``n`` and
    whether all its records are definitive. An unknown place is the empty text.
    """
    sources = {f.source.id: f.source for f in feeds}
    needed = filters.needed(f.indicator for f in feeds)
    municipalities = any(f.breakdowns("municipality", freq) for f in feeds for freq in FREQUENCIES)
    kinds: dict[tuple[object, ...], list[Source]] = {}
    for s in sources.values():
        kinds.setdefault((s.country, s.place_basis, s.date_basis, s.breakdowns), []).append(s)
    taken = " OR ".join(sorted({f"({filters.numerator_sql(f.indicator)})" for f in feeds}))
    branches = [
        f"{_base_select(alike, needed, municipalities, seen)} AND ({taken}) GROUP BY ALL"
        for alike in kinds.values()
    ]
    connection.execute(f"CREATE OR REPLACE TEMP TABLE cube_base AS {' UNION ALL '.join(branches)}")


def _base_select(sources: Sequence[Source], needed: Sequence[str], municipalities: bool, seen: Seen) -> str:
    """Ungrouped query of the base for sources that declare the same country, place, date and breakdowns."""
    first = sources[0]
    known = f"coalesce({place(first, 'municipality')}, '')" if municipalities else "NULL::VARCHAR"
    dimensions = ", ".join(f"{dimension_sql(first, d)} AS {d}" for d in DIMENSIONS)
    return f"""
        SELECT source_id, {sql.text(first.country)} AS country,
            coalesce({place(first, "first_level")}, '') AS first_level, {known} AS municipality,
            year({date_column(first)}) AS y, {month_sql(first)} AS month,
            {", ".join(sql.name(c) for c in needed)}, {dimensions},
            sum("count")::BIGINT AS n, coalesce(bool_and(record_status = 'definitive'), false) AS definitive
        FROM {seen.facts(first.record_type)} AS f
        WHERE source_id IN ({sql.texts(s.id for s in sources)}) AND {counted_sql(first, seen)}
    """


def place(source: Source, level: Level) -> str:
    """Column of an area level in the place that the source's reports are about."""
    return f"{source.place_basis}_{level}"


def date_column(source: Source) -> str:
    """Column of the date that the source's reports are about."""
    return f"{source.date_basis}_date"


def month_sql(source: Source) -> str:
    """SQL expression of the month of a record's date; NULL where only the year is known."""
    month = f"date_trunc('month', {date_column(source)})::DATE"
    precision = f"{date_column(source)}_precision"
    if precision in record_type.load(source.record_type).by_name:
        return f"CASE WHEN {precision} = 'year' THEN NULL ELSE {month} END"
    return month


def dimension_sql(source: Source, dimension: Dimension) -> str:
    """SQL expression of a dimension's code of a record; NULL where the source cannot be broken down by it."""
    fields = record_type.load(source.record_type).by_name
    if dimension not in source.breakdowns or ("age_from" if dimension == "age" else dimension) not in fields:
        return "NULL::VARCHAR"
    if dimension == "age":
        return ages.band_sql("age_years", "age_from", "age_to")
    return f"coalesce({dimension}::VARCHAR, '{filters.UNKNOWN}')"


def counted_sql(source: Source, seen: Seen = NOW) -> str:
    """SQL condition over facts ``f``: of the source's country or an unknown one, neither annulled nor replaced."""
    tests = [
        f"coalesce({place(source, 'country')} = {sql.text(source.country)}, true)",
        "f.record_status IS DISTINCT FROM 'annulled'",
    ]
    if "replaces_key" in record_type.load(source.record_type).by_name:
        tests.append(
            f"NOT EXISTS (FROM {seen.replaced(source.record_type)} AS gone WHERE gone.delivery_id = f.delivery_id "
            "AND gone.row_number = f.row_number AND gone.row_part = f.row_part)"
        )
    return " AND ".join(tests)


def count(connection: duckdb.DuckDBPyConnection, feeds: Sequence[Feed]) -> None:
    """Make the temporary tables ``count_cell`` and ``age_coarse`` from ``cube_base``.

    ``count_cell``: one row per indicator, source, area, frequency, period and breakdown that has events: indicator,
    source_id, area_level, ref_area, coverage_area (whose reports tell how complete it is), freq, time_period, y,
    the dimensions (``_T`` where not broken down), numerator, definitive, total (events of the whole breakdown) and
    unknown (those of them whose attribute is unknown).
    ``age_coarse``: age bands of an indicator and source that some events may or may not belong to.
    """
    _sets(connection, feeds)
    _roll_up(connection, feeds)


def _sets(connection: duckdb.DuckDBPyConnection, feeds: Sequence[Feed]) -> None:
    indicators = {f.indicator.id: f.indicator for f in feeds}
    rows = " UNION ALL ".join(
        f"SELECT {sql.text(i.id)} AS indicator, * FROM cube_base WHERE n > 0 AND {filters.numerator_sql(i)}"
        for i in indicators.values()
    )
    wanted = _breakdowns(feeds, LEVELS)
    fine = _breakdowns(feeds, ("municipality",))
    used = _used(feeds)
    kept = ["indicator", "source_id", "country", "first_level", "y", "month"]
    sets = ", ".join(f"({', '.join([*kept, *(['municipality'] if b in fine else []), *b])})" for b in wanted)
    shown = ", ".join(
        f"coalesce({d}, {_TOTAL}) AS {d}" if d in used else f"{_TOTAL} AS {d}" for d in DIMENSIONS
    )
    pairs = ", ".join(f"({sql.text(f.indicator.id)}, {sql.text(f.source.id)})" for f in feeds)
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE cube_set AS
        SELECT {", ".join(kept)}, {"municipality" if fine else "NULL::VARCHAR AS municipality"},
            {f"GROUPING({', '.join(used)})" if used else "0"}::INTEGER AS breakdown, {shown},
            sum(n)::BIGINT AS n, bool_and(definitive) AS definitive
        FROM ({rows}) WHERE (indicator, source_id) IN ({pairs})
        GROUP BY GROUPING SETS ({sets})
        """
    )


def _breakdowns(feeds: Sequence[Feed], levels: Sequence[Level]) -> list[Breakdown]:
    """All breakdowns of the cells at these levels, sorted."""
    return sorted(
        {b for f in feeds for level in levels for freq in FREQUENCIES for b in f.breakdowns(level, freq)}
    )


def _used(feeds: Sequence[Feed]) -> list[Dimension]:
    """The dimensions that any of the breakdowns has, in the order of the key."""
    used = {d for b in _breakdowns(feeds, LEVELS) for d in b}
    return [d for d in DIMENSIONS if d in used]


def mask(breakdown: Breakdown, used: Sequence[Dimension]) -> int:
    """The number that GROUPING gives a breakdown: a bit per used dimension from the left, 1 where it is rolled up."""
    return int("0" + "".join("0" if d in breakdown else "1" for d in used), 2)


def _roll_up(connection: duckdb.DuckDBPyConnection, feeds: Sequence[Feed]) -> None:
    used = _used(feeds)
    levels = []
    for level in LEVELS:
        for freq in FREQUENCIES:
            permitted = [
                f"({sql.text(f.indicator.id)}, {sql.text(f.source.id)}, {mask(b, used)})"
                for f in feeds
                for b in f.breakdowns(level, freq)
            ]
            if permitted:
                levels.append(_level(level, freq, permitted))
    pairs = ages.pairs_sql()
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE age_coarse AS
        SELECT DISTINCT s.indicator, s.source_id, p.band
        FROM cube_set AS s JOIN {pairs} ON p.known = s.age WHERE NOT p.inside
        """
    )
    is_unknown = " OR ".join(f"{d} = '{filters.UNKNOWN}'" for d in DIMENSIONS)
    others = ", ".join(d for d in DIMENSIONS if d != "age")
    place_and_period = "indicator, source_id, area_level, ref_area, coverage_area, freq, time_period, y"
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE count_cell AS
        WITH cell AS ({" UNION ALL ".join(levels)}),
        shared AS (
            SELECT *, (sum(n) OVER whole)::BIGINT AS total,
                (sum(CASE WHEN {is_unknown} THEN n ELSE 0 END) OVER whole)::BIGINT AS unknown
            FROM cell
            WINDOW whole AS (PARTITION BY indicator, source_id, area_level, ref_area, freq, time_period, breakdown)
        )
        SELECT {place_and_period}, {others}, age, n AS numerator, definitive, total, unknown
        FROM shared ANTI JOIN {pairs} ON p.known = age
        UNION ALL
        -- an age band holds the events of every band inside it; events of a wider band may lie in it or not
        SELECT {place_and_period}, {others}, p.band, (sum(n) FILTER (p.inside))::BIGINT AS numerator,
            bool_and(definitive), any_value(total),
            any_value(unknown) + coalesce(sum(n) FILTER (NOT p.inside), 0)::BIGINT
        FROM shared JOIN {pairs} ON p.known = age
        GROUP BY {place_and_period}, {others}, p.band, breakdown HAVING numerator > 0
        """
    )


def _level(level: Level, freq: Frequency, permitted: Sequence[str]) -> str:
    """Query of the cells of one level and frequency, ages as the facts tell them."""
    period, known = (
        ("y::VARCHAR", "y IS NOT NULL") if freq == "A" else ("strftime(month, '%Y-%m')", "month IS NOT NULL")
    )
    owing = "country" if level == "country" else "first_level"
    return f"""
        SELECT indicator, source_id, '{level}' AS area_level, {level} AS ref_area, {owing} AS coverage_area,
            '{freq}' AS freq, {period} AS time_period, y, breakdown, {_DIMENSIONS},
            sum(n)::BIGINT AS n, bool_and(definitive) AS definitive
        FROM cube_set
        WHERE (indicator, source_id, breakdown) IN ({", ".join(permitted)}) AND {level} <> '' AND {known}
        GROUP BY ALL
    """
