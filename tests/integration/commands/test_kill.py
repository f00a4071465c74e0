"""G11: a process that is killed at any moment leaves a state from which the next run completes.

A real process is killed (SIGKILL) when a file of the home folder shows how far it has come; what follows must end as
if nothing had happened. Readers see the state before, or the state after, and nothing between.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.sample_countries.xaa import victims
from tests.integration.commands import files, state
from tests.integration.commands.files import POLICE
from tests.integration.commands.home import UNFORESEEN, Home, environment
from tests.integration.commands.state import Digests
from warehouse import doctor
from warehouse.home import Home as Folder

pytestmark = pytest.mark.slow

ROWS = 10_000
POLL_SECONDS = 0.0002
Reached = Callable[[Path], bool]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _settled(home: Path) -> bool:
    """The restricted file has its part, and nothing more comes: the main file is written now."""
    before = _size(home / "restricted.duckdb.wal")
    if not before:
        return False
    time.sleep(0.003)
    return _size(home / "restricted.duckdb.wal") == before


def _snapshots(home: Path, pattern: str) -> int:
    return len(list((home / "snapshots").glob(pattern)))


#: Moments of an ingestion in their order, as the files show them.
MOMENTS: dict[str, Reached] = {
    "file landed": lambda home: len(list((home / "landing" / POLICE).glob("[0-9a-f]*"))) > 1,
    "restricted file written to": lambda home: _size(home / "restricted.duckdb.wal") > 0,
    "restricted file committed": _settled,
    "snapshot begun": lambda home: _snapshots(home, "*.tmp") > 0,
    "snapshot made": lambda home: _snapshots(home, "batch-000002.duckdb") > 0,
}


def kill_when(process: subprocess.Popen[str], home: Path, reached: Reached) -> bool:
    """Kill a process as soon as a moment is reached; False if it had ended before."""
    while process.poll() is None and not reached(home):
        time.sleep(POLL_SECONDS)
    process.kill()
    process.communicate()
    return process.returncode == -signal.SIGKILL


def after(seconds: float) -> Reached:
    """The moment so many seconds from now."""
    end = time.monotonic() + seconds
    return lambda _: time.monotonic() > end


def orphans(home: Home, folder: Path) -> int:
    """Rows of the restricted file that the main file does not know of, looked at in a copy."""
    copy = home.copy(folder)
    with duckdb.connect(copy.path / "warehouse.duckdb") as connection:
        connection.execute(f"ATTACH '{copy.path / 'restricted.duckdb'}' AS restricted")
        row = connection.execute(
            "SELECT count(*) FROM restricted.core.person_role_row "
            "WHERE slice_version > (SELECT max(slice_version) FROM meta.slice_version)"
        ).fetchone()
    return int(row[0]) if row else 0


def assert_healthy(home: Home) -> None:
    """Nothing is wrong in the folder, and nothing is left behind."""
    assert [f for f in doctor.examine(Folder(home.path)) if not f.ok] == []
    assert list((home.path / "tmp").iterdir()) == []
    assert [path.name for path in home.path.rglob("*.tmp")] == []
    assert not (home.path / "writer.lock").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A police file that takes a moment to load."""
    path = tmp_path_factory.mktemp("large") / files.police_name(files.LATER)
    victims.write_file(path, ROWS, edition=victims.Edition(2022, files.LATER))
    return path


@pytest.fixture(scope="module")
def undisturbed(seed: Home, large: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Digests, float]:
    """What holds after the ingestion of the file, and how many seconds it took."""
    home = seed.copy(tmp_path_factory.mktemp("undisturbed") / "var")
    started = time.monotonic()
    home.run("ingest", POLICE, large)
    seconds = time.monotonic() - started
    assert_healthy(home)
    return state.content(home), seconds


def assert_completed(home: Home, large: Path, undisturbed: Digests) -> None:
    """Run the killed command again and find everything as if it had not been killed."""
    home.run("ingest", POLICE, large)
    assert state.content(home) == undisturbed
    assert home.value("SELECT count(*) FROM meta.delivery") == 4
    assert home.value("SELECT count(*) FROM meta.batch WHERE committed_at IS NULL") == 0
    assert_healthy(home)


@pytest.mark.parametrize("moment", MOMENTS)
def test_an_ingestion_that_is_killed_at_a_moment_is_completed_by_the_next(
    moment: str, home: Home, large: Path, undisturbed: tuple[Digests, float]
) -> None:
    before = state.tables(home)
    killed = kill_when(home.start("ingest", POLICE, large), home.path, MOMENTS[moment])
    assert killed, "the file is large enough for the kill to come in time"
    if home.snapshot.name == "batch-000001.duckdb":
        assert state.tables(home) == before, "readers see the state before"
    assert_completed(home, large, undisturbed[0])


