"""Jobs and their schedules.

monthly: the round of a month (see ``rounds``): deliveries of all sources, checks, indicators, snapshot, exports. On
the first of each month the round of the month that has ended is closed; while a month lasts, the sensor of the inbox
runs its round for the sources that received something, and every day it is run for the sources that are fetched.
checks: only the checks, every day, since a source becomes late without anything happening.
forget_old_runs: Dagster keeps runs and their events for ever; here they go after two years.

Nothing is switched on by itself: a technician switches schedules and the sensor on, on Dagster's page.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import dagster as dg

from pipelines.orchestration import processes
from pipelines.orchestration.rounds import month_before, month_of

#: Hours are UTC.
CLOSING = "0 5 1 * *"
DAILY = "0 6 * * *"
FETCHING = "0 4 * * *"
FORGETTING = "0 4 2 * *"

#: One process does all steps of a run, since they write one after the other anyway and a process of its own costs a
#: step several seconds. A step goes on where what it needs was reported, also where the reporting step then failed:
#: a refused file of one source stops neither the other sources nor the indicators.
EXECUTOR = dg.in_process_executor.configured(
    {"step_dependency_config": {"require_upstream_step_success": False}}, name="one_process"
)

MONTHLY = dg.define_asset_job(
    "monthly",
    selection=dg.AssetSelection.all(),
    description="A month's round: what arrived, its checks, the indicators that wait for it, snapshot and exports.\n\n"
    "To take in what waits in the inbox now: Materialize all, then Latest (the month that has not ended). Months that "
    "were never run lack nothing: the next round that is run takes in their files too.",
)
CHECKS = dg.define_asset_job(
    "checks",
    selection=dg.AssetSelection.all_asset_checks(),
    description="All checks, on the current snapshot.",
)


class Keep(dg.Config):
    """How long ended runs are kept."""

    days: int = 730


@dg.op
def forget(context: dg.OpExecutionContext, config: Keep) -> None:
    """Delete the runs that ended long ago, with their events."""
    started = datetime.fromtimestamp(
        context.instance.get_run_stats(context.run_id).start_time or 0
    ).astimezone()
    old = context.instance.get_run_records(
        dg.RunsFilter(statuses=processes.ENDED, updated_before=started - timedelta(days=config.days))
    )
    for record in old:
        context.instance.delete_run(record.dagster_run.run_id)
    context.log.info(f"{len(old)} runs that ended more than {config.days} days ago are deleted")


@dg.job(description="Delete Dagster's records of runs that ended more than two years ago.")
def forget_old_runs() -> None:
    """Delete old runs."""
    forget()


def closing_schedule() -> dg.ScheduleDefinition:
    """Closes a month's round when the month has ended."""

    @dg.schedule(
        name="close_the_month",
        job=MONTHLY,
        cron_schedule=CLOSING,
        execution_timezone="UTC",
        description="On the first of each month: the round of the month that has ended.",
    )
    def close_the_month(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        month = month_before(context.scheduled_execution_time)
        return dg.RunRequest(run_key=f"round {month}", partition_key=month)

    return close_the_month


def fetching_schedule(
    fetched: Sequence[dg.AssetKey], downstream: Sequence[dg.AssetKey]
) -> dg.ScheduleDefinition:
    """Runs the round of the month that has not ended for the sources that are fetched."""

    @dg.schedule(
        name="fetch_every_day",
        job=MONTHLY,
        cron_schedule=FETCHING,
        execution_timezone="UTC",
        description="Every day: what databases and addresses have new, and what follows from it.",
    )
    def fetch_every_day(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        at = context.scheduled_execution_time
        return dg.RunRequest(
            run_key=f"fetched {at:%Y-%m-%d}",
            partition_key=month_of(at),
            asset_selection=[*fetched, *downstream],
        )

    return fetch_every_day


def schedules(
    fetched: Sequence[dg.AssetKey] = (), downstream: Sequence[dg.AssetKey] = ()
) -> list[dg.ScheduleDefinition]:
    """All schedules.

    Args:
        fetched: The sources that are fetched.
        downstream: What follows from deliveries.
    """
    return [
        closing_schedule(),
        *([fetching_schedule(fetched, downstream)] if fetched else []),
        dg.ScheduleDefinition(
            "check_every_day",
            job=CHECKS,
            cron_schedule=DAILY,
            execution_timezone="UTC",
            description="Every day: all checks, since a source becomes late without anything happening.",
        ),
        dg.ScheduleDefinition(
            "forget_old_runs_monthly",
            job=forget_old_runs,
            cron_schedule=FORGETTING,
            execution_timezone="UTC",
            description="On the second of each month: delete Dagster's records of runs that ended more than two years "
            "ago.",
        ),
    ]
