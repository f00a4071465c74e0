"""Workbooks (xlsx, xls, ods): one sheet becomes text columns, as a person would read the cells.

A whole number loses its '.0', a date becomes YYYY-MM-DD, so that the mapping sees the same text whichever way a
year's file was saved.
"""

from __future__ import annotations

import datetime as dt
import re
import tempfile
import zlib
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from zipfile import BadZipFile, ZipFile

from schemas.errors import Refusal
from sources.kit.forms import WorkbookForm
from sources.kit.landing import Bytes, Landed
from sources.kit.readers import footer, header_rows, kind
from sources.kit.readers import header as header_rules
from sources.kit.readers.arrow_rows import OpenedRows
from sources.kit.readers.workspace import Workspace
from sources.kit.tables import Table

if TYPE_CHECKING:
    import pyarrow as pa
    from python_calamine import CalamineSheet, CalamineWorkbook

#: Rows that become text at a time.
BATCH = 20_000
#: Rows at the end of a sheet whose text is searched for edition and period, where no footer is declared.
FOOTER_ROWS = 12
#: How a stream is called that holds a workbook locked with a password.
_LOCKED = "EncryptedPackage".encode("utf-16-le")

Row = list[Any]


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


def book(landed: Landed) -> CalamineWorkbook:
    """The workbook, none of its sheets read yet.

    Raises:
        Refusal: The file is no workbook, is damaged or locked.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    kind.require(landed.seen, "workbook", "a workbook", landed.name)
    try:
        _check_parts(landed)
        return CalamineWorkbook.from_path(str(landed.path))
    except (CalamineError, BadZipFile) as error:
        if _is_locked(landed):
            raise _locked(landed.name) from None
        raise Refusal(
            "the workbook cannot be opened",
            where=landed.name,
            how="it is damaged or of another kind: open it in a spreadsheet, save it as xlsx and try again",
            code="workbook_unreadable",
        ) from error


def _is_locked(landed: Landed) -> bool:
    """Whether a workbook that cannot be opened is locked with a password.

    The reader says so only where it knows from the file's name of what kind it is, and landed files have none.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    with tempfile.TemporaryDirectory() as folder:
        for suffix in (".xls", ".xlsx", ".ods"):
            named = Path(folder) / f"workbook{suffix}"
            named.symlink_to(landed.path.absolute())
            try:
                CalamineWorkbook.from_path(str(named))
            except PasswordError:
                return True
            except CalamineError:
                continue
    return _holds(landed, _LOCKED)


def _locked(where: str) -> Refusal:
    return Refusal(
        "the workbook is locked with a password",
        where=where,
        how="ask for it unlocked over a protected way, or unlock and save it yourself; passwords are kept nowhere here",
        code="file_locked",
    )


def _holds(landed: Landed, wanted: bytes) -> bool:
    with landed.path.open("rb") as handle:
        before = b""
        while chunk := handle.read(1 << 20):
            if wanted in before + chunk:
                return True
            before = chunk[-len(wanted) :]
    return False


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


def sheet_name(names: Sequence[str], form: WorkbookForm, where: str) -> str:
    """The name of the declared sheet; spaces at the ends of a name do not count.

    Raises:
        Refusal: There is no such sheet, or a pattern fits several.
    """
    wanted = form.sheet
    if wanted == "first":
        fitting, called = list(names[:1]), "sheet"
    elif isinstance(wanted, str):
        fitting, called = [n for n in names if n.strip() == wanted.strip()], f"sheet {wanted!r}"
    elif wanted.position is not None:
        fitting, called = (
            list(names[wanted.position - 1 : wanted.position]),
            f"sheet number {wanted.position}",
        )
    else:
        pattern = re.compile(wanted.pattern or "", re.IGNORECASE)
        fitting = [n for n in names if pattern.fullmatch(n.strip())]
        called = f"sheet that fits {wanted.pattern!r}"
    if len(fitting) == 1:
        return fitting[0]
    listed = ", ".join(repr(n) for n in names[:20])
    raise Refusal(
        f"the workbook has {f'{len(fitting)} sheets' if fitting else 'no sheet'} {called.removeprefix('sheet ')}",
        where=f"{where} (it has {listed})",
        how="check that this is the right file, or declare the sheet under file: sheet in source.yml",
        code="no_sheet",
    )


