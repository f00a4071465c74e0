"""What all definitions stand on: the settings and the clock, which tests replace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pipelines.settings import Settings
from warehouse.home import Home

#: Pool of everything that writes the warehouse: one writer at a time.
WRITERS = "warehouse"
#: Pool of everything that writes exports; it reads the snapshot, so that it need not wait for a writer.
EXPORTERS = "exports"
#: Runs of Dagster wait for each other by the pool; this is for a writer on the command line.
LEAST_WAIT_SECONDS = 900.0

Clock = Callable[[], datetime]


def utc_clock() -> datetime:
    """This moment, with its zone."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Installation:
    """The home folder with its settings, and the clock."""

    settings: Settings
    clock: Clock = utc_clock

    @classmethod
    def of(cls, settings: Settings, clock: Clock | None = None) -> Installation:
        """An installation whose writing steps wait for another writer rather than fail."""
        patient = replace(settings, wait_seconds=max(settings.wait_seconds, LEAST_WAIT_SECONDS))
        return cls(patient, clock or utc_clock)

    @property
    def home(self) -> Home:
        """The home folder."""
        return Home(self.settings.home)
