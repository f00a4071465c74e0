"""Schema ``quarantine``: records that broke a rule and rows that could not be read; raw values are restricted.

A view stands before each table, so that a query as of a batch can put another one in its place.
"""

from __future__ import annotations

from warehouse.declarations.meta import EVENTS
from warehouse.declared import RESTRICTED, Column, Macro, Table, View, columns_of

_DELIVERY = Column("delivery_id", "INTEGER", "Delivery that brought it", required=True)
_BATCH = Column("batch_id", "INTEGER", "Batch in which it was judged", required=True)
_SOURCE = Column("source_id", "VARCHAR", "Source", required=True)
_ROW_NUMBER = Column(
    "row_number", "BIGINT", "Position in the delivery, 1 = first record after the header", required=True
)
_ROW_PART = Column(
    "row_part",
    "USMALLINT",
    "0, or which part of the row (1 = first) made the record: a value column, or a share of its count",
    required=True,
)

RECORD = Table(
    "quarantine",
    "record_row",
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
    "unreadable_row",
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


def _query(table: Table, condition: str = "true") -> str:
    return f"SELECT {columns_of(table.columns, 'q')} FROM {table.path} AS q WHERE {condition}"


def _view(table: Table) -> View:
    columns = tuple(c.optional() for c in table.columns)
    return View(table.schema, table.name.removesuffix("_row"), table.comment, columns, _query(table))


def _as_of(table: Table) -> Macro:
    name = f"{table.name.removesuffix('_row')}_as_of"
    query = _query(table, "q.batch_id <= as_of")
    return Macro(table.schema, name, f"{table.comment}; as of a batch", ("as_of",), query)


VIEWS = tuple(_view(t) for t in TABLES)
MACROS = tuple(_as_of(t) for t in TABLES)
