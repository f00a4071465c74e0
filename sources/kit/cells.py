"""What a delivery reports about: areas and months, each received, partial or missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import duckdb

from schemas import sql
from schemas.errors import Misuse
from schemas.staging import CELLS, TABLE
from sources.kit import found, keys
from sources.kit.discovery import Source


def report(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    areas: Sequence[str],
    period: tuple[dt.date, dt.date] | None,
    misplaced: str,
) -> None:
    """What the delivery reports about: area, month, and whether it was received.

    Args:
        connection: Holds the staging table.
        source: The declared source.
        areas: First-level areas of its country.
        period: What the delivery covers.
        misplaced: SQL over the staged records: whether one broke a rule about where or when.
    """
    delivers = source.specification.delivers
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE {CELLS}
        (slice_period DATE, slice_area VARCHAR, area VARCHAR, month DATE, status VARCHAR)"""
    )
    if delivers.cells == "none":
        return
    if delivers.cells == "reported_values":
        blank = f"count(*) FILTER (exclusion IS NOT NULL AND exclusion <> {sql.text(keys.REPEATED)})"
        good = "count(*) FILTER (NOT bad AND exclusion IS NULL)"
        known = f"cell_area IN ({sql.texts(areas)})" if areas else "cell_area IS NOT NULL"
        connection.execute(
            f"""INSERT INTO {CELLS}
            SELECT any_value(slice_period), any_value(slice_area), cell_area, cell_month,
                CASE WHEN {blank} = count(*) THEN 'missing' WHEN {blank} = 0 AND {good} >= {delivers.complete or 0}
                    THEN 'received' ELSE 'partial' END
            FROM {TABLE} WHERE {known} AND cell_month IS NOT NULL AND NOT {misplaced}
            GROUP BY cell_area, cell_month"""
        )
        return
    if not areas:
        raise Misuse(
            f"the first-level areas of {source.specification.country} are not known yet, and {source.id} reports "
            "about the whole country",
            where=source.id,
            how="ingest the country's areas first",
            code="no_areas",
        )
    months = found.months(*period) if period else _months_found(connection, delivers.slice.period)
    connection.execute(
        f"""INSERT INTO {CELLS}
        SELECT date_trunc({sql.text(delivers.slice.period)}, month)::DATE, {"area" if delivers.slice.area else "NULL"},
            area, month, 'received'
        FROM (SELECT unnest([{sql.texts(areas)}]) AS area),
            (SELECT unnest([{sql.texts(m.isoformat() for m in months)}])::DATE AS month)"""
    )


def _months_found(connection: duckdb.DuckDBPyConnection, period: str) -> list[dt.date]:
    rows = connection.execute(
        f"SELECT DISTINCT slice_period FROM {TABLE} WHERE NOT bad AND exclusion IS NULL ORDER BY 1"
    ).fetchall()
    length = 12 if period == "year" else 1
    return [dt.date(start.year, start.month + i, 1) for (start,) in rows for i in range(length)]
