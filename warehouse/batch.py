"""Batches and the records of deliveries that load nothing.

A batch is numbered when it begins and exists in the file from its first write on: work that finds nothing to do
leaves no trace and uses no number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from schemas.errors import Told
from schemas.staging import StagedDelivery
from warehouse import origins
from warehouse.database import Warehouse, utc_now
from warehouse.declarations import meta
from warehouse.inputs import DeliveryFacts, KnownDelivery, SourceFacts
from warehouse.literals import Value, literal, row


@dataclass(frozen=True)
class Batch:
    """A batch of work that has begun."""

    batch_id: int
    kind: str
    actor: str
    started_at: datetime
    software_version: str = ""
    catalogue_version: str = ""


def begin(
    warehouse: Warehouse,
    kind: str,
    actor: str,
    *,
    software_version: str = "",
    catalogue_version: str = "",
    started_at: datetime | None = None,
) -> Batch:
    """Number a new batch.

    Args:
        warehouse: The open warehouse.
        kind: ingest, compute, run, ...
        actor: The person who started it.
        software_version: Version of the system.
        catalogue_version: Version of the indicator catalogue.
        started_at: Start in UTC without a zone; now unless a test says otherwise.
    """
    started = started_at if started_at is not None else utc_now()
    return Batch(warehouse.last_batch() + 1, kind, actor, started, software_version, catalogue_version)


def record(warehouse: Warehouse, batch: Batch) -> None:
    """Write the batch if this is its first write; inside the caller's transaction."""
    values = (
        batch.batch_id,
        batch.kind,
        batch.actor,
        batch.started_at,
        None,
        batch.software_version,
        batch.catalogue_version,
        False,
    )
    warehouse.connection.execute(
        f"INSERT INTO {meta.BATCH.path} SELECT * FROM (VALUES {row(values)})"
        f" WHERE NOT EXISTS (FROM {meta.BATCH.path} WHERE batch_id = {batch.batch_id})"
    )


def commit(warehouse: Warehouse, batch: Batch, *, committed_at: datetime | None = None) -> bool:
    """End a batch.

    Returns:
        Whether it wrote anything; if not, it never was.
    """
    if not warehouse.scalar(f"SELECT count(*) FROM {meta.BATCH.path} WHERE batch_id = {batch.batch_id}"):
        return False
    ended = committed_at if committed_at is not None else utc_now()
    warehouse.connection.execute(
        f"UPDATE {meta.BATCH.path} SET committed_at = {literal(ended)} WHERE batch_id = {batch.batch_id}"
    )
    return True


def known_delivery(warehouse: Warehouse, source_id: str, sha256: str) -> KnownDelivery | None:
    """The last delivery of these bytes by this source, loaded or refused; None if they are new."""
    found = warehouse.connection.execute(
        f"""
        SELECT delivery_id, status, refusal_code, refusal_message, specification_version, file_name,
            corrections_version
        FROM {meta.DELIVERY.path}
        WHERE source_id = {literal(source_id)} AND sha256 = {literal(sha256)}
        ORDER BY delivery_id DESC LIMIT 1
        """
    ).fetchone()
    return KnownDelivery(*found) if found else None


def corrected_in(warehouse: Warehouse, delivery_id: int) -> set[tuple[str, int]]:
    """The corrections that were applied to a delivery: SHA-256 of each, and the record that it changed."""
    found = warehouse.connection.execute(
        f"SELECT digest, row_number FROM {meta.CORRECTION.path} WHERE delivery_id = {int(delivery_id)}"
    ).fetchall()
    return {(str(digest), int(number)) for digest, number in found}


def record_repetition(
    warehouse: Warehouse,
    known: KnownDelivery,
    *,
    seen_by: str,
    file_name: str,
    seen_at: datetime | None = None,
    batch: Batch | None = None,
) -> None:
    """Record that the same bytes came again; nothing else changes and no batch is made."""
    when = seen_at if seen_at is not None else utc_now()
    values = (known.delivery_id, batch.batch_id if batch else None, when, seen_by, file_name)
    warehouse.connection.execute(f"INSERT INTO {meta.REPETITION.path} VALUES {row(values)}")


def record_refusal(
    warehouse: Warehouse,
    batch: Batch,
    delivery: DeliveryFacts,
    refusal: Told,
    *,
    source: SourceFacts | None = None,
    staged: StagedDelivery | None = None,
) -> int:
    """Record a delivery that was refused whole: its row in ``meta.delivery`` and the batch, and nothing else.

    Args:
        warehouse: The open warehouse.
        batch: The batch in which it was judged.
        delivery: The file.
        refusal: Why it was refused.
        source: The source's declarations, if they were read.
        staged: What was found in the file, if it could be read.

    Returns:
        Number of the delivery.
    """
    delivery_id = warehouse.last_delivery() + 1
    values: dict[str, Value] = {
        **delivery_columns(delivery_id, batch, delivery),
        "specification_version": source.specification_version if source else None,
        "status": "refused",
        "refusal_code": refusal.code,
        "refusal_message": str(refusal),
    }
    if staged:
        values.update(staged_columns(staged))
    with warehouse.transaction():
        record(warehouse, batch)
        insert_delivery(warehouse, values, delivery)
    return delivery_id


def delivery_columns(delivery_id: int, batch: Batch, delivery: DeliveryFacts) -> dict[str, Value]:
    """Columns of ``meta.delivery`` that the file gives."""
    return {
        "delivery_id": delivery_id,
        "batch_id": batch.batch_id,
        "source_id": delivery.source_id,
        "file_name": delivery.file_name,
        "sha256": delivery.sha256,
        "size_bytes": delivery.size_bytes,
        "received_at": delivery.received_at,
        "received_by": delivery.received_by,
        "cutoff_date": delivery.cutoff_date,
        "corrections_version": delivery.corrections_version,
        "retries": delivery.again,
    }


def staged_columns(staged: StagedDelivery) -> dict[str, Value]:
    """Columns of ``meta.delivery`` that the reading of the file gives."""
    return {
        "layout": staged.layout,
        "edition_date": staged.edition_date,
        "period_start": staged.period_start,
        "period_end": staged.period_end,
        "rows_delivered": staged.rows_delivered,
        "rows_unreadable": staged.rows_unreadable,
        "rows_excluded": sum(staged.row_exclusions.values()),
        "records_made": staged.records_made,
        "repeated_rows": staged.repeated_rows,
    }


def insert_delivery(warehouse: Warehouse, values: dict[str, Value], delivery: DeliveryFacts) -> None:
    """Write a row of ``meta.delivery``, and where it was fetched; columns not named are NULL."""
    names = ", ".join(f'"{name}"' for name in values)
    warehouse.connection.execute(f"INSERT INTO {meta.DELIVERY.path} ({names}) VALUES {row(values.values())}")
    if delivery.origin:
        origins.record(warehouse, int(str(values["delivery_id"])), delivery.source_id, delivery.origin)
