"""Rows and headers of thousands of fields end with one message at once; DuckDB alone would take minutes for them."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from schemas.errors import Refusal
from sources.kit import landing
from sources.kit.readers.workspace import Workspace
from sources.kit.scaffold import form
from tests.unit.sources.reading import Desk, layout, reading

__all__ = ["reading"]

CSV = layout(format="csv")
#: Seconds in which a message comes, with much room for a busy machine.
SOON = 20


@pytest.fixture(autouse=True)
def _soon() -> Iterator[None]:
    started = time.perf_counter()
    yield
    assert time.perf_counter() - started < SOON


def names(count: int, prefix: str = "c") -> str:
    return ",".join(f"{prefix}{n}" for n in range(count))


@pytest.mark.parametrize("count", [20_000, 100_000])
def test_a_header_of_thousands_of_columns(reading: Desk, count: int) -> None:
    path = reading.write(names(count) + "\n" + "1," * (count - 1) + "1\n")
    for declared in (CSV, layout(*names(500).split(","), format="csv")):
        refusal = reading.refused(path, "header_too_wide", declared)
        assert f"has {count:,} columns" in refusal.what
    landed = landing.land(path, reading.folder / "landing", "x")
    with Workspace(reading.folder) as work, pytest.raises(Refusal) as told:
        form.found(landed, work)
    # of a header of more than a quarter of a megabyte the draft sees a part
    assert told.value.code == ("header_too_wide" if count == 20_000 else "no_header")


@pytest.mark.parametrize("count", [5_000, 900_000])
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-16"])
def test_a_record_of_thousands_of_fields(reading: Desk, count: int, encoding: str) -> None:
    count = count // 2 if encoding == "utf-16" else count
    text = "a,b\n1,ñ\n\n" + "1," * count + "1\n3,4\n"
    refusal = reading.refused(
        text.encode(encoding), "record_too_wide", layout(format="csv", encoding=encoding)
    )
    assert refusal.what == f"a record has {count + 1:,} fields, where the header has 2"
    assert refusal.where.endswith("record 2")


def test_a_first_record_of_thousands_of_fields_on_short_lines(reading: Desk) -> None:
    text = "a,b\n" + ("1," * 1500 + "1\n") * 3000
    assert reading.refused(text, "record_too_wide", CSV).where.endswith("record 1")


def test_a_header_that_has_nothing_in_common_with_thousands_of_declared_columns(reading: Desk) -> None:
    declared = layout(*names(5000).split(","), format="csv")
    refusal = reading.refused(names(5000, "Año ") + "\n" + "1," * 4999 + "1\n", "header_drift", declared)
    assert "holds none of the 5000 declared columns" in refusal.what
    half = names(2600) + "," + names(2400, "Año ")
    refusal = reading.refused(half + "\n" + "1," * 4999 + "1\n", "header_drift", declared)
    assert "missing: 'c2600'" in refusal.what


def test_delimiters_within_quotes_and_empty_fields_in_excess_are_no_fields(reading: Desk) -> None:
    polygon = ",".join(f"{n} {n}" for n in range(20_000))
    assert reading.rows(f'a,b\n1,"{polygon}"\n2,3\n', CSV) == [(1, "1", polygon), (2, "2", "3")]
    several = polygon + "\n" + polygon
    assert reading.rows(f'a,b\n1,"{several}"\n2,3\n', CSV) == [(1, "1", several), (2, "2", "3")]
    assert reading.rows("a,b\n1,2" + "," * 200_000 + "\n3,4\n", CSV) == [(1, "1", "2"), (2, "3", "4")]


def test_many_columns_are_read(reading: Desk) -> None:
    declared = layout(*names(3000).split(","), format="csv")
    text = names(3000) + "\n" + names(3000, "x") + "\n" + "1,2\n"
    found, rows = reading.read(text + names(3000, "y") + "\n", declared)
    assert [row[:3] for row in rows] == [(1, "x0", "x1"), (3, "y0", "y1")]
    assert [n for n, _ in found.unreadable] == [2]
