"""Text files: whether the bytes are of the declared encoding, and a copy in UTF-8 where DuckDB does not read it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from schemas.errors import Refusal
from sources.kit.landing import CHUNK, LONGEST_LINE, Bytes, Landed, owner_only
from sources.kit.readers import footer
from sources.kit.readers.workspace import Workspace

#: Encodings that DuckDB reads without a converted copy.
DIRECT = ("utf-8", "latin-1")
#: The sign for the end of a text (Ctrl-Z), and bytes at the end of a file that hold all of them.
_MARK, _END = b"\x1a", 1 << 12
#: Characters that are converted at a time.
_CHUNK = 1 << 18


def check(landed: Landed, encoding: str, *, how: str | None = None, lines: bool = True) -> None:
    """Refuse bytes that are not of the declared encoding.

    Args:
        landed: The file.
        encoding: The declared encoding.
        how: What to do where the file is UTF-8 and another encoding is declared, if more is known than that.
        lines: Whether the format has lines; none may then be longer than DuckDB takes.

    Raises:
        Refusal: NUL bytes, another encoding, or a line that is too long.
    """
    _check_encoding(landed.seen, encoding, landed.name, how)
    if lines and landed.seen.long_line_at is not None:
        line = _line_number(landed.path, landed.seen.long_line_at)
        raise too_long("line", f"{landed.name}, line {line}", LONGEST_LINE)


def _check_encoding(seen: Bytes, encoding: str, where: str, how: str | None) -> None:
    if encoding == "utf-16":
        if not seen.start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise wrong_encoding(encoding, where)
        return
    if seen.nul_at is not None:
        raise Refusal(
            "the file has NUL bytes",
            where=f"{where}, byte {seen.nul_at}",
            how="it was damaged in transfer or is UTF-16: get it again, or declare encoding: utf-16",
            code="nul_bytes",
        )
    if encoding == "utf-8" and seen.not_utf8_at is not None:
        raise Refusal(
            "the file is not UTF-8 as declared",
            where=f"{where}, byte {seen.not_utf8_at}",
            how="ask the provider which encoding it uses; if it is Latin-1, declare encoding: latin-1",
            code="wrong_encoding",
        )
    if encoding != "utf-8" and not seen.ascii_only and seen.not_utf8_at is None:
        raise Refusal(
            f"the file is UTF-8, but {encoding} is declared",
            where=where,
            how=how
            or "get the file as the publisher offers it (a spreadsheet may have re-saved it), "
            "or declare encoding: utf-8 if the publisher has changed it",
            code="wrong_encoding",
        )
    if encoding == "latin-1" and seen.beyond_latin is not None:
        raise _beyond_latin(*seen.beyond_latin, where)


def wrong_encoding(encoding: str, where: str) -> Refusal:
    """The refusal of bytes that are not of the declared encoding."""
    return Refusal(
        f"the file is not {encoding} as declared",
        where=where,
        how="ask the provider which encoding it uses, and declare it",
        code="wrong_encoding",
    )


def too_long(what: str, where: str, longest: int) -> Refusal:
    """The refusal of a line or a record that is longer than any that is read."""
    return Refusal(
        f"a {what} is longer than {longest:,} bytes",
        where=where,
        how="look there: a quote may be opened and never closed, or line breaks may be lost; "
        "ask the provider to export the file again",
        code="line_too_long",
    )


def _line_number(path: Path, offset: int) -> int:
    """The number that an editor shows for the line that begins at an offset."""
    feeds = returns = 0
    with path.open("rb") as handle:
        while chunk := handle.read(min(CHUNK, offset - handle.tell())):
            feeds, returns = feeds + chunk.count(b"\n"), returns + chunk.count(b"\r")
    return (feeds or returns) + 1


def _beyond_latin(place: int, byte: int, where: str) -> Refusal:
    """The refusal of a byte that is no sign in Latin-1; most often the file comes from Windows."""
    try:
        sign = bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return wrong_encoding("latin-1", f"{where}, byte {place}")
    return Refusal(
        f"the file is not latin-1 as declared: it has the sign {sign} of cp1252 (Windows)",
        where=f"{where}, byte {place}",
        how=f"if {sign} is what should stand there, declare encoding: cp1252 or ask the provider to export the file "
        "in latin-1; if not, ask the provider which encoding it uses",
        code="wrong_encoding",
    )


@dataclass(frozen=True)
class Text:
    """A text file as DuckDB reads it.

    Args:
        landed: The file.
        declared: Its encoding.
        path: The file that DuckDB reads: the landed one, or a copy that ``ready`` makes.
        encoding: The encoding of that one.
    """

    landed: Landed
    declared: str
    path: Path
    encoding: str

    @property
    def python_encoding(self) -> str:
        """The declared encoding as Python reads it, without a byte order mark."""
        return "utf-8-sig" if self.declared == "utf-8" else self.declared

    def line_end(self, quote: str) -> str | None:
        """The line break of the first row, outside quotes; None where there is none."""
        with self.landed.path.open(
            "r", encoding=self.python_encoding, errors="replace", newline=""
        ) as handle:
            start = handle.read(_CHUNK)
        if quote:
            start = re.sub(f"{re.escape(quote)}[^{re.escape(quote)}]*(?:{re.escape(quote)}|$)", "", start)
        found = re.search(r"\r\n|\n|\r", start)
        return found[0] if found else None

    def first_lines(self, count: int) -> tuple[str, ...]:
        """Lines before the first record."""
        with self.landed.path.open("r", encoding=self.python_encoding, errors="replace") as handle:
            return tuple(line.strip() for line in islice(handle, count))

    def ready(self) -> None:
        """Make the copy, where one is read and is not there yet.

        Raises:
            Refusal: The bytes are not of the declared encoding.
        """
        if self.path == self.landed.path or self.path.stat().st_size:
            return
        try:
            with (
                self.landed.path.open("r", encoding=self.declared, newline="") as incoming,
                open(self.path, "w", encoding="utf-8", newline="", opener=owner_only) as outgoing,
            ):
                while text := incoming.read(_CHUNK):
                    outgoing.write(text)
        except UnicodeDecodeError:
            raise wrong_encoding(self.declared, self.landed.name) from None

    def without_end_mark(self, work: Workspace) -> Text:
        """The file as it is without the sign that old systems put behind the last line, often many times.

        Args:
            work: Where the copy is made.

        Raises:
            Refusal: The bytes are not of the declared encoding.
        """
        with self.landed.path.open("rb") as handle:
            handle.seek(max(0, self.landed.seen.size - _END))
            end = handle.read()
        if not end.rstrip(b"\0\r\n").endswith(_MARK):
            return self
        self.ready()
        copy, size = work.path(), self.path.stat().st_size
        with self.path.open("rb") as handle:
            handle.seek(max(0, size - _END))
            mark = re.search(b"%b[\r\n%b]*\\Z" % (_MARK, _MARK), handle.read())
        footer.cut(self.path, size - len(mark[0]) if mark else size, copy)
        return replace(self, path=copy)

    def without_footer(
        self, begins: Sequence[str], quote: str, work: Workspace
    ) -> tuple[Text, tuple[str, ...]]:
        """The file as it is without its footer, and the text of that.

        Args:
            begins: How the first line of the footer begins.
            quote: What texts are enclosed in.
            work: Where the copy is made.

        Raises:
            Refusal: The bytes are not of the declared encoding.
        """
        self.ready()
        end, texts = footer.of_text(self.path, self.encoding, begins, quote)
        if not texts:
            return self, ()
        copy = work.path()
        footer.cut(self.path, end, copy)
        return replace(self, path=copy), texts


def opened(landed: Landed, encoding: str, work: Workspace, direct: Collection[str] = DIRECT) -> Text:
    """A text file, with a place for its copy if it is in no encoding that is read directly."""
    if encoding in direct:
        return Text(landed, encoding, landed.path, encoding)
    return Text(landed, encoding, work.once((landed.sha256, encoding), work.path), "utf-8")
