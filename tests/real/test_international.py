"""Figures of several countries: the UN's population beside the national ones, and homicide rates as published."""

from __future__ import annotations

import csv
from collections.abc import Callable
from decimal import Decimal

import pytest

from tests.real.home import Home, RealFile

pytestmark = pytest.mark.real

RATES = ("intl-owid-unodc-homicide-rate", "homicide-rate-unodc.csv")
PROJECTIONS = ("intl-un-wpp2022", "popprojMed.txt")
OF_UN = "core.population WHERE source_id = 'un_wpp_population'"


@pytest.fixture(scope="module")
def world(real: RealFile, new_home: Callable[[], Home]) -> Home:
    """The UN's population beside Colombia's own and its deaths, and indicators."""
    home = new_home()
    home.run("ingest", "un_wpp_population", real(*PROJECTIONS))
    home.run("ingest", "co_dane_poblacion", real("co-dane-poblacion", "poblacion_2018_2023.xlsx"))
    home.run("ingest", "co_ponal_homicidios", real("co-ponal-homicidios", "homicidios_2022.xls"))
    home.run("ingest", "intl_owid_unodc", real(*RATES))
    home.run("indicators", "compute")
    return home


def test_every_country_and_year_is_loaded(world: Home) -> None:
    account = """
        SELECT rows_delivered, rows_excluded, records_made, records_loaded, records_quarantined
        FROM meta.delivery WHERE source_id = 'un_wpp_population'
    """
    assert list(world.query(account)[0].values()) == [285, 50, 235 * 79, 235 * 79, 0]
    reasons = """
        SELECT reason, sum(n)::BIGINT AS n FROM meta.exclusion JOIN meta.delivery USING (delivery_id)
        WHERE source_id = 'un_wpp_population' GROUP BY 1 ORDER BY 1
    """
    assert {r["reason"]: r["n"] for r in world.query(reasons)} == {"group_of_countries": 49, "no_iso_code": 1}


def test_thousands_become_persons_at_the_end_of_the_year(world: Home) -> None:
    """The file is of 31 December: Mexico had about 127.5 million inhabitants by the UN in the middle of 2022."""
    found = f"""
        SELECT residence_country::VARCHAR AS country, "count" AS n, vintage, producer,
            population_source::VARCHAR AS of
        FROM ({f"SELECT * FROM {OF_UN}"}) WHERE reference_date = DATE '2022-12-31'
            AND residence_country IN ('BRA', 'COL', 'MEX') ORDER BY 1
    """
    rows = world.query(found)
    assert {r["country"]: r["n"] for r in rows} == {"BRA": 215_802_222, "COL": 51_959_221, "MEX": 127_984_117}
    said = {(r["vintage"], r["producer"], r["of"]) for r in rows}
    assert said == {("UN WPP 2022, medium variant", "UN DESA, Population Division", "un_wpp")}


def test_the_countries_of_the_region_add_up_to_the_uns_region(world: Home, real: RealFile) -> None:
    with real(*PROJECTIONS).open(encoding="utf-8", newline="") as handle:
        lines = {row["country_code"]: row for row in csv.DictReader(handle, delimiter="\t")}
    by_year = f"""
        SELECT year(reference_date) AS y, sum("count")::BIGINT AS n, count(*) AS countries
        FROM (SELECT * FROM {OF_UN}) JOIN "ref".membership ON member_code = residence_country
        WHERE group_code = 'G-LAC' GROUP BY 1 ORDER BY 1
    """
    for row in world.query(by_year):
        published = int(Decimal(lines["904"][str(row["y"])]) * 1000)
        assert row["countries"] == 50
        # the region's figure is itself rounded to one person
        assert abs(row["n"] - published) <= 1, row["y"]
        if row["y"] == 2022:
            assert row["n"] == 662_490_196


def test_a_national_rate_is_over_the_national_population(world: Home) -> None:
    """Both are in the warehouse, and nothing is added up or exchanged."""
    (cell,) = world.query(
        """
        SELECT denominator::BIGINT AS d, population_source::VARCHAR AS of, comment FROM indicator.value
        WHERE indicator = 'homicide_rate_police' AND ref_area = 'COL' AND time_period = '2022'
            AND sex = '_T' AND age = '_T' AND mechanism = '_T' AND relationship = '_T'
        """
    )
    assert (cell["d"], cell["of"]) == (51_682_692, "national")
    assert "DANE" in cell["comment"]
    assert world.value("SELECT count(*) FROM indicator.value WHERE population_source = 'un_wpp'") == 0


def test_every_published_rate_of_a_country_is_loaded(world: Home) -> None:
    account = """
        SELECT rows_delivered, rows_excluded, records_loaded, records_quarantined
        FROM meta.delivery WHERE source_id = 'intl_owid_unodc'
    """
    assert list(world.query(account)[0].values()) == [4_885, 683, 4_202, 0]
    reasons = """
        SELECT reason, sum(n)::BIGINT AS n FROM meta.exclusion JOIN meta.delivery USING (delivery_id)
        WHERE source_id = 'intl_owid_unodc' GROUP BY 1
    """
    assert {r["reason"]: r["n"] for r in world.query(reasons)} == {
        "group_of_countries": 552,
        "part_of_a_country": 113,
        "no_iso_code": 18,
    }


@pytest.mark.parametrize(
    ("country", "rate"),
    [
        ("MEX", 29.15),
        ("COL", 23.40),
        ("CHL", 4.81),
        ("ECU", 6.85),
        ("BRA", 21.24),
        ("ARG", 5.13),
        ("PER", 7.35),
    ],
)
def test_published_rates_of_2019(world: Home, country: str, rate: float) -> None:
    found = f"""
        SELECT value, unit_measure::VARCHAR AS unit FROM core.published_indicator
        WHERE occurrence_country = '{country}' AND reference_date = DATE '2019-01-01'
            AND indicator = 'homicide_rate_unodc'
    """
    (row,) = world.query(found)
    assert round(row["value"], 2) == rate
    assert row["unit"] == "PER_100000_POP"


def test_a_published_rate_stands_beside_ours_and_differs(world: Home) -> None:
    """Colombia 2022: UNODC 24.95 over the UN's population, ours 26.19 over DANE's; neither becomes the other."""
    ours = """
        SELECT obs_value FROM indicator.value
        WHERE indicator = 'homicide_rate_police' AND ref_area = 'COL' AND time_period = '2022'
            AND sex = '_T' AND age = '_T' AND mechanism = '_T' AND relationship = '_T'
    """
    assert world.value(ours) == pytest.approx(26.19, abs=0.005)
    theirs = """
        SELECT value FROM core.published_indicator
        WHERE occurrence_country = 'COL' AND reference_date = DATE '2022-01-01'
    """
    assert world.value(theirs) == pytest.approx(24.95, abs=0.005)
