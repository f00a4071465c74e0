"""The plain CSV: columns, order, countries, and how a gap differs from a zero."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from exports import csv_format

CELLS = """
    CREATE SCHEMA indicator;
    CREATE TABLE indicator.value_dense AS FROM (VALUES
        ('b', 'XAA-01', '2021', 0.0::DOUBLE, 0.0::DOUBLE, 'A', NULL, DATE '2021-12-31', 1, 3, NULL),
        ('a', 'XAA', '2021', NULL, 4.0, 'O', 'no population, "none"', DATE '2021-12-31', 2, 1, 2),
        ('a', 'COL', '2021', 25.36, 12656.0, 'A', 'línea\n2', NULL, 1, 1, NULL)
    ) AS v(indicator, ref_area, time_period, obs_value, numerator, obs_status, comment, cutoff_date, vintage,
           valid_from, valid_to)
"""


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as opened:
        opened.execute(CELLS)
        yield opened


def _read(folder: Path) -> list[dict[str, str]]:
    with (folder / csv_format.VALUES).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_cells_are_in_order_and_gaps_are_no_zeros(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    assert csv_format.write(connection, tmp_path, None) == {"indicator_values.csv": 3}
    rows = _read(tmp_path)
    assert [(row["indicator"], row["ref_area"]) for row in rows] == [
        ("a", "COL"),
        ("a", "XAA"),
        ("b", "XAA-01"),
    ]
    assert [row["obs_value"] for row in rows] == ["25.36", "", "0"]
    assert [row["numerator"] for row in rows] == ["12656", "4", "0"]
    assert [row["comment"] for row in rows] == ["línea\n2", 'no population, "none"', ""]
    assert "valid_from" not in rows[0]
    assert "vintage" in rows[0]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("316.0", "316"),
        ("13.6", "13.6"),
        ("0.0001", "0.0001"),
        ("-0.0", "0"),
        ("-12.0", "-12"),
        ("2097360.25", "2097360.25"),
        ("999999999999999.0", "999999999999999"),
        ("1e300", "1e+300"),
        ("'nan'", "nan"),
        ("NULL", ""),
    ],
)
def test_a_number_has_the_decimals_that_it_has(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, value: str, written: str
) -> None:
    connection.execute(f"UPDATE indicator.value_dense SET numerator = {value}::DOUBLE WHERE ref_area = 'COL'")
    csv_format.write(connection, tmp_path, ["COL"])
    (row,) = _read(tmp_path)
    assert row["numerator"] == written
    # written as a number, without quotes
    assert f"25.36,{written},A" in (tmp_path / csv_format.VALUES).read_text(encoding="utf-8")


def test_cells_are_in_the_order_of_their_numbers(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    connection.execute(
        "UPDATE indicator.value_dense SET indicator = 'a', ref_area = 'XAA', time_period = '2021'"
    )
    connection.execute(
        "UPDATE indicator.value_dense SET obs_value = CASE numerator WHEN 0 THEN 10 ELSE 9 END"
    )
    csv_format.write(connection, tmp_path, None)
    assert [row["obs_value"] for row in _read(tmp_path)] == ["9", "9", "10"]


def test_a_partner_of_one_country_gets_that_country(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    assert csv_format.write(connection, tmp_path, ["XAA"]) == {"indicator_values.csv": 2}
    assert {row["ref_area"] for row in _read(tmp_path)} == {"XAA", "XAA-01"}
    assert csv_format.write(connection, tmp_path, ["URY"]) == {"indicator_values.csv": 0}
    assert (tmp_path / csv_format.VALUES).read_text(encoding="utf-8").startswith("indicator,ref_area")


def test_the_order_of_rows_in_the_snapshot_does_not_matter(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    csv_format.write(connection, tmp_path, None)
    before = (tmp_path / csv_format.VALUES).read_bytes()
    connection.execute(
        "CREATE OR REPLACE TABLE indicator.value_dense AS FROM indicator.value_dense ORDER BY ref_area DESC"
    )
    csv_format.write(connection, tmp_path, None)
    assert (tmp_path / csv_format.VALUES).read_bytes() == before
