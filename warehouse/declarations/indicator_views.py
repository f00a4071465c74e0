"""Indicator values as they are now and as of a batch, and with the zeros that complete reports imply.

A cell without events is not stored. Where an area and period is completely reported (it has a row in
``indicator.denominator``), a combination of breakdowns that the series shows somewhere else in the same country, at
the same level and frequency, is a true zero; ``indicator.value_dense`` adds it.
"""

from __future__ import annotations

from schemas import sql
from warehouse.declarations import meta
from warehouse.declarations.indicator import (
    DENOMINATOR,
    KEY,
    OF_ZERO,
    VALUE_HISTORY,
    VALUES,
    VINTAGE,
)
from warehouse.declared import Macro, View, columns_of, held, holds, path

_CELL = (*KEY, *VALUES)
_SHOWN = tuple(c.optional() for c in (*_CELL, VINTAGE))

#: Part of a cell's key that a denominator has too.
_SHARED = ("area_level", "freq", "sex", "age")
#: Part of a cell's key that belongs to the area and period, not to the series.
_PLACED = ("ref_area", "time_period", "boundary_version")
_SERIES = (*(c.name for c in KEY if c.name not in _PLACED), "source")
#: What all cells of a series agree on.
_CONSTANT = ("numerator_unit", "denominator_unit", "conf_status", "unit_measure", "unit_mult", "decimals")


def _values(condition: str) -> str:
    return (
        f"SELECT {columns_of(_CELL, 'v')}, v.valid_from AS vintage "
        f"FROM {VALUE_HISTORY.path} AS v WHERE {condition}"
    )


def _zero(column: str) -> str:
    """SQL expression of a column in a cell that a complete report implies."""
    no_rate = "s.denominator_unit IS NOT NULL AND d.denominator IS NULL"
    quoted = sql.name(column)
    if column in _SERIES or column in _CONSTANT:
        return f"s.{quoted}"
    match column:
        case "ref_area" | "time_period" | "denominator" | "coverage":
            return f"d.{quoted}"
        case "numerator":
            return "0"
        case "obs_value":
            return f"coalesce(d.obs_value, CASE WHEN {no_rate} THEN NULL ELSE 0 END)"
        case "obs_status":
            return f"coalesce(d.obs_status, CASE WHEN {no_rate} THEN 'M' ELSE 'A' END)"
    return f"d.{quoted}" if any(c.name == column for c in OF_ZERO) else "NULL"


def _dense(values: str, denominators: str, sources: str) -> str:
    constants = ", ".join(f"min({sql.name(c)}) AS {sql.name(c)}" for c in _CONSTANT)
    series = ", ".join(sql.name(c) for c in _SERIES)
    zeros = ", ".join(f"({_zero(c.name)})::{c.sql_type} AS {sql.name(c.name)}" for c in _CELL)
    shared = " AND ".join(f"s.{c} = d.{c}" for c in ("indicator", *_SHARED))
    # within a country an area has one boundary version at a time, one population, and one source of a kind
    told_apart = [c for c in _SERIES if c not in ("population_source", "source")] + [
        "ref_area",
        "time_period",
    ]
    same = " AND ".join(f"v.{sql.name(c)} = z.{sql.name(c)}" for c in told_apart)
    return f"""
        WITH value AS ({values}),
        series AS (
            SELECT split_part(ref_area, '-', 1) AS country, {series}, {constants} FROM value GROUP BY ALL
        ),
        reported AS ({denominators}),
        origin AS ({sources}),
        zero AS (
            SELECT {zeros}, d.valid_from AS vintage
            FROM reported AS d
            JOIN origin AS o ON o.source_id = d.source_id
            JOIN series AS s
                ON s.country = split_part(d.ref_area, '-', 1) AND s.source_type = o.source_type AND {shared}
                AND (d.source IS NULL OR s.source = d.source)
        )
        SELECT {columns_of((*_CELL, VINTAGE), "v")} FROM value AS v
        UNION ALL
        SELECT {columns_of((*_CELL, VINTAGE), "z")} FROM zero AS z ANTI JOIN value AS v ON {same}
    """


def _denominators(condition: str) -> str:
    return f"SELECT * FROM {DENOMINATOR.path} AS d WHERE {condition}"


def _sources(condition: str) -> str:
    return f"SELECT source_id, source_type FROM {meta.SOURCE.path} AS o WHERE {condition}"


_NOW = path("indicator", "value")
_THEN = f"{path('indicator', 'value_as_of')}(as_of)"

VIEWS = (
    View(
        "indicator",
        "value",
        "Values of all indicators as they are now: one row per cell that has events or a missing value",
        _SHOWN,
        _values(holds("v")),
    ),
    View(
        "indicator",
        "value_dense",
        "Values of all indicators as they are now, with the zero cells that complete reports imply",
        _SHOWN,
        _dense(f"SELECT * FROM {_NOW}", _denominators(holds("d")), _sources(holds("o"))),
    ),
)

MACROS = (
    Macro(
        "indicator",
        "value_as_of",
        "Values of all indicators as of a batch",
        ("as_of",),
        _values(held("v", "as_of")),
    ),
    Macro(
        "indicator",
        "value_dense_as_of",
        "Values of all indicators as of a batch, with the zero cells that complete reports imply",
        ("as_of",),
        _dense(f"SELECT * FROM {_THEN}", _denominators(held("d", "as_of")), _sources(held("o", "as_of"))),
    ),
)
