"""How complete and how timely reports are: by source and month, provider, reporting unit, area, and span of time.

All are counts over ``meta.report_status``; each has a macro for an earlier batch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from warehouse.declarations.coverage import STATUS
from warehouse.declared import Column, Macro, View, path

_OWED = "status IN ('received', 'zero_declared', 'partial', 'late', 'missing')"
_RECEIVED = "status IN ('received', 'zero_declared')"
_SHOWN = {c.name: c for c in STATUS}
_COUNTS = (
    Column("owed", "BIGINT", "Reports that are due or were received: received, partial, late and missing"),
    Column("received", "BIGINT", "Reports received in full, those of zero among them"),
    Column("zero_declared", "BIGINT", "Of these, reports that there is nothing"),
    Column("partial", "BIGINT", "Reports received in part"),
    Column("late", "BIGINT", "Reports that are due and have not come"),
    Column(
        "missing", "BIGINT", "Reports that were left out: the delivery or a later one was due to have them"
    ),
    Column("awaited", "BIGINT", "Reports that are not due yet; not among those owed"),
    Column(
        "not_applicable",
        "BIGINT",
        "Areas and months about which there is nothing to report; not among those owed",
    ),
    Column(
        "completeness",
        "DOUBLE",
        "Share of the reports owed that were received in full; NULL where none is owed",
    ),
    Column("in_time", "BIGINT", "Reports that came in full by the day on which they were due"),
    Column(
        "timeliness",
        "DOUBLE",
        "Share of these among all whose timeliness can be told; NULL where it can of none",
    ),
)
_COUNTED = f"""count(*) FILTER ({_OWED}) AS owed, count(*) FILTER ({_RECEIVED}) AS received,
    count(*) FILTER (status = 'zero_declared') AS zero_declared, count(*) FILTER (status = 'partial') AS partial,
    count(*) FILTER (status = 'late') AS late, count(*) FILTER (status = 'missing') AS missing,
    count(*) FILTER (status = 'awaited') AS awaited, count(*) FILTER (status = 'not_applicable') AS not_applicable,
    received / nullif(owed, 0) AS completeness, count(*) FILTER (in_time) AS in_time,
    count(*) FILTER (in_time) / nullif(count(in_time), 0) AS timeliness"""

_YEAR = Column("year", "BIGINT", "Year reported about")
_OFFICE = Column("unit", "VARCHAR", _SHOWN["unit"].comment)


@dataclass(frozen=True)
class _By:
    """A count of reports: its name, what one row is, and what it is grouped by, as SQL by column."""

    name: str
    row: str
    columns: tuple[Column, ...]
    expressions: tuple[str, ...]

    def query(self, reports: str) -> str:
        named = ", ".join(f"{e} AS {c.name}" for e, c in zip(self.expressions, self.columns, strict=True))
        return f"SELECT {named}, {_COUNTED} FROM {reports} AS r GROUP BY {', '.join(self.expressions)}"


_COUNTS_OF_REPORTS = (
    _By(
        "coverage_month",
        "one row per source and month (or period)",
        (_SHOWN["provider"], _SHOWN["source_id"], _SHOWN["month"], _SHOWN["period_end"]),
        ("r.provider", "r.source_id", "r.month", "r.period_end"),
    ),
    _By(
        "coverage_provider",
        "one row per provider and year, all its sources together",
        (_SHOWN["provider"], _YEAR),
        ("r.provider", "year(r.month)"),
    ),
    _By(
        "coverage_unit",
        "one row per source, reporting unit and year",
        (_SHOWN["provider"], _SHOWN["source_id"], _OFFICE, _YEAR),
        ("r.provider", "r.source_id", "r.unit", "year(r.month)"),
    ),
    _By(
        "coverage_area",
        "one row per area, source and year",
        (_SHOWN["area"], _SHOWN["source_id"], _YEAR),
        ("r.area", "r.source_id", "year(r.month)"),
    ),
)

_SPAN = (
    _SHOWN["provider"],
    _SHOWN["source_id"],
    Column("area", "VARCHAR", "Area reported about; NULL for all areas that report together"),
    Column(
        "span",
        "VARCHAR",
        "month, year, year_to_date (from January on), or moving_year (twelve months to this one)",
    ),
    Column(
        "period",
        "VARCHAR",
        "The span in ISO 8601: 2024-05, 2024, or its first day and how many months it has",
    ),
    Column("first_month", "DATE", "First day of its first month"),
    Column("last_month", "DATE", "First day of its last month"),
    Column("months", "BIGINT", "Months of the span of which anything is known"),
    Column("owed", "BIGINT", "Reports owed"),
    Column("received", "BIGINT", "Reports received in full"),
    Column(
        "complete",
        "BOOLEAN",
        "Whether every month of the span is there and all that was owed of it came in full: only then it is one",
    ),
)


def _spans(reports: str) -> str:
    """Spans of months; a year that lacks a month is not complete, whatever its other months are."""
    return f"""
