"""What each source declared, kept with the batches in which it was so."""

from __future__ import annotations

from warehouse import batch as batches
from warehouse.batch import Batch
from warehouse.database import Warehouse
from warehouse.declarations import meta
from warehouse.inputs import SourceFacts
from warehouse.literals import literal, row


def register(warehouse: Warehouse, batch: Batch, source: SourceFacts) -> None:
    """Write the source's declaration if it is new or has changed; inside the caller's transaction."""
    values = (
        source.title,
        source.country,
        source.record_type,
        source.source_type,
        source.specification_version,
        source.declares_json(),
    )
    names = "title, country, record_type, source_type, specification_version, declares"
    current = f"source_id = {literal(source.source_id)} AND valid_to IS NULL"
    connection = warehouse.connection
    unchanged = connection.execute(
        f"SELECT ({names}) IS NOT DISTINCT FROM {row(values)} FROM {meta.SOURCE.path} WHERE {current}"
    ).fetchone()
    if unchanged and unchanged[0]:
        return
    batches.record(warehouse, batch)
    connection.execute(f"UPDATE {meta.SOURCE.path} SET valid_to = {batch.batch_id} WHERE {current}")
    begun = row((source.source_id, batch.batch_id, None, *values))
    connection.execute(
        f"INSERT INTO {meta.SOURCE.path} (source_id, valid_from, valid_to, {names}) VALUES {begun}"
    )
