"""Quarantine as work: what waits now, a ticket for each delivery and rule, and how providers do over time.

Nothing of it is stored: a record waits as long as its slice is the current one of its delivery, so that a ticket opens
with the delivery and closes with whatever takes the place of its slices.
"""

from __future__ import annotations

from warehouse.declarations import meta
from warehouse.declarations.obligation import OBLIGATION
from warehouse.declarations.quarantine import RECORD
from warehouse.declared import Column, Macro, View, columns_of, path

#: The owner of each source's data, as it was declared last.
PROVIDERS = f"""(
    SELECT source_id, arg_max(provider, valid_from) AS provider FROM (
        SELECT source_id, json_extract_string(declares, '$.agreement.owner') AS provider, valid_from
        FROM {meta.SOURCE.path}
        UNION ALL SELECT source_id, provider, valid_from FROM {OBLIGATION.path}
    ) WHERE provider IS NOT NULL GROUP BY source_id
)"""

_JUDGED = f"(d.status = 'loaded' OR d.delivery_id IN (SELECT delivery_id FROM {RECORD.path}))"

#: A slice of a source as one text, since neither its period nor its area need be there.
_KEY = "concat_ws('|', coalesce(period::VARCHAR, ''), coalesce(area, ''))"

#: Slices of deliveries that broke a rule, with the batch that ended them (NULL: current; hashed anew it is the same).
_ENDED = f"""
    SELECT source_id, delivery_id, period, area, {_KEY} AS slice_key,
        CASE WHEN bool_and(valid_to IS NOT NULL) THEN max(valid_to) END AS ended, NULL::INTEGER AS successor
    FROM {meta.SLICE_VERSION.path}
    WHERE delivery_id IN (
        SELECT delivery_id FROM {RECORD.path} UNION SELECT delivery_id FROM {meta.RULE_RESULT.path} WHERE raised
    )
    GROUP BY source_id, delivery_id, period, area"""

#: The same with the delivery whose slice took their place.
_SUCCEEDED = f"""
    SELECT v.* EXCLUDE (successor), CASE WHEN coalesce(s.valid_to > v.ended, true) THEN s.delivery_id END AS successor
    FROM ({_ENDED}) AS v ASOF LEFT JOIN (
        -- of one slice never two versions hold at once: the last that began is the one that holds
        SELECT source_id, delivery_id, {_KEY} AS slice_key, valid_from, valid_to FROM {meta.SLICE_VERSION.path}
        WHERE valid_to IS NULL OR valid_to > valid_from
    ) AS s ON s.source_id = v.source_id AND s.slice_key = v.slice_key AND v.ended >= s.valid_from"""


def _deliveries(slices: str) -> str:
    """The same of whole deliveries."""
    return f"""
    SELECT delivery_id, CASE WHEN bool_and(ended IS NOT NULL) THEN max(ended) END AS ended, max(successor) AS successor
    FROM ({slices}) GROUP BY delivery_id"""


def _waiting(slices: str) -> str:
    """One row per record that ever went to quarantine, with the batch from which it no longer waits (NULL: it waits).

    And the delivery that took its place, where the slices tell. A record of a slice that its delivery brought waits as
    long as that is current. Any other (its date cannot be read, or its whole slice is in quarantine) waits as long as
    the delivery holds a current slice or is the last of its source that was judged: a file that was refused unread says
    nothing of records before it.
    """
    return f"""
    SELECT q.*, CASE
            WHEN v.delivery_id IS NOT NULL THEN v.ended
            WHEN (h.delivery_id IS NULL OR h.ended IS NOT NULL) AND n.next_batch IS NOT NULL
                THEN greatest(coalesce(h.ended, 0), n.next_batch)
        END AS ended, CASE WHEN v.delivery_id IS NOT NULL THEN v.successor
            ELSE greatest(coalesce(h.successor, 0), n.next_delivery) END AS successor
    FROM {RECORD.path} AS q
    LEFT JOIN ({slices}) AS v ON v.delivery_id = q.delivery_id
        AND v.period IS NOT DISTINCT FROM q.slice_period AND v.area IS NOT DISTINCT FROM q.slice_area
    LEFT JOIN ({_deliveries(slices)}) AS h ON h.delivery_id = q.delivery_id
    LEFT JOIN (
        SELECT d.delivery_id, lead(d.batch_id) OVER of_source AS next_batch,
            lead(d.delivery_id) OVER of_source AS next_delivery
        FROM {meta.DELIVERY.path} AS d WHERE {_JUDGED}
        WINDOW of_source AS (PARTITION BY d.source_id ORDER BY d.delivery_id)
    ) AS n ON n.delivery_id = q.delivery_id"""


