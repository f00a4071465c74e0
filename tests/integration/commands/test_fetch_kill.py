"""A fetch that is killed leaves no half file and asks for the same again; two at once are one after the other."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from sources.kit import keyring, sealing
from tests.integration.commands import fetched, state
from tests.integration.commands.fetched import COURTS, MARK, PORTAL
from tests.integration.commands.home import Home
from tests.integration.commands.test_kill import assert_healthy, kill_when
from tests.servers.postgres import Postgres
from tests.servers.web import Handler, Web

pytestmark = pytest.mark.slow

#: Several times what is read at a time, so that a kill comes in between.
ROWS = 100_000
INCIDENTS = (
    "CREATE TABLE incidents AS SELECT i AS id, date '2024-01-01' + i % 90 AS day, 1 AS n, "
    "timestamptz '2024-04-01 10:00:00+00' + i * interval '1 second' AS changed, 'QZXW' || i AS curp "
    f"FROM generate_series(1, {ROWS}) AS i"
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return fetched.home(tmp_path)


@pytest.fixture
def pg(postgres: Postgres) -> Postgres:
    made = postgres.new_database("many_rows")
    made.execute(INCIDENTS)
    return made


def _declare(home: Home) -> None:
    assert home.sources is not None
    fetched.declare_courts(home.sources, watermark=MARK)


def _parts(home: Path) -> int:
    return len(list(home.glob("tmp/fetched-*/*.part")))


def _half_there(home: Path) -> bool:
    return any(part.stat().st_size for part in home.glob("tmp/fetched-*/.part"))


def _landed(home: Path) -> int:
    return len(list((home / "landing" / COURTS).glob("[0-9a-f]*")))


def test_a_fetch_that_is_killed_while_rows_come_leaves_nothing(home: Home, pg: Postgres) -> None:
    _declare(home)
    secret = {"SIPREV_SECRET_COURTS": pg.address}
    assert kill_when(home.start("run", extra=secret), home.path, lambda path: _parts(path) > 0)
    assert _parts(home.path) > 0, "it was in the middle"
    assert _landed(home.path) == 0
    home.run("run", extra=secret)
    assert fetched.watermarks(home) == [(None, "2024-04-02T13:46:40+00:00", "loaded")]
    assert sum(fetched.events(home).values()) == ROWS
    assert_healthy(home)


@pytest.mark.parametrize("moment", ["landed", "snapshot"])
def test_a_fetch_that_is_killed_later_is_completed_by_the_next(moment: str, home: Home, pg: Postgres) -> None:
    reached: dict[str, Callable[[Path], bool]] = {
        "landed": lambda path: _landed(path) > 1,
        "snapshot": lambda path: len(list((path / "snapshots").glob("batch-000002*"))) > 0,
    }
    _declare(home)
    secret = {"SIPREV_SECRET_COURTS": pg.address}
    home.run("run", extra=secret)
    pg.execute("UPDATE incidents SET n = 2, changed = '2024-06-01 00:00:00+00' WHERE day < '2024-03-01'")
    calm = home.copy(home.path.with_name("calm"))
    assert kill_when(home.start("run", extra=secret), home.path, reached[moment])
    for each in (home, calm):
        each.run("run", extra=secret)
    assert fetched.watermarks(home) == fetched.watermarks(calm)
    assert len(fetched.watermarks(home)) == 2
    assert state.content(home) == state.content(calm)
    assert_healthy(home)


def test_a_download_that_is_killed_leaves_nothing(home: Home, web: Web) -> None:
    assert home.sources is not None

    def drip(handler: Handler, n: int) -> None:
        body = b"day,n\n" + b"2024-01-05,1\n" * 30_000
        if n == 1:
            handler.drip(body, 0.5, 20_000)
        else:
            handler.send(body)

    web.answers["/x.csv"] = drip
    fetched.declare_portal(home.sources, f"{web.address}/x.csv")
    assert kill_when(home.start("run"), home.path, _half_there)
    assert not (home.path / "landing" / PORTAL).exists()
    home.run("run")
    assert fetched.events(home) == {"2024-01": 30_000}
    assert_healthy(home)


def test_a_second_run_is_told_that_the_first_is_fetching(home: Home, web: Web) -> None:
    assert home.sources is not None
    begun, go_on = threading.Event(), threading.Event()

    def answer(handler: Handler, _: int) -> None:
        begun.set()
        go_on.wait(60)
        handler.send(b"day,n\n2024-01-05,3\n")

    web.answers["/x.csv"] = answer
    fetched.declare_portal(home.sources, f"{web.address}/x.csv", timeout=60)
    first = home.start("run")
    assert begun.wait(60)
    done = home.run("ingest", PORTAL, status=2)
    assert "another process is writing: siprev run" in done.stderr
    go_on.set()
    assert first.wait(60) == 0
    first.communicate()
    assert web.times("/x.csv") == 1
    assert fetched.events(home) == {"2024-01": 3}


def test_an_interruption_from_the_keyboard_ends_in_order(home: Home, web: Web) -> None:
    assert home.sources is not None
    begun = threading.Event()

    def answer(handler: Handler, _: int) -> None:
        begun.set()
        handler.drip(b"x" * 1000, 0.05)

    web.answers["/x.csv"] = answer
    fetched.declare_portal(home.sources, f"{web.address}/x.csv")
    process = home.start("run")
    assert begun.wait(60)
    os.kill(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted; nothing half done is kept" in said
    assert list((home.path / "tmp").iterdir()) == []


def test_what_is_fetched_of_persons_is_sealed_and_nothing_lies_open(
    home: Home, pg: Postgres, tmp_path: Path
) -> None:
    """Also where the process is killed: the next one empties the folder for temporary files."""
    assert home.sources is not None
    fetched.declare_courts(home.sources, identifiers=["curp"], demo=False)
    keyring.add_new(tmp_path / "keys")
    secret = {"SIPREV_SECRET_COURTS": pg.address, "SIPREV_KEY_FILE": str(tmp_path / "keys")}
    assert "no master key" in home.run("run", status=2, extra={"SIPREV_SECRET_COURTS": pg.address}).stderr
    assert kill_when(home.start("run", extra=secret), home.path, lambda path: _parts(path) > 0)
    home.run("run", extra=secret)
    assert sum(fetched.events(home).values()) == ROWS
    (landed,) = [p for p in (home.path / "landing" / COURTS).iterdir() if p.suffix != ".key"]
    assert sealing.is_sealed(landed)
    assert_healthy(home)
    assert "nothing new" in home.run("run", extra=secret).stdout
