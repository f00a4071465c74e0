"""The warehouse opened for writing: both files, one writer, settings that hold for all work.

Belongs here: opening and closing. What is written and how is in the modules named after it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

import duckdb

from schemas.errors import Misuse
from schemas.record_type import RecordType
from warehouse import ddl, lock, migrations, reading, reference, scratch, structure
from warehouse.declarations import meta, quarantine
from warehouse.declared import RESTRICTED
from warehouse.home import FILE_MODE, Home
from warehouse.literals import literal, row
from warehouse.transaction import transaction

#: Form of a new main file, readable from DuckDB 1.3 on: texts of few values, most of the facts, are written in two
#: thirds of the time. Hashes, most of the restricted file, are written faster in the older form.
MAIN_STORAGE = "v1.3.0"
RESTRICTED_STORAGE = "v1.0.0"


@dataclass(frozen=True)
class Settings:
    """Bounds of the writer's memory and threads; threads None: as many as the machine has."""

    memory_limit: str = "1500MB"
    threads: int | None = None


def utc_now() -> datetime:
    """This moment as the warehouse stores it: UTC, without a zone, whole seconds."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


class Warehouse:
    """The writer's view of the two files; use it as a context, or close it.

    Attributes:
        home: The home folder.
        connection: Connection whose default database is the main file, with the restricted file attached as
            ``restricted``.
        main_file: Descriptor of the main file, for reading. Never open and close the file by its path while it is
            open here: closing any descriptor of it would drop the lock that DuckDB holds on it in this process.
    """

    def __init__(
        self, home: Home, connection: duckdb.DuckDBPyConnection, main_file: int, ending: contextlib.ExitStack
    ) -> None:
        self.home = home
        self.connection = connection
        self.main_file = main_file
        self._ending = ending

    @classmethod
    def open(
        cls,
        home: Home,
        command: str,
        *,
        settings: Settings | None = None,
        wait_seconds: float = 0.0,
        record_types: Iterable[RecordType] | None = None,
        codes: Mapping[str, Sequence[str]] | None = None,
    ) -> Warehouse:
        """Become the writer; make the files, or bring them into line, as needed.

        Args:
            home: The home folder; made if it does not exist.
            command: What is being done, for whoever finds the lock taken.
            settings: Bounds of memory and threads.
            wait_seconds: How long to wait for another writer.
            record_types: Record types to hold; all declared ones unless a test gives others.
            codes: Codes by code list; all declared ones unless a test gives others.

        Raises:
            Misuse: Another process writes, the file is newer than the software, or one of the two files is missing.
        """
        ending = contextlib.ExitStack()
        try:
            ending.enter_context(lock.writer(home, command, wait_seconds=wait_seconds))
            scratch.sweep(home)
            _require_pair(home)
            connection, main_file = ending.enter_context(_connect(home, settings or Settings()))
            warehouse = cls(home, connection, main_file, ending)
            migrations.require_readable(migrations.version(connection), home.warehouse)
            structure.bring_into_line(
                connection,
                ddl.structure(record_types),
                structure.declared_codes() if codes is None else codes,
                utc_now(),
            )
            reference.bring_into_line(connection)
            _end_interrupted_batches(connection)
            sweep_orphans(connection)
        except BaseException:
            ending.close()
            raise
        return warehouse

    def __enter__(self) -> Warehouse:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close both files and let the next writer in."""
        self._ending.close()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """One transaction; it may write to one of the two files."""
        with transaction(self.connection):
            yield

    def scalar(self, query: str) -> int:
        """The one number that a query gives; 0 for NULL."""
        found = self.connection.execute(query).fetchone()
        return int(found[0]) if found and found[0] is not None else 0

    def last_batch(self) -> int:
        """Number of the last batch; 0 before the first."""
        return self.scalar(f"SELECT max(batch_id) FROM {meta.BATCH.path}")

    def last_delivery(self) -> int:
        """Number of the last delivery; 0 before the first."""
        return self.scalar(f"SELECT max(delivery_id) FROM {meta.DELIVERY.path}")

    def secret(self, name: str) -> bytes:
        """A random value of this warehouse, made when it is first asked for and never changed."""
        query = f"SELECT value FROM {quarantine.SECRET.path} WHERE name = {literal(name)}"
        if found := self.connection.execute(query).fetchone():
            return bytes(found[0])
        value = secrets.token_bytes(32)
        self.connection.execute(f"INSERT INTO {quarantine.SECRET.path} VALUES {row((name, value))}")
        return value


