"""Reading from the current snapshot, and from the restricted file what only its writer may see."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb

from pipelines.settings import Settings
from warehouse import quarantine, snapshot
from warehouse.home import Home


@contextmanager
def current(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The current snapshot, read-only.

    Raises:
        Misuse: Nothing has been loaded yet.
    """
    with snapshot.reader(Home(settings.home), memory_limit=settings.memory_limit) as connection:
        yield connection


def quarantined(settings: Settings, source_id: str | None) -> list[dict[str, Any]]:
    """Quarantined records by source, delivery and rule, with the rule's message and positions of examples."""
    with current(settings) as connection:
        return quarantine.listed(connection, source_id)


def unknown_codes(settings: Settings, source_id: str | None) -> list[dict[str, Any]]:
    """Codes that are in no list, most frequent first."""
    return quarantine.unknown_codes(Home(settings.home), source_id)
