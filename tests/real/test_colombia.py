"""Colombia: police workbooks of three years and two vintages of population against published figures."""

from __future__ import annotations

import pytest
from python_calamine import CalamineWorkbook

from tests.real.home import Home, RealFile

pytestmark = pytest.mark.real

VICTIMS = {2018: 12_667, 2019: 12_656, 2022: 13_537}
CELL = """
    SELECT numerator::BIGINT AS numerator, denominator::BIGINT AS denominator, obs_value, comment
    FROM indicator.value
    WHERE indicator = 'homicide_rate_police' AND ref_area = '{}' AND time_period = '{}' AND sex = '{}'
      AND age = '_T' AND mechanism = '{}' AND relationship = '_T'
"""


@pytest.mark.parametrize("year", VICTIMS)
def test_victims_of_a_year(colombia: Home, year: int) -> None:
    """The TOTAL row is no victim, and several victims may stand in one row."""
    found = f"SELECT sum(count)::BIGINT FROM core.person_role WHERE year(occurrence_date) = {year}"
    assert colombia.value(found) == VICTIMS[year]


def test_the_total_row_is_the_control_total(colombia: Home) -> None:
    """A naive sum of the file would be the double; the row is kept as what the provider says."""
    totals = """
        SELECT expected::BIGINT AS expected, found::BIGINT AS found FROM meta.control_total ORDER BY expected
    """
    assert colombia.query(totals) == [{"expected": n, "found": n} for n in sorted(VICTIMS.values())]
    excluded = "SELECT reason, sum(n)::BIGINT AS n FROM meta.exclusion GROUP BY reason ORDER BY reason"
    assert colombia.query(excluded) == [{"reason": "footer", "n": 13}, {"reason": "total_row", "n": 3}]


def test_equal_rows_are_different_victims(colombia: Home) -> None:
    """All are loaded; how many equal another one is reported."""
    repeated = "SELECT repeated_rows FROM meta.delivery WHERE file_name = 'homicidios_2019.xlsx'"
    assert colombia.value(repeated) == 1_880
    rows = "SELECT records_loaded FROM meta.delivery WHERE file_name = 'homicidios_2019.xlsx'"
    assert colombia.value(rows) == 12_610


def test_edition_and_period_come_from_the_text(colombia: Home) -> None:
    """Date of extraction in the footer, period in the title, in two wordings."""
    said = """
        SELECT edition_date::VARCHAR AS edition, period_start::VARCHAR AS start, period_end::VARCHAR AS until
        FROM meta.delivery WHERE source_id = 'co_ponal_homicidios' ORDER BY period_start
    """
    assert colombia.query(said) == [
        {"edition": "2020-07-15", "start": "2018-01-01", "until": "2018-12-31"},
        {"edition": "2020-09-08", "start": "2019-01-01", "until": "2019-12-31"},
        {"edition": "2023-07-12", "start": "2022-01-01", "until": "2022-12-31"},
    ]


def test_departments_come_from_the_code(colombia: Home) -> None:
    """Bogotá is a department of its own, and no leading zero is lost."""
    by_department = """
        SELECT occurrence_first_level AS area, sum(count)::BIGINT AS n FROM core.person_role
        WHERE year(occurrence_date) = 2018 AND occurrence_first_level IN ('COL-05', 'COL-11', 'COL-25')
        GROUP BY 1 ORDER BY 1
    """
    assert [row["n"] for row in colombia.query(by_department)] == [2449, 1064, 395]
    municipalities = """
        SELECT count(DISTINCT occurrence_municipality) FROM core.person_role
        WHERE year(occurrence_date) = 2018
    """
    assert colombia.value(municipalities) == 802


