"""Text files with separated columns, read by DuckDB in parallel.

What DuckDB would let pass is looked for first: bytes that are not the declared text, and a different header.
Its own error messages print values, so they are never shown.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import cast

import duckdb

from schemas import sql
from schemas.errors import Refusal
from sources.kit.forms import CsvForm
from sources.kit.landing import BYTE_ORDER_MARK, Bytes, Landed
from sources.kit.readers import header as header_rules
from sources.kit.readers import header_rows, kind, records
from sources.kit.readers import text as text_files
from sources.kit.readers.raw import Raw, number
from sources.kit.readers.text import Text
from sources.kit.readers.workspace import Workspace
from sources.kit.tables import Table

#: Rows that are searched for a header that does not come first.
HEADER_SEARCH = 60
#: Bytes that DuckDB reads at a time; its default would grow with the longest row.
BUFFER = 32_000_000
#: A record with so many fields more than the header has refuses the file.
MOST_IN_EXCESS = 1_000
#: Line ends as DuckDB spells them.
_LINE_ENDS = {"\n": r"\n", "\r\n": r"\r\n", "\r": r"\r"}
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


def read_header(text: Text, table: Table, form: CsvForm) -> Head:
    """Look for the header.

    A row may span several lines of the file, and an empty line is one: so does DuckDB count what it is to skip.

    Raises:
        Refusal: No row is the header, or the quotes before the first record do not match.
    """
    header = form.header or header_rows.FIRST_ROW
    with text.landed.path.open("r", encoding=text.python_encoding, newline="") as handle:
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
                if not before and names_separator(form.delimiter.join(row)):
                    continue
                cells = [_without_formula(cell) for cell in row] if form.formula_text else row
                if header_rows.starts(cells, header, table):
                    found = [cells, *islice(rows, header.rows - 1)]
                    width = _width_below(rows)
                    names = header_rows.built(found, header)
                    if width is not None:
                        names = header_rows.without_empty_end(names, width)
                    return Head(names, before + header.rows, tuple(above), width)
                if header.contains:
                    above.append(" ".join(row))
                if before >= HEADER_SEARCH:
                    break
        except csv.Error:
            # the reader's message, or a header that swallowed rows, would print values
            raise _unclosed(text.landed.name, "header") from None
        except UnicodeDecodeError:
            raise text_files.wrong_encoding(form.encoding, text.landed.name) from None
    raise header_rows.absent(table, header, text.landed.name)


def names_separator(line: str) -> str | None:
    """The separator that a first line names for Excel, which writes it so: sep=; None where it names none."""
    found = re.fullmatch(r'"?sep=(.)"?', line.strip("\r\n"), re.IGNORECASE)
    return found[1] if found else None


def _width_below(rows: Iterator[list[str]]) -> int | None:
    try:
        return next((len(row) for row in rows if row), None)
    except (csv.Error, UnicodeDecodeError):  # reading the records says what is wrong with the first
        return None


@dataclass(frozen=True)
class OpenedCsv:
    """A CSV file whose header and form are known and whose rows are not read yet.

    Args:
        columns: Header to column name in ``scan``.
        scan: SQL of the rows as text.
        surroundings: Text above the header and under the table.
        text: The file.
        skip: Rows before the first record.
        form: How the file is read.
        work: Where a copy is made whose rows end alike.
    """

    columns: Mapping[str, str]
    scan: str
    surroundings: tuple[str, ...]
    text: Text
    skip: int
    form: CsvForm
    work: Workspace

    def fill(self, connection: duckdb.DuckDBPyConnection, table: str, query: str) -> Raw:
        """Read the rows into a temporary table.

        Raises:
            Refusal: The structure is broken: an open quote, a cut last line, a stray carriage return.
        """
        self.text.ready()
        if not self._filled(connection, table, query):
            evened = self._with_one_end()
            # the rest of the query stays as it is, since the rows of the copy end like the first of the file
            if evened is None or not self._filled(connection, table, query.replace(*evened)):
                raise Refusal(
                    "the lines of the file do not end alike, or its quotes do not match",
                    where=self.text.landed.name,
                    how="save it again as CSV with one kind of line end",
                    code="broken_structure",
                )
        readable = _count(connection, table)
        unreadable = _unreadable(connection, self, readable)
        if unreadable:
            number(connection, [n for n, _ in unreadable], table)
        return Raw(self.columns, readable + len(unreadable), unreadable, self.surroundings)

    def _filled(self, connection: duckdb.DuckDBPyConnection, table: str, query: str) -> bool:
        """Whether DuckDB can tell the rows apart; its message prints a line, which may hold identifiers."""
        for leftover in (table, *TABLES):
            connection.execute(f"DROP TABLE IF EXISTS {leftover}")
        try:
            connection.execute(f"CREATE TEMP TABLE {table} AS {query}")
        except duckdb.InvalidInputException as error:
            if "line size" in str(error).lower():
                raise text_files.too_long("record", self.text.landed.name, records.LONGEST) from None
            return False
        return True

    def _with_one_end(self) -> tuple[str, str] | None:
        """The path of the file and that of a copy whose rows end alike, as SQL; None where they do already."""
        end, copy = self.text.line_end(self.form.quote), self.work.path()
        if end not in ("\n", "\r\n"):
            return None
        if not records.with_one_end(self.text.path, self.text.encoding, self.form, end, copy):
            return None
        return sql.text(str(self.text.path)), sql.text(str(copy))


def recognises(seen: Bytes) -> bool:
    """Whether these may be the bytes of a text file."""
    return kind.known(seen) is None


def opened(landed: Landed, table: Table, work: Workspace) -> OpenedCsv:
    """Look at a file without reading its rows.

    Raises:
        Refusal: The bytes, the encoding or the header are not as declared.
    """
    form = cast(CsvForm, table.file)
    kind.require(landed.seen, "csv", "a text file", landed.name)
    first = (
        landed.seen.start.removeprefix(BYTE_ORDER_MARK).partition(b"\n")[0].decode("utf-8", errors="replace")
    )
    text_files.check(landed, form.encoding, how=header_rules.damaged(first, table, form.delimiter))
    text = text_files.opened(landed, form.encoding, work)
    head = read_header(text, table, form)
    header_rules.require_line_break(head.cells, head.below, table, landed.name)
    where = header_rules.positions(head.cells, table, landed.name)
    columns = {name: f"c{position}" for name, position in where.items()}
    text = text.without_end_mark(work)
    _require_no_wide_record(text, form, head)
    below: tuple[str, ...] = ()
    if form.footer:
        text, below = text.without_footer(form.footer, form.quote, work)
    scan = _scan(text, form, head.skip, len(head.cells))
    return OpenedCsv(columns, scan, (*head.above, *below), text, head.skip, form, work)


def _require_no_wide_record(text: Text, form: CsvForm, head: Head) -> None:
    """Refuse a file one of whose records has so many fields that the line breaks behind it must be lost.

    Raises:
        Refusal: There is such a record.
    """
    width = len(head.cells)
    most = width + MOST_IN_EXCESS
    if not text.landed.seen.has_wide_line and (head.below or 0) <= most:
        return
    text.ready()
    if wide := records.first_too_wide(text.path, text.encoding, form, head.skip, width, most):
        raise Refusal(
            f"a record has {wide[1]:,} fields, where the header has {width:,}",
            where=f"{text.landed.name}, record {wide[0]}",
            how="line breaks may be lost, or the delimiter is another one: look there, and ask the provider to export "
            "the file again",
            code="record_too_wide",
        )


def _scan(text: Text, form: CsvForm, skip: int, width: int) -> str:
    """SQL of the file as a table of text columns c0, c1, ...; rows that cannot be split go to a table apart."""
    names = [f"c{i}" for i in range(width)]
    types = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    quote = form.quote
    # short rows are filled up by one thread alone where a quoted text may hold a line break
    options = "null_padding=true, parallel=false, " if form.short_rows else ""
    # told, since a carriage return within the quotes of the header misleads DuckDB
    if end := text.line_end(quote):
        options += f"new_line={sql.text(_LINE_ENDS[end])}, "
    rows = (
        f"read_csv({sql.text(str(text.path))}, auto_detect=false, header=false, skip={skip}, "
        f"delim={sql.text(form.delimiter)}, quote={sql.text(quote)}, escape={sql.text(quote)}, "
        f"{options}encoding={sql.text(text.encoding)}, columns={{{types}}}, max_line_size={records.LONGEST}, "
        f"buffer_size={BUFFER}, store_rejects=true, rejects_limit=0, "
        f"rejects_table='csv_reject', rejects_scan='csv_scan')"
    )
    if not form.formula_text:
        return rows
    values = ", ".join(f"CASE WHEN {c} LIKE '=\"%\"' THEN {c}[3:-2] ELSE {c} END AS {c}" for c in names)
    return f"(SELECT {values} FROM {rows})"


def _without_formula(cell: str) -> str:
    """What a formula that is only a text shows, such as ="0101"."""
    return cell[2:-1] if len(cell) > 2 and cell.startswith('="') and cell.endswith('"') else cell


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
    shortest = 1 if file.form.short_rows else columns
    for last, start, fields in records.records(
        file.text.path, file.text.encoding, file.form, file.skip, columns
    ):
        if fields is None:
            raise _unclosed(file.text.landed.name, f"record {last}")
        if fields == records.TOO_LONG:
            raise text_files.too_long("record", f"{file.text.landed.name}, record {last}", records.LONGEST)
        if fields > columns or fields < shortest:
            found.append((last, start))
            cut = last if 0 < fields < columns else cut
    if cut and cut == last:
        raise Refusal(
            "the last line is cut: it has fewer fields than the header",
            where=f"{file.text.landed.name}, record {last}",
            how="the transfer was interrupted; get the file again",
            code="last_line_cut",
        )
    if (len(found), last) != (rejected, rejected + readable):
        raise Refusal(
            f"{rejected} rows cannot be split into columns, and their places cannot be told",
            where=file.text.landed.name,
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
