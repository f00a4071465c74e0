"""The current facts hashed anew under another master key: new versions of the same slices, then one switch.

A copy of a slice holds the same records with other hashes and references. Until the switch no copy is current, so that
a process that dies on the way leaves everything as it was; copies that are there already are not made again. Earlier
versions keep their hashes: as of an earlier batch everything answers as it did.
"""

from __future__ import annotations

from dataclasses import dataclass

from schemas import record_type, sql, staging
from schemas.errors import Refusal
from warehouse import batch as batches
from warehouse import keys, structure
from warehouse.batch import Batch
from warehouse.database import Warehouse, sweep_orphans
from warehouse.declarations import facts, meta
from warehouse.declared import Column
from warehouse.keys import KeyInUse
from warehouse.literals import literal
from warehouse.reading import one

#: Slices of one delivery with the numbers of their copies.
SLICE = "rekey_slice"


@dataclass(frozen=True)
class Hashed:
    """A delivery of which current slices are hashed under another key than the new one."""

    delivery_id: int
    source_id: str
    record_type: str
    file_name: str
    sha256: str
    slices: int


def waiting(warehouse: Warehouse, version: int, *, unlinked: bool = False) -> list[Hashed]:
    """Deliveries whose current slices have to be hashed anew and have no copy yet; made-up data keep their key.

    Args:
        warehouse: The open warehouse.
        version: Version of the new key.
        unlinked: Whether a copy without hashes will do.
    """
    found = warehouse.connection.execute(
        f"""
        SELECT d.delivery_id, d.source_id, v.record_type, d.file_name, d.sha256, count(*)
        FROM {meta.SLICE_VERSION.path} AS v JOIN {meta.DELIVERY.path} AS d USING (delivery_id)
        WHERE {_to_do(version, unlinked=unlinked)} GROUP BY ALL ORDER BY d.delivery_id
        """
    ).fetchall()
    return [Hashed(*row) for row in found]


def _to_do(version: int, *, unlinked: bool) -> str:
    """SQL condition: the slice ``v`` has to be copied."""
    same = f"coalesce(key_version, {version})" if unlinked else "key_version"
    copied = f"SELECT rekeys FROM {meta.SLICE_VERSION.path} WHERE rekeys IS NOT NULL AND {same} = {version}"
    return (
        f"v.valid_to IS NULL AND v.key_version > 0 AND v.key_version <> {version} "
        f"AND v.slice_version NOT IN ({copied})"
    )


def copy(warehouse: Warehouse, batch: Batch, hashed: Hashed, version: int, *, staged: bool) -> None:
    """Copy the current slices of a delivery with other hashes.

    Args:
        warehouse: The open warehouse.
        batch: The batch of the rotation.
        hashed: The delivery.
        version: Version of the new key.
        staged: Whether the delivery was staged anew under the new key; if not, its bytes are gone, and the copies
            have neither hashes nor references (and no version of a key).

    Raises:
        Refusal: The staged records are not those that were loaded. Nothing was written.
    """
    connection = warehouse.connection
    first = warehouse.scalar(f"SELECT max(slice_version) FROM {meta.SLICE_VERSION.path}")
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE {SLICE} AS
        SELECT ({first} + row_number() OVER (ORDER BY v.slice_version))::INTEGER AS copy, v.*
        FROM {meta.SLICE_VERSION.path} AS v
        WHERE v.delivery_id = {hashed.delivery_id} AND {_to_do(version, unlinked=not staged)}
        """
    )
    try:
        if staged:
            _require_same_records(warehouse, hashed)
        _write(warehouse, batch, hashed, version if staged else None)
    except BaseException:
        sweep_orphans(connection)
        raise
    finally:
        connection.execute(f"DROP TABLE IF EXISTS {SLICE}")


def _require_same_records(warehouse: Warehouse, hashed: Hashed) -> None:
    """Hold the staged records against the loaded ones, by position, slice and period."""
    table = facts.fact_table(record_type.load(hashed.record_type))
    loaded, found = one(
        warehouse.connection,
        f"""
        SELECT (SELECT sum(n_records) FROM {SLICE}), count(*)
        FROM {table.path} AS r JOIN {SLICE} AS k ON k.slice_version = r.slice_version
        JOIN {staging.TABLE} AS s ON s.row_number = r.row_number AND s.row_part = r.row_part
            AND s.slice_period IS NOT DISTINCT FROM k.period AND s.slice_area IS NOT DISTINCT FROM k.area
        """,
    )
    if found != loaded:
        raise Refusal(
            f"read again, the landed file gives other records than were loaded: {found:,} of {loaded:,} are the same",
            where=f"delivery {hashed.delivery_id} of {hashed.source_id} ({hashed.file_name})",
            how="its declaration has changed since: take out what moved its rows, or load the file again first",
            code="other_records",
        )


def _write(warehouse: Warehouse, batch: Batch, hashed: Hashed, version: int | None) -> None:
    """Write the copies: the restricted file first, the main file's commit is the truth (see ``warehouse.load``)."""
    kind, staged = record_type.load(hashed.record_type), version is not None
    connection = warehouse.connection
    restricted = facts.restricted_table(kind)
    with warehouse.transaction():
        if restricted:
            held = structure.existing(connection, restricted)
            connection.execute(_copied(held.path, held.columns, staged=staged))
    with warehouse.transaction():
        batches.record(warehouse, batch)
        table = structure.existing(connection, facts.fact_table(kind))
        connection.execute(_copied(table.path, table.columns, staged=staged))
        unchanged = "source_id, record_type, period, area, edition_date, delivery_id"
        connection.execute(
            f"""
            INSERT INTO {meta.SLICE_VERSION.path} (slice_version, {unchanged}, batch_id, valid_from, valid_to,
                n_records, events, key_version, rekeys)
            SELECT copy, {unchanged}, {batch.batch_id}, {batch.batch_id}, {batch.batch_id}, n_records, events,
                {literal(version)}, slice_version FROM {SLICE}
            """
        )
        connection.execute(
            f"INSERT INTO {meta.REPORT_CELL.path} SELECT k.copy, c.* EXCLUDE (slice_version)"
            f" FROM {meta.REPORT_CELL.path} AS c JOIN {SLICE} AS k USING (slice_version)"
        )


