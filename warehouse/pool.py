"""A folder of backups: every file once, under the SHA-256 of its bytes, and a list of files for each backup.

A list is written last and renamed into place: a backup exists with all its files or not at all. What a killed process
left is removed by the next one that writes there.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from schemas.errors import Misuse
from warehouse import lock
from warehouse.home import FILE_MODE, FOLDER_MODE, sync_folder, write_text_atomically

#: Form of the lists; a greater one was written by later software.
FORM = 1
_CHUNK = 1 << 22
_FILES, _TEMPORARY, _LOCK = "files", ".tmp", ".lock"


@dataclass(frozen=True)
class Kept:
    """One file of a backup: its place in the home folder, size, SHA-256, and when it was last written (ns)."""

    path: str
    size: int
    sha256: str
    written: int


@dataclass(frozen=True)
class Backup:
    """What a backup holds.

    Args:
        number: Sequential number in its warehouse.
        warehouse: By what the backups of one warehouse are told from those of others.
        batch: Last batch.
        file_version: Version of the warehouse's files (``warehouse.migrations``).
        software: Version of the software that made it.
        made_at: When it was begun, UTC, ISO 8601.
        actor: Person who made it.
        files: The files.
    """

    number: int
    warehouse: str
    batch: int
    file_version: int
    software: str
    made_at: str
    actor: str
    files: tuple[Kept, ...]

    @property
    def name(self) -> str:
        """Its name in the folder."""
        return name(self.number)

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(file.size for file in self.files)


def name(number: int) -> str:
    """What a backup is called in its folder."""
    return f"backup-{number:06d}"


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Be the only one that writes into a folder of backups; made if it does not exist.

    Raises:
        Misuse: Another process does.
    """
    (folder / _FILES).mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
    descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, FILE_MODE)
    try:
        if not lock.try_lock(descriptor, fcntl.LOCK_EX):
            raise Misuse(
                "another process writes a backup into this folder",
                where=str(folder),
                how="wait until it has ended and repeat the command",
                code="locked",
            )
        for left in (*folder.glob(f"*{_TEMPORARY}"), *(folder / _FILES).glob(f"*{_TEMPORARY}")):
            left.unlink()
        yield
    finally:
        os.close(descriptor)


def listed(folder: Path) -> list[Backup]:
    """The backups of a folder, oldest first.

    Raises:
        Misuse: A list is damaged, or of a later form.
    """
    return sorted((_read(path) for path in folder.glob("backup-*.json")), key=lambda b: b.number)


def _read(path: Path) -> Backup:
    try:
        said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if int(said.pop("form")) > FORM:
            raise Misuse(
                "the backup was made by a later version of this software",
                where=str(path),
                how="install the software version that made it, or a later one",
                code="newer_file",
            )
        files = tuple(Kept(**file) for file in said.pop("files"))
        return Backup(**said, files=files)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Misuse(
            f"the list of a backup cannot be read ({type(error).__name__})",
            where=str(path),
            how="take another backup of the folder, and remove this list",
            code="damaged_backup",
        ) from error


def add(folder: Path, root: Path, path: Path, known: dict[tuple[str, int, int], str]) -> Kept:
    """Keep a file; one whose bytes are there already is not written again.

    Args:
        folder: The folder of backups.
        root: The home folder.
        path: The file in it.
        known: SHA-256 of files that earlier backups hold, by path, size and time of writing; such a file is not read.
    """
    place = path.relative_to(root).as_posix()
    seen = path.stat()
    told = known.get((place, seen.st_size, seen.st_mtime_ns))
    if told and stored(folder, told).is_file():
        return Kept(place, seen.st_size, told, seen.st_mtime_ns)
    temporary = folder / _FILES / f"{os.getpid()}{_TEMPORARY}"
    with path.open("rb") as incoming:
        size, sha256 = copied(incoming, temporary)
    target = stored(folder, sha256)
    target.parent.mkdir(exist_ok=True, mode=FOLDER_MODE)
    temporary.replace(target)
    sync_folder(target.parent)
    return Kept(place, size, sha256, seen.st_mtime_ns)


def copied(incoming: BinaryIO, target: Path) -> tuple[int, str]:
    """Write all that is left of a file into another one and onto the disk; its size and SHA-256."""
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE)
    with os.fdopen(descriptor, "wb") as outgoing:
        while chunk := incoming.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            outgoing.write(chunk)
        outgoing.flush()
        os.fsync(outgoing.fileno())
    return size, digest.hexdigest()


def stored(folder: Path, sha256: str) -> Path:
    """Where bytes are kept."""
    return folder / _FILES / sha256[:2] / sha256


def finish(folder: Path, backup: Backup) -> Path:
    """Write the list of a backup, which makes it one."""
    path = folder / f"{backup.name}.json"
    write_text_atomically(path, json.dumps({"form": FORM, **asdict(backup)}, indent=1) + "\n")
    return path


def thin(folder: Path, keep: int) -> list[str]:
    """Remove all backups but the newest ones, and the files that none of these has.

    Returns:
        Names of the removed backups.
    """
    every = listed(folder)
    old, left = every[: max(0, len(every) - keep)], every[max(0, len(every) - keep) :]
    for backup in old:
        (folder / f"{backup.name}.json").unlink()
    _remove_but(folder, {file.sha256 for backup in left for file in backup.files})
    return [backup.name for backup in old]


def _remove_but(folder: Path, wanted: Iterable[str]) -> None:
    keep = set(wanted)
    for path in (folder / _FILES).glob("*/*"):
        if path.name not in keep:
            path.unlink()


def known(backups: Sequence[Backup]) -> dict[tuple[str, int, int], str]:
    """What earlier backups hold, as ``add`` wants it."""
    return {(f.path, f.size, f.written): f.sha256 for backup in backups for f in backup.files}