_RECORDS = tuple(c.optional() for c in RECORD.columns)
_CURRENT = f"SELECT {columns_of(RECORD.columns, 'w')} FROM ({_waiting(_ENDED)}) AS w WHERE {{}}"

_TICKET = (
    Column("ticket", "VARCHAR", "The ticket's name: number of the delivery, a colon, the rule"),
    Column("provider", "VARCHAR", "Owner of the data"),
    Column("source_id", "VARCHAR", "Source"),
    Column("delivery_id", "INTEGER", "Delivery"),
    Column(
        "rule_code", "VARCHAR", "Rule that was broken, or file. and the reason for which the file was refused"
    ),
    Column(
        "kind",
        "VARCHAR",
        "quarantine: records wait; warning: more records broke it than it tolerates; refusal: the "
        "file was refused unread",
    ),
    Column("records", "BIGINT", "Records that broke the rule; NULL for a refusal"),
    Column("waiting", "BIGINT", "Of these, records that still wait"),
    Column("opened_batch", "INTEGER", "Batch that opened it"),
    Column("opened_on", "DATE", "Day of that batch, UTC"),
    Column("closed_batch", "INTEGER", "Batch that closed it; NULL while it is open"),
    Column("closed_on", "DATE", "Day of that batch, UTC"),
    Column("closed_by", "INTEGER", "Delivery that took the place of its slices, the last of several"),
    Column(
        "state",
        "VARCHAR",
        "open; mended: what took its place does not break the rule; again: it does, and has a ticket of its own",
    ),
)


def _tickets(batches: str, closed: str) -> str:
    """Tickets of deliveries that meet a condition on batches; ``closed``: SQL of the batch that closed it."""
    return f"""
WITH found AS (
    SELECT delivery_id, rule AS rule_code, 'quarantine' AS kind, count(*) AS records,
        count(*) FILTER ({closed} IS NULL) AS waiting,
        CASE WHEN bool_and({closed} IS NOT NULL) THEN max({closed}) END AS closed_batch, max(successor) AS successor
    FROM (SELECT delivery_id, ended, successor, unnest(rules) AS rule FROM ({_waiting(_SUCCEEDED)}))
    GROUP BY delivery_id, rule
    UNION ALL
    SELECT r.delivery_id, r.rule_code, 'warning', r.n_broken, CASE WHEN {closed} IS NULL THEN r.n_broken ELSE 0 END,
        {closed}, successor
    FROM {meta.RULE_RESULT.path} AS r JOIN ({_deliveries(_SUCCEEDED)}) AS h USING (delivery_id)
    WHERE r.severity = 'warn' AND r.raised
    UNION ALL
    SELECT d.delivery_id, 'file.' || d.refusal_code, 'refusal', NULL, NULL, {closed}, successor
    FROM (
        SELECT d.delivery_id, d.refusal_code, min(l.batch_id) AS ended, min(l.delivery_id) AS successor
        FROM {meta.DELIVERY.path} AS d LEFT JOIN {meta.DELIVERY.path} AS l
            ON l.source_id = d.source_id AND l.status = 'loaded' AND l.delivery_id > d.delivery_id
        WHERE d.status = 'refused' AND NOT {_JUDGED} GROUP BY d.delivery_id, d.refusal_code
    ) AS d
), day AS (
    SELECT batch_id, coalesce(committed_at, started_at)::DATE AS day FROM {meta.BATCH.path}
)
SELECT f.delivery_id || ':' || f.rule_code AS ticket,
    p.provider, d.source_id, f.delivery_id, f.rule_code, f.kind, f.records, f.waiting,
    d.batch_id AS opened_batch, b.day AS opened_on, f.closed_batch, e.day AS closed_on,
    CASE WHEN f.closed_batch IS NOT NULL THEN f.successor END AS closed_by,
    CASE
        WHEN f.closed_batch IS NULL THEN 'open'
        WHEN EXISTS (FROM found AS g WHERE g.delivery_id = f.successor AND g.rule_code = f.rule_code) THEN 'again'
        ELSE 'mended'
    END AS state
FROM found AS f JOIN {meta.DELIVERY.path} AS d ON d.delivery_id = f.delivery_id
LEFT JOIN {PROVIDERS} AS p ON p.source_id = d.source_id
LEFT JOIN day AS b ON b.batch_id = d.batch_id LEFT JOIN day AS e ON e.batch_id = f.closed_batch
WHERE {batches}"""


