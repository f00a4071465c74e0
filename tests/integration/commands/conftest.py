"""Home folders that are expensive to make, made once and copied by whoever changes them."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.sample_countries import Truth, write_deliveries
from tests.integration.commands import files
from tests.integration.commands.home import Home

#: The demonstration of the shared folder runs in another world than that of test_repeatability.
FAR_EAST = {
    "TZ": "Pacific/Kiritimati",
    "LANG": "es_MX.UTF-8",
    "LC_ALL": "es_MX.UTF-8",
    "PYTHONHASHSEED": "1",
    "SIPREV_THREADS": "1",
    "SIPREV_ACTOR": "María Ñandú",
}


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The home folder after ``siprev demo``, made once for all worker processes; only to be read."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "demonstration"
    shared.mkdir(exist_ok=True)
    home = Home(shared / "var")
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        told = shared / "told.txt"
        if not told.exists():
            told.write_text(home.run("demo", extra=FAR_EAST).stdout, encoding="utf-8")
    return home


@pytest.fixture(scope="session")
def demo_told(demo: Home) -> str:
    """What the demonstration printed."""
    return (demo.path.parent / "told.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def deliveries(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    """The sample country's deliveries, and what must come of them."""
    folder = tmp_path_factory.mktemp("deliveries")
    return folder, write_deliveries(folder)


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> files.Samples:
    """Small good files of the sample country."""
    return files.Samples.write(tmp_path_factory.mktemp("samples"))


@pytest.fixture(scope="session")
def seed(tmp_path_factory: pytest.TempPathFactory, samples: files.Samples) -> Home:
    """A home folder with areas, population, 400 victims of 2022 and indicators, as one batch; only to be read."""
    home = Home.begun(tmp_path_factory.mktemp("seed") / "var")
    home.put("xaa_areas", samples.areas)
    home.put("xaa_population", samples.population)
    home.put("xaa_police_victims", samples.police)
    home.run("run")
    return home


@pytest.fixture
def home(seed: Home, tmp_path: Path) -> Home:
    """A home folder of the test's own, with the content of ``seed``."""
    return seed.copy(tmp_path / "var")


@pytest.fixture
def new_home(tmp_path: Path) -> Callable[[str], Home]:
    """Makes an empty home folder."""
    return lambda name: Home(tmp_path / name)
