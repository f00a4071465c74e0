"""What waits to be computed: what changed since, and nothing else."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from indicators import catalogue
from indicators.waiting import Waiting, waiting
from tests.unit.indicators.police import AREAS, POLICE, made, total, victim
from tests.unit.indicators.world import World, received

HEALTH = "homicide_rate_health"


@pytest.fixture
def world() -> World:
    found = made()
    found.deliver("police", [victim(3)], reports=received(AREAS, 2021))
    return found


def test_what_was_never_computed_waits_and_what_no_source_feeds_does_not(world: World) -> None:
    world.execute("DELETE FROM core.population_row")
    world.execute("DELETE FROM meta.slice_version WHERE record_type IN ('population', 'area')")
    assert waiting(world.connection) == [Waiting(POLICE, ("never computed",))]


def test_nothing_waits_after_a_computation(world: World) -> None:
    world.store()
    assert waiting(world.connection) == []


def test_a_delivery_makes_only_its_indicators_wait(world: World) -> None:
    world.store()
    world.deliver("police", [victim(4)], reports=received(AREAS, 2021))
    assert waiting(world.connection) == [Waiting(POLICE, ("police changed",))]
    world.store([POLICE])
    assert waiting(world.connection) == []
    assert total(world, "XAA", "2021", "indicator.value")["numerator"] == 4


def test_a_delivery_that_changes_no_cell_does_not_wait_for_ever(world: World) -> None:
    world.store()
    world.deliver("police", [victim(3)], reports=received(AREAS, 2021))
    _, written = world.store([POLICE])
    assert not written.changed
    assert waiting(world.connection) == []


def test_only_changed_cells_are_written(world: World) -> None:
    world.store()
    world.deliver("police", [victim(3), victim(1, date(2021, 5, 2))], reports=received(AREAS, 2021))
    _, written = world.store([POLICE])
    assert written.begun > 0
    begun = world.execute(
        f"SELECT DISTINCT time_period FROM indicator.value WHERE vintage = {world.batch} ORDER BY ALL"
    )
    assert begun == [("2021",), ("2021-05",)]
    before = world.batch - 1
    as_before = f"indicator.value_as_of({before})"
    assert [total(world, "XAA", "2021", r)["numerator"] for r in (as_before, "indicator.value")] == [3, 4]


def test_new_population_makes_every_fed_indicator_wait(world: World) -> None:
    world.store()
    world.population("people", [{"residence_first_level": "XAA-01", "reference_date": date(2021, 7, 1)}])
    assert {w.indicator for w in waiting(world.connection)} == {i.id for i in catalogue.load().indicators}


def test_a_changed_definition_waits_and_one_that_left_is_ended(world: World, tmp_path: Path) -> None:
    world.store()
    folder = tmp_path / "homicide"
    folder.mkdir()
    for id_ in (POLICE, HEALTH):
        shutil.copy(catalogue.FOLDER / "homicide" / f"{id_}.yml", folder)
    path = folder / f"{POLICE}.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("decimals: 2", "decimals: 3"), encoding="utf-8")
    changed = catalogue.load(tmp_path)
    assert waiting(world.connection, changed) == [Waiting(POLICE, ("its definition changed",))]
    path.unlink()
    without = catalogue.load(tmp_path)
    assert waiting(world.connection, without) == [Waiting(POLICE, ("no longer in the catalogue",))]
    outcome, written = world.store([POLICE], without)
    assert outcome.n_cells == {POLICE: 0}
    assert written.ended > 0
    assert world.cells("true", "indicator.value") == []
    assert waiting(world.connection, without) == []
