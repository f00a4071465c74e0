"""The checks of deliveries: each passes where all is well, and fails where it must."""

import os
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
#: The sample files of the source: one edition.
EDITION = datetime(2022, 8, 31, tzinfo=UTC)


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as made:
        yield made


def clean(home: Path) -> None:
    """A file in the inbox none of whose records breaks a rule: the good ones of the sample, and no more."""
    (path,) = homes.put(home, SOURCE, *homes.golden(SOURCE))
    homes.run(homes.definitions(home, SOURCE), dg.DagsterInstance.ephemeral())
    bad = {row for (row,) in homes.query(home, "SELECT row_number FROM quarantine.record")}
    header, *lines = path.read_bytes().splitlines(keepends=True)
    assert bad
    good = [line for number, line in enumerate(lines, start=1) if number not in bad]
    path.write_bytes(b"".join([header, *good]))


def spoil(home: Path, statement: str) -> None:
    """Change the warehouse as nothing of ours would, and publish it."""
    with Warehouse.open(Home(home), "test") as warehouse:
        warehouse.connection.execute(statement)
        snapshot.publish(warehouse, warehouse.last_batch())


def test_before_the_first_delivery_nothing_is_wrong(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    result = homes.run(homes.definitions(tmp_path, SOURCE), instance, job="checks")
    found = homes.judged(result)
    assert set(found) == {(SOURCE, name) for name in ("accepted", "accounting", "rules", "freshness")}
    assert all(check.passed for check in found.values())
    assert not (tmp_path / "warehouse.duckdb").exists()


def test_all_checks_pass_where_all_is_well(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    clean(tmp_path)
    defs = homes.definitions(tmp_path, SOURCE, clock=lambda: EDITION + timedelta(days=450))
    assert homes.run(defs, instance, partition="2023-11").success
    found = homes.judged(homes.run(defs, instance, job="checks"))
    assert {name: check.passed for (_, name), check in found.items()} == dict.fromkeys(
        ("accepted", "accounting", "rules", "freshness"), True
    )


def test_too_many_records_in_quarantine_are_a_warning_with_their_rules(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    homes.put(tmp_path, SOURCE, *homes.golden(SOURCE))
    result = homes.run(homes.definitions(tmp_path, SOURCE), instance)
    assert result.success
    check = homes.judged(result)[SOURCE, "rules"]
    assert not check.passed
    assert check.severity == dg.AssetCheckSeverity.WARN
    table = check.metadata["rules"].value
    assert isinstance(table, dg.TableMetadataValue | list | tuple)
    told = {(record.data["rule"], record.data["broken"]) for record in check.metadata["rules"].records}  # type: ignore[attr-defined]
    assert told == set(
        homes.query(tmp_path, "SELECT rule_code, n_broken FROM meta.rule_result WHERE n_broken > 0")
    )
    ((quarantined, made),) = homes.query(
        tmp_path, "SELECT records_quarantined, records_made FROM meta.delivery"
    )
    assert check.metadata["quarantined_share"].value == round(float(str(quarantined)) / float(str(made)), 4)


@pytest.mark.parametrize(("days", "fresh"), [(450, True), (451, False)])
def test_a_yearly_source_is_late_after_a_year_and_a_quarter(
    tmp_path: Path, instance: dg.DagsterInstance, days: int, fresh: bool
) -> None:
    homes.put(tmp_path, SOURCE, *homes.golden(SOURCE))
    homes.run(homes.definitions(tmp_path, SOURCE), instance)
    later = homes.definitions(tmp_path, SOURCE, clock=lambda: EDITION + timedelta(days=days))
    check = homes.judged(homes.run(later, instance, job="checks"))[SOURCE, "freshness"]
    assert check.passed is fresh
    assert check.severity == dg.AssetCheckSeverity.WARN
    assert check.metadata["age_days"].value == days
    assert "2022-08-31" in (check.description or "")


def test_a_monthly_source_is_late_after_75_days_and_one_without_cadence_never(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    for source_id in ("xaa_areas", "xaa_prosecution_files"):
        homes.put(tmp_path, source_id, *homes.golden(source_id))
    ids = ("xaa_areas", "xaa_prosecution_files")
    homes.run(homes.definitions(tmp_path, *ids), instance)
    edition = datetime(2022, 1, 20, tzinfo=UTC)
    for days in (75, 76):
        later = homes.definitions(tmp_path, *ids, clock=lambda days=days: edition + timedelta(days=days))
        found = homes.judged(homes.run(later, instance, job="checks"))
        assert found["xaa_prosecution_files", "freshness"].passed is (days == 75)
        assert found["xaa_areas", "freshness"].passed


def test_the_last_delivery_refused_is_an_error_until_a_good_one_comes(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    defs = homes.definitions(tmp_path, SOURCE)
    (path,) = homes.put(tmp_path, SOURCE, *homes.golden(SOURCE))
    good = path.read_bytes()
    path.write_text("NO,COLUMNS\n1,2\n", encoding="utf-8")
    homes.run(defs, instance)
    check = homes.judged(homes.run(defs, instance, job="checks"))[SOURCE, "accepted"]
    assert not check.passed
    assert check.severity == dg.AssetCheckSeverity.ERROR
    assert "mend:" in (check.description or "")
    path.write_bytes(good)
    homes.run(defs, instance)
    assert homes.judged(homes.run(defs, instance, job="checks"))[SOURCE, "accepted"].passed


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
    tmp_path: Path, instance: dg.DagsterInstance, statement: str, side: str
) -> None:
    homes.put(tmp_path, SOURCE, *homes.golden(SOURCE))
    defs = homes.definitions(tmp_path, SOURCE)
    assert homes.run(defs, instance).success
    spoil(tmp_path, statement)
    before = homes.query(tmp_path, "FROM meta.batch")
    result = homes.run(defs, instance)
    check = homes.judged(result)[SOURCE, "accounting"]
    assert not check.passed
    assert side in (check.description or "")
    assert not result.success
    assert set(homes.materialized(result)) == {f"deliveries/{SOURCE}"}
    assert homes.query(tmp_path, "FROM meta.batch") == before


def test_checks_of_a_snapshot_do_not_disturb_a_writer(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    homes.put(tmp_path, SOURCE, *homes.golden(SOURCE))
    defs = homes.definitions(tmp_path, SOURCE)
    homes.run(defs, instance)
    with Warehouse.open(Home(tmp_path), "test"):
        assert homes.run(defs, instance, job="checks").success
    assert os.listdir(tmp_path / "tmp") == []
