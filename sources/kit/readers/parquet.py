"""Parquet, read by DuckDB in parallel; every value becomes text as a person reads it."""

from __future__ import annotations

import duckdb

from schemas import sql
from schemas.errors import Refusal
from sources.kit.landing import Bytes, Landed
from sources.kit.readers import as_text, kind
from sources.kit.readers import header as header_rules
from sources.kit.readers.relation import FAULTS, OpenedRelation
from sources.kit.readers.workspace import Workspace
from sources.kit.tables import Table

_CALLED = "a Parquet file"


def recognises(seen: Bytes) -> bool:
    """Whether these may be the bytes of a Parquet file."""
    return kind.known(seen) == "parquet"


def opened(landed: Landed, table: Table, work: Workspace) -> OpenedRelation:
    """Look at the columns of a file.

    Raises:
        Refusal: It is no Parquet file, or its columns have drifted.
    """
    kind.require(landed.seen, "parquet", _CALLED, landed.name)
    relation = f"read_parquet({sql.text(str(landed.path))}, binary_as_string=false)"
    types = work.once((landed.sha256, "columns"), lambda: _types(relation, landed.name))
    places = header_rules.positions(list(types), table, landed.name)
    names = list(types)
    columns = {name: f"c{place}" for name, place in places.items()}
    texts = [
        f"{as_text.text_of(types[names[place]], sql.name(names[place]))} AS c{place}"
        for place in places.values()
    ]
    instants = frozenset(name for name in columns if as_text.is_instant(types[name]))
    scan = f"(SELECT {', '.join(texts)} FROM {relation})"
    return OpenedRelation(columns, scan, _CALLED, landed.name, instants=instants)


def _types(relation: str, name: str) -> dict[str, str]:
    """DuckDB's type of every column."""
    with duckdb.connect() as connection:
        try:
            described = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
        except FAULTS as error:
            if "encrypted" in str(error).lower():
                raise Refusal(
                    "the Parquet file is encrypted",
                    where=name,
                    how="ask for it unlocked over a protected way",
                    code="file_locked",
                ) from None
            raise kind.damaged(_CALLED, name) from None
    return {str(row[0]): str(row[1]) for row in described}
