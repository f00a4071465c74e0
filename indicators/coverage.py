"""Coverage: which of the reports that a source owes were received, by area and period.

A source owes one report per first-level area of its country and month, in every year in which it reported
anything. A year is complete when all its months are; the nation when all its areas are. A report that was never
received is not a zero, and neither is a blank for a month to come.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from indicators.inputs import NOW, Seen, Source
from schemas import sql

#: States of a report in which all that it says is in; a declared zero says that there is nothing.
COMPLETE = ("received", "zero_declared")


def build(connection: duckdb.DuckDBPyConnection, sources: Sequence[Source], seen: Seen = NOW) -> None:
    """Make the temporary tables ``report_owed`` and ``coverage_cell``.

    Needs ``area_known``. ``report_owed``: source_id, country, first_level, month, complete, started (something was
    received), n_records, n_quarantined. ``coverage_cell``: one row per source, area (country or first level),
    frequency and period, with owed, received, in_part, areas_reporting (something was received), areas_expected,
    n_records, n_quarantined.
    """
    _owed(connection, sources, seen)
    _cells(connection)


def _owed(connection: duckdb.DuckDBPyConnection, sources: Sequence[Source], seen: Seen) -> None:
    listed = ", ".join(f"({sql.text(s.id)}, {sql.text(s.country)})" for s in sources)
    known = listed or "(NULL::VARCHAR, NULL::VARCHAR)"
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE report_owed AS
        WITH source AS (FROM (VALUES {known}) AS s(source_id, country) WHERE source_id IS NOT NULL),
        status AS (
            SELECT r.source_id, r.area, r.month,
                bool_and(r.status IN ({sql.texts(COMPLETE)})) AS complete,
                bool_or(r.status IN ({sql.texts((*COMPLETE, "partial"))})) AS started,
                bool_or(r.status = 'not_applicable') AS not_applicable,
                sum(r.n_records)::BIGINT AS n_records, sum(r.n_quarantined)::BIGINT AS n_quarantined
            FROM {seen.reports} AS r JOIN source AS s USING (source_id) WHERE r.grain = 'cell' GROUP BY ALL
        ), owing AS (
            -- where no first-level area of the country is known, the areas that did report are all that is owed
            SELECT s.source_id, s.country, a.area_code AS first_level, a.valid_from, a.valid_to
            FROM source AS s JOIN area_known AS a ON a.country = s.country AND a.area_level = 'first_level'
            UNION ALL
            SELECT DISTINCT s.source_id, s.country, r.area, NULL::DATE, NULL::DATE
            FROM status AS r JOIN source AS s USING (source_id)
            WHERE r.area <> s.country AND NOT EXISTS (
                FROM area_known AS a WHERE a.country = s.country AND a.area_level = 'first_level'
            )
        ), month AS (
            SELECT source_id, make_date(y, m, 1) AS month
            FROM (SELECT DISTINCT source_id, year(month) AS y FROM status WHERE started),
                (SELECT unnest(range(1, 13))::INTEGER AS m)
        )
        SELECT DISTINCT o.source_id, o.country, o.first_level, m.month,
            coalesce(r.complete, c.complete, false) AS complete,
            coalesce(r.started, c.started, false) AS started,
            coalesce(r.n_records, 0) AS n_records, coalesce(r.n_quarantined, 0) AS n_quarantined
        FROM owing AS o JOIN month AS m USING (source_id)
        LEFT JOIN status AS r ON r.source_id = o.source_id AND r.month = m.month AND r.area = o.first_level
        LEFT JOIN status AS c ON c.source_id = o.source_id AND c.month = m.month AND c.area = o.country
        WHERE coalesce(o.valid_from <= last_day(m.month), true) AND coalesce(o.valid_to >= m.month, true)
            AND NOT coalesce(r.not_applicable, c.not_applicable, false)
        """
    )


def _cells(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE coverage_cell AS
        SELECT source_id, country,
            CASE WHEN first_level IS NULL THEN 'country' ELSE 'first_level' END AS area_level,
            coalesce(first_level, country) AS ref_area,
            CASE WHEN month IS NULL THEN 'A' ELSE 'M' END AS freq,
            CASE WHEN month IS NULL THEN y::VARCHAR ELSE strftime(month, '%Y-%m') END AS time_period,
            y, count(*) AS owed, count(*) FILTER (complete) AS received,
            count(*) FILTER (started AND NOT complete) AS in_part,
            count(DISTINCT area) FILTER (started) AS areas_reporting, count(DISTINCT area) AS areas_expected,
            sum(n_records)::BIGINT AS n_records, sum(n_quarantined)::BIGINT AS n_quarantined
        FROM (SELECT *, first_level AS area, year(month) AS y FROM report_owed)
        GROUP BY GROUPING SETS (
            (source_id, country, y), (source_id, country, y, month),
            (source_id, country, first_level, y), (source_id, country, first_level, y, month)
        )
        """
    )
