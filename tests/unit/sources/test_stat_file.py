"""SPSS and Stata: values, labels and missing values as declared, and files that cannot be read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import pytest

from sources.kit.readers import stat_file
from tests.unit.sources.reading import Desk, layout, reading

__all__ = ["reading"]

LABELS = {"a": {1: "Hombre", 2: "Mujer", 9: "No sabe"}}
CODES = pd.DataFrame({"a": [1.0, 2.0, 9.0, 7.0, None], "b": ["x"] * 5})


def sav(path: Path, frame: Any = CODES, **options: Any) -> Path:
    pyreadstat.write_sav(frame, str(path), **options)
    return path


def dta(path: Path, frame: Any = CODES, **options: Any) -> Path:
    pyreadstat.write_dta(frame, str(path), **options)
    return path


def first(rows: list[tuple[Any, ...]]) -> list[Any]:
    return [row[1] for row in rows]


@pytest.mark.parametrize(("form", "write", "name"), [("spss", sav, "x.sav"), ("stata", dta, "x.dta")])
def test_dates_and_times(
    reading: Desk, tmp_path: Path, form: str, write: Callable[..., Path], name: str
) -> None:
    days = [dt.date(2024, 2, 9), None, dt.date(1899, 12, 31)]
    moments = [dt.datetime(2024, 2, 9, 14, 30, 5), dt.datetime(2024, 2, 9), None]  # noqa: DTZ001
    rows = reading.rows(write(tmp_path / name, pd.DataFrame({"a": days, "b": moments})), layout(format=form))
    assert rows == [
        (1, "2024-02-09", "2024-02-09 14:30:05"),
        (2, None, "2024-02-09"),
        (3, "1899-12-31", None),
    ]


def test_times_of_day_and_dates_of_other_forms(reading: Desk, tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": [dt.time(14, 30, 5), None, dt.time(0, 0)], "b": [13926643200.0, None, 1e20]})
    path = sav(tmp_path / "x.sav", frame, variable_format={"b": "SDATE10"})
    assert reading.rows(path, layout(format="spss")) == [
        (1, "14:30:05", "2024-02-07"),
        (2, None, None),
        (3, "00:00:00", "1e+20"),
    ]
    months = pd.DataFrame({"a": [768.0, None, 0.0], "b": [1, 2, 3]})
    path = dta(tmp_path / "x.dta", months, variable_format={"a": "%tm"})
    assert first(reading.rows(path, layout(format="stata"))) == ["2024-01", None, "1960-01"]


@pytest.mark.parametrize(
    ("words", "values"),
    [
        ({}, ["1", "2", None, "7", None]),
        ({"user_missing": "kept"}, ["1", "2", "9", "7", None]),
        ({"labels": True}, ["Hombre", "Mujer", None, "7", None]),
        ({"labels": True, "user_missing": "kept"}, ["Hombre", "Mujer", "No sabe", "7", None]),
    ],
)
def test_labels_and_missing_values_of_spss(
    reading: Desk, tmp_path: Path, words: dict[str, Any], values: list[str | None]
) -> None:
    path = sav(tmp_path / "x.sav", variable_value_labels=LABELS, missing_ranges={"a": [9]})
    assert first(reading.rows(path, layout(format="spss", **words))) == values


def test_labels_of_texts(reading: Desk, tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": ["H", "M", "X"], "b": [0.1, 3.0, -2.50]})
    path = sav(tmp_path / "x.sav", frame, variable_value_labels={"a": {"H": "Hombre", "M": "Mu'jer"}})
    assert reading.rows(path, layout(format="spss", labels=True)) == [
        (1, "Hombre", "0.1"),
        (2, "Mu'jer", "3"),
        (3, "X", "-2.5"),
    ]


def test_missing_values_that_stata_tells_apart(reading: Desk, tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": [1, "a", "b", None], "b": ["x"] * 4})
    labels = {"a": {1: "Uno", "a": "No responde"}}
    path = dta(tmp_path / "x.dta", frame, missing_user_values={"a": ["a", "b"]}, variable_value_labels=labels)
    for words, values in (
        ({}, ["1", None, None, None]),
        ({"user_missing": "kept"}, ["1", "a", "b", None]),
        ({"user_missing": "kept", "labels": True}, ["Uno", "No responde", "b", None]),
    ):
        assert first(reading.rows(path, layout(format="stata", **words))) == values


def test_more_rows_than_a_part(reading: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stat_file, "ROWS", 7)
    frame = pd.DataFrame({"a": range(50), "b": ["x"] * 50})
    for path, form in ((sav(tmp_path / "x.sav", frame), "spss"), (dta(tmp_path / "x.dta", frame), "stata")):
        assert first(reading.rows(path, layout(format=form))) == [str(n) for n in range(50)]
    no_rows = sav(tmp_path / "y.sav", frame[:0])
    assert reading.read(no_rows, layout(format="spss"))[0].rows_delivered == 0


def test_a_portable_file(reading: Desk, tmp_path: Path) -> None:
    path = tmp_path / "x.por"
    frame = pd.DataFrame({"A": ["01001", ""], "B": [2.5, 3.0], "C": [dt.date(2024, 2, 9), None]})
    pyreadstat.write_por(frame, str(path))
    assert reading.rows(path, layout("A", "B", "C", format="spss")) == [
        (1, "01001", "2.5", "2024-02-09"),
        (2, None, "3", None),
    ]


def test_header_drift(reading: Desk, tmp_path: Path) -> None:
    for path, form in ((sav(tmp_path / "x.sav"), "spss"), (dta(tmp_path / "x.dta"), "stata")):
        error = reading.refused(path, "header_drift", layout("a", "c", format=form))
        assert "missing: 'c'" in error.what
        assert "not declared: 'b'" in error.what


def test_what_cannot_be_opened(reading: Desk, tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": range(3000), "b": ["Juan"] * 3000})
    por = tmp_path / "x.por"
    pyreadstat.write_por(frame.rename(columns=str.upper), str(por))
    files = (
        (sav(tmp_path / "x.sav", frame), layout(format="spss")),
        (sav(tmp_path / "x.zsav", frame, compress=True), layout(format="spss")),
        (dta(tmp_path / "x.dta", frame), layout(format="stata")),
        (dta(tmp_path / "y.dta", frame, version=12), layout(format="stata")),
    )
    for path, declared in files:
        whole = path.read_bytes()
        for content in (whole[:200], whole[: len(whole) // 2], whole[:-20]):
            error = reading.refused(content, "unreadable_file", declared)
            assert "cut" in error.how
            assert "Juan" not in str(error)
    for content in (por.read_bytes()[:300], b"a,b\n1,2\n", b"nothing"):
        reading.refused(content, "unreadable_file", layout("A", "B", format="spss"))
        reading.refused(content, "unreadable_file", layout(format="stata"))


def test_other_kinds_of_file(reading: Desk, tmp_path: Path) -> None:
    for form, called in (("spss", "an SPSS file"), ("stata", "a Stata file")):
        page = reading.refused(b"<!DOCTYPE html><html>", "html_page", layout(format=form))
        assert page.what == f"this is a web page, not {called}"
        reading.refused(b"PAR1" + bytes(100), "other_format", layout(format=form))
    assert "Stata" in reading.refused(dta(tmp_path / "x.sav"), "other_format", layout(format="spss")).what
    old = dta(tmp_path / "y.sav", version=10)
    assert "Stata" in reading.refused(old, "other_format", layout(format="spss")).what
    assert "SPSS" in reading.refused(sav(tmp_path / "x.dta"), "other_format", layout(format="stata")).what


def test_a_locked_file(reading: Desk) -> None:
    error = reading.refused(b"ENCRYPTEDSAV" + bytes(500), "file_locked", layout(format="spss"))
    assert "password" in error.what
