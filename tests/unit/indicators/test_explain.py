"""The account of a value: its parts add up, and lead to deliveries, files and positions."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from indicators.explain import explain
from indicators.explanation import Position
from schemas.errors import Misuse, Refusal
from tests.unit.indicators.police import AREAS, POLICE, made, victim
from tests.unit.indicators.world import World, received


@pytest.fixture
def world() -> World:
    found = made()
    rows = [
        victim(2, sex="M", age_years=16, mechanism="firearm"),
        victim(1, iccs="0102"),
        victim(3, sex="F", age_years=40),
        victim(5, area=None),
        victim(4, date(2021, 9, 1), "XAA-02", sex="M", age_from=15, age_to=19),
    ]
    found.deliver("police", rows[:3], reports=received(AREAS, 2020))
    found.deliver("police", rows, reports=received(AREAS, 2021, missing=[12]))
    found.store([POLICE])
    return found


def account(world: World, area: str = "XAA", period: str = "2021", **codes: Any) -> Any:
    return explain(world.connection, POLICE, area, period, codes)


def test_the_parts_of_the_nation(world: World) -> None:
    found = account(world)
    assert found.numerator.value == 14
    assert [(d.source_id, d.events, d.file_name) for d in found.numerator.deliveries] == [
        ("police", 14, "police-4.csv")
    ]
    assert len(found.numerator.deliveries[0].sha256) == 64
    assert found.numerator.n_records == 4
    assert found.numerator.first[0] == Position(delivery_id=4, row_number=1, row_part=0, events=2)
    assert [p.row_number for p in found.numerator.first] == [1, 3, 4, 5]
    assert found.coverage.received == 22
    assert found.coverage.not_received == ["XAA-01 2021-12", "XAA-02 2021-12"]
    assert found.formula == "none"


@pytest.mark.parametrize(
    ("area", "period", "codes", "numerator"),
    [
        ("XAA-01", "2021", {}, 5),
        ("XAA-01", "2021-03", {"sex": "M", "mechanism": "firearm"}, 2),
        ("XAA", "2021-03", {"sex": "_U"}, 5),
        ("XAA", "2021", {"age": "Y15T29"}, 6),
        ("XAA", "2021", {"sex": "M", "age": "Y15T17"}, 2),
        ("XAA", "2021", {"age": "_U"}, 5),
    ],
)
def test_any_breakdown(world: World, area: str, period: str, codes: dict[str, str], numerator: int) -> None:
    found = account(world, area, period, **codes)
    assert found.numerator.value == numerator
    assert sum(p.events for p in found.numerator.first) == numerator


def test_cells_of_every_kind_can_be_explained(world: World) -> None:
    cells = world.cells("true", "indicator.value")
    assert len(cells) > 50
    for cell in cells[::9]:
        codes = {d: cell[d] for d in ("sex", "age", "mechanism")}
        found = account(world, cell["ref_area"], cell["time_period"], **codes)
        assert (found.numerator.value, found.denominator.value) == (cell["numerator"], cell["denominator"])


def test_the_denominator_shows_its_figures_and_the_line_between_them(world: World) -> None:
    world.population(
        "people",
        [
            {"residence_first_level": a, "reference_date": date(2020, 7, 1), "count": 140_000 - 365}
            for a in AREAS
        ],
    )
    world.store([POLICE])
    found = account(world, "XAA-01", "2021-03").denominator
    assert (found.source_id, found.vintage, found.rule, found.estimated) == ("people", "2020", "line", False)
    assert found.figures == [(date(2020, 7, 1), 139_635), (date(2021, 7, 1), 140_000)]
    days = 243 + 15.5
    assert found.share == days / 365
    assert found.value == 139_635 + days
    assert [d.delivery_id for d in found.deliveries] == [2, world.batch - 1]


def test_a_zero_of_a_complete_report_and_a_missing_one(world: World) -> None:
    zero = account(world, "XAA-02", "2021-03")
    assert (zero.cell["numerator"], zero.numerator.n_records, zero.coverage.received) == (0, 0, 1)
    assert zero.formula == "0 / 140000 x 100000 = 0"
    missing = account(world, "XAA-02", "2021-12")
    assert (missing.numerator.value, missing.coverage.received, missing.coverage.owed) == (None, 0, 1)


def test_a_value_behind_newer_facts_is_explained_by_the_facts_of_its_batch(world: World) -> None:
    computed = world.batch
    world.deliver("police", [victim(100)], reports=received(AREAS, 2021))
    found = account(world)
    assert (found.numerator.value, found.facts_as_of) == (14, computed)
    world.store([POLICE])
    assert (account(world).numerator.value, account(world).facts_as_of) == (100, None)
    earlier = explain(world.connection, POLICE, "XAA", "2021", as_of=computed)
    assert [d.delivery_id for d in earlier.numerator.deliveries] == [4]
    assert earlier.numerator.value == 14


def test_a_sum_that_does_not_add_up_is_not_told(world: World) -> None:
    world.execute("UPDATE indicator.value_history SET numerator = 15 WHERE numerator = 14")
    with pytest.raises(Refusal, match="add up to 14, the value's numerator is 15"):
        account(world)
    world.execute("UPDATE indicator.value_history SET denominator = denominator + 1")
    with pytest.raises(Refusal, match="population figures give 140000"):
        account(world, "XAA-01", "2021")


@pytest.mark.parametrize(
    ("area", "period", "codes", "said", "shown"),
    [
        ("XAA", "1999", {}, "no value for the period 1999 in XAA", "between 2020 and 2021-12"),
        ("XAA-09", "2021", {}, "no value for the area XAA-09", "XAA, XAA-01"),
        ("XAA", "2021", {"colour": "red"}, "no breakdown 'colour'", "sex"),
        ("XAA", "2021", {"relationship": "partner"}, "no value with that breakdown", "mechanism=firearm"),
    ],
)
def test_what_is_not_there(
    world: World, area: str, period: str, codes: dict[str, str], said: str, shown: str
) -> None:
    with pytest.raises(Misuse, match=said) as told:
        account(world, area, period, **codes)
    assert shown in (told.value.how or "")


def test_two_sources_of_different_kinds_must_be_told_apart(world: World) -> None:
    world.source("forensic", "person_role", "forensic", breakdowns=())
    world.deliver("forensic", [victim(4)], reports=received(AREAS, 2021))
    world.store([POLICE])
    with pytest.raises(Misuse, match="more than one value fits") as told:
        account(world)
    assert "source_type=" in told.value.how
    assert account(world, source_type="forensic").numerator.value == 4


def test_an_older_version_of_the_definition_is_not_explained_by_the_new_one(world: World) -> None:
    world.execute("UPDATE indicator.value_history SET indicator_version = 0")
    with pytest.raises(Misuse, match="computed by version 0"):
        account(world)


def test_the_text_and_the_plain_data(world: World) -> None:
    found = explain(world.connection, POLICE, "XAA", "2021", lines=2)
    text = found.text()
    for part in (
        "Homicide rate, police records",
        "22 of 24 reports received, from 2 of 2 areas",
        "delivery     4 of police, 14 of the count: police-4.csv",
        "record       delivery 4, record 1: 2",
        "and 2 more records",
        "iccs is 0101 or a class below it",
    ):
        assert part in text
    plain = found.as_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["numerator"]["deliveries"][0]["sha256"] == found.numerator.deliveries[0].sha256
    ((counted,),) = world.execute(found.numerator.query)
    assert counted == 14