WITH month AS (
    SELECT provider, source_id, area, month,
        bool_and(status IN ('received', 'zero_declared', 'not_applicable')) AS whole,
        count(*) FILTER ({_OWED}) AS owed, count(*) FILTER ({_RECEIVED}) AS received
    FROM {reports} WHERE grain = 'cell'
    GROUP BY GROUPING SETS ((provider, source_id, area, month), (provider, source_id, month))
), span AS (
    SELECT provider, source_id, area, 'month' AS span, strftime(month, '%Y-%m') AS period, month AS first_month,
        month AS last_month, 1 AS months, owed, received, whole, 1 AS wanted
    FROM month
    UNION ALL
    SELECT provider, source_id, area, 'year', year(month)::VARCHAR, date_trunc('year', min(month))::DATE,
        make_date(year(month), 12, 1), count(*), sum(owed), sum(received), bool_and(whole), 12
    FROM month GROUP BY provider, source_id, area, year(month)
    UNION ALL
    SELECT provider, source_id, area, 'year_to_date', strftime(month, '%Y-01-01/P') || month(month) || 'M',
        date_trunc('year', month)::DATE, month, count(*) OVER y, sum(owed) OVER y, sum(received) OVER y,
        bool_and(whole) OVER y, month(month)
    FROM month WINDOW y AS (PARTITION BY provider, source_id, area, year(month) ORDER BY month)
    UNION ALL
    SELECT provider, source_id, area, 'moving_year', strftime(month - INTERVAL 11 MONTH, '%Y-%m-%d/P12M'),
        (month - INTERVAL 11 MONTH)::DATE, month, count(*) OVER t, sum(owed) OVER t, sum(received) OVER t,
        bool_and(whole) OVER t, 12
    FROM month WINDOW t AS (PARTITION BY provider, source_id, area ORDER BY month
        RANGE BETWEEN INTERVAL 11 MONTH PRECEDING AND CURRENT ROW)
)
SELECT provider, source_id, area, span, period, first_month, last_month, months::BIGINT AS months, owed::BIGINT AS owed,
    received::BIGINT AS received, whole AND months = wanted AS complete
FROM span"""


def _made() -> Iterator[View | Macro]:
    now, then = path("meta", "report_status"), f"{path('meta', 'report_status_as_of')}(as_of)"
    for by in _COUNTS_OF_REPORTS:
        comment = f"How many of the reports owed were received, and how many in time: {by.row}"
        yield View("meta", by.name, comment, (*by.columns, *_COUNTS), by.query(now))
        yield Macro("meta", f"{by.name}_as_of", f"{comment}; as of a batch", ("as_of",), by.query(then))
    comment = (
        "Which months, years, years to date and moving twelve months are reported in full: one row per source, area "
        "and span; a year in which a month lacks is no year, its months and its year to date may be"
    )
    yield View("meta", "coverage_span", comment, _SPAN, _spans(now))
    yield Macro("meta", "coverage_span_as_of", f"{comment}; as of a batch", ("as_of",), _spans(then))


MADE = tuple(_made())