_SCORE = (
    Column("provider", "VARCHAR", "Owner of the data"),
    Column("month", "DATE", "First day of the month in which the deliveries were received"),
    Column("deliveries", "BIGINT", "Deliveries received; bytes that were judged anew count once"),
    Column("refused", "BIGINT", "Of these, refused whole"),
    Column("records", "BIGINT", "Records made of them"),
    Column("quarantined", "BIGINT", "Of these, records that went to quarantine"),
    Column("share", "DOUBLE", "Share of the records that went to quarantine; NULL where no record was made"),
    Column("tickets", "BIGINT", "Tickets that they opened"),
    Column("open", "BIGINT", "Of these, tickets that are still open"),
    Column("mended", "BIGINT", "Of these, tickets that what came later has mended"),
    Column("again", "BIGINT", "Of these, tickets whose rule was broken again by what came later"),
    Column("days_to_mend", "DOUBLE", "Median of the days from opening to closing of the mended ones"),
)


def _scores(tickets: str, batches: str) -> str:
    return f"""
WITH delivered AS (
    SELECT d.delivery_id, date_trunc('month', d.received_at)::DATE AS month, d.status, d.records_made,
        d.records_quarantined, d.retries, p.provider
    FROM {meta.DELIVERY.path} AS d
    LEFT JOIN {PROVIDERS} AS p ON p.source_id = d.source_id
    WHERE {batches}
), ticket AS (
    SELECT delivery_id, count(*) AS tickets, count(*) FILTER (state = 'open') AS open,
        count(*) FILTER (state = 'mended') AS mended, count(*) FILTER (state = 'again') AS again,
        list(closed_on - opened_on) FILTER (state = 'mended') AS days
    FROM {tickets} GROUP BY delivery_id
)
SELECT provider, month, count(*) FILTER (retries IS NULL) AS deliveries,
    count(*) FILTER (retries IS NULL AND status = 'refused') AS refused,
    coalesce(sum(records_made) FILTER (retries IS NULL), 0)::BIGINT AS records,
    coalesce(sum(records_quarantined) FILTER (retries IS NULL), 0)::BIGINT AS quarantined,
    quarantined / nullif(records, 0) AS share, coalesce(sum(tickets), 0)::BIGINT AS tickets,
    coalesce(sum(open), 0)::BIGINT AS open, coalesce(sum(mended), 0)::BIGINT AS mended,
    coalesce(sum(again), 0)::BIGINT AS again, list_median(flatten(list(days) FILTER (days IS NOT NULL))) AS days_to_mend
FROM delivered LEFT JOIN ticket USING (delivery_id) GROUP BY provider, month"""


_THEN = "CASE WHEN ended <= as_of THEN ended END"
_OF_TICKETS = "A ticket for each delivery and rule that a person should see to, open or closed"
_OF_SCORES = (
    "How each provider did in each month: deliveries, refusals, quarantine, tickets and how long they took"
)

MADE = (
    View(
        "quarantine",
        "current",
        "Records in quarantine that wait now: nothing has taken the place of their slices",
        _RECORDS,
        _CURRENT.format("w.ended IS NULL"),
    ),
    Macro(
        "quarantine",
        "current_as_of",
        "Records in quarantine that waited as of a batch",
        ("as_of",),
        _CURRENT.format("w.batch_id <= as_of AND (w.ended IS NULL OR w.ended > as_of)"),
    ),
    View("meta", "ticket", _OF_TICKETS, _TICKET, _tickets("true", "ended")),
    Macro(
        "meta",
        "ticket_as_of",
        f"{_OF_TICKETS}, as of a batch",
        ("as_of",),
        _tickets("d.batch_id <= as_of", _THEN),
    ),
    View("meta", "scorecard", _OF_SCORES, _SCORE, _scores(path("meta", "ticket"), "true")),
    Macro(
        "meta",
        "scorecard_as_of",
        f"{_OF_SCORES}, as of a batch",
        ("as_of",),
        _scores(f"{path('meta', 'ticket_as_of')}(as_of)", "d.batch_id <= as_of"),
    ),
)