def _require_pair(home: Home) -> None:
    """Refuse to go on beside a lost file: an empty one would be made in its place and hide the loss."""
    for present, lost in ((home.warehouse, home.restricted), (home.restricted, home.warehouse)):
        # the main file alone and still without tables is a first opening that was cut off
        if present.is_file() and not lost.is_file() and not _is_unfinished(present):
            raise Misuse(
                f"{lost.name} is missing beside {present.name}",
                where=str(home.path),
                how="restore both files from the same backup",
                code="file_missing",
            )
    if not home.warehouse.is_file() and home.pointer.is_file():
        raise Misuse(
            f"{home.warehouse.name} is missing, though there are snapshots of it",
            where=str(home.path),
            how="restore both files from the same backup; to begin anew, move the folder away first",
            code="file_missing",
        )


def _is_unfinished(file: Path) -> bool:
    """Whether a file has no table yet."""
    with contextlib.closing(duckdb.connect(file, read_only=True)) as connection:
        found = connection.execute("SELECT count(*) FROM duckdb_tables()").fetchone()
    return not found or not found[0]


@contextlib.contextmanager
def _connect(home: Home, settings: Settings) -> Iterator[tuple[duckdb.DuckDBPyConnection, int]]:
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": settings.memory_limit,
        "temp_directory": str(home.temporary),
        "autoinstall_known_extensions": False,
        "allow_community_extensions": False,
        "storage_compatibility_version": MAIN_STORAGE,
    }
    if settings.threads is not None:
        config["threads"] = settings.threads
    with contextlib.ExitStack() as ending:
        connection = duckdb.connect(home.warehouse, config=config)
        main_file = os.open(home.warehouse, os.O_RDONLY)
        ending.callback(os.close, main_file)
        ending.callback(connection.close)  # runs first: the descriptor outlives DuckDB's lock
        reading.set_up(connection)
        connection.execute(
            f"ATTACH {literal(str(home.restricted))} AS {RESTRICTED} (STORAGE_VERSION {literal(RESTRICTED_STORAGE)})"
        )
        for file in (home.warehouse, home.restricted):
            file.chmod(FILE_MODE)
        yield connection, main_file


def _end_interrupted_batches(connection: duckdb.DuckDBPyConnection) -> None:
    """Give an end to batches whose process died: what they committed holds, so that it has a date to be asked for."""
    connection.execute(
        f"""
        UPDATE {meta.BATCH.path} AS b SET interrupted = true, committed_at = greatest(started_at, coalesce(
            (SELECT max(received_at) FROM {meta.DELIVERY.path} AS d WHERE d.batch_id = b.batch_id), started_at))
        WHERE committed_at IS NULL
        """
    )


def sweep_orphans(connection: duckdb.DuckDBPyConnection) -> int:
    """Remove from the restricted file what belongs to no delivery of the main file.

    The restricted file is committed first; a process that died before the main file's commit leaves such rows.

    Returns:
        Number of rows removed.
    """
    tables = connection.execute(
        "SELECT schema_name, table_name FROM duckdb_tables()"
        f" WHERE database_name = {literal(RESTRICTED)} AND schema_name <> 'meta'"
    ).fetchall()
    last = {
        "core": ("slice_version", f"SELECT coalesce(max(slice_version), 0) FROM {meta.SLICE_VERSION.path}"),
        "quarantine": ("delivery_id", f"SELECT coalesce(max(delivery_id), 0) FROM {meta.DELIVERY.path}"),
    }
    removed = 0
    for schema, table in sorted(tables):
        number, greatest = last[schema]
        path = f'{RESTRICTED}."{schema}"."{table}"'
        # two statements: a DELETE that reads the main file would still write to the restricted one alone
        limit = connection.execute(greatest).fetchone()
        orphaned = f"FROM {path} WHERE {number} > {limit[0] if limit else 0}"
        found = connection.execute(f"SELECT count(*) {orphaned}").fetchone()
        if found and found[0]:
            connection.execute(f"DELETE {orphaned}")
            removed += int(found[0])
    return removed
