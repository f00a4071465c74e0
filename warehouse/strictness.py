"""How strictly rules are applied to each source, kept with the batches in which it was declared so."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from warehouse import batch as batches
from warehouse.batch import Batch
from warehouse.database import Warehouse
from warehouse.declarations.strictness import RULE_SETTING
from warehouse.literals import literal, row


@dataclass(frozen=True)
class Setting:
    """How strictly a rule is applied; ``meta.rule_setting`` describes it."""

    rule_code: str
    severity: str | None
    tolerated: float | None
    own_severity: str


def declare(warehouse: Warehouse, batch: Batch, source_id: str, settings: Collection[Setting]) -> bool:
    """Write how strictly rules are applied to a source, where that has changed.

    Returns:
        Whether anything was written.
    """
    current = f"source_id = {literal(source_id)} AND valid_to IS NULL"
    connection = warehouse.connection
    found = connection.execute(
        f"SELECT rule_code, severity, tolerated, own_severity FROM {RULE_SETTING.path} WHERE {current}"
    ).fetchall()
    kept = {Setting(*values) for values in found}
    ended, begun = kept - set(settings), set(settings) - kept
    if not ended and not begun:
        return False
    with warehouse.transaction():
        batches.record(warehouse, batch)
        for setting in sorted(ended, key=lambda s: s.rule_code):
            connection.execute(
                f"UPDATE {RULE_SETTING.path} SET valid_to = {batch.batch_id}"
                f" WHERE {current} AND rule_code = {literal(setting.rule_code)}"
            )
        for s in sorted(begun, key=lambda s: s.rule_code):
            values = row(
                (source_id, batch.batch_id, None, s.rule_code, s.severity, s.tolerated, s.own_severity)
            )
            connection.execute(f"INSERT INTO {RULE_SETTING.path} VALUES {values}")
    return True
