"""The landing: a delivery's bytes, stored under their hash, readable by the owner alone.

One pass over the file copies it, hashes it and looks at its bytes, so that a file of hundreds of megabytes is
read once before DuckDB reads it. Bytes with personal data are stored sealed (``sources.kit.sealing``): readers get
the delivered file itself, held open and watched for changes, and of an earlier delivery a copy without a name, which
is gone as soon as the process is, however it ends.
"""

from __future__ import annotations

import codecs
import contextlib
import hashlib
import hmac
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from schemas.errors import Misuse, Refusal
from sources.kit import sealing
from sources.kit.keyring import Keyring, MasterKey
from sources.kit.sealing import FileKey, Sealer

CHUNK = 1 << 22
BYTE_ORDER_MARK = codecs.BOM_UTF8

#: How a page saved under the name of a table begins; a login page or a notice that the file has moved.
_WEB_PAGE = (b"<!doctype", b"<html", b"<head", b"<body", b"<?xml", b"<table", b"<meta", b"<script", b"<!--")

#: Longest line of a text that is read, in bytes. DuckDB loses a longer one, and others with it, without a word.
LONGEST_LINE = 2_000_000
#: A line that is longer may have far more fields than there are columns, so that its fields are counted.
WIDE_LINE = 4_096

#: All bytes but those that Latin-1 gives no sign; Windows has curly quotes, dashes and some letters there.
_LATIN = bytes([*range(0x80), *range(0xA0, 0x100)])


@dataclass(frozen=True)
class Bytes:
    """What the bytes of a file show before it is read as a table.

    ``not_utf8_at`` is the offset of the first byte that cannot be UTF-8, None if the whole file can be;
    ``beyond_latin`` are offset and value of the first byte that Latin-1 gives no sign; ``long_line_at`` is where the
    first line begins that is longer than ``LONGEST_LINE``, ``has_wide_line`` whether any is longer than ``WIDE_LINE``.
    """

    start: bytes
    size: int
    nul_at: int | None
    not_utf8_at: int | None
    ascii_only: bool
    beyond_latin: tuple[int, int] | None
    long_line_at: int | None
    has_wide_line: bool

    @property
    def web_page(self) -> bool:
        """Whether the file is a page for a browser, whatever its name says."""
        return self.start.removeprefix(BYTE_ORDER_MARK).lstrip().lower().startswith(_WEB_PAGE)


@dataclass(frozen=True)
class Landed:
    """A delivery in the landing.

    Args:
        path: Where its bytes can be read, until it is closed.
        name: Name of the file as it was delivered.
        sha256: The hash under which it is stored: SHA-256 of the bytes, or of personal data a keyed hash of it.
        seen: What the bytes show.
        held: What ``path`` leads to, where the stored bytes are sealed: the delivered file, or a copy without a name.
        state: By what a change of the delivered file is noticed; None for a copy, which nobody else can change.
    """

    path: Path
    name: str
    sha256: str
    seen: Bytes
    held: BinaryIO | None = field(default=None, repr=False, compare=False)
    state: tuple[int, ...] | None = field(default=None, repr=False, compare=False)

    def require_unchanged(self) -> None:
        """Make sure that what was read is what was landed.

        Raises:
            Refusal: Somebody wrote to the delivered file meanwhile.
        """
        if self.held is not None and self.state not in (None, _state(self.held)):
            raise Refusal(
                "the file was changed while it was read",
                where=self.name,
                how="let whoever writes it finish, and take it in again",
                code="file_changed",
            )

    def close(self) -> None:
        """Give up what was held open for reading."""
        if self.held is not None:
            self.held.close()


@dataclass(frozen=True)
class Safe:
    """What the landing of personal data needs.

    Args:
        keyring: The master keys at hand, which open what was sealed before.
        key: The master key by which new files are sealed; None leaves them as they are (made-up data).
        work: Folder on the disk that holds copies without a name of what is read again.
        names: Secret of this warehouse by which hashes are keyed, so that nobody can try what a small file may
            hold against its name; None for made-up data.
    """

    keyring: Keyring
    key: MasterKey | None
    work: Path
    names: bytes | None = field(default=None, repr=False)

    def named(self, sha256: bytes) -> str:
        """The hash under which bytes are known here."""
        return hmac.digest(self.names, sha256, hashlib.sha256).hex() if self.names else sha256.hex()


