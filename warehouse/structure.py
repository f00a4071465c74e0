"""Bringing the two files into line with what is declared: types, tables, columns, views, descriptions.

Done once per change: a fingerprint of the declarations is kept in the file, and nothing is looked at while it fits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

import duckdb

from schemas import codelists, sql
from schemas.record_type import RecordType
from warehouse import ddl, migrations
from warehouse.declarations import facts, meta
from warehouse.declared import MAIN_SCHEMAS, RESTRICTED, RESTRICTED_SCHEMAS, Macro, Table, View, code_type
from warehouse.literals import literal, row
from warehouse.migrations import Migration
from warehouse.transaction import transaction

FINGERPRINT = "structure"


def declared_codes() -> dict[str, tuple[str, ...]]:
    """The codes of all code lists."""
    return {name: codelists.load(name).codes for name in codelists.names()}


def fingerprint(structure: ddl.Structure, codes: Mapping[str, Sequence[str]], version: int) -> str:
    """SHA-256 of everything that decides how the files must look."""
    digest = hashlib.sha256(str(version).encode())
    for name in sorted(codes):
        digest.update("\x1f".join((name, *codes[name])).encode())
    for statement in structure.statements():
        digest.update(statement.encode())
    return digest.hexdigest()


def bring_into_line(
    connection: duckdb.DuckDBPyConnection,
    structure: ddl.Structure,
    codes: Mapping[str, Sequence[str]],
    now: datetime,
    pending: Sequence[Migration] = migrations.MIGRATIONS,
) -> bool:
    """Make or change what differs from the declarations, each file in one transaction.

    Returns:
        Whether anything had to be done.
    """
    found = migrations.version(connection)
    wanted = fingerprint(structure, codes, migrations.latest(pending))
    if found is not None and kept(connection, FINGERPRINT) == wanted:
        return False
    _make_schemas(connection)
    structure = ddl.structure(structure.types, _filled(connection, structure.types))
    # the restricted file first: should the process die in between, the missing fingerprint repeats both
    with transaction(connection):
        _make(connection, RESTRICTED, structure.restricted)
    with _checkpointed(connection), transaction(connection):
        _make_types(connection, structure.tables, codes)
        _make(connection, "", structure.tables)
        migrations.apply(connection, found, now, pending)
        _show(connection, structure.views)
        keep(connection, FINGERPRINT, wanted)
    return True


@contextmanager
def _checkpointed(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Let a commit bring its changes into the file at once instead of into the log.

    DuckDB cannot replay every change of a column's type from its log: a process that died before the next checkpoint
    would leave a file that nobody can open.
    """
    connection.execute("SET checkpoint_threshold = '1B'")
    try:
        yield
    finally:
        connection.execute("RESET checkpoint_threshold")


def kept(connection: duckdb.DuckDBPyConnection, name: str) -> str | None:
    """A fingerprint kept in the main file."""
    found = connection.execute(
        f"SELECT sha256 FROM {meta.FINGERPRINT.path} WHERE name = {literal(name)}"
    ).fetchone()
    return str(found[0]) if found else None


def keep(connection: duckdb.DuckDBPyConnection, name: str, sha256: str) -> None:
    """Keep a fingerprint in the main file, inside the caller's transaction."""
    connection.execute(
        f"INSERT INTO {meta.FINGERPRINT.path} VALUES {row((name, sha256))}"
        " ON CONFLICT (name) DO UPDATE SET sha256 = excluded.sha256"
    )


