"""Which master key is in use: recorded when it is first used and when it is changed, with who and when.

The warehouse never sees a key, only its version and its mark, which tells two keys of one version apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from warehouse import batch as batches
from warehouse import reading
from warehouse.batch import Batch
from warehouse.database import Warehouse, utc_now
from warehouse.declarations import meta
from warehouse.literals import literal, row
from warehouse.reading import Rows, rows


@dataclass(frozen=True)
class KeyInUse:
    """The master key under which everything that is current is hashed."""

    version: int
    mark: str


def in_use(connection: duckdb.DuckDBPyConnection) -> KeyInUse | None:
    """The key in use; None as long as none was."""
    if not reading.has(connection, meta.KEY_EVENT):
        return None
    found = connection.execute(
        f"SELECT key_version, mark FROM {meta.KEY_EVENT.path} WHERE event IN ('first_used', 'rotated')"
        " ORDER BY key_version DESC LIMIT 1"
    ).fetchone()
    return KeyInUse(*found) if found else None


def asked_by(connection: duckdb.DuckDBPyConnection, version: int, mark: str) -> str | None:
    """Who asked that a key come into use; None if nobody did."""
    found = connection.execute(
        f"SELECT actor FROM {meta.KEY_EVENT.path} WHERE event = 'rotation_asked' AND key_version = {int(version)}"
        f" AND mark = {literal(mark)} ORDER BY batch_id DESC, happened_at DESC LIMIT 1"
    ).fetchone()
    return str(found[0]) if found else None


def is_completed(connection: duckdb.DuckDBPyConnection, version: int) -> bool:
    """Whether nothing is sealed by an older key than this any more."""
    found = connection.execute(
        f"SELECT count(*) FROM {meta.KEY_EVENT.path} WHERE key_version = {int(version)}"
        " AND event IN ('first_used', 'rotation_completed')"
    ).fetchone()
    return bool(found and found[0])


def events(connection: duckdb.DuckDBPyConnection) -> Rows:
    """Everything that happened to keys, in order."""
    if not reading.has(connection, meta.KEY_EVENT):
        return []
    return rows(
        connection,
        f"SELECT key_version AS version, event, happened_at, actor, batch_id AS batch, slices, slices_unlinked"
        f" FROM {meta.KEY_EVENT.path} ORDER BY batch_id, happened_at, key_version",
    )


def slices_by_version(connection: duckdb.DuckDBPyConnection) -> dict[int, int]:
    """Number of current slices by the version of the key of their hashes."""
    if not reading.has(connection, meta.KEY_EVENT):
        return {}
    found = connection.execute(
        f"SELECT key_version, count(*) FROM {meta.SLICE_VERSION.path} WHERE valid_to IS NULL"
        " AND key_version IS NOT NULL GROUP BY key_version ORDER BY key_version"
    ).fetchall()
    return {int(version): int(n) for version, n in found}


def record(
    warehouse: Warehouse,
    batch: Batch,
    event: str,
    key: KeyInUse,
    *,
    slices: int | None = None,
    unlinked: int | None = None,
) -> None:
    """Record what happened to a key; inside the caller's transaction."""
    batches.record(warehouse, batch)
    values = (batch.batch_id, utc_now(), batch.actor, event, key.version, key.mark, slices, unlinked)
    warehouse.connection.execute(f"INSERT INTO {meta.KEY_EVENT.path} VALUES {row(values)}")
