"""Sources that are fetched, in Dagster: the open round asks them, and one that is away stops nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest

from pipelines import settings as settings_module
from pipelines.orchestration.build import build_definitions
from sources.kit import discovery
from tests.integration import dagster_homes as homes
from tests.integration.commands import fetched
from tests.integration.commands.fetched import COURTS, PORTAL, Courts


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as made:
        yield made


@pytest.fixture
def courts(tmp_path: Path) -> Courts:
    return fetched.courts(tmp_path)


@pytest.fixture
def environment(tmp_path: Path, courts: Courts) -> dict[str, str]:
    """Settings with two sources of their own: the database, and a server that is not there."""
    folder = tmp_path / "sources"
    folder.mkdir()
    fetched.declare_courts(folder, watermark=fetched.MARK)
    fetched.declare_portal(folder, "http://127.0.0.1:1/{secret:path}/x.csv")
    return {
        "SIPREV_HOME": str(tmp_path / "var"),
        "SIPREV_SOURCES": str(folder),
        "SIPREV_SECRET_PATH": "QZPATH",
        "NO_PROXY": "*",
        **courts.environment,
    }


@pytest.fixture
def defs(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dg.Definitions:
    """The two, and the areas of the sample country."""
    monkeypatch.setenv("NO_PROXY", "*")
    settings = settings_module.read(environment)
    sources = [discovery.load(name, settings.sources) for name in (COURTS, PORTAL, "xaa_areas")]
    return build_definitions(settings, sources, clock=homes.at(2024, 7, 15))


def monthly() -> dg.JobDefinition:
    """The job as a run of the web page loads it, from the settings of the environment; of three sources."""
    settings = settings_module.read()
    sources = [discovery.load(name, settings.sources) for name in (COURTS, PORTAL, "xaa_areas")]
    return build_definitions(settings, sources).resolve_job_def("monthly")


def test_what_is_away_stops_nobody_else(
    environment: dict[str, str], instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    homes.put(tmp_path / "var", "xaa_areas", *homes.golden("xaa_areas"))
    tags = {"dagster/partition": datetime.now(UTC).strftime("%Y-%m")}
    with dg.execute_job(
        dg.reconstructable(monthly), instance=instance, tags=tags, raise_on_error=False
    ) as result:
        events = list(result.all_events)
    failed = [event for event in events if event.is_step_failure]
    assert [event.step_key for event in failed] == [f"deliveries__{PORTAL}"]
    done = {e.asset_key.to_user_string() for e in events if e.is_step_materialization and e.asset_key}
    assert {f"deliveries/{COURTS}", f"deliveries/{PORTAL}", "deliveries/xaa_areas"} <= done
    assert {"indicators/homicide_rate_health", "snapshot", "exports/sample/csv"} <= done
    told = str(failed[0].step_failure_data.user_failure_data)
    assert "nothing answers there" in told
    assert "{secret:path}" in told
    kept = "\n".join(str(entry) for entry in instance.all_logs(result.run_id))
    assert "{secret:path}" in kept
    assert "QZPATH" not in kept
    assert homes.query(tmp_path / "var", "SELECT count(*) FROM meta.origin") == [(1,)]


def test_the_open_round_fetches_what_is_new(
    defs: dg.Definitions, instance: dg.DagsterInstance, courts: Courts
) -> None:
    key = f"deliveries/{COURTS}"
    assert homes.materialized(homes.run(defs, instance))[key]["files_loaded"] == 1
    assert homes.materialized(homes.run(defs, instance))[key]["files_nothing_new"] == 1
    courts.execute("UPDATE incidents SET n = 3, changed = '2024-05-01' WHERE id = 0")
    assert homes.materialized(homes.run(defs, instance))[key]["files_loaded"] == 1


def test_a_round_that_has_ended_does_not_fetch(
    defs: dg.Definitions, instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    """What comes now did not arrive then."""
    result = homes.run(defs, instance, partition="2024-06")
    assert result.success
    assert homes.materialized(result)[f"deliveries/{COURTS}"]["files"] == "nothing new in this round"
    assert not (tmp_path / "var" / "landing" / COURTS).exists()


def test_the_assets_say_where_they_are_fetched(defs: dg.Definitions) -> None:
    descriptions = {
        key.path[-1]: defs.resolve_asset_graph().get(key).description
        for key in defs.resolve_asset_graph().get_all_asset_keys()
    }
    assert "an open round fetches from database courts" in str(descriptions[COURTS])
    assert "fetches from http://127.0.0.1:1/{secret:path}/x.csv" in str(descriptions[PORTAL])
    assert "fetches from" not in str(descriptions["xaa_areas"])


def test_a_schedule_asks_the_open_round_for_the_sources_that_are_fetched(
    defs: dg.Definitions, instance: dg.DagsterInstance
) -> None:
    schedule = defs.resolve_schedule_def("fetch_every_day")
    context = dg.build_schedule_context(
        instance,
        scheduled_execution_time=datetime(2024, 7, 15, 4, tzinfo=UTC),
        repository_def=defs.get_repository_def(),
    )
    (request,) = schedule.evaluate_tick(context).run_requests or []
    assert request.partition_key == "2024-07"
    chosen = {key.to_user_string() for key in request.asset_selection or []}
    assert {f"deliveries/{COURTS}", f"deliveries/{PORTAL}", "snapshot"} <= chosen
    assert "deliveries/xaa_areas" not in chosen


def test_without_such_sources_there_is_no_such_schedule(tmp_path: Path) -> None:
    defs = homes.definitions(tmp_path / "var", "xaa_areas")
    assert "fetch_every_day" not in {s.name for s in defs.schedules or []}
