"""A backup: both files as of the end of a batch, and every landed file; and the way back.

Not in it: snapshots, exports and reports, which are made from these; the inbox; Dagster's record of its runs; and the
master keys, without which sealed files stay sealed.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb

from schemas.errors import Misuse
from warehouse import lock, migrations, pool, reading, snapshot
from warehouse.database import Settings, Warehouse, utc_now
from warehouse.declarations import meta
from warehouse.declarations.recovery import BACKUP, RETENTION
from warehouse.home import FILE_MODE, FOLDER_MODE, Home, sync_folder
from warehouse.literals import literal, row
from warehouse.pool import Backup, Kept

#: How long a backup waits for a run to end; a run of a country takes minutes.
WAIT_SECONDS = 3600.0
_TRIES = 5


def make(
    home: Home, folder: Path, actor: str, software: str, *, wait_seconds: float = WAIT_SECONDS
) -> Backup:
    """Back up a home folder; a run that is going on is waited for, later ones wait until both files are copied.

    Args:
        home: The home folder.
        folder: Folder of backups, outside the home folder; made if it does not exist.
        actor: Who makes it.
        software: Version of the software.
        wait_seconds: How long to wait for a writer.

    Raises:
        Misuse: There is no warehouse, the folder lies in it or holds backups of another one, or a writer does not end.
    """
    if not home.exists:
        raise Misuse(
            "there is nothing to back up",
            where=str(home.path),
            how="name the home folder",
            code="no_warehouse",
        )
    folder, inside = folder.resolve(), home.path.resolve()
    if folder == inside or inside in folder.parents:
        raise Misuse(
            "the folder of the backups lies in the home folder, and would be lost with it",
            where=str(folder),
            how="name a folder on another disk or machine",
            code="backup_inside",
        )
    with pool.writing(folder):
        return _made(home, folder, actor, software, wait_seconds)


def _made(home: Home, folder: Path, actor: str, software: str, wait_seconds: float) -> Backup:
    earlier = pool.listed(folder)
    with Warehouse.open(home, "siprev backup", wait_seconds=wait_seconds) as warehouse:
        own = _identity(warehouse)
        if any(backup.warehouse != own for backup in earlier):
            raise Misuse(
                "the folder holds backups of another warehouse",
                where=str(folder),
                how="name a folder of its own for each home folder",
                code="other_warehouse",
            )
        made_at = utc_now()
        taken = max((b.number for b in earlier), default=0)
        number = max(taken, warehouse.scalar(f"SELECT max(backup_id) FROM {BACKUP.path}")) + 1
        with warehouse.transaction():
            values = row((number, made_at, actor, str(folder), warehouse.last_batch()))
            warehouse.connection.execute(f"INSERT INTO {BACKUP.path} VALUES {values}")
    known = pool.known(earlier)
    with _at_rest(home, wait_seconds):
        files = [pool.add(folder, home.path, path, {}) for path in (home.warehouse, home.restricted)]
    batch, version = _held(home, pool.stored(folder, files[0].sha256))
    # landed files are never written again, and every one that the files name is there by now
    for path in home.landed():
        with contextlib.suppress(FileNotFoundError):  # removed by law or by prune meanwhile
            files.append(pool.add(folder, home.path, path, known))
    backup = Backup(number, own, batch, version, software, made_at.isoformat(), actor, tuple(files))
    pool.finish(folder, backup)
    return backup


def _held(home: Home, copy: Path) -> tuple[int, int]:
    """The last batch and the version of a copied main file: a writer may have come in before it was copied."""
    with reading.opened(home, copy) as connection:
        (batch,) = reading.one(connection, f"SELECT coalesce(max(batch_id), 0) FROM {meta.BATCH.path}")
        return batch, migrations.version(connection) or 0


def _identity(warehouse: Warehouse) -> str:
    """What tells warehouses apart and says nothing of their secrets."""
    return hashlib.sha256(b"siprev:warehouse:" + warehouse.secret("reference_salt")).hexdigest()[:16]


@contextlib.contextmanager
def _at_rest(home: Home, wait_seconds: float) -> Iterator[None]:
    """Nobody writes, and the two files alone are the whole database."""
    for _ in range(_TRIES):
        with lock.writer(home, "siprev backup", wait_seconds=wait_seconds):
            if not any(
                path.with_name(path.name + ".wal").exists() for path in (home.warehouse, home.restricted)
            ):
                yield
                return
        # a writer was killed since: what it committed stands in the log until the next one opens the files
        Warehouse.open(home, "siprev backup", wait_seconds=wait_seconds).close()
    raise Misuse(
        "writers are killed faster than the files can be copied",
        where=str(home.path),
        how="let one command end, and repeat the backup",
        code="never_at_rest",
    )


def chosen(folder: Path, name: str | None) -> Backup:
    """A backup of a folder: the one that is named, else the newest.

    Raises:
        Misuse: There is no such backup.
    """
    found = pool.listed(folder) if folder.is_dir() else []
    if not found:
        raise Misuse(
            "there is no backup",
            where=str(folder),
            how="name the folder that siprev backup wrote",
            code="no_backup",
        )
    if name is None:
        return found[-1]
    for backup in found:
        if backup.name == name:
            return backup
    names = ", ".join(b.name for b in found[-5:])
    raise Misuse(
        f"there is no backup {name!r}", where=str(folder), how=f"there are: {names}", code="no_backup"
    )


def restore(home: Home, folder: Path, backup: Backup, settings: Settings | None = None) -> None:
    """Make a home folder what it was when a backup was made; landed files that came later stay beside.

    Every byte is held against its hash. A restore that is killed leaves no warehouse, and is completed by the same
    command.

    Args:
        home: The home folder, which must hold no main file.
        folder: The folder of backups.
        backup: Which one.
        settings: Bounds of memory and threads.

    Raises:
        Misuse: There is a warehouse, the backup was made by later software, or a file of it is lost or altered.
    """
    if home.exists:
        raise Misuse(
            "there is a warehouse in the home folder, which nothing may overwrite",
            where=str(home.warehouse),
            how="move warehouse.duckdb and restricted.duckdb away, or name another home folder with --home",
            code="warehouse_exists",
        )
    migrations.require_readable(backup.file_version, folder / f"{backup.name}.json")
    databases = {home.warehouse.name, home.restricted.name}
    with lock.writer(home, "siprev restore"):
        work = home.temporary / "restoring"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(mode=FOLDER_MODE)
        for file in backup.files:
            if file.path in databases:
                _bring(folder, file, work / file.path)
            else:
                _bring_landed(home, folder, file)
        home.pointer.unlink(missing_ok=True)
        # the main file comes last: while it is not there, there is no warehouse
        for path in (home.restricted, home.warehouse):
            path.with_name(path.name + ".wal").unlink(missing_ok=True)
            (work / path.name).replace(path)
            sync_folder(home.path)
        work.rmdir()
    with Warehouse.open(home, "siprev restore", settings=settings) as warehouse:
        snapshot.publish(warehouse, warehouse.last_batch())


def _bring_landed(home: Home, folder: Path, file: Kept) -> None:
    target = home.path / file.path
    if home.landing not in target.parents or ".." in Path(file.path).parts:
        raise _damaged(folder, file, "leads out of the landing")
    if target.is_file() and _hash(target) == file.sha256:
        return
    target.parent.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
    temporary = target.with_name(f".{target.name}.tmp")
    _bring(folder, file, temporary)
    temporary.replace(target)
    sync_folder(target.parent)


def _bring(folder: Path, file: Kept, target: Path) -> None:
    source = pool.stored(folder, file.sha256)
    if not source.is_file():
        raise _damaged(folder, file, "is not there")
    with source.open("rb") as incoming:
        size, sha256 = pool.copied(incoming, target)
    target.chmod(FILE_MODE)
    if (size, sha256) != (file.size, file.sha256):
        target.unlink()
        raise _damaged(folder, file, "was altered")


def _damaged(folder: Path, file: Kept, what: str) -> Misuse:
    return Misuse(
        f"a file of the backup {what}: {file.path}",
        where=str(pool.stored(folder, file.sha256)),
        how="restore another backup (--name), or copy this one anew from where it was kept; nothing was put in place",
        code="damaged_backup",
    )


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def past_retention(connection: duckdb.DuckDBPyConnection, today: dt.date) -> list[str]:
    """Backups that can be reached from here and hold deliveries past the shortest retention of their time.

    Args:
        connection: A connection to both files.
        today: The day on which that is judged.
    """
    if not reading.has(connection, BACKUP):
        return []
    found = connection.execute(
        f"""
        SELECT b.folder, b.backup_id, min(d.received_at + to_years(s.years)) AS until
        FROM {BACKUP.path} AS b
        JOIN {meta.DELIVERY.path} AS d ON d.batch_id <= b.batch_id AND d.sha256 <> ''
        JOIN {RETENTION} AS s USING (source_id)
        GROUP BY ALL HAVING until <= {literal(today)} ORDER BY b.backup_id
        """
    ).fetchall()
    lists = [Path(folder) / f"{pool.name(number)}.json" for folder, number, _ in found]
    return [str(path.with_suffix("")) for path in lists if path.is_file()]
