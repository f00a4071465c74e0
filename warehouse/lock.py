"""One writer at a time: an advisory lock on ``writer.lock`` in the home folder.

The lock is the kernel's (flock), so that a process that dies, however it dies, holds it no longer. The file's text
only says who holds it.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from schemas.errors import Misuse
from warehouse.home import FILE_MODE, Home

_POLL_SECONDS = 0.1
#: Also without a wait: asking who holds the lock takes it for an instant.
_SHORTEST_WAIT_SECONDS = 0.3


@dataclass(frozen=True)
class Holder:
    """Who holds the lock."""

    pid: int
    command: str
    since: str


@contextlib.contextmanager
def writer(home: Home, command: str, *, wait_seconds: float = 0.0) -> Iterator[None]:
    """Be the one writer of a home folder for as long as the context lasts.

    Args:
        home: The home folder; it is made if it does not exist.
        command: What the holder is doing, for the message that others get.
        wait_seconds: How long to wait for another writer to end.

    Raises:
        Misuse: Another process writes, also after the wait.
    """
    home.create()
    descriptor = os.open(home.writer_lock, os.O_RDWR | os.O_CREAT, FILE_MODE)
    try:
        _acquire(descriptor, home, wait_seconds)
        since = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        _write(descriptor, json.dumps({"pid": os.getpid(), "command": command, "since": since}))
        try:
            yield
        finally:
            _write(descriptor, "")
    finally:
        os.close(descriptor)  # gives the lock back


def holder(home: Home) -> Holder | None:
    """Who writes at this moment; None if nobody does."""
    if not home.writer_lock.is_file():
        return None
    descriptor = os.open(home.writer_lock, os.O_RDONLY)
    try:
        if try_lock(descriptor, fcntl.LOCK_SH):
            return None
        return _read(home)
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, home: Home, wait_seconds: float) -> None:
    deadline = time.monotonic() + max(wait_seconds, _SHORTEST_WAIT_SECONDS)
    while not try_lock(descriptor, fcntl.LOCK_EX):
        if time.monotonic() >= deadline:
            other = _read(home)
            raise Misuse(
                f"another process is writing: {other.command} (process {other.pid}, since {other.since})",
                where=str(home.writer_lock),
                how="wait until it has ended and repeat the command; reading is possible meanwhile",
                code="locked",
            )
        time.sleep(_POLL_SECONDS)


def try_lock(descriptor: int, kind: int) -> bool:
    """Take the kernel's lock of an open file or folder at once.

    Args:
        descriptor: The open file or folder; closing it, or the end of the process, gives the lock back.
        kind: ``fcntl.LOCK_EX`` for one holder, ``fcntl.LOCK_SH`` for several.

    Returns:
        Whether it was free.
    """
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _write(descriptor: int, text: str) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, text.encode(), 0)


def _read(home: Home) -> Holder:
    try:
        found = json.loads(home.writer_lock.read_text(encoding="utf-8"))
        return Holder(int(found["pid"]), str(found["command"]), str(found["since"]))
    except (ValueError, KeyError, TypeError):
        # between taking the lock and writing the text the file is empty
        return Holder(0, "a command that has just started", "now")
