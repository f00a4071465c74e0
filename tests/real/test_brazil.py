"""Brazil: suicides and population by municipality against published figures."""

from __future__ import annotations

import csv
from collections.abc import Callable

import pytest

from tests.real.home import Home, RealFile

pytestmark = pytest.mark.real

FOLDER = "br-datasus-ibge"
SUICIDES = {2008: 9_328, 2012: 10_321, 2016: 11_433, 2017: 12_495, 2018: 12_733}
POPULATION = {2008: 189_612_814, 2010: 190_732_694, 2012: 193_933_659, 2013: 201_018_619, 2018: 208_447_903}
#: Municipalities that are younger than the division of ``br_ibge_areas``.
YOUNGER = {"BRA-1504752", "BRA-2206720", "BRA-4212650", "BRA-4220000", "BRA-4314548", "BRA-5006275"}


@pytest.fixture(scope="module")
def brazil(real: RealFile, new_home: Callable[[], Home]) -> Home:
    """Municipalities, suicides and population."""
    home = new_home()
    home.run("ingest", "br_ibge_areas", real(FOLDER, "CADMUN.csv"))
    home.run("ingest", "br_datasus_suicidios", real(FOLDER, "suicide_count_08_18.csv"))
    home.run("ingest", "br_ibge_populacao", real(FOLDER, "population_08_18.csv"))
    return home


def test_both_files_are_loaded_whole(brazil: Home) -> None:
    account = """
        SELECT source_id, rows_delivered, records_loaded, records_quarantined, records_excluded
        FROM meta.delivery WHERE source_id <> 'br_ibge_areas' ORDER BY source_id
    """
    assert [list(row.values()) for row in brazil.query(account)] == [
        ["br_datasus_suicidios", 5_404, 5_404 * 11, 0, 0],
        ["br_ibge_populacao", 5_565, 5_565 * 11, 0, 0],
    ]


@pytest.mark.parametrize("year", SUICIDES)
def test_suicides_of_a_year(brazil: Home, year: int) -> None:
    found = f"SELECT sum(count)::BIGINT FROM core.death WHERE year(occurrence_date) = {year}"
    assert brazil.value(found) == SUICIDES[year]


@pytest.mark.parametrize("year", POPULATION)
def test_population_of_a_year(brazil: Home, year: int) -> None:
    found = f"SELECT sum(count)::BIGINT FROM core.population WHERE year(reference_date) = {year}"
    assert brazil.value(found) == POPULATION[year]


def test_codes_of_six_digits_become_those_of_ibge(brazil: Home, real: RealFile) -> None:
    """The seventh digit is that of the register for every municipality that the register has."""
    with real(FOLDER, "CADMUN.csv").open(encoding="utf-8-sig", newline="") as handle:
        listed = [row for row in csv.DictReader(handle) if row["SITUACAO"] == "ATIVO"]
    register = {f"BRA-{row['MUNCODDV']}" for row in listed}
    assert len(register) == 5_564
    made = "SELECT DISTINCT residence_municipality AS area FROM core.population ORDER BY 1"
    assert {row["area"] for row in brazil.query(made)} == register | {"BRA-2206720"}
    died = """
        SELECT DISTINCT residence_municipality AS area FROM core.death
        WHERE residence_municipality IS NOT NULL ORDER BY 1
    """
    assert {row["area"] for row in brazil.query(died)} - register == YOUNGER


def test_deaths_of_unknown_municipality_count_in_their_state(brazil: Home) -> None:
    unknown = """
        SELECT sum(count)::BIGINT AS n, count(DISTINCT residence_first_level)::BIGINT AS states FROM core.death
        WHERE residence_municipality IS NULL AND year(occurrence_date) = 2018
    """
    assert brazil.query(unknown) == [{"n": 45, "states": 18}]
    states = "SELECT count(DISTINCT residence_first_level)::BIGINT FROM core.death"
    assert brazil.value(states) == 27


def test_a_new_projection_is_another_vintage(brazil: Home) -> None:
    """Seven million more from 2012 to 2013 are no growth."""
    vintages = """
        SELECT vintage, min(year(reference_date)) AS first, max(year(reference_date)) AS last
        FROM core.population GROUP BY 1 ORDER BY 2
    """
    assert [(row["first"], row["last"]) for row in brazil.query(vintages)] == [
        (2008, 2009),
        (2010, 2010),
        (2011, 2012),
        (2013, 2017),
        (2018, 2018),
    ]


def test_rate_of_2018(brazil: Home) -> None:
    """Suicides per 100,000 inhabitants: the two files are of one territory and year."""
    rate = """
        SELECT 100000 * (SELECT sum(count) FROM core.death WHERE year(occurrence_date) = 2018)
            / (SELECT sum(count) FROM core.population WHERE year(reference_date) = 2018)
    """
    assert brazil.value(rate) == pytest.approx(6.108, abs=0.001)
