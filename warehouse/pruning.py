"""What may be removed: old snapshots, landed files that no delivery names, landed bytes past their retention."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse import deliveries, snapshot
from warehouse.database import Warehouse, utc_now
from warehouse.declarations import meta
from warehouse.declarations.recovery import REMOVAL
from warehouse.deliveries import LandedDelivery
from warehouse.home import Home
from warehouse.literals import row
from warehouse.snapshot import Retention

#: Ending of the file that holds the key of a sealed one.
KEY_SUFFIX = ".key"


@dataclass(frozen=True)
class Expired:
    """A delivery whose landed bytes have been kept for as long as its source's agreement states.

    ``until`` is the first day on which they are not to be kept any more.
    """

    delivery: LandedDelivery
    years: int
    until: dt.date


def snapshots(home: Home, keep: int) -> list[str]:
    """Remove all snapshots but the newest ones and that which the pointer names."""
    return snapshot.prune(home, Retention(newest=keep, younger_than_seconds=0.0))


def unnamed(home: Home, connection: duckdb.DuckDBPyConnection) -> list[Path]:
    """Landed files that no delivery names: of a killed process, or landed after the backup that was restored."""
    named = {(one.source_id, one.sha256) for one in deliveries.landed(connection)}
    return [
        path
        for path in sorted(home.landing.glob("*/*"))
        if path.is_file()
        and not path.name.startswith(".")
        and (path.parent.name, path.name.removesuffix(KEY_SUFFIX)) not in named
    ]


def expired(home: Home, connection: duckdb.DuckDBPyConnection, today: dt.date) -> list[Expired]:
    """Deliveries whose landed bytes are there and past the retention that their source declares, oldest first."""
    years = dict(
        connection.execute(
            f"""
            SELECT source_id, CAST((declares ->> '$.agreement.retention_years') AS INTEGER) FROM {meta.SOURCE.path}
            WHERE valid_to IS NULL AND (declares ->> '$.agreement.retention_years') IS NOT NULL
            """
        ).fetchall()
    )
    received = dict(
        connection.execute(f"SELECT delivery_id, received_at FROM {meta.DELIVERY.path}").fetchall()
    )
    last: dict[tuple[str, str], Expired] = {}
    for one in deliveries.landed(connection):
        if one.source_id in years and (home.landing / one.source_id / one.sha256).is_file():
            until = _years_after(received[one.delivery_id].date(), years[one.source_id])
            last[one.source_id, one.sha256] = Expired(one, years[one.source_id], until)
    return [found for found in last.values() if found.until <= today]


def _years_after(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, month=3, day=1)


def record(warehouse: Warehouse, found: Sequence[Expired], actor: str) -> list[Path]:
    """Record that landed bytes are removed, before they are; a kill in between leaves them to the next prune.

    Returns:
        The landed files.
    """
    records = ", ".join(
        row(
            (
                one.delivery.source_id,
                one.delivery.delivery_id,
                utc_now(),
                actor,
                f"kept for {one.years} years, as the agreement states, until {one.until.isoformat()}",
            )
        )
        for one in found
    )
    if records:
        with warehouse.transaction():
            warehouse.connection.execute(
                f"INSERT INTO {REMOVAL.path} VALUES {records} ON CONFLICT DO NOTHING"
            )
    return [warehouse.home.landing / one.delivery.source_id / one.delivery.sha256 for one in found]


def removed(connection: duckdb.DuckDBPyConnection) -> set[int]:
    """Deliveries whose landed bytes were removed; none in a file of an earlier version, which has no such table."""
    made = connection.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'meta' AND table_name = 'removal'"
    ).fetchone()
    if not made or not made[0]:
        return set()
    return {int(r[0]) for r in connection.execute(f"SELECT delivery_id FROM {REMOVAL.path}").fetchall()}
