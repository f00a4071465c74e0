"""What each source owed and what came of it: one row per report, now, on a day, and in every earlier batch.

A report is of an area and a month, or of a period where a source reports about no months. What a source owes is in
``meta.obligation``; of a source that declares nothing there is what its deliveries say. Nothing here knows the clock:
whether a report is late is judged on the day of the last batch, or on the day that a macro is given.
"""

from __future__ import annotations

from dataclasses import dataclass

from warehouse.declarations import meta
from warehouse.declarations.obligation import OBLIGATION
from warehouse.declarations.quarantine import RECORD
from warehouse.declared import Column, Macro, View, columns_of, held, holds, path

_SLICE = tuple(
    c for c in meta.SLICE_VERSION.columns if c.name in ("source_id", "record_type", "delivery_id", "batch_id")
)
_CELL = tuple(c for c in meta.REPORT_CELL.columns if c.name != "slice_version")
_HISTORY = tuple(c.optional() for c in (*_SLICE, *_CELL))
_VALIDITY = tuple(c.optional() for c in meta.SLICE_VERSION.columns if c.name in ("valid_from", "valid_to"))

_STATUS = (
    "received; zero_declared: received, and there is nothing; partial; not_applicable: there is nothing to report; "
    "missing: left out, though the delivery or a later one was due to have it; late: due and nothing has come; "
    "awaited: not due yet"
)
STATUS = (
    Column("source_id", "VARCHAR", "Source"),
    Column("record_type", "VARCHAR", "Record type of its records"),
    Column("delivery_id", "INTEGER", "Delivery that reports; NULL where none has"),
    Column("batch_id", "INTEGER", "Batch that loaded it; NULL where none has"),
    Column("area", "VARCHAR", "Area reported about; NULL where a report is of no single area"),
    Column("month", "DATE", "First day of the month or period reported about"),
    Column("status", "ENUM:report_status", _STATUS),
    Column("n_records", "BIGINT", "Records loaded"),
    Column("n_quarantined", "BIGINT", "Records in quarantine"),
    Column(
        "grain",
        "VARCHAR",
        "cell: an area and month; slice: a period of a source that reports about no months",
    ),
    Column("period_end", "DATE", "Last day of the month or period"),
    Column("provider", "VARCHAR", "Owner of the data, who has to report"),
    Column(
        "unit",
        "VARCHAR",
        "Who reports: the office that the source names for the area, the area where areas report one by one, else the "
        "provider",
    ),
    Column(
        "due",
        "DATE",
        "Last day on which the report is in time; NULL where the source does not say that it owes it",
    ),
    Column(
        "received_on",
        "DATE",
        "Day on which all of it first came: of the edition, else of the delivery; NULL while it has not",
    ),
    Column(
        "in_time",
        "BOOLEAN",
        "Whether it came by the day on which it was due; NULL where it is not due yet, or was due before the first "
        "delivery of the source",
    ),
    Column("reason", "VARCHAR", "Why there is nothing to report, where the source says so"),
)

_ANY = "('received', 'zero_declared', 'partial')"


@dataclass(frozen=True)
class _Seen:
    """As of when: conditions on validity and batches, and the relation of the areas."""

    obligation: str
    source: str
    slice: str
    batches: str
    areas: str


_NOW = _Seen(holds("o"), holds("o"), holds("s"), "true", path("ref", "area"))
_THEN = _Seen(
    held("o", "as_of"),
    held("o", "as_of"),
    held("s", "as_of"),
    "{}.batch_id <= as_of",
    f"{path('ref', 'area_as_of')}(as_of)",
)


def _last_day(seen: _Seen) -> str:
    """The day of the last batch."""
    batches = seen.batches.format("b")
    return f"(SELECT max(coalesce(b.committed_at, b.started_at))::DATE FROM {meta.BATCH.path} AS b WHERE {batches})"


