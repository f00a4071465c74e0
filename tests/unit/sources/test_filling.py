"""Blank cells that say what the cell above them says."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.errors import Misuse
from tests.unit.sources import desk

MAP = {
    **desk.MAP,
    "count": {"parse": "integer", "from": "n"},
    "occurrence_first_level": {"copy": "region", "prefix": "XAA-", "form": "XAA-0[1-5]"},
}


def layout(*filled: str) -> dict[str, object]:
    """Months of regions whose names stand once."""
    return desk.layout(
        columns={"open": ["region", "day", "n"]},
        rows={
            "fill_down": list(filled),
            "exclude": [{"reason": "total", "column": "region", "equals": "TOTAL"}],
        },
        map=MAP,
    )


@pytest.mark.parametrize("threads", [1, 2])
def test_a_blank_cell_takes_the_value_above_it_in_the_order_of_the_file(tmp_path: Path, threads: int) -> None:
    rows = [
        "region,day,n",
        ",2024-01-01,9",
        "01,2024-01-01,1",
        " ,2024-02-01,2",
        "TOTAL,,3",
        "02,2024-01-01,4",
    ]
    rows += [",2024-02-01,5"] * 5000
    made = desk.take_in(desk.source(tmp_path, layout("region")), "\n".join(rows) + "\n", threads=threads)
    assert made.records("occurrence_first_level", "count")[:4] == [
        (None, 9),
        ("XAA-01", 1),
        ("XAA-01", 2),
        ("XAA-02", 4),
    ]
    assert {area for (area,) in made.records("occurrence_first_level")[3:]} == {"XAA-02"}
    assert [n for (n,) in made.records("row_number")] == [1, 2, 3, *range(5, 5006)]


def test_without_it_a_blank_cell_is_blank_and_many_without_a_region_are_told(tmp_path: Path) -> None:
    rows = [
        "region,day,n",
        *(f"{'01' if n == 0 else ''},2024-{1 + n % 12:02}-1{n % 9},{n + 1}" for n in range(100)),
    ]
    made = desk.take_in(desk.source(tmp_path, layout()), "\n".join(rows) + "\n")
    assert sum(area is None for (area,) in made.records("occurrence_first_level")) == 99
    assert "occurrence_first_level.mostly_unknown" in made.findings() or (
        "occurrence_first_level.often_unknown" in made.findings()
    )
    filled = desk.take_in(desk.source(tmp_path, layout("region")), "\n".join(rows) + "\n")
    assert not [code for code in filled.findings() if code.startswith("occurrence_first_level")]


def test_a_column_that_is_not_declared_is_told(tmp_path: Path) -> None:
    with pytest.raises(Misuse, match="fill_down names 'regio', which is no declared column"):
        desk.source(tmp_path, layout("regio"))
