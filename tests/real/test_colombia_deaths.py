"""Colombia: all deaths of 2019 by cause, against published figures and beside the police."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.real.home import Home, RealFile

pytestmark = pytest.mark.real

DEATHS = ("co-dane-defunciones-2019", "deaths_enriched.parquet")
CAUSE = "left(cause_from, 3)"


@pytest.fixture(scope="module")
def deaths(real: RealFile, new_home: Callable[[], Home]) -> Home:
    """Deaths and police victims of 2019, population and territorial division, and indicators."""
    files = [
        ("co_dane_areas", real("co-dane-defunciones-2019", "Divipola_CE_.xlsx")),
        ("co_dane_poblacion", real("co-dane-poblacion", "poblacion_2018_2023.xlsx")),
        ("co_ponal_homicidios", real("co-ponal-homicidios", "homicidios_2019.xlsx")),
        ("co_dane_defunciones", real(*DEATHS)),
    ]
    home = new_home()
    for source, path in files:
        home.run("ingest", source, path)
    home.run("indicators", "compute")
    return home


def test_every_death_is_loaded(deaths: Home) -> None:
    account = """
        SELECT rows_delivered, records_made, records_loaded, records_quarantined, records_excluded, repeated_rows
        FROM meta.delivery WHERE source_id = 'co_dane_defunciones'
    """
    assert deaths.query(account) == [
        {
            "rows_delivered": 244_355,
            "records_made": 244_355,
            "records_loaded": 244_355,
            "records_quarantined": 0,
            "records_excluded": 0,
            "repeated_rows": 43_281,
        }
    ]


@pytest.mark.parametrize(
    ("where", "n"),
    [
        ("true", 244_355),
        (f"{CAUSE} BETWEEN 'X85' AND 'Y09'", 13_043),
        ("cause_from = 'Y871'", 12),
        (f"{CAUSE} BETWEEN 'X60' AND 'X84'", 2_927),
        ("cause_from = 'Y870'", 3),
        (f"{CAUSE} = 'Y35'", 10),
        (f"{CAUSE} = 'X95'", 9_273),
        ("manner_of_death = 'homicide'", 13_077),
        ("manner_of_death = 'suicide'", 2_930),
        ("manner_of_death = 'pending'", 978),
        ("sex = 'M'", 134_573),
        ("sex = 'F'", 109_689),
        ("sex = '_U'", 93),
        ("age_from IS NULL", 23),
        ("age_from = 0", 7_291),
        ("month(occurrence_date) = 12", 21_678),
        ("death_first_level = 'COL-11'", 38_760),
        ("death_first_level = 'COL-05'", 34_473),
    ],
)
def test_published_numbers_of_deaths(deaths: Home, where: str, n: int) -> None:
    """By cause, manner, sex, age, month and department, as the publishers of the file count them."""
    assert deaths.value(f"SELECT sum(count)::BIGINT FROM core.death WHERE {where}") == n


def test_rate_of_homicide_deaths(deaths: Home) -> None:
    """26.42 by X85-Y09; the catalogue adds the sequelae and says which place the deaths are by."""
    (cell,) = deaths.query(
        """
        SELECT numerator::BIGINT AS n, denominator::BIGINT AS d, obs_value, place_basis::VARCHAR AS place,
            source_type::VARCHAR AS kind
        FROM indicator.value
        WHERE indicator = 'homicide_rate_health' AND ref_area = 'COL' AND time_period = '2019'
            AND sex = '_T' AND age = '_T'
        """
    )
    assert (cell["n"], cell["d"]) == (13_043 + 12, 49_376_765)
    assert cell["obs_value"] == pytest.approx(26.44, abs=0.005)
    assert (cell["place"], cell["kind"]) == ("death", "vital_registration")
    assert 13_043 / cell["d"] * 100_000 == pytest.approx(26.4, abs=0.05)


def test_deaths_by_age_are_all_deaths(deaths: Home) -> None:
    """DANE's groups lie in bands of the catalogue; seven victims are of unknown age."""
    by_age = """
        SELECT age::VARCHAR AS age, numerator::BIGINT AS n FROM indicator.value
        WHERE indicator = 'homicide_rate_health' AND ref_area = 'COL' AND time_period = '2019' AND sex = '_T'
    """
    found = {row["age"]: row["n"] for row in deaths.query(by_age)}
    inside = {"Y20T24", "Y25T29", "_T"}
    assert found["_T"] == sum(n for age, n in found.items() if age not in inside)
    assert (found["_U"], found["Y15T29"], found["_T"]) == (7, 6_210, 13_055)


def test_months_and_departments_are_complete(deaths: Home) -> None:
    cells = """
        SELECT count(*) FROM meta.report_status
        WHERE source_id = 'co_dane_defunciones' AND status IN ('received', 'zero_declared')
    """
    assert deaths.value(cells) == 33 * 12


def test_health_and_police_tell_nearly_the_same_by_department(deaths: Home) -> None:
    """Two measures of one thing: near each other where many died, and never added up."""
    both = f"""
        WITH health AS (
            SELECT death_first_level AS area, count(*)::BIGINT AS deaths FROM core.death
            WHERE {CAUSE} BETWEEN 'X85' AND 'Y09' GROUP BY 1
        ), police AS (
            SELECT occurrence_first_level AS area, sum(count)::BIGINT AS victims FROM core.person_role GROUP BY 1
        )
        SELECT area, deaths, victims FROM health FULL JOIN police USING (area) ORDER BY area
    """
    rows = deaths.query(both)
    assert len(rows) == 33
    assert (sum(r["deaths"] for r in rows), sum(r["victims"] for r in rows)) == (13_043, 12_656)
    far = {r["area"] for r in rows if abs(r["deaths"] - r["victims"]) > 0.1 * r["deaths"]}
    assert far == {"COL-18", "COL-27", "COL-54", "COL-85", "COL-91", "COL-94", "COL-97"}
    values = "SELECT DISTINCT source FROM indicator.value WHERE ref_area = 'COL' AND time_period = '2019'"
    assert len(deaths.query(values)) == 2


def test_one_death_is_in_an_area_that_is_no_more(deaths: Home) -> None:
    gone = """
        SELECT DISTINCT death_municipality AS area FROM core.death
        WHERE death_municipality NOT IN (SELECT area_code FROM ref.area)
    """
    assert deaths.query(gone) == [{"area": "COL-94663"}]
