"""Text files with separated columns, read by DuckDB in parallel.

What DuckDB would let pass is looked for first: bytes that are not the declared text, and a different header.
Its own error messages print values, so they are never shown.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import duckdb

from schemas import sql
from schemas.errors import Refusal
from sources.kit.forms import CsvForm, Table
from sources.kit.landing import BYTE_ORDER_MARK, Bytes, Landed, owner_only
from sources.kit.readers import header as header_rules
from sources.kit.readers import records
from sources.kit.readers.raw import Raw, number
from sources.kit.readers.workspace import Workspace

#: Rows that are searched for a header that does not come first.
HEADER_SEARCH = 60
#: How workbooks and archives begin.
_NO_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b")
#: Encodings that DuckDB reads without a converted copy.
DIRECT = ("utf-8", "latin-1")
#: Temporary tables in which DuckDB lists rejected rows.
TABLES = ("csv_reject", "csv_scan")


def check_bytes(seen: Bytes, table: Table, form: CsvForm, where: str) -> None:
    """Refuse bytes that cannot be the declared text.

    Raises:
        Refusal: Another kind of file, NUL bytes, or another encoding.
    """
    if seen.web_page:
        raise Refusal(
            "this is a web page, not a table",
            where=where,
            how="open the address in a browser: it may ask for a login, or the file may have moved",
            code="html_page",
        )
    if seen.start.startswith(_NO_TEXT):
        raise Refusal(
            "this is a workbook or an archive, not a text file",
            where=where,
            how="export the sheet as CSV, or declare format: workbook",
            code="not_text",
        )
    encoding = form.encoding
    if encoding == "utf-16":
        if not seen.start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise _wrong_encoding(encoding, where)
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
            how=header_rules.damaged(first, table, form.delimiter)
            or "get the file as the publisher offers it (a spreadsheet may have re-saved it), "
            "or declare encoding: utf-8 if the publisher has changed it",
            code="wrong_encoding",
        )
    if encoding == "latin-1" and seen.beyond_latin is not None:
        raise _beyond_latin(*seen.beyond_latin, where)


@dataclass(frozen=True)
class Head:
    """What comes before the first record.

    Args:
        cells: The header row.
        skip: Rows before the first record.
        above: The text above the header.
        below: How many cells the first record has; None where there is none, or where it cannot be split.
    """

    cells: list[str]
    skip: int
    above: tuple[str, ...]
    below: int | None


def read_header(landed: Landed, table: Table, form: CsvForm) -> Head:
    """Look for the header row.

    A row may span several lines of the file, and an empty line is one: so does DuckDB count what it is to skip.

    Raises:
        Refusal: No row is the header, or the quotes before the first record do not match.
    """
    with landed.path.open("r", encoding=_python_encoding(form), newline="") as handle:
        rows = csv.reader(
            handle,
            delimiter=form.delimiter,
            quotechar=form.quote or None,
            quoting=csv.QUOTE_MINIMAL if form.quote else csv.QUOTE_NONE,
            strict=True,
        )
        above: list[str] = []
        try:
            for before, row in enumerate(rows):
                if form.header is None and not row:
                    continue
                if form.header is None or set(form.header.contains) <= set(header_rules.named(row, table)):
                    return Head(row, before + 1, tuple(above), _width_below(rows))
                above.append(" ".join(row))
                if before >= HEADER_SEARCH:
                    break
        except csv.Error:
            # the reader's message, or a header that swallowed rows, would print values
            raise _unclosed(landed.name, "header") from None
        except UnicodeDecodeError:
            raise _wrong_encoding(form.encoding, landed.name) from None
    raise no_header(table, landed.name)


def _width_below(rows: Iterator[list[str]]) -> int | None:
    try:
        return next((len(row) for row in rows if row), None)
    except (csv.Error, UnicodeDecodeError):  # reading the records says what is wrong with the first
        return None


def no_header(table: Table, where: str) -> Refusal:
    """The refusal for a file in which the declared header row is not found."""
    header = getattr(table.file, "header", None)
    wanted = header.contains if header else table.columns.all
    return Refusal(
        f"no row of the file is the header (one that holds {', '.join(wanted)})",
        where=where,
        how="check that this is the right file and sheet, or declare the new header",
        code="header_drift",
    )


def _python_encoding(form: CsvForm) -> str:
    return "utf-8-sig" if form.encoding == "utf-8" else form.encoding


@dataclass(frozen=True)
class OpenedCsv:
    """A CSV file whose header and form are known and whose rows are not read yet.

    Args:
        columns: Header to column name in ``scan``.
        scan: SQL of the rows as text.
        surroundings: Text above the header.
        landed: The file.
        path: The file that DuckDB reads; where it is a converted copy, it is made by ``fill``.
        encoding: Its encoding.
        skip: Rows before the first record.
        form: How the file is read.
    """

    columns: Mapping[str, str]
    scan: str
    surroundings: tuple[str, ...]
    landed: Landed
    path: Path
    encoding: str
    skip: int
    form: CsvForm

    def fill(self, connection: duckdb.DuckDBPyConnection, table: str, query: str) -> Raw:
        """Read the rows into a temporary table.

        Raises:
            Refusal: The structure is broken: an open quote, a cut last line, mixed line ends.
        """
        if self.path != self.landed.path:
            _convert(self.landed, self.form.encoding, self.path)
        for leftover in (table, *TABLES):
            connection.execute(f"DROP TABLE IF EXISTS {leftover}")
        try:
            connection.execute(f"CREATE TEMP TABLE {table} AS {query}")
        except duckdb.InvalidInputException as error:
            # the message of DuckDB prints the line, which may hold identifiers
            if "line size" in str(error).lower():
                raise _unclosed(self.landed.name) from None
            raise Refusal(
                "the lines of the file do not end alike, or its quotes do not match",
                where=self.landed.name,
                how="save it again as CSV with one kind of line end",
                code="broken_structure",
            ) from None
        readable = _count(connection, table)
        unreadable = _unreadable(connection, self, readable)
        if unreadable:
            number(connection, [n for n, _ in unreadable], table)
        return Raw(self.columns, readable + len(unreadable), unreadable, self.surroundings)


def recognises(seen: Bytes) -> bool:
    """Whether these may be the bytes of a text file."""
    return not seen.start.startswith(_NO_TEXT)


def opened(landed: Landed, table: Table, work: Workspace) -> OpenedCsv:
    """Look at a file without reading its rows.

    Raises:
        Refusal: The bytes, the encoding or the header are not as declared.
    """
    form = cast(CsvForm, table.file)
    check_bytes(landed.seen, table, form, landed.name)
    head = read_header(landed, table, form)
    header_rules.require_line_break(head.cells, head.below, table, landed.name)
    where = header_rules.positions(head.cells, table, landed.name)
    columns = {name: f"c{position}" for name, position in where.items()}
    path, encoding = landed.path, form.encoding
    if encoding not in DIRECT:
        path, encoding = work.path(f"{landed.sha256}.utf8"), "utf-8"
    scan = _scan(path, encoding, form, head.skip, len(head.cells))
    return OpenedCsv(columns, scan, head.above, landed, path, encoding, head.skip, form)


def _scan(path: Path, encoding: str, form: CsvForm, skip: int, width: int) -> str:
    """SQL of the file as a table of text columns c0, c1, ...; rows that cannot be split go to a table apart."""
    types = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(width))
    quote = form.quote
    return (
        f"read_csv({sql.text(str(path))}, auto_detect=false, header=false, skip={skip}, "
        f"delim={sql.text(form.delimiter)}, quote={sql.text(quote)}, escape={sql.text(quote)}, "
        f"encoding={sql.text(encoding)}, columns={{{types}}}, store_rejects=true, rejects_limit=0, "
        f"rejects_table='csv_reject', rejects_scan='csv_scan')"
    )


def _convert(landed: Landed, encoding: str, copy: Path) -> None:
    """Write the file again in UTF-8.

    Raises:
        Refusal: Its bytes are not of the encoding.
    """
    try:
        with (
            landed.path.open("r", encoding=encoding, newline="") as incoming,
            open(copy, "w", encoding="utf-8", newline="", opener=owner_only) as outgoing,
        ):
            while text := incoming.read(1 << 20):
                outgoing.write(text)
    except UnicodeDecodeError:
        raise _wrong_encoding(encoding, landed.name) from None


def _unreadable(
    connection: duckdb.DuckDBPyConnection, file: OpenedCsv, readable: int
) -> tuple[tuple[int, int], ...]:
    """Record number and byte offset of the rejected rows; a broken structure refuses the file."""
    rejected = _count(connection, "csv_reject", "DISTINCT line_byte_position")
    if not rejected:
        return ()
    # DuckDB's byte positions differ by line end and encoding, so that the rows are found again by their fields
    found: list[tuple[int, int]] = []
    last = cut = 0
    columns = len(file.columns)
    for last, start, fields in records.records(file.path, file.encoding, file.form, file.skip, columns):
        if fields is None:
            raise _unclosed(file.landed.name, f"record {last}")
        if fields != columns:
            found.append((last, start))
            cut = last if 0 < fields < columns else cut
    if cut and cut == last:
        raise Refusal(
            "the last line is cut: it has fewer fields than the header",
            where=f"{file.landed.name}, record {last}",
            how="the transfer was interrupted; get the file again",
            code="last_line_cut",
        )
    if (len(found), last) != (rejected, rejected + readable):
        raise Refusal(
            f"{rejected} rows cannot be split into columns, and their places cannot be told",
            where=file.landed.name,
            how="check quotes and separators; one kind of quote should enclose every text",
            code="broken_structure",
        )
    return tuple(found)


def _count(connection: duckdb.DuckDBPyConnection, table: str, what: str = "*") -> int:
    row = connection.execute(f"SELECT count({what}) FROM {table}").fetchone()
    return int(row[0]) if row else 0


def _unclosed(name: str, place: str) -> Refusal:
    return Refusal(
        "a quote is opened and never closed",
        where=f"{name}, {place}",
        how="ask the provider to send the file with its quotes in pairs",
        code="quote_never_closed",
    )
