"""requirements.lock: everything pinned, everything with a hash, nothing of the machine that resolved it."""

import re
import tomllib
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.tree import ROOT

PIN = re.compile(r"(?P<name>[a-z0-9][a-z0-9._-]*)(?P<extras>\[[a-z0-9, ._-]+\])?==(?P<version>[^ ;\\]+)")


def lock_entries() -> list[str]:
    """The entries of the lock, each as one line: the pin, its marker, its hashes."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def pins() -> dict[str, list[str]]:
    """Name of each package -> its pinned versions (more than one where the Pythons differ)."""
    found: dict[str, list[str]] = {}
    for entry in lock_entries():
        match = PIN.match(entry)
        assert match, entry
        found.setdefault(str(canonicalize_name(match["name"])), []).append(match["version"])
    return found


def declared() -> list[Requirement]:
    """What pyproject.toml asks for: to run, to test, to check, to build."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        pyproject: dict[str, Any] = tomllib.load(file)
    groups = pyproject["dependency-groups"].values()
    lines = [*pyproject["project"]["dependencies"], *(line for group in groups for line in group)]
    return [Requirement(line) for line in [*lines, *pyproject["build-system"]["requires"]]]


def unmet(requirements: list[Requirement], pinned: dict[str, list[str]]) -> list[str]:
    """The requirements that no pin meets, or that some pin does not."""
    return [
        str(requirement)
        for requirement in requirements
        if not (versions := pinned.get(str(canonicalize_name(requirement.name)), []))
        or not all(requirement.specifier.contains(version, prereleases=True) for version in versions)
    ]


def test_every_entry_is_pinned_and_has_a_hash() -> None:
    entries = lock_entries()
    assert len(entries) > 50
    assert [entry for entry in entries if not PIN.match(entry) or "--hash=sha256:" not in entry] == []


def test_the_lock_meets_what_the_project_declares() -> None:
    assert unmet(declared(), pins()) == []


def test_a_lock_that_was_not_renewed_is_noticed() -> None:
    assert unmet([Requirement("duckdb==99.0")], pins()) == ["duckdb==99.0"]
    assert unmet([Requirement("no-such-package>=1")], pins()) == ["no-such-package>=1"]


@pytest.mark.parametrize(
    "option", ["--index-url", "--extra-index-url", "--find-links", "--trusted-host", "://", "file:"]
)
def test_the_lock_names_no_index(option: str) -> None:
    assert option not in (ROOT / "requirements.lock").read_text(encoding="utf-8")


def test_the_header_says_how_the_lock_is_renewed() -> None:
    header = [
        line
        for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
        if line[0] == "#"
    ]
    assert header[-1] == "#    make lock"


def test_the_packages_that_setting_up_needs_are_in_the_lock() -> None:
    assert {"uv", "setuptools", "wheel", "pytest", "pytest-xdist", "ruff", "mypy", "import-linter"} <= set(
        pins()
    )
