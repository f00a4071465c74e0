"""Population denominators: persons by area, period, sex and age band, from published figures.

Rules, each named in the cell's comment where it was used:

``dated``
    A year takes the figure dated inside it (the one nearest to 1 July, if there are several).
``line``
    A month takes the straight line, at the middle of the month and by days, between the two neighbouring figures
    of the same vintage. Figures more than a year apart: only within two years of one of them, and marked estimated.
``carried``
    Where there is no figure on one side, the nearest one of the vintage, over at most two years, marked estimated.
``latest_edition``
    Of several vintages with a figure in a year, all periods of the year take the one whose delivery has the latest
    edition date (then the last delivered, then the greatest label). Figures of two vintages are never joined.

Areas: a figure delivered for the level, else the sum of the level below, if that is whole: the country only if every
first-level area has a figure, and both only if the date has as many records as the source declares for it
(``delivers.complete``). Sex ``_T``: as delivered, else the sum of the sexes. An age band: the sum of the age groups
that fill it exactly, else none. A source without sex, or without ages that nest, gives no denominator by them.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from indicators import ages
from indicators.inputs import NOW, Seen

#: Figures are carried, or a line is drawn over a gap, over at most this many days (two years, one a leap year).
REACH_DAYS = 731
#: Two figures at most this many days apart are neighbours: the line between them is no estimate of its own.
NEIGHBOUR_DAYS = 366

LEVELS = ("country", "first_level", "municipality")
#: Fields by which a population may be published besides sex and age.
OTHER_GROUPS = ("urbanisation", "ethnicity", "migration", "disability")


@dataclass(frozen=True)
class Scope:
    """Years and levels for which denominators are wanted; sexes and ages only if asked for."""

    first_year: int
    last_year: int
    municipalities: bool = False
    detail: bool = True


def build(connection: duckdb.DuckDBPyConnection, scope: Scope, seen: Seen = NOW) -> None:
    """Make the temporary table ``denominator_cell``.

    Grain: one row per population source, area, frequency, period, sex and age band that has a denominator.
    Needs the temporary table ``area_known`` (area_code, area_level, country, valid_from, valid_to). Columns:
    population_source, country, area_level, ref_area, coverage_area, freq, time_period, sex, age, denominator
    (persons, two decimals), vintage, previous_vintage (of the period before), method, estimated, share (of the way
    from a to b), date_a, count_a, date_b, count_b. And ``denominator_lacking``: population source, frequency and
    period whose figures are fewer (figures_found) than the source declares (figures_declared).
    """
    _points(connection, scope, seen)
    _sums(connection, scope, seen)
    _whole(connection, seen)
    _groups(connection)
    _figures(connection, scope)
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE denominator_cell AS
        SELECT p.source_id AS population_source, a.country, a.area_level, a.ref_area, a.coverage_area,
            p.freq, p.time_period,
            a.sex, a.age,
            round(a.n + coalesce((b.n - a.n) * p.share, 0), 2) AS denominator,
            p.vintage, p.previous_vintage, p.method, p.estimated, p.share,
            p.date_a, a.n AS count_a, p.date_b, b.n AS count_b
        FROM denominator_point AS p
        JOIN denominator_figure AS a
            ON a.source_id = p.source_id AND a.vintage = p.vintage AND a.reference_date = p.date_a
        LEFT JOIN denominator_figure AS b
            ON b.source_id = p.source_id AND b.vintage = p.vintage AND b.reference_date = p.date_b
            AND b.ref_area = a.ref_area AND b.sex = a.sex AND b.age = a.age
        WHERE p.date_b IS NULL OR b.n IS NOT NULL
        """
    )


def _undivided(seen: Seen) -> str:
    """The figures of everybody: those by groups other than sex and age would be counted twice beside them."""
    whole = " AND ".join(f"coalesce({group}, '_T') = '_T'" for group in OTHER_GROUPS)
    return f"(SELECT * FROM {seen.facts('population')} WHERE {whole})"


