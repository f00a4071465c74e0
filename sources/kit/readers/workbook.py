"""Workbooks (xlsx, xls, ods): one sheet becomes text columns, as a person would read the cells.

A whole number loses its '.0', a date becomes YYYY-MM-DD, so that the mapping sees the same text whichever way a
year's file was saved.
"""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, cast
from zipfile import BadZipFile, ZipFile

from schemas.errors import Refusal
from sources.kit.forms import Table, WorkbookForm
from sources.kit.landing import Bytes, Landed
from sources.kit.readers import footer, header_rows, kind
from sources.kit.readers import header as header_rules
from sources.kit.readers.arrow_rows import OpenedRows
from sources.kit.readers.workspace import Workspace

if TYPE_CHECKING:
    import pyarrow as pa

#: Rows that become text at a time.
BATCH = 50_000
#: Rows at the end of a sheet whose text is searched for edition and period.
FOOTER_ROWS = 12

Rows = list[list[Any]]


def cell_text(value: Any) -> str | None:
    """A cell as text; None for an empty one."""
    match value:
        case "" | None:
            return None
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case dt.datetime() if value.time() == dt.time():
            return value.date().isoformat()
        case dt.datetime():
            return value.isoformat(sep=" ")
        case dt.date() | dt.time():
            return value.isoformat()
        case _:
            return str(value)


def sheets(landed: Landed) -> dict[str, Rows]:
    """All sheets of a workbook by name, in their order.

    Raises:
        Refusal: The file is a web page, or no workbook.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    kind.require(landed.seen, "workbook", "a workbook", landed.name)
    try:
        _check_parts(landed)
        with landed.path.open("rb") as handle:
            book = CalamineWorkbook.from_filelike(handle)
            return {
                name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                for name in book.sheet_names
            }
    except (CalamineError, BadZipFile) as error:
        raise Refusal(
            "the workbook cannot be opened",
            where=landed.name,
            how="it is damaged or of another kind: open it in a spreadsheet, save it as xlsx and try again",
            code="workbook_unreadable",
        ) from error


def _check_parts(landed: Landed) -> None:
    """Hold the parts of an xlsx file against their checksums, which the reader of workbooks does not do.

    Raises:
        BadZipFile: A part was damaged in transfer.
    """
    if not landed.seen.start.startswith(b"PK"):
        return
    try:
        with ZipFile(landed.path) as archive:
            damaged = archive.testzip()
    except (zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeDecodeError) as error:
        raise BadZipFile(str(error)) from error
    if damaged:
        raise BadZipFile(damaged)


def recognises(seen: Bytes) -> bool:
    """Whether these may be the bytes of a workbook."""
    return kind.known(seen) == "workbook"


def sheet(book: dict[str, Rows], form: WorkbookForm) -> Rows | None:
    """The sheet that is declared, None where the workbook has no sheet of that name."""
    if form.sheet == "first":
        return next(iter(book.values()), None)
    return book.get(form.sheet)


def _texts(row: Sequence[Any]) -> list[str]:
    return [cell_text(c) or "" for c in row]


def _require_named(body: Rows, width: int, first: int, where: str) -> None:
    """Refuse values to the right of the header's last name: they would be lost.

    Raises:
        Refusal: With the first such cell.
    """
    for number, row in enumerate(body, start=first):
        for column, value in enumerate(row[width:], start=width + 1):
            if value not in ("", None):
                raise Refusal(
                    f"column {column} holds values and has no name in the header",
                    where=f"{where}, row {number} of the sheet",
                    how="ask the provider what the column is, or remove a note beside the table",
                    code="header_drift",
                )


def _table(rows: Rows, begins: Sequence[str]) -> tuple[Rows, Rows]:
    """The rows of the table without the empty ones at its end, and those of the footer."""
    last = max(0, len(rows) - footer.SEARCH)
    places = (i for i in range(last, len(rows)) if begins and footer.begins(_texts(rows[i]), begins))
    end = below = next(places, len(rows))
    while end and not any(c not in ("", None) for c in rows[end - 1]):
        end -= 1
    return rows[:end], rows[below:]


def opened(landed: Landed, table: Table, work: Workspace) -> OpenedRows:
    """Open the declared sheet.

    Raises:
        Refusal: The sheet or its header is not there, or the header has drifted.
    """
    import pyarrow as pa

    form = cast(WorkbookForm, table.file)
    rows = sheet(work.once((landed.sha256, "sheets"), lambda: sheets(landed)), form)
    if rows is None:
        raise Refusal(
            f"the workbook has no sheet {form.sheet!r}",
            where=landed.name,
            how="check that this is the right file, or declare the sheet's new name",
            code="no_sheet",
        )
    header = form.header or header_rows.FIRST_ROW
    index = next((i for i, row in enumerate(rows) if header_rows.starts(_texts(row), header, table)), None)
    if index is None:
        raise header_rows.absent(table, header, landed.name)
    first = index + header.rows
    names = header_rows.built([_texts(row) for row in rows[index:first]], header)
    names = header_rows.without_empty_end(names)
    where = header_rules.positions(names, table, landed.name)
    columns = {name: f"c{position}" for name, position in where.items()}
    body, below = _table(rows[first:], form.footer)
    _require_named(body, len(names), first + 1, landed.name)
    around = [*rows[:index], *(below or body[-FOOTER_ROWS:])]
    schema = pa.schema([(column, pa.string()) for column in columns.values()])

    def batches() -> Iterator[pa.RecordBatch]:
        for start in range(0, len(body), BATCH):
            part = body[start : start + BATCH]
            cells = [[cell_text(row[i]) if i < len(row) else None for row in part] for i in where.values()]
            yield pa.record_batch([pa.array(values, pa.string()) for values in cells], schema=schema)

    surroundings = tuple(" ".join(_texts(row)).strip() for row in around)
    return OpenedRows(columns, surroundings, schema, batches)
