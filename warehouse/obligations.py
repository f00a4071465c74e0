"""What each source owes, kept with the batches in which it was declared so."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from schemas import sql
from warehouse import batch as batches
from warehouse.batch import Batch
from warehouse.database import Warehouse
from warehouse.declarations.obligation import NOT_APPLICABLE, OBLIGATION, UNITS
from warehouse.literals import Value, literal


@dataclass(frozen=True)
class Exempt:
    """An area (None: all) and days (None: without limit) about which there is nothing to report."""

    area: str | None
    first_day: date | None
    last_day: date | None
    reason: str


@dataclass(frozen=True)
class Obligation:
    """Which reports a source owes; ``meta.obligation`` describes each of them."""

    record_type: str
    country: str
    provider: str
    grain: str
    by_area: bool
    areas_report: bool
    each: str
    each_months: int
    due_days: int
    first_day: date
    last_day: date | None
    complete: int | None
    areas: tuple[str, ...]
    units: tuple[tuple[str, str], ...]
    not_applicable: tuple[Exempt, ...]


def declare(warehouse: Warehouse, batch: Batch, source_id: str, owed: Obligation | None) -> bool:
    """Write what a source owes if that is new or has changed; None where it owes nothing any more.

    Returns:
        Whether anything was written.
    """
    current = f"source_id = {literal(source_id)} AND valid_to IS NULL"
    columns = [c.name for c in OBLIGATION.columns[3:]]
    names = ", ".join(sql.name(c) for c in columns)
    connection = warehouse.connection
    kept = connection.execute(f"SELECT {names} FROM {OBLIGATION.path} WHERE {current}").fetchone()
    wanted = connection.execute(f"SELECT {_values(owed)}").fetchone() if owed else None
    if kept == wanted:
        return False
    with warehouse.transaction():
        batches.record(warehouse, batch)
        connection.execute(f"UPDATE {OBLIGATION.path} SET valid_to = {batch.batch_id} WHERE {current}")
        if owed:
            connection.execute(
                f"INSERT INTO {OBLIGATION.path} (source_id, valid_from, {names}) "
                f"SELECT {literal(source_id)}, {batch.batch_id}, {_values(owed)}"
            )
    return True


def _values(owed: Obligation) -> str:
    """The columns after the validity, in their order and types."""
    single: Sequence[Value] = (
        owed.record_type,
        owed.country,
        owed.provider,
        owed.grain,
        owed.by_area,
        owed.areas_report,
        owed.each,
        owed.each_months,
        owed.due_days,
        owed.first_day,
        owed.last_day,
        owed.complete,
    )
    units = [{"unit": unit, "area": area} for unit, area in owed.units]
    exempt = [
        {
            "area": e.area,
            "first_day": e.first_day.isoformat() if e.first_day else None,
            "last_day": e.last_day.isoformat() if e.last_day else None,
            "reason": e.reason,
        }
        for e in owed.not_applicable
    ]
    lists = (
        f"[{sql.texts(owed.areas)}]::VARCHAR[]" if owed.areas else "NULL::VARCHAR[]",
        f"{sql.text(json.dumps(units, ensure_ascii=False))}::JSON::{UNITS}",
        f"{sql.text(json.dumps(exempt, ensure_ascii=False))}::JSON::{NOT_APPLICABLE}",
    )
    return ", ".join([*map(literal, single), *lists])
