"""Parquet: values of every type as a person reads them, and files that are none."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas.errors import Refusal
from tests.unit.sources import desk
from tests.unit.sources.reading import Desk, layout, reading

__all__ = ["reading"]

DECLARED = layout(format="parquet")
MOMENT = dt.datetime(2024, 2, 9, 14, 30, tzinfo=dt.UTC)


def write(path: Path, **columns: Any) -> Path:
    pq.write_table(pa.table(columns), path, row_group_size=1000)
    return path


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (pa.array([1, None], pa.int64()), ["1", None]),
        (pa.array([255, 0], pa.uint8()), ["255", "0"]),
        (pa.array([3.0, 0.1], pa.float64()), ["3", "0.1"]),
        (pa.array([0.1, float("nan")], pa.float32()), ["0.1", None]),
        (pa.array([1e15, -1e15]), ["1000000000000000", "-1000000000000000"]),
        (pa.array([Decimal("3.00"), Decimal("12.50")]), ["3", "12.50"]),
        (pa.array(["01001", " x "]), ["01001", " x "]),
        (pa.array(["01001", "ñ"]).dictionary_encode(), ["01001", "ñ"]),
        (pa.array([True, False]), ["true", "false"]),
        (pa.array([dt.date(2024, 2, 9), None]), ["2024-02-09", None]),
        (pa.array([MOMENT.replace(tzinfo=None), MOMENT.replace(hour=0, minute=0, tzinfo=None)]),
         ["2024-02-09 14:30:00", "2024-02-09"]),
        (pa.array([MOMENT], pa.timestamp("ns", "America/Bogota")), ["2024-02-09 14:30:00+00:00"]),
        (pa.array([MOMENT.replace(hour=0, minute=0)]), ["2024-02-09 00:00:00+00:00"]),
        (pa.array([dt.time(14, 30)]), ["14:30:00"]),
        (pa.array(["ñ".encode(), b"\xff\x00"]), ["ñ", "FF00"]),
        (pa.array([["a", "b"]]), ['["a","b"]']),
        (pa.array([{"k": 1}]), ['{"k":1}']),
    ],
)  # fmt: skip
def test_values_as_a_person_reads_them(
    reading: Desk, tmp_path: Path, values: pa.Array, texts: list[str]
) -> None:
    path = write(tmp_path / "x.parquet", b=pa.array(["x"] * len(values)), a=values)
    assert reading.rows(path, DECLARED) == [(n, text, "x") for n, text in enumerate(texts, start=1)]


def test_no_day_is_read_from_an_instant_without_its_zone(tmp_path: Path) -> None:
    path = write(tmp_path / "x.parquet", day=pa.array([MOMENT.replace(hour=3)]), n=[1])
    day = {"parse": "date", "from": "day", "formats": ["%Y-%m-%d %H:%M:%S%z"]}
    made = desk.layout(file={"format": "parquet"})
    for words, wanted in (({}, None), ({"zone": "America/Bogota"}, dt.date(2024, 2, 8))):
        made["map"] = {**made["map"], "occurrence_date": {**day, **words}}
        declared = desk.source(tmp_path, made)
        if wanted:
            assert desk.take_in(declared, path).records("occurrence_date") == [(wanted,)]
            continue
        with pytest.raises(Refusal) as told:
            desk.take_in(declared, path)
        assert told.value.code == "no_zone"
        assert "the column day holds instants, and map: occurrence_date" in told.value.what
        assert "zone: America/Bogota" in told.value.how


def test_the_order_of_many_rows(reading: Desk, tmp_path: Path) -> None:
    path = write(tmp_path / "x.parquet", a=range(50_000), b=["x"] * 50_000)
    assert [(n, a) for n, a, _ in reading.rows(path, DECLARED)] == [(i + 1, str(i)) for i in range(50_000)]


def test_no_rows(reading: Desk, tmp_path: Path) -> None:
    path = write(tmp_path / "x.parquet", a=pa.array([], pa.int64()), b=pa.array([], pa.string()))
    assert reading.read(path, DECLARED)[0].rows_delivered == 0


def test_header_drift(reading: Desk, tmp_path: Path) -> None:
    error = reading.refused(write(tmp_path / "x.parquet", a=[1], c=[2]), "header_drift", DECLARED)
    assert "missing: 'b'" in error.what
    assert "not declared: 'c'" in error.what


def test_what_is_no_parquet_file(reading: Desk, tmp_path: Path) -> None:
    path = write(tmp_path / "x.parquet", a=range(5000), b=["x"] * 5000)
    whole = path.read_bytes()
    no_footer = whole[:-30] + bytes(26) + whole[-4:]
    for content in (whole[:-100], whole[: len(whole) // 2], b"PAR1", b"a,b\n1,2\n", no_footer):
        error = reading.refused(content, "unreadable_file", DECLARED)
        assert "cannot be opened as a Parquet file" in error.what
    damaged = whole[:500] + bytes(b ^ 0x55 for b in whole[500:4000]) + whole[4000:]
    assert "cannot be opened" in reading.refused(damaged, "unreadable_file", DECLARED).what
    assert "web page" in reading.refused(b"<html>", "html_page", DECLARED).what
    assert "workbook" in reading.refused(b"\xd0\xcf\x11\xe0" + bytes(50), "other_format", DECLARED).what


def test_an_encrypted_file(reading: Desk) -> None:
    # as an encrypted footer begins and ends
    assert (
        "encrypted" in reading.refused(b"PARE" + bytes(60) + b"\x10\0\0\0PARE", "file_locked", DECLARED).what
    )
