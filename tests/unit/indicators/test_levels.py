"""Municipalities: an indicator that asks for them gets what the cell policy has for them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from indicators import catalogue
from indicators.catalogue import Catalogue
from indicators.explain import explain
from tests.unit.indicators.police import AREAS, POLICE, TOTAL, made, people, victim
from tests.unit.indicators.world import World, received


@pytest.fixture
def local(tmp_path: Path) -> Catalogue:
    text = (catalogue.FOLDER / "homicide" / f"{POLICE}.yml").read_text(encoding="utf-8")
    levels = "levels: [country, first_level]"
    assert levels in text
    folder = tmp_path / "homicide"
    folder.mkdir()
    (folder / f"{POLICE}.yml").write_text(
        text.replace(levels, "levels: [country, municipality]"), encoding="utf-8"
    )
    return catalogue.load(tmp_path)


@pytest.fixture
def world(local: Catalogue) -> World:
    found = made()
    towns = [(a, f"{a}{m:03d}", y) for a in AREAS for m in (1, 2) for y in (2020, 2021, 2022)]
    found.population("people", [people(a, y, 40_000, residence_municipality=m) for a, m, y in towns])
    rows = [
        victim(2, sex="M", occurrence_municipality="XAA-01001"),
        victim(3, sex="F", occurrence_municipality="XAA-01002"),
        victim(5),
        victim(4, date(2021, 9, 1), "XAA-02", sex="M", occurrence_municipality="XAA-02001"),
    ]
    reports = [*received(["XAA-01"], 2021), *received(["XAA-02"], 2021, missing=[12])]
    found.deliver("police", rows, reports=reports)
    found.store([POLICE], local)
    return found


def test_municipalities_by_year_with_breakdowns_and_by_month_without(world: World) -> None:
    cells = world.cells("area_level = 'municipality'", "indicator.value")
    assert {(c["freq"], c["sex"]) for c in cells} == {("A", "_T"), ("A", "M"), ("A", "F"), ("M", "_T")}
    assert {(c["sex"], c["age"]) for c in cells if c["sex"] != "_T"} == {("M", "_T"), ("F", "_T")}
    assert world.cells("area_level = 'first_level'", "indicator.value") == []


def test_events_of_an_unknown_municipality_count_above_it(world: World) -> None:
    year = world.cells(f"time_period = '2021' AND {TOTAL}", "indicator.value")
    assert {c["ref_area"]: c["numerator"] for c in year} == {
        "XAA": 14,
        "XAA-01001": 2,
        "XAA-01002": 3,
        "XAA-02001": 4,
    }


def test_a_municipality_is_as_complete_as_the_area_that_reports_for_it(world: World) -> None:
    year = {c["ref_area"]: c for c in world.cells(f"time_period = '2021' AND {TOTAL}", "indicator.value")}
    assert (year["XAA-01001"]["obs_value"], year["XAA-01001"]["coverage"]) == (5, 1)
    assert (year["XAA-02001"]["obs_value"], year["XAA-02001"]["coverage"]) == (None, 0.9167)
    silent = f"ref_area = 'XAA-02002' AND {TOTAL}"
    months = {c["time_period"] for c in world.cells(f"{silent} AND freq = 'M'", "indicator.value_dense")}
    assert months == {f"2021-{m:02d}" for m in range(1, 12)}


def test_the_account_of_a_municipality(world: World, local: Catalogue) -> None:
    found = explain(world.connection, POLICE, "XAA-02001", "2021", defined=local)
    assert found.numerator.value == 4
    assert found.denominator.value == 40_000
    assert found.coverage is not None
    assert (found.coverage.received, found.coverage.not_received) == (11, ["XAA-02 2021-12"])
