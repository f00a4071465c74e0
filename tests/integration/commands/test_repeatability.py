"""G10: the same deliveries give the same exports, byte for byte, on any day, folder, locale, zone and thread count."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.integration.commands import state
from tests.integration.commands.conftest import FAR_EAST
from tests.integration.commands.home import Home, environment

#: Another world than that of the shared demonstration, nine years ago.
FAR_WEST = {
    "TZ": "America/Bogota",
    "LANG": "C",
    "LC_ALL": "C",
    "PYTHONHASHSEED": "77",
    "SIPREV_THREADS": "2",
    "SIPREV_MEMORY": "900MB",
    "SIPREV_ACTOR": "somebody else",
}
#: Loaded by Python before anything else: the one clock of the warehouse goes nine years late.
CLOCK = """
import datetime

from warehouse import database

_now = database.utc_now
database.utc_now = lambda: _now() - datetime.timedelta(days=9 * 365)
"""


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A demonstration in another folder, zone, language, and year."""
    folder = tmp_path_factory.mktemp("another folder, señor")
    clock = folder / "clock"
    clock.mkdir()
    (clock / "sitecustomize.py").write_text(CLOCK, encoding="utf-8")
    home = Home(folder / "var")
    home.run("demo", extra={**FAR_WEST, "PYTHONPATH": str(clock)})
    return home


def _files(home: Home) -> dict[str, str]:
    root = home.path / "exports"
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file()
    }


def test_the_two_worlds_differ(demo: Home, elsewhere: Home) -> None:
    assert all(
        environment(FAR_EAST)[name] != environment(FAR_WEST)[name] for name in ("TZ", "LC_ALL", "LANG")
    )
    years = [home.value("SELECT year(max(committed_at)) FROM meta.batch") for home in (demo, elsewhere)]
    assert years[0] - years[1] in (8, 9)


def test_exports_are_the_same_bytes(demo: Home, elsewhere: Home) -> None:
    here, there = _files(demo), _files(elsewhere)
    assert here == there
    assert {Path(name).name for name in here} >= {"indicator_values.csv", "manifest.json"}


def test_deliveries_are_the_same_bytes(demo: Home, elsewhere: Home) -> None:
    digests = "SELECT source_id, file_name, sha256, size_bytes FROM meta.delivery ORDER BY delivery_id"
    assert demo.rows(digests) == elsewhere.rows(digests)


def test_everything_else_is_the_same_but_times_and_salted_references(demo: Home, elsewhere: Home) -> None:
    assert state.content(demo) == state.content(elsewhere)


def test_a_second_demonstration_in_the_same_folder_changes_nothing(elsewhere: Home) -> None:
    before, exported = state.tables(elsewhere), _files(elsewhere)
    elsewhere.run("demo")
    assert state.tables(elsewhere) == before
    assert _files(elsewhere) == exported
