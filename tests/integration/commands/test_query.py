"""``siprev query``: every form and type of an answer, one statement that reads, and the past."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyarrow.parquet as parquet
import pytest

from tests.integration.commands.home import Home

VALUES = "SELECT ref_area, time_period, sex, numerator, obs_value FROM indicator.value ORDER BY ALL LIMIT 40"


def test_all_forms_hold_the_same(demo: Home, tmp_path: Path) -> None:
    expected = [{k: v if v != "" else None for k, v in row.items()} for row in demo.rows(VALUES)]
    as_json = json.loads(demo.run("query", VALUES, "--format", "json").stdout)
    assert as_json == expected
    written = demo.run("query", VALUES, "--format", "csv").stdout
    as_csv = list(csv.DictReader(io.StringIO(written)))
    assert [row["ref_area"] for row in as_csv] == [row["ref_area"] for row in expected]
    assert [float(row["numerator"]) for row in as_csv] == [row["numerator"] for row in expected]
    table = demo.run("query", VALUES).stdout.splitlines()
    assert list(demo.path.rglob("reader-*")) == [], "nothing is left behind"
    assert table[0].split() == list(expected[0])
    assert len(table) == 2 + len(expected)
    for name, form in (("v.parquet", "parquet"), ("v.txt", "table")):
        done = demo.run("query", VALUES, "--format", form, "-o", tmp_path / name)
        assert done.stdout == ""
    assert parquet.read_table(tmp_path / "v.parquet").to_pylist() == expected
    assert (tmp_path / "v.txt").read_text(encoding="utf-8") == written, "in a file a table is CSV"


def test_a_table_shows_values_as_they_are(demo: Home) -> None:
    shown = demo.run(
        "query", "SELECT 2019 AS year, 0.123456::DOUBLE AS rate, true AS yes, NULL AS nothing"
    ).stdout
    assert shown.splitlines()[2].split() == ["2019", "0.123456", "true"]


#: Types that a query may give, and how JSON has them.
TYPES = {
    "1::HUGEINT": 1,
    "170141183460469231731687303715884105727::HUGEINT": 170141183460469231731687303715884105727,
    "1.25::DECIMAL(9, 2)": 1.25,
    "2::DECIMAL(9, 2)": 2,
    "'nan'::DOUBLE": None,
    "'-inf'::DOUBLE": None,
    "DATE '2024-02-29'": "2024-02-29",
    "DATE '-infinity'": "-infinity",
    "TIME '23:59:59'": "23:59:59",
    "TIMESTAMP '2024-02-29 01:02:03'": "2024-02-29T01:02:03",
    "INTERVAL '1 month 2 days 3.5 seconds'": "P1M2DT3.5S",
    "'6e6379d7-09ee-4643-bf8f-36129667b795'::UUID": "6e6379d7-09ee-4643-bf8f-36129667b795",
    "'\\xff\\x00'::BLOB": "ff00",
    "'F'::\"ref\".code_sex": "F",
    "[1, NULL, 3]": [1, None, 3],
    "{'a': 1, 'b': [DATE '2024-01-01']}": {"a": 1, "b": ["2024-01-01"]},
    "MAP {'k': 1}": [["k", 1]],
    "[INTERVAL 1 DAY]": None,
    "'ñandú \"quoted\"'": 'ñandú "quoted"',
    "NULL": None,
}


def test_every_type_can_be_written(demo: Home) -> None:
    statement = "SELECT " + ", ".join(f"{value} AS c{n}" for n, value in enumerate(TYPES))
    (row,) = json.loads(demo.run("query", statement, "--format", "json").stdout)
    wrong = {
        value: row[f"c{n}"]
        for n, (value, expected) in enumerate(TYPES.items())
        if row[f"c{n}"] != expected and "INTERVAL 1" not in value and "infinity" not in value
    }
    assert wrong == {}
    (written,) = csv.DictReader(io.StringIO(demo.run("query", statement, "--format", "csv").stdout))
    assert written["c14"] == "[1, null, 3]"
    assert json.loads(written["c15"]) == {"a": 1, "b": ["2024-01-01"]}
    assert written["c12"] == "ff00"


def test_whatever_duckdb_can_make_is_written_or_refused_in_words(demo: Home, tmp_path: Path) -> None:
    most = "SELECT * EXCLUDE (date_array, timestamp_array, timestamptz_array) FROM test_all_types()"
    assert len(json.loads(demo.run("query", most, "--format", "json").stdout)) == 3
    demo.run("query", most, "--format", "csv", "-o", tmp_path / "all.csv")
    demo.run("query", most, "--format", "parquet", "-o", tmp_path / "all.parquet")
    assert parquet.ParquetFile(tmp_path / "all.parquet").metadata.num_rows == 3
    refused = demo.run("query", "FROM test_all_types()", "--format", "csv", status=2)
    assert "  mend:  write it as text" in refused.stderr


def test_columns_of_one_name_are_all_kept(demo: Home) -> None:
    statement = "SELECT 1 AS a, 2 AS a, 3 AS a_1"
    assert json.loads(demo.run("query", statement, "--format", "json").stdout) == [
        {"a": 1, "a_2": 2, "a_1": 3}
    ]


def test_no_row_is_an_answer_too(demo: Home) -> None:
    nothing = "SELECT 1 AS n WHERE false"
    assert json.loads(demo.run("query", nothing, "--format", "json").stdout) == []
    assert demo.run("query", nothing, "--format", "csv").stdout == '"n"\n'


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("", "0 statements"),
        ("SELECT 1; SELECT 2", "2 statements"),
        ("SELEC 1", "the query has an error"),
        ("SELECT * FROM core.absent", "absent"),
        ("SELECT 1 / 'x'", "the query has an error"),
        ("DELETE FROM core.person_role_row", "read-only"),
        ("COPY core.person_role TO '/tmp/x.csv'", "read-only"),
        ("SELECT * FROM read_text('/etc/passwd')", "can read the snapshot and nothing else"),
    ],
)
def test_what_is_no_query_ends_with_status_2(statement: str, says: str, demo: Home) -> None:
    done = demo.run("query", statement, status=2)
    assert says in done.stderr
    assert "  mend:  " in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("as_of", "says"),
    [
        ("99", "nothing was in the warehouse as of 99"),
        ("2001-01-01", "nothing was in the warehouse as of 2001-01-01"),
        ("yesterday", "neither a batch number nor a date"),
        ("", "neither a batch number nor a date"),
    ],
)
def test_a_past_that_is_none_ends_with_status_2(as_of: str, says: str, demo: Home) -> None:
    done = demo.run("query", "SELECT 1", "--as-of", as_of, status=2)
    assert says in done.stderr
    assert "  where: --as-of" in done.stderr


def test_an_output_that_cannot_be_written_ends_with_status_2(demo: Home, tmp_path: Path) -> None:
    done = demo.run("query", "SELECT 1", "--format", "csv", "-o", tmp_path / "absent" / "x.csv", status=2)
    assert f"  where: {tmp_path}" in done.stderr
    done = demo.run("query", "SELECT 1", "--format", "parquet", status=2)
    assert "parquet needs a file" in done.stderr
