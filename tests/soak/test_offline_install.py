"""A real bundle installs with the network cut, and what was installed runs."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, project_files

pytestmark = pytest.mark.soak


def without_network() -> list[str]:
    """The command before which a program runs without any network."""
    for command in (["unshare", "-n"], ["unshare", "-r", "-n"]):
        if (
            shutil.which("unshare")
            and subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0
        ):
            return command
    pytest.skip("this machine does not let a test cut its network (unshare -n is not permitted)")


def checkout(target: Path) -> Path:
    """What a clone would hold."""
    for name in project_files():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target / name)
    return target


def test_a_bundle_installs_and_runs_without_a_network(
    tmp_path: Path, outer_environment: dict[str, str]
) -> None:
    cut = without_network()
    connected = checkout(tmp_path / "connected")
    subprocess.run(["make", "bundle"], cwd=connected, env=outer_environment, check=True)
    (archive,) = (connected / "dist").glob("siprev-bundle-*.tar.gz")

    offline = checkout(tmp_path / "offline")
    # An empty cache: what is installed can only come from the bundle.
    empty_home = tmp_path / "home"
    empty_home.mkdir()
    environment = {**outer_environment, "HOME": str(empty_home), "PIP_NO_CACHE_DIR": "1", "UV_NO_CACHE": "1"}
    environment.pop("XDG_CACHE_HOME", None)
    environment.pop("UV_CACHE_DIR", None)
    refused = subprocess.run(
        [*cut, "python3", "-c", "import socket; socket.create_connection(('192.0.2.1', 80), timeout=2)"],
        capture_output=True,
        check=False,
    )
    assert refused.returncode != 0
    bundle = f"BUNDLE={archive}"
    subprocess.run([*cut, "make", "run", bundle], cwd=offline, env=environment, check=True)
    assert (offline / "var" / "snapshots" / "CURRENT").is_file()
    tests = ["make", "test", bundle, "TESTS=tests/unit", "PYTEST_ARGS=-x -q"]
    subprocess.run([*cut, *tests], cwd=offline, env=environment, check=True)


def test_a_machine_with_an_empty_cache_and_a_cut_network_says_so(
    tmp_path: Path, outer_environment: dict[str, str]
) -> None:
    cut = without_network()
    offline = checkout(tmp_path / "offline")
    environment = {**outer_environment, "PIP_NO_CACHE_DIR": "1", "PIP_RETRIES": "0", "PIP_TIMEOUT": "3"}
    run = subprocess.run(
        [*cut, "make", "setup"],
        cwd=offline,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode != 0
    assert "setting up .venv stopped" in run.stderr
