"""Files that cannot be taken in: what, where and how to mend; nothing but the record of the refusal changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.integration.commands import files, state
from tests.integration.commands.files import POLICE, Samples
from tests.integration.commands.home import Home


def _utf8(good: bytes) -> bytes:
    return good.decode(files.ENCODING).encode()


def _mojibake(good: bytes) -> bytes:
    """UTF-8 taken for Latin-1 and saved as UTF-8 once more."""
    return _utf8(good).decode(files.ENCODING).encode()


def _header(change: Callable[[str], str]) -> Callable[[bytes], bytes]:
    def spoil(good: bytes) -> bytes:
        header, rest = good.split(b"\r\n", 1)
        return change(header.decode()).encode(files.ENCODING) + b"\r\n" + rest

    return spoil


def _columns(change: Callable[[list[str]], list[str]]) -> Callable[[bytes], bytes]:
    """Change every line; only for files whose fields hold neither separators nor line breaks."""

    def spoil(good: bytes) -> bytes:
        lines = [line for line in good.split(b"\r\n") if line and b'"' not in line]
        return b"".join(
            ",".join(change(line.decode("latin-1").split(","))).encode("latin-1") + b"\r\n" for line in lines
        )

    return spoil


def _after(lines: int, inserted: bytes) -> Callable[[bytes], bytes]:
    def spoil(good: bytes) -> bytes:
        parts = good.split(b"\r\n")
        return b"\r\n".join([*parts[:lines], inserted, *parts[lines:]])

    return spoil


@dataclass(frozen=True)
class Bad:
    """One way to spoil a file.

    Args:
        name: What is wrong.
        spoil: Makes the bad bytes of the good ones.
        code: The refusal's code.
        says: What the message must hold.
    """

    name: str
    spoil: Callable[[bytes], bytes]
    code: str
    says: tuple[str, ...]


BAD = (
    Bad("encoding", _utf8, "wrong_encoding", ("is UTF-8, but latin-1 is declared",)),
    Bad("mojibake", _mojibake, "wrong_encoding", ("as the publisher offers it",)),
    Bad("utf_16", lambda good: good.decode("latin-1").encode("utf-16"), "nul_bytes", ("NUL bytes", "UTF-16")),
    Bad("web_page", lambda good: b"\r\n <!DOCTYPE html>\n<html>" + good, "html_page", ("web page", "login")),
    Bad("workbook", lambda good: b"PK\x03\x04" + good, "archive_unreadable", ("workbook", "cut")),
    Bad("column_missing", _columns(lambda row: row[:5] + row[6:]), "header_drift", ("missing: 'MUNICIPIO'",)),
    Bad("column_added", _columns(lambda row: [*row, "X"]), "header_drift", ("not declared: 'X'", "declare")),
    Bad(
        "column_renamed",
        _header(lambda text: text.replace("RELACION", "RELACIÓN_VICTIMA")),
        "header_drift",
        ("missing: 'RELACION'",),
    ),
    Bad(
        "column_renamed_alike",
        _header(lambda text: text.replace("LUGAR", "Lugar")),
        "header_drift",
        ("'LUGAR' may have been renamed to 'Lugar'",),
    ),
    Bad("column_twice", _header(lambda text: text.replace("LUGAR", "ZONA")), "header_drift", ("LUGAR",)),
    Bad("separator", lambda good: good.replace(b",", b";"), "header_drift", ("';'", "delimiter")),
    Bad(
        "no_header",
        lambda good: good.split(b"\r\n", 1)[1],
        "header_drift",
        ("none of the 23 declared columns",),
    ),
    Bad(
        "header_joined",
        lambda good: good.replace(b"\r\n", b"", 1),
        "header_joined",
        ("line break after the header is missing", "45 cells, where 23 columns are declared"),
    ),
    Bad("cut", lambda good: good[:-60], "last_line_cut", ("last line is cut", "record 400")),
    Bad(
        "quote_open",
        lambda good: good.replace(b",Calle ", b',"Calle ', 1),
        "quote_never_closed",
        ("never closed", "record"),
    ),
    Bad(
        "line_too_long",
        _after(1, b"V" + b"x" * 2_000_000),
        "line_too_long",
        ("a line is longer than 2,000,000 bytes", "line 2", "quote may be opened and never closed"),
    ),
    Bad("nul_bytes", _after(20, b"V\0,"), "nul_bytes", ("NUL bytes", "byte 5")),
    Bad(
        "header_alone",
        lambda good: good.split(b"\r\n", 1)[0] + b"\r\n",
        "no_rows",
        ("no row", "--accept-drop"),
    ),
    Bad("no_line", lambda good: b"\r\n\r\n", "header_drift", ("header",)),
)


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_a_bad_file_is_refused_and_changes_nothing_else(
    bad: Bad, home: Home, samples: Samples, tmp_path: Path
) -> None:
    before = state.before_and_after(home)
    path = tmp_path / files.police_name(files.LATER)
    path.write_bytes(bad.spoil(samples.police.read_bytes()))
    done = home.run("ingest", POLICE, path, status=1)
    for words in (*bad.says, "  where: ", path.name, "  mend:  "):
        assert words in done.stderr
    assert state.before_and_after(home) == before
    (row,) = home.rows("SELECT * FROM meta.delivery WHERE status = 'refused'")
    assert (row["source_id"], row["file_name"], row["refusal_code"]) == (POLICE, path.name, bad.code)
    assert row["refusal_message"].splitlines()[0] in done.stderr
    assert row["size_bytes"] == path.stat().st_size
    assert row["records_loaded"] is None


@pytest.mark.parametrize("left", [b"", b" ", b","])
def test_a_record_on_the_line_of_the_header_is_not_shown(
    left: bytes, home: Home, samples: Samples, tmp_path: Path
) -> None:
    path = tmp_path / files.police_name(files.LATER)
    path.write_bytes(samples.police.read_bytes().replace(b"\r\n", left, 1))
    done = home.run("ingest", POLICE, path, status=1)
    told = home.value("SELECT refusal_message FROM meta.delivery WHERE status = 'refused'")
    values = [value for value in files.read(samples.police)[1] if len(value) > 3]
    assert len(values) > 10
    assert [value for value in values if value in f"{done.stdout}{done.stderr}{told}"] == []


def test_a_missing_final_line_break_alone_is_no_fault(home: Home, samples: Samples, tmp_path: Path) -> None:
    path = tmp_path / files.police_name(files.LATER)
    path.write_bytes(samples.police.read_bytes().removesuffix(b"\r\n"))
    home.run("ingest", POLICE, path)
    assert (
        home.value("SELECT records_loaded FROM meta.delivery ORDER BY delivery_id DESC LIMIT 1") == files.ROWS
    )


def test_an_empty_file_is_refused(home: Home, tmp_path: Path) -> None:
    before = state.tables(home)
    path = tmp_path / files.police_name(files.LATER)
    path.touch()
    done = home.run("ingest", POLICE, path, status=1)
    assert "the file is empty" in done.stderr
    assert f"  where: {path}" in done.stderr
    assert "  mend:  " in done.stderr
    assert state.tables(home) == before, "there were no bytes to record"


@pytest.mark.parametrize(
    ("source", "name", "says"),
    [
        (POLICE, "absent.csv", "no such file"),
        (POLICE, ".", "this is a folder, and a delivery of xaa_police_victims is one file"),
        ("policia", "good.csv", "unknown source 'policia'"),
        ("../xaa_areas", "good.csv", "unknown source"),
    ],
)
def test_wrong_use_ends_with_status_2_and_leaves_no_trace(
    source: str, name: str, says: str, home: Home, samples: Samples, tmp_path: Path
) -> None:
    before = state.tables(home)
    (tmp_path / "good.csv").write_bytes(samples.police.read_bytes())
    done = home.run("ingest", source, tmp_path / name, status=2)
    assert says in done.stderr
    assert "  mend:  " in done.stderr
    assert state.tables(home) == before


def test_one_path_that_is_no_file_stops_the_command_before_anything(
    home: Home, samples: Samples, tmp_path: Path
) -> None:
    before = state.tables(home)
    good = files.write(tmp_path / files.police_name(files.LATER), files.read(samples.police)[:-1])
    home.run("ingest", POLICE, good, tmp_path / "absent.csv", status=2)
    assert state.tables(home) == before


def test_a_bad_file_does_not_hold_up_the_good_one_beside_it(
    home: Home, samples: Samples, tmp_path: Path
) -> None:
    bad = tmp_path / files.police_name(files.LATER)
    bad.write_bytes(samples.police.read_bytes()[:-60])
    good = files.write(tmp_path / files.police_name(files.LATEST), files.read(samples.police)[:-1])
    told = home.json("ingest", POLICE, bad, good, status=1)
    assert [(row["file"], row["status"]) for row in told] == [(bad.name, "refused"), (good.name, "loaded")]
    assert home.value("SELECT count(*) FROM core.person_role") == files.ROWS - 1


def test_the_same_bytes_again_are_said_to_be_known(home: Home, samples: Samples, tmp_path: Path) -> None:
    before = state.tables(home, besides={"meta.repetition"})
    other_name = tmp_path / "the same under another name.csv"
    other_name.write_bytes(samples.police.read_bytes())
    for path in (samples.police, other_name):
        done = home.run("ingest", POLICE, path)
        assert "the same bytes as delivery 3; nothing has changed" in done.stdout
    assert state.tables(home, besides={"meta.repetition"}) == before
    assert home.value("SELECT count(*) FROM meta.repetition") == 2


def test_refused_bytes_again_are_refused_again_without_a_new_record(
    home: Home, samples: Samples, tmp_path: Path
) -> None:
    path = tmp_path / files.police_name(files.LATER)
    path.write_bytes(samples.police.read_bytes()[:-60])
    home.run("ingest", POLICE, path, status=1)
    before = state.tables(home, besides={"meta.repetition"})
    done = home.run("ingest", POLICE, path, status=1)
    assert "refused before, as delivery 4" in done.stderr
    assert state.tables(home, besides={"meta.repetition"}) == before


def test_a_report_about_the_whole_country_waits_for_its_areas(
    new_home: Callable[[str], Home], samples: Samples
) -> None:
    home = new_home("empty")
    done = home.run("ingest", POLICE, samples.police, status=2)
    assert "first-level areas of XAA are not known yet" in done.stderr
    assert home.value("SELECT count(*) FROM meta.delivery") == 0
    assert not [path for path in (home.path / "landing").rglob("*") if path.is_file()]
