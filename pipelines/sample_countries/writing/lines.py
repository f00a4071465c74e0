"""Files that DuckDB writes as they are: Parquet, and JSON with one record a line."""

from __future__ import annotations

from pathlib import Path

import duckdb

from schemas import sql


def parquet(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """Write the rows of ``query`` as Parquet."""
    connection.execute(f"COPY ({query}) TO {sql.text(str(path))} (FORMAT parquet, COMPRESSION zstd)")


def ndjson(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """Write the rows of ``query`` as JSON, one record a line."""
    connection.execute(f"COPY ({query}) TO {sql.text(str(path))} (FORMAT json)")
