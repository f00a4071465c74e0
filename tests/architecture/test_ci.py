""".ci/run turns red when it should: a failed check, a failed test, no test, a changed checkout."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

PASSED = "============ 3 passed, 1 skipped in 0.10s ============"
CHECK_ONLY = 'if [ "$1" = check ]; then exit {status}; fi\n'


def run_ci(folder: Path, make: str) -> subprocess.CompletedProcess[str]:
    """Run a copy of .ci/run in a repository of its own, with a script in the place of make."""
    checkout = folder / "checkout"
    (checkout / ".ci").mkdir(parents=True)
    shutil.copy(ROOT / ".ci" / "run", checkout / ".ci" / "run")
    (checkout / "generated.json").write_text("{}\n", encoding="utf-8")
    git = ["git", "-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "Start"]):
        subprocess.run([*git, *command], cwd=checkout, check=True)
    (folder / "bin").mkdir()
    stand_in = folder / "bin" / "make"
    stand_in.write_text(f"#!/bin/bash\n{make}", encoding="utf-8")
    stand_in.chmod(0o755)
    return subprocess.run(
        ["bash", str(checkout / ".ci" / "run")],
        cwd=folder,
        env={**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_it_runs_check_then_test_and_is_green(tmp_path: Path) -> None:
    run = run_ci(tmp_path, f'echo "target $1"; [ "$1" = check ] || echo "{PASSED}"\n')
    assert run.returncode == 0, run.stderr
    # A shell that does not know the caller's language says so in between.
    lines = [line for line in run.stdout.splitlines() if not line.startswith(("/bin/bash", "bash"))]
    assert lines[:3] == ["target check", "target test", PASSED]


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (CHECK_ONLY.format(status=2) + f"echo '{PASSED}'\n", ""),
        (CHECK_ONLY.format(status=0) + f"echo '{PASSED}'; exit 2\n", ""),
        (CHECK_ONLY.format(status=0) + "echo '=== no tests ran in 0.01s ==='; exit 5\n", ""),
        (CHECK_ONLY.format(status=0) + "echo '=== no tests ran in 0.01s ==='\n", "no test ran"),
        (CHECK_ONLY.format(status=0) + "echo '=== 12 skipped in 0.01s ==='\n", "no test ran"),
        (CHECK_ONLY.format(status=0) + "echo '=== 0 passed in 0.01s ==='\n", "no test ran"),
        (CHECK_ONLY.format(status=0), "no test ran"),
        (
            CHECK_ONLY.format(status=0) + f"echo new >generated.json; echo '{PASSED}'\n",
            "changed the checkout",
        ),
        (CHECK_ONLY.format(status=0) + f"echo new >left-over; echo '{PASSED}'\n", "changed the checkout"),
    ],
    ids=[
        "check fails",
        "tests fail",
        "pytest says that there were no tests",
        "no test ran",
        "all were skipped",
        "none passed",
        "nothing was printed",
        "a generated file was stale",
        "a file was left over",
    ],
)
def test_it_is_red(tmp_path: Path, make: str, reason: str) -> None:
    run = run_ci(tmp_path, make)
    assert run.returncode not in {0, 127}
    assert reason in run.stderr
