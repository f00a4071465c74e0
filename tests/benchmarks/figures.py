"""What a benchmark hands back: figures with their targets, and every single run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.benchmarks.measure import Run

MET, MISSED, UNDECIDED, INFORMATION = "met", "missed", "undecided", ""


@dataclass(frozen=True)
class Figure:
    """One figure of the table: what was to be reached, and what was."""

    what: str
    target: str
    measured: str
    verdict: str


@dataclass(frozen=True)
class Result:
    """What one benchmark found.

    Attributes:
        title: What was measured.
        figures: Lines of the table.
        settings: Sizes and the like, which a reader needs to repeat it.
        runs: Every run, by contender.
        notes: Sentences for the reader.
        details: Further values for the JSON file.
    """

    title: str
    figures: Sequence[Figure]
    settings: Mapping[str, Any]
    runs: Mapping[str, Sequence[Run]] = field(default_factory=dict)
    notes: Sequence[str] = ()
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Options:
    """How much is measured.

    Attributes:
        work: Folder for files and homes.
        rows: Rows of the great delivery.
        repetitions: Runs of each contender.
        sources: Declared sources for the run with nothing new.
        say: Tells what is going on.
    """

    work: Path
    rows: int
    repetitions: int
    sources: int
    say: Callable[[str], None]

    def at_most(self, rows: int) -> int:
        """A benchmark's own size, or fewer rows where fewer are asked for."""
        return min(rows, self.rows)


def at_most(wall: float, cpu: float, limit: float) -> str:
    """Whether a ratio of times stays within its limit, by the clock and by processor time.

    Processor time decides nothing alone, but where the two disagree another process may have been in the way.
    """
    within = (wall <= limit, cpu <= limit)
    return MET if all(within) else MISSED if not any(within) else UNDECIDED


def times(wall: float, cpu: float) -> str:
    """Two ratios as the table shows them."""
    return f"{wall:.2f} x (clock), {cpu:.2f} x (CPU)"
