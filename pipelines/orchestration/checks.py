"""Checks of each source's deliveries, judged by the current snapshot.

accepted: the delivery that arrived last was not refused.
accounting: the account of every delivery adds up and agrees with what the tables hold (guarantee G1). It blocks: no
indicator is computed and nothing is exported in a run in which it fails.
rules: the share of records in quarantine is tolerable; which rules were broken how often.
freshness: the last edition is not older than the declared cadence lets expect. What a source owes, month by month,
is not declared yet; a source that never delivered is not called late.

They run after the deliveries in every run, and by themselves every day.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import dagster as dg
import duckdb

from pipelines.orchestration import deliveries, findings
from pipelines.orchestration.installation import Installation
from pipelines.orchestration.telling import working
from pipelines.steps import reading
from schemas.rules import explain
from sources.kit.discovery import Source
from warehouse import snapshot

#: Share of a delivery's records in quarantine from which on somebody should look.
TOLERATED_SHARE = 0.05
#: Days since the last edition after which a source is late, by cadence. A month has passed, the institution had
#: about six weeks; a year has passed, the institution had nearly three months.
LATE_AFTER_DAYS = {"month": 75, "year": 450}

Judge = Callable[[duckdb.DuckDBPyConnection, Installation, Source], dg.AssetCheckResult]


def asset_checks(installation: Installation, source: Source) -> dg.AssetChecksDefinition:
    """All checks of one source, in one step."""
    asset = deliveries.key(source.id)

    @dg.multi_asset_check(
        name=f"check_{source.id}",
        specs=[
            dg.AssetCheckSpec(name, asset=asset, description=judge.__doc__, blocking=judge is accounting)
            for name, judge in JUDGES.items()
        ],
        can_subset=True,
    )
    def checks(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        names = sorted(k.name for k in context.selected_asset_check_keys)
        with working(context):
            results = judge_all(installation, source, names)
        yield from results

    return checks


def judge_all(installation: Installation, source: Source, names: list[str]) -> list[dg.AssetCheckResult]:
    """The results of some checks; before the first snapshot there is nothing that could be wrong."""
    if snapshot.current(installation.home) is None:
        return [
            _result(source, name, passed=True, description="nothing has been loaded yet") for name in names
        ]
    with reading.current(installation.settings) as connection:
        return [JUDGES[name](connection, installation, source) for name in names]


def accepted(
    connection: duckdb.DuckDBPyConnection, installation: Installation, source: Source
) -> dg.AssetCheckResult:
    """The delivery that arrived last was not refused."""
    last = findings.latest_arrival(connection, source.id)
    if last is None:
        return _result(source, "accepted", passed=True, description="nothing has been delivered yet")
    return _result(
        source,
        "accepted",
        passed=last.status != "refused",
        # a paragraph for each line: the page would run them together
        description="\n\n".join((last.refusal or f"delivery {last.delivery_id} is loaded").splitlines()),
        metadata={"delivery": str(last.delivery_id)},  # as text, which is not plotted
    )


def accounting(
    connection: duckdb.DuckDBPyConnection, installation: Installation, source: Source
) -> dg.AssetCheckResult:
    """Rows, records and events of every delivery are accounted for, and the tables hold what the accounts say."""
    unequal = findings.unbalanced(connection, source.id, source.specification.record_type)
    n = findings.deliveries(connection, source.id)
    told = [f"delivery {number}: {name}: {one} and {other}" for number, name, one, other in unequal]
    return _result(
        source,
        "accounting",
        passed=not unequal,
        description="; ".join(told) or f"all accounts add up (deliveries: {n})",
        metadata={"deliveries": n, "unequal": len(unequal)},
    )


def rules(
    connection: duckdb.DuckDBPyConnection, installation: Installation, source: Source
) -> dg.AssetCheckResult:
    """The share of records in quarantine in the newest delivery is tolerable."""
    last = findings.last_delivery(connection, source.id, "records_loaded IS NOT NULL")
    if last is None or not last.made:
        return _result(source, "rules", passed=True, description="no records have been delivered yet")
    quarantined = last.quarantined or 0
    share = quarantined / last.made
    broken = findings.broken_rules(connection, last.delivery_id)
    return _result(
        source,
        "rules",
        passed=share <= TOLERATED_SHARE,
        description=f"delivery {last.delivery_id}: {quarantined:,} of {last.made:,} records ({share:.1%}) are in "
        f"quarantine, tolerated are {TOLERATED_SHARE:.0%}; positions: siprev quarantine list --source {source.id}",
        metadata={
            "quarantined_share": round(share, 4),
            "warnings": sum(severity == "warn" for _, severity, *_ in broken),
            "rules": _rules_table(broken),
        },
        severity=dg.AssetCheckSeverity.WARN,
    )


def freshness(
    connection: duckdb.DuckDBPyConnection, installation: Installation, source: Source
) -> dg.AssetCheckResult:
    """The newest edition, or else the last arrival, is as recent as the cadence of the source lets expect."""
    days = LATE_AFTER_DAYS.get(source.specification.delivers.slice.period)
    last = findings.last_delivery(connection, source.id, "status = 'loaded'")
    if days is None or last is None:
        told = "no cadence is declared" if days is None else "nothing has been loaded yet"
        return _result(source, "freshness", passed=True, description=told)
    seen, today = last.edition or last.received, installation.clock().date()
    late_from = seen + timedelta(days=days)
    late = today > late_from
    return _result(
        source,
        "freshness",
        passed=not late,
        description=f"the newest edition is of {seen}; late from {late_from} on, {days} days later"
        f"{'; ask the institution for the next one' if late else ''}",
        metadata={"edition": str(seen), "age_days": (today - seen).days},
        severity=dg.AssetCheckSeverity.WARN,
    )


def _rules_table(broken: Sequence[tuple[str, str, str, int, int]]) -> dg.TableMetadataValue:
    """Rules that records broke, with what each means and how it is mended."""
    texts = ("rule", "severity", "scope", "what is wrong", "how to mend")
    numbers = ("broken", "judged")
    columns = [*(dg.TableColumn(n) for n in texts), *(dg.TableColumn(n, "int") for n in numbers)]
    records = [
        dg.TableRecord(
            dict(zip((*texts, *numbers), (rule, severity, scope, *explain(rule, "en"), n, of), strict=True))
        )
        for rule, severity, scope, n, of in broken
    ]
    return dg.MetadataValue.table(records, schema=dg.TableSchema(columns))


def _result(
    source: Source,
    name: str,
    *,
    passed: bool,
    description: str,
    metadata: dict[str, Any] | None = None,
    severity: dg.AssetCheckSeverity = dg.AssetCheckSeverity.ERROR,
) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=passed,
        check_name=name,
        asset_key=deliveries.key(source.id),
        description=description,
        metadata=metadata or {},
        severity=severity,
    )


JUDGES: dict[str, Judge] = {
    "accepted": accepted,
    "accounting": accounting,
    "rules": rules,
    "freshness": freshness,
}
