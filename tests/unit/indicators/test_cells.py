"""Cells: zero, missing and partial are different; places, months, sexes and ages that are not known."""

from __future__ import annotations

from datetime import date

import pytest

from indicators.compute import compute
from tests.unit.indicators.police import AREAS, POLICE, TOTAL, made, people, total, victim
from tests.unit.indicators.world import World, received


@pytest.fixture
def world() -> World:
    return made()


def test_a_year_adds_its_months_and_the_nation_its_areas_and_unknown_places(world: World) -> None:
    rows = [victim(2, date(2021, m, 1), a) for m in range(1, 13) for a in AREAS]
    world.deliver("police", [*rows, victim(5, area=None)], reports=received(AREAS, 2021))
    compute(world.connection, [POLICE])
    assert [total(world, a, "2021")["numerator"] for a in ("XAA", *AREAS)] == [53, 24, 24]
    months = world.cells(f"ref_area = 'XAA' AND freq = 'M' AND {TOTAL}")
    assert [m["numerator"] for m in months] == [4, 4, 9, *[4] * 9]
    assert {c["ref_area"] for c in world.cells("true")} == {"XAA", *AREAS}


def test_a_zero_is_implied_by_a_complete_report_and_stored_nowhere(world: World) -> None:
    world.deliver(
        "police", [victim(), victim(area="XAA-02", when=date(2021, 9, 1))], reports=received(AREAS, 2021)
    )
    world.store([POLICE])
    key = f"indicator = '{POLICE}' AND ref_area = 'XAA-02' AND time_period = '2021-03' AND {TOTAL}"
    assert world.cells(key, "indicator.value") == []
    zero = world.cell(key, "indicator.value_dense")
    assert (zero["numerator"], zero["obs_value"], zero["ci_lower"]) == (0, 0, 0)
    assert zero["ci_upper"] == round(3.6888794541 * 100_000 / zero["denominator"], 2)
    assert (zero["coverage"], zero["areas_reporting"], zero["areas_expected"]) == (1, 1, 1)
    assert zero["denominator"] == 140_000


def test_a_missing_report_is_no_zero(world: World) -> None:
    world.deliver("police", [victim()], reports=received(AREAS, 2021, missing=[12]))
    world.store([POLICE])
    for area in ("XAA", *AREAS):
        missing = total(world, area, "2021-12")
        assert missing["numerator"] is None
        assert missing["obs_value"] is None
        assert (missing["obs_status"].upper(), missing["conf_status"]) == ("O", "F")
        assert missing["comment"].startswith(f"0 of {2 if area == 'XAA' else 1} reports owed were received")
        assert (missing["areas_reporting"], missing["coverage"]) == (0, 0)
    implied = world.cells("time_period = '2021-12' AND numerator = 0", "indicator.value_dense")
    assert implied == []


def test_a_breakdown_without_events_is_a_gap_where_reports_are_missing(world: World) -> None:
    world.deliver(
        "police", [victim(sex="M", mechanism="firearm")], reports=received(AREAS, 2021, missing=[12])
    )
    world.store([POLICE])
    men = "sex = 'M' AND age = '_T' AND mechanism = '_T'"
    december = world.cell(f"ref_area = 'XAA-02' AND time_period = '2021-12' AND {men}", "indicator.value")
    assert (december["numerator"], december["obs_value"], december["obs_status"]) == (None, None, "O")
    assert december["comment"].startswith("0 of 1 reports owed were received")
    year = world.cell(f"ref_area = 'XAA-02' AND time_period = '2021' AND {men}", "indicator.value")
    assert (year["numerator"], year["obs_value"], year["coverage"]) == (0, None, 0.9167)
    firearm = "ref_area = 'XAA-02' AND time_period = '2021' AND mechanism = 'firearm' AND sex = 'M'"
    assert world.cell(firearm, "indicator.value")["numerator"] == 0
    # a month that was reported whole needs no cell, and what the series never shows has none anywhere
    assert world.cells(f"ref_area = 'XAA-02' AND time_period = '2021-03' AND {men}", "indicator.value") == []
    assert world.cells("sex = 'F' AND ref_area = 'XAA-02'", "indicator.value") == []