def _copied(table: str, columns: tuple[Column, ...], *, staged: bool) -> str:
    """INSERT of the records of the slices' copies into the table that holds the slices' own."""
    values = [_value(column, staged=staged) for column in columns[1:]]
    names = ", ".join(sql.name(column.name) for column in columns)
    again = f" JOIN {staging.TABLE} AS s ON s.row_number = r.row_number AND s.row_part = r.row_part"
    return (
        f"INSERT INTO {table} ({names}) SELECT k.copy, {', '.join(values)} FROM {table} AS r "
        f"JOIN {SLICE} AS k ON k.slice_version = r.slice_version{again if staged else ''}"
    )


def _value(column: Column, *, staged: bool) -> str:
    name = sql.name(column.name)
    if not _from_identifier(column.name):
        return f"r.{name}"
    return f"s.{name}" if staged else f"NULL::{column.sql_type}"


def _from_identifier(field: str) -> bool:
    """Whether a field is made from identifiers: a hash, a reference, or a key."""
    return field.endswith(("_hmac", "_ref")) or field in ("record_key", "replaces_key")


def switch(warehouse: Warehouse, batch: Batch, key: KeyInUse) -> tuple[int, int]:
    """Let the copies hold instead of what they were copied from, and the key be the one in use: one transaction.

    Returns:
        Number of slices, and of those among them that have no hash any more.
    """
    connection = warehouse.connection
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE {SLICE} AS
        SELECT max_by(c.slice_version, coalesce(c.key_version, 0)) AS copy, c.rekeys, max(c.key_version) AS key_version
        FROM {meta.SLICE_VERSION.path} AS c JOIN {meta.SLICE_VERSION.path} AS v ON v.slice_version = c.rekeys
        WHERE coalesce(c.key_version, {key.version}) = {key.version} AND v.valid_to IS NULL GROUP BY c.rekeys
        """
    )
    try:
        n = warehouse.scalar(f"SELECT count(*) FROM {SLICE}")
        unlinked = warehouse.scalar(f"SELECT count(*) FROM {SLICE} WHERE key_version IS NULL")
        with warehouse.transaction():
            keys.record(warehouse, batch, "rotated", key, slices=n, unlinked=unlinked)
            connection.execute(
                f"UPDATE {meta.SLICE_VERSION.path} SET valid_to = {batch.batch_id}"
                f" WHERE slice_version IN (SELECT rekeys FROM {SLICE})"
            )
            connection.execute(
                f"UPDATE {meta.SLICE_VERSION.path} SET valid_from = {batch.batch_id}, valid_to = NULL"
                f" WHERE slice_version IN (SELECT copy FROM {SLICE})"
            )
    finally:
        connection.execute(f"DROP TABLE IF EXISTS {SLICE}")
    return n, unlinked
