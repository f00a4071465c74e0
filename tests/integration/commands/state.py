"""The state of a home folder as digests, to be compared before and after, or between two folders."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

import duckdb

from tests.integration.commands.home import Home

Digests = dict[str, str]

#: A refused delivery is recorded here, and nowhere else.
RECORDS_REFUSALS = {"meta.batch", "meta.delivery"}
#: Tables that tell when and how often something was done, not what holds.
_OF_THE_WAY = {
    "meta.batch",
    "meta.repetition",
    "meta.schema_version",
    "meta.fingerprint",
    "meta.secret",
    "meta.backup",
}
#: Columns that differ between two folders in which the same was done at other times, or in more batches.
_OF_TIME = {
    "batch_id",
    "received_at",
    "received_by",
    "record_key",  # salted by the folder
    "replaces_key",
    "case_ref",
    "incident_ref",
    "person_ref",
}


def tables(home: Home, *, besides: Collection[str] = ()) -> Digests:
    """Digest of every table of the current snapshot, every column included."""
    with home.connect() as connection:
        return _digests(connection, lambda _, columns: ", ".join(columns), besides)


def before_and_after(home: Home) -> Digests:
    """Digest of every table that a refused delivery must leave alone."""
    return tables(home, besides=RECORDS_REFUSALS)


def content(home: Home) -> Digests:
    """Digest of what holds, without times and numbers of batches; nobody may write meanwhile.

    Of a row with validity, whether it holds and whether it ever held are kept.
    """
    found: Digests = {}
    for file in (home.snapshot, home.path / "restricted.duckdb"):
        found |= {f"{file.name[:5]} {name}": d for name, d in _content_of(file).items()}
    return found


def _content_of(file: Path) -> Digests:
    with duckdb.connect(file, read_only=True, config={"threads": 1}) as connection:
        return _digests(connection, _lasting, _OF_THE_WAY)


def _lasting(_: str, columns: list[str]) -> str:
    shown = [c for c in columns if c.strip('"') not in _OF_TIME | {"valid_from", "valid_to"}]
    if '"valid_to"' in columns:
        shown += ["valid_to IS NULL", "valid_from IS NOT DISTINCT FROM valid_to"]
    return ", ".join(shown)


def _digests(
    connection: duckdb.DuckDBPyConnection, select: Callable[[str, list[str]], str], besides: Collection[str]
) -> Digests:
    columns: dict[str, list[str]] = {}
    for schema, table, column in connection.execute(
        "SELECT schema_name, table_name, column_name FROM duckdb_columns() JOIN duckdb_tables() "
        "USING (database_name, schema_name, table_name) WHERE database_name = current_database() "
        "ORDER BY schema_name, table_name, column_index"
    ).fetchall():
        columns.setdefault(f"{schema}.{table}", []).append(f'"{column}"')
    assert columns
    found: Digests = {}
    for table, names in columns.items():
        if table not in besides:
            shown = select(table, names)
            row = connection.execute(
                f"SELECT count(*), sum(hash(r)) FROM (SELECT {shown} FROM {table}) AS r"
            ).fetchone()
            found[table] = str(row)
    return found