def test_a_year_that_is_not_complete_has_a_numerator_and_no_value(world: World) -> None:
    world.deliver("police", [victim(3)], reports=received(AREAS, 2021, missing=[12]))
    compute(world.connection, [POLICE])
    year = total(world, "XAA", "2021")
    assert (year["numerator"], year["obs_value"], year["ci_lower"], year["ci_method"]) == (
        3,
        None,
        None,
        None,
    )
    assert (year["coverage"], year["obs_status"], year["quality"]) == (0.9167, "O", "C")
    assert year["population_covered"] == 0.9167
    # an area that sent reports without events, but not all of them: nothing counted so far
    silent = total(world, "XAA-02", "2021")
    assert (silent["numerator"], silent["obs_value"], silent["obs_status"]) == (0, None, "O")
    complete = total(world, "XAA", "2021-03")
    assert (complete["numerator"], complete["obs_status"]) == (3, "P")


def test_one_area_that_did_not_report_withholds_the_nation_alone(world: World) -> None:
    world.deliver("police", [victim(30)], reports=received(["XAA-01"], 2021))
    compute(world.connection, [POLICE])
    assert total(world, "XAA-01", "2021")["obs_value"] == 21.43
    nation = total(world, "XAA", "2021")
    assert (nation["obs_value"], nation["coverage"], nation["areas_reporting"]) == (None, 0.5, 1)
    assert (nation["areas_expected"], nation["quality"]) == (2, "D")
    assert total(world, "XAA-02", "2021")["numerator"] is None


def test_a_partial_report_counts_as_begun_and_not_as_received(world: World) -> None:
    reports = [(a, y, m, "partial" if (a, m) == ("XAA-01", 3) else s) for a, y, m, s in received(AREAS, 2021)]
    world.deliver("police", [victim(3)], reports=reports)
    compute(world.connection, [POLICE])
    march = total(world, "XAA-01", "2021-03")
    assert march["comment"].startswith("0 of 1 reports owed were received whole, 1 in part;")
    assert (march["numerator"], march["obs_value"], march["areas_reporting"], march["coverage"]) == (
        3,
        None,
        1,
        0,
    )


def test_a_month_that_does_not_apply_is_not_owed(world: World) -> None:
    reports = [(a, y, m, "not_applicable" if m > 6 else s) for a, y, m, s in received(AREAS, 2021)]
    world.deliver("police", [victim(3)], reports=reports)
    compute(world.connection, [POLICE])
    assert total(world, "XAA", "2021")["coverage"] == 1
    assert world.cells("time_period = '2021-07'") == []


def test_victims_by_sex_without_a_population_by_sex_have_a_numerator_and_the_reason() -> None:
    world = made(breakdowns=("sex", "mechanism"), sexes=("_T",))
    world.deliver(
        "police", [victim(9, sex="M", mechanism="firearm"), victim(2, sex="F")], reports=received(AREAS, 2021)
    )
    world.store([POLICE])
    nation = "ref_area = 'XAA' AND time_period = '2021'"
    women = world.cell(f"{nation} AND sex = 'F' AND mechanism = '_T' AND age = '_T'")
    assert (women["numerator"], women["denominator"], women["obs_value"]) == (2, None, None)
    assert (women["obs_status"], women["comment"]) == ("L", "people has no population by sex")
    assert total(world, "XAA", "2021")["obs_value"] == 7.86
    firearm = world.cell(f"{nation} AND mechanism = 'firearm' AND sex = '_T'")
    assert (firearm["obs_value"], firearm["denominator"]) == (6.43, 140_000)
    assert world.cells("age <> '_T'") == []
    # no zero where there is no population to divide by
    assert world.cells("sex = 'F' AND numerator = 0", "indicator.value_dense") == []


