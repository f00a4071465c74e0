"""The bytes of a text file held against the declared form, before any of it is read as a table.

The landing has looked at the bytes; here stands what that means for a layout.
"""

from __future__ import annotations

import codecs
from pathlib import Path

from schemas.errors import Refusal
from sources.kit.landing import BYTE_ORDER_MARK, CHUNK, LONGEST_LINE, Bytes, Landed
from sources.kit.readers import header as header_rules
from sources.kit.specification import Layout


def check(landed: Landed, layout: Layout) -> None:
    """Refuse bytes that cannot be the declared text.

    Raises:
        Refusal: Another kind of file, NUL bytes, another encoding, or a line that is too long.
    """
    seen, where = landed.seen, landed.name
    if seen.web_page:
        raise Refusal(
            "this is a web page, not a table",
            where=where,
            how="open the address in a browser: it may ask for a login, or the file may have moved",
            code="html_page",
        )
    if seen.start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b")):
        raise Refusal(
            "this is a workbook or an archive, not a text file",
            where=where,
            how="export the sheet as CSV, or declare format: workbook",
            code="not_text",
        )
    _check_encoding(seen, layout, where)
    if seen.long_line_at is not None:
        line = _line_number(landed.path, seen.long_line_at)
        raise too_long("line", f"{where}, line {line}", LONGEST_LINE)


def _check_encoding(seen: Bytes, layout: Layout, where: str) -> None:
    encoding = layout.file.encoding
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
    if encoding in ("latin-1", "cp1252") and not seen.ascii_only and seen.not_utf8_at is None:
        first = seen.start.removeprefix(BYTE_ORDER_MARK).splitlines()[0].decode("utf-8", errors="replace")
        raise Refusal(
            f"the file is UTF-8, but {encoding} is declared",
            where=where,
            how=header_rules.damaged(first, layout)
            or "get the file as the publisher offers it (a spreadsheet may have re-saved it), "
            "or declare encoding: utf-8 if the publisher has changed it",
            code="wrong_encoding",
        )
    if encoding == "latin-1" and seen.beyond_latin is not None:
        raise _beyond_latin(*seen.beyond_latin, where)


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


def wrong_encoding(encoding: str, where: str) -> Refusal:
    """The refusal of a file that is not in the declared encoding."""
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


def python_encoding(layout: Layout) -> str:
    """The declared encoding as Python calls it."""
    return "utf-8-sig" if layout.file.encoding == "utf-8" else layout.file.encoding


def _line_number(path: Path, offset: int) -> int:
    """The number that an editor shows for the line that begins at an offset."""
    feeds = returns = 0
    with path.open("rb") as handle:
        while chunk := handle.read(min(CHUNK, offset - handle.tell())):
            feeds, returns = feeds + chunk.count(b"\n"), returns + chunk.count(b"\r")
    return (feeds or returns) + 1
