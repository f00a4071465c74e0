"""Schema ``core``: the facts, three objects for every record type, generated from its declaration.

``core.<type>_row`` holds every record ever loaded and only says to which version of which slice it belongs;
``core.<type>`` shows what is current, ``core.<type>_history`` everything, ``core.<type>_as_of(batch)`` an earlier
state. Fields of the restricted tier are in ``core.<type>_row`` of the restricted file.

A record type has many fields and a source few of them. ``core.<type>_row`` has the columns that some delivery has
filled, and gets others when one brings them (``warehouse.structure.grow``); the views show all fields at any time. An
empty column of a great table would cost as much time as a short one.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from schemas import sql
from schemas.record_type import Field, RecordType
from warehouse.declarations import meta
from warehouse.declared import RESTRICTED, Column, Macro, Table, View, columns_of, held, holds

POSITION = (
    Column("slice_version", "INTEGER", "Version of the slice to which the record belongs", required=True),
    Column(
        "row_number", "BIGINT", "Position in the delivery, 1 = first record after the header", required=True
    ),
    Column(
        "row_part",
        "USMALLINT",
        "0, or which part of the row (1 = first) made the record: a value column, or a share of its count",
        required=True,
    ),
)
RECORD_KEY = Column(
    "record_key",
    "BIGINT",
    "The source's own key without its meaning, or the position where the source has no key",
)

_ORIGIN = tuple(
    c.optional() for c in meta.SLICE_VERSION.columns if c.name in ("source_id", "delivery_id", "batch_id")
)
_VALIDITY = tuple(
    c.optional() for c in meta.SLICE_VERSION.columns if c.name in ("valid_from", "valid_to", "key_version")
)


def column(field: Field) -> Column:
    """The column of a field."""
    unit = f" ({field.unit})" if field.unit else ""
    return Column(field.name, field.sql_type, f"{field.description['en']}{unit}")


def fact_table(record_type: RecordType) -> Table:
    """Every record of a type that was ever loaded."""
    fields = tuple(column(f) for f in record_type.tier("open"))
    return Table(
        "core",
        f"{record_type.name}_row",
        f"{record_type.grain}. Every record ever loaded; core.{record_type.name} shows the current ones",
        (*POSITION, RECORD_KEY, *fields),
    )


def restricted_table(record_type: RecordType) -> Table | None:
    """The restricted fields of a type's records; None if it has none."""
    fields = tuple(column(f) for f in record_type.tier("restricted"))
    if not fields:
        return None
    return Table(
        "core",
        f"{record_type.name}_row",
        f"{record_type.grain}. Fields that only the writer may read; joins the facts by version and position",
        (*POSITION, *fields),
        database=RESTRICTED,
    )


def at_first(record_type: RecordType) -> frozenset[str]:
    """Columns that the tables of a type always have: its place, and the fields that no record lacks."""
    required = (f.name for f in record_type.fields if f.required)
    return frozenset((*(c.name for c in POSITION), RECORD_KEY.name, *required))


def _counting(record_type: RecordType, which: str = "") -> str:
    return (
        ", annulled and replaced records among it: what counts has not the status annulled and is not in "
        f"core.{record_type.name}_replaced{which}"
    )


def views(record_type: RecordType, filled: Collection[str] | None = None) -> tuple[View, View]:
    """What is current, and everything with its batches.

    Args:
        record_type: The type.
        filled: Columns that its table has; all where nothing is said.
    """
    shown = _shown(record_type)
    return (
        View(
            "core",
            record_type.name,
            f"{record_type.grain}. What is current{_counting(record_type)}",
            shown,
            _query(record_type, filled, holds("s")),
        ),
        View(
            "core",
            f"{record_type.name}_history",
            f"{record_type.grain}. Every version, with the batches in which it held",
            (*shown[:3], *_validity(record_type), *shown[3:]),
            _query(record_type, filled, "", _VALIDITY),
        ),
    )


def macro(record_type: RecordType, filled: Collection[str] | None = None) -> Macro:
    """The state as of a batch; the arguments are those of ``views``."""
    return Macro(
        "core",
        f"{record_type.name}_as_of",
        f"{record_type.grain}. As of a batch{_counting(record_type, '_as_of')}",
        ("as_of",),
        _query(record_type, filled, held("s", "as_of")),
    )


def _shown(record_type: RecordType) -> tuple[Column, ...]:
    return tuple(c.optional() for c in (*_ORIGIN, *fact_table(record_type).columns))


def _validity(record_type: RecordType) -> tuple[Column, ...]:
    """The batches of a version; named apart where the record has dates of the same name, as an area has."""
    taken = record_type.by_name
    return tuple(replace(c, name=f"{c.name}_batch") if c.name in taken else c for c in _VALIDITY)


def _query(
    record_type: RecordType,
    filled: Collection[str] | None,
    condition: str,
    validity: tuple[Column, ...] = (),
) -> str:
    table = fact_table(record_type)
    fields = ", ".join(
        f"r.{sql.name(c.name)}"
        if filled is None or c.name in filled
        else f"NULL::{c.sql_type} AS {sql.name(c.name)}"
        for c in table.columns
    )
    where = f" WHERE {condition}" if condition else ""
    shown = zip(validity, _validity(record_type), strict=False)
    batches = "".join(f", s.{c.name} AS {as_.name}" for c, as_ in shown)
    return (
        f"SELECT {columns_of(_ORIGIN, 's')}{batches}, {fields} "
        f"FROM {table.path} AS r JOIN {meta.SLICE_VERSION.path} AS s ON s.slice_version = r.slice_version{where}"
    )
