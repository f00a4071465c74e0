"""What a delivery reports about: areas and months, each received, partial or missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import duckdb

from schemas import sql
from schemas.errors import Misuse
from schemas.staging import CELLS, TABLE
from sources.kit import found
from sources.kit.mapping.given import Given
from sources.kit.specification import Specification


def report(connection: duckdb.DuckDBPyConnection, given: Given, misplaced: str) -> None:
    """What the delivery reports about: area, month, and whether it was received.

    Args:
        connection: Holds the staging table.
        given: The delivery.
        misplaced: SQL over the staged records: whether one broke a rule about where or when.

    Raises:
        Misuse: It reports about all areas of a country whose areas are not known.
    """
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE {CELLS}
        (slice_period DATE, slice_area VARCHAR, area VARCHAR, month DATE, status VARCHAR)"""
    )
    if given.only_of_earlier:
        return
    match given.specification.delivers.cells:
        case "reported_values":
            _reported_values(connection, given, misplaced)
        case "whole_period":
            _whole_period(connection, given)


def require_areas(specification: Specification, areas: Sequence[str]) -> None:
    """Make sure that the areas are known about which a source reports by reporting about the whole country.

    Raises:
        Misuse: They are not.
    """
    if specification.delivers.cells == "whole_period" and not areas:
        raise Misuse(
            f"the first-level areas of {specification.country} are not known yet, and {specification.id} reports "
            "about the whole country",
            where=specification.id,
            how="ingest the country's areas first",
            code="no_areas",
        )


def _reported_values(connection: duckdb.DuckDBPyConnection, given: Given, misplaced: str) -> None:
    delivers, unpivot = given.specification.delivers, given.layout.rows.unpivot
    blank = f"count(*) FILTER (exclusion = {sql.text(unpivot.blank)})" if unpivot else "0"
    # of a record that is shared out only the first part counts for completeness
    good = f"count(*) FILTER (NOT bad AND exclusion IS NULL AND row_part <= {given.side_by_side})"
    known = f"cell_area IN ({sql.texts(given.areas)})" if given.areas else "cell_area IS NOT NULL"
    # what is left out by its date is not reported here at all
    elsewhere = sorted({e.reason for e in given.layout.rows.by_date})
    here = f"exclusion IS NULL OR exclusion NOT IN ({sql.texts(elsewhere)})" if elsewhere else "true"
    connection.execute(
        f"""INSERT INTO {CELLS}
        SELECT any_value(slice_period), any_value(slice_area), cell_area, cell_month,
            CASE WHEN {blank} = count(*) THEN 'missing' WHEN {blank} = 0 AND {good} >= {delivers.complete or 0}
                THEN 'received' ELSE 'partial' END
        FROM {TABLE} WHERE {known} AND cell_month IS NOT NULL AND NOT {misplaced} AND ({here})
        GROUP BY cell_area, cell_month"""
    )


def _whole_period(connection: duckdb.DuckDBPyConnection, given: Given) -> None:
    specification = given.specification
    require_areas(specification, given.areas)
    delivers = specification.delivers
    months = found.months(*given.period) if given.period else _months_found(connection, delivers.slice.period)
    told = [(month, status) for month in months if (status := _status(given, month))]
    if not told:
        return
    values = ", ".join(f"(DATE '{month}', '{status}')" for month, status in told)
    connection.execute(
        f"""INSERT INTO {CELLS}
        SELECT date_trunc({sql.text(delivers.slice.period)}, month)::DATE, {"area" if delivers.slice.area else "NULL"},
            area, month, status
        FROM (SELECT unnest([{sql.texts(given.areas)}]) AS area), (VALUES {values}) AS told(month, status)"""
    )


def _status(given: Given, month: dt.date) -> str | None:
    """Whether a month of the period is received, or partial because some of its days are left out; None if all are."""
    last = found.last_of_month(month)
    days = {month + dt.timedelta(n) for n in range((last - month).days + 1)}
    kept = set(days)
    for exclude in given.layout.rows.by_date:
        if exclude.date == given.date_field:
            first, until = exclude.first_day(given.edition) or month, exclude.until or last
            kept -= {day for day in days if first <= day <= until}
    return ("received" if kept == days else "partial") if kept else None


def _months_found(connection: duckdb.DuckDBPyConnection, period: str) -> list[dt.date]:
    rows = connection.execute(
        f"SELECT DISTINCT slice_period FROM {TABLE} WHERE NOT bad AND exclusion IS NULL ORDER BY 1"
    ).fetchall()
    length = 12 if period == "year" else 1
    return [dt.date(start.year, start.month + i, 1) for (start,) in rows for i in range(length)]
