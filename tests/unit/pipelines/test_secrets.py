"""Secrets by name: of the environment or of a file that its owner alone reads, and never in a message."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines import secrets, settings
from schemas.errors import Misuse


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "secrets"
    path.write_text(
        "# for people\n\ncourts: sqlite:////QZ.db\nportal:  QZ with: spaces # and a sign\n", "utf-8"
    )
    path.chmod(0o600)
    return path


def test_a_secret_is_found_in_the_environment_first_and_else_in_the_file(file: Path) -> None:
    environment = {"SIPREV_SECRET_COURTS": "postgresql://a", "SIPREV_SECRET_FILE": str(file)}
    found = settings.read(environment)
    assert found.secret("courts") == "postgresql://a"
    assert found.secret("portal") == "QZ with: spaces # and a sign"
    assert "postgresql://a" not in repr(found)


def test_a_secret_that_is_kept_nowhere_is_told_with_both_places(file: Path) -> None:
    for environment in ({}, {"SIPREV_SECRET_FILE": str(file)}):
        with pytest.raises(Misuse) as told:
            settings.read(environment).secret("police_db")
        assert "SIPREV_SECRET_POLICE_DB" in told.value.where
        assert 'a line "police_db: ..."' in told.value.how
        assert "postgresql+psycopg://" in told.value.how
        assert "QZ" not in told.value.text()


def test_a_file_that_others_can_read_is_refused(file: Path) -> None:
    file.chmod(0o640)
    with pytest.raises(Misuse, match="others can read") as told:
        secrets.read_file(file)
    assert f"chmod 600 {file}" in told.value.how


@pytest.mark.parametrize("line", ["QZ", "courts = QZ", "Courts: QZ", "courts: QZ2", "other:QZ", "other:"])
def test_a_line_that_is_no_secret_is_told_by_its_number(line: str, file: Path) -> None:
    with file.open("a", encoding="utf-8") as handle:
        handle.write(f"{line}\n")
    with pytest.raises(Misuse) as told:
        secrets.read_file(file)
    assert told.value.where == f"{file}:5"
    assert "QZ" not in told.value.text()


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Misuse, match="cannot be read"):
        secrets.read_file(tmp_path / "nothing")


def test_a_child_process_gets_the_same_secrets(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIPREV_SECRET_COURTS", "postgresql://a")
    monkeypatch.chdir(file.parent)
    own = settings.read({"SIPREV_SECRET_FILE": file.name})
    given = settings.child_environment(own, {})
    assert given["SIPREV_SECRET_FILE"] == str(file)
    assert settings.read(given).secret("courts") == "postgresql://a"
