"""United States: the victimisation survey of 2021, two files joined, against published figures."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.real.home import Home, RealFile

pytestmark = pytest.mark.real

FOLDER = "us-ncvs-2021"
HOUSEHOLDS, INCIDENTS = "ncvs_2021_household.rda", "ncvs_2021_incident.rda"
#: Victimisations as BJS counts them: series by their number, crimes abroad left out.
COUNTED = """
    SELECT sum(weight * CASE WHEN series = 'yes' THEN least(coalesce(times, 6), 10) ELSE 1 END)
    FROM core.survey_incident WHERE crime_place_scope <> 'abroad' AND {}
"""
VIOLENT = "survey_crime_source_code::INTEGER BETWEEN 1 AND 20"
PROPERTY = "crime_unit = 'household'"


@pytest.fixture(scope="module")
def survey(real: RealFile, new_home: Callable[[], Home]) -> Home:
    """Households, and incidents with their households."""
    home = new_home()
    home.run("ingest", "us_ncvs_households", real(FOLDER, HOUSEHOLDS))
    home.run("ingest", "us_ncvs_incidents", real(FOLDER, INCIDENTS), real(FOLDER, HOUSEHOLDS))
    return home


def test_the_account_of_both_files(survey: Home) -> None:
    account = """
        SELECT source_id, rows_delivered, rows_excluded, records_loaded, records_quarantined, repeated_rows
        FROM meta.delivery ORDER BY source_id
    """
    assert [list(row.values()) for row in survey.query(account)] == [
        ["us_ncvs_households", 256_460, 106_322, 150_138, 0, 0],
        ["us_ncvs_incidents", 8_982, 0, 8_982, 0, 18],
    ]


def test_weights_and_design(survey: Home) -> None:
    (found,) = survey.query(
        """
        SELECT sum(weight) AS households, count(DISTINCT stratum)::BIGINT AS strata, count(DISTINCT psu)::BIGINT AS psus
        FROM core.survey_household
        """
    )
    assert found["households"] == pytest.approx(129_319_231.5, abs=0.1)
    assert (found["strata"], found["psus"]) == (160, 330)


def test_victimisations_and_the_published_property_rate(survey: Home) -> None:
    assert round(survey.value(COUNTED.format(VIOLENT))) == 4_598_306
    stolen = survey.value(COUNTED.format(PROPERTY))
    assert round(stolen) == 11_682_056
    households = survey.value("SELECT sum(weight) FROM core.survey_household")
    assert 1000 * stolen / households == pytest.approx(90.3, abs=0.05)


def test_series_keep_their_number(survey: Home) -> None:
    series = "SELECT count(*)::BIGINT AS n, max(times) AS most FROM core.survey_incident WHERE series = 'yes'"
    (found,) = survey.query(series)
    assert found == {"n": 117, "most": 30}
    alone = "SELECT count(*) FROM core.survey_incident WHERE series = 'no' AND times <> 1"
    assert survey.value(alone) == 0


def test_every_incident_has_the_design_of_its_household(survey: Home) -> None:
    together = """
        SELECT count(*) FROM core.survey_incident AS i JOIN core.survey_household AS h USING (household_key)
        WHERE i.stratum = h.stratum AND i.psu = h.psu AND i.urbanisation = h.urbanisation
    """
    assert survey.value(together) == 8_982
