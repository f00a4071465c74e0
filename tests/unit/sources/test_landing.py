"""A delivery is stored under its hash, whole or not at all, and its bytes are looked at on the way."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from schemas.errors import Misuse, Refusal
from sources.kit import landing


def landed(folder: Path, content: bytes, name: str = "a file.csv") -> landing.Landed:
    path = folder / name
    path.write_bytes(content)
    return landing.land(path, folder / "landing", "probe")


def test_bytes_hash_and_size(tmp_path: Path) -> None:
    content = bytes(range(1, 128)) * 100_000  # several chunks
    assert len(content) > 2 * landing.CHUNK
    found = landed(tmp_path, content)
    assert found.sha256 == hashlib.sha256(content).hexdigest() == found.path.name
    assert found.path.read_bytes() == content
    assert (found.name, found.seen.size, found.seen.start) == ("a file.csv", len(content), content[:4096])


def test_owner_alone_may_read_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        found = landed(tmp_path, b"secret")
    finally:
        os.umask(before)
    assert found.path.stat().st_mode & 0o777 == 0o600
    assert found.path.parent.stat().st_mode & 0o777 == 0o700


def test_the_same_bytes_land_once(tmp_path: Path) -> None:
    first, second = landed(tmp_path, b"x", "one.csv"), landed(tmp_path, b"x", "two.csv")
    assert first.path == second.path
    assert [p.name for p in first.path.parent.iterdir()] == [first.sha256]
    assert (first.name, second.name) == ("one.csv", "two.csv")


def test_a_cut_copy_is_never_taken_for_a_landed_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", killed)
    with pytest.raises(KeyboardInterrupt):
        landed(tmp_path, b"half")
    left = list((tmp_path / "landing" / "probe").iterdir())
    assert left and all(p.name.startswith(".") and p.suffix == ".tmp" for p in left)
    monkeypatch.undo()
    assert landed(tmp_path, b"half").path.read_bytes() == b"half"


def test_what_is_no_file(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    dangling = tmp_path / "dangling"
    dangling.symlink_to(tmp_path / "nowhere")
    for path, code in ((tmp_path / "absent.csv", "no_file"), (dangling, "no_file"), (folder, "not_a_file")):
        with pytest.raises(Misuse) as refused:
            landing.land(path, tmp_path / "landing", "probe")
        assert (refused.value.code, refused.value.exit_status) == (code, 2)
        assert str(path) in refused.value.where and refused.value.how
    assert not (tmp_path / "landing").exists()


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "closed.csv"
    path.write_bytes(b"x")
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may read everything
    with pytest.raises(Misuse, match="may not be read"):
        landing.land(path, tmp_path / "landing", "probe")


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"])
def test_an_empty_file(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Refusal, match="the file is empty") as refused:
        landed(tmp_path, content)
    assert (refused.value.code, refused.value.exit_status) == ("empty_file", 1)
    assert not (tmp_path / "landing").exists()


@pytest.mark.parametrize(
    ("content", "nul_at", "not_utf8_at", "ascii_only"),
    [
        (b"plain", None, None, True),
        ("año".encode(), None, None, False),
        ("año".encode("latin-1"), None, 1, False),
        (b"ab\0c\0", 2, None, True),
        ("año".encode()[:2], None, 1, False),
        (b"\xef\xbb\xbfplain", None, None, False),
    ],
)
def test_what_the_bytes_show(
    tmp_path: Path, content: bytes, nul_at: int | None, not_utf8_at: int | None, ascii_only: bool
) -> None:
    seen = landed(tmp_path, content).seen
    assert (seen.nul_at, seen.not_utf8_at, seen.ascii_only) == (nul_at, not_utf8_at, ascii_only)


def test_bytes_that_latin_1_gives_no_sign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landing, "CHUNK", 8)
    assert landed(tmp_path, b"plain " * 20 + "ñÿ\xa0¿".encode("latin-1")).seen.beyond_latin is None
    for byte in (0x80, 0x93, 0x9F):
        content = b"a" * 20 + b"\xf1" + bytes([byte, 0x85])
        assert landed(tmp_path, content).seen.beyond_latin == (21, byte)


@pytest.mark.parametrize("chunk", [1, 4, 8, 9, 1000])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_where_the_first_line_that_is_too_long_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int, end: bytes
) -> None:
    monkeypatch.setattr(landing, "CHUNK", chunk)
    monkeypatch.setattr(landing, "LONGEST_LINE", 10)
    for before in (b"", *(end.join([b"x" * n, b"", b"y" * 3, b""]) for n in range(8))):
        assert landed(tmp_path, before + b"z" * 10 + end).seen.long_line_at is None
        for after in (b"", b"z", end + b"y" * 20, b"z" * 30 + end + b"x"):
            expected = len(before) if not after.startswith(end) else len(before) + 10 + len(end)
            found = landed(tmp_path, before + b"z" * 10 + after).seen.long_line_at
            assert found == (expected if after else None)


@pytest.mark.parametrize("cut", [1, 2])
def test_places_are_right_across_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: int) -> None:
    monkeypatch.setattr(landing, "CHUNK", 8)
    whole = b"aaaa" + "ñ€ñ€ñ€".encode() * 20
    assert landed(tmp_path, whole).seen.not_utf8_at is None
    # a letter of three bytes cut by the end of a chunk and followed by what cannot belong to it
    start = b"a" * (8 - cut) + "€".encode()[:cut] + b"x"
    assert landed(tmp_path, start).seen.not_utf8_at == 8 - cut
    assert landed(tmp_path, b"a" * 20 + "€".encode()[:2]).seen.not_utf8_at == 20
    assert landed(tmp_path, b"a" * 20 + b"\0").seen.nul_at == 20


@pytest.mark.parametrize(
    "page",
    [b"<!DOCTYPE html><p>", b" \r\n<html>", b"\xef\xbb\xbf<HEAD>", b"<table><tr>", b"<?xml version='1.0'?>"],
)
def test_a_web_page_is_seen(tmp_path: Path, page: bytes) -> None:
    assert landed(tmp_path, page).seen.web_page
    assert not landed(tmp_path, b"a,b\n<html>,1\n").seen.web_page
