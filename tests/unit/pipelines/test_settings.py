"""Settings of the environment: what is meant, and what cannot be meant."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipelines import settings
from schemas.errors import Misuse

KEY = "0123456789abcdef" * 4


def test_nothing_set() -> None:
    read = settings.read({})
    assert read.home == Path("var")
    assert (read.sources, read.master_key, read.threads, read.wait_seconds) == ((), None, None, 0)
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
    assert read.master_key == bytes.fromhex(KEY)


@pytest.mark.parametrize("name", ["HOME", "ACTOR", "MASTER_KEY", "MEMORY", "THREADS", "WAIT"])
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
