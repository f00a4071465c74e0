"""Folders for temporary data of those who only read: one for each, which a sweep leaves alone while its owner lives.

A writer that starts empties the folder for temporary data, and readers never wait for it. So each reader spills into
a folder of its own there, on which it holds the kernel's lock (flock): a process that dies, however it dies, holds it
no longer, and its folder goes with the next sweep.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from warehouse.home import FOLDER_MODE, Home
from warehouse.lock import try_lock


@dataclass(frozen=True)
class Scratch:
    """A folder and the descriptor that holds its lock; a child process that inherits it holds the lock too."""

    path: Path
    lock: int


@contextlib.contextmanager
def private(home: Home) -> Iterator[Scratch]:
    """A folder of one's own for as long as the context lasts.

    Args:
        home: A home folder that exists.
    """
    try:
        home.temporary.mkdir(mode=FOLDER_MODE, exist_ok=True)
        scratch = _make(home.temporary)
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise
        # who may only read the home folder spills where the system lets everybody
        scratch = _make(Path(tempfile.gettempdir()))
    with contextlib.ExitStack() as ending:
        ending.callback(os.close, scratch.lock)
        # runs first: the lock is held until the folder is gone
        ending.callback(shutil.rmtree, scratch.path)
        yield scratch


def sweep(home: Home) -> None:
    """Empty the folder for temporary data, but for the folders of those who live; only a writer may."""
    files, folders = _contents(home)
    for file in files:
        file.unlink()
    for folder in folders:
        with _hold(folder) as held:
            if held:
                shutil.rmtree(folder)


def left_over(home: Home) -> list[Path]:
    """What processes that died have left in the folder for temporary data; nobody writes while this is asked."""
    files, folders = _contents(home)
    return [*files, *(folder for folder in folders if _abandoned(folder))]


def _contents(home: Home) -> tuple[list[Path], list[Path]]:
    """Files, which only writers leave there, and folders; a folder may vanish at any moment."""
    with os.scandir(home.temporary) as found:
        kinds = [(Path(entry.path), entry.is_dir(follow_symlinks=False)) for entry in found]
    return [p for p, is_folder in kinds if not is_folder], [p for p, is_folder in kinds if is_folder]


def _make(parent: Path) -> Scratch:
    while True:
        path = Path(tempfile.mkdtemp(prefix=f"reader-{os.getpid()}-", dir=parent))
        # a sweep that came in between has removed the folder, or is about to: it holds the lock meanwhile
        with contextlib.suppress(FileNotFoundError):
            lock = os.open(path, os.O_RDONLY)
            fcntl.flock(lock, fcntl.LOCK_EX)
            if path.is_dir():
                return Scratch(path, lock)
            os.close(lock)


def _abandoned(folder: Path) -> bool:
    with _hold(folder) as held:
        return held


@contextlib.contextmanager
def _hold(folder: Path) -> Iterator[bool]:
    """Take the lock of a folder, if it is there and nobody has it."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:  # its owner has just removed it
        yield False
        return
    try:
        yield (
            try_lock(descriptor, fcntl.LOCK_EX) and folder.is_dir()
        )  # its owner may have removed it before it let go
    finally:
        os.close(descriptor)
