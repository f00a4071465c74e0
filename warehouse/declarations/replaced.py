"""Schema ``core``: records in whose place another one stands, for the record types that can name what they replace.

A record names the one that it annuls, reclassifies or replaces by the source's key (``replaces_key``). Both stay in the
facts; what counts is what is neither annulled nor listed here.
"""

from __future__ import annotations

from schemas.record_type import RecordType
from warehouse.declarations import facts, meta
from warehouse.declared import Macro, View, path

_COLUMNS = tuple(
    c.optional()
    for c in (
        *(c for c in meta.SLICE_VERSION.columns if c.name in ("source_id", "delivery_id")),
        *facts.POSITION[1:],
    )
)
_COMMENT = (
    "Records in whose place another one of the source stands: annulled, reclassified or replaced by its key, or "
    "brought again by a later delivery after a change to them. They count nowhere"
)


def can_be_replaced(record_type: RecordType) -> bool:
    """Whether records of a type can name what they replace."""
    return "replaces_key" in record_type.by_name


def view(record_type: RecordType) -> View:
    """The replaced records of now."""
    comment = f"{record_type.grain}. {_COMMENT}"
    query = _query(path("core", record_type.name))
    return View("core", f"{record_type.name}_replaced", comment, _COLUMNS, query)


def macro(record_type: RecordType) -> Macro:
    """The replaced records as of a batch."""
    comment = f"{record_type.grain}. {_COMMENT}; as of a batch"
    query = _query(f"{path('core', f'{record_type.name}_as_of')}(as_of)")
    return Macro("core", f"{record_type.name}_replaced_as_of", comment, ("as_of",), query)


def _query(current: str) -> str:
    columns = ", ".join(f"f.{c.name}" for c in _COLUMNS)
    named = f"SELECT * FROM {current} WHERE replaces_key IS NOT NULL"
    # in one delivery what replaces comes after what is replaced; a record does not replace itself
    itself = "f.replaces_key IS NULL OR later.record_key IS DISTINCT FROM f.record_key"
    return (
        f"SELECT {columns} FROM {current} AS f JOIN ({named}) AS later"
        f" ON later.replaces_key = f.record_key AND later.source_id = f.source_id{_deliveries('later')}"
        f" WHERE ({_after()}) OR (f.delivery_id = later.delivery_id AND ({itself}))"
        f" UNION SELECT {columns} FROM ({named}) AS f JOIN {current} AS later"
        f" ON later.record_key = f.record_key AND later.source_id = f.source_id{_deliveries('later')}"
        f" WHERE {_after()}"
    )


def _deliveries(later: str) -> str:
    table = meta.DELIVERY.path
    return (
        f" JOIN {table} AS before_ ON before_.delivery_id = f.delivery_id"
        f" JOIN {table} AS after_ ON after_.delivery_id = {later}.delivery_id"
    )


def _after() -> str:
    """SQL condition: one delivery is of a later edition than the other, or came later where editions do not tell."""
    return (
        "CASE WHEN before_.edition_date <> after_.edition_date THEN before_.edition_date < after_.edition_date "
        "ELSE before_.delivery_id < after_.delivery_id END"
    )
