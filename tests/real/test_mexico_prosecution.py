"""Mexico: what the prosecutors' files hold beside the state series of 2015-2025, and that the series agree."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.real.home import LATER, STATE_FILES, Home, RealFile

pytestmark = pytest.mark.real

OF_2026 = "mx_sesnsp_rnid_estatal"


@pytest.fixture(scope="module")
def files(real: RealFile, new_home: Callable[[], Home]) -> Home:
    """The state series, the catalogue of 2026 and the population, with indicators."""
    home = new_home()
    home.run("ingest", "mx_sesnsp_estatal", real(STATE_FILES, LATER))
    home.run("ingest", OF_2026, real(STATE_FILES, "estatal_n.csv"))
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
    sums = """
        SELECT month(report_date) AS month, sum(count)::BIGINT AS files,
            sum(count) FILTER (iccs_source_code LIKE '% | Homicidio doloso | %')::BIGINT AS homicide,
            sum(count) FILTER (iccs_source_code LIKE '% | Feminicidio | %')::BIGINT AS feminicide,
            sum(count) FILTER (iccs = '0102' AND completion = 'attempted')::BIGINT AS attempts
        FROM core.incident WHERE source_id = '{}' GROUP BY 1 ORDER BY 1
    """.format(OF_2026)
    assert [tuple(row.values()) for row in files.query(sums)] == [
        (1, 154_812, 1_392, 52, 164 + 36),
        (2, 150_592, 1_206, 43, 199 + 32),
        (3, 175_249, 1_398, 49, 217 + 79),
    ]
    blank = "SELECT sum(n)::BIGINT FROM meta.exclusion WHERE reason = 'not_reported' AND delivery_id = 2"
    assert files.value(blank) == 9 * 114 * 32


def test_no_attempt_is_a_homicide(files: Home) -> None:
    """Attempts of homicide are 0102; those of extortion stay with the offence and are marked."""
    marked = """
        SELECT iccs::VARCHAR AS iccs, completion::VARCHAR AS completion FROM core.incident
        WHERE source_id = '{}' AND (completion = 'attempted' OR iccs = '0101') GROUP BY ALL ORDER BY ALL
    """.format(OF_2026)
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
    (march,) = files.query(rate.format("M", "'2026-03'"))
    assert march["numerator"] == 1_398 + 49
    assert march["obs_value"] is not None
