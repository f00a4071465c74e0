"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

from schemas.errors import Refusal
from sources.kit.landing import BYTE_ORDER_MARK, Bytes

#: How files begin, what they are called, and the format that is declared for them.
_KINDS: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "a workbook", "workbook"),
    (b"\xd0\xcf\x11\xe0", "a workbook", "workbook"),
    (b"PAR1", "a Parquet file", "parquet"),
    (b"$FL2", "an SPSS file", "spss"),
    (b"$FL3", "an SPSS file", "spss"),
    (b"ENCRYPTEDSAV", "an SPSS file", "spss"),
    (b"ASCII SPSS PORT FILE", "an SPSS file", "spss"),
    (b"<stata_dta>", "a Stata file", "stata"),
    *(
        (bytes([version, order, 1]), "a Stata file", "stata")
        for version in range(104, 116)
        for order in (1, 2)
    ),
    *(
        (start, "an R data file", "r")
        for start in (b"RDX2\n", b"RDX3\n", b"RDB2\n", b"RDB3\n", b"RDA2\n", b"RDA3\n")
    ),
    *(
        (start, "an R data file", "r")
        for start in (b"X\n\0\0\0", b"B\n\2\0\0\0", b"B\n\3\0\0\0", b"A\n2\n", b"A\n3\n")
    ),
)

#: Files that hold no table that is read, what they are called, and what to do.
_UNPACKED = "unpack it and deliver the file that it holds, or ask for a .zip"
_TABLE = "ask the provider for the table itself: CSV or xlsx"
_FOREIGN: tuple[tuple[bytes, str, str], ...] = (
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACKED),
    (b"Rar!\x1a\x07", "a RAR archive", _UNPACKED),
    (b"%PDF-", "a PDF document", _TABLE),
    (b"{\\rtf", "a document of a word processor (RTF)", _TABLE),
    (b"\x89PNG\r\n", "a picture", _TABLE),
    (b"\xff\xd8\xff", "a picture", _TABLE),
    (b"GIF8", "a picture", _TABLE),
    (b"SQLite format 3\0", "an SQLite database", "declare fetch: database, and keep its address as a secret"),
    (b"\0\1\0\0Standard Jet DB", "an Access database", "export the table from Access as xlsx or CSV"),
    (b"\0\1\0\0Standard ACE DB", "an Access database", "export the table from Access as xlsx or CSV"),
)
#: By what a spreadsheet that was saved as XML (Excel 2003) is told from a page for a browser.
_XML_SPREADSHEET = (b"Excel.Sheet", b"urn:schemas-microsoft-com:office:spreadsheet")


def known(seen: Bytes) -> str | None:
    """The format that the first bytes are certain to be; None for text, and for what has no such bytes."""
    return next((form for start, _, form in _KINDS if seen.start.startswith(start)), None)


def require(seen: Bytes, declared: str, called: str, where: str) -> None:
    """Refuse a file that is clearly of another kind than declared.

    Args:
        seen: Its bytes.
        declared: The declared format.
        called: What such a file is called.
        where: Name of the file.

    Raises:
        Refusal: A page for a browser, or a file of another format or of none that is read.
    """
    start = seen.start.removeprefix(BYTE_ORDER_MARK).lstrip()
    if start.startswith(b"<?xml") and any(mark in start for mark in _XML_SPREADSHEET):
        raise Refusal(
            f"this is a spreadsheet saved as XML, not {called}",
            where=where,
            how="open it in Excel and save it as xlsx",
            code="other_format",
        )
    for begins, other, how in _FOREIGN:
        if seen.start.startswith(begins):
            raise Refusal(f"this is {other}, not {called}", where=where, how=how, code="other_format")
    if seen.web_page:
        raise Refusal(
            f"this is a web page, not {called}",
            where=where,
            how="open the address in a browser: it may ask for a login, or the file may have moved",
            code="html_page",
        )
    for start, other, form in _KINDS:
        if seen.start.startswith(start) and form != declared:
            raise Refusal(
                f"this is {other}, not {called}",
                where=where,
                how=f"ask the provider for {called}, or declare format: {form}",
                code="other_format",
            )


def damaged(called: str, where: str) -> Refusal:
    """The refusal of a file that cannot be opened and has no bytes by which more could be told."""
    return Refusal(
        f"the file cannot be opened as {called}",
        where=where,
        how="it is damaged, cut or of another kind: open it where it was made, save it again and send that",
        code="unreadable_file",
    )