def _make_schemas(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the schemas and bring them into the files at once.

    DuckDB cannot replay a type from its log where the log also holds the type's schema: a process that died before
    the first checkpoint would leave a file that nobody can open.
    """
    for database, schemas in ((f"{RESTRICTED}.", RESTRICTED_SCHEMAS), ("", MAIN_SCHEMAS)):
        for schema in schemas:
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {database}{sql.name(schema)}")
    connection.execute(f"CHECKPOINT {RESTRICTED}")
    connection.execute("CHECKPOINT")


def grow(connection: duckdb.DuckDBPyConnection, kind: RecordType, fields: Collection[str]) -> None:
    """Give the tables of a record type the columns of fields that no delivery has brought before.

    A transaction of its own for each file: a column without values changes no answer, should what follows fail.
    """
    for table in (facts.restricted_table(kind), facts.fact_table(kind)):
        if table is None:
            continue
        have = existing(connection, table)
        new = [c for c in table.columns if c.name in fields and c not in have.columns]
        if new:
            with _checkpointed(connection), transaction(connection):
                for column in new:
                    connection.execute(table.add(column))
                grown = table.only({c.name for c in (*have.columns, *new)})
                _comment(connection, grown.comments())
                if not table.database:
                    _show(connection, ddl.facts_of(kind, [c.name for c in grown.columns]))


def existing(connection: duckdb.DuckDBPyConnection, table: Table) -> Table:
    """A table with the columns that it has in its file."""
    return table.only({str(row[0]) for row in connection.execute(f"DESCRIBE {table.path}").fetchall()})


def _filled(connection: duckdb.DuckDBPyConnection, types: Iterable[RecordType]) -> dict[str, frozenset[str]]:
    """The columns that the tables of each record type have in the two files, or are made with."""
    have = [_columns(connection, database) for database in (RESTRICTED, "")]
    return {
        kind.name: facts.at_first(kind).union(
            *(columns.get(("core", f"{kind.name}_row"), set()) for columns in have)
        )
        for kind in types
    }


def _show(connection: duckdb.DuckDBPyConnection, views: Iterable[View | Macro]) -> None:
    for view in views:
        connection.execute(view.create())
        _comment(connection, view.comments())


def _make(connection: duckdb.DuckDBPyConnection, database: str, tables: Iterable[Table]) -> None:
    existing = _columns(connection, database)
    for table in tables:
        have = existing.get((table.schema, table.name))
        if have is None:
            connection.execute(table.create())
        else:
            for column in table.columns:
                if column.name not in have:
                    connection.execute(table.add(column))
        _comment(connection, table.comments())


def _columns(connection: duckdb.DuckDBPyConnection, database: str) -> dict[tuple[str, str], set[str]]:
    """Columns of the tables that exist in a file."""
    rows = connection.execute(
        f"""
        SELECT c.schema_name, c.table_name, list(c.column_name)
        FROM duckdb_columns() AS c
        JOIN duckdb_tables() AS t USING (database_name, schema_name, table_name)
        WHERE c.database_name = {literal(database) if database else "current_database()"}
        GROUP BY ALL
        """
    ).fetchall()
    return {(schema, table): set(columns) for schema, table, columns in rows}


def _comment(connection: duckdb.DuckDBPyConnection, comments: Iterable[str]) -> None:
    # all of an object at once: there are thousands, and each call costs as much as the statement itself
    connection.execute("; ".join(comments))


def _make_types(
    connection: duckdb.DuckDBPyConnection, tables: Iterable[Table], codes: Mapping[str, Sequence[str]]
) -> None:
    """Make the ENUM types; add codes that a list has gained. A code that a list has lost stays: history has it."""
    have = _types(connection)
    for codelist, wanted in codes.items():
        known = have.get(f"code_{codelist}")
        if known is None:
            connection.execute(f"CREATE TYPE {code_type(codelist)} AS {sql.enum(wanted)}")
        elif new := [c for c in wanted if c not in known]:
            _widen(connection, tables, codelist, [*known, *new])


def _types(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    rows = connection.execute(
        """
        SELECT type_name, labels FROM duckdb_types()
        WHERE database_name = current_database() AND schema_name = 'ref' AND logical_type = 'ENUM'
        """
    ).fetchall()
    return {str(name): list(labels) for name, labels in rows}


def _widen(
    connection: duckdb.DuckDBPyConnection, tables: Iterable[Table], codelist: str, codes: Sequence[str]
) -> None:
    """Rewrite the columns of a list with a type that has more codes; DuckDB cannot add a value to an ENUM."""
    wider = code_type(f"{codelist}_wider")
    connection.execute(f"CREATE TYPE {wider} AS {sql.enum(codes)}")
    existing = _columns(connection, "")
    held = [
        f"ALTER TABLE {t.path} ALTER COLUMN {sql.name(c.name)} SET DATA TYPE"
        for t in tables
        for c in t.columns
        if c.codelist == codelist and c.name in existing.get((t.schema, t.name), set())
    ]
    for change in held:
        connection.execute(f"{change} {wider}")
    connection.execute(f"DROP TYPE {code_type(codelist)}")
    connection.execute(f"CREATE TYPE {code_type(codelist)} AS {sql.enum(codes)}")
    for change in held:
        connection.execute(f"{change} {code_type(codelist)}")
    connection.execute(f"DROP TYPE {wider}")
