"""Text files with separated columns, read by DuckDB in parallel.

What DuckDB would let pass is looked for first: bytes that are not the declared text, and a different header.
Its own error messages print values, so they are never shown.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from schemas import sql
from schemas.errors import Refusal
from sources.kit.landing import Landed, owner_only
from sources.kit.readers import header as header_rules
from sources.kit.readers import records, text_bytes
from sources.kit.readers.raw import TABLE, Raw, number
from sources.kit.specification import Layout

#: Rows that are searched for a header that does not come first.
HEADER_SEARCH = 60
#: Bytes that DuckDB reads at a time; its default would grow with the longest row.
BUFFER = 32_000_000
#: Temporary tables in which DuckDB lists rejected rows.
TABLES = ("csv_reject", "csv_scan")


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


def read_header(landed: Landed, layout: Layout) -> Head:
    """Look for the header row.

    A row may span several lines of the file, and an empty line is one: so does DuckDB count what it is to skip.

    Raises:
        Refusal: No row is the header, or the quotes before the first record do not match.
    """
    form = layout.file
    with landed.path.open("r", encoding=text_bytes.python_encoding(layout), newline="") as handle:
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
                if form.header is None or set(form.header.contains) <= set(header_rules.named(row, layout)):
                    return Head(row, before + 1, tuple(above), _width_below(rows))
                above.append(" ".join(row))
                if before >= HEADER_SEARCH:
                    break
        except csv.Error:
            # the reader's message, or a header that swallowed rows, would print values
            raise _unclosed(landed.name, "header") from None
        except UnicodeDecodeError:
            raise text_bytes.wrong_encoding(form.encoding, landed.name) from None
    raise no_header(layout, landed.name)


def _width_below(rows: Iterator[list[str]]) -> int | None:
    try:
        return next((len(row) for row in rows if row), None)
    except (csv.Error, UnicodeDecodeError):  # reading the records says what is wrong with the first
        return None


def no_header(layout: Layout, where: str) -> Refusal:
    """The refusal for a file in which the declared header row is not found."""
    wanted = layout.file.header.contains if layout.file.header else layout.columns.all
    return Refusal(
        f"no row of the file is the header (one that holds {', '.join(wanted)})",
        where=where,
        how="check that this is the right file and sheet, or declare the new header",
        code="header_drift",
    )


@dataclass(frozen=True)
class Opened:
    """A file whose header and form are known and whose rows are not read yet.

    Args:
        columns: Header to column name in ``scan``.
        scan: SQL of the rows as text.
        surroundings: Text above the header.
        name: Name of the delivered file.
        path: The file that DuckDB reads.
        encoding: Its encoding.
        skip: Rows before the first record.
        layout: The layout whose file form and columns apply.
    """

    columns: Mapping[str, str]
    scan: str
    surroundings: tuple[str, ...]
    name: str
    path: Path
    encoding: str
    skip: int
    layout: Layout


@contextmanager
def opened(landed: Landed, layout: Layout, work: Path) -> Iterator[Opened]:
    """Look at a landed file without reading its rows.

    Args:
        landed: The landed file.
        layout: The layout whose file form and columns apply.
        work: Folder for a converted copy where DuckDB does not read the encoding; removed at the end.

    Raises:
        Refusal: The bytes, the encoding or the header are not as declared.
    """
    text_bytes.check(landed, layout)
    head = read_header(landed, layout)
    header_rules.require_line_break(head.cells, head.below, layout, landed.name)
    where = header_rules.positions(head.cells, layout, landed.name)
    columns = {name: f"c{position}" for name, position in where.items()}
    with _readable(landed, layout, work) as (path, encoding):
        scan = _scan(path, encoding, layout, head.skip, len(head.cells))
        yield Opened(columns, scan, head.above, landed.name, path, encoding, head.skip, layout)


def read(connection: duckdb.DuckDBPyConnection, landed: Landed, layout: Layout, work: Path) -> Raw:
    """Read the file into the temporary table ``raw_record``.

    Args:
        connection: Where the table is made, outside any transaction.
        landed: The landed file.
        layout: The layout whose file form and columns apply.
        work: Folder for a converted copy where DuckDB does not read the encoding.

    Raises:
        Refusal: The structure is broken: an open quote, a cut last line, mixed line ends.
    """
    with opened(landed, layout, work) as file:
        return fill(connection, file, TABLE, f"SELECT {', '.join(file.columns.values())} FROM {file.scan}")


def fill(connection: duckdb.DuckDBPyConnection, file: Opened, table: str, query: str) -> Raw:
    """Read the rows of a file into a temporary table.

    Args:
        connection: Where the table is made, outside any transaction.
        file: The file.
        table: The table; where every row could be read its rowid + 1 is the record number.
        query: What is stored of each row, in the order of the rows; it reads ``file.scan``.

    Raises:
        Refusal: The structure is broken: an open quote, a cut last line, mixed line ends.
    """
    for leftover in (table, *TABLES):
        connection.execute(f"DROP TABLE IF EXISTS {leftover}")
    try:
        connection.execute(f"CREATE TEMP TABLE {table} AS {query}")
    except duckdb.InvalidInputException as error:
        # the message of DuckDB prints the line, which may hold identifiers
        if "line size" in str(error).lower():
            raise text_bytes.too_long("record", file.name, records.LONGEST) from None
        raise Refusal(
            "the lines of the file do not end alike, or its quotes do not match",
            where=file.name,
            how="save it again as CSV with one kind of line end",
            code="broken_structure",
        ) from None
    readable = _count(connection, table)
    unreadable = _unreadable(connection, file, readable)
    if unreadable:
        number(connection, [n for n, _ in unreadable], table)
    return Raw(file.columns, readable + len(unreadable), unreadable, file.surroundings)


def _scan(path: Path, encoding: str, layout: Layout, skip: int, width: int) -> str:
    """SQL of the file as a table of text columns c0, c1, ...; rows that cannot be split go to a table apart."""
    types = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(width))
    quote = layout.file.quote
    return (
        f"read_csv({sql.text(str(path))}, auto_detect=false, header=false, skip={skip}, "
        f"delim={sql.text(layout.file.delimiter)}, quote={sql.text(quote)}, escape={sql.text(quote)}, "
        f"encoding={sql.text(encoding)}, columns={{{types}}}, max_line_size={records.LONGEST}, "
        f"buffer_size={BUFFER}, store_rejects=true, rejects_limit=0, "
        f"rejects_table='csv_reject', rejects_scan='csv_scan')"
    )


@contextmanager
def _readable(landed: Landed, layout: Layout, work: Path) -> Iterator[tuple[Path, str]]:
    """The file in an encoding that DuckDB reads; others are converted, and the copy is removed afterwards."""
    if layout.file.encoding in ("utf-8", "latin-1"):
        yield landed.path, layout.file.encoding
        return
    converted = work / f"{landed.sha256}.utf8"
    try:
        with (
            landed.path.open("r", encoding=layout.file.encoding, newline="") as incoming,
            open(converted, "w", encoding="utf-8", newline="", opener=owner_only) as outgoing,
        ):
            while text := incoming.read(1 << 20):
                outgoing.write(text)
        yield converted, "utf-8"
    except UnicodeDecodeError:
        raise text_bytes.wrong_encoding(layout.file.encoding, landed.name) from None
    finally:
        converted.unlink(missing_ok=True)


def _unreadable(
    connection: duckdb.DuckDBPyConnection, file: Opened, readable: int
) -> tuple[tuple[int, int], ...]:
    """Record number and byte offset of the rejected rows; a broken structure refuses the file."""
    rejected = _count(connection, "csv_reject", "DISTINCT line_byte_position")
    if not rejected:
        return ()
    # DuckDB's byte positions differ by line end and encoding, so that the rows are found again by their fields
    found: list[tuple[int, int]] = []
    last = cut = 0
    columns = len(file.layout.columns.all)
    for last, start, fields in records.records(
        file.path, file.encoding, file.layout.file, file.skip, columns
    ):
        if fields is None:
            raise _unclosed(file.name, f"record {last}")
        if fields == records.TOO_LONG:
            raise text_bytes.too_long("record", f"{file.name}, record {last}", records.LONGEST)
        if fields != columns:
            found.append((last, start))
            cut = last if 0 < fields < columns else cut
    if cut and cut == last:
        raise Refusal(
            "the last line is cut: it has fewer fields than the header",
            where=f"{file.name}, record {last}",
            how="the transfer was interrupted; get the file again",
            code="last_line_cut",
        )
    if (len(found), last) != (rejected, rejected + readable):
        raise Refusal(
            f"{rejected} rows cannot be split into columns, and their places cannot be told",
            where=file.name,
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