def _owed(seen: _Seen, day: str) -> str:
    """What is owed: ``owing`` (as declared), ``exempt``, and ``owed``, a row for each place and period that is over."""
    return f"""owing AS (SELECT o.*, {day} AS today FROM {OBLIGATION.path} AS o WHERE {seen.obligation}),
place AS (
    SELECT o.source_id, a.area_code AS area, a.valid_from, a.valid_to FROM owing AS o
    JOIN (SELECT DISTINCT area_code, country, valid_from, valid_to FROM {seen.areas} WHERE area_level = 'first_level')
        AS a ON a.country = o.country
    WHERE o.by_area AND o.areas IS NULL
    UNION ALL SELECT source_id, unnest(areas), NULL, NULL FROM owing WHERE by_area
    UNION ALL SELECT source_id, NULL, NULL, NULL FROM owing WHERE NOT by_area
), period AS (
    SELECT source_id, today, first::DATE AS month, (first + to_months(step) - INTERVAL 1 day)::DATE AS period_end,
        (date_trunc(each, first) + to_months(each_months) + to_days(due_days - 1))::DATE AS due
    FROM (
        SELECT *, CASE WHEN grain = 'cell' THEN 1 ELSE each_months END AS step,
            unnest(generate_series(first_day::TIMESTAMP, least(last_day, today)::TIMESTAMP, to_months(step))) AS first
        FROM owing
    )
    WHERE first + to_months(step) <= today
), exempt AS (
    SELECT source_id, unnest(not_applicable, recursive := true) FROM owing
), owed AS (
    SELECT DISTINCT source_id, p.area, r.month, r.period_end, r.due FROM place AS p JOIN period AS r USING (source_id)
    WHERE coalesce(p.valid_from <= r.period_end, true) AND coalesce(p.valid_to >= r.month, true)
)"""


def _told(seen: _Seen) -> str:
    """What was delivered: ``told`` (current), ``said`` (when), and ``arrived`` (when first all of it)."""
    of_slice = f"""
        SELECT s.source_id, s.record_type, s.delivery_id, s.batch_id,
            CASE WHEN o.by_area THEN s.area END AS area, date_trunc(o.each, s.period)::DATE AS month,
            s.n_records, coalesce(q.n, 0) AS n_quarantined, o.complete, s.valid_from, s.valid_to, s.rekeys
        FROM {meta.SLICE_VERSION.path} AS s JOIN owing AS o ON o.source_id = s.source_id AND o.grain = 'slice'
        LEFT JOIN (
            SELECT delivery_id, slice_period, slice_area, count(*) AS n FROM {RECORD.path}
            WHERE source_id IN (SELECT source_id FROM owing WHERE grain = 'slice') GROUP BY ALL
        ) AS q ON q.delivery_id = s.delivery_id AND q.slice_period = s.period
            AND q.slice_area IS NOT DISTINCT FROM s.area
        WHERE s.n_records > 0"""
    return f"""sliced AS ({of_slice}
), told AS (
    SELECT s.source_id, s.record_type, s.delivery_id, s.batch_id, c.area, c.month, c.status::VARCHAR AS status,
        c.n_records, c.n_quarantined, 'cell' AS grain
    FROM {meta.REPORT_CELL.path} AS c JOIN {meta.SLICE_VERSION.path} AS s ON s.slice_version = c.slice_version
    WHERE {seen.slice}
    UNION ALL
    SELECT s.source_id, any_value(s.record_type), max(s.delivery_id), max(s.batch_id), s.area, s.month,
        CASE WHEN sum(s.n_records) < any_value(s.complete) THEN 'partial' ELSE 'received' END,
        sum(s.n_records)::BIGINT, sum(s.n_quarantined)::BIGINT, 'slice'
    FROM sliced AS s WHERE {seen.slice} GROUP BY s.source_id, s.area, s.month
), said AS (
    SELECT d.delivery_id, d.source_id, coalesce(d.edition_date, d.received_at::DATE) AS said_on
    FROM {meta.DELIVERY.path} AS d WHERE d.status = 'loaded' AND {seen.batches.format("d")}
), first_said AS (SELECT source_id, min(said_on) AS said_on FROM said GROUP BY source_id),
arrived AS (
    SELECT w.source_id, w.area, w.month, min(d.said_on) AS received_on
    FROM (
        SELECT s.source_id, s.delivery_id, c.area, c.month
        FROM {meta.REPORT_CELL.path} AS c JOIN {meta.SLICE_VERSION.path} AS s ON s.slice_version = c.slice_version
        WHERE c.status IN ('received', 'zero_declared') AND s.rekeys IS NULL
        UNION ALL SELECT source_id, delivery_id, area, month FROM sliced
            WHERE rekeys IS NULL AND (complete IS NULL OR n_records >= complete)
    ) AS w JOIN said AS d ON d.delivery_id = w.delivery_id GROUP BY w.source_id, w.area, w.month
)"""


