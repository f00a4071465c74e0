"""The checks of deliveries: each passes where all is well, and fails where it must."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from tests.integration import dagster_homes as homes
from warehouse import snapshot
from warehouse.database import Warehouse
from warehouse.home import Home

SOURCE = "xaa_deaths"
#: A yearly source, a monthly one, and the areas of their country, which come first and have no cadence.
IDS = ("xaa_areas", SOURCE, "xaa_prosecution_files")
#: The sample files of the source: one edition.
EDITION = datetime(2022, 8, 31, tzinfo=UTC)


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as made:
        yield made


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the sample files of the sources are loaded."""
    home = tmp_path_factory.mktemp("checks") / "var"
    for source_id in IDS:
        homes.put(home, source_id, *homes.golden(source_id))
    with dg.DagsterInstance.ephemeral() as instance:
        assert homes.run(homes.definitions(home, *IDS), instance).success
    return home


@pytest.fixture
def loaded(template: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return homes.empty_home(tmp_path / "var", like=template)


def file_of(home: Path) -> Path:
    """The source's file in the inbox."""
    (path,) = Home(home).inbox(SOURCE).iterdir()
    return path


def of_source(result: dg.ExecuteInProcessResult) -> dict[str, dg.AssetCheckEvaluation]:
    """What the source's checks said."""
    return {name: check for (source_id, name), check in homes.judged(result).items() if source_id == SOURCE}


def keep_the_good_rows(home: Path) -> None:
    """Replace the source's file by one none of whose records breaks a rule."""
    rows = homes.query(home, f"SELECT row_number FROM quarantine.record WHERE source_id = '{SOURCE}'")
    bad = {row for (row,) in rows}
    assert bad
    path = file_of(home)
    header, *lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([header, *(line for n, line in enumerate(lines, start=1) if n not in bad)]))


def spoil(home: Path, statement: str) -> None:
    """Change the warehouse as nothing of ours would, and publish it."""
    with Warehouse.open(Home(home), "test") as warehouse:
        warehouse.connection.execute(statement)
        snapshot.publish(warehouse, warehouse.last_batch())


