"""R data files: columns of every class, the declared object, and files that cannot be read."""

from __future__ import annotations

import gzip
import re
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import rdata

from sources.kit import landing
from sources.kit.readers import r_stream, unpack
from sources.kit.readers.r_stream import Vector
from sources.kit.readers.workspace import Workspace
from tests.unit.sources.reading import Desk, layout, reading

__all__ = ["reading"]

DECLARED = layout(format="r")
#: Files that R itself made, of the package that we do not read with.
CORPUS = sorted(p for p in Path(str(rdata.TESTDATA_PATH)).rglob("*.rd*") if "ascii" not in p.name)


def number(value: int) -> bytes:
    return struct.pack(">i", value)


def text(value: str, signs: int = 8, encoding: str = "utf-8") -> bytes:
    raw = value.encode(encoding)
    return number(9 | signs << 12) + number(len(raw)) + raw


def texts(*values: str) -> bytes:
    return number(16) + number(len(values)) + b"".join(map(text, values))


def attributes(**named: bytes) -> bytes:
    pairs = b"".join(number(2 | 0x400) + number(1) + text(n.replace("_", ".")) + v for n, v in named.items())
    return pairs + number(254)


def column(kind: int, values: bytes, count: int, **named: bytes) -> bytes:
    flags = kind | (0x100 | 0x200 if named else 0)
    return number(flags) + number(count) + values + (attributes(**named) if named else b"")


def frame(a: bytes, b: bytes | None = None) -> bytes:
    b = b if b is not None else column(14, struct.pack(">2d", 1, 2), 2)
    named = attributes(
        names=texts("a", "b"),
        **{"class": texts("data.frame")},
        row_names=column(13, number(-(2**31)) + number(-2), 2),
    )
    return (
        b"X\n"
        + number(2)
        + number(0x40300)
        + number(0x20300)
        + number(19 | 0x300)
        + number(2)
        + a
        + b
        + named
    )


def doubles(*values: float) -> bytes:
    return struct.pack(f">{len(values)}d", *values)


MISSING = number(-(2**31))


@pytest.mark.parametrize(
    ("made", "values"),
    [
        (column(14, doubles(3, 0.1), 2), ["3", "0.1"]),
        (column(14, doubles(float("nan"), 1e15), 2), [None, "1000000000000000"]),
        (column(13, number(7) + MISSING, 2), ["7", None]),
        (column(10, number(1) + MISSING, 2), ["true", None]),
        (column(16, text("ñ") + number(9) + number(-1), 2), ["ñ", None]),
        (column(16, text("ñ", 4, "latin-1") + text("é", 0, "cp1252"), 2), ["ñ", "é"]),
        (column(13, number(2) + MISSING, 2, levels=texts("uno", "dos"), **{"class": texts("factor")}), ["dos", None]),
        (column(14, doubles(19762, float("nan")), 2, **{"class": texts("Date")}), ["2024-02-09", None]),
        (column(13, number(-25568) + MISSING, 2, **{"class": texts("Date")}), ["1899-12-31", None]),
        (
            column(14, doubles(1707489005, 1707436800), 2, **{"class": texts("POSIXct", "POSIXt")}),
            ["2024-02-09 14:30:05", "2024-02-09"],
        ),
        (
            column(14, struct.pack(">2q", 12345678901234567, -(2**63)), 2, **{"class": texts("integer64")}),
            ["12345678901234567", None],
        ),
    ],
)  # fmt: skip
def test_columns_of_every_class(reading: Desk, made: bytes, values: list[str | None]) -> None:
    assert [a for _, a, _ in reading.rows(frame(made), DECLARED)] == values


def alternative(form: str, state: bytes) -> bytes:
    info = number(2) + number(1) + text(form) + number(2) + number(1) + text("base") + number(254)
    return number(238) + info + state + number(254)


WRAPPED = number(19) + number(2) + column(14, doubles(7, 8), 2) + column(13, number(0) * 2, 2)
DEFERRED = number(2) + column(13, number(7) + MISSING, 2) + column(13, number(0), 1)


