"""What a compressed delivery holds: .gz, .xz, .bz2, and one member of a .zip.

What is compressed is told by the first bytes, not by the name. It is unpacked once, a piece at a time, into a file that
is removed when the delivery was read.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from schemas.errors import Refusal
from sources.kit.landing import CHUNK, Landed, Scan, owner_only
from sources.kit.readers.workspace import Workspace

#: What unpacks to more than both is a bomb: so many bytes, and so many times its size.
LARGE, TIMES = 1 << 30, 300
#: An archive in an archive in an archive is the deepest that is unpacked.
DEPTH = 3
#: Member names that a message lists.
SHOWN = 8

#: How a .zip begins; one without any file has its end alone.
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_PACKED: dict[bytes, Callable[[Path], Any]] = {
    b"\x1f\x8b": gzip.GzipFile,
    b"\xfd7zXZ\x00": lzma.LZMAFile,
    b"BZh": bz2.BZ2File,
}
#: Members by which a workbook is told from an archive.
_WORKBOOK = ("xl/", "[Content_Types].xml", "META-INF/manifest.xml")
_DAMAGED = (
    BadZipFile,
    EOFError,
    OSError,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    UnicodeDecodeError,
)


def unpacked(landed: Landed, declared: str, member: str | None, work: Workspace) -> Landed:
    """The file that a delivery holds; the delivery itself where it is not compressed.

    Args:
        landed: The delivery.
        declared: The declared format.
        member: Name or pattern of the member of a .zip that is read; without it there must be one alone.
        work: Where it is unpacked, once for all layouts.

    Raises:
        Refusal: It is damaged, locked, a bomb, or does not hold the one file that is wanted.
    """
    for _ in range(DEPTH):
        start = landed.seen.start
        if start.startswith(_ZIP):
            inner = _member(landed, declared, member, work)
        elif start.startswith(tuple(_PACKED)):
            inner = _whole(landed, work)
        else:
            return landed
        if inner is landed:
            return landed
        landed, member = inner, None
    if landed.seen.start.startswith((*_ZIP, *_PACKED)) and not _is_workbook(landed):
        raise Refusal(
            f"archives lie in archives, more than {DEPTH} deep",
            where=landed.name,
            how="unpack it and deliver the file that it holds",
            code="archive_unreadable",
        )
    return landed


def _is_workbook(landed: Landed) -> bool:
    try:
        with ZipFile(landed.path) as archive:
            return any(name.startswith(_WORKBOOK) for name in archive.namelist())
    except (BadZipFile, NotImplementedError, UnicodeDecodeError):
        return False


def _whole(landed: Landed, work: Workspace) -> Landed:
    """What a compressed file holds."""
    open_packed = next(o for start, o in _PACKED.items() if landed.seen.start.startswith(start))

    def unpack() -> Landed:
        with _refusing_damage(landed.name), open_packed(landed.path) as stream:
            return _written(stream, landed, "", work)

    return work.once((landed.sha256, "unpacked"), unpack)


def _member(landed: Landed, declared: str, member: str | None, work: Workspace) -> Landed:
    """The wanted member of an archive; the file itself where it is a workbook."""
    try:
        archive = ZipFile(landed.path)
    except (BadZipFile, NotImplementedError, UnicodeDecodeError):
        if declared == "workbook":
            return landed
        raise _damaged(landed.name) from None
    with archive:
        names = archive.namelist()
        if any(name.startswith(_WORKBOOK) for name in names):
            return landed
        chosen = _chosen(archive, member, landed.name)
        where = f"{landed.name}, member {chosen.filename}"
        if chosen.flag_bits & 1:
            raise Refusal(
                "the archive is locked with a password",
                where=where,
                how="ask for it unlocked over a protected way; passwords are kept nowhere here",
                code="archive_locked",
            )
        _require_size(chosen.file_size, chosen.compress_size, where)

        def extract() -> Landed:
            with _refusing_damage(where), archive.open(chosen) as stream:
                return _written(stream, landed, f".{names.index(chosen.filename)}", work)

        return work.once((landed.sha256, chosen.filename), extract)


def _chosen(archive: ZipFile, member: str | None, where: str) -> ZipInfo:
    """The one member that is wanted.

    Raises:
        Refusal: None or several are.
    """
    hidden = ("__MACOSX/", ".DS_Store", "Thumbs.db")
    files = [
        info
        for info in archive.infolist()
        if not info.is_dir()
        and not info.filename.startswith(hidden[0])
        and not info.filename.endswith(hidden[1:])
    ]
    fitting = [i for i in files if member is None or _named(i.filename, member)]
    if len(fitting) == 1:
        return fitting[0]
    shown = ", ".join(i.filename for i in files[:SHOWN]) + (" ..." if len(files) > SHOWN else "")
    wanted = f" called {member}" if member else ""
    if not fitting:
        what = f"the archive has no file{wanted}"
    else:
        what = f"the archive has {len(fitting)} files{wanted}, where one is read"
    raise Refusal(
        what,
        where=f"{where} (it has {shown})" if files else where,
        how="name the member under file: member in source.yml, or ask for an archive with one file",
        code="archive_member",
    )


def _named(name: str, wanted: str) -> bool:
    """Whether a member has a name, or fits a pattern with * and ?; folders count only where they are named."""
    return fnmatchcase(name, wanted) or ("/" not in wanted and fnmatchcase(name.rpartition("/")[2], wanted))


def _written(stream: IO[bytes], packed: Landed, suffix: str, work: Workspace) -> Landed:
    """Write what a stream gives to a file, looking at its bytes on the way."""
    path = work.path()
    scan = Scan()
    size = 0
    with open(path, "wb", opener=owner_only) as stored:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            _require_size(size, packed.seen.size, packed.name)
            scan.feed(chunk)
            stored.write(chunk)
    if not size:
        raise Refusal(
            "the file in the archive is empty",
            where=packed.name,
            how="ask the provider to send it again",
            code="empty_file",
        )
    return Landed(path, packed.name, f"{packed.sha256}{suffix}.unpacked", scan.end())


def _require_size(size: int, packed: int, where: str) -> None:
    if size > LARGE and size > TIMES * max(packed, 1):
        raise Refusal(
            f"the archive unpacks to more than {TIMES} times its size, as one does that is made to fill a disk",
            where=where,
            how="if you trust its sender, unpack it yourself and deliver the file that it holds",
            code="archive_bomb",
        )


@contextmanager
def _refusing_damage(where: str) -> Iterator[None]:
    try:
        yield
    except _DAMAGED as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # of the machine, such as a full disk
        raise _damaged(where) from None


def _damaged(where: str) -> Refusal:
    return Refusal(
        "the archive (or workbook) cannot be opened: it is damaged, cut, or packed in a way that is not read",
        where=where,
        how="get it again, or ask for a .zip or .gz as usual tools make it",
        code="archive_unreadable",
    )
