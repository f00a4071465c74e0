"""Snapshots: read-only copies of the main file, and the pointer that says which one readers use.

A snapshot is the checkpointed main file copied byte by byte, synced and renamed to a name that was never used
before; then the pointer moves. Readers never wait for the writer and never see half a load; a kill at any moment
leaves at most a temporary copy, which the next publication removes.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from schemas.errors import Misuse
from warehouse import reading
from warehouse.database import Warehouse
from warehouse.home import FILE_MODE, Home, sync_folder, write_text_atomically

_NAME = re.compile(r"batch-(\d{6,})\.duckdb")
_CHUNK = 1 << 26
_TRIES = 3


@dataclass(frozen=True)
class Retention:
    """Which snapshots are kept: the newest, and all that are young enough to be in use."""

    newest: int = 5
    younger_than_seconds: float = 3600.0


def name(batch_id: int) -> str:
    """File name of the snapshot made after a batch."""
    return f"batch-{batch_id:06d}.duckdb"


def publish(warehouse: Warehouse, batch_id: int, *, retention: Retention | None = None) -> Path:
    """Copy the main file as it is now and let the pointer name the copy.

    Args:
        warehouse: The open warehouse, outside any transaction.
        batch_id: The last batch.
        retention: Which older snapshots stay.

    Returns:
        The new snapshot.
    """
    home = warehouse.home
    sweep(home)
    target = home.snapshots / name(batch_id)
    temporary = target.with_name(target.name + ".tmp")
    # an empty write-ahead log, so that the file alone is the whole database
    warehouse.connection.execute("CHECKPOINT")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE)
    try:
        _copy(warehouse.main_file, descriptor)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    temporary.replace(target)
    sync_folder(home.snapshots)
    write_text_atomically(home.pointer, target.name + "\n")
    prune(home, retention or Retention())
    return target


def _copy(source: int, target: int) -> None:
    """Copy between descriptors inside the kernel where the file system can, else by blocks."""
    size = os.fstat(source).st_size
    done = 0
    try:
        while done < size:
            n = os.copy_file_range(source, target, min(_CHUNK, size - done), done, done)
            if n == 0:
                break
            done += n
    except OSError as error:
        if error.errno not in (errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP):
            raise
    while done < size:
        block = os.pread(source, min(_CHUNK, size - done), done)
        if not block:
            raise OSError(errno.EIO, "the main file became shorter while it was copied")
        done += os.pwrite(target, block, done)


def sweep(home: Home) -> list[str]:
    """Remove temporary copies that a killed process left; only a writer may.

    Returns:
        Names of the removed files.
    """
    left = sorted(home.snapshots.glob("*.tmp"))
    for path in left:
        path.unlink()
    return [p.name for p in left]


def prune(home: Home, retention: Retention) -> list[str]:
    """Remove old snapshots. One that a reader has open stays readable to it until it ends.

    Returns:
        Names of the removed files.
    """
    found = sorted((p for p in home.snapshots.iterdir() if _NAME.fullmatch(p.name)), key=_batch, reverse=True)
    named = _pointed(home)
    oldest = time.time() - retention.younger_than_seconds
    old = [p for p in found[retention.newest :] if p.name != named and p.stat().st_mtime < oldest]
    for path in old:
        path.unlink()
    return [p.name for p in old]


def current(home: Home) -> Path | None:
    """The snapshot that readers use; None before the first.

    Raises:
        Misuse: The pointer is damaged, or names a file that does not exist.
    """
    named = _pointed(home)
    if named is None:
        return None
    path = home.snapshots / named
    if not _NAME.fullmatch(named) or not path.is_file():
        raise Misuse(
            "the pointer to the snapshot names no snapshot",
            where=str(home.pointer),
            how="run any command that writes, which publishes a new one; `siprev doctor` tells more",
            code="pointer_to_nothing",
        )
    return path


def current_batch(home: Home) -> int:
    """Batch of the snapshot that readers use; 0 before the first.

    Raises:
        Misuse: The pointer is damaged.
    """
    path = current(home)
    return _batch(path) if path else 0


def require_current(home: Home) -> Path:
    """The snapshot that readers use.

    Raises:
        Misuse: There is none yet, or the pointer is damaged.
    """
    path = current(home)
    if path is None:
        raise Misuse(
            "nothing has been loaded yet",
            where=str(home.path),
            how="load a delivery first (`siprev ingest SOURCE FILE`), or run `siprev demo`",
            code="no_snapshot",
        )
    return path


@contextlib.contextmanager
def reader(home: Home, *, memory_limit: str = reading.MEMORY) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the current snapshot, for the commands of this system.

    Raises:
        Misuse: There is no snapshot.
    """
    with contextlib.ExitStack() as ending:
        for attempt in range(1, _TRIES + 1):
            path = require_current(home)
            try:
                connection = ending.enter_context(reading.opened(home, path, memory_limit=memory_limit))
                break
            except duckdb.IOException:
                # pruned between reading the pointer and opening the file: the pointer has moved on
                if attempt == _TRIES or path.is_file():
                    raise
        else:  # the loop ends by break or raise
            raise AssertionError
        yield connection


def _pointed(home: Home) -> str | None:
    try:
        return home.pointer.read_text(encoding="utf-8", errors="replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _batch(path: Path) -> int:
    found = _NAME.fullmatch(path.name)
    return int(found.group(1)) if found else 0