def test_before_the_first_delivery_nothing_is_wrong(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    result = homes.run(homes.definitions(tmp_path, *IDS), instance, job="checks")
    found = of_source(result)
    assert set(found) == {"accepted", "accounting", "rules", "freshness"}
    assert all(check.passed for check in found.values())
    assert not (tmp_path / "warehouse.duckdb").exists()


def test_all_checks_pass_where_all_is_well(loaded: Path, instance: dg.DagsterInstance) -> None:
    keep_the_good_rows(loaded)
    result = homes.run(homes.definitions(loaded, *IDS, clock=lambda: EDITION), instance, partition="2022-08")
    assert result.success
    assert {name: check.passed for name, check in of_source(result).items()} == dict.fromkeys(
        ("accepted", "accounting", "rules", "freshness"), True
    )


def test_too_many_records_in_quarantine_are_a_warning_with_their_rules(
    loaded: Path, instance: dg.DagsterInstance
) -> None:
    result = homes.run(homes.definitions(loaded, *IDS), instance)
    assert result.success
    check = of_source(result)["rules"]
    assert not check.passed
    assert check.severity == dg.AssetCheckSeverity.WARN
    table = check.metadata["rules"]
    assert isinstance(table, dg.TableMetadataValue)
    broken = homes.query(
        loaded,
        "SELECT rule_code, n_broken FROM meta.rule_result JOIN meta.delivery USING (delivery_id) "
        f"WHERE raised AND source_id = '{SOURCE}'",
    )
    assert broken
    assert {(record.data["rule"], record.data["broken"]) for record in table.records} == set(broken)
    assert all(record.data["what is wrong"] and record.data["how to mend"] for record in table.records)
    ((share,),) = homes.query(
        loaded,
        "SELECT round(records_quarantined / records_made, 4) FROM meta.delivery "
        f"WHERE source_id = '{SOURCE}'",
    )
    assert check.metadata["quarantined_share"].value == share


@pytest.mark.parametrize(
    ("source_id", "edition", "days"),
    [(SOURCE, EDITION, 450), ("xaa_prosecution_files", datetime(2022, 1, 20, tzinfo=UTC), 75)],
)
def test_a_source_is_late_when_its_cadence_has_passed_and_some_time_more(
    loaded: Path, instance: dg.DagsterInstance, source_id: str, edition: datetime, days: int
) -> None:
    for age in (days, days + 1):
        moment = edition + timedelta(days=age)
        later = homes.definitions(loaded, *IDS, clock=homes.at(moment.year, moment.month, moment.day))
        found = homes.judged(homes.run(later, instance, job="checks"))
        check = found[source_id, "freshness"]
        assert check.passed is (age == days)
        assert check.severity == dg.AssetCheckSeverity.WARN
        assert check.metadata["age_days"].value == age
        assert str(edition.date()) in (check.description or "")
        assert found["xaa_areas", "freshness"].passed


def test_the_last_delivery_refused_is_an_error_until_a_good_one_comes(
    loaded: Path, instance: dg.DagsterInstance
) -> None:
    defs = homes.definitions(loaded, *IDS)
    path = file_of(loaded)
    good = path.read_bytes()
    path.write_text("NO,COLUMNS\n1,2\n", encoding="utf-8")
    result = homes.run(defs, instance)
    assert not result.success
    (event,) = [
        e for e in result.get_asset_materialization_events() if e.asset_key and SOURCE in e.asset_key.path
    ]
    files = event.materialization.metadata["files"]
    assert isinstance(files, dg.TableMetadataValue)
    assert [column.name for column in files.schema.columns] == ["file", "status", "delivery"]
    check = of_source(homes.run(defs, instance, job="checks"))["accepted"]
    assert not check.passed
    assert check.severity == dg.AssetCheckSeverity.ERROR
    assert "\n\n  mend:" in (check.description or "")  # a line of its own on the page
    path.write_bytes(good + b"\n")
    result = homes.run(defs, instance)
    assert of_source(result)["accepted"].passed


@pytest.mark.parametrize(
    ("statement", "side"),
    [
        ("UPDATE meta.delivery SET rows_mapped = rows_mapped - 1", "rows delivered"),
        (
            "DELETE FROM core.death_row WHERE row_number = (SELECT min(row_number) FROM core.death_row)",
            "in the facts",
        ),
        (
            "DELETE FROM quarantine.record_row WHERE row_number = (SELECT min(row_number) FROM quarantine.record_row)",
            "in quarantine",
        ),
        ("UPDATE meta.events_by_period SET made = made + 1", "by period"),
        (
            "INSERT INTO meta.control_total SELECT delivery_id, 'of the provider', 10, 9 FROM meta.delivery",
            "control total of the provider",
        ),
    ],
    ids=["rows", "facts", "quarantine", "events", "control total"],
)
def test_an_account_that_does_not_add_up_blocks_what_follows(
    loaded: Path, instance: dg.DagsterInstance, statement: str, side: str
) -> None:
    spoil(loaded, statement)
    before = homes.query(loaded, "FROM meta.batch")
    result = homes.run(homes.definitions(loaded, *IDS), instance)
    check = of_source(result)["accounting"]
    assert not check.passed
    assert side in (check.description or "")
    assert not result.success
    assert set(homes.materialized(result)) == {f"deliveries/{source_id}" for source_id in IDS}
    assert homes.query(loaded, "FROM meta.batch") == before


def test_checks_of_a_snapshot_do_not_disturb_a_writer(loaded: Path, instance: dg.DagsterInstance) -> None:
    with Warehouse.open(Home(loaded), "test"):
        assert homes.run(homes.definitions(loaded, *IDS), instance, job="checks").success
    assert list(Home(loaded).temporary.iterdir()) == []
