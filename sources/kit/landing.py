"""The landing: a delivery's bytes, stored under their SHA-256, readable by the owner alone.

One pass over the file copies it, hashes it and looks at its bytes, so that a file of hundreds of megabytes is
read once before DuckDB reads it.
"""

from __future__ import annotations

import codecs
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from schemas.errors import Misuse, Refusal

CHUNK = 1 << 22
BYTE_ORDER_MARK = codecs.BOM_UTF8

#: How a page saved under the name of a table begins; a login page or a notice that the file has moved.
_WEB_PAGE = (b"<!doctype", b"<html", b"<head", b"<body", b"<?xml", b"<table", b"<meta", b"<script", b"<!--")

#: Longest line of a text that is read, in bytes. DuckDB loses a longer one, and others with it, without a word.
LONGEST_LINE = 2_000_000

#: All bytes but those that Latin-1 gives no sign; Windows has curly quotes, dashes and some letters there.
_LATIN = bytes([*range(0x80), *range(0xA0, 0x100)])


@dataclass(frozen=True)
class Bytes:
    """What the bytes of a file show before it is read as a table.

    ``not_utf8_at`` is the offset of the first byte that cannot be UTF-8, None if the whole file can be;
    ``beyond_latin`` are offset and value of the first byte that Latin-1 gives no sign; ``long_line_at`` is where the
    first line begins that is longer than ``LONGEST_LINE``.
    """

    start: bytes
    size: int
    nul_at: int | None
    not_utf8_at: int | None
    ascii_only: bool
    beyond_latin: tuple[int, int] | None
    long_line_at: int | None

    @property
    def web_page(self) -> bool:
        """Whether the file is a page for a browser, whatever its name says."""
        return self.start.removeprefix(BYTE_ORDER_MARK).lstrip().lower().startswith(_WEB_PAGE)


@dataclass(frozen=True)
class Landed:
    """A delivery in the landing."""

    path: Path
    name: str
    sha256: str
    seen: Bytes


class _Scan:
    """Collects what ``Bytes`` holds, chunk by chunk."""

    def __init__(self) -> None:
        self.start = b""
        self.size = 0
        self.nul_at: int | None = None
        self.not_utf8_at: int | None = None
        self.ascii_only = True
        self.beyond_latin: tuple[int, int] | None = None
        self.long_line_at: int | None = None
        self._line = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def feed(self, chunk: bytes) -> None:
        if not self.start:
            self.start = chunk[:4096]
        if self.nul_at is None and (found := chunk.find(b"\0")) >= 0:
            self.nul_at = self.size + found
        if not chunk.isascii() or not self.ascii_only:
            self.ascii_only = False
            self._decode(chunk, final=False)
            self._look_beyond_latin(chunk)
        if self.long_line_at is None:
            self._measure_lines(chunk)
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

    def _measure_lines(self, chunk: bytes) -> None:
        """Go from the start of a line to the last end of a line within reach, so that short lines are passed over."""
        while (first := self._line - self.size) < len(chunk):
            past = first + LONGEST_LINE + 1
            found = max(chunk.rfind(end, max(first, 0), past) for end in (b"\n", b"\r"))
            if found < 0:
                self.long_line_at = self._line if past <= len(chunk) else None
                return
            self._line = self.size + found + 1

    def end(self) -> Bytes:
        self._decode(b"", final=True)
        return Bytes(
            self.start,
            self.size,
            self.nul_at,
            self.not_utf8_at,
            self.ascii_only,
            self.beyond_latin,
            self.long_line_at,
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


def land(path: Path, landing: Path, source_id: str) -> Landed:
    """Copy a file into the landing under its hash.

    A copy that was cut by a kill has a temporary name and is never taken for a landed file.

    Raises:
        Misuse, Refusal: See ``require_file``.
    """
    require_file(path)
    folder = landing / source_id
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    scan, digest = _Scan(), hashlib.sha256()
    temporary = folder / f".{os.getpid()}.tmp"
    with path.open("rb") as incoming, open(temporary, "wb", opener=owner_only) as stored:
        while chunk := incoming.read(CHUNK):
            digest.update(chunk)
            scan.feed(chunk)
            stored.write(chunk)
        stored.flush()
        os.fsync(stored.fileno())
    sha256 = digest.hexdigest()
    temporary.replace(folder / sha256)
    return Landed(folder / sha256, path.name, sha256, scan.end())


def owner_only(path: str, flags: int) -> int:
    """Opener of files that hold raw data: nobody else may read them, from their first byte on."""
    return os.open(path, flags, 0o600)
