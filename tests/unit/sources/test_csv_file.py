"""Text files: what is refused and how it is told, what is read, and the numbers of rows around what cannot be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from schemas.errors import Refusal
from sources.kit import landing
from sources.kit.readers import csv_file, raw
from sources.kit.readers.raw import Raw
from sources.kit.readers.workspace import Workspace
from sources.kit.specification import Layout


def layout(*columns: str, header: list[str] | None = None, **form: Any) -> Layout:
    file = {"format": "csv", **form, **({"header": {"contains": header}} if header else {})}
    return Layout.model_validate(
        {"id": "x", "file": file, "columns": {"open": list(columns) or ["a", "b"]}, "map": {}}
    )


class Reader:
    """Reads files in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.connection = duckdb.connect(config={"threads": 2})

    def read(self, content: bytes | str, declared: Layout | None = None) -> Raw:
        path = self.folder / "delivery.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        landed = landing.land(path, self.folder / "landing", "x")
        with Workspace(self.folder) as work:
            return raw.read(self.connection, csv_file.opened(landed, declared or layout(), work))

    def rows(self, content: bytes | str, declared: Layout | None = None) -> list[tuple[Any, ...]]:
        """Record number and values of the rows."""
        found = self.read(content, declared)
        columns = ", ".join(found.columns.values())
        query = f"SELECT {found.row_number()} AS number, {columns} FROM {raw.TABLE} ORDER BY number"
        return self.connection.execute(query).fetchall()

    def refused(self, content: bytes | str, code: str, declared: Layout | None = None) -> Refusal:
        with pytest.raises(Refusal) as refusal:
            self.read(content, declared)
        error = refusal.value
        assert error.code == code
        assert error.exit_status == 1
        assert error.where.startswith("delivery.csv")
        assert error.how
        return error


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


def test_web_page(reader: Reader) -> None:
    assert "web page" in reader.refused(b"\n <!DOCTYPE html><html>...", "html_page").what
    assert "web page" in reader.refused(b"\xef\xbb\xbf<html>", "html_page", layout(encoding="latin-1")).what


@pytest.mark.parametrize(
    ("start", "what"),
    [
        (b"\xd0\xcf\x11\xe0", "this is a workbook"),
        (b"PAR1", "this is a Parquet file"),
        (b"$FL2", "this is an SPSS file"),
        (b"<stata_dta>", "this is a Stata file"),
        (b"RDX3\n", "this is an R data file"),
    ],
)
def test_another_format(reader: Reader, start: bytes, what: str) -> None:
    error = reader.refused(start + b"\0" * 100, "other_format")
    assert what in error.what
    assert "declare format:" in error.how


def test_nul_bytes(reader: Reader) -> None:
    assert reader.refused(b"a,b\n1,\x00\n", "nul_bytes").where.endswith("byte 6")
    assert "UTF-16" in reader.refused("a,b\n1,2\n".encode("utf-16"), "nul_bytes").how


def test_wrong_encoding(reader: Reader) -> None:
    error = reader.refused("a,b\nñ,1\n".encode("latin-1"), "wrong_encoding")
    assert error.where.endswith("byte 4")
    assert "encoding: latin-1" in error.how
    for encoding in ("latin-1", "cp1252"):
        error = reader.refused("a,b\nñ,1\n", "wrong_encoding", layout(encoding=encoding))
        assert f"is UTF-8, but {encoding} is declared" in error.what
    reader.refused("\ufeffa,b\n1,2\n", "wrong_encoding", layout(encoding="latin-1"))
    for content in (b"a,b\n\x81,1\n", b"\x81,b\n1,1\n", b"a,b\n" + b"1,2\n" * 10_000 + b"\x81,1\n"):
        reader.refused(content, "wrong_encoding", layout(encoding="cp1252"))
    for content, sign in ((b"a,b\n\x93x\x94,1\n", "“"), (b"\x80,b\n1,1\n", "€"), (b"a,b\n\xf1\x96,1\n", "–")):
        error = reader.refused(content, "wrong_encoding", layout(encoding="latin-1"))
        assert f"the sign {sign} of cp1252" in error.what
        assert error.where.endswith(f"byte {content.index(sign.encode('cp1252'))}")
        assert "declare encoding: cp1252" in error.how
    error = reader.refused(b"a,b\n\x81,1\n", "wrong_encoding", layout(encoding="latin-1"))
    assert "cp1252" not in str(error), "Windows has no sign there either"
    for content in (b"a,b\n1,2\n", "a,b\n1,2\n".encode("utf-16-le"), "a,b\n1,2\n".encode("utf-16")[:-1]):
        reader.refused(content, "wrong_encoding", layout(encoding="utf-16"))
    assert not list(reader.folder.glob("*.utf8")), "nothing half converted is left"


