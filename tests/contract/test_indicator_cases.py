"""Every indicator of the catalogue gives, through the real engine, the cells that its worked cases expect."""

from __future__ import annotations

from typing import Any

import pytest

from indicators import catalogue
from indicators.compute import compute
from indicators.definition import Case, Indicator
from tests.unit.indicators.world import World, received

CATALOGUE = catalogue.load()
CASES = [(indicator, case) for indicator in CATALOGUE.indicators for case in indicator.cases]
FIRST_INDICATORS = {"homicide_files_rate", "homicide_rate_health", "homicide_rate_police", "robbery_rate"}
DIMENSIONS = ("sex", "age", "mechanism", "relationship", "context", "urbanisation")


def world_of(indicator: Indicator, case: Case) -> World:
    world = World()
    world.areas("XAA", *case.areas)
    declared = case.source
    world.source(
        "facts",
        indicator.numerator.record_type,
        declared.source_type,
        place=declared.place_basis,
        date_basis=declared.date_basis,
        breakdowns=declared.breakdowns,
    )
    world.source("people", "population", "statistics_office", place="residence", date_basis="reference")
    world.population("people", case.population)
    reports = [r for given in case.reports for r in received(given.areas, given.year, given.missing)]
    world.deliver("facts", [{**case.common, **row} for row in case.records], reports=reports)
    return world


def cells(world: World, key: dict[str, Any]) -> list[dict[str, Any]]:
    """Cells with these codes; a dimension that is not named is a total."""
    wanted = dict.fromkeys(DIMENSIONS, "_T") | key
    where = " AND ".join(f"{name}::VARCHAR = '{code}'" for name, code in wanted.items())
    found = world.connection.execute(f"SELECT * FROM indicator_cell WHERE {where}")
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def split(expected: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    names = {"ref_area", "time_period", *DIMENSIONS}
    return {k: v for k, v in expected.items() if k in names}, {
        k: v for k, v in expected.items() if k not in names
    }


def test_the_catalogue_was_found() -> None:
    assert {i.id for i in CATALOGUE.indicators} >= FIRST_INDICATORS
    assert all(i.cases for i in CATALOGUE.indicators)


@pytest.mark.parametrize(("indicator", "case"), CASES, ids=[f"{i.id}: {c.name}" for i, c in CASES])
def test_worked_case(indicator: Indicator, case: Case) -> None:
    world = world_of(indicator, case)
    compute(world.connection, [indicator.id])
    for expected in case.expect:
        key, values = split(expected)
        assert values, f"the case expects nothing of {key}"
        (cell,) = cells(world, key)
        given = {name: round(v, 4) if isinstance(v := cell[name], float) else v for name in values}
        assert given == values, key
    for absent in case.absent:
        assert cells(world, absent) == []
