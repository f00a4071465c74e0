"""Settings of the environment: what is meant, and what cannot be meant."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipelines import settings
from schemas.errors import Misuse
from sources.kit.keyring import Keyring

KEY = "0123456789abcdef" * 4


def test_nothing_set() -> None:
    read = settings.read({})
    assert read.home == Path("var")
    assert (read.sources, read.keyring, read.threads, read.wait_seconds) == ((), Keyring(), None, 0)
    assert read.actor


def test_everything_set() -> None:
    read = settings.read(
        {
            "SIPREV_HOME": "/srv/siprev",
            "SIPREV_ACTOR": "María",
            "SIPREV_MASTER_KEY": KEY,
            "SIPREV_MEMORY": "2.5 GiB",
            "SIPREV_THREADS": "4",
            "SIPREV_WAIT": "1.5",
        }
    )
    assert (read.home, read.actor, read.threads, read.wait_seconds) == (Path("/srv/siprev"), "María", 4, 1.5)
    assert read.memory_limit == "2.5 GiB"
    assert [(key.version, key.secret) for key in read.keyring] == [(1, bytes.fromhex(KEY))]
    assert KEY not in repr(read).lower()
    assert repr(bytes.fromhex(KEY))[2:-1] not in repr(read)


@pytest.mark.parametrize("name", ["HOME", "ACTOR", "MASTER_KEY", "KEY_FILE", "MEMORY", "THREADS", "WAIT"])
def test_an_empty_variable_is_as_if_it_were_unset(name: str) -> None:
    assert settings.read({f"SIPREV_{name}": ""}) == settings.read({})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("THREADS", "0"), ("THREADS", "-1"), ("THREADS", "²"), ("THREADS", "1.5"), ("THREADS", "99999"),
        ("WAIT", "-1"), ("WAIT", "nan"), ("WAIT", "inf"), ("WAIT", "1e3"), ("WAIT", "1 s"),
        ("MEMORY", "0GB"), ("MEMORY", "2"), ("MEMORY", "80%"), ("MEMORY", "GB"), ("MEMORY", "1GB; ATTACH 'x'"),
        ("MASTER_KEY", "xyz"), ("MASTER_KEY", KEY[:-2]), ("MASTER_KEY", KEY + "00"), ("MASTER_KEY", KEY[:-1] + "g"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_meant(name: str, value: str) -> None:
    with pytest.raises(Misuse, match=f"SIPREV_{name}") as refused:
        settings.read({f"SIPREV_{name}": value})
    assert refused.value.how
    assert "MASTER_KEY" not in name or value not in refused.value.text()


def test_places_of_the_command_line_come_before_those_of_the_environment() -> None:
    read = settings.read({"SIPREV_HOME": "/a"})
    assert read.at(None).home == Path("/a")
    assert read.at(Path("/b"), [Path("s"), Path("t")]).sources == (Path("s"), Path("t"))
    assert read.at(Path("/b")).home == Path("/b")


def test_a_user_without_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr("getpass.getuser", nameless)
    assert settings.read({}).actor == f"uid {os.getuid()}"


def test_the_key_file_is_read_when_its_keys_are_needed(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    read = settings.read({"SIPREV_KEY_FILE": str(path)})
    with pytest.raises(Misuse, match="cannot be read"):
        _ = read.keyring
    path.touch(mode=0o600)
    path.write_text(f"1:{KEY}\n2:{KEY[::-1]}\n", encoding="ascii")
    assert settings.read({"SIPREV_KEY_FILE": str(path)}).keyring.versions == (1, 2)


def test_a_child_process_gets_the_place_of_the_key_and_not_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    given = settings.read({"SIPREV_KEY_FILE": "keys"})
    told = settings.child_environment(given, {})
    assert told["SIPREV_KEY_FILE"] == str(tmp_path / "keys")
    assert "SIPREV_MASTER_KEY" not in told


def test_two_places_of_keys_are_one_too_many() -> None:
    with pytest.raises(Misuse, match="two places") as refused:
        settings.read({"SIPREV_MASTER_KEY": KEY, "SIPREV_KEY_FILE": "/somewhere"})
    assert KEY not in refused.value.text()
