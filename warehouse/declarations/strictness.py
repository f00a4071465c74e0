"""How strictly rules are applied to a source, and stored results judged by it without reading a file again."""

from __future__ import annotations

from dataclasses import dataclass

from warehouse.declarations import meta
from warehouse.declared import VALIDITY, Column, Macro, Table, View, held, holds

RULE_SETTING = Table(
    "meta",
    "rule_setting",
    "How strictly rules are applied to a source, where that is not as they say, with the batches in which it was so",
    (
        Column("source_id", "VARCHAR", "Source", required=True),
        *VALIDITY,
        Column("rule_code", "VARCHAR", "Code of the rule", required=True),
        Column("severity", "VARCHAR", "row or warn; NULL where it is as the rule says"),
        Column(
            "tolerated", "DOUBLE", "Share of the records that may break it; NULL where it is as the rule says"
        ),
        Column("own_severity", "VARCHAR", "Severity that the rule has by itself", required=True),
    ),
)

TABLES = (RULE_SETTING,)

_STATE = (
    "not_applicable: there was nothing to judge; passed: no record broke it; tolerated: no more did than it tolerates; "
    "warned: more did, and were loaded; failed: records broke a rule that quarantines"
)
_COLUMNS = (
    Column("delivery_id", "INTEGER", "Delivery"),
    Column("source_id", "VARCHAR", "Source"),
    Column("rule_code", "VARCHAR", "Code of the rule"),
    Column("scope", "VARCHAR", "What the rule looks at: row, delivery or reference"),
    Column("n_judged", "BIGINT", "Records judged"),
    Column("n_broken", "BIGINT", "Records that broke it"),
    Column(
        "share", "DOUBLE", "Share of the judged records that broke it; NULL where there was nothing to judge"
    ),
    Column("severity_then", "VARCHAR", "Severity by which the delivery was judged"),
    Column("severity", "VARCHAR", "Severity as it is declared now"),
    Column("tolerated", "DOUBLE", "Share that it tolerates as it is declared now; NULL where none"),
    Column("state", "VARCHAR", _STATE),
    Column(
        "retry",
        "BOOLEAN",
        "Whether records would be loaded or quarantined now that were not: siprev quarantine retry judges them anew",
    ),
)


@dataclass(frozen=True)
class _Seen:
    """As of when: conditions on the settings and on the deliveries."""

    setting: str
    deliveries: str


def _states(seen: _Seen) -> str:
    """Counts are as they were stored; severity and tolerance are those that are declared now, or as of the batch."""
    return f"""
WITH judged AS (
    SELECT r.delivery_id, d.source_id, r.rule_code, r.scope, r.n_judged, r.n_broken,
        r.n_broken / nullif(r.n_judged, 0) AS share, r.severity AS severity_then,
        coalesce(o.severity, t.own_severity, r.severity) AS severity, coalesce(o.tolerated, r.tolerated) AS tolerated,
        r.raised, o.tolerated AS now_tolerated
    FROM {meta.RULE_RESULT.path} AS r JOIN {meta.DELIVERY.path} AS d ON d.delivery_id = r.delivery_id
    LEFT JOIN {RULE_SETTING.path} AS o
        ON o.source_id = d.source_id AND o.rule_code = r.rule_code AND {seen.setting}
    LEFT JOIN {RULE_SETTING.path} AS t ON t.source_id = d.source_id AND t.rule_code = r.rule_code
        AND t.severity = r.severity AND {held("t", "d.batch_id")}
    WHERE {seen.deliveries}
)
SELECT delivery_id, source_id, rule_code, scope, n_judged, n_broken, share, severity_then, severity, tolerated,
    CASE
        WHEN n_judged = 0 THEN 'not_applicable'
        WHEN n_broken = 0 THEN 'passed'
        WHEN severity <> 'warn' THEN 'failed'
        WHEN now_tolerated IS NOT NULL AND share <= now_tolerated THEN 'tolerated'
        WHEN now_tolerated IS NULL AND NOT coalesce(raised, true) THEN 'tolerated'
        ELSE 'warned'
    END AS state, severity <> severity_then AND n_broken > 0 AS retry
FROM judged"""


_COMMENT = "Every result of a rule on a delivery, judged by the severity and tolerance that are declared"

MADE = (
    View("meta", "rule_state", f"{_COMMENT} now", _COLUMNS, _states(_Seen(holds("o"), "true"))),
    Macro(
        "meta",
        "rule_state_as_of",
        f"{_COMMENT}, as of a batch",
        ("as_of",),
        _states(_Seen(held("o", "as_of"), "d.batch_id <= as_of")),
    ),
)
