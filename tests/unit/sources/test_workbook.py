"""Workbooks: one sheet as text, as a person reads the cells, and what of them is refused."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import duckdb
import pytest
import xlsxwriter
import xlwt

from schemas.errors import Refusal
from sources.kit import landing
from sources.kit.readers import raw, workbook
from sources.kit.readers.raw import Raw
from sources.kit.readers.workspace import Workspace
from sources.kit.specification import Layout

Sheet = list[list[Any]]

TABLE: Sheet = [
    ["code", "day", "n"],
    [5001000.0, dt.date(2024, 2, 9), 1],
    ["0501", dt.datetime(2024, 2, 9, 14, 30), 2.5],  # noqa: DTZ001 - a cell has no time zone
]


def layout(
    *columns: str, sheet: Any = "first", header: list[str] | None = None, names: str = "exact", **form: Any
) -> Layout:
    file: dict[str, Any] = {
        "format": "workbook",
        "sheet": sheet,
        **({"header": {"contains": header}} if header else {}),
        **form,
    }
    declared = {
        "id": "x",
        "file": file,
        "columns": {"open": list(columns) or ["code", "day", "n"]},
        "map": {},
        "names": names,
    }
    return Layout.model_validate(declared)


def xlsx(path: Path, **sheets: Sheet) -> Path:
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if value is not None:
                    sheet.write(r, c, value)
    book.close()
    return path


def xls(path: Path, **sheets: Sheet) -> Path:
    book = xlwt.Workbook()
    day = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, dt.date):
                    sheet.write(r, c, value, day)
                elif value is not None:
                    sheet.write(r, c, value)
    book.save(str(path))
    return path


BOOKS = [(xlsx, "x.xlsx"), (xls, "x.xls")]


def read(path: Path, declared: Layout | None = None) -> tuple[Raw, list[tuple[Any, ...]]]:
    landed = landing.land(path, path.parent / "landing", "x")
    connection = duckdb.connect(config={"threads": 1})
    with Workspace(path.parent) as work:
        found = raw.read(connection, workbook.opened(landed, declared or layout(), work))
    columns = ", ".join(found.columns.values())
    return found, connection.execute(
        f"SELECT {found.row_number()}, {columns} FROM {raw.TABLE} ORDER BY 1"
    ).fetchall()


def refused(path: Path, code: str, declared: Layout | None = None) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        read(path, declared)
    assert refusal.value.code == code
    assert refusal.value.where.startswith(path.name)
    assert refusal.value.how
    return refusal.value


@pytest.mark.parametrize(("make", "name"), BOOKS)
def test_cells_as_a_person_reads_them(tmp_path: Path, make: Any, name: str) -> None:
    assert read(make(tmp_path / name, Sheet1=TABLE))[1] == [
        (1, "5001000", "2024-02-09", "1"),
        (2, "0501", "2024-02-09 14:30:00", "2.5"),
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("", None),
        (None, None),
        (" x ", " x "),
        (3.0, "3"),
        (0.1, "0.1"),
        (1e15, "1000000000000000"),
        (7, "7"),
        (True, "true"),
        (False, "false"),
        (dt.date(2024, 2, 9), "2024-02-09"),
        (dt.datetime(2024, 2, 9), "2024-02-09"),  # noqa: DTZ001 - a cell has no time zone
        (dt.datetime(2024, 2, 9, 1, 2, 3), "2024-02-09 01:02:03"),  # noqa: DTZ001
        (dt.time(14, 30), "14:30:00"),
    ],
)
def test_cell_text(value: Any, text: str | None) -> None:
    assert workbook.cell_text(value) == text


@pytest.mark.parametrize(("make", "name"), BOOKS)
def test_title_rows_blank_rows_and_footers(tmp_path: Path, make: Any, name: str) -> None:
    rows = [["Policía"], [], ["Periodo: ", "2024"], *TABLE[:2], [], TABLE[2], [], ["Fuente: SIEDCO"], [], []]
    found, read_rows = read(make(tmp_path / name, S=rows), layout(header=["code", "n"]))
    assert found.rows_delivered == 5, "empty rows at the end are no rows, those inside are"
    assert [(r[0], r[1]) for r in read_rows] == [
        (1, "5001000"),
        (2, None),
        (3, "0501"),
        (4, None),
        (5, "Fuente: SIEDCO"),
    ]
    assert found.surroundings[0] == "Policía"
    assert {"Periodo:  2024", "Fuente: SIEDCO"} <= set(found.surroundings)


def test_the_named_sheet(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "x.xlsx", Notes=[["read me"]], Data=TABLE)
    assert len(read(path, layout(sheet="Data"))[1]) == 2
    assert "'Mpios'" in refused(path, "no_sheet", layout(sheet="Mpios")).what


def test_header(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "x.xlsx", S=[["title"], *TABLE])
    assert "holds absent" in refused(path, "header_drift", layout(header=["absent"])).what
    assert "none of the 3 declared columns" in refused(path, "header_drift").what
    trailing = xlsx(tmp_path / "y.xlsx", S=[["n ", "code", " day", None, " "], [1, "x", "y", None, None]])
    assert read(trailing, layout(names="trimmed", header=["code", "n"]))[1] == [(1, "x", "y", "1")]
    assert "missing: 'n'" in refused(xlsx(tmp_path / "z.xlsx", S=[["code", "day"]]), "header_drift").what
    spacer = xlsx(tmp_path / "s.xlsx", S=[["code", None, "day", "n"], ["x", None, "y", 1]])
    assert read(spacer)[1] == [(1, "x", "y", "1")]
    gap = refused(xlsx(tmp_path / "g.xlsx", S=[["code", None, "day", "n"], ["x", 7, "y", 1]]), "header_drift")
    assert "column 2 holds values and has no name" in gap.what


def test_an_empty_sheet(tmp_path: Path) -> None:
    refused(xlsx(tmp_path / "x.xlsx", S=[]), "header_drift")
    assert read(xlsx(tmp_path / "y.xlsx", S=TABLE[:1]))[0].rows_delivered == 0


def test_values_without_a_header_are_not_dropped(tmp_path: Path) -> None:
    error = refused(xlsx(tmp_path / "x.xlsx", S=[*TABLE, ["x", "y", 1, None, "note"]]), "header_drift")
    assert "column 5" in error.what
    assert error.where.endswith("row 4 of the sheet")


def test_what_is_no_workbook(tmp_path: Path) -> None:
    whole = xlsx(tmp_path / "whole.xlsx", S=TABLE * 200).read_bytes()
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        inside = next(i.header_offset for i in archive.infolist() if "sheet1" in i.filename) + 200
    archive_of_text = io.BytesIO()
    with zipfile.ZipFile(archive_of_text, "w") as archive:
        archive.writestr("x.csv", "a,b\n")
    contents = {
        "cut": whole[: len(whole) // 2],
        "flipped": whole[:inside]
        + bytes(b ^ 0xFF for b in whole[inside : inside + 20])
        + whole[inside + 20 :],
        "zip": archive_of_text.getvalue(),
        "ole": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "text": b"code,day,n\n1,2,3\n",
    }
    for name, content in contents.items():
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(content)
        assert "damaged or of another kind" in refused(path, "workbook_unreadable").how


@pytest.mark.parametrize("page", [b"<html><table>", b"\xef\xbb\xbf<!DOCTYPE html>", b"<table><tr><td>"])
def test_a_web_page_saved_as_a_workbook(tmp_path: Path, page: bytes) -> None:
    path = tmp_path / "x.xls"
    path.write_bytes(page)
    assert "web page" in refused(path, "html_page").what


def test_sheets_by_position_and_pattern(tmp_path: Path) -> None:
    sheets = {"Índice  ": [["read me"]], "Cuadro 3": [["none"]], "Datos 2024": TABLE}
    for make, name in BOOKS:
        path = make(tmp_path / name, **sheets)
        for declared in ({"position": 3}, {"pattern": "datos [0-9]+"}, " Datos 2024"):
            assert len(read(path, layout(sheet=declared))[1]) == 2
        for declared in ({"position": 4}, {"pattern": "datos"}, "Cuadro"):
            error = refused(path, "no_sheet", layout(sheet=declared))
            assert "has no sheet" in error.what
            assert "'Cuadro 3'" in error.where
        assert "has 2 sheets" in refused(path, "no_sheet", layout(sheet={"pattern": ".*[0-9]"})).what


def test_a_range(tmp_path: Path) -> None:
    rows = [
        ["x", "code", "day", "n", "beside"],
        *(["left", *row, "right"] for row in TABLE[1:]),
        ["under"] * 5,
    ]
    title: list[list[Any]] = [["Policía", None, None, None, "2024"]]
    path = xlsx(tmp_path / "x.xlsx", S=[*title, *rows])
    wanted = [(1, "5001000", "2024-02-09", "1"), (2, "0501", "2024-02-09 14:30:00", "2.5")]
    found, read_rows = read(path, layout(range="B2:D4"))
    assert read_rows == wanted
    assert found.surroundings[0] == "Policía    2024"
    assert found.surroundings[-1] == "under under under under under"
    assert read(path, layout(range="b2:d", footer=["under"]))[1] == wanted
    assert read(path, layout(range="B2:D"))[1][:2] == wanted
    assert len(read(path, layout(range="B2:D3"))[1]) == 1
    refused(path, "header_drift", layout(range="C2:D4"))


def test_a_header_of_several_rows(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["code", None, "Delitos\n ocurridos", None, None, None],
        [None, None, "Hombres", None, "Mujeres ", None],
        [None, None, "n", " % ", "n", "%"],
        ["x", None, 1, 2, 3, 4],
    ]
    names = [
        "code",
        "Delitos ocurridos / Hombres / n",
        "Delitos ocurridos / Hombres / %",
        "Delitos ocurridos / Mujeres / n",
        "Delitos ocurridos / Mujeres / %",
    ]
    made = {
        "id": "x",
        "file": {"format": "workbook", "header": {"contains": ["code", "Delitos ocurridos"], "rows": 3}},
        "columns": {"open": names},
        "map": {},
    }
    for make, name in BOOKS:
        assert read(make(tmp_path / name, S=rows), Layout.model_validate(made))[1] == [
            (1, "x", "1", "2", "3", "4")
        ]


def test_more_rows_than_a_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "BATCH", 7)
    body = [[f"0{i}", dt.date(2024, 1, 1), i] for i in range(50)]
    rows: list[list[Any]] = [TABLE[0], *body, [], ["Fuente: x"], ["y"]]
    found, read_rows = read(xlsx(tmp_path / "x.xlsx", S=rows), layout(footer=["Fuente"]))
    assert [(n, code) for n, code, *_ in read_rows] == [(i + 1, f"0{i}") for i in range(50)]
    assert found.surroundings[-2:] == ("Fuente: x", "y")


def test_a_note_beside_the_footer_is_no_column(tmp_path: Path) -> None:
    rows: list[list[Any]] = [*TABLE, [], ["Fuente: x", None, None, None, "note"]]
    assert len(read(xlsx(tmp_path / "x.xlsx", S=rows), layout(footer=["Fuente"]))[1]) == 2
    assert "column 5" in refused(xlsx(tmp_path / "y.xlsx", S=rows), "header_drift").what


def locked_xls(path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workbook that says, as a locked one does, how its records are enciphered."""
    import xlwt

    whole = xlwt.Workbook.get_biff_data
    cipher = b"\x2f\x00\x06\x00\x01\x00\x01\x00\x01\x00"
    monkeypatch.setattr(
        xlwt.Workbook, "get_biff_data", lambda book: (d := whole(book))[:20] + cipher + d[20:]
    )
    return xls(path, S=TABLE)


def test_a_workbook_locked_with_a_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ole = tmp_path / "x.xlsx"
    ole.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(1016)
        + "EncryptedPackage".encode("utf-16-le")
        + bytes(500)
    )
    assert "password" in refused(ole, "file_locked").what
    assert "password" in refused(locked_xls(tmp_path / "x.xls", monkeypatch), "file_locked").what
