"""Denominators: dated, on the line, carried; vintages and their breaks; sums of areas, sexes and ages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from indicators import inputs
from indicators.methods import denominators
from indicators.methods.denominators import Scope
from tests.unit.indicators.world import World

AREAS = ("XAA-01", "XAA-02")


def people(count: int, year: int = 2020, **fields: Any) -> dict[str, Any]:
    month, day = fields.pop("day", (7, 1))
    return {
        "residence_first_level": "XAA-01",
        "reference_date": date(year, month, day),
        "count": count,
        **fields,
    }


@pytest.fixture
def world() -> World:
    made = World()
    made.areas("XAA", *AREAS)
    made.source("people", "population", "statistics_office", place="residence", date_basis="reference")
    return made


def build(world: World, rows: Iterable[dict[str, Any]], scope: Scope | None = None) -> None:
    world.population("people", list(rows))
    inputs.areas(world.connection)
    denominators.build(world.connection, scope or Scope(2019, 2022))


def figure(
    world: World, period: str, area: str = "XAA-01", sex: str = "_T", age: str = "_T"
) -> dict[str, Any] | None:
    found = world.cells(
        f"ref_area = '{area}' AND time_period = '{period}' AND sex = '{sex}' AND age = '{age}'",
        "denominator_cell",
    )
    assert len(found) <= 1
    return found[0] if found else None


def value(world: World, period: str, **key: str) -> float | None:
    found = figure(world, period, **key)
    return found["denominator"] if found else None


def test_a_year_takes_the_figure_dated_inside_it(world: World) -> None:
    build(world, [people(1000, 2020), people(1366, 2021)])
    found = figure(world, "2020")
    assert found is not None
    assert (found["denominator"], found["method"], found["estimated"]) == (1000, "dated", False)


def test_of_several_figures_of_a_year_the_nearest_to_its_middle(world: World) -> None:
    build(
        world,
        [people(1000, 2020, day=(1, 1)), people(1100, 2020, day=(6, 30)), people(1200, 2020, day=(12, 31))],
    )
    assert value(world, "2020") == 1100


def test_a_month_lies_on_the_line_at_its_middle_by_days(world: World) -> None:
    build(world, [people(1000, 2020), people(1365, 2021)])
    # 2020-07-01 to 2021-07-01 is 365 days: one person a day
    assert value(world, "2020-07") == 1015.5
    assert value(world, "2021-02") == 1000 + 215 + 14
    found = figure(world, "2021-02")
    assert found is not None
    assert (found["method"], found["estimated"]) == ("line", False)
    assert (found["count_a"], found["count_b"]) == (1000, 1365)


def test_at_the_edges_the_nearest_figure_is_carried_at_most_two_years_and_marked(world: World) -> None:
    build(world, [people(1000, 2020), people(1365, 2021)], Scope(2016, 2025))
    for period, expected in {"2020-06": 1000, "2019": 1000, "2018": 1000, "2022": 1365, "2023": 1365}.items():
        found = figure(world, period)
        assert found is not None
        assert (found["denominator"], found["method"], found["estimated"]) == (expected, "carried", True), (
            period
        )
    assert [value(world, p) for p in ("2017", "2018-06", "2024", "2023-07")] == [None] * 4
    assert value(world, "2018-07") == 1000


def test_a_line_over_a_gap_is_an_estimate_and_reaches_two_years_from_a_figure(world: World) -> None:
    build(world, [people(1000, 2010), people(2000, 2020)], Scope(2010, 2020))
    near = figure(world, "2012")
    assert near is not None
    assert (near["denominator"], near["method"], near["estimated"]) == (1200.11, "line", True)
    assert value(world, "2015") is None


def test_the_scope_does_not_change_a_figure(world: World) -> None:
    build(world, [people(1000, 2010), people(2000, 2020)], Scope(2012, 2012))
    assert value(world, "2012") == 1200.11


def test_vintages_are_never_joined_and_the_change_is_known(world: World) -> None:
    old = [people(n, y, vintage="census 2005") for n, y in ((1000, 2019), (1010, 2020))]
    new = [people(n, y, vintage="census 2018") for n, y in ((1200, 2021), (1220, 2022))]
    build(world, [*old, *new])
    # the second half of 2020 keeps the old vintage's last figure, the first half of 2021 the new one's first
    for period, expected, vintage in (("2020-12", 1010, "census 2005"), ("2021-01", 1200, "census 2018")):
        found = figure(world, period)
        assert found is not None
        assert (found["denominator"], found["vintage"], found["method"]) == (expected, vintage, "carried")
    breaks = world.execute(
        "SELECT DISTINCT time_period FROM denominator_cell WHERE vintage <> previous_vintage ORDER BY ALL"
    )
    assert breaks == [("2021",), ("2021-01",)]


def test_of_two_vintages_with_a_figure_in_a_year_the_latest_edition_counts(world: World) -> None:
    world.source("other", "population", "statistics_office", place="residence", date_basis="reference")
    world.population("other", [people(999, 2020, vintage="b")], edition=date(2019, 1, 1))
    rows = [people(1000, 2020, vintage="a"), people(1001, 2020, vintage="z")]
    build(world, rows)
    # within one delivery the greater label; sources are kept apart
    found = world.cells("time_period = '2020' AND ref_area = 'XAA-01'", "denominator_cell")
    assert {(f["population_source"], f["denominator"]) for f in found} == {("other", 999), ("people", 1001)}


def test_areas_add_up_and_the_country_only_if_all_are_there(world: World) -> None:
    rows = [people(300, residence_municipality="XAA-01001"), people(200, residence_municipality="XAA-01002")]
    build(world, rows, Scope(2020, 2020, municipalities=True))
    assert value(world, "2020", area="XAA-01002") == 200
    assert value(world, "2020", area="XAA-01") == 500
    assert value(world, "2020", area="XAA") is None
    found = figure(world, "2020", area="XAA-01002")
    assert found is not None
    assert found["coverage_area"] == "XAA-01"
    build(world, [*rows, people(500, residence_first_level="XAA-02", residence_municipality="XAA-02001")])
    assert value(world, "2020", area="XAA") == 1000


def test_a_date_with_fewer_figures_than_declared_is_not_summed_up() -> None:
    world = World()
    world.areas("XAA", *AREAS)
    world.source(
        "people", "population", "statistics_office", place="residence", date_basis="reference", complete=3
    )
    rows = [people(300, residence_municipality="XAA-01001"), people(200, residence_municipality="XAA-01002")]
    second = people(500, residence_first_level="XAA-02", residence_municipality="XAA-02001")
    later = [{**r, "reference_date": date(2021, 7, 1)} for r in rows]
    build(world, [*rows, second, *later], Scope(2020, 2021, municipalities=True))
    assert value(world, "2020") == 500
    # one of three is missing: nobody knows of which area it is
    assert value(world, "2021") is None
    assert value(world, "2021", area="XAA-01002") == 200
    assert value(world, "2020-09") is None
    lacking = world.cells("time_period = '2021'", "denominator_lacking")
    assert [(r["figures_found"], r["figures_declared"]) for r in lacking] == [(2, 3)]


def test_a_figure_delivered_for_a_level_is_not_replaced_by_a_sum(world: World) -> None:
    build(
        world,
        [people(500), people(501, residence_first_level="XAA-02"), people(1004, residence_first_level=None)],
    )
    assert value(world, "2020", area="XAA") == 1004
    assert value(world, "2020", area="XAA-01") == 500


def test_both_sexes_are_the_delivered_total_or_the_sum_of_the_sexes(world: World) -> None:
    build(
        world,
        [people(40, sex="M"), people(60, sex="F"), people(101, 2021, sex="_T"), people(40, 2021, sex="M")],
    )
    assert value(world, "2020") == 100
    assert value(world, "2020", sex="F") == 60
    assert value(world, "2021") == 101


def test_a_source_without_sex_gives_none_by_sex(world: World) -> None:
    build(world, [people(100)])
    assert value(world, "2020", sex="F") is None


def test_age_bands_come_from_single_ages_and_only_if_they_are_filled(world: World) -> None:
    single = [people(10, sex=s, age_from=a, age_to=a) for s in ("M", "F") for a in range(100)]
    last = [people(5, sex=s, age_from=100) for s in ("M", "F")]
    build(world, [*single, *last])
    assert value(world, "2020", age="Y15T17") == 60
    assert value(world, "2020", age="Y15T29", sex="M") == 150
    assert value(world, "2020", age="Y_GE60") == 2 * (400 + 5)
    assert value(world, "2020") == 2 * (1000 + 5)


def test_groups_that_do_not_nest_are_not_split(world: World) -> None:
    groups = [(0, 4), (5, 9), (10, 14), (15, 19), (20, 24), (25, 29), (30, 59), (60, None)]
    build(world, [people(100, age_from=a, age_to=b) for a, b in groups])
    known = {
        row[0]
        for row in world.execute("SELECT DISTINCT age FROM denominator_cell WHERE time_period = '2020'")
    }
    assert known == {"_T", "Y0T4", "Y5T9", "Y10T14", "Y15T29", "Y20T24", "Y25T29", "Y_GE60"}
    assert value(world, "2020") == 800


def test_groups_that_overlap_give_no_sum(world: World) -> None:
    build(
        world, [people(10, age_from=0, age_to=4), people(10, age_from=3, age_to=9), people(10, age_from=10)]
    )
    assert value(world, "2020") is None
    assert value(world, "2020", age="Y0T4") is None
