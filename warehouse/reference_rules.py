"""Rules on what is loaded already: judged over the records of a delivery as soon as they are in the tables.

They warn: what a record speaks of may be delivered later. They are part of the load's transaction, so that the
result of every rule is there as soon as the records are.
"""

from __future__ import annotations

from schemas import compile_reference
from schemas.record_type import RecordType
from schemas.staging import Finding, StagedDelivery
from warehouse import accounting
from warehouse.database import Warehouse
from warehouse.declarations import facts
from warehouse.reading import one
from warehouse.slices import SLICE


def judge(
    warehouse: Warehouse, delivery_id: int, kind: RecordType, staged: StagedDelivery, country: str
) -> None:
    """Judge the rules of a record type that look at loaded facts, and write what they found.

    Args:
        warehouse: The open warehouse, inside the transaction of the load.
        delivery_id: The delivery.
        kind: Its record type.
        staged: What was found in it.
        country: Country of its source.
    """
    versions = f"SELECT min(slice_version), max(slice_version) FROM {SLICE}"
    records = (
        f"SELECT r.* FROM {facts.fact_table(kind).path} AS r, ({versions}) AS v(low, high) "
        "WHERE r.slice_version BETWEEN v.low AND v.high"
    )
    found = []
    for rule in kind.rules:
        if rule.scope == "reference" and set(rule.fields) <= staged.fields:
            judged, broken = one(warehouse.connection, compile_reference.counts(rule, records, country))
            found.append(Finding(rule.code, rule.severity, judged, broken, broken > 0))
    accounting.write_findings(warehouse, delivery_id, found, "reference")