def test_unknown_sex_age_and_mechanism_are_cells_and_the_total_includes_them(world: World) -> None:
    rows = [
        victim(6, sex="M", age_years=16, mechanism="firearm"),
        victim(4, sex="_U"),
        victim(1, mechanism="_U"),
    ]
    world.deliver("police", rows, reports=received(AREAS, 2021))
    compute(world.connection, [POLICE])
    nation = "ref_area = 'XAA' AND time_period = '2021'"
    assert total(world, "XAA", "2021")["numerator"] == 11
    unknown = world.cell(f"{nation} AND sex = '_U' AND age = '_T' AND mechanism = '_T'")
    assert (unknown["numerator"], unknown["obs_value"], unknown["obs_status"]) == (5, None, "M")
    men = world.cell(f"{nation} AND sex = 'M' AND age = '_T' AND mechanism = '_T'")
    assert men["unknown_share"] == 0.4545
    assert (men["quality"], men["quality_reason"]) == (
        "C",
        "the attribute is unknown in more than 20 % of the events",
    )
    assert world.cell(f"{nation} AND sex = '_T' AND age = '_U' AND mechanism = '_T'")["numerator"] == 5


def test_a_group_of_ages_lies_in_the_smallest_band_that_holds_it(world: World) -> None:
    rows = [victim(2, age_years=16), victim(3, age_from=15, age_to=19), victim(4, age_from=13, age_to=17)]
    world.deliver("police", rows, reports=received(AREAS, 2021))
    world.store([POLICE])
    nation = "ref_area = 'XAA' AND time_period = '2021' AND sex = '_T' AND mechanism = '_T'"
    ages = {c["age"]: c for c in world.cells(f"{nation} AND age <> '_T'")}
    assert {a: c["numerator"] for a, c in ages.items()} == {"Y15T17": 2, "Y15T29": 5, "_U": 4}
    # the three of 15-19 may be 15-17 or not
    assert ages["Y15T17"]["unknown_share"] == round(7 / 9, 4)
    assert ages["Y15T29"]["unknown_share"] == round(4 / 9, 4)
    # and so no zero is implied for 18-19 anywhere, while 60 and over has one
    assert world.cells("age = 'Y18T19'", "indicator.denominator") == []
    assert world.cells("age = 'Y_GE60'", "indicator.denominator") != []


def test_a_record_of_a_year_alone_counts_in_the_year_and_in_no_month(world: World) -> None:
    rows = [victim(3, date(2021, 1, 1), occurrence_date_precision="year")]
    world.deliver("police", rows, reports=received(AREAS, 2021))
    compute(world.connection, [POLICE])
    assert total(world, "XAA", "2021")["numerator"] == 3
    assert world.cells("freq = 'M'") == []


def test_annulled_and_replaced_records_do_not_count(world: World) -> None:
    rows = [victim(1), victim(10, record_status="annulled"), victim(100)]
    batch = world.deliver("police", rows, reports=received(AREAS, 2021))
    key = world.execute(
        f'SELECT record_key FROM core.person_role WHERE delivery_id = {batch} AND "count" = 100'
    )[0][0]
    world.deliver("police", [victim(20, date(2022, 1, 5), record_status="reclassified", replaces_key=key)])
    compute(world.connection, [POLICE])
    assert total(world, "XAA", "2021")["numerator"] == 1


def test_counts_of_other_units_roles_and_classes_are_never_taken(world: World) -> None:
    rows = [
        victim(1),
        victim(10, counting_unit="offence"),
        victim(100, role="suspect"),
        victim(1000, iccs="0102"),
        victim(10_000, completion="attempted"),
        victim(100_000, iccs=None, event_class="road_death"),
    ]
    world.deliver("police", rows, reports=received(AREAS, 2021))
    compute(world.connection, [POLICE])
    assert total(world, "XAA", "2021")["numerator"] == 1