@pytest.mark.parametrize(
    ("encoding", "content"),
    [
        ("utf-8", "a,b\nÑx€,1\n".encode()),
        ("utf-8", "\ufeffa,b\nÑx€,1\n".encode()),
        ("latin-1", "a,b\nÑx€,1\n".replace("€", "¤").encode("latin-1")),
        ("latin-1", b"a,b\nplain,1\n"),
        ("cp1252", "a,b\nÑx€,1\n".encode("cp1252")),
        ("utf-16", "a,b\nÑx€,1\n".encode("utf-16")),
        ("utf-16", b"\xfe\xff" + "a,b\nÑx€,1\n".encode("utf-16-be")),
    ],
)
def test_encodings(reader: Reader, encoding: str, content: bytes) -> None:
    ((number, a, b),) = reader.rows(content, layout(encoding=encoding))
    assert (number, b) == (1, "1")
    assert a in ("Ñx€", "Ñx¤", "plain")


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "mac-roman"])
def test_a_converted_copy_has_no_name_and_is_the_owners_alone(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "delivery.csv"
    path.write_bytes("a,b\nÑ,1\n".encode(encoding))
    landed = landing.land(path, tmp_path / "landing", "x")
    before = sorted(tmp_path.rglob("*"))
    with Workspace(tmp_path) as work:
        opened = csv_file.opened(landed, layout(encoding=encoding), work)
        opened.text.ready()
        assert opened.text.path.read_text(encoding="utf-8").endswith("a,b\nÑ,1\n")
        assert opened.text.path.stat().st_mode & 0o777 == 0o600
        assert sorted(tmp_path.rglob("*")) == before
    assert not opened.text.path.exists()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_line_ends(reader: Reader, end: str, last: bool) -> None:
    text = end.join(["b,a", "1,x", "", f'2,"y{end}z"', "3,"]) + (end if last else "")
    assert reader.rows(text) == [(1, "x", "1"), (2, f"y{end}z", "2"), (3, None, "3")]


def test_carriage_return_inside_quotes(reader: Reader) -> None:
    assert reader.rows(b'a,b\n"x\ry",1\n"x\r\ny",2\n') == [(1, "x\ry", "1"), (2, "x\r\ny", "2")]


@pytest.mark.parametrize("text", ["a,b", "a,b\n", "\ufeffa,b\r\n\r\n"])
def test_header_only(reader: Reader, text: str) -> None:
    found = reader.read(text)
    assert (found.rows_delivered, found.unreadable) == (0, ())


def test_quotes_and_separators(reader: Reader) -> None:
    assert reader.rows('a,b\n"x ""y"", z",""\n') == [(1, 'x "y", z', None)]
    assert reader.rows("a;b\n'x;y';1,5\n", layout(delimiter=";", quote="'")) == [(1, "x;y", "1,5")]
    assert reader.rows('a\tb\n"x\t1\n', layout(delimiter="\t", quote="")) == [(1, '"x', "1")]
    assert reader.rows("a|b\n|\n", layout(delimiter="|")) == [(1, None, None)]


def test_title_rows(reader: Reader) -> None:
    declared = layout(header=["a", "b"])
    found = reader.read('Instituto\n"Periodo: enero\na marzo",,\n\nb,a\n1,2\n3\n4,5\n', declared)
    assert found.surroundings == ("Instituto", "Periodo: enero\na marzo  ", "")
    assert (found.rows_delivered, [n for n, _ in found.unreadable]) == (3, [2])
    assert reader.rows('Instituto\n"Periodo: enero\na marzo",,\n\nb,a\n1,2\n3,4\n', declared) == [
        (1, "2", "1"),
        (2, "4", "3"),
    ]


def test_header_with_a_line_break_in_a_name(reader: Reader) -> None:
    assert reader.rows('"a\nx",b\n1,2\n3,4\n', layout("a\nx", "b")) == [(1, "1", "2"), (2, "3", "4")]


def test_empty_lines_before_the_header(reader: Reader) -> None:
    assert reader.rows("\n\na,b\n1,2\n") == [(1, "1", "2")]


def test_no_row_is_the_header(reader: Reader) -> None:
    error = reader.refused("x,y\n" * 100, "header_drift", layout(header=["a"]))
    assert "holds a" in error.what


@pytest.mark.parametrize("end", ["\n", ""])
@pytest.mark.parametrize("lost", ["", ",", ",,"])
def test_a_line_break_after_the_header_that_is_lost(reader: Reader, lost: str, end: str) -> None:
    for rows in ("Juan,1", "Juan,1\n\nAna,2", 'Juan,1\n"Ana,2', 'Juan,"x, y"\nAna,2'):
        error = reader.refused(f"a,b{lost}{rows}{end}", "header_joined")
        assert "the line break after the header is missing" in error.what
        assert "Juan" not in str(error) and "Ana" not in str(error)


def test_a_new_column_is_named(reader: Reader) -> None:
    for rows in ("", "1,2,3\n", "\n1,2,3\n4,5\n"):
        text = f"a,b,c,d,new\n{rows.replace('1,2,3', '1,2,3,4,5')}"
        assert "not declared: 'new'" in reader.refused(text, "header_drift", layout(*"abcd")).what


def test_an_open_quote_in_the_header_shows_no_value(reader: Reader) -> None:
    for text in ('a,"b\nJuan,1\n', '"x"y,b\nJuan,1\n', 'a,"b\n' + "Juan,1\n" * 40_000):
        assert "Juan" not in str(reader.refused(text, "quote_never_closed"))


@pytest.mark.parametrize(
    ("encoding", "end", "mark"),
    [
        ("utf-8", "\n", ""),
        ("utf-8", "\r\n", "\ufeff"),
        ("latin-1", "\n", ""),
        ("latin-1", "\r\n", ""),
        ("cp1252", "\r\n", ""),
        ("utf-16", "\n", ""),
    ],
)
def test_unreadable_rows_are_counted_and_shift_no_number(
    reader: Reader, encoding: str, end: str, mark: str
) -> None:
    lines = ["a,b", "ñ,1", "", "ñ,2,x", f'"ñ{end}ñ",3', '"ñ"é,4', "é", "", "ñ,6"]
    content = (mark + end.join(lines) + end).encode(encoding)
    found = reader.read(content, layout(encoding=encoding))
    assert found.rows_delivered == 6
    assert [n for n, _ in found.unreadable] == [2, 4, 5]
    read = reader.connection.execute(
        f"SELECT {found.row_number()} AS n, c1 FROM {raw.TABLE} ORDER BY n"
    ).fetchall()
    assert read == [(1, "1"), (3, "3"), (6, "6")]
    if encoding != "utf-16":
        start = "ñ,2,x".encode("utf-8" if encoding == "cp1252" else encoding)
        text = content if encoding != "cp1252" else content.decode("cp1252").encode()
        assert found.unreadable[0][1] == text.index(start)


def test_empty_fields_in_excess_lose_nothing(reader: Reader) -> None:
    assert reader.rows("a,b\n1,2,\n3,4,,\n5,6\n") == [(1, "1", "2"), (2, "3", "4"), (3, "5", "6")]


def test_every_row_unreadable(reader: Reader) -> None:
    found = reader.read("a,b\n" + "1,2,3\n" * 1000)
    assert (found.rows_delivered, len(found.unreadable)) == (1000, 1000)
    assert reader.rows("a,b\n" + "1,2,3\n" * 1000) == []


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\n\n"])
def test_the_last_line_is_cut(reader: Reader, end: str) -> None:
    inner = "\r\n" if end == "\r\n" else "\n"
    error = reader.refused(f"a,b{inner}1,2{inner}3{end}", "last_line_cut")
    assert error.where.endswith("record 2")
    assert "get the file again" in error.how


def test_a_missing_final_line_break_is_no_fault(reader: Reader) -> None:
    assert reader.rows("a,b\n1,2\n3,4") == [(1, "1", "2"), (2, "3", "4")]
    assert reader.rows('a,b\n1,2\n3,"4"') == [(1, "1", "2"), (2, "3", "4")]


def test_a_bad_last_row_that_is_not_cut(reader: Reader) -> None:
    assert [n for n, _ in reader.read("a,b\n1,2\n3,4,5\n").unreadable] == [2]
    assert [n for n, _ in reader.read('a,b\n1,2\n3,"4"5\n').unreadable] == [2]


@pytest.mark.parametrize(
    "text",
    [
        'a,b\n1,2\n3,"4\n5,6\n',
        'a,b\n1,2\n3,"4',
        'a,b\n1,2\n3,"4\n5,"6"\n7,8\n',
        'a,b\r\n"1","2"\r\n"3","4\r\n"5","6"\r\n',
    ],
)
def test_a_quote_never_closed(reader: Reader, text: str) -> None:
    error = reader.refused(text, "quote_never_closed")
    assert error.where.endswith("record 2")


#: Some twenty megabytes, which two threads read.
LARGE = 250_000


def lines(*, quoted: bool) -> list[str]:
    text = f'"some, {"z" * 64}"' if quoted else "z" * 72
    return ["a,b", *(f"{i},{text}" for i in range(1, LARGE + 1))]


@pytest.mark.parametrize(
    ("quoted", "encoding", "at"),
    [
        (True, "utf-8", LARGE // 2),
        (False, "utf-8", LARGE // 2),
        (False, "latin-1", LARGE - 100),
        (True, "latin-1", LARGE - 100),
    ],
)
def test_a_quote_never_closed_in_a_large_file(reader: Reader, quoted: bool, encoding: str, at: int) -> None:
    """DuckDB alone would list one bad row, and go on at the next part of the file."""
    text = lines(quoted=quoted)
    text[at] = f'{at},"open'
    error = reader.refused("\n".join(text).encode(encoding), "quote_never_closed", layout(encoding=encoding))
    assert error.where.endswith(f"record {at}")


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_unreadable_rows_in_a_large_file(reader: Reader, encoding: str, end: str) -> None:
    text = lines(quoted=True)
    for at in (10, LARGE // 3):
        text[at] = f'{at},"a{end}b"'  # a quoted line break counts as one row
    bad = [5, 100_000, 100_001, 200_000]
    for at, row in zip(bad, ("x,y,z", "only one", '1,"x"y', "ñ,ñ,ñ"), strict=True):
        text[at] = row
    found = reader.read((end.join(text) + end).encode(encoding), layout(encoding=encoding))
    assert [n for n, _ in found.unreadable] == bad
    assert found.rows_delivered == LARGE
    query = f"SELECT count(*), count(*) FILTER (c0 <> ({found.row_number()})::VARCHAR) FROM {raw.TABLE}"
    assert reader.connection.execute(query).fetchone() == (LARGE - 4, 0)


#: Longest line, and rows enough for DuckDB to read in more than one piece before it.
LONGEST, BEFORE = landing.LONGEST_LINE, (b"1," + b"x" * 37 + b"\n") * 900_000


@pytest.mark.parametrize("quote", [b"", b'"'])
@pytest.mark.parametrize("before", [b"", BEFORE], ids=["first", "late"])
def test_a_line_that_is_too_long(reader: Reader, before: bytes, quote: bytes) -> None:
    """DuckDB alone would call it an unreadable row, or lose it and all rows after it without a word."""
    field = quote + b"x" * LONGEST + quote
    error = reader.refused(b"a,b\n" + before + b"3," + field + b"\n4,5\n", "line_too_long")
    assert "longer than 2,000,000 bytes" in error.what
    assert error.where.endswith(f"line {before.count(b'1') + 2}")
    assert "quote may be opened and never closed" in error.how
    reader.refused(b"a,b\n3," + field, "line_too_long")


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "cp1252", "utf-16"])
def test_the_longest_line_is_read(reader: Reader, encoding: str) -> None:
    """Converted to UTF-8 it is longer."""
    letters = LONGEST // len("ñ".encode(encoding.replace("16", "16-le"))) - 4
    text = f"a,b\n{BEFORE.decode()}3,{'ñ' * letters}\n4,5\n"
    assert reader.read(text.encode(encoding), layout(encoding=encoding)).rows_delivered == 900_002
    query = f"SELECT c0, length(c1) FROM {raw.TABLE} WHERE c0 <> '1' ORDER BY c0"
    assert reader.connection.execute(query).fetchall() == [("3", letters), ("4", 1)]


@pytest.mark.parametrize("before", [b"", BEFORE], ids=["first", "late"])
def test_a_record_of_many_lines_that_is_too_long(reader: Reader, before: bytes) -> None:
    field = b'"' + b"some text\n" * 700_000 + b'"'
    error = reader.refused(b"a,b\n" + before + b"3," + field + b"\n4,5\n", "line_too_long")
    assert "longer than 6,000,000 bytes" in error.what
    assert error.where.endswith(f"record {before.count(b'1') + 1}")


def test_what_one_reading_leaves_does_not_reach_the_next(reader: Reader) -> None:
    assert len(reader.read("a,b\n1,2,3\n4,5\n").unreadable) == 1
    assert reader.rows("a,b\n4,5\n6,7\n") == [(1, "4", "5"), (2, "6", "7")]
    assert reader.read("a,b\n4,5\n6,7\n").unreadable == ()
