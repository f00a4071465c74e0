"""Running a process and reading the kernel's account of it once it has ended.

This process stays small: its memory is the floor of what it can measure in a child. Nothing heavy is imported here
or in the modules that measure; files are made and results are read by processes of their own.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType

ROOT = Path(__file__).resolve().parents[2]
#: No single run takes longer than this, unless it hangs.
TIMEOUT_SECONDS = 3600.0


class Failed(RuntimeError):
    """A measured process ended otherwise than it should."""


@dataclass(frozen=True)
class Run:
    """One finished process.

    Attributes:
        wall: Seconds from its start to its end.
        user: Seconds of processor time in its own code, over all threads.
        system: Seconds of processor time in the kernel on its behalf.
        peak_mb: Most memory that it held at once.
        load_before: Processes that waited for a processor before it started (average of the last minute).
    """

    wall: float
    user: float
    system: float
    peak_mb: int
    load_before: float

    @property
    def cpu(self) -> float:
        """Seconds of processor time."""
        return round(self.user + self.system, 3)

    def record(self) -> dict[str, float]:
        """As the results hold it."""
        return asdict(self) | {"cpu": self.cpu}


@dataclass(frozen=True)
class Output:
    """What a process said."""

    stdout: str
    stderr: str


def environment() -> dict[str, str]:
    """The environment of a measured process: no setting of the product, so that the shipped ones hold."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("SIPREV_")}
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), kept.get("PYTHONPATH", ""))))}


def siprev(*arguments: str | Path) -> list[str]:
    """The real command, of the environment that runs the benchmarks."""
    return [str(Path(sys.executable).parent / "siprev"), *map(str, arguments)]


def python(*arguments: str | Path) -> list[str]:
    """The Python that runs the benchmarks."""
    return [sys.executable, *map(str, arguments)]


def run(
    command: Sequence[str],
    folder: Path,
    *,
    statuses: Sequence[int] = (0,),
    extra: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Run, Output]:
    """Run a process to its end.

    Args:
        command: What to run.
        folder: Where its output is kept meanwhile.
        statuses: Exit statuses that mean it did what it should.
        extra: Settings of the product that differ from the shipped ones.

    Raises:
        Failed: It ended with another status, or did not end.
    """
    out, err = folder / "stdout.txt", folder / "stderr.txt"
    os.sync()  # what an earlier process wrote shall not be flushed at the cost of this one
    load = round(os.getloadavg()[0], 2)
    with out.open("w", encoding="utf-8") as stdout, err.open("w", encoding="utf-8") as stderr:
        told = {**environment(), **extra}
        started = time.perf_counter()
        child = subprocess.Popen(command, stdout=stdout, stderr=stderr, env=told, cwd=ROOT)
        timer = threading.Timer(TIMEOUT_SECONDS, child.kill)
        timer.start()
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - started
        timer.cancel()
    child.returncode = os.waitstatus_to_exitcode(status)
    said = Output(out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8"))
    if child.returncode not in statuses:
        last = said.stderr.strip().splitlines()[-5:]
        raise Failed(f"{' '.join(command)}: exit status {child.returncode}: {' / '.join(last)}")
    measured = Run(
        round(wall, 3),
        round(usage.ru_utime, 3),
        round(usage.ru_stime, 3),
        usage.ru_maxrss // 1024,
        load,
    )
    return measured, said


def alternate(
    contenders: Mapping[str, Callable[[int], Run]], repetitions: int, say: Callable[[str], None]
) -> dict[str, list[Run]]:
    """Let contenders take turns, so that a busy minute of the machine does not fall on one alone."""
    runs: dict[str, list[Run]] = {name: [] for name in contenders}
    for repetition in range(repetitions):
        for name, once in contenders.items():
            done = once(repetition)
            runs[name].append(done)
            say(
                f"  {repetition + 1}/{repetitions} {name}: {done.wall:.2f} s, {done.cpu:.2f} CPU s, {done.peak_mb:,} MB"
            )
    return runs


def median(runs: Sequence[Run], what: str) -> float:
    """The median of one measure over runs."""
    return float(statistics.median(getattr(run, what) for run in runs))


def ratio(ours: Sequence[Run], theirs: Sequence[Run], what: str) -> float:
    """Ratio of the medians of one measure."""
    return median(ours, what) / max(median(theirs, what), 1e-9)
