"""Mexico: homicide deaths by municipality 1990-2015 and by person 2024, beside the series by state and month."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.real.home import Home, RealFile

pytestmark = pytest.mark.real

BY_MUNICIPALITY = "mx_inegi_homicidios_municipio"
#: Homicide deaths by year of registration, as INEGI publishes them.
REGISTERED = {
    1990: 14_493,
    2000: 10_737,
    2007: 8_867,
    2010: 25_757,
    2011: 27_213,
    2014: 20_010,
    2015: 20_762,
}


@pytest.fixture(scope="module")
def deaths(real: RealFile, new_home: Callable[[], Home]) -> Home:
    """All 26 years of registration, the person file of 2024, the series by state, population; indicators."""
    home = new_home()
    years = [real("mx-inegi-homicidios-olap", f"{year}.csv") for year in range(1990, 2016)]
    home.run("ingest", BY_MUNICIPALITY, *years)
    home.run(
        "ingest", "mx_inegi_homicidios_2024", real("mx-inegi-homicidios-2024", "homicidios_2024_clean.csv")
    )
    by_state = real("mx-inegi-homicide-state-month", "mexico-state-month-homicide-rates-2000-2022.csv")
    home.run("ingest", "mx_inegi_homicidios", by_state)
    home.run("ingest", "mx_conapo_poblacion", real("mx-conapo-poblacion", "poblacion.csv"))
    by_sex = [real("mx-conapo-poblacion", "suicidios-assets", f"{sex}.csv") for sex in ("hombres", "mujeres")]
    home.run("ingest", "mx_conapo_poblacion_sexo", *by_sex)
    home.run("indicators", "compute")
    return home


def test_nothing_is_quarantined_and_every_row_is_accounted_for(deaths: Home) -> None:
    account = f"""
        SELECT count(*)::INTEGER AS files, sum(rows_delivered)::BIGINT AS rows, sum(rows_excluded)::BIGINT AS excluded,
            sum(records_quarantined)::BIGINT AS quarantined, sum(rows_unreadable)::BIGINT AS unreadable,
            sum(events_made - events_loaded)::BIGINT AS lost
        FROM meta.delivery WHERE source_id = '{BY_MUNICIPALITY}'
    """
    # 37,354 municipalities, 855 subtotals of states, 26 totals of the nation
    assert deaths.query(account) == [
        {"files": 26, "rows": 38_235, "excluded": 881, "quarantined": 0, "unreadable": 0, "lost": 0}
    ]
    assert deaths.value("SELECT count(*) FROM quarantine.record") == 0


def test_deaths_by_year_of_registration(deaths: Home) -> None:
    """Without the subtotals, which would double them."""
    years = f"""
        SELECT year(registration_date) AS year, sum(count)::BIGINT AS n FROM core.death
        WHERE source_id = '{BY_MUNICIPALITY}' GROUP BY 1
    """
    found = {row["year"]: row["n"] for row in deaths.query(years)}
    assert len(found) == 26
    assert {year: found[year] for year in REGISTERED} == REGISTERED


def test_the_total_that_each_file_states_is_met(deaths: Home) -> None:
    totals = "SELECT count(*)::INTEGER AS n, sum(abs(expected - found)) AS off FROM meta.control_total"
    assert deaths.query(totals) == [{"n": 26, "off": 0}]


def test_places_of_2015(deaths: Home) -> None:
    """Three died abroad, of two the country is not known; where only the state is known there is no municipality."""
    places = f"""
        SELECT coalesce(death_country::VARCHAR, '?') AS country, sum(count)::INTEGER AS n,
            coalesce(sum(count) FILTER (death_municipality IS NULL), 0)::INTEGER AS no_municipality,
            count(DISTINCT death_municipality)::INTEGER AS municipalities
        FROM core.death WHERE source_id = '{BY_MUNICIPALITY}' AND year(registration_date) = 2015
        GROUP BY 1 ORDER BY 1
    """
    assert [tuple(row.values()) for row in deaths.query(places)] == [
        ("?", 2, 2, 0),
        ("MEX", 20_759, 42, 1_540),
        ("USA", 1, 1, 0),
    ]


def test_two_bases_of_one_year_stand_side_by_side(deaths: Home) -> None:
    """By registration and by date of death; neither hides the other."""
    rate = """
        SELECT date_basis, source, numerator::INTEGER AS n, obs_value FROM indicator.value
        WHERE indicator = 'homicide_rate_health' AND ref_area = 'MEX' AND time_period = '2015' AND freq = 'A'
            AND sex = '_T' AND age = '_T' AND mechanism = '_T' ORDER BY 1
    """
    rows = deaths.query(rate)
    assert [(row["date_basis"], row["source"], row["n"]) for row in rows] == [
        ("occurrence", "mx_inegi_homicidios", 20_263),
        ("registration", BY_MUNICIPALITY, 20_761),
    ]
    assert [row["obs_value"] for row in rows] == pytest.approx([16.56, 16.97], abs=0.01)


def test_the_two_series_tell_the_same_story(deaths: Home) -> None:
    """Over sixteen years they differ by late registration and unknown places only: by less than five in a hundred."""
    series = """
        WITH registered AS (SELECT year(registration_date) AS y, sum(count) AS n FROM core.death
            WHERE source_id = 'mx_inegi_homicidios_municipio' GROUP BY 1),
        occurred AS (SELECT year(occurrence_date) AS y, sum(count) AS n FROM core.death
            WHERE source_id = 'mx_inegi_homicidios' GROUP BY 1)
        SELECT count(*)::INTEGER AS years, min(occurred.n / registered.n) AS low,
            max(occurred.n / registered.n) AS high, sum(occurred.n) / sum(registered.n) AS whole
        FROM registered JOIN occurred USING (y)
    """
    (ratio,) = deaths.query(series)
    assert ratio["years"] == 16
    assert 0.95 < ratio["low"] < ratio["high"] < 1.05
    assert ratio["whole"] == pytest.approx(1, abs=0.02)


def test_deaths_of_2024_by_sex_and_age(deaths: Home) -> None:
    """Every row is a death, equal or not; an age under one year is told from an unknown one."""
    people = """
        SELECT sex::VARCHAR AS sex, count(*)::INTEGER AS n, count(*) FILTER (age_years IS NULL)::INTEGER AS no_age,
            count(*) FILTER (age_years = 0)::INTEGER AS infants,
            count(*) FILTER (death_first_level IS NULL)::INTEGER AS no_state
        FROM core.death WHERE source_id = 'mx_inegi_homicidios_2024' GROUP BY 1 ORDER BY 1
    """
    assert [tuple(row.values()) for row in deaths.query(people)] == [
        ("F", 3_572, 101, 13, 20),
        ("M", 28_229, 1_390, 13, 137),
        ("_U", 264, 256, 1, 6),
    ]


def test_the_two_populations_are_one(deaths: Home) -> None:
    """By state and year: municipalities added up, and men with women."""
    differing = """
        WITH each AS (SELECT source_id, residence_first_level AS state, year(reference_date) AS y, sum(count) AS n
            FROM core.population GROUP BY ALL)
        SELECT count(*)::INTEGER AS pairs, count(*) FILTER (m.n <> s.n)::INTEGER AS differ
        FROM each AS m JOIN each AS s USING (state, y)
        WHERE m.source_id = 'mx_conapo_poblacion' AND s.source_id = 'mx_conapo_poblacion_sexo'
    """
    assert deaths.query(differing) == [{"pairs": 32 * 51, "differ": 0}]
    whole = """
        SELECT sum(count)::BIGINT FROM core.population
        WHERE source_id = 'mx_conapo_poblacion_sexo' AND year(reference_date) = 2024
    """
    assert deaths.value(whole) == 132_274_416


def test_rates_by_sex_of_2024(deaths: Home) -> None:
    """The population by state and sex comes first; who is of unknown sex has no rate and is in the whole."""
    rates = """
        SELECT sex, numerator::INTEGER AS n, denominator::BIGINT AS people, obs_value FROM indicator.value
        WHERE indicator = 'homicide_rate_health' AND ref_area = 'MEX' AND time_period = '2024' AND age = '_T'
            AND mechanism = '_T' ORDER BY sex
    """
    found = {row["sex"]: row for row in deaths.query(rates)}
    assert (found["M"]["n"], found["M"]["people"]) == (28_229, 64_705_498)
    assert (found["F"]["n"], found["F"]["people"]) == (3_572, 67_568_918)
    assert found["_T"]["people"] == 132_274_416
    assert [found[sex]["obs_value"] for sex in "MF"] == pytest.approx([43.63, 5.29], abs=0.01)
    assert found["_U"]["obs_value"] is None


def test_rates_of_2024(deaths: Home) -> None:
    """A year of which no month is known gives a rate of the year and none of a month."""
    cells = """
        SELECT freq, sex, numerator::INTEGER AS n, obs_value FROM indicator.value
        WHERE indicator = 'homicide_rate_health' AND ref_area = 'MEX' AND starts_with(time_period, '2024')
            AND age = '_T' AND mechanism = '_T' AND numerator > 0 ORDER BY ALL
    """
    rows = deaths.query(cells)
    assert [(row["freq"], row["sex"], row["n"]) for row in rows if row["sex"] == "_T"] == [
        ("A", "_T", 32_065)
    ]
    (whole,) = [row["obs_value"] for row in rows if row["sex"] == "_T"]
    assert whole == pytest.approx(32_065 / 132_274_416 * 1e5, abs=0.005)
