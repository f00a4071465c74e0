"""Dagster's own processes: its settings, one writer at a time, killed runs, and ``siprev ui`` from start to end."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest

from pipelines import settings as settings_module
from pipelines.orchestration import jobs, processes, rounds
from pipelines.steps import ui
from schemas.errors import Misuse
from tests.integration import dagster_homes as homes
from warehouse import lock
from warehouse.home import Home

PATIENCE_SECONDS = 120.0


#: A source that comes early among all, so that a round soon gets to it.
EARLY = "br_ibge_areas"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose inbox has a file."""
    homes.put(tmp_path / "var", EARLY, *homes.golden(EARLY))
    return tmp_path / "var"


@pytest.fixture
def instance(home: Path) -> Iterator[dg.DagsterInstance]:
    """Dagster's storage in the home folder, with the settings of the repository."""
    with dg.DagsterInstance.from_config(str(ui.prepare(Home(home)))) as opened:
        yield opened


def environment(home: Path) -> dict[str, str]:
    return settings_module.child_environment(
        homes.settings_of(home), {"DAGSTER_HOME": str(Home(home).dagster), "PYTHONWARNINGS": "ignore"}
    )


def start_a_round(home: Path) -> subprocess.Popen[bytes]:
    """Run the open round in a process of its own, as a person without the web page would."""
    tags = json.dumps({"dagster/partition": rounds.month_of(datetime.now(UTC))})
    job = ["job", "execute", "-m", "pipelines.definitions", "-j", "monthly", "--tags", tags]
    return subprocess.Popen(
        [sys.executable, "-m", "dagster", *job],
        env=environment(home),
        cwd=ui.ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.2)


def slots(instance: dg.DagsterInstance) -> tuple[int, int]:
    """Steps that hold the place of the writer, and steps that wait for it."""
    info = instance.event_log_storage.get_concurrency_info("warehouse")
    return info.active_slot_count, info.pending_step_count


def test_the_settings_of_the_repository_are_what_dagster_reads(
    home: Path, instance: dg.DagsterInstance
) -> None:
    assert not instance.telemetry_enabled
    assert not instance.nux_enabled
    assert instance.python_log_level == "INFO"
    pools = instance.get_concurrency_config().pool_config
    assert (pools.default_pool_limit, pools.pool_granularity and pools.pool_granularity.value) == (1, "op")
    assert instance.run_monitoring_enabled
    instance.add_run(dg.DagsterRun("monthly", "a-run"))
    assert {p.name for p in Home(home).dagster.iterdir()} >= {"dagster.yaml", "history"}
    assert oct(Home(home).dagster.stat().st_mode & 0o777) == "0o700"


def test_settings_that_a_person_changed_are_kept(home: Path) -> None:
    changed = ui.prepare(Home(home)) / "dagster.yaml"
    changed.write_text("telemetry: {enabled: false}\n", encoding="utf-8")
    ui.prepare(Home(home))
    assert changed.read_text(encoding="utf-8") == "telemetry: {enabled: false}\n"


def test_a_child_process_reads_the_settings_that_are_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    given = settings_module.read(
        {
            "SIPREV_HOME": "here",
            "SIPREV_ACTOR": "a person",
            "SIPREV_MASTER_KEY": "ab" * 32,
            "SIPREV_THREADS": "2",
        }
    )
    read = settings_module.read(settings_module.child_environment(given, {"OTHER": "1"}))
    assert read == given.at(tmp_path / "here")
    assert settings_module.child_environment(given, {"OTHER": "1"})["OTHER"] == "1"


def test_a_process_is_known_by_more_than_its_number() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        noted = processes.identity(child.pid)
        assert noted
        assert processes.lives(noted)
        number, started, boot = noted.split()
        assert not processes.lives(f"{number} {int(started) - 1} {boot}")
        assert not processes.lives(f"{number} {started} another-boot")
        child.kill()
        wait_for(lambda: not processes.lives(noted))  # also before its parent has collected it
    assert not processes.lives("unknown")


@pytest.mark.slow
def test_killed_runs_give_their_place_back_and_the_next_run_completes(
    home: Path, instance: dg.DagsterInstance
) -> None:
    with lock.writer(Home(home), "the test"):  # a run gets as far as its first writing step
        first = start_a_round(home)
        try:
            wait_for(lambda: slots(instance) == (1, 0))
            wait_for(lambda: all(processes.TAG in run.tags for run in instance.get_runs()))
            second = start_a_round(home)
            try:
                wait_for(lambda: slots(instance)[1] >= 1)
                assert slots(instance)[0] == 1
                # both live: the one that waits has not noted its process, but began only just now
                assert processes.end_dead_runs(instance) == []
            finally:
                second.kill()
                second.wait()
        finally:
            first.send_signal(signal.SIGKILL)
            first.wait()
    left = {run.run_id for run in instance.get_runs()}
    assert {run.status for run in instance.get_runs()} == {dg.DagsterRunStatus.STARTED}
    assert slots(instance)[0] == 1
    assert set(processes.end_dead_runs(instance, unnoted_seconds=0)) == left
    assert {run.status for run in instance.get_runs()} == {dg.DagsterRunStatus.FAILURE}
    assert slots(instance) == (0, 0)
    assert processes.end_dead_runs(instance, unnoted_seconds=0) == []
    assert homes.run(homes.definitions(home, EARLY), instance).success
    assert homes.query(home, "SELECT status FROM meta.delivery") == [("loaded",)]
    assert slots(instance) == (0, 0)


