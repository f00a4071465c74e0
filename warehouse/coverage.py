"""What sources owe and what came of it on a day, read from a snapshot or from the open warehouse."""

from __future__ import annotations

from datetime import date

import duckdb

from warehouse.declarations.obligation import OBLIGATION
from warehouse.declared import path
from warehouse.literals import literal
from warehouse.reading import Rows, rows

_OWED = "status IN ('received', 'zero_declared', 'partial', 'late', 'missing')"
_RECEIVED = "status IN ('received', 'zero_declared')"
#: One letter for a group of reports: of areas and months, or the only one.
LETTERS = {
    "R": "received",
    "Z": "zero declared",
    "P": "in part",
    "L": "late",
    "M": "missing",
    ".": "awaited",
    "-": "not applicable",
}
_LETTER = f"""CASE
    WHEN count(*) FILTER ({_OWED}) = 0 THEN CASE WHEN bool_or(status = 'awaited') THEN '.' ELSE '-' END
    WHEN bool_and({_RECEIVED} OR status = 'not_applicable')
        THEN CASE WHEN bool_or(status = 'received') THEN 'R' ELSE 'Z' END
    WHEN bool_or({_RECEIVED} OR status = 'partial') THEN 'P'
    WHEN bool_or(status = 'late') THEN 'L'
    WHEN bool_or(status = 'missing') THEN 'M'
    ELSE '.' END"""


def by_source(
    connection: duckdb.DuckDBPyConnection,
    day: date,
    source_id: str | None = None,
    span: tuple[date, date] | None = None,
) -> Rows:
    """One row per source that owes reports or has sent some: what it owes, and how many are in which state on a day.

    Args:
        connection: A snapshot or the open warehouse.
        day: The day on which it is judged what is late.
        source_id: Only this source.
        span: First days of the first and of the last month to count; all without it.
    """
    return rows(
        connection,
        f"""
        WITH owing AS (FROM {OBLIGATION.path} WHERE valid_to IS NULL),
        counted AS (
            SELECT source_id, any_value(provider) AS provider, count(*) FILTER ({_OWED}) AS owed,
                count(*) FILTER ({_RECEIVED}) AS received, count(*) FILTER (status = 'zero_declared') AS zero_declared,
                count(*) FILTER (status = 'partial') AS partial, count(*) FILTER (status = 'late') AS late,
                count(*) FILTER (status = 'missing') AS missing, count(*) FILTER (status = 'awaited') AS awaited,
                count(*) FILTER (status = 'not_applicable') AS not_applicable,
                round(received / nullif(owed, 0), 4) AS completeness, count(*) FILTER (in_time) AS in_time,
                round(count(*) FILTER (in_time) / nullif(count(in_time), 0), 4) AS timeliness,
                min(due) FILTER (status = 'awaited') AS next_due
            FROM {_reports(day)} WHERE {_wanted(source_id, span)} GROUP BY source_id
        )
        SELECT c.source_id AS source, c.provider, o.each, o.due_days, o.first_day AS owed_from,
            o.last_day AS owed_until, c.* EXCLUDE (source_id, provider)
        FROM counted AS c LEFT JOIN owing AS o USING (source_id) ORDER BY source
        """,
    )


def reports(
    connection: duckdb.DuckDBPyConnection, day: date, source_id: str, span: tuple[date, date] | None = None
) -> Rows:
    """Every report of a source, with its state on a day."""
    return rows(
        connection,
        f"""
        SELECT area, unit, month, period_end, status::VARCHAR AS status, due, received_on, in_time, n_records,
            n_quarantined, delivery_id AS delivery, reason
        FROM {_reports(day)} WHERE {_wanted(source_id, span)} ORDER BY area, month
        """,
    )


def letters(
    connection: duckdb.DuckDBPyConnection,
    day: date,
    source_id: str | None = None,
    span: tuple[date, date] | None = None,
) -> Rows:
    """One row per line of the grid and period: its letter, for all that lies in it.

    A line is a source, or of one source an area (and the unit that reports for it); of one that tells no areas apart
    it is the source.
    """
    line, unit = "source_id", "NULL"
    if source_id is not None:
        line = "coalesce(area, source_id)"
        unit = "any_value(CASE WHEN unit NOT IN (coalesce(area, ''), coalesce(provider, '')) THEN unit END)"
    return rows(
        connection,
        f"""
        SELECT {line} AS line, {unit} AS unit, month, period_end, {_LETTER} AS letter
        FROM {_reports(day)} WHERE {_wanted(source_id, span)} GROUP BY line, month, period_end ORDER BY line, month
        """,
    )


def _reports(day: date) -> str:
    return f"{path('meta', 'report_status_on')}({literal(day)})"


def _wanted(source_id: str | None, span: tuple[date, date] | None) -> str:
    conditions = [] if source_id is None else [f"source_id = {literal(source_id)}"]
    if span:
        conditions.append(f"month <= {literal(span[1])} AND period_end >= {literal(span[0])}")
    return " AND ".join(conditions) or "true"
