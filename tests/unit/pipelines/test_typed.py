"""The command that a hint shows is one that the person can type."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines import settings as settings_module
from pipelines.cli import typed
from pipelines.settings import Settings


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the program in it, in which the person stands; the shell does not find it."""
    folder = tmp_path / "my project"
    program = folder / ".venv" / "bin" / "siprev"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    (folder / "docs").mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("SIPREV_HOME", "SIPREV_SOURCES"):
        monkeypatch.delenv(name, raising=False)
    return folder


def settings() -> Settings:
    """The settings of the environment."""
    return settings_module.read()


@pytest.mark.parametrize(
    ("stands_in", "called", "shown"),
    [
        (".", ".venv/bin/siprev", ".venv/bin/siprev status"),
        (".", "{project}/.venv/bin/siprev", ".venv/bin/siprev status"),
        ("docs", "../.venv/bin/siprev", "../.venv/bin/siprev status"),
        ("docs", "{project}/.venv/bin/siprev", "'{project}/.venv/bin/siprev' status"),
        (".venv/bin", "./siprev", "./siprev status"),
        (".", "-c", "siprev status"),
    ],
)
def test_the_program_is_named_as_the_shell_finds_it(
    project: Path, monkeypatch: pytest.MonkeyPatch, stands_in: str, called: str, shown: str
) -> None:
    monkeypatch.chdir(project / stands_in)
    monkeypatch.setattr("sys.argv", [called.format(project=project), "demo"])
    assert typed.command(settings(), "status") == shown.format(project=project)


def test_a_program_on_the_path_is_named_alone(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(project / ".venv" / "bin"))
    monkeypatch.setattr("sys.argv", [str(project / ".venv" / "bin" / "siprev")])
    assert typed.command(settings(), "status") == "siprev status"


def test_another_program_of_that_name_on_the_path_is_not_meant(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "siprev").write_text("#!/bin/sh\n", encoding="utf-8")
    (tmp_path / "siprev").chmod(0o755)
    monkeypatch.setattr("sys.argv", [".venv/bin/siprev"])
    assert typed.command(settings(), "status") == ".venv/bin/siprev status"


def test_options_are_shown_that_the_environment_does_not_say(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", [".venv/bin/siprev"])
    given = settings().at(Path("other var"), [Path("more")])
    shown = typed.command(given, "query", "SELECT 1")
    assert shown == ".venv/bin/siprev --home 'other var' --sources more query 'SELECT 1'"
    monkeypatch.setenv("SIPREV_HOME", "other var")
    monkeypatch.setenv("SIPREV_SOURCES", "more")
    assert typed.command(settings(), "query", "SELECT 1") == ".venv/bin/siprev query 'SELECT 1'"
