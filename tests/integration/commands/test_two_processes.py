"""One writer at a time, who is named to the next; readers never wait and never see half a load."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from tests.integration.commands import files, state
from tests.integration.commands.files import POLICE, Samples
from tests.integration.commands.home import Home, environment


@pytest.fixture
def later(samples: Samples, tmp_path: Path) -> Path:
    """A later edition of the file that the seed has, ten rows shorter."""
    return files.write(tmp_path / files.police_name(files.LATER), files.read(samples.police)[:-10])


@contextmanager
def halted(process: subprocess.Popen[str], home: Home) -> Iterator[int]:
    """A writer that stands still while it holds the lock, and goes on at the end."""
    lock = home.path / "writer.lock"
    while process.poll() is None and not (lock.exists() and lock.stat().st_size):
        time.sleep(0.001)
    os.kill(process.pid, signal.SIGSTOP)
    try:
        yield process.pid
    finally:
        os.kill(process.pid, signal.SIGCONT)


def test_a_second_writer_is_told_who_writes_and_readers_go_on(
    home: Home, samples: Samples, later: Path
) -> None:
    before = state.tables(home)
    first = home.start("ingest", POLICE, later)
    with halted(first, home) as pid:
        for command in (["ingest", POLICE, str(samples.police)], ["run"], ["quarantine", "list", "--codes"]):
            done = home.run(*command, status=2)
            assert f"another process is writing: siprev ingest (process {pid}, since 20" in done.stderr
            assert "  mend:  wait until it has ended" in done.stderr
        for command in (["query", "SELECT 1"], ["export", "sample"]):
            home.run(*command)
        told = {row["check"]: row for row in home.json("doctor")}
        assert f"process {pid}" in told["lock"]["detail"]
        assert state.tables(home) == before
    out, error = first.communicate(timeout=120)
    assert first.returncode == 0, out + error
    assert home.value("SELECT count(*) FROM core.person_role") == files.ROWS - 10


def test_a_second_writer_may_wait(home: Home, later: Path, samples: Samples, tmp_path: Path) -> None:
    latest = files.write(tmp_path / files.police_name(files.LATEST), files.read(samples.police)[:-20])
    first = home.start("ingest", POLICE, later)
    with halted(first, home):
        second = home.start("ingest", POLICE, latest, extra={"SIPREV_WAIT": "120"})
        time.sleep(1)
        assert second.poll() is None
    for process in (first, second):
        out, error = process.communicate(timeout=120)
        assert process.returncode == 0, out + error
    assert home.value("SELECT count(*) FROM core.person_role") == files.ROWS - 20
    assert home.value("SELECT count(*) FROM core.person_role_history") == 3 * files.ROWS - 30


def test_a_file_that_another_program_holds_open_is_told_as_that(home: Home, later: Path) -> None:
    """People open the main file with other tools, although snapshots are for that."""
    program = (
        "import duckdb, sys, time\n"
        f"held = duckdb.connect({str(home.path / 'warehouse.duckdb')!r})\n"
        "print('open', flush=True)\ntime.sleep(300)\n"
    )
    other = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    try:
        assert other.stdout
        other.stdout.readline()
        done = home.run("ingest", POLICE, later, status=2)
        assert "warehouse.duckdb" in done.stderr
        assert "  mend:  close other programs" in done.stderr
        home.run("query", "SELECT 1")
    finally:
        other.kill()
        other.communicate()
    home.run("ingest", POLICE, later)


def test_a_query_that_is_under_way_survives_a_writer_that_starts(home: Home, later: Path) -> None:
    process = home.start("query", "SELECT 7731 AS n", "--format", "json")
    while process.poll() is None and not list(home.path.rglob("reader-*")):
        time.sleep(0.001)
    os.kill(process.pid, signal.SIGSTOP)
    try:
        home.run("ingest", POLICE, later)
    finally:
        os.kill(process.pid, signal.SIGCONT)
    out, error = process.communicate(timeout=120)
    assert process.returncode == 0, error
    assert "7731" in out


class Readers:
    """Reads the current snapshot over and over, in this process and by the command line."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.ended = threading.Event()
        self.seen: set[tuple[int, int]] = set()
        self.reads = 0
        self.failures: list[str] = []
        self.threads = [threading.Thread(target=work) for work in (self._look, self._ask)]

    def __enter__(self) -> Readers:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        for thread in self.threads:
            thread.join()

    def _look(self) -> None:
        statement = (
            "SELECT (SELECT count(*) FROM core.person_role) AS records, "
            "(SELECT sum(n_records)::BIGINT FROM meta.slice_version WHERE valid_to IS NULL "
            "AND source_id = 'xaa_police_victims') AS accounted"
        )
        while not self.ended.is_set():
            try:
                (row,) = self.home.rows(statement)
            except (duckdb.Error, OSError) as error:
                self.failures.append(repr(error))
            else:
                self.seen.add((row["records"], row["accounted"]))
                self.reads += 1
            time.sleep(0.02)

    def _ask(self) -> None:
        while not self.ended.is_set():
            done = subprocess.run(
                self.home.command("status"), env=environment(), capture_output=True, check=False
            )
            if done.returncode:
                self.failures.append(done.stderr.decode())
            self.reads += 1


def test_readers_never_fail_and_never_see_half_a_load(home: Home, samples: Samples, tmp_path: Path) -> None:
    table = files.read(samples.police)
    with Readers(home) as readers:
        for n, edition in enumerate((files.LATER, files.LATEST), start=1):
            path = files.write(tmp_path / files.police_name(edition), table[: -10 * n])
            home.run("ingest", POLICE, path)
            home.run("ingest", POLICE, path)  # publishes a snapshot of the same batch once more
    assert readers.failures == []
    assert readers.reads > 10
    assert {records for records, _ in readers.seen} <= {files.ROWS, files.ROWS - 10, files.ROWS - 20}
    assert all(records == accounted for records, accounted in readers.seen)
