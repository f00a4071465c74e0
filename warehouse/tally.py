"""Counting the staged records of a delivery: one scan for all accounts, one for the rules.

The scans are made before the loading transaction. Their results are small temporary tables, from which every
account of the delivery is derived.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import duckdb

from schemas import sql, staging
from schemas.masks import Mask
from schemas.staging import StagedDelivery
from warehouse.declarations.meta import EVENTS
from warehouse.reading import one

#: One row per slice, cell, and what becomes of the records; outcome is loaded, quarantined or excluded.
TALLY = "load_tally"
#: One row per set of rules broken together, with their codes.
MASK = "load_mask"
#: The cells that the delivery reports about.
CELL = "load_cell"

GOOD = "r.exclusion IS NULL AND NOT r.bad"
BAD = "r.exclusion IS NULL AND r.bad"


@dataclass(frozen=True)
class Tally:
    """Totals over the staged records."""

    rows_mapped: int
    records_made: int
    records_loaded: int
    records_quarantined: int
    records_excluded: int
    events_made: Decimal
    events_loaded: Decimal
    events_quarantined: Decimal
    events_excluded: Decimal


def count(connection: duckdb.DuckDBPyConnection, staged: StagedDelivery) -> Tally:
    """Make the temporary tables of counts, and add them up."""
    # every mapped row makes a record of its first part (0, or 1 where value columns become records)
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE {TALLY} AS
        SELECT * EXCLUDE (bad),
            CASE WHEN exclusion IS NOT NULL THEN 'excluded' WHEN bad THEN 'quarantined' ELSE 'loaded' END AS outcome
        FROM (
            SELECT slice_period, slice_area, cell_area, cell_month, exclusion, bad,
                count(*) AS n, count(*) FILTER (row_part <= 1) AS n_rows,
                sum(coalesce(events, 0)::{EVENTS})::{EVENTS} AS events
            FROM {staging.TABLE} GROUP BY ALL
        )
        """
    )
    _count_rules(connection, staged)
    _copy_cells(connection)
    sums = ", ".join(
        f"coalesce(sum({column}) FILTER (outcome = '{outcome}'), 0)::{kind}"
        for column, kind in (("n", "BIGINT"), ("events", EVENTS))
        for outcome in ("loaded", "quarantined", "excluded")
    )
    rows, made, events, *split = one(
        connection,
        f"""
        SELECT coalesce(sum(n_rows), 0)::BIGINT, coalesce(sum(n), 0)::BIGINT, coalesce(sum(events), 0)::{EVENTS}, {sums}
        FROM {TALLY}
        """,
    )
    loaded, quarantined, excluded, events_loaded, events_quarantined, events_excluded = split
    return Tally(
        rows, made, loaded, quarantined, excluded, events, events_loaded, events_quarantined, events_excluded
    )


def _count_rules(connection: duckdb.DuckDBPyConnection, staged: StagedDelivery) -> None:
    """Which rules were broken together, how often; only records that break one are looked at."""
    mask = Mask(len(staged.rules))
    codes = sql.texts(rule.code for rule in staged.rules)
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE {MASK} AS
        SELECT broken, warned, n, {_codes(mask.bits("broken"), codes)} AS rules,
            {_codes(mask.bits("warned"), codes)} AS warnings
        FROM (
            SELECT broken, warned, count(*) AS n FROM {staging.TABLE}
            WHERE exclusion IS NULL AND (bad OR warned <> {mask.none}) GROUP BY ALL
        )
        """
    )


def _codes(bits: str, codes: str) -> str:
    return f"list_transform({bits}, lambda bit: list_extract([{codes}]::VARCHAR[], bit + 1))"


def _copy_cells(connection: duckdb.DuckDBPyConnection) -> None:
    """The reported cells; a source that reports no cells may leave their table out."""
    if exists(connection, staging.CELLS):
        columns = "slice_period, slice_area, area, month, status"
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {CELL} AS SELECT {columns} FROM {staging.CELLS}")
    else:
        columns = "slice_period DATE, slice_area VARCHAR, area VARCHAR, month DATE, status VARCHAR"
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {CELL} ({columns})")


def exists(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether a temporary table exists."""
    found = connection.execute(
        f"SELECT count(*) FROM duckdb_tables() WHERE temporary AND table_name = {sql.text(table)}"
    ).fetchone()
    return bool(found and found[0])


def forget(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop the temporary tables of counts."""
    for table in (TALLY, MASK, CELL):
        connection.execute(f"DROP TABLE IF EXISTS {table}")
