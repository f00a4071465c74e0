"""The walk over a file's rows agrees with DuckDB about where rows are and which of them cannot be split."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import duckdb
import pytest

from sources.kit.forms import CsvForm
from sources.kit.readers import records

Rows = list[tuple[int, int, int | None]]


def walk(
    path: Path, content: bytes, *, skip: int = 1, columns: int = 2, encoding: str = "utf-8", **form: Any
) -> Rows:
    path.write_bytes(content)
    return list(records.records(path, encoding, CsvForm(format="csv", **form), skip, columns))


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("last", [True, False])
def test_number_offset_and_fields(tmp_path: Path, end: bytes, last: bool) -> None:
    lines = [b"a,b", b"1,2", b"", b'"3' + end + b'x",4', b"5", b"6,7,8"]
    content = end.join(lines) + (end if last else b"")
    offsets = [content.index(start) for start in (b"1,2", b'"3', b"5", b"6,7")]
    assert walk(tmp_path / "x", content) == [
        (i, o, n) for i, o, n in zip(range(1, 5), offsets, (2, 2, 1, 3), strict=True)
    ]


@pytest.mark.parametrize(
    ("row", "fields"),
    [
        (b'1,"x"', 2),
        (b'1,"x,y"', 2),
        (b'1,"x""y"', 2),
        (b'1, "x,y" ', 2),
        (b'1,x"y', 2),
        (b'1,x"y,z', 3),
        (b'1,"x"y', 0),
        (b'1,"x" y', 0),
        (b"1", 1),
        (b"  ", 1),
        (b"1,2,", 2),
        (b'1,2,"",', 2),
        (b"1,2,,3", 4),
        (b'1,"open', None),
        (b'1,"', None),
        (b'1,"open\n2,"x",y', None),  # closed in the middle of a later row's field
    ],
)
def test_fields_of_a_row(tmp_path: Path, row: bytes, fields: int | None) -> None:
    assert [n for _, _, n in walk(tmp_path / "x", b"a,b\n" + row + b"\n")] == [fields]


def test_rows_before_the_first(tmp_path: Path) -> None:
    content = b'\xef\xbb\xbf"Title\nof two lines"\n\na,b\n1,2\n'
    assert walk(tmp_path / "x", content, skip=3) == [(1, content.index(b"1,2"), 2)]


def test_one_column_has_empty_rows(tmp_path: Path) -> None:
    assert [n for _, _, n in walk(tmp_path / "x", b"a\n1\n\n2,3\n", columns=1)] == [1, 1, 2]


def test_without_quotes_and_with_other_separators(tmp_path: Path) -> None:
    assert [n for _, _, n in walk(tmp_path / "x", b'a;b\n1;"x\n2;3\n', delimiter=";", quote="")] == [2, 2]
    assert [n for _, _, n in walk(tmp_path / "x", "a¦b\n1¦'x¦y'\n".encode(), delimiter="¦", quote="'")] == [2]
    latin = "a¦b\n1¦'ñ¦y'\n".encode("latin-1")
    assert [n for _, _, n in walk(tmp_path / "x", latin, delimiter="¦", quote="'", encoding="latin-1")] == [2]


@pytest.mark.parametrize("lines", [1, 100])
def test_a_quote_that_stays_open_ends_the_walk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: int
) -> None:
    monkeypatch.setattr(records, "LONGEST", 20)
    for rest in (b"2,3\n" * lines, b"2,3\n" * lines + b'4,"x"\n5,6\n'):
        assert walk(tmp_path / "x", b'a,b\n1,"x\n' + rest) == [(1, 4, None)]


def test_a_row_that_is_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "LONGEST", 20)
    for lines, fields in ((7, 2), (8, records.TOO_LONG)):
        row = b'1,"' + b"x\n" * lines + b'"\n'
        content = b"a,b\n" + row + b"2,3\n"
        assert walk(tmp_path / "x", content) == [(1, 4, fields), (2, 4 + len(row), 2)]


PIECES = ("a", '"', " ", '""', ",", '"x"', '" ', "b", "ñ")


def random_file(rng: random.Random) -> tuple[bytes, int]:
    columns, end = rng.choice([1, 2, 3]), rng.choice(["\n", "\r\n"])
    lines = ["h" + ",h" * (columns - 1)]
    for number in range(rng.randint(1, 6)):
        kind = rng.random()
        tail = ",v" * (columns - 1)
        if kind < 0.5:
            lines.append(f"{number}{tail}")
        elif kind < 0.6:
            lines.append("")
        elif kind < 0.7:
            lines.append(f'"{number}{end}w"{tail}')
        else:
            pieces = "".join(rng.choice(PIECES) for _ in range(rng.randint(0, 5)))
            lines.append(f"{number}{',' if columns > 1 else ''}{pieces}")
    return (end.join(lines) + (end if rng.random() < 0.7 else "")).encode(), columns


def test_agrees_with_duckdb_on_random_files(tmp_path: Path) -> None:
    """A row that one of them splits and the other does not would shift the numbers of all rows after it.

    Where text follows a closing quote and quotes follow it, DuckDB's end of the row is its own: the reader refuses
    such a file, and here no more than a few may be.
    """
    rng, connection, path = random.Random(2), duckdb.connect(config={"threads": 1}), tmp_path / "x.csv"
    agreed = told_apart = 0
    for _ in range(800):
        content, columns = random_file(rng)
        rows = walk(path, content, columns=columns)
        types = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(columns))
        connection.execute("DROP TABLE IF EXISTS csv_reject; DROP TABLE IF EXISTS csv_scan")
        readable = connection.execute(
            f"""SELECT c0 FROM read_csv('{path}', auto_detect=false, header=false, skip=1, delim=',', quote='"',
            escape='"', columns={{{types}}}, store_rejects=true, rejects_limit=0, rejects_table='csv_reject',
            rejects_scan='csv_scan')"""
        ).fetchall()
        counted = connection.execute("SELECT count(DISTINCT line_byte_position) FROM csv_reject").fetchone()
        assert counted is not None
        if any(fields is None for _, _, fields in rows):
            assert counted[0], "a file without a rejected row is never refused"
            continue
        good = [start for _, start, fields in rows if fields == columns]
        if (len(good), len(rows)) != (len(readable), len(readable) + counted[0]):
            assert counted[0], "a file without a rejected row is never refused"
            told_apart += 1
            continue
        agreed += 1
        for start, (value,) in zip(good, readable, strict=True):
            first = (value or "").split("\r")[0].split("\n")[0].strip()
            assert content[start:].decode().lstrip(' "').startswith(first.lstrip('"')), (
                content,
                start,
                value,
            )
    assert agreed > 600
    assert told_apart < 8
