"""The committed golden workbooks hold what their generator says, cell by cell."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.contract import golden_workbooks


def _cells(path: Path) -> dict[str, dict[tuple[int, int], object]]:
    """Every cell that holds something, by sheet, row and column."""
    book = CalamineWorkbook.from_path(path)
    return {
        name: {
            (r, c): cell
            for r, row in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False))
            for c, cell in enumerate(row)
            if cell != ""
        }
        for name in book.sheet_names
    }


def _declared(sheet: golden_workbooks.Sheet) -> dict[tuple[int, int], object]:
    return {
        (r, c): float(cell) if isinstance(cell, int) else cell
        for r, row in enumerate(sheet)
        for c, cell in enumerate(row)
        if cell not in (None, "")
    }


def _plain(cells: dict[tuple[int, int], object]) -> dict[tuple[int, int], object]:
    return {at: cell.date() if isinstance(cell, datetime) else cell for at, cell in cells.items()}


@pytest.mark.parametrize("name", sorted(golden_workbooks.WORKBOOKS))
def test_the_committed_workbook_holds_what_is_declared(name: str) -> None:
    """A reader finds exactly the declared cells in the committed file."""
    found = _cells(golden_workbooks.SOURCES / name)
    declared = golden_workbooks.WORKBOOKS[name]
    assert list(found) == list(declared)
    for sheet, rows in declared.items():
        assert _plain(found[sheet]) == _declared(rows)


@pytest.mark.parametrize("name", sorted(golden_workbooks.WORKBOOKS))
def test_making_the_workbook_gives_the_committed_cells(name: str, tmp_path: Path) -> None:
    """The generator still makes what is committed."""
    made = tmp_path / Path(name).name
    golden_workbooks.write(made, golden_workbooks.WORKBOOKS[name])
    assert _cells(made) == _cells(golden_workbooks.SOURCES / name)


def test_every_golden_workbook_is_declared() -> None:
    """No workbook in a golden folder was made by hand."""
    committed = {
        str(path.relative_to(golden_workbooks.SOURCES).as_posix())
        for path in golden_workbooks.SOURCES.glob("*/golden/*.xls*")
        # those of the sample country with spreadsheets have a generator and a test of their own
        if not path.parts[-3].startswith("xbb_")
    }
    assert committed == set(golden_workbooks.WORKBOOKS)


def test_dates_are_dates() -> None:
    """The date column is written as dates, not as text: reading them is what the sample is for."""
    book = _plain(
        _cells(golden_workbooks.SOURCES / "co_ponal_homicidios/golden/homicidios_2031.xlsx")[
            "CH2138_20320715"
        ]
    )
    assert isinstance(book[(8, 4)], date)
