"""Where deliveries were fetched: written with the delivery, asked for before the next fetch.

A watermark moves with the delivery that brought its rows and in the same transaction, so that it stays where it was
when the delivery is refused or the process dies.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields

from schemas.origin import Origin
from warehouse.database import Warehouse
from warehouse.declarations import meta
from warehouse.declarations.origin import ORIGIN
from warehouse.inputs import KnownDelivery
from warehouse.literals import literal, row

_FIELDS = tuple(field.name for field in fields(Origin))


@dataclass(frozen=True)
class FetchedBefore:
    """A delivery that was fetched, how it was judged, and where it came from."""

    delivery: KnownDelivery
    origin: Origin


def record(warehouse: Warehouse, delivery_id: int, source_id: str, origin: Origin) -> None:
    """Record where a delivery was fetched; inside the transaction that records the delivery."""
    values = (delivery_id, source_id, *astuple(origin))
    names = ", ".join(("delivery_id", "source_id", *_FIELDS))
    warehouse.connection.execute(f"INSERT INTO {ORIGIN.path} ({names}) VALUES {row(values)}")


def last(warehouse: Warehouse, source_id: str, place: str, *, loaded: bool = False) -> FetchedBefore | None:
    """The last delivery that a source fetched from a place; with ``loaded`` the last that was loaded."""
    told = ", ".join(f"o.{name}" for name in _FIELDS)
    found = warehouse.connection.execute(
        f"""
        SELECT {told}, d.delivery_id, d.status::VARCHAR, d.refusal_code, d.refusal_message, d.specification_version,
            d.file_name, d.corrections_version
        FROM {ORIGIN.path} AS o JOIN {meta.DELIVERY.path} AS d USING (delivery_id)
        WHERE o.source_id = {literal(source_id)} AND o.place = {literal(place)}
            AND {"d.status = 'loaded'" if loaded else "true"}
        ORDER BY d.delivery_id DESC LIMIT 1
        """
    ).fetchone()
    n = len(_FIELDS)
    return FetchedBefore(KnownDelivery(*found[n:]), Origin(*found[:n])) if found else None


def loaded_places(warehouse: Warehouse, source_id: str) -> set[str]:
    """The places from which a source has a loaded delivery."""
    found = warehouse.connection.execute(
        f"""
        SELECT DISTINCT o.place FROM {ORIGIN.path} AS o JOIN {meta.DELIVERY.path} AS d USING (delivery_id)
        WHERE o.source_id = {literal(source_id)} AND d.status = 'loaded'
        """
    ).fetchall()
    return {str(place) for (place,) in found}
