"""Master keys: how they are written and read, and that none is ever shown."""

from __future__ import annotations

import os
import traceback
from pathlib import Path

import pytest

from schemas.errors import Misuse
from sources.kit import keyring
from sources.kit.keyring import DEMONSTRATION_KEY, Keyring, MasterKey

ONE, TWO = "0123456789abcdef" * 4, "fedcba9876543210" * 4


def key_file(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text, encoding="ascii")
    path.chmod(mode)
    return path


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        (ONE, (1,)),
        (f"  {ONE.upper()}\n", (1,)),
        (f"2:{TWO}\n1:{ONE}", (1, 2)),
        (f"1:{ONE} 2:{TWO}", (1, 2)),
        (f"# a note\n\n3:{ONE} # the third\n", (3,)),
    ],
)
def test_keys_as_they_are_written(text: str, versions: tuple[int, ...]) -> None:
    read = keyring.parse(text, "here")
    assert read.versions == versions
    assert read.newest is not None and read.newest.version == versions[-1]
    assert read.of(versions[0]) == next(iter(read))
    assert read.of(99) is None
    assert keyring.parse(read.text(), "there") == read


@pytest.mark.parametrize(
    "text",
    [
        "", "# nothing", ONE[:-1], ONE + "0", ONE[:-1] + "g", f"0:{ONE}", f"x:{ONE}", f"1:{ONE} 1:{TWO}",
        f"1:{ONE} 2:{ONE}", f"1: {ONE}", f"siprev-provider-key:{ONE}", f"{ONE} and {TWO}",
    ],
)  # fmt: skip
def test_what_is_no_key_is_told_and_not_shown(text: str) -> None:
    with pytest.raises(Misuse) as misuse:
        keyring.parse(text, "the place")
    told = "".join(traceback.format_exception(misuse.value))
    assert misuse.value.where == "the place"
    assert all(part not in told for part in (ONE[:16], TWO[:16]))


def test_nothing_shows_a_key() -> None:
    ring = keyring.parse(f"1:{ONE} 2:{TWO}", "here")
    shown = f"{ring!r} {ring.newest!r} {[*ring]!r} {DEMONSTRATION_KEY!r} {ring}"
    for secret in (ONE, TWO):
        assert secret not in shown
        assert repr(bytes.fromhex(secret))[2:-1] not in shown
    assert "secret" not in shown


def test_a_mark_tells_keys_apart() -> None:
    marks = {MasterKey(secret, v).mark for secret in (bytes.fromhex(ONE), bytes.fromhex(TWO)) for v in (1, 2)}
    assert len(marks) == 4
    assert all(len(mark) == 16 for mark in marks)


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    for mode in (0o640, 0o604, 0o660, 0o666, 0o644):
        with pytest.raises(Misuse) as misuse:
            keyring.read_file(key_file(tmp_path / "keys", ONE, mode))
        assert misuse.value.code == "key_file_open"
        assert ONE not in misuse.value.text()
    assert keyring.read_file(key_file(tmp_path / "keys", ONE, 0o400)).versions == (1,)


@pytest.mark.parametrize("content", ["", "not a key", "\x00\x01"])
def test_a_key_file_without_a_key_is_told(tmp_path: Path, content: str) -> None:
    with pytest.raises(Misuse, match="no key"):
        keyring.read_file(key_file(tmp_path / "keys", content))
    with pytest.raises(Misuse, match="cannot be read"):
        keyring.read_file(tmp_path)
    with pytest.raises(Misuse, match="cannot be read"):
        keyring.read_file(tmp_path / "absent")


def test_a_new_key_stands_beside_the_old_ones(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    before = os.umask(0)
    try:
        first = keyring.add_new(path)
        second = keyring.add_new(path)
    finally:
        os.umask(before)
    assert (first.version, second.version) == (1, 2)
    assert keyring.read_file(path) == Keyring((first, second))
    assert first.secret != second.secret
    assert len(first.secret) == keyring.KEY_LENGTH
    assert path.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["keys"]


def test_a_file_that_is_no_key_file_is_not_written_over(tmp_path: Path) -> None:
    path = key_file(tmp_path / "letters.txt", "Dear Sir")
    with pytest.raises(Misuse):
        keyring.add_new(path)
    assert path.read_text(encoding="ascii") == "Dear Sir"
