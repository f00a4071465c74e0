"""Schema ``quarantine``: records that broke a rule and rows that could not be read; raw values are restricted."""

from __future__ import annotations

from warehouse.declarations.meta import EVENTS
from warehouse.declared import RESTRICTED, Column, Macro, Table, columns_of

_DELIVERY = Column("delivery_id", "INTEGER", "Delivery that brought it", required=True)
_BATCH = Column("batch_id", "INTEGER", "Batch in which it was judged", required=True)
_SOURCE = Column("source_id", "VARCHAR", "Source", required=True)
_ROW_NUMBER = Column(
    "row_number", "BIGINT", "Position in the delivery, 1 = first record after the header", required=True
)
_ROW_PART = Column(
    "row_part", "USMALLINT", "0, or which value column of the row (1 = first) made the record", required=True
)

RECORD = Table(
    "quarantine",
    "record",
    "Records that broke a rule: they are not in the facts, and nothing of them is lost",
    (
        _DELIVERY,
        _BATCH,
        _SOURCE,
        Column("record_type", "VARCHAR", "Record type that it would have become", required=True),
        _ROW_NUMBER,
        _ROW_PART,
        Column(
            "slice_period", "DATE", "First day of the period of its slice; NULL if its date cannot be read"
        ),
        Column("slice_area", "VARCHAR", "Area of its slice"),
        Column("rules", "VARCHAR[]", "Codes of all rules that it broke", required=True),
        Column("events", EVENTS, "Its count", required=True),
    ),
)

UNREADABLE = Table(
    "quarantine",
    "unreadable",
    "Rows of a delivery that could not be split into columns",
    (
        _DELIVERY,
        _BATCH,
        _SOURCE,
        Column("row_number", "BIGINT", "Position in the delivery, 1 = first record after the header"),
        Column("byte_position", "BIGINT", "Place in the file, in bytes from its start"),
    ),
)

RAW = Table(
    "quarantine",
    "raw",
    "Raw values of the open columns of records in quarantine",
    (
        _DELIVERY,
        _ROW_NUMBER,
        _ROW_PART,
        Column("raw", "VARCHAR", "JSON object: column of the file, value as delivered", required=True),
    ),
    database=RESTRICTED,
)

SECRET = Table(
    "meta",
    "secret",
    "Random values of this warehouse alone, which make its references meaningless elsewhere",
    (
        Column("name", "VARCHAR", "What it is for", required=True),
        Column("value", "BLOB", "The random value", required=True),
    ),
    database=RESTRICTED,
)

TABLES = (RECORD, UNREADABLE)
RESTRICTED_TABLES = (RAW, SECRET)


def _as_of(table: Table) -> Macro:
    return Macro(
        table.schema,
        f"{table.name}_as_of",
        f"{table.comment}; as of a batch",
        ("as_of",),
        f"SELECT {columns_of(table.columns, 'q')} FROM {table.path} AS q WHERE q.batch_id <= as_of",
    )


MACROS = tuple(_as_of(t) for t in TABLES)
