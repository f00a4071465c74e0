"""Colombia: urban and rural population, unsatisfied basic needs, and how complete death registration is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from python_calamine import CalamineWorkbook

from tests.real.home import Home, RealFile

pytestmark = pytest.mark.real

PROJECTIONS = ("co-dane-poblacion", "poblacion_2003_2017.xls")
#: Persons of Chimá, of whom the sheet does not say whether they are urban or rural.
UNDIVIDED = {2005: 13_639, 2006: 13_773, 2007: 13_900}


@pytest.fixture(scope="module")
def context(real: RealFile, new_home: Callable[[], Home]) -> Home:
    """Both populations of the census of 2005, basic needs, estimated and registered deaths, police victims."""
    home = new_home()
    home.run("ingest", "co_dane_areas", real("co-dane-defunciones-2019", "Divipola_CE_.xlsx"))
    home.run("ingest", "co_dane_poblacion", real(*PROJECTIONS))
    home.run("ingest", "co_dane_poblacion", real("co-dane-poblacion", "poblacion_2018_2023.xlsx"))
    home.run("ingest", "co_dane_poblacion_zona", real(*PROJECTIONS))
    home.run("ingest", "co_dane_nbi", real("co-dane-poblacion", "NBI_2021.xlsx"))
    home.run("ingest", "un_wpp_deaths", real("intl-un-wpp2022", "deaths.txt"))
    home.run("ingest", "co_dane_defunciones", real("co-dane-defunciones-2019", "deaths_enriched.parquet"))
    home.run("ingest", "co_ponal_homicidios", real("co-ponal-homicidios", "homicidios_2018.xlsx"))
    home.run("indicators", "compute")
    return home


def test_the_accounts(context: Home) -> None:
    account = """
        SELECT source_id, rows_delivered, rows_excluded, records_loaded, records_quarantined, records_excluded
        FROM meta.delivery WHERE source_id IN ('co_dane_poblacion_zona', 'co_dane_nbi', 'un_wpp_deaths') ORDER BY 1
    """
    assert [list(row.values()) for row in context.query(account)] == [
        ["co_dane_nbi", 1_121, 0, 1_121, 0, 0],
        ["co_dane_poblacion_zona", 1_138, 16, 1_122 * 2 * 16 - 12, 0, 12],
        ["un_wpp_deaths", 285, 50, 235 * 72, 0, 0],
    ]


def test_urban_and_rural_add_up_to_the_national_row(context: Home, real: RealFile) -> None:
    """In every year but for a municipality whose urban and rural parts are not published."""
    sheet = CalamineWorkbook.from_path(str(real(*PROJECTIONS))).get_sheet_by_name("Municipios")
    (nation,) = (row for row in sheet.to_python(skip_empty_area=False) if row[2] == "00")
    published = {2005 + place: int(float(str(nation[4 + place]))) for place in range(16)}
    assert published[2017] == 49_291_925
    by_year = """
        SELECT year(reference_date) AS y, sum(count)::BIGINT AS n FROM core.population
        WHERE source_id = 'co_dane_poblacion_zona' GROUP BY 1 ORDER BY 1
    """
    found = {row["y"]: row["n"] for row in context.query(by_year)}
    assert found == {y: n - UNDIVIDED.get(y, 0) for y, n in published.items()}


def test_two_zones_of_one_vintage(context: Home) -> None:
    zones = """
        SELECT urbanisation::VARCHAR AS zone, sum(count)::BIGINT AS n FROM core.population
        WHERE source_id = 'co_dane_poblacion_zona' AND reference_date = DATE '2017-06-30' GROUP BY 1 ORDER BY 1
    """
    assert context.query(zones) == [{"zone": "rural", "n": 11_475_664}, {"zone": "urban", "n": 37_816_261}]
    edition = "SELECT edition_date::VARCHAR FROM meta.delivery WHERE source_id = 'co_dane_poblacion_zona'"
    assert context.value(edition) == "2010-03-29"


def test_rates_are_over_the_undivided_population(context: Home) -> None:
    """2018 is in both files; the older projection found a million and a half more."""
    (cell,) = context.query(
        """
        SELECT numerator::BIGINT AS n, denominator::BIGINT AS d FROM indicator.value
        WHERE indicator = 'homicide_rate_police' AND ref_area = 'COL' AND time_period = '2018'
            AND sex = '_T' AND age = '_T' AND mechanism = '_T' AND relationship = '_T'
        """
    )
    assert (cell["n"], cell["d"]) == (12_667, 48_258_494)


def test_basic_needs_of_every_municipality(context: Home) -> None:
    needs = """
        SELECT count(DISTINCT residence_municipality)::BIGINT AS n, min(value) AS least, max(value) AS most
        FROM core.social_measure WHERE measure = 'poverty_share'
    """
    (found,) = context.query(needs)
    assert found["n"] == 1_121
    assert (round(found["least"], 2), round(found["most"], 2)) == (1.59, 95.96)
    unknown = """
        SELECT count(*) FROM core.social_measure
        WHERE measure = 'poverty_share' AND residence_municipality NOT IN (SELECT area_code FROM ref.area)
    """
    assert context.value(unknown) == 0


def test_how_complete_death_registration_is(context: Home) -> None:
    """Registered deaths over those that the UN estimate; two measures, in two record types."""
    share = """
        SELECT 100 * (SELECT sum(count) FROM core.death) / (
            SELECT value FROM core.social_measure WHERE measure = 'estimated_deaths'
                AND residence_country = 'COL' AND reference_date = DATE '2019-01-01')
    """
    assert context.value(share) == pytest.approx(90.3, abs=0.05)
