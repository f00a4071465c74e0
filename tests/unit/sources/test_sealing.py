"""Sealed files: what is landed comes back, and nothing else passes for it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.errors import Misuse, Refusal
from sources.kit import sealing
from sources.kit.keyring import Keyring, MasterKey
from sources.kit.sealing import CHUNK, HEADER, TAG, FileKey, Sealer

MASTER = MasterKey(bytes(range(32)), 3)
RING = Keyring((MASTER,))
SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 5]


def sealed(path: Path, content: bytes, pieces: int = 7_777_777) -> FileKey:
    with path.open("wb") as target:
        sealer = Sealer(target)
        for start in range(0, len(content), pieces):
            sealer.write(content[start : start + pieces])
        sealer.end()
    return FileKey(sealer.secret, bytes(32))


def read(path: Path, key: FileKey) -> bytes:
    return b"".join(sealing.opened(path, key))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("pieces", [CHUNK - 1, CHUNK, 4 * CHUNK])
def test_bytes_come_back_whatever_their_size(tmp_path: Path, size: int, pieces: int) -> None:
    content = os.urandom(size)
    key = sealed(tmp_path / "f", content, pieces)
    assert read(tmp_path / "f", key) == content
    assert (tmp_path / "f").stat().st_size == sealing.sealed_size(size)
    assert sealing.is_sealed(tmp_path / "f")


def test_nothing_of_the_content_is_in_the_file(tmp_path: Path) -> None:
    content = b"CANARY-7731," * 100_000
    sealed(tmp_path / "one", content)
    sealed(tmp_path / "two", content)
    one, two = (tmp_path / "one").read_bytes(), (tmp_path / "two").read_bytes()
    assert b"CANARY" not in one
    assert one[HEADER : HEADER + 64] != two[HEADER : HEADER + 64]


WHOLE = os.urandom(3 * CHUNK + 5)
STEP = CHUNK + TAG


@pytest.mark.parametrize(
    "change",
    {
        "cut in the middle": lambda b: b[: len(b) // 2],
        "cut by one byte": lambda b: b[:-1],
        "cut at the end of a chunk": lambda b: b[: HEADER + 2 * STEP],
        "cut to its head": lambda b: b[:HEADER],
        "cut in its head": lambda b: b[: HEADER - 1],
        "lengthened": lambda b: b + b"\0",
        "chunks swapped": lambda b: (
            b[:HEADER]
            + b[HEADER + STEP : HEADER + 2 * STEP]
            + b[HEADER : HEADER + STEP]
            + b[HEADER + 2 * STEP :]
        ),
        "a chunk left out": lambda b: b[:HEADER] + b[HEADER + STEP :],
        "a chunk doubled": lambda b: b[: HEADER + STEP] + b[HEADER:],
        "head changed": lambda b: b[: HEADER - 1] + bytes([b[HEADER - 1] ^ 1]) + b[HEADER:],
    }.items(),
    ids=lambda change: change[0],
)
def test_a_file_that_was_cut_or_changed_is_told(tmp_path: Path, change: tuple[str, object]) -> None:
    path = tmp_path / "f"
    key = sealed(path, WHOLE)
    path.write_bytes(change[1](path.read_bytes()))  # type: ignore[operator]
    with pytest.raises(Refusal) as refused:
        read(path, key)
    assert refused.value.code == "landed_damaged"
    assert str(path) in refused.value.where


@settings(max_examples=30, derandomize=True)
@given(st.integers(0, sealing.sealed_size(CHUNK + 100) - 1), st.integers(1, 255))
def test_no_byte_can_be_changed(tmp_path_factory: pytest.TempPathFactory, at: int, by: int) -> None:
    path = tmp_path_factory.mktemp("sealed") / "f"
    key = sealed(path, WHOLE[: CHUNK + 100])
    content = bytearray(path.read_bytes())
    content[at] ^= by
    path.write_bytes(content)
    with pytest.raises(Refusal):
        read(path, key)


def test_a_key_opens_its_own_file_alone(tmp_path: Path) -> None:
    one, two = sealed(tmp_path / "one", b"a" * 100), sealed(tmp_path / "two", b"b" * 100)
    with pytest.raises(Refusal):
        read(tmp_path / "one", two)
    sealing.keep_key(tmp_path / "one", one, MASTER)
    assert sealing.read_key(tmp_path / "one", RING) == one
    sealing.key_path(tmp_path / "one").rename(sealing.key_path(tmp_path / "two"))
    with pytest.raises(Refusal, match="cannot be opened with the master key of version 3"):
        sealing.read_key(tmp_path / "two", RING)


def test_the_key_of_a_file_is_for_its_owner_and_shows_nothing(tmp_path: Path) -> None:
    key = FileKey(b"k" * 32, b"h" * 32)
    sealing.keep_key(tmp_path / "f", key, MASTER)
    stored = sealing.key_path(tmp_path / "f")
    assert stored.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["f.key"]
    text = stored.read_text(encoding="ascii")
    assert key.secret.hex() not in text and key.sha256.hex() not in text
    assert sealing.version_of(stored) == 3
    assert repr(key) == "FileKey()"


def test_another_master_key_does_not_open(tmp_path: Path) -> None:
    sealing.keep_key(tmp_path / "f", FileKey(b"k" * 32, b"h" * 32), MASTER)
    with pytest.raises(Refusal, match="version 3"):
        sealing.read_key(tmp_path / "f", Keyring((MasterKey(b"x" * 32, 3),)))
    with pytest.raises(Misuse) as misuse:
        sealing.read_key(tmp_path / "f", Keyring((MasterKey(bytes(range(32)), 4),)))
    assert (misuse.value.code, "version 3" in misuse.value.what) == ("no_master_key", True)


@pytest.mark.parametrize("text", ["", "{}", "[]", "no json", '{"version": "x", "nonce": "", "key": ""}'])
def test_a_damaged_key_is_told(tmp_path: Path, text: str) -> None:
    sealing.key_path(tmp_path / "f").write_text(text, encoding="ascii")
    with pytest.raises(Refusal) as refused:
        sealing.read_key(tmp_path / "f", RING)
    assert refused.value.code == "landed_damaged"


def test_a_destroyed_key_makes_the_bytes_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "f"
    sealing.keep_key(path, sealed(path, b"secret" * 100), MASTER)
    written: list[bytes] = []
    unlink = Path.unlink

    def look(self: Path, missing_ok: bool = False) -> None:
        written.append(self.read_bytes())
        unlink(self, missing_ok)

    monkeypatch.setattr(Path, "unlink", look)
    sealing.destroy_key(path)
    assert written and not any(written[0]), "written over before it was removed"
    with pytest.raises(Refusal) as refused:
        sealing.read_key(path, RING)
    assert refused.value.code == "landed_destroyed"
    with pytest.raises(Refusal):
        sealing.destroy_key(path)


def test_versions_and_nonces_differ(tmp_path: Path) -> None:
    key = FileKey(b"k" * 32, b"h" * 32)
    stored = []
    for master in (MASTER, MASTER, MasterKey(MASTER.secret, 4)):
        sealing.keep_key(tmp_path / "f", key, master)
        stored.append(json.loads(sealing.key_path(tmp_path / "f").read_text(encoding="ascii")))
    assert [s["version"] for s in stored] == [3, 3, 4]
    assert len({s["nonce"] for s in stored}) == len({s["key"] for s in stored}) == 3
