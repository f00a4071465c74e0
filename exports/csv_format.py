"""Indicator values as plain CSV: UTF-8, comma, header row, one cell a line, in a fixed order.

The same snapshot gives the same bytes on any day and machine: nothing of the clock, the folder or the locale is
written.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from schemas import sql

VALUES = "indicator_values.csv"
#: Columns that say when a cell was computed here; a partner needs the vintage, not our batches' ends.
_LEFT_OUT = ("valid_from", "valid_to")


def write(connection: duckdb.DuckDBPyConnection, folder: Path, countries: list[str] | None) -> dict[str, int]:
    """Write the values of some countries, or of all.

    Args:
        connection: An open snapshot.
        folder: Where the file is written.
        countries: ISO 3166-1 alpha-3 codes; None for all.

    Returns:
        Rows by file name.
    """
    described = connection.execute("SELECT * FROM indicator.value_dense LIMIT 0").description or []
    columns = [c[0] for c in described if c[0] not in _LEFT_OUT]
    wanted = f"WHERE left(ref_area, 3) IN ({sql.texts(countries)})" if countries is not None else ""
    path = folder / VALUES
    connection.execute(
        f"""COPY (SELECT {", ".join(map(sql.name, columns))} FROM indicator.value_dense {wanted} ORDER BY ALL)
        TO {sql.text(str(path))} (FORMAT csv, HEADER, DELIMITER ',')"""
    )
    row = connection.execute(f"SELECT count(*) FROM indicator.value_dense {wanted}").fetchone()
    return {VALUES: int(row[0]) if row else 0}
