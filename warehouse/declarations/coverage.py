"""What each source has reported about, now and in every earlier batch."""

from __future__ import annotations

from warehouse.declarations import meta
from warehouse.declared import Column, Macro, View, columns_of, held, holds

_SLICE = tuple(
    c for c in meta.SLICE_VERSION.columns if c.name in ("source_id", "record_type", "delivery_id", "batch_id")
)
_CELL = tuple(c for c in meta.REPORT_CELL.columns if c.name != "slice_version")
_COLUMNS = tuple(c.optional() for c in (*_SLICE, *_CELL))
_VALIDITY = tuple(c.optional() for c in meta.SLICE_VERSION.columns if c.name in ("valid_from", "valid_to"))


def _query(condition: str, columns: tuple[Column, ...] = ()) -> str:
    validity = f", {columns_of(columns, 's')}" if columns else ""
    where = f" WHERE {condition}" if condition else ""
    return (
        f"SELECT {columns_of(_SLICE, 's')}, {columns_of(_CELL, 'c')}{validity} FROM {meta.REPORT_CELL.path} AS c "
        f"JOIN {meta.SLICE_VERSION.path} AS s ON s.slice_version = c.slice_version{where}"
    )


VIEWS = (
    View(
        "meta",
        "report_status",
        "What every source has reported about: one row per source, area and month, as it is known now",
        _COLUMNS,
        _query(holds("s")),
    ),
    View(
        "meta",
        "report_status_history",
        "What every source has reported about, in every version with its batches",
        (*_COLUMNS, *_VALIDITY),
        _query("", _VALIDITY),
    ),
)

MACROS = (
    Macro(
        "meta",
        "report_status_as_of",
        "What every source had reported about as of a batch",
        ("as_of",),
        _query(held("s", "as_of")),
    ),
)
