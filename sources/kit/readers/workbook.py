"""Workbooks (xlsx, xls, ods): one sheet becomes text columns, as a person would read the cells.

A whole number loses its '.0', a date becomes YYYY-MM-DD, so that the mapping sees the same text whichever way a
year's file was saved.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Collection, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from schemas.errors import Refusal
from sources.kit.forms import WorkbookForm
from sources.kit.landing import Bytes, Landed
from sources.kit.readers import cell_faults, footer, header_rows, kind
from sources.kit.readers import header as header_rules
from sources.kit.readers.arrow_rows import OpenedRows
from sources.kit.readers.workbook_sheets import Row, Sheet, book, sheet, sheet_name
from sources.kit.readers.workspace import Workspace
from sources.kit.tables import Table

if TYPE_CHECKING:
    import pyarrow as pa

#: Rows that become text at a time.
BATCH = 20_000
#: Rows at the end of a sheet whose text is searched for edition and period, where no footer is declared.
FOOTER_ROWS = 12


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
        case dt.timedelta():
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
        case _:
            return str(value)


def recognises(seen: Bytes) -> bool:
    """Whether these may be the bytes of a workbook."""
    return kind.known(seen) == "workbook"


def opened(landed: Landed, table: Table, work: Workspace) -> OpenedRows:
    """Read the declared sheet; what is opened holds its rows as text.

    Raises:
        Refusal: The sheet or its header is not there, or the header has drifted.
    """
    form = cast(WorkbookForm, table.file)
    whole = book(landed, work)
    name = sheet_name(whole.sheet_names, form, landed.name)
    return _Reading(sheet(landed, whole, name, work), table, form, landed.name).opened()


def first_record(landed: Landed, table: Table, work: Workspace) -> tuple[str, int]:
    """Name of the declared sheet, and the row of it in which the first record stands, as a spreadsheet counts them.

    Raises:
        Refusal: The sheet or its header is not there.
    """
    form = cast(WorkbookForm, table.file)
    whole = book(landed, work)
    name = sheet_name(whole.sheet_names, form, landed.name)
    return name, _Reading(sheet(landed, whole, name, work), table, form, landed.name).first_record()


class _Reading:
    """Goes through the rows of a sheet once."""

    def __init__(self, sheet: Sheet, table: Table, form: WorkbookForm, where: str) -> None:
        self.sheet = sheet
        self.table = table
        self.form = form
        self.where = where
        self.header = form.header or header_rows.FIRST_ROW
        self.area = form.area
        self.rows = sheet.rows()
        self.surroundings: list[str] = []

    def _inside(self, row: Row) -> Row:
        """The cells of a row that lie in the declared range."""
        return row[self.area.first_column - 1 : self.area.last_column] if self.area else row

    def opened(self) -> OpenedRows:
        """The sheet as text.

        Raises:
            Refusal: The header is not there or has drifted, or a column without a name holds values.
        """
        import pyarrow as pa

        names = self._names()
        named = [(place, name) for place, name in enumerate(names) if name.strip()]
        found = header_rules.positions([name for _, name in named], self.table, self.where)
        places = [named[index][0] for index in found.values()]
        columns = {name: f"c{place}" for name, place in zip(found, places, strict=True)}
        schema = pa.schema([(column, pa.string()) for column in columns.values()])
        texts = self._body(places, frozenset(place for place, _ in named), schema)
        return OpenedRows(columns, tuple(self.surroundings), schema, texts.to_batches)

    def first_record(self) -> int:
        """The row of the sheet below the header."""
        self._names()
        number, _ = next(self.rows, (0, []))
        return number

    def _names(self) -> list[str]:
        for number, row in self.rows:
            cells = _texts(self._inside(row))
            inside = self.area is None or number >= self.area.first_row
            if inside and header_rows.starts(cells, self.header, self.table):
                rows = [(number, row), *islice(self.rows, self.header.rows - 1)]
                self._require_calculated([cell for n, r in rows for cell in self._without_result(n, r)])
                return header_rows.built([_texts(self._inside(r)) for _, r in rows], self.header)
            self.surroundings.append(_line(row))
        raise header_rows.absent(self.table, self.header, self.where)

    def _without_result(self, number: int, row: Row) -> list[tuple[int, int]]:
        """Row and column of the cells of a row in the declared range whose formulas have no stored result."""
        first = self.area.first_column - 1 if self.area else 0
        return [(number, first + i) for i, cell in enumerate(self._inside(row)) if cell is None]

    def _require_calculated(self, cells: Sequence[tuple[int, int]]) -> None:
        if cells:
            others = f" (and {len(cells) - 1} more)" if len(cells) > 1 else ""
            raise Refusal(
                f"the cell {cell_faults.called(*cells[0])}{others} has a formula whose result is not stored",
                where=f"{self.where}, sheet {self.sheet.name!r}",
                how="open the workbook in Excel or LibreOffice, let it calculate (F9), save it and deliver that",
                code="not_calculated",
            )

    def _body(self, places: Sequence[int], named: Collection[int], schema: pa.Schema) -> pa.Table:
        """The rows of the table as text, without the empty ones at its end; what is below becomes surroundings.

        Raises:
            Refusal: A column without a name holds values, or a formula has no stored result.
        """
        import pyarrow as pa

        batches: list[pa.RecordBatch] = []
        part: list[Row] = []
        last: deque[Row] = deque(maxlen=footer.SEARCH)
        under: deque[str] = deque(maxlen=FOOTER_ROWS)
        count = filled = 0
        strange: tuple[int, int, int] | None = None
        lost: list[tuple[int, tuple[int, int]]] = []
        for number, row in self.rows:
            if self.area and self.area.last_row and number > self.area.last_row:
                under.append(_line(row))
                continue
            cells = self._inside(row)
            values = [place for place, value in enumerate(cells) if value != ""]
            count += 1
            filled = count if values else filled
            if strange is None and (nameless := [place for place in values if place not in named]):
                strange = (count, number, nameless[0])
            if number in self.sheet.faults:
                lost += [(count, cell) for cell in self._without_result(number, row)]
            part.append(cells)
            last.append(row)
            if len(part) == BATCH:
                batches.append(_batch(part, places, schema))
                part = []
        batches.append(_batch(part, places, schema))
        end, below = self._end(last, count, filled)
        if strange and strange[0] <= end:
            raise Refusal(
                f"column {strange[2] + 1} holds values and has no name in the header",
                where=f"{self.where}, row {strange[1]} of the sheet",
                how="ask the provider what the column is, or remove a note beside the table",
                code="header_drift",
            )
        self._require_calculated([cell for at, cell in lost if at <= end])
        self.surroundings += [*below, *under]
        return pa.Table.from_batches(batches, schema).slice(0, end)

    def _end(self, last: Sequence[Row], count: int, filled: int) -> tuple[int, list[str]]:
        """How many rows the table has, and the text of its footer or, where none is declared, of its last rows.

        Args:
            last: The last rows.
            count: How many rows there are.
            filled: Number of the last one that is not empty.
        """
        rows = list(last)
        begun = (i for i, row in enumerate(rows) if footer.begins(_texts(row), self.form.footer))
        place = next(begun, None) if self.form.footer else None
        if place is None:
            kept = rows[: len(rows) - (count - filled)]
            return filled, [_line(row) for row in kept[-FOOTER_ROWS:]]
        end = place
        while end and not _line(rows[end - 1]) and None not in rows[end - 1]:
            end -= 1
        return count - len(rows) + end, [line for row in rows[place:] if (line := _line(row))]


def _texts(row: Sequence[Any]) -> list[str]:
    return [cell_text(c) or "" for c in row]


def _line(row: Sequence[Any]) -> str:
    return " ".join(_texts(row)).strip()


def _batch(rows: Sequence[Row], places: Sequence[int], schema: pa.Schema) -> pa.RecordBatch:
    import pyarrow as pa

    cells = [[cell_text(row[i]) if i < len(row) else None for row in rows] for i in places]
    return pa.record_batch([pa.array(values, pa.string()) for values in cells], schema=schema)
