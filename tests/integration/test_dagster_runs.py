"""The same deliveries through Dagster and through the command line give the same warehouse."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from pipelines import sample_countries, settings
from pipelines.orchestration import intake
from pipelines.orchestration.build import build_definitions
from pipelines.steps import run as running
from sources.kit import discovery
from tests.integration import dagster_homes as homes
from warehouse.home import Home

#: Sources of every format family and both countries of the first indicators; one delivers two files at once.
DELIVERING = (
    "co_dane_poblacion",
    "co_ponal_homicidios",
    "mx_conapo_poblacion",
    "mx_conapo_poblacion_sexo",
    "mx_inegi_homicidios",
    "mx_sesnsp_estatal",
    "un_wpp_population",
    "xaa_areas",
    "xaa_deaths",
    "xaa_police_victims",
    "xaa_population",
    "xbb_areas",
)
#: Sources of which nothing arrives.
SILENT = ("br_ibge_areas", "xbb_population")
WRONG_HEADER = "ESTA,CABECERA\n1,un nombre que nadie debe ver\n"


def monthly() -> dg.JobDefinition:
    """The job as a run of the web page loads it, from the settings of the environment; of some sources."""
    sources = [discovery.load(name) for name in (*DELIVERING, *SILENT)]
    return build_definitions(settings.read(), sources).resolve_job_def("monthly")


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as made:
        yield made


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """Two empty homes that make the same references."""
    first = homes.empty_home(tmp_path / "command line")
    return first, homes.empty_home(tmp_path / "dagster", like=first)


def test_the_sample_country_gives_the_same_in_both_ways(
    pair: tuple[Path, Path], instance: dg.DagsterInstance
) -> None:
    ids = [s.id for s in discovery.load_all() if s.specification.country == "XAA"]
    for home in pair:
        sample_countries.write_deliveries(home / "inbox", further=False)
    report = running.run(homes.settings_of(pair[0]), country="XAA")
    result = homes.run(homes.definitions(pair[1], *ids), instance)
    assert result.success
    assert not report.refused
    assert homes.differences(*pair) == {}
    rows = homes.compared(pair[1])
    assert {
        "core.person_role_row",
        "core.death_row",
        "core.incident_row",
        "core.population_row",
        "core.area_row",
    } <= {table for table, n in rows.items() if n}
    for table in ("meta.delivery", "meta.report_cell", "quarantine.record_row", "indicator.value_history"):
        assert rows[table] > 0, table


def test_a_difference_would_be_found(pair: tuple[Path, Path]) -> None:
    for home in pair:
        homes.put(home, "xaa_areas", *homes.golden("xaa_areas"))
        homes.put(home, "xaa_deaths", *homes.golden("xaa_deaths"))
    homes.put(pair[1], "xaa_population", *homes.golden("xaa_population"))
    for home in pair:
        running.run(homes.settings_of(home), country="XAA")
    found = homes.differences(*pair)
    assert found["core.population_row"][0] == 0
    assert found["core.population_row"][1] > 0
    assert {"meta.delivery", "indicator.value_history", "quarantine.raw_restricted"} <= set(found)


def test_refusals_and_repetitions_stop_nobody_else_and_give_the_same(
    pair: tuple[Path, Path], instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text(WRONG_HEADER, encoding="utf-8")
    for home in pair:
        homes.put_golden(home, DELIVERING)
        homes.put(home, "xaa_deaths", wrong, name="zz_wrong__ed2023-08-31.csv")
        homes.put(home, "xaa_areas", *homes.golden("xaa_areas"), name="again__ed2020-01-01.csv")
    report = running.run(homes.settings_of(pair[0]))
    assert [d.source_id for d in report.refused] == ["xaa_deaths"]

    monkeypatch.setenv("SIPREV_HOME", str(pair[1]))
    monkeypatch.setenv("SIPREV_ACTOR", "a technician")
    tags = {"dagster/partition": datetime.now(UTC).strftime("%Y-%m")}
    with dg.execute_job(
        dg.reconstructable(monthly), instance=instance, tags=tags, raise_on_error=False
    ) as result:
        assert not result.success
        failed = [e for e in result.all_events if e.is_step_failure]
        done = {
            e.asset_key.to_user_string()
            for e in result.all_events
            if e.is_step_materialization and e.asset_key
        }
    assert [e.step_key for e in failed] == ["deliveries__xaa_deaths"]
    assert {f"deliveries/{source_id}" for source_id in (*DELIVERING, *SILENT)} <= done
    assert {"indicators/homicide_rate_health", "snapshot", "exports/sample/csv"} <= done
    assert homes.differences(*pair) == {}
    assert len(homes.query(pair[1], "FROM meta.repetition")) == 1

    failure = failed[0].step_failure_data.user_failure_data
    assert failure is not None
    assert "zz_wrong__ed2023-08-31.csv refused: " in (failure.description or "")
    assert "where: " in (failure.description or "")
    assert "mend: " in (failure.description or "")
    kept = "\n".join(str(entry) for entry in instance.all_logs(result.run_id))
    assert "zz_wrong" in kept
    assert "nadie debe ver" not in kept


def test_a_second_run_changes_nothing_and_says_so(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    ids = ("xaa_areas", "xaa_population", "xaa_deaths")
    for source_id in ids:
        homes.put(tmp_path, source_id, *homes.golden(source_id))
    defs = homes.definitions(tmp_path, *ids)
    first = homes.materialized(homes.run(defs, instance))
    assert first["deliveries/xaa_deaths"]["files_loaded"] == 1
    assert str(first["indicators/homicide_rate_health"]["computed"]).startswith("yes: never computed")
    before = {
        name: homes.query(tmp_path, f"FROM meta.{name}") for name in ("batch", "repetition", "delivery")
    }
    second = homes.materialized(homes.run(defs, instance))
    assert "files_loaded" not in second["deliveries/xaa_deaths"]
    assert second["indicators/homicide_rate_health"]["computed"] == "no: it was up to date"
    assert second["snapshot"]["made"] == "by the last step that wrote"
    assert before == {name: homes.query(tmp_path, f"FROM meta.{name}") for name in before}


def test_what_an_asset_reports_is_the_account_of_its_deliveries(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    homes.put(tmp_path, "xaa_areas", *homes.golden("xaa_areas"))
    result = homes.run(homes.definitions(tmp_path, "xaa_areas"), instance)
    told = homes.materialized(result)["deliveries/xaa_areas"]
    names = ["rows_delivered", "rows_unreadable", "rows_excluded", "records_loaded", "records_quarantined"]
    assert [tuple(told[name] for name in names)] == homes.query(
        tmp_path, f"SELECT {', '.join(names)} FROM meta.delivery"
    )
    assert told["dagster/row_count"] == told["records_loaded"]


def test_an_asset_tells_what_its_source_holds_also_when_nothing_arrived(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    """Whichever way it was loaded: the command line keeps no record in Dagster."""
    defs = homes.definitions(tmp_path, "xaa_areas", "xaa_population")
    told = homes.materialized(homes.run(defs, instance))["deliveries/xaa_areas"]
    assert (told["dagster/row_count"], told["newest_edition"]) == (0, "none")
    homes.put(tmp_path, "xaa_areas", *homes.golden("xaa_areas"))
    running.run(homes.settings_of(tmp_path), source_id="xaa_areas")
    told = homes.materialized(homes.run(defs, instance))["deliveries/xaa_areas"]
    assert [(told["dagster/row_count"], told["newest_edition"])] == homes.query(
        tmp_path, "SELECT count(*), (SELECT edition_date::VARCHAR FROM meta.delivery) FROM core.area"
    )
    assert told["files"] == "nothing new in this round"
    assert not [name for name in told if name.startswith(("rows_", "records_"))]


def test_a_round_takes_what_had_arrived_by_its_end_and_a_range_takes_all_of_its_months(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    arrivals = {"xaa_areas": (2024, 3, 31), "xaa_population": (2024, 4, 1), "xaa_deaths": (2024, 6, 30)}
    for source_id, day in arrivals.items():
        homes.put(tmp_path, source_id, *homes.golden(source_id), arrived=datetime(*day, 23, 59, tzinfo=UTC))
    homes.put(
        tmp_path,
        "xaa_police_victims",
        *homes.golden("xaa_police_victims"),
        arrived=datetime(2031, 1, 1, tzinfo=UTC),
    )
    defs = homes.definitions(tmp_path, *arrivals, "xaa_police_victims")

    def loaded() -> list[object]:
        rows = homes.query(tmp_path, "SELECT source_id FROM meta.delivery ORDER BY delivery_id")
        return [source_id for (source_id,) in rows]

    assert homes.run(defs, instance, partition="2024-03").success
    assert loaded() == ["xaa_areas"]
    # the earlier rounds that were never run leave nothing behind
    months = {
        "dagster/asset_partition_range_start": "2024-05",
        "dagster/asset_partition_range_end": "2024-06",
    }
    job = defs.resolve_job_def("monthly")
    assert job.execute_in_process(instance=instance, tags=months).success
    assert loaded() == ["xaa_areas", "xaa_population", "xaa_deaths"]
    # the open round takes everything, a time in the future counts as now
    assert homes.run(defs, instance, partition="2024-07").success
    assert loaded()[-1] == "xaa_police_victims"


def test_a_refused_file_stays_refused_until_it_changes(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    (path,) = homes.put(tmp_path, "xaa_areas", *homes.golden("xaa_areas"))
    good = path.read_bytes()
    path.write_text(WRONG_HEADER, encoding="utf-8")
    defs = homes.definitions(tmp_path, "xaa_areas")
    for _ in range(2):
        assert not homes.run(defs, instance).success
    assert homes.query(tmp_path, "SELECT status FROM meta.delivery") == [("refused",)]
    path.write_bytes(good)
    assert homes.run(defs, instance).success
    assert homes.query(tmp_path, "SELECT status FROM meta.delivery ORDER BY delivery_id") == [
        ("refused",),
        ("loaded",),
    ]


def test_an_empty_file_is_refused_as_the_command_line_refuses_it(tmp_path: Path) -> None:
    (path,) = homes.put(tmp_path, "xaa_areas", *homes.golden("xaa_areas"))
    os.truncate(path, 0)
    delivered = intake.take_in(homes.settings_of(tmp_path), discovery.load("xaa_areas"))
    assert [(d.status, d.refusal.code if d.refusal else "") for d in delivered] == [("refused", "empty_file")]
    assert intake.new_files(Home(tmp_path), discovery.load("xaa_areas")) == []


def test_sources_that_collide_stop_their_indicator_and_no_other(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    twin = tmp_path / "sources" / "zz_deaths"
    shutil.copytree(discovery.folders()["xaa_deaths"], twin)
    declared = (twin / "source.yml").read_text(encoding="utf-8")
    (twin / "source.yml").write_text(declared.replace("id: xaa_deaths", "id: zz_deaths"), encoding="utf-8")
    home = tmp_path / "var"
    ids = ("xaa_areas", "xaa_population", "xaa_deaths", "xaa_police_victims")
    for source_id in ids:
        homes.put(home, source_id, *homes.golden(source_id))
    homes.put(home, "zz_deaths", *homes.golden("xaa_deaths"))
    chosen = [discovery.load(i, [twin.parent]) for i in (*ids, "zz_deaths")]
    result = homes.run(
        build_definitions(homes.settings_of(home), chosen, clock=homes.at(2024, 7, 15)), instance
    )
    done = homes.materialized(result)
    assert {"indicators/homicide_rate_police", "deliveries/zz_deaths"} <= set(done)
    assert "indicators/homicide_rate_health" not in done
    (failed,) = [e for e in result.all_events if e.is_step_failure]
    told = failed.step_failure_data.user_failure_data
    assert told is not None
    assert "xaa_deaths and zz_deaths both give homicide_rate_health" in (told.description or "")


def test_a_message_of_the_database_is_not_kept(
    tmp_path: Path, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*args: object, **options: object) -> None:
        with duckdb.connect() as connection:
            connection.execute("SELECT 'María Pérez'::INTEGER")

    monkeypatch.setattr(intake, "take_in", stumble)
    result = homes.run(homes.definitions(tmp_path, "xaa_areas"), instance)
    assert not result.success
    kept = "\n".join(str(entry) for entry in instance.all_logs(result.run_id))
    assert "the database stopped the work (ConversionException)" in kept
    assert "María" not in kept