@pytest.mark.parametrize(
    ("form", "state", "values"),
    [
        ("compact_intseq", column(14, doubles(2, 5, -1), 3), ["5", "4"]),
        ("compact_realseq", column(14, doubles(2, 0, 1), 3), ["0", "1"]),
        ("wrap_real", WRAPPED, ["7", "8"]),
        ("deferred_string", DEFERRED, ["7", None]),
        ("deferred_string", number(2) + column(14, doubles(7, 0.5), 2) + number(254), ["7", "0.5"]),
    ],
)
def test_vectors_that_r_keeps_shorter(
    reading: Desk, form: str, state: bytes, values: list[str | None]
) -> None:
    assert [a for _, a, _ in reading.rows(frame(alternative(form, state)), DECLARED)] == values


@pytest.mark.parametrize("path", CORPUS, ids=lambda p: p.name)
def test_what_r_wrote_is_read_as_another_reader_reads_it(tmp_path: Path, path: Path) -> None:
    with Workspace(tmp_path) as work:
        landed = unpack.unpacked(landing.land(path, tmp_path / "l", "x"), "r", None, work)
        data = landed.path.read_bytes()
    found: Any = r_stream.read(data, 5 if data.startswith(b"RD") else 0)
    parsed: Any = rdata.parser.parse_file(path).object
    if isinstance(found, list):
        found, parsed = found[0][1], parsed.value[0]
    if isinstance(found, Vector) and isinstance(parsed.value, np.ndarray):
        expected = np.ma.filled(parsed.value.astype(found.values.dtype), r_stream.MISSING)
        assert np.array_equal(expected, found.values, equal_nan=expected.dtype.kind in "fc")


def test_functions_beside_a_table_are_passed_over(reading: Desk) -> None:
    functions = [
        p for p in CORPUS if p.name.endswith("xdr__version_2.rds") and re.search("function|env", p.name)
    ]
    assert functions
    table = frame(column(14, doubles(3, 4), 2))[14:]
    named = number(0x402) + number(1)
    for path in functions:
        data = path.read_bytes()
        data = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
        pairs = named + text("f") + data[14:] + named + text("t") + table + number(254)
        rows = reading.rows(b"RDX2\nX\n" + number(2) + bytes(8) + pairs, DECLARED)
        assert [a for _, a, _ in rows] == ["3", "4"]


def test_the_declared_object(reading: Desk, tmp_path: Path) -> None:
    path = tmp_path / "x.RData"
    one, two = (pd.DataFrame({"a": [n], "b": [n]}) for n in (1.0, 2.0))
    rdata.write_rda(path, {"uno": one, "dos": two, "n": np.array([1.0])})
    assert reading.rows(path, layout(format="r", object="dos")) == [(1, "2", "2")]
    error = reading.refused(path, "no_object", DECLARED)
    assert "has 2 data frames, where one is read" in error.what
    assert "uno, dos" in error.where
    assert "no object 'tres'" in reading.refused(path, "no_object", layout(format="r", object="tres")).what
    assert "'n' is no data frame" in reading.refused(path, "no_object", layout(format="r", object="n")).what
    rdata.write_rds(path, {"uno": one, "dos": two})
    assert reading.rows(path, layout(format="r", object="uno")) == [(1, "1", "1")]
    rdata.write_rds(path, np.array([1.0]))
    assert "save the table as a data frame" in reading.refused(path, "no_object", DECLARED).how


def test_header_drift_and_columns_that_are_no_table(reading: Desk, tmp_path: Path) -> None:
    path = tmp_path / "x.rds"
    rdata.write_rds(path, pd.DataFrame({"a": [1.0], "c": [2.0]}))
    assert "missing: 'b'" in reading.refused(path, "header_drift", DECLARED).what
    lists = number(19) + number(2) + column(14, doubles(1), 1) + texts("x")
    assert "'a' holds lists" in reading.refused(frame(lists), "no_table", DECLARED).what


def test_what_cannot_be_opened(reading: Desk) -> None:
    whole = frame(column(16, text("Juan") * 500, 500), column(14, doubles(*range(500)), 500))
    for content in (
        whole[:-4],
        whole[: len(whole) // 2],
        whole[:20],
        b"a,b\n1,2\n",
        whole[:14] + b"\xff" * 40,
    ):
        error = reading.refused(content, "unreadable_file", DECLARED)
        assert "cut" in error.how
        assert "Juan" not in str(error)
    reading.refused(gzip.compress(whole)[:-30], "archive_unreadable", DECLARED)
    assert "ascii = TRUE" in reading.refused(b"A\n3\n263171\n", "unreadable_file", DECLARED).how
    reading.refused(b"<html>", "html_page", DECLARED)
    reading.refused(b"PAR1" + bytes(50), "other_format", DECLARED)
