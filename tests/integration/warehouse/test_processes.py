"""Real processes: one writer at a time, and a kill at any step of a load leaves what was there."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from schemas.errors import Misuse
from tests.integration.warehouse import staged
from tests.integration.warehouse.staged import Delivered, Record, many
from warehouse import doctor, lock, reading, snapshot
from warehouse.database import Warehouse
from warehouse.home import Home

JAN, FEB = staged.months(1, 2)

#: Opens the warehouse, loads a delivery of seven records, and publishes; kills itself at the named step.
LOADER = """
import os, signal, sys
from pathlib import Path
from tests.integration.warehouse import staged
from tests.integration.warehouse.staged import Delivered, Record, many
from warehouse import accounting, load, slices, snapshot, transaction
from warehouse import batch as batches
from warehouse.home import Home

folder, module, function, moment = sys.argv[1:]
place = {"accounting": accounting, "load": load, "slices": slices, "snapshot": snapshot, "batch": batches}.get(module)

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

if place:
    real = getattr(place, function)
    def dying(*arguments, **named):
        if moment == "before":
            die()
        real(*arguments, **named)
        die()
    setattr(place, function, dying)

with staged.open_warehouse(Home(Path(folder))) as warehouse:
    JAN, FEB = staged.months(1, 2)
    fields = {"case_hmac": bytes(32)}
    records = [*(Record(JAN, fields=fields) for _ in range(4)), *many(FEB, 2), Record(FEB, broken=1)]
    staged.ingest(warehouse, Delivered(records))
    snapshot.publish(warehouse, warehouse.last_batch())
"""

#: Steps of a load and its publication, with whether the load holds if the process dies there.
STEPS = [
    ("load", "_write_restricted", "before", False),
    ("load", "_write_restricted", "after", False),
    ("slices", "write", "after", False),
    ("load", "_write_quarantine", "after", False),
    ("accounting", "prove", "before", False),
    ("load", "_write_main", "after", True),
    ("batch", "commit", "before", True),
    ("snapshot", "publish", "before", True),
    ("snapshot", "_copy", "after", True),
    ("snapshot", "write_text_atomically", "before", True),
    ("snapshot", "publish", "after", True),
]


def contents(warehouse: Warehouse) -> list[object]:
    """Facts, quarantine and what is restricted, without the times at which it was written."""
    queries = (
        "SELECT * FROM core.person_role_history ORDER BY ALL",
        "SELECT * FROM quarantine.record ORDER BY ALL",
        "SELECT * FROM restricted.core.person_role_row ORDER BY ALL",
        "SELECT * FROM restricted.quarantine.raw ORDER BY ALL",
        "SELECT * EXCLUDE (received_at) FROM meta.delivery ORDER BY ALL",
        "SELECT * FROM meta.slice_version ORDER BY ALL",
        "SELECT batch_id, kind FROM meta.batch ORDER BY ALL",
    )
    return [reading.rows(warehouse.connection, q) for q in queries]


def run_loader(home: Home, module: str, function: str, moment: str, project: Path) -> int:
    command = [sys.executable, "-c", LOADER, str(home.path), module, function, moment]
    return subprocess.run(command, cwd=project, check=False).returncode


@pytest.fixture(scope="module")
def first(template: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A warehouse with one delivery and its snapshot."""
    home = Home(tmp_path_factory.mktemp("first") / "home")
    with staged.open_warehouse(home, template) as warehouse:
        staged.ingest(warehouse, Delivered([*many(JAN, 1), Record(JAN, broken=1)]))
        snapshot.publish(warehouse, 1)
    return home


