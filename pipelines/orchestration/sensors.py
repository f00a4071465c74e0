"""The sensor of the inbox: runs the open round for the sources that received something, and for nothing else.

A file counts once two looks in a row found it the same, so that one that is still being copied is left alone. Each
state of a file (size, time of change, declaration) is asked for once: what was taken in or refused is known from the
inbox's own marks, what was asked for and is still under way from the sensor's cursor. A run that was killed, or that
stopped because something else was missing, is not repeated for its own sake: its files go along with the next run
that the sensor asks for, or with the closing of the month.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import dagster as dg

from pipelines.orchestration import deliveries, intake, processes
from pipelines.orchestration.installation import Installation
from pipelines.orchestration.jobs import MONTHLY
from pipelines.orchestration.rounds import month_of
from sources.kit.discovery import Source

NAME = "inbox"
_EVERY_SECONDS = 60


@dataclass
class Look:
    """What a look into the inbox found, by source and name of the file; states are as text."""

    looked: dict[str, str] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, cursor: str | None) -> "Look":
        """The look that a cursor holds."""
        kept = json.loads(cursor) if cursor else {}
        return cls(kept.get("looked", {}), kept.get("asked", {}))

    def cursor(self) -> str:
        """The look as a cursor."""
        return json.dumps({"looked": self.looked, "asked": self.asked}, sort_keys=True)


def inbox_sensor(
    installation: Installation, sources: Sequence[Source], downstream: Sequence[dg.AssetKey]
) -> dg.SensorDefinition:
    """The sensor.

    Args:
        installation: Home and clock.
        sources: Sources whose inboxes are looked at.
        downstream: Assets that follow deliveries.
    """

    @dg.sensor(
        name=NAME,
        job=MONTHLY,
        minimum_interval_seconds=_EVERY_SECONDS,
        description="Every minute: runs the open month's round for sources with new files in their inbox, once a file "
        "has stayed as it is from one look to the next.",
    )
    def inbox(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        before = Look.of(context.cursor)
        now = look(installation, sources, before)
        due = {k: s for k, s in now.looked.items() if before.looked.get(k) == s and now.asked.get(k) != s}
        now.asked |= due
        if not due:
            fresh = len([k for k, s in now.looked.items() if now.asked.get(k) != s])
            told = (
                f"{fresh} files have just arrived; they are taken in once they stay as they are"
                if fresh
                else None
            )
            return dg.SensorResult(skip_reason=told or "nothing new in the inbox", cursor=now.cursor())
        left_over = {} if _under_way(context.instance) else now.asked
        ids = {k.partition("/")[0] for k in due | left_over}
        # the run orders sources by their priority
        selection = [deliveries.key(s.id) for s in sources if s.id in ids]
        request = dg.RunRequest(
            run_key=hashlib.sha256(json.dumps(due, sort_keys=True).encode()).hexdigest(),
            partition_key=month_of(installation.clock()),
            asset_selection=[*selection, *downstream],
            tags={"siprev/files": str(len(due))},
        )
        return dg.SensorResult(run_requests=[request], cursor=now.cursor())

    return inbox


def _under_way(instance: dg.DagsterInstance) -> bool:
    """Whether a round is waiting to be run or running."""
    statuses = [status for status in dg.DagsterRunStatus if status not in processes.ENDED]
    return bool(instance.get_run_records(dg.RunsFilter(job_name=MONTHLY.name, statuses=statuses), limit=1))


def look(installation: Installation, sources: Sequence[Source], before: Look) -> Look:
    """The files that were not dealt with, and what of them was asked for."""
    found = {
        f"{source.id}/{path.name}": json.dumps(intake.state(source, path))
        for source in sources
        for path in intake.new_files(installation.home, source)
    }
    return Look(found, {k: s for k, s in before.asked.items() if k in found})
