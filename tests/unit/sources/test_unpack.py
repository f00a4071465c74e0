"""Compressed deliveries: what they hold is read, and what is damaged, locked, a bomb or several files is refused."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from schemas.errors import Refusal
from sources.kit import landing
from sources.kit.landing import Landed
from sources.kit.readers import unpack
from sources.kit.readers.workspace import Workspace

TEXT = b"a,b\n" + b"1,2\n" * 1000


def archive(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return made.getvalue()


def unpacked(folder: Path, content: bytes, member: str | None = None, declared: str = "csv") -> bytes:
    """What a delivery of these bytes holds; the folder is as before when it was read."""
    path = folder / "delivery.bin"
    path.write_bytes(content)
    landed: Landed = landing.land(path, folder / "landing", "x")
    before = sorted(folder.iterdir())
    with Workspace(folder) as work:
        found = unpack.unpacked(landed, declared, member, work)
        assert found.name == "delivery.bin"
        assert found.path.stat().st_mode & 0o777 == 0o600
        held = found.path.read_bytes()
        assert found.seen.size == len(held)
        assert sorted(folder.iterdir()) == before, "a kill leaves nothing, since the copy has no name"
    assert sorted(folder.iterdir()) == before
    return held


def refused(folder: Path, content: bytes, code: str, member: str | None = None) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        unpacked(folder, content, member)
    assert refusal.value.code == code
    assert refusal.value.where.startswith("delivery.bin")
    assert refusal.value.how
    assert not list(folder.glob("*.unpacked")), "nothing half unpacked is left"
    return refusal.value


@pytest.mark.parametrize(
    "content",
    [
        TEXT,
        gzip.compress(TEXT),
        gzip.compress(TEXT[:100]) + gzip.compress(TEXT[100:]),
        lzma.compress(TEXT),
        bz2.compress(TEXT),
        archive({"x.csv": TEXT}),
        archive({"x.csv": TEXT}, zipfile.ZIP_STORED),
        archive({"folder/x.csv": TEXT, "__MACOSX/._x.csv": b"?", "folder/.DS_Store": b"?"}),
        archive({"x.csv.gz": gzip.compress(TEXT)}),
        gzip.compress(archive({"x.csv": TEXT})),
    ],
    # packed bytes tell the time of their making, and tests are called the same in every process
    ids=["plain", "gz", "two_gz", "xz", "bz2", "zip", "stored", "zip_of_a_mac", "gz_in_zip", "zip_in_gz"],
)
def test_what_it_holds(tmp_path: Path, content: bytes) -> None:
    assert unpacked(tmp_path, content) == TEXT


@pytest.mark.parametrize("member", ["b.csv", "data/b.csv", "b*", "data/?.csv"])
def test_the_declared_member(tmp_path: Path, member: str) -> None:
    content = archive({"a.csv": b"a", "data/b.csv": TEXT, "c.txt": b"c"})
    assert unpacked(tmp_path, content, member) == TEXT


def test_several_members_or_none(tmp_path: Path) -> None:
    content = archive({"a.csv": b"a", "b.csv": b"b"})
    several = refused(tmp_path, content, "archive_member")
    assert "has 2 files, where one is read" in several.what
    assert "a.csv, b.csv" in several.where
    assert "no file called c.csv" in refused(tmp_path, content, "archive_member", "c.csv").what
    assert "has 2 files called *.csv" in refused(tmp_path, content, "archive_member", "*.csv").what


def test_a_workbook_is_no_archive(tmp_path: Path) -> None:
    for member in ("xl/workbook.xml", "META-INF/manifest.xml"):
        content = archive({member: b"x"})
        assert unpacked(tmp_path, content, declared="workbook") == content


@pytest.mark.parametrize(
    "whole",
    [gzip.compress(TEXT), lzma.compress(TEXT), bz2.compress(TEXT), archive({"x": TEXT})],
    ids=["gz", "xz", "bz2", "zip"],
)
def test_damage(tmp_path: Path, whole: bytes) -> None:
    middle = len(whole) // 2
    flipped = bytes(b ^ 0xFF for b in whole[middle : middle + 8])
    for content in (whole[:middle], whole[:middle] + flipped + whole[middle + 8 :]):
        assert "damaged" in refused(tmp_path, content, "archive_unreadable").what


def test_a_locked_archive(tmp_path: Path) -> None:
    # the flag of an encrypted member, in its own header and in the list of members
    whole = bytearray(archive({"x.csv": TEXT}, zipfile.ZIP_STORED))
    whole[6] |= 1
    whole[whole.index(b"PK\x01\x02") + 8] |= 1
    assert "password" in refused(tmp_path, bytes(whole), "archive_locked").what


@pytest.mark.parametrize(
    "pack", [gzip.compress, lzma.compress, bz2.compress, lambda zeros: archive({"x": zeros})]
)
def test_a_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pack: object) -> None:
    monkeypatch.setattr(unpack, "LARGE", 1 << 20)
    assert callable(pack)
    content = pack(bytes(32 << 20))
    assert "made to fill a disk" in refused(tmp_path, content, "archive_bomb").what


def test_a_bomb_that_understates_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "LARGE", 1 << 20)
    whole = bytearray(archive({"x": bytes(32 << 20)}))
    listed = whole.index(b"PK\x01\x02")
    whole[listed + 24 : listed + 28] = (100).to_bytes(4, "little")
    with pytest.raises(Refusal) as refusal:
        unpacked(tmp_path, bytes(whole))
    assert refusal.value.code in ("archive_bomb", "archive_unreadable")


@pytest.mark.parametrize("pack", [gzip.compress, lambda nothing: archive({"x.csv": nothing})])
def test_nothing_inside(tmp_path: Path, pack: object) -> None:
    assert callable(pack)
    refused(tmp_path, pack(b""), "empty_file")