def test_definitive_only_where_all_records_are(world: World) -> None:
    rows = [victim(record_status="definitive"), victim(area="XAA-02")]
    world.deliver("police", rows, reports=received(AREAS, 2021))
    compute(world.connection, [POLICE])
    states = {a: total(world, a, "2021") for a in ("XAA", *AREAS)}
    assert {a: (s["revision_status"], s["obs_status"]) for a, s in states.items()} == {
        "XAA": ("provisional", "P"),
        "XAA-01": ("definitive", "A"),
        "XAA-02": ("provisional", "P"),
    }


def test_a_break_is_told_where_the_population_changes_its_vintage(world: World) -> None:
    rows = [victim(when=date(y, 1, 5)) for y in (2021, 2022)]
    world.population("people", [people(a, 2022, 90_000, vintage="2022") for a in AREAS])
    world.deliver("police", rows, reports=[*received(AREAS, 2021), *received(AREAS, 2022)])
    compute(world.connection, [POLICE])
    broken = {c["time_period"] for c in world.cells(f"series_break AND ref_area = 'XAA' AND {TOTAL}")}
    assert broken == {"2022", "2022-01"}
    year = total(world, "XAA", "2022")
    assert year["obs_status"] == "B"
    assert "another vintage" in year["comment"]


def test_a_country_without_population_has_numerators_and_the_reason() -> None:
    world = World()
    world.areas("XAA", *AREAS)
    world.source("police", "person_role", "police", breakdowns=())
    world.deliver("police", [victim(3)], reports=received(AREAS, 2021))
    compute(world.connection, [POLICE])
    nation = total(world, "XAA", "2021")
    assert (nation["numerator"], nation["obs_value"], nation["obs_status"]) == (3, None, "O")
    assert (nation["population_source"], nation["comment"]) == (
        "none",
        "no source gives a population of this country",
    )
    # a complete report of nothing, which no denominator can make a rate of, is told as well
    assert total(world, "XAA-02", "2021")["numerator"] == 0


def test_records_in_quarantine_lower_the_grade(world: World) -> None:
    rows = [victim(30)]
    world.deliver("police", rows, reports=received(AREAS, 2021), quarantined={("XAA-01", 2021, 3): 1})
    compute(world.connection, [POLICE])
    march = total(world, "XAA-01", "2021-03")
    assert (march["quality"], march["obs_value"]) == ("D", 21.43)
    assert "quarantine" in march["quality_reason"]
    april = "ref_area = 'XAA-01' AND time_period = '2021-04' AND sex = '_T' AND age = '_T'"
    assert "fewer than 20 events" in world.cell(april, "indicator_denominator")["quality_reason"]


def test_the_cut_off_is_the_latest_that_deliveries_of_the_period_declare(world: World) -> None:
    world.deliver("police", [victim(2)], reports=received(AREAS, 2021), cutoff=date(2022, 2, 15))
    world.deliver(
        "police", [victim(when=date(2022, 1, 1))], reports=received(AREAS, 2022), edition=date(2023, 1, 9)
    )
    compute(world.connection, [POLICE])
    assert total(world, "XAA", "2021-03")["cutoff_date"] == date(2022, 2, 15)
    assert total(world, "XAA", "2022")["cutoff_date"] == date(2023, 1, 9)


def test_nothing_comes_of_nothing() -> None:
    world = World()
    outcome = compute(world.connection)
    assert set(outcome.n_cells.values()) == {0}
    assert world.cells("true") == []


def test_a_population_that_lacks_figures_gives_no_rate_and_says_so() -> None:
    world = made(complete=29)
    world.deliver("police", [victim(9)], reports=received(AREAS, 2021))
    world.store([POLICE])
    cell = total(world, "XAA", "2021")
    assert (cell["numerator"], cell["denominator"], cell["obs_value"], cell["obs_status"]) == (
        9,
        None,
        None,
        "O",
    )
    assert cell["comment"] == "people has 28 of the 29 figures of a whole population for this period"