@pytest.mark.parametrize("share", [0.4, 0.7])
def test_an_ingestion_that_is_killed_at_any_time_is_completed_by_the_next(
    share: float, home: Home, large: Path, undisturbed: tuple[Digests, float]
) -> None:
    content, seconds = undisturbed
    kill_when(home.start("ingest", POLICE, large), home.path, after(share * seconds))
    assert_completed(home, large, content)


def test_what_was_committed_to_the_restricted_file_alone_is_swept(
    seed: Home, large: Path, undisturbed: tuple[Digests, float], tmp_path: Path
) -> None:
    """A kill between the two commits; the attempts are for a machine that was busy at the wrong moment."""
    for attempt in _attempts(6):
        home = seed.copy(tmp_path / f"var-{attempt}")
        kill_when(home.start("ingest", POLICE, large), home.path, _settled)
        left = orphans(home, tmp_path / f"copy-{attempt}")
        if left:
            break
    else:
        pytest.fail("no kill came between the two commits")
    assert left > 0.9 * ROWS
    assert home.value("SELECT count(*) FROM meta.delivery") == 3
    assert_completed(home, large, undisturbed[0])
    assert orphans(home, tmp_path / "afterwards") == 0


def _attempts(most: int) -> Iterator[int]:
    yield from range(most)


def test_a_run_that_is_killed_twice_is_completed_by_the_next(
    home: Home, seed: Home, large: Path, tmp_path: Path
) -> None:
    """What was committed before a kill holds; the next run does the rest and nothing twice."""
    other = tmp_path / files.police_name(files.LATER, 2021)
    victims.write_file(other, files.ROWS, edition=victims.Edition(2021, files.LATER))
    calm = seed.copy(tmp_path / "calm")
    for each in (home, calm):
        each.put(POLICE, large, other)
    calm.run("run")
    assert calm.batches() == 2

    landed = home.path / "landing" / POLICE
    assert kill_when(home.start("run"), home.path, lambda _: len(list(landed.glob("[0-9a-f]*"))) > 2)
    assert kill_when(home.start("run"), home.path, MOMENTS["snapshot begun"])
    home.run("run")
    assert state.content(home) == state.content(calm)
    assert home.value("SELECT count(*) FROM meta.delivery") == 5
    assert home.value("SELECT count(*) FROM meta.repetition") <= 1
    assert home.run("run").stdout == "(nothing)\n"
    assert_healthy(home)


def test_a_first_ingestion_that_is_killed_is_completed_by_the_next(
    new_home: Callable[[str], Home], samples: files.Samples
) -> None:
    home = new_home("fresh")
    command = ("ingest", "xaa_areas", samples.areas)
    landing = home.path / "landing" / "xaa_areas"
    assert kill_when(home.start(*command), home.path, lambda _: landing.is_dir())
    home.run(*command)
    assert home.value("SELECT count(*) FROM core.area") == 25
    assert_healthy(home)


def test_half_landed_bytes_do_not_stay(home: Home, samples: files.Samples) -> None:
    """They may hold identifiers, and no delivery knows of them."""
    left = home.path / "landing" / POLICE / ".4711.tmp"
    left.write_bytes(samples.police.read_bytes()[:500])
    home.run("run")
    assert_healthy(home)


def test_an_interruption_from_the_keyboard_ends_in_order(
    home: Home, large: Path, undisturbed: tuple[Digests, float]
) -> None:
    process = home.start("ingest", POLICE, large)
    while process.poll() is None and not MOMENTS["file landed"](home.path):
        time.sleep(POLL_SECONDS)
    os.kill(process.pid, signal.SIGINT)
    _, told = process.communicate()
    assert process.returncode == 130
    assert "interrupted; nothing half done is kept" in told
    assert not any(words in told for words in UNFORESEEN)
    assert_completed(home, large, undisturbed[0])


WIDENING = """
import os, sys
from pathlib import Path
from warehouse import reference, structure
from warehouse.database import Warehouse
from warehouse.home import Home

codes = structure.declared_codes()
codes["sex"] = (*codes["sex"], "X_NEW")
reference.bring_into_line = lambda connection: os._exit(9)  # what comes after the change of structure
Warehouse.open(Home(Path(sys.argv[1])), "a new version of the software", codes=codes)
"""


def test_a_kill_after_a_code_list_has_grown_loses_nothing(home: Home) -> None:
    """An upgrade changes types of columns; the process dies before the next checkpoint."""
    before = state.content(home)
    died = subprocess.run([sys.executable, "-c", WIDENING, home.path], env=environment(), check=False)
    assert died.returncode == 9
    home.run("run")
    assert state.content(home) == before
    assert_healthy(home)
