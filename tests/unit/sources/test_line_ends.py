"""Text files whose lines end in several ways, or to which Excel or an old system has added something."""

from __future__ import annotations

from pathlib import Path

import pytest

from sources.kit import landing
from sources.kit.feedback import positions
from sources.kit.readers.workspace import Workspace
from sources.kit.scaffold import form
from tests.unit.sources.reading import Desk, layout, reading

__all__ = ["reading"]

CSV = layout(format="csv")
SEMICOLONS = layout(format="csv", delimiter=";")
READ = [(1, "1", "2"), (2, "3", "4"), (3, "5", "6")]


@pytest.mark.parametrize(
    "text",
    [
        b"a,b\r\n1,2\n3,4\r\n5,6\n",
        b"a,b\n1,2\r\n3,4\n5,6\r\n",
        b"a,b\n1,2\n3,4\r\n5,6",
        b"\xef\xbb\xbfa,b\r\n1,2\n3,4\n5,6\n",
        b'a,b\n"1","2"\r\n"3",4\n5,6\r\n',
    ],
)
def test_rows_may_end_in_two_ways(reading: Desk, text: bytes) -> None:
    assert reading.rows(text, CSV) == READ


def test_line_breaks_within_quotes_stay_as_they_are(reading: Desk) -> None:
    text = b'a,b\r\n"x\ny",1\n"x\r\ny",2\r\n"\n\r\n",3\n'
    assert reading.rows(text, CSV) == [(1, "x\ny", "1"), (2, "x\r\ny", "2"), (3, "\n\r\n", "3")]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_rows_that_cannot_be_read_are_counted_and_found_at_their_lines(reading: Desk, end: bytes) -> None:
    other = b"\n" if end == b"\r\n" else b"\r\n"
    text = (
        b"a,b" + end + b"1,2" + other + b'"3\n\n",4' + other + b"5,6,7" + end + b"8" + other + b"9,10" + end
    )
    path = reading.write(text)
    found, rows = reading.read(path, CSV)
    assert rows == [(1, "1", "2"), (2, "3\n\n", "4"), (5, "9", "10")]
    assert found.rows_delivered == 5
    assert found.unreadable == ((3, text.index(b"5,6,7")), (4, text.index(b"8" + other)))
    landed = landing.land(path, reading.folder / "landing", "x")
    with Workspace(reading.folder) as work:
        assert positions.of(landed, CSV, [1, 3, 4, 5], work).numbers == {1: 2, 3: 6, 4: 7, 5: 8}


def test_one_other_end_in_a_large_file(reading: Desk) -> None:
    lines = [b"a,b", *(b"%d,x" % n for n in range(120_000))]
    lines[60_000] += b"\r"
    rows = reading.rows(b"\n".join(lines), CSV)
    assert len(rows) == 120_000
    assert rows[59_999] == (60_000, "59999", "x")
    assert sum(int(a) for _, a, _ in rows) == 120_000 * 119_999 // 2


@pytest.mark.parametrize("text", [b"a,b\n1,x\ry\n", b"a,b\r\n1,2\r\r\n", b"a,b\n1,2\r3,4\n5,6\n"])
def test_a_stray_carriage_return_is_told(reading: Desk, text: bytes) -> None:
    assert "do not end alike" in reading.refused(text, "broken_structure", CSV).what


def test_an_open_quote_among_other_line_ends_is_told_as_one(reading: Desk) -> None:
    refusal = reading.refused(b'a,b\n1,2\r\n"3,4\n', "quote_never_closed", CSV)
    assert refusal.where.endswith("record 2")


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"', "\ufeffsep=;"])
def test_a_first_line_that_names_the_separator_is_no_header(reading: Desk, first: str) -> None:
    text = f"{first}\r\na;b\r\n1;2\r\n3\r\n5;6\r\n"
    path = reading.write(text)
    found, rows = reading.read(path, SEMICOLONS)
    assert rows == [(1, "1", "2"), (3, "5", "6")]
    assert [n for n, _ in found.unreadable] == [2]
    landed = landing.land(path, reading.folder / "landing", "x")
    with Workspace(reading.folder) as work:
        assert positions.of(landed, SEMICOLONS, [1, 2], work).numbers == {1: 3, 2: 4}
        drafted = form.found(landed, work)
    assert drafted.words == {"format": "csv", "delimiter": "semicolon"}
    assert drafted.names == ("a", "b")


def test_a_separator_that_is_named_and_not_declared_is_told(reading: Desk) -> None:
    refusal = reading.refused("sep=;\na;b\n1;2\n", "header_drift", CSV)
    assert "separated by ';', not ','" in refusal.how
    titled = layout(format="csv", delimiter="tab", header={"contains": ["a", "b"]})
    assert reading.rows("sep=\t\ntitle\na\tb\n1\t2\n", titled) == [(1, "1", "2")]


def test_a_rare_separator_that_is_named_is_drafted(reading: Desk) -> None:
    path = reading.write("sep=#\na#b\n1#2\n3#4\n")
    landed = landing.land(path, reading.folder / "landing", "x")
    with Workspace(reading.folder) as work:
        drafted = form.found(landed, work)
    assert drafted.words == {"format": "csv", "delimiter": "#"}
    assert reading.rows(path, layout(**drafted.words)) == [(1, "1", "2"), (2, "3", "4")]


@pytest.mark.parametrize("mark", ["\x1a", "\x1a\r\n", "\x1a" * 128, "\r\n\x1a"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252", "cp850"])
def test_the_end_mark_of_old_systems_is_no_record(reading: Desk, mark: str, encoding: str) -> None:
    path = reading.write(("a,b\r\nñ,2\r\n3,4\r\n" + mark).encode(encoding), "delivery.dat")
    declared = layout(format="csv", encoding=encoding)
    found, rows = reading.read(path, declared)
    assert (found.rows_delivered, rows) == (2, [(1, "ñ", "2"), (2, "3", "4")])


def test_the_end_mark_behind_the_last_value_and_in_one_column(reading: Desk) -> None:
    assert reading.rows(b"a,b\n1,2\n3,4\x1a", CSV) == [(1, "1", "2"), (2, "3", "4")]
    assert reading.rows(b"a\n1\n2\n\x1a", layout("a", format="csv")) == [(1, "1"), (2, "2")]
    footed = layout(format="csv", footer=["Fuente"])
    assert reading.rows(b"a,b\n1,2\nFuente: x\n\x1a", footed) == [(1, "1", "2")]
    # within a file, or within quotes, it is text
    assert reading.rows(b'a,b\n\x1a,2\n3,"4\x1a"\n', CSV) == [(1, "\x1a", "2"), (2, "3", "4\x1a")]


def test_a_draft_of_a_file_with_an_end_mark(reading: Desk, tmp_path: Path) -> None:
    path = reading.write("día;total\r\n" + "2024-01-01;5\r\n" * 30 + "\x1a")
    landed = landing.land(path, tmp_path / "landing", "x")
    with Workspace(tmp_path) as work:
        drafted = form.found(landed, work)
    assert drafted.words == {"format": "csv", "delimiter": "semicolon"}
    assert len(reading.rows(path, layout("día", "total", **drafted.words))) == 30