def opened(landed: Landed, table: Table, work: Workspace) -> OpenedRows:
    """Read the declared sheet; what is opened holds its rows as text.

    Raises:
        Refusal: The sheet or its header is not there, or the header has drifted.
    """
    form = cast(WorkbookForm, table.file)
    whole = work.once((landed.sha256, "book"), lambda: book(landed))
    name = sheet_name(whole.sheet_names, form, landed.name)
    sheet = work.once((landed.sha256, "sheet", name), lambda: _sheet(whole, name, landed.name))
    return _Reading(sheet, table, form, landed.name).opened()


def first_record(landed: Landed, table: Table, work: Workspace) -> tuple[str, int]:
    """Name of the declared sheet, and the row of it in which the first record stands, as a spreadsheet counts them.

    Raises:
        Refusal: The sheet or its header is not there.
    """
    form = cast(WorkbookForm, table.file)
    whole = work.once((landed.sha256, "book"), lambda: book(landed))
    name = sheet_name(whole.sheet_names, form, landed.name)
    sheet = work.once((landed.sha256, "sheet", name), lambda: _sheet(whole, name, landed.name))
    return name, _Reading(sheet, table, form, landed.name).first_record()


def _sheet(whole: CalamineWorkbook, name: str, where: str) -> CalamineSheet:
    from python_calamine import CalamineError

    try:
        return whole.get_sheet_by_name(name)
    except CalamineError as error:
        raise Refusal(
            f"the sheet {name!r} cannot be read",
            where=where,
            how="it is a chart or damaged: open the workbook in a spreadsheet, save it as xlsx and try again",
            code="workbook_unreadable",
        ) from error


class _Reading:
    """Goes through the rows of a sheet once."""

    def __init__(self, sheet: CalamineSheet, table: Table, form: WorkbookForm, where: str) -> None:
        self.table = table
        self.form = form
        self.where = where
        self.header = form.header or header_rows.FIRST_ROW
        self.area = form.area
        self.rows = self._rows(sheet)
        self.surroundings: list[str] = []

    def _rows(self, sheet: CalamineSheet) -> Iterator[tuple[int, Row]]:
        """Number in the sheet and cells of every row."""
        # rows start at the first row of the sheet, but at its first column that is filled
        left = [""] * (sheet.start or (0, 0))[1]
        for number, row in enumerate(sheet.iter_rows(), start=1):
            yield number, left + row

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
                more = [_texts(self._inside(row)) for _, row in islice(self.rows, self.header.rows - 1)]
                return header_rows.built([cells, *more], self.header)
            self.surroundings.append(_line(row))
        raise header_rows.absent(self.table, self.header, self.where)

    def _body(self, places: Sequence[int], named: Collection[int], schema: pa.Schema) -> pa.Table:
        """The rows of the table as text, without the empty ones at its end; what is below becomes surroundings.

        Raises:
            Refusal: A column without a name holds values.
        """
        import pyarrow as pa

        batches: list[pa.RecordBatch] = []
        part: list[Row] = []
        last: deque[Row] = deque(maxlen=footer.SEARCH)
        under: deque[str] = deque(maxlen=FOOTER_ROWS)
        count = filled = 0
        strange: tuple[int, int, int] | None = None
        for number, row in self.rows:
            if self.area and self.area.last_row and number > self.area.last_row:
                under.append(_line(row))
                continue
            cells = self._inside(row)
            values = [place for place, value in enumerate(cells) if value not in ("", None)]
            count += 1
            filled = count if values else filled
            if strange is None and (nameless := [place for place in values if place not in named]):
                strange = (count, number, nameless[0])
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
        while end and not _line(rows[end - 1]):
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
