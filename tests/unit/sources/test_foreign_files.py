"""Files that hold no table, or one that takes all memory: each is told in one message that says what it is."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import xlsxwriter

from schemas.errors import Refusal
from sources.kit import landing
from sources.kit.readers import sheet_extent
from sources.kit.readers.workspace import Workspace
from sources.kit.scaffold import form
from tests.unit.sources.reading import Desk, layout, reading

__all__ = ["reading"]

CSV, BOOK = layout(format="csv"), layout(format="workbook")
XML = (
    b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
    b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"7z\xbc\xaf\x27\x1c" + bytes(90), "a 7-Zip archive"),
        (b"Rar!\x1a\x07\x00" + bytes(90), "a RAR archive"),
        (b"%PDF-1.7\n1 0 obj\n", "a PDF document"),
        (b"{\\rtf1 a,b}\n", "a document of a word processor"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "a picture"),
        (b"GIF89a" + bytes(50), "a picture"),
        (b"SQLite format 3\0" + bytes(50), "an SQLite database"),
        (b"\0\1\0\0Standard ACE DB" + bytes(50), "an Access database"),
        (XML, "a spreadsheet saved as XML"),
        (b"\xef\xbb\xbf" + XML, "a spreadsheet saved as XML"),
    ],
)
def test_what_a_file_is_that_holds_no_table(reading: Desk, content: bytes, told: str) -> None:
    for declared in (CSV, BOOK, layout(format="ndjson"), layout(format="parquet")):
        assert told in reading.refused(content, "other_format", declared).what
    path = reading.write(content)
    landed = landing.land(path, reading.folder / "landing", "x")
    with Workspace(reading.folder) as work, pytest.raises(Refusal) as refusal:
        form.found(landed, work)
    assert told in refusal.value.what


def test_an_archive_without_files_and_archives_in_archives(reading: Desk) -> None:
    def packed(content: bytes | None, name: str = "x.csv") -> bytes:
        stored = io.BytesIO()
        with ZipFile(stored, "w") as archive:
            if content is not None:
                archive.writestr(name, content)
        return stored.getvalue()

    assert "has no file" in reading.refused(packed(None), "archive_member", CSV).what
    content = b"a,b\n1,2\n"
    for _ in range(3):
        content = packed(content)
    assert reading.rows(content, CSV) == [(1, "1", "2")]
    assert "more than 3 deep" in reading.refused(packed(content), "archive_unreadable", CSV).what
    book = workbook(reading.folder / "book.xlsx", lambda sheet, _: None).read_bytes()
    for _ in range(3):
        book = packed(book, "book.xlsx")
    assert reading.rows(book, BOOK) == [(1, "1", "2")]


def workbook(path: Path, more: Callable[[Any, Any], object]) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Datos")
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_row(1, 0, [1, 2])
        more(sheet, book.add_format({"bold": True}))
    return path


def test_a_stray_value_in_the_last_cell_does_not_end_the_process(reading: Desk) -> None:
    path = workbook(reading.folder / "x.xlsx", lambda sheet, _: sheet.write(1_048_575, 16_383, "x"))
    refusal = reading.refused(path, "sheet_too_large", BOOK)
    assert "'Datos' reaches to row 1,048,576 and column 16,384" in refusal.what
    landed = landing.land(path, reading.folder / "landing", "x")
    with Workspace(reading.folder) as work, pytest.raises(Refusal) as told:
        form.found(landed, work)
    assert told.value.code == "sheet_too_large"


def test_cells_with_a_format_alone_take_no_room(reading: Desk) -> None:
    path = workbook(
        reading.folder / "x.xlsx", lambda sheet, bold: sheet.write_blank(1_048_575, 16_383, None, bold)
    )
    assert reading.rows(path, BOOK) == [(1, "1", "2")]


@pytest.mark.parametrize(("most", "fits"), [(2 * 27, True), (2 * 27 - 1, False)])
def test_how_many_cells_a_sheet_may_span(
    reading: Desk, monkeypatch: pytest.MonkeyPatch, most: int, fits: bool
) -> None:
    monkeypatch.setattr(sheet_extent, "MOST", most)
    monkeypatch.setattr(sheet_extent, "CHUNK", 700)
    path = workbook(reading.folder / "x.xlsx", lambda sheet, _: sheet.write(0, 26, "c"))
    declared = layout("a", "b", "c", format="workbook")
    if fits:
        assert reading.rows(path, declared) == [(1, "1", "2", None)]
    else:
        assert "row 2 and column 27" in reading.refused(path, "sheet_too_large", declared).what
