"""Mexico: two revisions of the state file, INEGI's deaths, CONAPO's population; published figures."""

from __future__ import annotations

import pytest

from tests.real.home import Home

pytestmark = pytest.mark.real

#: Files of intentional homicide and of feminicide by year, revision of 2024-12-21.
HOMICIDE = {
    2015: (16119, 413),
    2016: (20148, 607),
    2017: (25033, 744),
    2018: (29096, 899),
    2019: (29500, 944),
    2020: (28839, 947),
    2021: (28281, 982),
    2022: (26280, 961),
    2023: (25290, 833),
}
FILES = "SELECT sum(count)::BIGINT AS n FROM core.incident WHERE {} AND year(report_date) = {}"
ALL_CLASSES = "iccs IS NOT NULL"
INTENTIONAL = "iccs::VARCHAR = '0101'"
ROBBERY = "starts_with(iccs::VARCHAR, '0401')"
CELL = """
    SELECT numerator::BIGINT AS numerator, denominator::BIGINT AS denominator, obs_value, obs_status, comment
    FROM indicator.value
    WHERE indicator = '{}' AND ref_area = '{}' AND time_period = '{}' AND sex = '_T' AND age = '_T'
      AND mechanism = '{}' AND relationship = '_T'
"""


@pytest.mark.parametrize("year", HOMICIDE)
def test_homicide_and_feminicide_files_of_a_year(mexico: Home, year: int) -> None:
    """The two legal types are told apart by the source's own labels, and are one ICCS class."""
    intentional, feminicide = HOMICIDE[year]
    label = INTENTIONAL + " AND starts_with(iccs_source_code, 'Feminicidio')"
    assert mexico.value(FILES.format(label, year)) == feminicide
    assert mexico.value(FILES.format(INTENTIONAL, year)) == intentional + feminicide


def test_robbery_is_every_subtype_with_violence(mexico: Home) -> None:
    """Cars, machinery and cables are modalities of their own and count too."""
    assert mexico.value(FILES.format(ROBBERY, 2019)) == 288_044


def test_every_file_of_2019_is_loaded(mexico: Home) -> None:
    """The whole catalogue, not only the classes that indicators use."""
    assert mexico.value(FILES.format(ALL_CLASSES, 2019)) == 2_071_181


def test_the_earlier_revision_stays_answerable(mexico: Home) -> None:
    """As of the first batch the figures are those of 2024-02-08, and there is no 2024."""
    assert mexico.value(FILES.format(INTENTIONAL, 2019), as_of=1) == 30_443
    assert mexico.value(FILES.format(INTENTIONAL, 2023), as_of=1) == 25_271 + 827
    assert mexico.value(FILES.format(ALL_CLASSES, 2024), as_of=1) is None
    assert mexico.value(FILES.format(INTENTIONAL, 2019), as_of=2) == 30_444


def test_a_file_is_an_offence_opened_by_a_prosecutor(mexico: Home) -> None:
    """Neither victims nor police records."""
    assert mexico.query("SELECT DISTINCT counting_unit::VARCHAR AS unit FROM core.incident") == [
        {"unit": "offence"}
    ]
    kind = "SELECT DISTINCT source_type FROM meta.source WHERE source_id = 'mx_sesnsp_estatal'"
    assert mexico.value(kind) == "prosecution"


def test_december_2024_is_late_not_zero(mexico: Home) -> None:
    """It was not due when the edition was made, and nothing came since.

    Every state has a late cell and no record, and the year has a numerator but no value.
    """
    missing = """
        SELECT count(*) FROM meta.report_status
        WHERE source_id = 'mx_sesnsp_estatal' AND month = DATE '2024-12-01' AND status = 'late'
    """
    received = missing.replace("= 'late'", "<> 'late'")
    assert mexico.value(missing) == 32
    assert mexico.value(received) == 0
    assert mexico.value(FILES.format("month(report_date) = 12", 2024)) is None
    (year,) = mexico.query(CELL.format("homicide_files_rate", "MEX", "2024", "_T"))
    assert year["numerator"] == 23_581 + 733
    assert year["obs_value"] is None
    assert year["comment"]


def test_homicide_files_rate(mexico: Home) -> None:
    """Both revisions would give another numerator; the current one holds."""
    (cell,) = mexico.query(CELL.format("homicide_files_rate", "MEX", "2019", "_T"))
    assert (cell["numerator"], cell["denominator"]) == (30_444, 127_215_666)
    assert cell["obs_value"] == pytest.approx(30_444 / 127_215_666 * 1e5, abs=0.05)


def test_homicide_files_by_mechanism_add_up(mexico: Home) -> None:
    """Firearm files of both types, and the parts are the whole."""
    (firearm,) = mexico.query(CELL.format("homicide_files_rate", "MEX", "2019", "firearm"))
    assert firearm["numerator"] == 20_534 + 187
    parts = """
        SELECT sum(numerator)::BIGINT FROM indicator.value
        WHERE indicator = 'homicide_files_rate' AND ref_area = 'MEX' AND time_period = '2019' AND sex = '_T'
          AND age = '_T' AND mechanism <> '_T' AND relationship = '_T'
    """
    assert mexico.value(parts) == 30_444


def test_robbery_rate(mexico: Home) -> None:
    """Files over the same population."""
    (cell,) = mexico.query(CELL.format("robbery_rate", "MEX", "2019", "_T"))
    assert (cell["numerator"], cell["denominator"]) == (288_044, 127_215_666)


def test_homicide_rate_health(mexico: Home) -> None:
    """What the INEGI file holds over CONAPO's population, not over the authors' own."""
    (cell,) = mexico.query(CELL.format("homicide_rate_health", "MEX", "2019", "_T"))
    assert (cell["numerator"], cell["denominator"]) == (35_274, 127_215_666)
    assert cell["obs_value"] == pytest.approx(27.73, abs=0.05)


def test_population_by_year(mexico: Home) -> None:
    """The municipalities add up to the published nation, also in a projected year."""
    people = """
        SELECT year(reference_date) AS year, sum(count)::BIGINT AS n, count(*) AS areas FROM core.population
        WHERE source_id = 'mx_conapo_poblacion' AND year(reference_date) IN (2019, 2020, 2024, 2040)
        GROUP BY 1 ORDER BY 1
    """
    rows = mexico.query(people)
    assert [row["areas"] for row in rows] == [2475] * 4
    assert [row["n"] for row in rows[:3]] == [127_215_666, 128_209_170, 132_274_416]


def test_nothing_of_the_published_files_is_quarantined(mexico: Home) -> None:
    """Every label, code and number of four official files is understood."""
    assert mexico.value("SELECT count(*) FROM quarantine.record") == 0


def test_accounts_of_every_delivery_balance(mexico: Home) -> None:
    """G1 in rows, records and events."""
    unbalanced = """
        SELECT count(*) FROM meta.delivery
        WHERE rows_delivered <> rows_unreadable + rows_excluded + rows_mapped
           OR records_made <> records_loaded + records_quarantined + records_excluded
           OR events_made <> events_loaded + events_quarantined + events_excluded
    """
    assert mexico.value(unbalanced) == 0
    blank = """
        SELECT sum(n)::BIGINT FROM meta.exclusion JOIN meta.delivery USING (delivery_id)
        WHERE file_name LIKE '%2024-12-21%' AND reason = 'not_reported'
    """
    assert mexico.value(blank) == 98 * 32