class _LongLine:
    """Looks for the first line that is longer than some bytes: ``at`` is where it begins."""

    def __init__(self, longest: int) -> None:
        self.at: int | None = None
        self._longest = longest
        self._line = 0

    def feed(self, chunk: bytes, before: int) -> None:
        """Go from the start of a line to the last end of a line within reach, so that short lines are passed over."""
        while self.at is None and (first := self._line - before) < len(chunk):
            past = first + self._longest + 1
            found = max(chunk.rfind(end, max(first, 0), past) for end in (b"\n", b"\r"))
            if found < 0:
                self.at = self._line if past <= len(chunk) else None
                return
            self._line = before + found + 1


class Scan:
    """Collects what ``Bytes`` holds, chunk by chunk."""

    def __init__(self) -> None:
        self.start = b""
        self.size = 0
        self.nul_at: int | None = None
        self.not_utf8_at: int | None = None
        self.ascii_only = True
        self.beyond_latin: tuple[int, int] | None = None
        self._long, self._wide = _LongLine(LONGEST_LINE), _LongLine(WIDE_LINE)
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def feed(self, chunk: bytes) -> None:
        """Look at the next bytes."""
        if not self.start:
            self.start = chunk[:4096]
        if self.nul_at is None and (found := chunk.find(b"\0")) >= 0:
            self.nul_at = self.size + found
        if not chunk.isascii() or not self.ascii_only:
            self.ascii_only = False
            self._decode(chunk, final=False)
            self._look_beyond_latin(chunk)
        for lines in (self._long, self._wide):
            lines.feed(chunk, self.size)
        self.size += len(chunk)

    def _decode(self, chunk: bytes, *, final: bool) -> None:
        if self.not_utf8_at is not None:
            return
        # a letter that was cut by the end of the chunk before is decoded with this one
        pending = len(self._decoder.getstate()[0])
        try:
            self._decoder.decode(chunk, final)
        except UnicodeDecodeError as error:
            self.not_utf8_at = self.size - pending + error.start

    def _look_beyond_latin(self, chunk: bytes) -> None:
        # to take all other bytes away is ten times as fast as to search for these by a pattern
        if self.beyond_latin is None and (left := chunk.translate(None, _LATIN)):
            self.beyond_latin = (self.size + chunk.index(left[:1]), left[0])

    def end(self) -> Bytes:
        """What all bytes together show."""
        self._decode(b"", final=True)
        return Bytes(
            self.start,
            self.size,
            self.nul_at,
            self.not_utf8_at,
            self.ascii_only,
            self.beyond_latin,
            self._long.at,
            self._wide.at is not None,
        )


def require_file(path: Path) -> None:
    """Refuse what is no file, or an empty one.

    Raises:
        Misuse: The path does not exist, is no file or may not be read.
        Refusal: The file is empty.
    """
    if not path.exists():
        raise Misuse(
            "there is no such file", where=str(path), how="check the path and its spelling", code="no_file"
        )
    if not path.is_file():
        raise Misuse(
            "this is no file",
            where=str(path),
            how="name the files of the folder one by one",
            code="not_a_file",
        )
    if not os.access(path, os.R_OK):
        raise Misuse(
            "the file may not be read",
            where=str(path),
            how="give your account the right to read it",
            code="not_readable",
        )
    if path.stat().st_size == 0:
        raise Refusal(
            "the file is empty", where=str(path), how="ask the provider to send it again", code="empty_file"
        )


def land(path: Path, landing: Path, source_id: str, safe: Safe | None = None) -> Landed:
    """Copy a file into the landing under its hash.

    A copy that was cut by a kill has a temporary name and is never taken for a landed file.

    Args:
        path: The file.
        landing: The landing.
        source_id: The source that delivers it.
        safe: How personal data are sealed; None for a source that holds none.

    Raises:
        Misuse, Refusal: See ``require_file``.
    """
    require_file(path)
    folder = landing / source_id
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = folder / f".{os.getpid()}.tmp"
    with contextlib.ExitStack() as ending:
        incoming = ending.enter_context(path.open("rb"))
        state = _state(incoming)
        with open(temporary, "wb", opener=owner_only) as stored:
            sealer = Sealer(stored) if safe and safe.key else None
            digest, seen = _received(_chunks_of(incoming), sealer or stored)
            if sealer:
                sealer.end()
            stored.flush()
            os.fsync(stored.fileno())
        name = _named(digest, folder, safe)
        if not (safe and safe.key and sealer):
            temporary.replace(folder / name)
            return Landed(folder / name, path.name, name, seen)
        _store_sealed(temporary, folder / name, FileKey(sealer.secret, digest), safe.key, seen.size)
        ending.pop_all()
        return Landed(path_of(incoming), path.name, name, seen, incoming, state)


