"""What may be removed: old snapshots, landed files that no delivery names, landed bytes past their retention."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse import deliveries, reading, snapshot
from warehouse.database import Warehouse, utc_now
from warehouse.declarations import meta
from warehouse.declarations.recovery import REMOVAL, RETENTION
from warehouse.home import Home
from warehouse.literals import literal, row
from warehouse.snapshot import Retention


@dataclass(frozen=True)
class Expired:
    """Landed bytes that have been kept for as long as their source's agreement states.

    ``deliveries`` are those that were made of them; ``until`` is the first day on which they are not to be kept.
    """

    source_id: str
    sha256: str
    deliveries: tuple[int, ...]
    years: int
    until: dt.date


def snapshots(home: Home, keep: int) -> list[str]:
    """Remove all snapshots but the newest ones and that which the pointer names."""
    return snapshot.prune(home, Retention(newest=keep, younger_than_seconds=0.0))


def unnamed(home: Home, connection: duckdb.DuckDBPyConnection) -> list[Path]:
    """Landed files that no delivery names: of a killed process, or landed after the backup that was restored."""
    named = {(one.source_id, one.sha256) for one in deliveries.landed(connection)}
    # the key of a sealed file has its name, and an ending
    return [path for path in home.landed() if (path.parent.name, path.name.partition(".")[0]) not in named]


def expired(home: Home, connection: duckdb.DuckDBPyConnection, today: dt.date) -> list[Expired]:
    """Landed bytes that are there and past the retention that their source declares, by source and hash."""
    found = connection.execute(
        f"""
        SELECT source_id, sha256, list(delivery_id ORDER BY delivery_id), years,
            (max(received_at)::DATE + to_years(years))::DATE AS until
        FROM {meta.DELIVERY.path} JOIN {RETENTION} AS s USING (source_id) WHERE sha256 <> ''
        GROUP BY source_id, sha256, years HAVING until <= {literal(today)} ORDER BY source_id, sha256
        """
    ).fetchall()
    old = [Expired(source, sha256, tuple(made), years, until) for source, sha256, made, years, until in found]
    return [one for one in old if (home.landing / one.source_id / one.sha256).is_file()]


def record(warehouse: Warehouse, found: Sequence[Expired], actor: str) -> list[Path]:
    """Record that landed bytes are removed, before they are; a kill in between leaves them to the next prune.

    Returns:
        The landed files.
    """
    records = ", ".join(
        row((one.source_id, delivery_id, utc_now(), actor, _reason(one)))
        for one in found
        for delivery_id in one.deliveries
    )
    if records:
        with warehouse.transaction():
            warehouse.connection.execute(
                f"INSERT INTO {REMOVAL.path} VALUES {records} ON CONFLICT DO NOTHING"
            )
    return [warehouse.home.landing / one.source_id / one.sha256 for one in found]


def _reason(one: Expired) -> str:
    return f"kept for {one.years} years, as the agreement states, until {one.until.isoformat()}"


def removed(connection: duckdb.DuckDBPyConnection) -> set[int]:
    """Deliveries whose landed bytes were removed."""
    if not reading.has(connection, REMOVAL):
        return set()
    return {int(r[0]) for r in connection.execute(f"SELECT delivery_id FROM {REMOVAL.path}").fetchall()}