def _judged(seen: _Seen) -> str:
    """Owed and told joined by place and period, with the state on the day: ``judged``."""
    return f"""newest AS (
    SELECT source_id, area, max(month) AS month FROM told WHERE status IN {_ANY} GROUP BY source_id, area
), paired AS (
    SELECT coalesce(o.source_id, t.source_id) AS source_id, coalesce(o.area, t.area) AS area,
        coalesce(o.month, t.month) AS month, o.period_end, o.due, t.* EXCLUDE (source_id, area, month)
    FROM owed AS o FULL JOIN told AS t
        ON t.source_id = o.source_id AND t.month = o.month AND t.area IS NOT DISTINCT FROM o.area
), judged AS (
    SELECT b.*, w.today, e.reason, a.received_on, f.said_on AS first_said_on,
        coalesce(w.record_type, b.record_type) AS kind, coalesce(w.provider, p.provider) AS owner, w.areas_report,
        u.unit AS office, coalesce(w.grain, b.grain) AS shape,
        CASE
            WHEN b.status IN {_ANY} THEN b.status
            WHEN e.reason IS NOT NULL THEN 'not_applicable'
            WHEN b.due IS NULL THEN b.status
            WHEN b.due >= w.today THEN 'awaited'
            WHEN (b.status = 'missing' AND b.due < d.said_on) OR n.month > b.month THEN 'missing'
            ELSE 'late'
        END AS state
    FROM paired AS b LEFT JOIN owing AS w ON w.source_id = b.source_id
    LEFT JOIN (
        SELECT o.source_id, any_value(json_extract_string(o.declares, '$.agreement.owner')) AS provider
        FROM {meta.SOURCE.path} AS o WHERE {seen.source} GROUP BY o.source_id
    ) AS p ON p.source_id = b.source_id
    LEFT JOIN exempt AS e ON e.source_id = b.source_id AND (e.area IS NULL OR e.area = b.area)
        AND coalesce(e.first_day <= b.month, true)
        AND coalesce(e.last_day >= coalesce(b.period_end, last_day(b.month)), true)
    LEFT JOIN (SELECT source_id, unnest(units, recursive := true) FROM owing) AS u
        ON u.source_id = b.source_id AND u.area = b.area
    LEFT JOIN newest AS n ON n.source_id = b.source_id AND n.area IS NOT DISTINCT FROM b.area
    LEFT JOIN arrived AS a
        ON a.source_id = b.source_id AND a.area IS NOT DISTINCT FROM b.area AND a.month = b.month
    LEFT JOIN said AS d ON d.delivery_id = b.delivery_id
    LEFT JOIN first_said AS f ON f.source_id = b.source_id
    QUALIFY row_number() OVER (PARTITION BY b.source_id, b.area, b.month ORDER BY e.first_day, e.reason) = 1
)"""


def _status(seen: _Seen, day: str) -> str:
    """Every report that is owed or was received, with its state on a day."""
    return f"""
WITH {_owed(seen, day)}, {_told(seen)}, {_judged(seen)}
SELECT source_id, kind AS record_type, delivery_id, batch_id, area, month,
    state::{STATUS[6].sql_type} AS status, coalesce(n_records, 0) AS n_records,
    coalesce(n_quarantined, 0) AS n_quarantined, shape AS grain, coalesce(period_end, last_day(month)) AS period_end,
    owner AS provider, coalesce(office, CASE WHEN areas_report THEN area END, owner) AS unit, due, received_on,
    CASE
        WHEN due IS NULL OR state = 'not_applicable' THEN NULL
        WHEN received_on <= due THEN true
        WHEN coalesce(due >= first_said_on, true) AND due < today THEN false
    END AS in_time, reason
FROM judged"""


def _history() -> str:
    return (
        f"SELECT {columns_of(_SLICE, 's')}, {columns_of(_CELL, 'c')}, {columns_of(_VALIDITY, 's')} "
        f"FROM {meta.REPORT_CELL.path} AS c JOIN {meta.SLICE_VERSION.path} AS s ON s.slice_version = c.slice_version"
    )


_REPORT = "Every report that a source owes or has sent, one row per source, area and month"

VIEWS = (
    View(
        "meta",
        "report_status",
        f"{_REPORT} (or period), as it is known now, judged on the day of the last batch",
        STATUS,
        _status(_NOW, _last_day(_NOW)),
    ),
    View(
        "meta",
        "report_status_history",
        "What the deliveries of every source said of areas and months, in every version with its batches",
        (*_HISTORY, *_VALIDITY),
        _history(),
    ),
)

MACROS = (
    Macro(
        "meta",
        "report_status_as_of",
        f"{_REPORT}, as of a batch and judged on its day",
        ("as_of",),
        _status(_THEN, _last_day(_THEN)),
    ),
    Macro(
        "meta",
        "report_status_on",
        f"{_REPORT}, as it is known now, judged on a day",
        ("day",),
        _status(_NOW, "day::DATE"),
    ),
    Macro(
        "meta",
        "report_status_as_of_on",
        f"{_REPORT}, as of a batch, judged on a day",
        ("as_of", "day"),
        _status(_THEN, "day::DATE"),
    ),
)

MADE = (*VIEWS, *MACROS)
