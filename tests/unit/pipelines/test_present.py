"""How values are shown to people and written for programs."""

from __future__ import annotations

import datetime as dt
import json
import re
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from pipelines.cli import answers, present


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (True, "yes"),
        (1234567, "1,234,567"),
        (0.5, "0.5"),
        (1234.5678, "1,234.57"),
        (3.0, "3"),
        (Decimal("12.00"), "12"),
        (Decimal("12.50"), "12.5"),
        (["a", 1], "a, 1"),
        (dt.datetime(2024, 2, 29, 1, 2, 3), "2024-02-29 01:02"),  # noqa: DTZ001
        (dt.date(2024, 2, 29), "2024-02-29"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
    ],
)
def test_values_for_people(value: Any, shown: str) -> None:
    assert present.text(value) == shown


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (float("nan"), None),
        (float("-inf"), None),
        (Decimal("12.00"), 12),
        (Decimal("12.5"), 12.5),
        (316.0, 316),
        (-0.0, 0),
        (13.6, 13.6),
        (1e300, 1e300),
        (b"\xff\x00", "ff00"),
        (dt.time(1, 2), "01:02:00"),
        (dt.timedelta(days=1), "1 day, 0:00:00"),
        ({"a": (1, {2.0})}, {"a": [1, [2]]}),
        ({1: None}, {"1": None}),
    ],
)
def test_values_for_programs(value: Any, written: Any) -> None:
    # as text, in which 316 and 316.0 differ
    assert json.dumps(present.plain(value), allow_nan=False) == json.dumps(written)


def test_a_table_aligns_numbers_to_the_right(capsys: pytest.CaptureFixture[str]) -> None:
    present.table([{"name": "a", "n": 1}, {"name": "longer", "n": 12000}], title="Title")
    assert (
        capsys.readouterr().out == "\nTitle\nname         n\n------  ------\na            1\nlonger  12,000\n"
    )


def test_a_table_without_rows(capsys: pytest.CaptureFixture[str]) -> None:
    present.table([])
    assert capsys.readouterr().out == "(nothing)\n"


def test_an_exact_table_changes_no_value(capsys: pytest.CaptureFixture[str]) -> None:
    present.table([{"year": 2019, "x": 0.123456, "t": "a", "n": None}], exact=True)
    assert capsys.readouterr().out.splitlines()[2].split() == ["2019", "0.123456", "a"]


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_whole_numbers_are_written_whole_in_every_text(form: str, capfdbinary: Any) -> None:
    numbers = pa.table(
        {
            "count": [316.0, 7.0],
            "rate": [13.6, 20.0],
            "events": pa.array([Decimal("4.00"), None], pa.decimal128(18, 2)),
            "share": pa.array([Decimal("4.25"), Decimal("1.00")], pa.decimal128(18, 2)),
        }
    )
    answers.write(numbers, form, None)
    written = re.findall(r"[0-9][0-9.]*", capfdbinary.readouterr().out.decode())
    share = (
        "1.00" if form == "csv" else "1"
    )  # a column of CSV keeps the places of its type where one needs them
    assert written == ["316", "13.6", "4", "4.25", "7", "20", share]


def test_rows_may_lack_columns(capsys: pytest.CaptureFixture[str]) -> None:
    present.table([{"a": 1, "b": 2}, {"a": 3}], ["a", "b"])
    assert capsys.readouterr().out.splitlines()[-1] == "3"


def test_progress_is_told_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    progress = present.Progress()
    with progress.step("work"):
        progress.say("a line")
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("a line\nwork: 0.")
    with present.Progress(quiet=True).step("work"):
        pass
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("names", "apart"),
    [
        ([], []),
        (["a", "b"], ["a", "b"]),
        (["a", "a", "a"], ["a", "a_1", "a_2"]),
        (["a", "a", "a_1"], ["a", "a_2", "a_1"]),
        (["", ""], ["", "_1"]),
    ],
)
def test_names_apart(names: list[str], apart: list[str]) -> None:
    assert answers.names_apart(names) == apart
