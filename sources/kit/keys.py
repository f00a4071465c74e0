"""Uniqueness where the provider guarantees a key: equal records load once, different ones are quarantined."""

from __future__ import annotations

import duckdb

from schemas import sql
from sources.kit.staged import BASE

#: Reason under which the second and later of equal records with one key are left out.
REPEATED = "repeated"
#: Temporary tables made here.
TABLES = ("repeated_key", "repeated_record")


def judge(
    connection: duckdb.DuckDBPyConnection,
    content: str,
    marked: str,
    repeated: str,
    key_hash: str | None,
    apart: str | None = None,
) -> None:
    """Mark records that share a key.

    Keys that occur once, nearly all, cost one aggregation of integers; only the others are compared.

    Args:
        connection: Holds the staging table.
        content: SQL of all by which records differ.
        marked: SQL of the mask of a record that breaks the rule key.repeated besides what it broke before.
        repeated: ``load_once`` or ``quarantine_all``.
        key_hash: Field with the whole hash of the key, which rules out that two keys share an integer.
        apart: Column that tells records apart which may share a key: a record and what is said of it later.
    """
    full = "".join(f", {name}" for name in (key_hash, apart) if name)
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE repeated_key AS SELECT record_key FROM {BASE}
        WHERE exclusion IS NULL AND record_key IS NOT NULL GROUP BY record_key HAVING count(*) > 1"""
    )
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE repeated_record AS
        SELECT row_id, count(*) OVER whole AS n, count(DISTINCT content) OVER whole AS n_different,
            row_number() OVER (PARTITION BY record_key{full} ORDER BY row_id) AS place
        FROM (SELECT rowid AS row_id, record_key{full}, md5({content}) AS content
            FROM {BASE} SEMI JOIN repeated_key USING (record_key) WHERE exclusion IS NULL)
        WINDOW whole AS (PARTITION BY record_key{full})"""
    )
    different = "n > 1" if repeated == "quarantine_all" else "n_different > 1"
    connection.execute(
        f"""UPDATE {BASE} SET broken = {marked}
        WHERE rowid IN (SELECT row_id FROM repeated_record WHERE {different})"""
    )
    if repeated == "load_once":
        connection.execute(
            f"""UPDATE {BASE} SET exclusion = {sql.text(REPEATED)}
            WHERE rowid IN (SELECT row_id FROM repeated_record WHERE n > 1 AND n_different = 1 AND place > 1)"""
        )
