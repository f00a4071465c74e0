"""What Dagster shows is what discovery finds; the parts can be replaced; schedules and the sensor ask for runs."""

import json
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest

from exports import partner as partners
from indicators import catalogue
from pipelines import settings
from pipelines.orchestration import jobs, rounds
from pipelines.orchestration.build import build_definitions
from schemas.errors import Misuse
from sources.kit import discovery
from tests.integration import dagster_homes as homes

CHECKS = {"accepted", "accounting", "rules", "freshness"}
JOBS = {"monthly", "checks", "forget_old_runs"}


@pytest.fixture(scope="module")
def defs(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    """Everything, on a home folder that does not exist yet."""
    return homes.definitions(tmp_path_factory.mktemp("definitions") / "var")


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as made:
        yield made


def keys(defs: dg.Definitions) -> set[str]:
    return {key.to_user_string() for key in defs.resolve_asset_graph().get_all_asset_keys()}


def test_the_assets_are_what_discovery_finds(defs: dg.Definitions) -> None:
    sources, indicators, recipients = discovery.folders(), catalogue.load().by_id, partners.names()
    assert len(sources) >= 10
    assert len(indicators) >= 4
    assert recipients
    assert keys(defs) == {
        *(f"deliveries/{source_id}" for source_id in sources),
        *(f"indicators/{indicator}" for indicator in indicators),
        "snapshot",
        *(f"exports/{name}/{form}" for name in recipients for form in partners.load(name).formats),
    }
    dg.Definitions.validate_loadable(defs)


def test_every_source_has_its_checks_and_the_account_blocks(defs: dg.Definitions) -> None:
    graph = defs.resolve_asset_graph()
    found = {(key.asset_key.path[-1], key.name) for key in graph.asset_check_keys}
    assert found == {(source_id, check) for source_id in discovery.folders() for check in CHECKS}
    blocking = {key.name for key in graph.asset_check_keys if graph.get(key).blocking}
    assert blocking == {"accounting"}


def test_an_asset_tells_what_its_source_declares(defs: dg.Definitions) -> None:
    node = defs.resolve_asset_graph().get(dg.AssetKey(["deliveries", "co_ponal_homicidios"]))
    declared = discovery.load("co_ponal_homicidios").specification
    assert node.group_name == "deliveries_COL"
    assert node.partitions_def == rounds.ROUNDS
    assert node.kinds == {"duckdb", "excel"}
    assert node.tags["siprev/record_type"] == declared.record_type
    for text in (declared.title["en"], declared.title["es"], declared.agreement.licence):
        assert text in (node.description or "")


def test_everything_that_the_page_lists_says_what_it_is(defs: dg.Definitions) -> None:
    graph, repository = defs.resolve_asset_graph(), defs.get_repository_def()
    described = {
        **{key.to_user_string(): graph.get(key).description for key in graph.get_all_asset_keys()},
        **{job.name: job.description for job in repository.get_all_jobs() if job.name in JOBS},
        **{schedule.name: schedule.description for schedule in repository.schedule_defs},
        **{sensor.name: sensor.description for sensor in repository.sensor_defs},
    }
    assert {*JOBS, "inbox", "check_every_day", "close_the_month"} <= set(described)
    assert [name for name, text in described.items() if not text] == []
    police = graph.get(dg.AssetKey(["indicators", "homicide_rate_police"]))
    assert police.metadata["unit"] == "Per 100,000 population"


def test_an_indicator_follows_the_sources_that_it_is_made_from(defs: dg.Definitions) -> None:
    graph = defs.resolve_asset_graph()
    health = graph.get(dg.AssetKey(["indicators", "homicide_rate_health"])).parent_keys
    declared = [source.specification for source in discovery.load_all()]
    deaths = {s.id for s in declared if s.record_type == "death"}
    countries = {s.country for s in declared if s.id in deaths}
    beside = {s.id for s in declared if s.country in countries and s.record_type in ("population", "area")}
    assert {"mx_inegi_homicidios", "co_dane_defunciones", "xaa_deaths"} <= deaths
    assert {"mx_conapo_poblacion", "mx_inegi_areas", "xaa_population", "xaa_areas"} <= beside
    # the population of the UN is that of no country
    assert "un_wpp_population" not in beside
    assert {key.path[-1] for key in health} == deaths | beside
    above = graph.get_ancestor_asset_keys(dg.AssetKey(["exports", "sample", "csv"]))
    assert {key for key in graph.get_all_asset_keys() if key.path[0] != "exports"} == above


def test_writers_wait_for_each_other_and_readers_do_not(defs: dg.Definitions) -> None:
    pools = {
        op.name: op.pool
        for asset in [*(defs.assets or ()), *(defs.asset_checks or ())]
        if isinstance(asset, dg.AssetsDefinition)
        for op in asset.node_def.iterate_op_defs()
    }
    assert {pools[name] for name in ("deliveries__xaa_areas", "indicators", "snapshot")} == {"warehouse"}
    assert pools["exports_sample"] == "exports"
    assert pools["check_xaa_areas"] is None


def test_settings_and_sources_can_be_replaced(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    made = homes.definitions(tmp_path / "one", "xaa_areas")
    assert {k for k in keys(made) if k.startswith("deliveries/")} == {"deliveries/xaa_areas"}
    homes.put(tmp_path / "one", "xaa_areas", *homes.golden("xaa_areas"))
    assert homes.run(made, instance).success
    assert homes.query(tmp_path / "one", "SELECT count(*) FROM meta.delivery") == [(1,)]
    assert not (tmp_path / "two").exists()
    other = build_definitions(homes.settings_of(tmp_path / "two"), recipients=[], clock=homes.at(2024, 7, 15))
    assert not [k for k in keys(other) if k.startswith("exports/")]
    assert not (tmp_path / "two").exists()


def test_the_environment_gives_the_settings_where_none_are_given(
    tmp_path: Path, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIPREV_HOME", str(tmp_path / "from the environment"))
    made = build_definitions(sources=[discovery.load("xaa_areas")], clock=homes.at(2024, 7, 15))
    homes.put(tmp_path / "from the environment", "xaa_areas", *homes.golden("xaa_areas"))
    assert homes.run(made, instance).success
    assert homes.query(tmp_path / "from the environment", "SELECT count(*) FROM meta.delivery") == [(1,)]


def test_a_source_folder_outside_the_repository_is_found(tmp_path: Path) -> None:
    shutil.copytree(discovery.folders()["xaa_areas"], tmp_path / "sources" / "zz_areas")
    declared = tmp_path / "sources" / "zz_areas" / "source.yml"
    text = declared.read_text(encoding="utf-8")
    declared.write_text(text.replace("id: xaa_areas", "id: zz_areas"), encoding="utf-8")
    given = settings.read({"SIPREV_HOME": str(tmp_path / "var")}).at(None, [tmp_path / "sources"])
    assert "deliveries/zz_areas" in keys(build_definitions(given))
    declared.write_text(text.replace("id: xaa_areas", "id: zz_areas\nunheard_of: 1"), encoding="utf-8")
    with pytest.raises(Misuse, match="unheard_of"):
        build_definitions(given)


@pytest.mark.parametrize(
    ("moment", "closed"),
    [
        (datetime(2024, 3, 1, 5, tzinfo=UTC), "2024-02"),
        (datetime(2024, 1, 1, 5, tzinfo=UTC), "2023-12"),
        (datetime(2024, 12, 1, 5, tzinfo=UTC), "2024-11"),
    ],
)
def test_the_schedule_closes_the_month_that_has_ended(
    defs: dg.Definitions, moment: datetime, closed: str
) -> None:
    schedule = defs.resolve_schedule_def("close_the_month")
    assert schedule.cron_schedule == jobs.CLOSING
    assert schedule.execution_timezone == "UTC"
    with dg.build_schedule_context(
        scheduled_execution_time=moment, repository_def=defs.get_repository_def()
    ) as context:
        (request,) = schedule.evaluate_tick(context).run_requests or []
    assert request.partition_key == closed
    assert request.run_key == f"round {closed}"
    assert request.tags["dagster/partition"] == closed


def test_the_other_schedules_ask_for_their_jobs(defs: dg.Definitions) -> None:
    for name in ("check_every_day", "forget_old_runs_monthly"):
        schedule = defs.resolve_schedule_def(name)
        with dg.build_schedule_context(
            scheduled_execution_time=datetime(2024, 3, 2, tzinfo=UTC),
            repository_def=defs.get_repository_def(),
        ) as context:
            assert len(schedule.evaluate_tick(context).run_requests or []) == 1


def test_nothing_is_switched_on_by_itself(defs: dg.Definitions) -> None:
    repository = defs.get_repository_def()
    assert {s.default_status for s in repository.schedule_defs} == {dg.DefaultScheduleStatus.STOPPED}
    assert {s.default_status for s in repository.sensor_defs} == {dg.DefaultSensorStatus.STOPPED}


@contextmanager
def under_way(instance: dg.DagsterInstance) -> Iterator[None]:
    """As if a round were running meanwhile."""
    run = instance.add_run(dg.DagsterRun("monthly", str(uuid.uuid4()), status=dg.DagsterRunStatus.STARTED))
    yield
    instance.delete_run(run.run_id)


class Watch:
    """The sensor of the inbox, look after look."""

    def __init__(self, home: Path, instance: dg.DagsterInstance, *source_ids: str) -> None:
        self.defs = homes.definitions(home, *source_ids)
        self.instance = instance
        self.cursor: str | None = None

    def look(self) -> list[dg.RunRequest]:
        """One look; the requests that it makes."""
        with dg.build_sensor_context(
            instance=self.instance, cursor=self.cursor, repository_def=self.defs.get_repository_def()
        ) as context:
            ticked = self.defs.resolve_sensor_def("inbox").evaluate_tick(context)
        self.cursor = ticked.cursor
        assert ticked.run_requests or ticked.skip_message
        return list(ticked.run_requests or [])


def test_the_sensor_asks_once_for_a_new_file(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    watch = Watch(tmp_path, instance, "xaa_areas", "xaa_deaths")
    assert watch.look() == []
    (path,) = homes.put(tmp_path, "xaa_areas", *homes.golden("xaa_areas"))
    assert watch.look() == []  # it may still be on its way
    (request,) = watch.look()
    assert request.partition_key == homes.JULY
    assert {k.to_user_string() for k in request.asset_selection or []} == keys(watch.defs) - {
        "deliveries/xaa_deaths"
    }
    assert watch.look() == []  # asked for, and not done yet
    homes.put(tmp_path, "xaa_deaths", *homes.golden("xaa_deaths"))
    watch.look()
    with under_way(instance):
        (other,) = watch.look()
    assert dg.AssetKey(["deliveries", "xaa_areas"]) not in (other.asset_selection or [])
    assert other.run_key != request.run_key
    # done: nothing more, also not for a sensor that has forgotten what it asked for
    assert homes.run(watch.defs, instance).success
    watch.cursor = None
    assert [watch.look(), watch.look()] == [[], []]
    # corrected: asked for again
    path.write_bytes(path.read_bytes() + b"\n")
    watch.look()
    (again,) = watch.look()
    assert again.run_key not in {request.run_key, other.run_key}


def test_a_file_whose_run_came_to_nothing_goes_along_with_the_next(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    watch = Watch(tmp_path, instance, "xaa_areas", "xaa_deaths")
    homes.put(tmp_path, "xaa_deaths", *homes.golden("xaa_deaths"))
    watch.look()
    (request,) = watch.look()
    assert not homes.run(watch.defs, instance).success  # the country's areas are not known
    assert [watch.look(), watch.look()] == [[], []]
    homes.put(tmp_path, "xaa_areas", *homes.golden("xaa_areas"))
    watch.look()
    (next_one,) = watch.look()
    assert dg.AssetKey(["deliveries", "xaa_deaths"]) in (next_one.asset_selection or [])
    assert next_one.run_key != request.run_key
    assert homes.run(watch.defs, instance).success


def test_the_sensor_waits_while_a_file_grows(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    watch = Watch(tmp_path, instance, "xaa_areas")
    (path,) = homes.put(tmp_path, "xaa_areas", *homes.golden("xaa_areas"))
    whole = path.read_bytes()
    for size in (10, 20, 30):
        path.write_bytes(whole[:size])
        assert watch.look() == []
    assert len(watch.look()) == 1


def test_a_refused_file_is_not_asked_for_again(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    watch = Watch(tmp_path, instance, "xaa_areas")
    (path,) = homes.put(tmp_path, "xaa_areas", *homes.golden("xaa_areas"))
    path.write_text("NO,COLUMNS\n1,2\n", encoding="utf-8")
    assert [len(watch.look()) for _ in range(3)] == [0, 1, 0]
    assert not homes.run(watch.defs, instance).success
    for _ in range(3):
        assert watch.look() == []
    watch.cursor = None
    for _ in range(3):
        assert watch.look() == []
    assert json.loads(str(watch.cursor)) == {"asked": {}, "looked": {}}