def _sums(connection: duckdb.DuckDBPyConnection, scope: Scope, seen: Seen) -> None:
    """Figures by area at every level, from the least detailed delivery that has the level; ages as delivered."""
    levels = LEVELS if scope.municipalities else LEVELS[:2]
    place = {level: level for level in levels}
    # the area whose reports tell how complete the facts of an area are
    owing = {"country": "country", "first_level": "first_level", "municipality": "first_level"}
    branches = " UNION ALL ".join(
        f"""
        SELECT source_id, vintage, reference_date, sex, age_from, age_to, detail, country,
            '{level}' AS area_level, {place[level]} AS ref_area, {owing[level]} AS coverage_area, sum(n)::BIGINT AS n
        FROM figure WHERE detail >= {depth} AND {place[level]} IS NOT NULL
        GROUP BY ALL
        """
        for depth, level in enumerate(levels, start=1)
    )
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE denominator_sum AS
        WITH used AS (
            SELECT source_id, vintage, date_a AS reference_date FROM denominator_point
            UNION SELECT source_id, vintage, date_b FROM denominator_point
        ), figure AS (
            SELECT p.source_id, p.vintage, p.reference_date, p.sex::VARCHAR AS sex,
                p.age_from, p.age_to, p.residence_country::VARCHAR AS country, p.residence_first_level AS first_level,
                p.residence_municipality AS municipality, p."count" AS n,
                CASE WHEN p.residence_municipality IS NOT NULL THEN 3
                     WHEN p.residence_first_level IS NOT NULL THEN 2 ELSE 1 END AS detail
            FROM {_undivided(seen)} AS p SEMI JOIN used USING (source_id, vintage, reference_date)
        )
        SELECT *, (age_from IS NULL OR age_from = 0) AND age_to IS NULL AS all_ages
        FROM ({branches})
        QUALIFY detail = min(detail) OVER (PARTITION BY source_id, vintage, reference_date, area_level)
        """
    )


def _whole(connection: duckdb.DuckDBPyConnection, seen: Seen) -> None:
    """Delete the sums that lack areas, by what is known of the country and by what the source declares."""
    connection.execute(
        """
        DELETE FROM denominator_sum AS s USING (
            SELECT source_id, vintage, reference_date, country, count(DISTINCT ref_area) AS n_areas
            FROM denominator_sum WHERE area_level = 'first_level' GROUP BY ALL
        ) AS f
        WHERE s.area_level = 'country' AND s.detail > 1 AND s.source_id = f.source_id AND s.vintage = f.vintage
            AND s.reference_date = f.reference_date AND f.n_areas < (
                SELECT count(DISTINCT area_code) FROM area_known AS a
                WHERE a.country = f.country AND a.area_level = 'first_level'
                    AND coalesce(a.valid_from <= f.reference_date, true)
                    AND coalesce(a.valid_to >= f.reference_date, true)
            )
        """
    )
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE figure_lacking AS
        WITH declared AS (
            SELECT source_id, (declares::JSON -> 'delivers' ->> 'complete')::INTEGER AS figures_declared
            FROM meta.source AS s WHERE {seen.holds("s")}
        )
        SELECT source_id, vintage, reference_date, figures_declared, count(*) AS figures_found
        FROM {_undivided(seen)} JOIN declared USING (source_id)
        GROUP BY ALL HAVING figures_found < figures_declared
        """
    )
    connection.execute(
        """
        DELETE FROM denominator_sum AS s USING figure_lacking AS f
        WHERE s.source_id = f.source_id AND s.vintage = f.vintage AND s.reference_date = f.reference_date
            AND s.detail > CASE s.area_level WHEN 'country' THEN 1 WHEN 'first_level' THEN 2 ELSE 3 END
        """
    )
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE denominator_lacking AS
        SELECT p.source_id AS population_source, p.freq, p.time_period, min(f.figures_found) AS figures_found,
            any_value(f.figures_declared) AS figures_declared
        FROM denominator_point AS p JOIN figure_lacking AS f
            ON f.source_id = p.source_id AND f.vintage = p.vintage AND f.reference_date IN (p.date_a, p.date_b)
        GROUP BY ALL
        """
    )


def _groups(connection: duckdb.DuckDBPyConnection) -> None:
    """Which bands the delivered age groups fill exactly, by vintage, date, level and sex."""
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE denominator_group AS
        WITH age_group AS (
            SELECT DISTINCT source_id, vintage, reference_date, area_level, sex, age_from,
                coalesce(age_to, CASE WHEN age_from IS NOT NULL THEN 999 END) AS age_to
            FROM denominator_sum WHERE NOT all_ages
        ), judged AS (
            SELECT *, coalesce(lag(age_to) OVER (
                PARTITION BY source_id, vintage, reference_date, area_level, sex ORDER BY age_from, age_to
            ) >= age_from, false) AS overlapping
            FROM age_group
        )
        SELECT g.source_id, g.vintage, g.reference_date, g.area_level, g.sex, b.band,
            bool_or(g.overlapping) OVER (
                PARTITION BY g.source_id, g.vintage, g.reference_date, g.area_level, g.sex
            ) AS overlapping,
            g.age_from, g.age_to,
            -- groups that do not overlap fill a band when their widths add up to its width
            min(g.age_from) OVER filled = b.first
                AND CASE WHEN b.is_open THEN max(g.age_to) OVER filled >= {ages.OPEN_FROM}
                         ELSE max(g.age_to) OVER filled = b.last END
                AND sum(g.age_to - g.age_from + 1) OVER filled
                    = max(g.age_to) OVER filled - min(g.age_from) OVER filled + 1 AS filled
        FROM judged AS g
        LEFT JOIN {ages.relation_sql()} ON g.age_from >= b.first AND g.age_to <= b.last
        WINDOW filled AS (PARTITION BY g.source_id, g.vintage, g.reference_date, g.area_level, g.sex, b.band)
        """
    )