def in_place(path: Path) -> Landed:
    """A file as it lies, looked through and stored nowhere.

    Raises:
        Misuse, Refusal: See ``require_file``.
    """
    require_file(path)
    digest, seen = _received(_chunks(path), None)
    return Landed(path, path.name, digest.hex(), seen)


def known_as(path: Path, landing: Path, source_id: str, safe: Safe | None = None) -> str:
    """The hash under which a file would be stored; nothing is."""
    digest, _ = _received(_chunks(path), None)
    return _named(digest, landing / source_id, safe)


def _named(digest: bytes, folder: Path, safe: Safe | None) -> str:
    """The hash under which bytes are stored: keyed, but where they are from a time without personal data."""
    return safe.named(digest) if safe and not (folder / digest.hex()).exists() else digest.hex()


def _received(chunks: Iterable[bytes], target: BinaryIO | Sealer | None) -> tuple[bytes, Bytes]:
    """SHA-256 of the bytes and what they show, while they go to where they are kept."""
    scan, digest = Scan(), hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
        scan.feed(chunk)
        if target is not None:
            target.write(chunk)
    return digest.digest(), scan.end()


def _store_sealed(temporary: Path, target: Path, key: FileKey, master: MasterKey, size: int) -> None:
    """Put a sealed file into its place: its key first, since a file without one counts as destroyed.

    Bytes that are there already stay as they are, also where their key was destroyed: the law has taken them away.
    """
    if target.exists() and target.stat().st_size == sealing.sealed_size(size):
        temporary.unlink()
        return
    sealing.keep_key(target, key, master)
    temporary.replace(target)


def reopen(landing: Path, source_id: str, sha256: str, name: str, safe: Safe) -> Landed:
    """The bytes of an earlier delivery, to be read again.

    Args:
        landing: The landing.
        source_id: The source that delivered them.
        sha256: The hash under which they are stored.
        name: Name of the file as it was delivered.
        safe: How sealed bytes are opened.

    Raises:
        Refusal: The file is missing or damaged, or its key was destroyed.
        Misuse: The master key that sealed them is not at hand.
    """
    path = landing / source_id / sha256
    if not path.is_file():
        raise Refusal(
            "the landed file is missing",
            where=str(path),
            how="restore it from a backup of the landing, or ask the provider for the file again",
            code="landed_missing",
        )
    with contextlib.ExitStack() as ending:
        copy = ending.enter_context(nameless(safe.work)) if sealing.is_sealed(path) else None
        chunks = sealing.opened(path, sealing.read_key(path, safe.keyring)) if copy else _chunks(path)
        digest, seen = _received(chunks, copy)
        if sha256 not in (digest.hex(), safe.named(digest)):
            raise sealing.damaged(path, "its bytes do not have the hash under which it was stored")
        if copy is None:
            return Landed(path, name, sha256, seen)
        copy.flush()
        ending.pop_all()
        return Landed(path_of(copy), name, sha256, seen, copy)


def seal(path: Path, key: MasterKey) -> None:
    """Seal a landed file that lies open, in its place."""
    temporary = path.with_name(f".{os.getpid()}.tmp")
    with open(temporary, "wb", opener=owner_only) as stored:
        sealer = Sealer(stored)
        digest, _ = _received(_chunks(path), sealer)
        sealer.end()
        stored.flush()
        os.fsync(stored.fileno())
    sealing.keep_key(path, FileKey(sealer.secret, digest), key)
    temporary.replace(path)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from _chunks_of(file)


def _chunks_of(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


def _state(file: BinaryIO) -> tuple[int, ...]:
    """By what a change of an open file's content is noticed; another name, or none any more, is no change."""
    stat = os.fstat(file.fileno())
    return stat.st_size, stat.st_mtime_ns


def nameless(folder: Path) -> BinaryIO:
    """A file for the owner alone that has no name in its folder, so that it ends with the process."""
    file: BinaryIO = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed by Landed.close
    return file


def path_of(file: BinaryIO) -> Path:
    """A path by which readers of this process reach an open file, whatever became of its name."""
    return Path(f"/proc/self/fd/{file.fileno()}")


def owner_only(path: str, flags: int) -> int:
    """Opener of files that hold raw data: nobody else may read them, from their first byte on."""
    return os.open(path, flags, 0o600)
