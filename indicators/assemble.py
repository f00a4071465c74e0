"""From counts, coverage and denominators to cells: values, intervals, states and what is to be said about each.

A cell without a value is still a cell: it carries its numerator, states that say why, and the reason in words.
Belongs here: that judgement, in one place. Where the parts come from is in ``cube``, ``coverage`` and
``methods.denominators``.
"""

from __future__ import annotations

import duckdb

from indicators import ages, policy
from indicators.definition import DIMENSIONS
from indicators.methods import intervals
from schemas import sql
from warehouse.declarations import indicator as contract
from warehouse.declared import VALIDITY

#: Code of ``population_source`` for the statistics office's own figures, and for none.
NATIONAL, NO_POPULATION = "national", "none"
#: Dimensions of the key that no record type of the catalogue can be broken down by yet.
WHOLE = ("ethnicity", "migration", "institution", "offence", "form")

#: Temporary tables that ``build`` fills.
CELLS, DENOMINATORS = "indicator_cell", "indicator_denominator"
_COLUMNS = {
    CELLS: (*contract.KEY, *contract.VALUES),
    DENOMINATORS: tuple(c for c in contract.DENOMINATOR.columns if c not in VALIDITY),
}
#: Columns that counts of complete records never fill: they belong to surveys, to comparison and to closing.
_UNUSED = ("std_error", "sample_size", "effective_sample_size", "comparability", "validated_by")

_TOTAL, _UNKNOWN = f"'{ages.TOTAL}'", f"'{ages.UNKNOWN}'"


def tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the empty temporary tables ``indicator_cell`` and ``indicator_denominator``.

    Their columns are those of ``indicator.value`` (without the vintage) and of ``indicator.denominator``.
    """
    for name, columns in _COLUMNS.items():
        listed = ", ".join(f"{sql.name(c.name)} {c.sql_type}" for c in columns)
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({listed})")


def build(connection: duckdb.DuckDBPyConnection, catalogue_version: str) -> None:
    """Add the cells of the indicators of one record type to the two tables.

    Needs ``feed``, ``feed_year``, ``count_cell``, ``age_coarse``, ``coverage_cell``, ``denominator_cell``,
    ``denominator_lacking``, ``area_shown`` and ``cutoff_known``.
    """
    _counted(connection)
    _zeros(connection)
    _nation_covered(connection)
    for counted, target in (("cell_counted", CELLS), ("cell_zero", DENOMINATORS)):
        connection.execute(f"CREATE OR REPLACE TEMP TABLE cell_joined AS {_joined_sql(counted)}")
        listed = ", ".join(sql.name(c.name) for c in _COLUMNS[target])
        # in the order of the key, so that the same cells make the same file
        key = ", ".join(sql.name(c.name) for c in _COLUMNS[target] if c in contract.KEY)
        cells = _cells_sql(catalogue_version)
        connection.execute(f"INSERT INTO {target} SELECT {listed} FROM ({cells}) ORDER BY {key}")


def _counted(connection: duckdb.DuckDBPyConnection) -> None:
    """Temporary table ``cell_counted``: cells that have events, and those without that are not known to be zero.

    A complete report without events is a zero that needs no cell, unless there is no population to divide by. Where
    reports are missing, every breakdown that the series shows elsewhere at this level and frequency has its cell too.
    """
    dimensions = ", ".join(DIMENSIONS)
    totals = ", ".join(f"{_TOTAL} AS {d}" for d in DIMENSIONS)
    is_total = " AND ".join(f"s.{d} = {_TOTAL}" for d in DIMENSIONS)
    series = ("indicator", "source_id", "area_level", "freq")
    told_apart = " AND ".join(f"n.{c} = s.{c}" for c in (*series, *DIMENSIONS))
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE cell_counted AS
        WITH shown AS (
            SELECT {", ".join(series)}, {dimensions} FROM count_cell
            UNION SELECT {", ".join(series)}, {totals} FROM feed
        )
        SELECT indicator, source_id, area_level, ref_area, coverage_area, freq, time_period, y, {dimensions},
            numerator, total, unknown, definitive
        FROM count_cell JOIN feed_year USING (indicator, source_id, y)
        UNION ALL
        SELECT s.indicator, s.source_id, s.area_level, c.ref_area, c.ref_area, s.freq, c.time_period, c.y,
            {", ".join(f"s.{d}" for d in DIMENSIONS)},
            CASE WHEN c.areas_reporting > 0 THEN 0 END, NULL, NULL, false
        FROM shown AS s
        JOIN feed AS f USING ({", ".join(series)})
        JOIN coverage_cell AS c USING (source_id, area_level, freq)
        JOIN feed_year AS y ON y.indicator = s.indicator AND y.source_id = s.source_id AND y.y = c.y
        LEFT JOIN denominator_cell AS d ON d.population_source = f.population_id AND d.ref_area = c.ref_area
            AND d.freq = c.freq AND d.time_period = c.time_period AND d.sex = {_TOTAL} AND d.age = {_TOTAL}
        ANTI JOIN count_cell AS n
            ON {told_apart} AND n.ref_area = c.ref_area AND n.time_period = c.time_period
        WHERE c.received < c.owed OR {is_total} AND d.denominator IS NULL
        """
    )