def _figures(connection: duckdb.DuckDBPyConnection, scope: Scope) -> None:
    """Figures by sex and age band, totals made where they are not delivered."""
    by_band = """
            UNION ALL
            SELECT s.source_id, s.vintage, s.reference_date, s.country, s.area_level, s.ref_area, s.coverage_area,
                s.sex, g.band, sum(s.n)::BIGINT
            FROM denominator_sum AS s
            JOIN denominator_group AS g
                ON g.source_id = s.source_id AND g.vintage = s.vintage AND g.reference_date = s.reference_date
                AND g.area_level = s.area_level AND g.sex = s.sex AND g.age_from = s.age_from
                AND g.age_to = coalesce(s.age_to, 999)
            WHERE g.band IS NOT NULL AND g.filled AND NOT g.overlapping AND NOT s.all_ages GROUP BY ALL
    """
    shown = "sex IN ('M', 'F')" if scope.detail else "false"
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE denominator_figure AS
        WITH usable AS (
            SELECT source_id, vintage, reference_date, area_level, sex, NOT bool_or(overlapping) AS disjoint
            FROM denominator_group GROUP BY ALL
        ), by_sex AS (
            SELECT s.source_id, s.vintage, s.reference_date, s.country, s.area_level, s.ref_area, s.coverage_area,
                s.sex, '_T' AS age, coalesce(
                    sum(s.n) FILTER (s.all_ages), sum(s.n) FILTER (NOT s.all_ages AND u.disjoint)
                )::BIGINT AS n
            FROM denominator_sum AS s
            LEFT JOIN usable AS u USING (source_id, vintage, reference_date, area_level, sex)
            GROUP BY ALL
            {by_band if scope.detail else ""}
        ), sexes AS (
            SELECT source_id, vintage, reference_date, area_level, count(DISTINCT sex) AS n_sexes
            FROM denominator_sum WHERE sex <> '_T' GROUP BY ALL
        )
        SELECT * FROM by_sex WHERE n IS NOT NULL AND {shown}
        UNION ALL
        SELECT source_id, vintage, reference_date, country, area_level, ref_area, coverage_area, '_T', age,
            coalesce(
                max(n) FILTER (sex = '_T'),
                CASE WHEN count(n) FILTER (sex <> '_T') = max(n_sexes) THEN sum(n) FILTER (sex <> '_T') END
            )::BIGINT AS total
        FROM by_sex LEFT JOIN sexes USING (source_id, vintage, reference_date, area_level)
        GROUP BY ALL HAVING total IS NOT NULL
        """
    )


#: Years and months of the relation ``year``, each with its middle in days since 1970.
_PERIODS = """
    SELECT 'A' AS freq, y::VARCHAR AS time_period, y,
        date_diff('day', DATE '1970-01-01', make_date(y, 7, 1))::DOUBLE AS mid
    FROM year
    UNION ALL
    SELECT 'M', strftime(make_date(y, m, 1), '%Y-%m'), y,
        date_diff('day', DATE '1970-01-01', make_date(y, m, 1)) + day(last_day(make_date(y, m, 1))) / 2.0
    FROM year, (SELECT unnest(range(1, 13)) AS m)
