"""Runs whose process is gone: found by the process noted in the run's tags, marked as failed, their slots freed.

A killed process leaves its run as started and its place in the pool taken, for ever: Dagster's launcher does not
look after the processes that it started. A process is known by its number, its start and the boot of the machine,
so that another process that got the same number later is not taken for it.
"""

import os
import time
from functools import cache
from pathlib import Path

import dagster as dg

#: Of the kind that the page does not show: it tells a technician nothing.
TAG = ".dagster/siprev_process"
ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
_UNDER_WAY = [
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
#: A run notes its process with its first step. Without a note it may just have begun, until this much later.
_UNNOTED_SECONDS = 300.0
#: Position of the start time among the fields of /proc/PID/stat that follow the name of the command.
_START_TIME = 19

_noted: set[str] = set()


def note(instance: dg.DagsterInstance, run_id: str) -> None:
    """Note in a run's tags which process does its work; once per run and process."""
    if run_id not in _noted:
        instance.add_run_tags(run_id, {TAG: identity(os.getpid()) or "unknown"})
        _noted.add(run_id)


def identity(pid: int) -> str | None:
    """Number, start and boot of a running process; None if there is none with this number."""
    try:
        # the command's name, in brackets, may hold spaces
        fields = (
            Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        )
    except OSError:
        return None
    if fields[0] in {"Z", "X"}:  # it has ended and waits to be collected
        return None
    return f"{pid} {fields[_START_TIME]} {_boot()}"


@cache
def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


def lives(noted: str) -> bool:
    """Whether the process of a note is still running."""
    pid = noted.split(" ", 1)[0]
    return pid.isdigit() and identity(int(pid)) == noted


def end_dead_runs(instance: dg.DagsterInstance, *, unnoted_seconds: float = _UNNOTED_SECONDS) -> list[str]:
    """Mark as failed the runs under way whose process is gone, and free their places in the pools.

    Args:
        instance: Dagster's storage.
        unnoted_seconds: How long a run may be without a note of its process.

    Returns:
        The runs that were ended.
    """
    ended: list[str] = []
    for record in instance.get_run_records(dg.RunsFilter(statuses=_UNDER_WAY)):
        run = record.dagster_run
        noted = run.tags.get(TAG)
        silent = time.time() - record.update_timestamp.timestamp()
        dead = not lives(noted) if noted else silent > unnoted_seconds
        if dead:
            instance.report_run_failed(
                run,
                "the process of this run is gone (killed, or the machine stopped); what it committed holds",
            )
            instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
            ended.append(run.run_id)
    return ended


def end_dead_runs_of(dagster_home: Path) -> list[str]:
    """The same for the storage of a folder with a ``dagster.yaml``."""
    with dg.DagsterInstance.from_config(str(dagster_home)) as instance:
        return end_dead_runs(instance)
