"""Parquet, read by DuckDB in parallel; every value becomes text as a person reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from schemas import sql
from schemas.errors import Refusal
from sources.kit.forms import Table
from sources.kit.landing import Bytes, Landed
from sources.kit.readers import as_text, kind
from sources.kit.readers import header as header_rules
from sources.kit.readers.raw import Raw
from sources.kit.readers.workspace import Workspace


def recognises(seen: Bytes) -> bool:
    """Whether these may be the bytes of a Parquet file."""
    return kind.known(seen) == "parquet"


@dataclass(frozen=True)
class OpenedParquet:
    """A Parquet file whose columns are known and whose rows are not read yet."""

    columns: Mapping[str, str]
    scan: str
    name: str
    surroundings: tuple[str, ...] = ()

    def fill(self, connection: duckdb.DuckDBPyConnection, table: str, query: str) -> Raw:
        """Read the rows into a temporary table.

        Raises:
            Refusal: A part of the file is damaged.
        """
        connection.execute(f"DROP TABLE IF EXISTS {table}")
        try:
            connection.execute(f"CREATE TEMP TABLE {table} AS {query}")
        except (duckdb.InvalidInputException, duckdb.IOException, duckdb.SerializationException):
            # DuckDB's message may print a value
            raise kind.damaged("a Parquet file", self.name) from None
        counted = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        return Raw(self.columns, int(counted[0]) if counted else 0, (), ())


def opened(landed: Landed, table: Table, work: Workspace) -> OpenedParquet:
    """Look at the columns of a file.

    Raises:
        Refusal: It is no Parquet file, or its columns have drifted.
    """
    kind.require(landed.seen, "parquet", "a Parquet file", landed.name)
    relation = f"read_parquet({sql.text(str(landed.path))}, binary_as_string=false)"
    types = work.once((landed.sha256, "columns"), lambda: _types(relation, landed.name))
    places = header_rules.positions(list(types), table, landed.name)
    names = list(types)
    columns = {name: f"c{place}" for name, place in places.items()}
    texts = [
        f"{as_text.text_of(types[names[place]], sql.name(names[place]))} AS c{place}"
        for place in places.values()
    ]
    return OpenedParquet(columns, f"(SELECT {', '.join(texts)} FROM {relation})", landed.name)


def _types(relation: str, name: str) -> dict[str, str]:
    """DuckDB's type of every column."""
    with duckdb.connect() as connection:
        try:
            described = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
        except duckdb.Error as error:
            if "encrypted" in str(error).lower():
                raise Refusal(
                    "the Parquet file is encrypted",
                    where=name,
                    how="ask for it unlocked over a protected way",
                    code="file_locked",
                ) from None
            raise kind.damaged("a Parquet file", name) from None
    return {str(row[0]): str(row[1]) for row in described}