def _zeros(connection: duckdb.DuckDBPyConnection) -> None:
    """Temporary table ``cell_zero``: what a cell without events says where the report is complete."""
    totals = ", ".join(f"{_TOTAL} AS {d}" for d in DIMENSIONS if d not in ("sex", "age"))
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE cell_zero AS
        WITH told AS (
            SELECT source_id, freq, time_period, bool_and(definitive) AS definitive FROM count_cell GROUP BY ALL
        )
        SELECT f.indicator, f.source_id, d.area_level, d.ref_area, d.coverage_area, d.freq, d.time_period, c.y,
            d.sex, d.age, {totals}, 0::BIGINT AS numerator, NULL::BIGINT AS total, NULL::BIGINT AS unknown,
            coalesce(t.definitive, false) AS definitive
        FROM feed AS f
        JOIN denominator_cell AS d ON d.population_source = f.population_id AND d.country = f.country
            AND d.area_level = f.area_level AND d.freq = f.freq AND d.denominator > 0
        JOIN coverage_cell AS c ON c.source_id = f.source_id AND c.ref_area = d.coverage_area AND c.freq = d.freq
            AND c.time_period = d.time_period AND c.received = c.owed
        JOIN feed_year AS y ON y.indicator = f.indicator AND y.source_id = f.source_id AND y.y = c.y
        LEFT JOIN told AS t ON t.source_id = f.source_id AND t.freq = d.freq AND t.time_period = d.time_period
        ANTI JOIN age_coarse AS o ON o.indicator = f.indicator AND o.source_id = f.source_id AND o.band = d.age
        WHERE CASE WHEN d.sex = {_TOTAL} AND d.age = {_TOTAL} THEN true WHEN d.age = {_TOTAL} THEN f.by_sex
                   WHEN d.sex = {_TOTAL} THEN f.by_age ELSE f.by_sex_age END
        """
    )


def _nation_covered(connection: duckdb.DuckDBPyConnection) -> None:
    """Temporary table ``nation_covered``: share of a country's population and time that reports were received for."""
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE nation_covered AS
        WITH area AS (
            SELECT c.source_id, d.population_source, c.country, c.freq, c.time_period, d.denominator,
                (d.denominator * c.received / c.owed)::DECIMAL(18, 2) AS covered
            FROM coverage_cell AS c
            JOIN denominator_cell AS d ON d.ref_area = c.ref_area AND d.freq = c.freq
                AND d.time_period = c.time_period AND d.sex = {_TOTAL} AND d.age = {_TOTAL}
            WHERE c.area_level = 'first_level'
        )
        SELECT source_id, population_source, country, freq, time_period,
            round(sum(covered) / nullif(sum(denominator::DECIMAL(18, 2)), 0), 4)::DOUBLE AS covered
        FROM area GROUP BY ALL
        """
    )


def _joined_sql(counted: str) -> str:
    """Query of counted cells with their coverage, their population and the measures of quality."""
    return f"""
        WITH started AS (SELECT source_id, freq, min(time_period) AS first_period FROM coverage_cell GROUP BY ALL),
        whole AS (FROM denominator_cell WHERE sex = {_TOTAL} AND age = {_TOTAL})
        SELECT n.* EXCLUDE (coverage_area, total, unknown, definitive),
            f.* EXCLUDE (indicator, source_id, area_level, freq, by_sex, by_age, by_sex_age),
            c.owed, c.received, c.in_part, c.areas_reporting, c.areas_expected,
            round(c.received / c.owed, 4) AS coverage,
            CASE WHEN n.area_level = 'country' THEN v.covered ELSE round(c.received / c.owed, 4) END
                AS population_covered,
            c.n_quarantined / nullif(c.n_records + c.n_quarantined, 0) AS quarantined_share,
            CASE WHEN n.total > 0 THEN round(n.unknown / n.total, 4) END AS unknown_share,
            n.numerator AS events, (NOT n.definitive)::INTEGER AS provisional,
            d.denominator, d.vintage, d.method, d.date_a, d.date_b,
            coalesce(d.estimated, false)::INTEGER AS population_estimated,
            w.denominator IS NOT NULL AS has_population, l.figures_found, l.figures_declared,
            coalesce(d.vintage <> d.previous_vintage AND n.time_period > s.first_period, false) AS another_vintage,
            x.before AS source_before, another_vintage OR source_before IS NOT NULL AS series_break,
            k.cutoff_date, a.boundary_version
        FROM {counted} AS n
        JOIN feed AS f USING (indicator, source_id, area_level, freq)
        LEFT JOIN coverage_cell AS c ON c.source_id = n.source_id AND c.ref_area = n.coverage_area
            AND c.freq = n.freq AND c.time_period = n.time_period
        LEFT JOIN nation_covered AS v ON v.source_id = n.source_id AND v.population_source = f.population_id
            AND v.country = n.ref_area AND v.freq = n.freq AND v.time_period = n.time_period
        LEFT JOIN denominator_cell AS d ON d.population_source = f.population_id AND d.ref_area = n.ref_area
            AND d.freq = n.freq AND d.time_period = n.time_period AND d.sex = n.sex
            -- no population by urban and rural area; a plain second condition would make DuckDB compare all pairs
            AND d.age = CASE WHEN n.urbanisation = {_TOTAL} THEN n.age END
        LEFT JOIN whole AS w ON w.population_source = f.population_id AND w.ref_area = n.ref_area
            AND w.freq = n.freq AND w.time_period = n.time_period
        LEFT JOIN denominator_lacking AS l ON l.population_source = f.population_id AND l.freq = n.freq
            AND l.time_period = n.time_period
        LEFT JOIN feed_change AS x ON x.indicator = n.indicator AND x.source_id = n.source_id AND x.y = n.y
            AND n.time_period = CASE WHEN n.freq = 'A' THEN x.y::VARCHAR ELSE x.y || '-01' END
        LEFT JOIN started AS s ON s.source_id = n.source_id AND s.freq = n.freq
        LEFT JOIN cutoff_known AS k ON k.source_id = n.source_id AND k.freq = n.freq
            AND k.time_period = n.time_period
        LEFT JOIN area_shown AS a ON a.area_code = n.ref_area
    """


#: Why a cell has no value: condition, state of the observation (SDMX), reason. The first that holds is told.
_WITHOUT_VALUE = (
    ("owed IS NULL", "O", "'the source owes no report for this area and period'"),
    (
        "received < owed",
        "O",
        "format('{} of {} reports owed were received', received, owed) "
        "|| CASE WHEN in_part > 0 THEN format(' whole, {} in part', in_part) ELSE '' END",
    ),
    (f"sex = {_UNKNOWN}", "M", "'there is no population of unknown sex'"),
    (f"age = {_UNKNOWN}", "M", "'there is no population of unknown age'"),
    ("population_id IS NULL", "O", "'no source gives a population of this country'"),
    (
        "NOT has_population AND figures_declared IS NOT NULL",
        "O",
        "format('{} has {} of the {} figures of a whole population for this period', population_id, "
        "figures_found, figures_declared)",
    ),
    (
        "NOT has_population",
        "O",
        "format('{} has no population figure for this area and period', population_id)",
    ),
    (f"urbanisation <> {_TOTAL}", "L", "format('{} has no urban and rural population', population_id)"),
    (
        "denominator IS NULL",
        "L",
        "format('{} has no population by {}', population_id, concat_ws(' and ', "
        f"CASE WHEN sex <> {_TOTAL} THEN 'sex' END, CASE WHEN age <> {_TOTAL} THEN 'this age band' END))",
    ),
    ("denominator = 0", "O", "'the population is zero'"),
)

_POPULATION_WORDS = """CASE method
    WHEN 'dated' THEN format('population of {}, vintage {}', date_a, vintage)
    WHEN 'line' THEN format('population on the line between {} and {}, vintage {}', date_a, date_b, vintage)
    WHEN 'carried' THEN format('population of {} carried, vintage {}', date_a, vintage) END"""


def _cells_sql(catalogue_version: str) -> str:
    """Query of the cells with all columns of ``indicator.value`` except those that the store adds."""
    reason = " ".join(f"WHEN {test} THEN {words}" for test, _, words in _WITHOUT_VALUE)
    state = " ".join(f"WHEN {test} THEN '{code}'" for test, code, _ in _WITHOUT_VALUE)
    quality = policy.quality()
    wholes = ", ".join(f"{_TOTAL} AS {d}" for d in WHOLE)

    def rate(expression: str) -> str:
        return f"CASE WHEN reason IS NULL THEN round(({expression}) * multiplier / denominator, decimals) END"

    return f"""
        WITH judged AS (SELECT *, CASE {reason} END AS reason, CASE {state} END AS gap FROM cell_joined)
        SELECT indicator, indicator_version, ref_area, area_level, boundary_version, freq, time_period,
            {", ".join(DIMENSIONS)}, {wholes}, place_basis, date_basis, source_type,
            CASE WHEN population_id IS NULL THEN '{NO_POPULATION}' ELSE '{NATIONAL}' END AS population_source,
            'registered' AS estimate_type,
            {rate("numerator")} AS obs_value, numerator, denominator, numerator_unit, denominator_unit,
            {rate(intervals.lower_sql("numerator"))} AS ci_lower, {rate(intervals.upper_sql("numerator"))} AS ci_upper,
            CASE WHEN reason IS NULL THEN {intervals.method_sql("numerator")} END AS ci_method,
            CASE WHEN reason IS NULL THEN 'random_variation' END AS ci_meaning,
            coverage, population_covered, areas_reporting, areas_expected, unknown_share,
            {quality.grade_sql()} AS quality, {quality.reason_sql()} AS quality_reason,
            coalesce(gap, CASE WHEN series_break THEN 'B' WHEN population_estimated = 1 THEN 'E'
                               WHEN provisional = 1 THEN 'P' ELSE 'A' END) AS obs_status,
            CASE WHEN provisional = 1 THEN 'provisional' ELSE 'definitive' END AS revision_status,
            series_break, cutoff_date, 'F' AS conf_status, unit_measure, 0 AS unit_mult, decimals,
            source_id AS source, source_id, {", ".join(f"NULL AS {c}" for c in _UNUSED)},
            concat_ws('; ', reason, CASE WHEN freq = 'M' THEN 'monthly rate, not annualised' END,
                CASE WHEN another_vintage THEN 'the population is of another vintage than in the period before' END,
                CASE WHEN source_before IS NOT NULL THEN 'the figures before are of ' || source_before END,
                note, {_POPULATION_WORDS}) AS comment,
            {sql.text(catalogue_version)} AS catalogue_version
        FROM judged
    """