def test_old_runs_are_forgotten_and_young_ones_kept(home: Path) -> None:
    defs = homes.definitions(home, EARLY)
    instance = dg.DagsterInstance.ephemeral()
    old, young = (homes.run(defs, instance, job="checks").run_id for _ in range(2))
    with instance.run_storage.connect() as connection:  # type: ignore[attr-defined]
        connection.exec_driver_sql(
            f"UPDATE runs SET update_timestamp = '2020-01-01 00:00:00' WHERE run_id = '{old}'"
        )
    job = defs.resolve_job_def(jobs.forget_old_runs.name)
    assert job.execute_in_process(instance=instance).success
    kept = {run.run_id for run in instance.get_runs()}
    assert young in kept
    assert old not in kept


def test_a_taken_port_and_a_second_page_are_told(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(Misuse, match="cannot listen on"):
        ui.serve(homes.settings_of(home), "127.0.0.1", taken.getsockname()[1])
    with ui._alone(ui.prepare(Home(home))), pytest.raises(Misuse, match="already running"):
        ui.serve(homes.settings_of(home), "127.0.0.1", free_port())


def test_source_directories_reach_dagster_or_the_command_stops(home: Path, tmp_path: Path) -> None:
    given = homes.settings_of(home).at(None, [tmp_path])
    told = settings_module.child_environment(given, {})
    assert told["SIPREV_SOURCES"] == str(tmp_path)
    if settings_module.read(told).sources != (tmp_path,):
        with pytest.raises(Misuse, match="directories of sources"):
            ui.serve(given, "127.0.0.1", free_port())


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def ask(port: int, question: str) -> str:
    """Ask the page's own interface."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/graphql",
        data=json.dumps({"query": question}).encode(),
        headers={"content-type": "application/json"},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=60) as answer:
        return str(answer.read().decode())


def group(leader: int) -> list[int]:
    """Processes of a group that live."""
    found = []
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            try:
                fields = (
                    (path / "stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
                )
            except OSError:
                continue
            if fields[0] not in {"Z", "X"} and int(fields[2]) == leader:
                found.append(int(path.name))
    return found


@pytest.mark.slow
def test_the_page_serves_the_definitions_and_leaves_no_process_behind(home: Path, tmp_path: Path) -> None:
    with dg.DagsterInstance.from_config(str(ui.prepare(Home(home)))) as instance:
        # a run that an earlier page left when it was killed
        dead = dg.DagsterRun(
            "monthly", "0" * 8, status=dg.DagsterRunStatus.STARTED, tags={processes.TAG: "1 0 earlier-boot"}
        )
        instance.add_run(dead)
    port, told = free_port(), tmp_path / "told"
    with told.open("wb") as output:
        page = subprocess.Popen(
            [sys.executable, "-c", "from pipelines.cli import main; main()", "ui", "--port", str(port)],
            env=environment(home),
            stdout=output,
            stderr=output,
            cwd=tmp_path,
        )
    try:
        wait_for(lambda: page.poll() is not None or b"page: http://127.0.0.1" in told.read_bytes())
        assert page.poll() is None, told.read_text(encoding="utf-8")
        served = ask(
            port,
            "{ workspaceOrError { ... on Workspace { locationEntries { locationOrLoadError { "
            "... on RepositoryLocation { repositories { assetNodes { assetKey { path } } } } } } } } }",
        )
        assert '"deliveries","xaa_areas"' in served.replace(" ", "")
        held = (Home(home).dagster / "ui.lock").read_text(encoding="utf-8")
        leader = int(held.rpartition(" ")[2])
        assert len(group(leader)) > 2
        page.send_signal(signal.SIGINT)
        assert page.wait(PATIENCE_SECONDS) == 0
        assert group(leader) == []
    finally:
        if page.poll() is None:
            os.kill(page.pid, signal.SIGTERM)
            page.wait(PATIENCE_SECONDS)
    assert "had lost its process" in told.read_text(encoding="utf-8")
    with dg.DagsterInstance.from_config(str(Home(home).dagster)) as instance:
        assert [run.status for run in instance.get_runs()] == [dg.DagsterRunStatus.FAILURE]
