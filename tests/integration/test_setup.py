""".ci/setup: what it refuses, what it does in which order, and what it leaves alone.

A stand-in for Python and uv writes down how it was called, so nothing is installed and no network is used.
"""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

PYTHON = """#!/bin/bash
echo "python $*" >>"$CALLS"
case "$*" in
  "-c import venv, ensurepip") [ -z "${NO_VENV:-}" ] ;;
  *version_info*) echo "${VERSION:-3.11}" ;;
  --version) echo "Python ${VERSION:-3.11}.9" ;;
  "-m venv .venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python && cp "$(dirname "$0")/uv" .venv/bin/uv ;;
  *"config get global.index-url") [ -n "${CONFIGURED:-}" ] && echo "$CONFIGURED" ;;
  *--editable*) [ -z "${KILLED:-}" ] ;;
esac
"""
UV = """#!/bin/bash
echo "uv $1 $2 index=${UV_DEFAULT_INDEX:-}" >>"$CALLS"
[ "$1 $2" != "pip sync" ] || [ -z "${UV_FAILS:-}" ]
"""
LOCK = "colour==1.0 \\\n    --hash=sha256:00\nuv==9.9.9 \\\n    --hash=sha256:11\n"


class Sandbox:
    """A copy of .ci/setup with a lock of its own, and stand-ins for what it calls."""

    def __init__(self, folder: Path, project: Path) -> None:
        self.root = folder / "a folder"
        (self.root / ".ci").mkdir(parents=True)
        shutil.copy(project / ".ci" / "setup", self.root / ".ci" / "setup")
        (self.root / "requirements.lock").write_text(LOCK, encoding="utf-8")
        (self.root / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
        self.python = folder / "python-stand-in"
        for path, text in ((self.python, PYTHON), (folder / "uv", UV)):
            path.write_text(text, encoding="utf-8")
            path.chmod(0o755)
        self.calls_file = folder / "calls"

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run .ci/setup from another folder."""
        foreign = ("UV_", "PIP_")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        own = {"PYTHON": str(self.python), "CALLS": str(self.calls_file)}
        return subprocess.run(
            ["bash", str(self.root / ".ci" / "setup"), *arguments],
            cwd=self.root.parent,
            env={**inherited, **own, **variables},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    def calls(self) -> list[str]:
        """What the stand-ins were called with since the last look."""
        found = self.calls_file.read_text(encoding="utf-8").splitlines() if self.calls_file.exists() else []
        self.calls_file.unlink(missing_ok=True)
        return found

    def stamp(self) -> str | None:
        """What the finished set-up wrote down."""
        file = self.root / ".venv" / ".siprev-ready"
        return file.read_text(encoding="utf-8") if file.exists() else None


@pytest.fixture
def sandbox(tmp_path: Path, project: Path) -> Sandbox:
    return Sandbox(tmp_path, project)


def test_it_makes_installs_and_stamps_in_this_order(sandbox: Sandbox) -> None:
    run = sandbox.run()
    assert run.returncode == 0, run.stderr
    calls = sandbox.calls()
    steps = [
        "-m venv .venv",
        "-m pip install --quiet --quiet --require-hashes",
        "uv pip sync",
        "--editable .",
    ]
    places = [next(i for i, call in enumerate(calls) if step in call) for step in steps]
    assert places == sorted(places)
    inputs = (LOCK + "[project]\n").encode()
    assert sandbox.stamp() == f"{sandbox.root}\n{hashlib.sha256(inputs).hexdigest()}  -\n"
    assert "installing 2 pinned packages" in run.stdout


def test_the_second_time_it_does_nothing(sandbox: Sandbox) -> None:
    sandbox.run()
    sandbox.calls()
    run = sandbox.run(PYTHON="")
    assert (run.returncode, run.stdout) == (0, "")
    assert sandbox.calls() == ["python -c import pip"]


@pytest.mark.parametrize("changed", ["requirements.lock", "pyproject.toml"])
def test_a_changed_lock_or_project_is_installed_into_the_same_environment(
    sandbox: Sandbox, changed: str
) -> None:
    sandbox.run()
    sandbox.calls()
    first = sandbox.stamp()
    with (sandbox.root / changed).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert sandbox.run().returncode == 0
    calls = sandbox.calls()
    assert "python -m venv .venv" not in calls
    assert any(call.startswith("uv pip sync") for call in calls)
    assert sandbox.stamp() != first


def test_an_interrupted_set_up_starts_anew(sandbox: Sandbox) -> None:
    run = sandbox.run(KILLED="yes")
    assert run.returncode == 1
    assert "the same command starts it anew" in run.stderr
    assert sandbox.stamp() is None
    (sandbox.root / ".venv" / "half-made").touch()
    assert sandbox.run().returncode == 0
    assert not (sandbox.root / ".venv" / "half-made").exists()


def test_an_environment_that_was_moved_is_made_anew(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.run()
    sandbox.calls()
    sandbox.root.rename(tmp_path / "moved")
    sandbox.root = tmp_path / "moved"
    assert sandbox.run().returncode == 0
    assert "python -m venv .venv" in sandbox.calls()


def test_another_python_that_is_asked_for_is_taken(sandbox: Sandbox) -> None:
    sandbox.run()
    sandbox.calls()
    broken = (sandbox.root / ".venv" / "bin" / "python").read_text(encoding="utf-8")
    other = broken.replace("*version_info*) echo", "*sys.exit*) false ;;\n  *version_info*) echo")
    (sandbox.root / ".venv" / "bin" / "python").write_text(other, encoding="utf-8")
    assert sandbox.run(VERSION="3.12").returncode == 0
    assert "python -m venv .venv" in sandbox.calls()


def test_a_python_that_is_too_old_is_refused(sandbox: Sandbox) -> None:
    run = sandbox.run(VERSION="3.9")
    assert run.returncode == 2
    assert "Python 3.11 or 3.12 is needed" in run.stderr
    assert not (sandbox.root / ".venv").exists()


def test_a_python_without_venv_is_told_how_to_get_it(sandbox: Sandbox) -> None:
    run = sandbox.run(NO_VENV="yes")
    assert run.returncode == 2
    assert "apt-get install python3-venv" in run.stderr


@pytest.mark.parametrize(
    ("variables", "index"),
    [
        ({}, ""),
        ({"CONFIGURED": "https://packages.example.org/simple"}, "https://packages.example.org/simple"),
        ({"PIP_INDEX_URL": "https://variable.example.org"}, "https://variable.example.org"),
        (
            {"CONFIGURED": "https://pip.example.org", "UV_DEFAULT_INDEX": "https://uv.example.org"},
            "https://uv.example.org",
        ),
        ({"CONFIGURED": "https://pip.example.org", "UV_INDEX_URL": "https://uv.example.org"}, ""),
    ],
)
def test_the_index_that_pip_was_told_holds_for_uv(
    sandbox: Sandbox, variables: dict[str, str], index: str
) -> None:
    assert sandbox.run(**variables).returncode == 0
    assert f"uv pip sync index={index}" in sandbox.calls()


def test_pip_installs_where_uv_cannot(sandbox: Sandbox) -> None:
    run = sandbox.run(UV_FAILS="yes")
    assert run.returncode == 0
    assert "trying with pip" in run.stdout
    assert any(call.endswith("--require-hashes --requirement requirements.lock") for call in sandbox.calls())
    assert sandbox.stamp()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--bundle"], "needs the path"),
        (["--bundle", "absent.tar.gz"], "there is no bundle at absent.tar.gz"),
        (["--fast"], "unknown argument --fast"),
    ],
)
def test_wrong_use_is_refused(sandbox: Sandbox, arguments: list[str], message: str) -> None:
    run = sandbox.run(*arguments)
    assert run.returncode == 2
    assert message in run.stderr
    assert sandbox.calls() == []
