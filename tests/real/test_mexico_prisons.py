"""Mexico: offences of persons deprived of liberty, from an R data frame."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.real.home import Home, RealFile

pytestmark = pytest.mark.real

#: Offences by year, as the folder of the file states them.
OFFENCES = {2016: 518_154, 2019: 290_900, 2020: 270_448}


@pytest.fixture(scope="module")
def prisons(real: RealFile, new_home: Callable[[], Home]) -> Home:
    home = new_home()
    home.run("ingest", "mx_inegi_penitenciario", real("mx-inegi-penitenciario", "ppl_delitos_10-21.rds"))
    return home


def test_every_row_is_loaded(prisons: Home) -> None:
    account = """
        SELECT rows_delivered, records_loaded, records_quarantined, events_made::BIGINT AS made,
            events_loaded::BIGINT AS loaded
        FROM meta.delivery
    """
    (row,) = prisons.query(account)
    assert (row["rows_delivered"], row["records_loaded"], row["records_quarantined"]) == (299_279, 299_279, 0)
    assert row["made"] == row["loaded"]


def test_offences_by_year(prisons: Home) -> None:
    years = "SELECT year(reference_date) AS y, sum(count)::BIGINT AS n FROM core.custody GROUP BY 1"
    found = {row["y"]: row["n"] for row in prisons.query(years)}
    assert sorted(found) == list(range(2010, 2022))
    assert {year: found[year] for year in OFFENCES} == OFFENCES


def test_offences_are_not_persons(prisons: Home) -> None:
    """Only one unit, which no indicator of persons held takes; every label is known, if it has a class or not."""
    units = "SELECT DISTINCT counting_unit::VARCHAR AS unit, custody_measure::VARCHAR AS measure FROM core.custody"
    assert prisons.query(units) == [{"unit": "offence", "measure": "held"}]
    assert prisons.value("SELECT count(*) FROM core.custody WHERE iccs IS NULL") == 0


def test_intentional_homicide_is_told_in_2010_only(prisons: Home) -> None:
    """Later years have one label for intentional and negligent: it is never 0101, which feminicide alone is then."""
    homicide = """
        SELECT iccs::VARCHAR AS iccs, min(year(reference_date)) AS first, max(year(reference_date)) AS last,
            sum(count)::BIGINT AS n
        FROM core.custody WHERE iccs_source_code LIKE '% | Homicidio' GROUP BY 1 ORDER BY 1
    """
    assert [tuple(row.values()) for row in prisons.query(homicide)] == [
        ("01", 2011, 2021, 500_985),
        ("0101", 2010, 2010, 21_758),
        ("01032", 2010, 2010, 3_130),
    ]
