"""Which source feeds an indicator: facts of its kind, bases that fit, and never two for one cell."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from indicators import policy
from indicators.compute import compute
from indicators.policy import Order, Precedence
from schemas.errors import Misuse
from tests.unit.indicators.police import AREAS, POLICE, TOTAL, made, people, total, victim
from tests.unit.indicators.world import World, received


def second(world: World, *years: int, month: int = 3) -> None:
    """Another police source of the same country."""
    world.source("gendarmes", "person_role", "police", breakdowns=("sex",))
    rows = [victim(7, date(y, month, 5)) for y in years]
    world.deliver("gendarmes", rows, reports=[r for y in years for r in received(AREAS, y)])


@pytest.fixture
def world() -> World:
    found = made()
    found.deliver("police", [victim(3)], reports=received(AREAS, 2021))
    return found


def prefer(monkeypatch: pytest.MonkeyPatch, *sources: str) -> None:
    order = Precedence(order=[Order(country="XAA", record_type="person_role", sources=list(sources))])
    monkeypatch.setattr(policy, "precedence", lambda: order)


def test_two_sources_of_one_kind_for_one_year_stop_the_computation(world: World) -> None:
    second(world, 2021)
    with pytest.raises(
        Misuse, match="gendarmes and police both give homicide_rate_police of XAA in 2021"
    ) as told:
        compute(world.connection, [POLICE])
    assert Path(told.value.where).name == "precedence.yml"


def test_a_series_breaks_where_another_source_goes_on_with_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the first year and in its first month, also after a year of which nobody tells."""
    second(world, 2023, 2024, month=1)
    prefer(monkeypatch, "police", "gendarmes")
    compute(world.connection, [POLICE])
    broken = world.cells(f"series_break AND ref_area = 'XAA' AND {TOTAL}")
    assert {c["time_period"] for c in broken} == {"2023", "2023-01"}
    assert {c["source"] for c in broken} == {"gendarmes"}
    assert all("the figures before are of police" in c["comment"] for c in broken)
    (year,) = (c for c in broken if c["time_period"] == "2023")
    assert year["obs_status"] in ("B", "O")


def test_keeping_going_computes_the_others(world: World) -> None:
    second(world, 2021)
    outcome = compute(world.connection, keep_going=True)
    assert list(outcome.faults) == [POLICE]
    assert POLICE not in outcome.computed
    assert world.cells("true") == []


def test_the_declared_order_decides_year_by_year(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    second(world, 2021, 2022)
    prefer(monkeypatch, "police", "gendarmes")
    compute(world.connection, [POLICE])
    years = {y: total(world, "XAA", y) for y in ("2021", "2022")}
    assert {y: (c["numerator"], c["source"]) for y, c in years.items()} == {
        "2021": (3, "police"),
        "2022": (7, "gendarmes"),
    }
    prefer(monkeypatch, "gendarmes", "police")
    compute(world.connection, [POLICE])
    assert total(world, "XAA", "2021")["source"] == "gendarmes"


def test_sources_of_different_years_need_no_order(world: World) -> None:
    second(world, 2022)
    compute(world.connection, [POLICE])
    assert [total(world, "XAA", y)["numerator"] for y in ("2021", "2022")] == [3, 7]


def test_sources_of_different_kinds_stand_side_by_side(world: World) -> None:
    world.source("forensic", "person_role", "forensic", breakdowns=())
    world.deliver("forensic", [victim(4)], reports=received(AREAS, 2021))
    compute(world.connection, [POLICE])
    cells = world.cells(
        "ref_area = 'XAA' AND time_period = '2021' AND sex = '_T' AND age = '_T' AND mechanism = '_T'"
    )
    assert {c["source_type"]: c["numerator"] for c in cells} == {"police": 3, "forensic": 4}


def test_a_source_about_another_place_does_not_feed(world: World) -> None:
    world.source("elsewhere", "death", "vital_registration", place="injury", date_basis="report")
    death = {
        "counting_unit": "death",
        "cause_from": "X95",
        "cause_to": "X95",
        "occurrence_date": date(2021, 1, 1),
    }
    world.deliver("elsewhere", [{**death, "injury_first_level": "XAA-01"}], reports=received(AREAS, 2021))
    outcome = compute(world.connection, ["homicide_rate_health"])
    assert outcome.n_cells == {"homicide_rate_health": 0}


def test_a_source_without_such_records_says_nothing_of_them(world: World) -> None:
    world.source("files", "incident", "prosecution", breakdowns=())
    offence = {"counting_unit": "offence", "event_class": "offence", "occurrence_date": date(2021, 5, 1)}
    row = {**offence, "iccs": "0101", "occurrence_country": "XAA", "occurrence_first_level": "XAA-01"}
    world.deliver("files", [row], reports=received(AREAS, 2021))
    outcome = compute(world.connection)
    assert outcome.n_cells["robbery_rate"] == 0
    assert world.cells("indicator = 'robbery_rate'", "indicator_denominator") == []
    # records that say zero are such records
    world.deliver("files", [row, {**row, "iccs": "0401", "count": 0}], reports=received(AREAS, 2021))
    compute(world.connection)
    assert world.cells("indicator = 'robbery_rate'") == []
    assert world.cells("indicator = 'robbery_rate'", "indicator_denominator") != []


def test_two_populations_of_a_country_need_an_order(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.source("estimates", "population", "statistics_office", place="residence", date_basis="reference")
    world.population("estimates", [people(a, 2021, 50_000) for a in AREAS])
    with pytest.raises(Misuse, match="estimates and people both give a population of XAA"):
        compute(world.connection, [POLICE])
    order = Order(country="XAA", record_type="population", sources=["estimates", "people"])
    monkeypatch.setattr(policy, "precedence", lambda: Precedence(order=[order]))
    compute(world.connection, [POLICE])
    assert total(world, "XAA", "2021")["denominator"] == 100_000


def test_a_source_that_declares_no_basis_is_told(world: World) -> None:
    world.execute("UPDATE meta.source SET declares = '{\"delivers\": {}}' WHERE source_id = 'police'")
    with pytest.raises(Misuse, match="police does not declare place_basis"):
        compute(world.connection, [POLICE])
