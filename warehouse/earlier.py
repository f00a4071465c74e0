"""Rows of a delivery that speak of earlier records, held against the facts: whether what they name is there.

A name that finds nothing is a warning: the record may come later, or the provider has mistyped its number.
"""

from __future__ import annotations

from schemas import staging
from schemas.staging import StagedDelivery
from warehouse.database import Warehouse
from warehouse.declarations import meta
from warehouse.declared import path
from warehouse.inputs import SourceFacts
from warehouse.literals import literal
from warehouse.tally import GOOD

#: Rule that a delivery judges whose rows speak of earlier records, and the one that is judged here.
SPEAKS, NOT_FOUND = "earlier.status", "earlier.not_found"


def judge(warehouse: Warehouse, delivery_id: int, staged: StagedDelivery, source: SourceFacts) -> None:
    """Write how many earlier records were named and not found; inside the loading transaction, after the facts."""
    if not any(rule.code == SPEAKS for rule in staged.rules):
        return
    facts = path("core", staged.record_type)
    warehouse.connection.execute(
        f"""
        INSERT INTO {meta.RULE_RESULT.path}
        SELECT {delivery_id}, {literal(NOT_FOUND)}, 'warn', count(*),
            count(*) FILTER (found.record_key IS NULL) AS n_broken, 'reference', n_broken > 0, NULL
        FROM (SELECT r.replaces_key FROM {staging.TABLE} AS r
            WHERE {GOOD} AND r.replaces_key IS NOT NULL AND r.slice_area LIKE 'earlier %') AS named
        LEFT JOIN (SELECT DISTINCT record_key FROM {facts}
            WHERE source_id = {literal(source.source_id)}
                AND (replaces_key IS NULL OR delivery_id <> {delivery_id})) AS found
            ON found.record_key = named.replaces_key
        """
    )
