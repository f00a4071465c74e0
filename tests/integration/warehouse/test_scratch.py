"""Readers spill into folders of their own: a writer that starts leaves those of the living alone."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from tests.integration.warehouse import staged
from tests.integration.warehouse.staged import Delivered, many
from warehouse import doctor, query, scratch, snapshot
from warehouse.home import Home
from warehouse.query import Limits

JAN = staged.months(1)[0]
#: A sort whose rows do not fit into the memory that the readers here have.
SPILLS = "SELECT md5(i::VARCHAR) AS x FROM range(3000000) AS t(i) ORDER BY x"
SMALL = "100MB"

READER = """
import sys
from pathlib import Path
from warehouse import snapshot
from warehouse.home import Home

with snapshot.reader(Home(Path(sys.argv[1]))) as connection:
    print(connection.execute("SELECT current_setting('temp_directory')").fetchone()[0], flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def published(home: Home, template: Home) -> Home:
    """A home folder with a snapshot, in which nobody writes."""
    with staged.open_warehouse(home, template) as warehouse:
        staged.ingest(warehouse, Delivered(many(JAN, 3)))
        snapshot.publish(warehouse, 1)
    return home


def write(home: Home) -> None:
    """Be a writer for a moment: its start sweeps."""
    staged.open_warehouse(home).close()


def folder_of(connection: duckdb.DuckDBPyConnection) -> Path:
    """Where a reader spills."""
    row = connection.execute("SELECT current_setting('temp_directory')").fetchone()
    assert row is not None
    return Path(row[0])


@contextmanager
def other_reader(home: Home, project: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A process that reads, and its folder."""
    command = [sys.executable, "-c", READER, str(home.path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=project
    ) as process:
        assert process.stdout is not None
        try:
            yield process, Path(process.stdout.readline().strip())
        finally:
            process.kill()


def test_what_a_reader_has_spilled_outlives_a_writers_start(published: Home) -> None:
    with snapshot.reader(published, memory_limit=SMALL) as connection:
        folder = folder_of(connection)
        answer = connection.execute(SPILLS)
        first = answer.fetchone()
        spilled = list(folder.iterdir())
        assert sum(path.stat().st_size for path in spilled) > 0
        write(published)
        assert all(path.exists() for path in spilled)
        last = answer.fetchall()[-1]
        assert first is not None
        assert first < last
    assert list(published.temporary.iterdir()) == []


def test_every_reader_has_a_folder_of_its_own(published: Home, project: Path) -> None:
    with (
        snapshot.reader(published) as one,
        snapshot.reader(published, memory_limit=SMALL) as other,
        other_reader(published, project) as (process, of_process),
    ):
        folders = {folder_of(one), folder_of(other), of_process}
        assert len(folders) == 3
        assert {path.parent for path in folders} == {published.temporary}
        write(published)
        assert {path for path in folders if path.is_dir()} == folders
        process.communicate("\n", timeout=60)
        assert not of_process.exists()
        # what lives is no left-over
        assert all(f.ok for f in doctor.examine(published, least_free_bytes=0))
    assert list(published.temporary.iterdir()) == []


def test_the_folder_of_a_reader_that_was_killed_goes_with_the_next_sweep(
    published: Home, project: Path
) -> None:
    with other_reader(published, project) as (process, folder):
        (folder / "spilled").write_bytes(b"spilled")
        process.kill()
        process.wait()
    (left,) = [f for f in doctor.examine(published, least_free_bytes=0) if not f.ok]
    assert folder.name in left.detail
    write(published)
    assert list(published.temporary.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not end a child with its parent")
def test_the_child_of_a_query_ends_with_the_command_that_is_killed(published: Home, project: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from warehouse import query; from warehouse.home import Home\n"
        "query.run(Home(Path(sys.argv[1])), 'SELECT sum(a.i * b.i) FROM range(1000000000) a(i), range(99) b(i)')\n"
    )
    command = [sys.executable, "-c", script, str(published.path)]
    parent = subprocess.Popen(command, cwd=project)
    child = _child_of(parent)
    (folder,) = published.temporary.iterdir()
    # its folder is in use until the last of its threads has ended
    write(published)
    assert folder.is_dir()
    parent.kill()
    parent.wait()
    ends = time.monotonic() + 60
    while folder.exists() and time.monotonic() < ends:
        write(published)
    assert not folder.exists()
    assert _state(child) in "XZ"


def test_a_folder_is_never_taken_from_under_one_who_has_just_made_it(published: Home) -> None:
    ended = threading.Event()

    def sweep() -> None:
        while not ended.is_set():
            scratch.sweep(published)
            scratch.left_over(published)

    with ThreadPoolExecutor(1) as sweeper:
        sweeping = sweeper.submit(sweep)
        try:
            for _ in range(300):
                with scratch.private(published) as folder:
                    (folder.path / "spilled").write_bytes(b"spilled")
                    assert (folder.path / "spilled").exists()
        finally:
            ended.set()
        sweeping.result()
    assert list(published.temporary.iterdir()) == []


def test_a_query_leaves_nothing_behind_whatever_its_end(published: Home) -> None:
    query.run(published, "SELECT 1")
    for statement in ("SELECT nothing", SPILLS):
        with pytest.raises(Exception, match="query"):
            query.run(published, statement, limits=Limits(answer_megabytes=10))
    assert list(published.temporary.iterdir()) == []


def _child_of(parent: subprocess.Popen[bytes]) -> int:
    """Number of the first child of a process, as soon as it has one that runs another program."""
    while True:
        assert parent.poll() is None
        children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()
        if children and b"query_process" in Path(f"/proc/{children[0]}/cmdline").read_bytes():
            return int(children[0])


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return "X"
