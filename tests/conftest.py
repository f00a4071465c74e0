"""What every test stands on: nothing of the person or machine that runs it.

A test gets no SIPREV_ or DAGSTER_ setting, no flag of a surrounding make, and an empty home folder of its
own. Time zone and language are left as they are: the results must not depend on them. Property tests draw
the same examples in every run; what they found once is kept as an explicit example in the test.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.servers import postgres as database_servers
from tests.servers import web as web_servers

ROOT = Path(__file__).resolve().parent.parent
OUTER_HOME = "TESTS_OUTER_HOME"
FOREIGN_PREFIXES = ("SIPREV_", "DAGSTER_", "GX_")
MAKE_SETTINGS = (
    "MAKEFLAGS",
    "MFLAGS",
    "MAKELEVEL",
    "MAKEOVERRIDES",
    "BUNDLE",
    "PYTHON",
    "ARGS",
    "PYTEST_ARGS",
)

hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("repeatable")


def pytest_configure(config: pytest.Config) -> None:
    """Take the person's settings out of the environment; the worker processes inherit what is left."""
    for name in list(os.environ):
        if name.startswith(FOREIGN_PREFIXES) or name in MAKE_SETTINGS:
            del os.environ[name]
    if OUTER_HOME not in os.environ:
        os.environ[OUTER_HOME] = os.environ.get("HOME", "")
        os.environ["HOME"] = tempfile.mkdtemp(prefix="siprev-tests-home-")
        config.add_cleanup(_give_home_back)


def _give_home_back() -> None:
    shutil.rmtree(os.environ["HOME"])
    os.environ["HOME"] = os.environ.pop(OUTER_HOME)


@pytest.fixture(scope="session")
def project() -> Path:
    """The folder of pyproject.toml."""
    return ROOT


@pytest.fixture(scope="session")
def outer_environment() -> dict[str, str]:
    """The environment with the person's own home folder, for the few tests that install packages."""
    return {**os.environ, "HOME": os.environ[OUTER_HOME]}


@pytest.fixture(scope="session")
def postgres() -> Iterator[database_servers.Postgres]:
    """A PostgreSQL server of the test set-up's own."""
    if lacking := database_servers.lacking():
        pytest.skip(lacking)
    with database_servers.running() as server:
        yield server


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[web_servers.Web]:
    """A web server of the test's own, reached without the machine's proxy."""
    monkeypatch.setenv("NO_PROXY", "*")
    with web_servers.serving() as server:
        yield server
