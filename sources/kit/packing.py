"""Several files of one delivery packed into one archive, so that they are landed, known and read as one.

The same files give the same bytes, on any day and machine: names in order, fixed times, nothing compressed.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from schemas.errors import Misuse
from sources.kit import landing
from sources.kit.landing import CHUNK, owner_only
from sources.kit.specification import Specification

#: The time that all members have: the first that an archive can say.
_TIME = (1980, 1, 1, 0, 0, 0)
#: Written by a system of the Unix kind, readable by the owner alone.
_SYSTEM, _RIGHTS = 3, 0o600 << 16
#: Longest name of an archive that is made of the names of its files.
_LONGEST = 150


def wanted(specification: Specification) -> bool:
    """Whether a source's deliveries may be several files."""
    return any(layout.join for layout in specification.layouts)


def together(specification: Specification, files: Sequence[Path]) -> list[list[Path]]:
    """The files of each delivery: each by itself, or all loose ones as one where the source joins tables.

    An archive is a delivery by itself: the provider has packed what belongs together.
    """
    if not wanted(specification):
        return [[path] for path in files]
    loose = [path for path in files if path.suffix.lower() != ".zip"]
    archives = [[path] for path in files if path not in loose]
    return [*archives, loose] if loose else archives


@contextmanager
def as_one(files: Sequence[Path], folder: Path, name: str | None = None) -> Iterator[Path]:
    """The one file that a delivery is: the file itself, or an archive of several that is removed at the end.

    Args:
        files: The files of the delivery.
        folder: Where the archive is made.
        name: What it is called; without it, by the names of its files.

    Raises:
        Misuse, Refusal: A file is missing or empty, or two have one name.
    """
    if len(files) == 1 and name is None:
        yield files[0]
        return
    for path in files:
        landing.require_file(path)
    _require_apart(files)
    inside = folder / f"packed-{files[0].stat().st_ino}"
    inside.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        path = inside / (name or _name(files))
        _pack(files, path)
        yield path
    finally:
        shutil.rmtree(inside, ignore_errors=True)


def of_folder(specification: Specification, source_id: str, folder: Path) -> list[Path]:
    """The files of a folder that is one delivery.

    Raises:
        Misuse: A delivery of the source is one file, or the folder is empty.
    """
    files = members(folder)
    if files and wanted(specification):
        return files
    one_file = f"this is a folder, and a delivery of {source_id} is one file"
    what = "the folder has no file" if wanted(specification) else one_file
    raise Misuse(what, where=str(folder), how="name the file that the provider sent", code="not_a_file")


def members(folder: Path) -> list[Path]:
    """The files of a folder that is one delivery, without those that systems put there."""
    return sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))


def looks(path: Path) -> tuple[int, int]:
    """Size and time of the last change, by which a change of a delivery is noticed; of a folder those of its files."""
    stats = [path.stat()] if path.is_file() else [p.stat() for p in members(path)]
    return sum(s.st_size for s in stats), max((s.st_mtime_ns for s in stats), default=path.stat().st_mtime_ns)


def _pack(files: Sequence[Path], path: Path) -> None:
    with open(path, "wb", opener=owner_only) as stored, ZipFile(stored, "w", ZIP_STORED) as archive:
        for file in sorted(files, key=lambda f: f.name):
            info = ZipInfo(file.name, _TIME)
            info.create_system, info.external_attr = _SYSTEM, _RIGHTS
            info.file_size = file.stat().st_size
            with file.open("rb") as incoming, archive.open(info, "w") as member:
                shutil.copyfileobj(incoming, member, CHUNK)


def _require_apart(files: Sequence[Path]) -> None:
    names = [file.name for file in files]
    for name in names:
        if names.count(name) > 1:
            raise Misuse(
                f"two files of the delivery are called {name}",
                where=", ".join(str(file) for file in files if file.name == name),
                how="rename one of them, or give the right files",
                code="same_names",
            )


def _name(files: Sequence[Path]) -> str:
    joined = " + ".join(sorted(file.name for file in files))
    shown = joined if len(joined) <= _LONGEST else f"{joined[:_LONGEST]}..., {len(files)} files"
    return f"{shown}.zip"