"""


def _points(connection: duckdb.DuckDBPyConnection, scope: Scope, seen: Seen) -> None:
    """For every period the vintage, the one or two dates whose figures are used, and the share of the way."""
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE denominator_point AS
        WITH published AS (
            SELECT p.source_id, p.vintage, p.reference_date, max(d.edition_date) AS edition_date,
                max(p.delivery_id) AS delivery_id
            FROM (SELECT DISTINCT source_id, vintage, reference_date, delivery_id FROM {_undivided(seen)}) AS p
            LEFT JOIN meta.delivery AS d USING (delivery_id) GROUP BY ALL
        ), year AS (
            SELECT unnest(range({scope.first_year}, {scope.last_year + 1}))::INTEGER AS y
        ), distance AS (
            SELECT p.*, y, year(reference_date) = y AS inside,
                abs(date_diff('day', make_date(y, 7, 1), reference_date)) AS days
            FROM published AS p, year
        ), chosen AS (
            SELECT DISTINCT ON (source_id, y) source_id, y, vintage
            FROM distance
            ORDER BY source_id, y, inside DESC, CASE WHEN inside THEN 0 ELSE days END,
                edition_date DESC NULLS LAST, delivery_id DESC, vintage DESC
        ), dated AS (
            SELECT d.source_id, d.y, arg_min(d.reference_date, (d.days, d.reference_date)) AS day
            FROM distance AS d JOIN chosen AS c USING (source_id, y, vintage) WHERE d.inside GROUP BY ALL
        ), period AS (
            {_PERIODS}
        ), side AS (
            SELECT c.source_id, c.vintage, t.freq, t.time_period, t.mid, d.day AS dated,
                max(p.reference_date) FILTER (date_diff('day', DATE '1970-01-01', p.reference_date) <= t.mid) AS before,
                min(p.reference_date) FILTER (date_diff('day', DATE '1970-01-01', p.reference_date) > t.mid) AS after
            FROM period AS t JOIN chosen AS c USING (y)
            JOIN published AS p USING (source_id, vintage)
            LEFT JOIN dated AS d ON d.source_id = c.source_id AND d.y = t.y AND t.freq = 'A'
            GROUP BY ALL
        ), measured AS (
            SELECT *, mid - date_diff('day', DATE '1970-01-01', before) AS days_before,
                date_diff('day', DATE '1970-01-01', after) - mid AS days_after
            FROM side
        ), ruled AS (
            SELECT *, CASE
                WHEN dated IS NOT NULL THEN 'dated'
                WHEN days_before + days_after <= {NEIGHBOUR_DAYS} THEN 'line'
                WHEN least(days_before, days_after) > {REACH_DAYS} THEN NULL
                WHEN before IS NOT NULL AND after IS NOT NULL THEN 'line' ELSE 'carried' END AS method
            FROM measured
        )
        SELECT source_id, freq, time_period, vintage,
            lag(vintage) OVER (PARTITION BY source_id, freq ORDER BY time_period) AS previous_vintage,
            method,
            method = 'carried' OR method = 'line' AND days_before + days_after > {NEIGHBOUR_DAYS} AS estimated,
            CASE method WHEN 'dated' THEN dated ELSE coalesce(before, after) END AS date_a,
            CASE method WHEN 'line' THEN after END AS date_b,
            CASE method WHEN 'line' THEN days_before / (days_before + days_after) END AS share
        FROM ruled WHERE method IS NOT NULL
        """
    )
