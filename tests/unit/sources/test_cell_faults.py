"""Cells of workbooks that hold no value: errors stay texts, and a formula without a stored result is told."""

from __future__ import annotations

import struct
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
import xlsxwriter
import xlwt

from sources.kit.readers import cell_faults, old_workbook
from tests.unit.sources.reading import Desk, layout, reading

__all__ = ["reading"]

FORM = layout("code", "n", format="workbook")
#: Rows that each of the three formats has: an error as value, an error of a formula, an empty text of a formula.
READ = [(1, "01", "7"), (2, "02", "#N/A"), (3, "03", "#DIV/0!"), (4, "04", None), (5, "05", "#N/A")]


def xlsx(path: Path) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Datos 2024")
        sheet.write_row(0, 0, ["code", "n"])
        for row in range(1, 6):
            sheet.write_string(row, 0, f"0{row}")
        sheet.write_formula(1, 1, "=3+4", None, 7)
        sheet.write_formula(2, 1, "=NA()", None, "#N/A")
        sheet.write_formula(3, 1, "=1/0", None, "#DIV/0!")
        sheet.write_formula(4, 1, '=""', None, " ")
        sheet.write_formula(5, 1, "=NA()", None, "#N/A")
    # the result of ="" as Excel writes it
    return changed(path, "xl/worksheets/sheet1.xml", {"<v> </v>": "<v></v>"})


def changed(path: Path, part: str, by: dict[str, str]) -> Path:
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    text = parts[part].decode()
    for old, new in by.items():
        assert old in text
        text = text.replace(old, new)
    with ZipFile(path, "w") as archive:
        for name, content in (parts | {part: text.encode()}).items():
            archive.writestr(name, content)
    return path


def xls(path: Path, rows: int = 5) -> Path:
    book = xlwt.Workbook()
    book.add_sheet("Notas").write(0, 0, "read me")
    sheet = book.add_sheet("Datos 2024")
    sheet.write(0, 0, "code")
    sheet.write(0, 1, "n")
    for row in range(1, rows + 1):
        sheet.write(row, 0, f"{row:02}")
    sheet.write(1, 1, 7)
    sheet.row(2).set_cell_error(1, 0x2A)
    sheet.write(3, 1, xlwt.Formula("1/0"))
    sheet.write(4, 1, xlwt.Formula('""'))
    sheet.row(5).set_cell_error(1, 0x2A)
    book.save(str(path))
    # the first formula has the error of a division by zero, as Excel stores it, the second an empty text
    empty, error = b"\x03\0\0\0\0\0\xff\xff", b"\x02\0\x07\0\0\0\xff\xff"
    content = path.read_bytes()
    assert content.count(empty) == 2
    path.write_bytes(content.replace(empty, error, 1))
    return path