def test_a_department_without_a_row_is_a_true_zero(colombia: Home) -> None:
    """The workbook reports the whole country for every month in its title."""
    cells = """
        SELECT count(*) FROM meta.report_status
        WHERE source_id = 'co_ponal_homicidios' AND year(month) = 2019
          AND status IN ('received', 'zero_declared')
    """
    assert colombia.value(cells) == 33 * 12
    zero = """
        SELECT numerator::BIGINT FROM indicator.value_dense
        WHERE indicator = 'homicide_rate_police' AND ref_area = 'COL-97' AND time_period = '2019-01'
          AND sex = '_T' AND age = '_T' AND mechanism = '_T' AND relationship = '_T'
    """
    rows = """
        SELECT coalesce(sum(count), 0)::BIGINT FROM core.person_role
        WHERE occurrence_first_level = 'COL-97' AND date_trunc('month', occurrence_date) = DATE '2019-01-01'
    """
    assert colombia.value(zero) == colombia.value(rows)


def test_homicide_rate_of_both_sexes(colombia: Home) -> None:
    """Victims over DANE's population of the census of 2018."""
    (cell,) = colombia.query(CELL.format("COL", "2019", "_T", "_T"))
    assert (cell["numerator"], cell["denominator"]) == (12_656, 49_376_765)
    assert cell["obs_value"] == pytest.approx(25.63, abs=0.05)
    (cell,) = colombia.query(CELL.format("COL", "2022", "_T", "_T"))
    assert cell["numerator"] == 13_537


@pytest.mark.parametrize(("sex", "victims"), [("F", 1_087), ("M", 11_569)])
def test_no_rate_by_sex_without_a_population_by_sex(colombia: Home, sex: str, victims: int) -> None:
    """The numerator is there; the total population never stands in for that of one sex."""
    (cell,) = colombia.query(CELL.format("COL", "2019", sex, "_T"))
    assert cell["numerator"] == victims
    assert cell["denominator"] is None
    assert cell["obs_value"] is None
    assert cell["comment"]


def test_victims_by_mechanism(colombia: Home) -> None:
    """Labels become codes; the parts are the whole."""
    by_mechanism = """
        SELECT mechanism::VARCHAR AS mechanism, numerator::BIGINT AS n FROM indicator.value
        WHERE indicator = 'homicide_rate_police' AND ref_area = 'COL' AND time_period = '2022' AND sex = '_T'
          AND age = '_T' AND mechanism <> '_T' AND relationship = '_T'
    """
    found = {row["mechanism"]: row["n"] for row in colombia.query(by_mechanism)}
    assert {code: n for code, n in found.items() if n} == {
        "firearm": 10_355,
        "sharp": 2_471,
        "blunt": 644,
        "explosive": 67,
    }


def test_two_vintages_of_population(colombia: Home) -> None:
    """2003-2017 and 2018-2024 stand side by side and do not join."""
    by_year = """
        SELECT year(reference_date) AS year, vintage, sum(count)::BIGINT AS n FROM core.population
        WHERE year(reference_date) IN (2003, 2017, 2018, 2019, 2024) GROUP BY 1, 2 ORDER BY 1
    """
    assert [(r["year"], r["vintage"], r["n"]) for r in colombia.query(by_year)] == [
        (2003, "DANE census 2005", 41_848_959),
        (2017, "DANE census 2005", 49_291_609),
        (2018, "DANE census 2018", 48_258_494),
        (2019, "DANE census 2018", 49_376_765),
        (2024, "DANE census 2018", 52_695_952),
    ]
    dates = "SELECT DISTINCT month(reference_date) AS month, day(reference_date) AS day FROM core.population"
    assert colombia.query(dates) == [{"month": 6, "day": 30}]


def test_nothing_is_quarantined(colombia: Home) -> None:
    """Every label and code of five workbooks is understood."""
    assert colombia.value("SELECT count(*) FROM quarantine.record") == 0


def test_no_officer_is_named_outside_the_landing(colombia: Home, real: RealFile) -> None:
    """The footers name people; nothing of them is in a database, snapshot or report."""
    footer = CalamineWorkbook.from_path(
        real("co-ponal-homicidios", "homicidios_2022.xls")
    ).get_sheet_by_index(0)
    signed = [str(row[0]) for row in footer.to_python()[-3:]]
    names = [" ".join(text.split()[-2:]).encode() for text in signed]
    assert len(names) == 3
    searched = [p for p in colombia.path.rglob("*") if p.is_file() and "landing" not in p.parts]
    assert searched
    for path in searched:
        content = path.read_bytes()
        assert not any(name in content for name in names), path.name