@pytest.fixture(scope="module")
def undisturbed(first: Home, project: Path, tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    """What the two deliveries leave if nothing is killed."""
    home = Home(tmp_path_factory.mktemp("undisturbed") / "home")
    shutil.copytree(first.path, home.path)
    assert run_loader(home, "", "", "", project) == 0
    with staged.open_warehouse(home) as warehouse:
        return contents(warehouse)


@pytest.mark.parametrize(("module", "function", "moment", "holds"), STEPS)
def test_a_kill_at_any_step_is_survived(
    home: Home,
    undisturbed: list[object],
    first: Home,
    project: Path,
    module: str,
    function: str,
    moment: str,
    holds: bool,
) -> None:
    shutil.copytree(first.path, home.path)
    with staged.open_warehouse(home) as warehouse:
        before = contents(warehouse)
    assert run_loader(home, module, function, moment, project) == -signal.SIGKILL
    with snapshot.reader(home) as connection:  # readers are never without an answer
        assert connection.execute("SELECT count(*) FROM core.person_role").fetchall()[0][0] in (1, 6)
    with staged.open_warehouse(home) as warehouse:
        assert (warehouse.last_delivery() == 2) == holds
        if not holds:
            assert contents(warehouse) == before
    # the next run completes, and the end is that of an undisturbed one
    if not holds:
        assert run_loader(home, "", "", "", project) == 0
    with staged.open_warehouse(home) as warehouse:
        after = contents(warehouse)
        snapshot.publish(warehouse, warehouse.last_batch())
    assert after == undisturbed
    assert all(f.ok for f in doctor.examine(home, least_free_bytes=0))


def test_rows_that_no_delivery_knows_are_swept(home: Home, template: Home, project: Path) -> None:
    """Killed between the commits of the two files: the restricted one has rows that the main one never heard of."""
    staged.open_warehouse(home, template).close()
    assert run_loader(home, "load", "_write_restricted", "after", project) == -signal.SIGKILL
    findings = {f.check: f for f in doctor.examine(home, least_free_bytes=0)}
    assert not findings["orphans"].ok
    with staged.open_warehouse(home) as warehouse:
        for table in ("quarantine.raw", "core.person_role_row"):
            assert warehouse.scalar(f"SELECT count(*) FROM restricted.{table}") == 0


@contextmanager
def other_writer(home: Home, project: Path, seconds: float = 60.0) -> Iterator[subprocess.Popen[str]]:
    """Another process that writes."""
    script = (
        "import sys, time; from pathlib import Path; from warehouse import lock; from warehouse.home import Home\n"
        "with lock.writer(Home(Path(sys.argv[1])), 'siprev ingest xaa_police'):\n"
        "    print('holding', flush=True); time.sleep(float(sys.argv[2]))\n"
    )
    command = [sys.executable, "-c", script, str(home.path), str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=project) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "holding\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_second_writer_is_told_who_holds_the_lock(home: Home, project: Path) -> None:
    with other_writer(home, project) as process:
        holder = lock.holder(home)
        assert holder is not None
        assert (holder.pid, holder.command) == (process.pid, "siprev ingest xaa_police")
        with pytest.raises(Misuse) as refused:
            Warehouse.open(home, "siprev run")
        assert refused.value.exit_status == 2
        assert f"siprev ingest xaa_police (process {process.pid}, since 20" in str(refused.value)
        assert not home.warehouse.exists()


def test_a_second_writer_can_wait(home: Home, project: Path) -> None:
    with other_writer(home, project, seconds=1.0):
        started = time.monotonic()
        with lock.writer(home, "siprev run", wait_seconds=30.0):
            assert time.monotonic() - started > 0.3
            assert home.writer_lock.read_text().startswith(f'{{"pid": {os.getpid()}')


def test_the_lock_of_a_dead_process_is_free(home: Home, project: Path) -> None:
    with other_writer(home, project) as process:
        process.kill()
        process.wait()
        assert home.writer_lock.read_text() != ""
        assert lock.holder(home) is None
        with lock.writer(home, "siprev run"):
            pass
    assert home.writer_lock.read_text() == ""


def test_readers_go_on_through_publications(home: Home, template: Home, project: Path) -> None:
    """Every answer is that of a whole batch: n records of January, n of February."""
    with staged.open_warehouse(home, template) as warehouse:
        staged.ingest(warehouse, Delivered([*many(JAN, 1), *many(FEB, 1)]))
        snapshot.publish(warehouse, 1)
        script = (
            "import sys; from pathlib import Path; from warehouse import snapshot; from warehouse.home import Home\n"
            "home = Home(Path(sys.argv[1])); seen = set()\n"
            "while not (home.path / 'stop').exists():\n"
            "    with snapshot.reader(home) as c:\n"
            "        query = 'SELECT count(*) FROM core.person_role GROUP BY occurrence_date'\n"
            "        seen.add(tuple(c.execute(query).fetchall()))\n"
            "assert all(len(s) == 2 and s[0] == s[1] for s in seen), seen\n"
            "print(len(seen))\n"
        )
        command = [sys.executable, "-c", script, str(home.path)]
        readers = [
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=project)
            for _ in range(2)
        ]
        for n in range(2, 7):
            staged.ingest(warehouse, Delivered([*many(JAN, n), *many(FEB, n)]))
            snapshot.publish(warehouse, n, retention=snapshot.Retention(newest=1, younger_than_seconds=-1.0))
            time.sleep(0.1)
        (home.path / "stop").touch()
        for reader in readers:
            output, errors = reader.communicate(timeout=60)
            assert errors == ""
            assert int(output) >= 1


def test_duckdb_draws_no_bar_into_what_a_process_prints(home: Home, template: Home, project: Path) -> None:
    """A process without a script file is a person at a prompt to DuckDB, which shows how far a statement is."""
    with staged.open_warehouse(home, template) as warehouse:
        staged.ingest(warehouse, Delivered(many(JAN, 1)))
        snapshot.publish(warehouse, 1)
    script = (
        "import sys; from pathlib import Path; from warehouse import snapshot; from warehouse.home import Home\n"
        "from tests.integration.warehouse import staged\n"
        "home, asked = Home(Path(sys.argv[1])), \"SELECT current_setting('enable_progress_bar')\"\n"
        "with staged.open_warehouse(home) as warehouse, snapshot.reader(home) as reader:\n"
        "    print(*(c.execute(asked).fetchone()[0] for c in (warehouse.connection, reader)))\n"
    )
    command = [sys.executable, "-c", script, str(home.path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=project, check=True)
    assert done.stdout == "False False\n"
