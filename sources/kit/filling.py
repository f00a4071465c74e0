"""Cells that a provider leaves empty because the one above them says it: taken from there before anything else."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from sources.kit.raw_text import clean
from sources.kit.readers import raw as raw_rows
from sources.kit.readers.raw import Raw


def down(connection: duckdb.DuckDBPyConnection, raw: Raw, columns: Sequence[str]) -> None:
    """Fill the blank cells of some columns of the raw rows with the last value above them; the first stay blank.

    Args:
        connection: Holds the raw rows, which keep their order.
        raw: The file.
        columns: The columns, as the layout calls them.
    """
    if not columns:
        return
    filled = ", ".join(
        f"last_value(CASE WHEN {clean(raw.columns[c])} IS NOT NULL THEN {raw.columns[c]} END IGNORE NULLS)"
        f" OVER above AS {raw.columns[c]}"
        for c in columns
    )
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE raw_filled AS
        SELECT * EXCLUDE (place) FROM (
            SELECT * REPLACE ({filled}), rowid AS place FROM {raw_rows.TABLE}
            WINDOW above AS (ORDER BY rowid ROWS UNBOUNDED PRECEDING)
        ) ORDER BY place"""
    )
    connection.execute(f"DROP TABLE {raw_rows.TABLE}")
    connection.execute(f"ALTER TABLE raw_filled RENAME TO {raw_rows.TABLE}")