def ods(path: Path, cells: tuple[str, ...]) -> Path:
    """An opendocument workbook with a column of texts and one of these cells."""
    rows = "".join(
        f'<table:table-row><table:table-cell office:value-type="string"><text:p>{name}</text:p>'
        f"</table:table-cell>{cell}</table:table-row>"
        for name, cell in zip(("code", "01", "02", "03", "04", "05"), cells, strict=True)
    )
    spaces = "".join(
        f' xmlns:{name}="{address}"'
        for name, address in {
            "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
            "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
            "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
            "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
        }.items()
    )
    other = (
        '<table:table table:name="Notas"><table:table-row><table:table-cell/></table:table-row></table:table>'
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{spaces}><office:body><office:spreadsheet>'
        f'{other}<table:table table:name="Datos 2024">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with ZipFile(path, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("META-INF/manifest.xml", f'<m><file-entry full-path="/" media-type="{kind}"/></m>')
        archive.writestr("content.xml", content)
    return path


NAME = '<table:table-cell office:value-type="string"><text:p>n</text:p></table:table-cell>'
SEVEN = (
    '<table:table-cell table:formula="of:=3+4" office:value-type="float" office:value="7"><text:p>7</text:p>'
    "</table:table-cell>"
)
EMPTY = '<table:table-cell table:formula="of:=&quot;&quot;"><text:p/></table:table-cell>'


def error(shown: str, kind: str = 'calcext:value-type="error"') -> str:
    return (
        f'<table:table-cell table:formula="of:=x" office:value-type="string" office:string-value="" {kind}>'
        f"<office:annotation><text:p>a note</text:p></office:annotation><text:p>{shown}</text:p></table:table-cell>"
    )


def test_errors_stay_texts_in_the_three_formats(reading: Desk) -> None:
    wide = layout("code", "n", format="workbook", sheet="Datos 2024")
    assert reading.rows(xlsx(reading.folder / "x.xlsx"), FORM) == READ
    assert reading.rows(xls(reading.folder / "x.xls"), wide) == READ
    cells = (NAME, SEVEN, error("#N/A"), error("#DIV/0!"), EMPTY, error("#N/A", ""))
    assert reading.rows(ods(reading.folder / "x.ods", cells), wide) == READ


def test_cells_that_stand_for_several(reading: Desk) -> None:
    several = error("#REF!").replace(
        "<table:table-cell", '<table:table-cell table:number-columns-repeated="2"', 1
    )
    names = NAME + NAME.replace(">n<", ">m<")
    path = ods(reading.folder / "x.ods", (names, several, SEVEN, SEVEN, SEVEN, SEVEN))
    twice = '<table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="string"><text:p>01<'
    changed(path, "content.xml", {twice.replace(' table:number-rows-repeated="2"', ""): twice})
    rows = reading.rows(path, layout("code", "n", "m", format="workbook", sheet="Datos 2024"))
    assert rows[:2] == [(1, "01", "#REF!", "#REF!"), (2, "01", "#REF!", "#REF!")]
    assert rows[2] == (3, "02", "7", None)


def test_rows_of_errors_at_the_end_of_a_sheet_are_rows(reading: Desk) -> None:
    path = reading.folder / "x.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(2, 3, ["code", "n"])
        sheet.write_formula(3, 3, "=NA()", None, "#N/A")
        sheet.write_formula(4, 4, "=NA()", None, "#REF!")
    assert reading.rows(path, FORM) == [(1, "#N/A", None), (2, None, "#REF!")]


@pytest.mark.parametrize("where", ["body", "end", "header"])
def test_a_formula_without_a_stored_result_is_told_with_its_cell(reading: Desk, where: str) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Datos 2024"
    rows = {
        "body": [["code", "n"], ["01", "=1+1"], ["02", "=2+2"], ["03", 5]],
        "end": [["code", "n"], ["01", 1], [None, "=2+2"]],
        "header": [["code", '="n"'], ["01", 1]],
    }[where]
    for row in rows:
        sheet.append(row)
    path = reading.folder / "x.xlsx"
    book.save(path)
    refusal = reading.refused(path, "not_calculated", FORM)
    cell = {"body": "B2 (and 1 more)", "end": "B3", "header": "B1"}[where]
    assert refusal.what == f"the cell {cell} has a formula whose result is not stored"
    assert refusal.where == "x.xlsx, sheet 'Datos 2024'"


def test_an_opendocument_formula_without_a_stored_result(reading: Desk) -> None:
    bare = '<table:table-cell table:formula="of:=1+1"/>'
    path = ods(reading.folder / "x.ods", (NAME, SEVEN, bare, SEVEN, SEVEN, SEVEN))
    refusal = reading.refused(
        path, "not_calculated", layout("code", "n", format="workbook", sheet="Datos 2024")
    )
    assert refusal.what.startswith("the cell B3 has")


def test_what_is_not_calculated_outside_the_table_stops_nothing(reading: Desk) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["title", "=1+1"], ["code", "n"], ["01", 5], [None, None], ["Fuente: x", "=1+1"]):
        sheet.append(row)
    path = reading.folder / "x.xlsx"
    book.save(path)
    form = layout("code", "n", format="workbook", header={"contains": ["code", "n"]}, footer=["Fuente"])
    assert reading.rows(path, form) == [(1, "01", "5")]


def test_an_old_workbook_whose_stream_is_small(tmp_path: Path) -> None:
    whole = bytearray(xls(tmp_path / "x.xls").read_bytes())
    wanted = {3: {1: "#N/A"}, 4: {1: "#DIV/0!"}, 6: {1: "#N/A"}}
    assert old_workbook.errors(bytes(whole), 1) == wanted
    assert old_workbook.errors(bytes(whole), 0) == {}
    # the same stream called small: its sectors are those of the root's stream, and so is the table of both
    table = struct.unpack_from("<I", whole, 76)[0]
    struct.pack_into("<H", whole, 32, 9)
    struct.pack_into("<II", whole, 56, 1 << 20, table)
    entries = 512 * (1 + struct.unpack_from("<I", whole, 48)[0])
    streams = {whole[at : at + 20].decode("utf-16-le")[:4]: at for at in range(entries, entries + 512, 128)}
    whole[streams["Root"] + 116 : streams["Root"] + 120] = whole[
        streams["Work"] + 116 : streams["Work"] + 120
    ]
    assert old_workbook.errors(bytes(whole), 1) == wanted


def test_a_damaged_old_workbook_is_told(tmp_path: Path) -> None:
    whole = xls(tmp_path / "x.xls").read_bytes()
    for damaged in (whole[:600], b"\xd0\xcf\x11\xe0" + bytes(90)):
        with pytest.raises(ValueError, match="no workbook stream"):
            old_workbook.errors(damaged, 1)


def test_a_binary_workbook_is_refused(reading: Desk) -> None:
    path = xlsx(reading.folder / "x.xlsx")
    with ZipFile(path, "a") as archive:
        archive.writestr("xl/workbook.bin", b"\x83\x01\0")
    assert "xlsb" in reading.refused(path, "workbook_unreadable", FORM).what


@pytest.mark.parametrize(
    ("place", "name"), [((1, 0), "A1"), ((7, 25), "Z7"), ((7, 26), "AA7"), ((9, 701), "ZZ9")]
)
def test_how_a_cell_is_called(place: tuple[int, int], name: str) -> None:
    assert cell_faults.called(*place) == name
