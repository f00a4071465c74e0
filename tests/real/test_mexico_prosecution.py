"""Mexico: what the prosecutors' files hold beside the state series of 2015-2025, and that the series agree."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.real.home import LATER, STATE_FILES, Home, RealFile

pytestmark = pytest.mark.real

OF_2026 = "mx_sesnsp_rnid_estatal"


@pytest.fixture(scope="module")
def files(real: RealFile, new_home: Callable[[], Home]) -> Home:
    """The state series, the catalogue of 2026, Guanajuato by municipality, victims and population, with indicators."""
    home = new_home()
    home.run("ingest", "mx_sesnsp_estatal", real(STATE_FILES, LATER))
    home.run("ingest", OF_2026, real(STATE_FILES, "estatal_n.csv"))
    municipal = real("mx-sesnsp-municipal-gto", "homicidios_gto_2020_2025_raw.csv")
    home.run("ingest", "mx_sesnsp_municipal", municipal)
    home.run("ingest", "mx_sesnsp_victimas", real(STATE_FILES, "timeseries_victimas__rev2025-02-25.csv"))
    home.run("ingest", "mx_conapo_poblacion", real("mx-conapo-poblacion", "poblacion.csv"))
    home.run("indicators", "compute")
    return home


def test_nothing_is_quarantined_and_the_accounts_balance(files: Home) -> None:
    assert files.value("SELECT count(*) FROM quarantine.record") == 0
    unbalanced = """
        SELECT count(*) FROM meta.delivery
        WHERE rows_delivered <> rows_unreadable + rows_excluded + rows_mapped
           OR records_made <> records_loaded + records_quarantined + records_excluded
           OR events_made <> events_loaded + events_quarantined + events_excluded
    """
    assert files.value(unbalanced) == 0


def test_the_catalogue_of_2026(files: Home) -> None:
    """What the file adds up to: January to March, attempts apart; the other months are blank, not zero."""
    sums = f"""
        SELECT month(report_date) AS month, sum(count)::BIGINT AS files,
            sum(count) FILTER (iccs_source_code LIKE '% | Homicidio doloso | %')::BIGINT AS homicide,
            sum(count) FILTER (iccs_source_code LIKE '% | Feminicidio | %')::BIGINT AS feminicide,
            sum(count) FILTER (iccs = '0102' AND completion = 'attempted')::BIGINT AS attempts
        FROM core.incident WHERE source_id = '{OF_2026}' GROUP BY 1 ORDER BY 1
    """
    assert [tuple(row.values()) for row in files.query(sums)] == [
        (1, 154_812, 1_392, 52, 164 + 36),
        (2, 150_592, 1_206, 43, 199 + 32),
        (3, 175_249, 1_398, 49, 217 + 79),
    ]
    blank = "SELECT sum(n)::BIGINT FROM meta.exclusion WHERE reason = 'not_reported' AND delivery_id = 2"
    assert files.value(blank) == 9 * 114 * 32


def test_no_attempt_is_a_homicide(files: Home) -> None:
    """Attempts of homicide are 0102; those of extortion stay with the offence and are marked."""
    marked = f"""
        SELECT iccs::VARCHAR AS iccs, completion::VARCHAR AS completion FROM core.incident
        WHERE source_id = '{OF_2026}' AND (completion = 'attempted' OR iccs = '0101') GROUP BY ALL ORDER BY ALL
    """
    assert [tuple(row.values()) for row in files.query(marked)] == [
        ("0101", "completed"),
        ("0102", "attempted"),
        ("02051", "attempted"),
    ]


def test_the_two_catalogues_give_their_own_years(files: Home) -> None:
    """The rate of 2024 comes from one source, that of 2026 from the other; an unfinished year has no value."""
    rate = """
        SELECT time_period, numerator::BIGINT AS numerator, obs_value FROM indicator.value
        WHERE indicator = 'homicide_files_rate' AND ref_area = 'MEX' AND mechanism = '_T' AND freq = '{}'
            AND time_period IN ({}) ORDER BY 1
    """
    years = files.query(rate.format("A", "'2023', '2026'"))
    assert [(row["time_period"], row["numerator"]) for row in years] == [
        ("2023", 25_290 + 833),
        ("2026", 1_392 + 1_206 + 1_398 + 52 + 43 + 49),
    ]
    assert years[1]["obs_value"] is None
    broken = """
        SELECT DISTINCT time_period FROM indicator.value
        WHERE indicator = 'homicide_files_rate' AND series_break AND comment LIKE '%the figures before are of%'
            AND time_period >= '2026' ORDER BY 1
    """
    assert [row["time_period"] for row in files.query(broken)] == ["2026", "2026-01"]
    (march,) = files.query(rate.format("M", "'2026-03'"))
    assert march["numerator"] == 1_398 + 49
    assert march["obs_value"] is not None


def test_municipalities_add_up_to_the_published_state(files: Home) -> None:
    """Files of homicide of Guanajuato by both files; the state file of 2024 ends with November."""
    by_source = """
        SELECT year(report_date) AS year, sum(count) FILTER (source_id = 'mx_sesnsp_municipal')::BIGINT AS municipal,
            sum(count) FILTER (source_id = 'mx_sesnsp_estatal')::BIGINT AS state
        FROM core.incident
        WHERE occurrence_first_level = 'MEX-11' AND iccs_source_code LIKE 'Homicidio | Homicidio doloso | %'
            AND year(report_date) BETWEEN 2020 AND 2025 GROUP BY 1 ORDER BY 1
    """
    assert [tuple(row.values()) for row in files.query(by_source)] == [
        (2020, 3_359, 3_359),
        (2021, 2_823, 2_823),
        (2022, 2_634, 2_634),
        (2023, 2_581, 2_581),
        (2024, 2_553, 2_324),
        (2025, 1_916, None),
    ]


def test_municipalities_of_guanajuato(files: Home) -> None:
    """Forty-six codes with their leading digits; December 2025 is blank in every row."""
    codes = """
        SELECT count(DISTINCT occurrence_municipality) AS n, min(occurrence_municipality) AS low,
            max(occurrence_municipality) AS high, max(report_date)::VARCHAR AS last
        FROM core.incident WHERE source_id = 'mx_sesnsp_municipal'
    """
    assert files.query(codes) == [{"n": 46, "low": "MEX-11001", "high": "MEX-11046", "last": "2025-11-01"}]
    blank = "SELECT sum(n)::BIGINT FROM meta.exclusion WHERE reason = 'not_reported' AND delivery_id = 3"
    assert files.value(blank) == 46 * 9


def test_the_municipal_file_is_in_part_and_gives_no_rate(files: Home) -> None:
    """It has no feminicide: its homicides are not all of ICCS 0101."""
    status = (
        "SELECT DISTINCT status FROM meta.report_status WHERE source_id = 'mx_sesnsp_municipal' ORDER BY 1"
    )
    assert [row["status"] for row in files.query(status)] == ["missing", "partial"]
    given = """
        SELECT count(*) FROM indicator.value WHERE source LIKE '%mx_sesnsp_municipal%' AND obs_value IS NOT NULL
    """
    assert files.value(given) == 0


#: Victims of intentional homicide and of feminicide by year, edition of 2025-02-25.
VICTIMS = {2015: (17_884, 428), 2016: (22_541, 647), 2017: (28_868, 768), 2019: (34_723, 970)}


@pytest.mark.parametrize("year", VICTIMS)
def test_victims_of_a_year(files: Home, year: int) -> None:
    """Without the national rows, which would double them; legal types apart by the source's label."""
    sums = """
        SELECT sum(count) FILTER (femicide_legal = 'no')::BIGINT AS homicide,
            sum(count) FILTER (femicide_legal = 'yes')::BIGINT AS feminicide
        FROM core.person_role WHERE iccs = '0101' AND counting_unit = 'victim' AND year(report_date) = {}
    """
    (row,) = files.query(sums.format(year))
    assert (row["homicide"], row["feminicide"]) == VICTIMS[year]


