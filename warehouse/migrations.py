"""Numbered changes of the files' structure, each applied once, in order, in one transaction.

Version 1 is what ``warehouse.ddl`` makes in an empty file. New tables, new columns at the end and new codes of a
list need no migration: ``warehouse.structure`` adds them. A migration is for everything else, such as a column that
is renamed, split or moved; it gets the next number and is never edited afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from schemas.errors import Misuse
from warehouse import reading
from warehouse.declarations import meta
from warehouse.literals import row

BASE_VERSION = 1


@dataclass(frozen=True)
class Migration:
    """One step from the version before to ``version``."""

    version: int
    description: str
    statements: tuple[str, ...]


MIGRATIONS: tuple[Migration, ...] = ()


def latest(migrations: Sequence[Migration] = MIGRATIONS) -> int:
    """The version that this software writes."""
    return max((m.version for m in migrations), default=BASE_VERSION)


def version(connection: duckdb.DuckDBPyConnection) -> int | None:
    """Version of the main file; None if nothing was ever made in it."""
    if not reading.has(connection, meta.SCHEMA_VERSION):
        return None
    last = connection.execute(f"SELECT max(version) FROM {meta.SCHEMA_VERSION.path}").fetchone()
    return int(last[0]) if last and last[0] is not None else None


def require_readable(found: int | None, file: Path, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Leave a file alone that a later version of the software has written.

    Raises:
        Misuse: The file's version is greater than ours.
    """
    if found is not None and found > latest(migrations):
        raise Misuse(
            f"the warehouse was written by a later version of this software (file version {found}, "
            f"this software writes {latest(migrations)})",
            where=str(file),
            how="install the software version that wrote it, or a later one; nothing was changed",
            code="newer_file",
        )


def apply(
    connection: duckdb.DuckDBPyConnection,
    found: int | None,
    now: datetime,
    migrations: Sequence[Migration] = MIGRATIONS,
) -> None:
    """Apply what is pending; runs inside the caller's transaction, after the tables of the base exist.

    Args:
        connection: Writer's connection.
        found: Version of the file before; None for a new file, which is made at the latest version.
        now: Time to record, UTC.
        migrations: The declared migrations.
    """
    pending = [
        m for m in sorted(migrations, key=lambda m: m.version) if found is not None and m.version > found
    ]
    for migration in pending:
        for statement in migration.statements:
            connection.execute(statement)
    done = [latest(migrations)] if found is None else [m.version for m in pending]
    for number in done:
        connection.execute(f"INSERT INTO {meta.SCHEMA_VERSION.path} VALUES {row((number, now))}")
