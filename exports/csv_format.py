"""Indicator values as plain CSV: UTF-8, comma, header row, one cell a line, in a fixed order.

The same snapshot gives the same bytes on any day and machine: nothing of the clock, the folder or the locale is
written. A number has a point and the decimals that it has: a whole number none, and no zeros are added to a value up to
the decimals to which it was rounded.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from schemas import sql

VALUES = "indicator_values.csv"
#: Columns that say when a cell was computed here; a partner needs the vintage, not our batches' ends.
_LEFT_OUT = ("valid_from", "valid_to")
#: From here on not every whole number is a DOUBLE, so that digits would be made up.
_EXACT = "1e15"


def write(connection: duckdb.DuckDBPyConnection, folder: Path, countries: list[str] | None) -> dict[str, int]:
    """Write the values of some countries, or of all.

    Args:
        connection: An open snapshot.
        folder: Where the file is written.
        countries: ISO 3166-1 alpha-3 codes; None for all.

    Returns:
        Rows by file name.
    """
    described = connection.execute("DESCRIBE indicator.value_dense").fetchall()
    columns = {name: kind for name, kind, *_ in described if name not in _LEFT_OUT}
    written = ", ".join(f"{_written(name, kind)} AS {sql.name(name)}" for name, kind in columns.items())
    # by the numbers, not by how they are written
    order = ", ".join(f"v.{sql.name(name)}" for name in columns)
    wanted = f"WHERE left(ref_area, 3) IN ({sql.texts(countries)})" if countries is not None else ""
    path = folder / VALUES
    connection.execute(
        f"""COPY (SELECT {written} FROM indicator.value_dense AS v {wanted} ORDER BY {order})
        TO {sql.text(str(path))} (FORMAT csv, HEADER, DELIMITER ',')"""
    )
    row = connection.execute(f"SELECT count(*) FROM indicator.value_dense {wanted}").fetchone()
    return {VALUES: int(row[0]) if row else 0}


def _written(name: str, kind: str) -> str:
    """SQL expression of a column as it is written."""
    column = f"v.{sql.name(name)}"
    if kind != "DOUBLE":
        return column
    whole = f"{column} = trunc({column}) AND abs({column}) < {_EXACT}"
    return f"CASE WHEN {whole} THEN {column}::BIGINT::VARCHAR ELSE {column}::VARCHAR END"