def test_the_nation_is_what_its_states_add_up_to(files: Home) -> None:
    """Each of the 1,980 national rows was held against its states."""
    totals = "SELECT expected::BIGINT AS expected, found::BIGINT AS found FROM meta.control_total"
    assert files.query(totals) == [{"expected": 3_374_761, "found": 3_374_761}]
    national = "SELECT n FROM meta.exclusion WHERE reason = 'national_row'"
    assert files.value(national) == 15 * 132


def test_months_that_the_edition_cannot_know_are_no_zeros(files: Home) -> None:
    """Eleven months of 15 offences in 32 states."""
    assert files.value("SELECT n FROM meta.exclusion WHERE reason = 'not_yet_reported'") == 11 * 15 * 32
    assert files.value("SELECT max(report_date)::VARCHAR FROM core.person_role") == "2025-01-01"
    later = """
        SELECT count(*) FROM meta.report_status
        WHERE source_id = 'mx_sesnsp_victimas' AND delivery_id IS NOT NULL
            AND (month > DATE '2025-01-01' OR status <> 'received')
    """
    assert files.value(later) == 0


def test_victims_are_at_least_as_many_as_files(files: Home) -> None:
    """In every year of the series, by no more than a third."""
    both = """
        WITH victim AS (SELECT year(report_date) AS y, sum(count) AS n FROM core.person_role
            WHERE iccs = '0101' GROUP BY 1),
        file AS (SELECT year(report_date) AS y, sum(count) AS n FROM core.incident
            WHERE source_id = 'mx_sesnsp_estatal' AND iccs = '0101' GROUP BY 1)
        SELECT count(*) AS years, min(victim.n / file.n) AS least, max(victim.n / file.n) AS most
        FROM victim JOIN file USING (y) WHERE y < 2024
    """
    (ratio,) = files.query(both)
    assert ratio["years"] == 9
    assert 1.08 < ratio["least"] < ratio["most"] < 1.2
