"""Rows of a database as one Parquet file: what is asked for, and what comes. The database is SQLite."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

import duckdb
import pytest

from schemas.errors import Misuse, Refusal
from schemas.origin import Origin
from sources.kit.fetching import database
from sources.kit.fetching.fetched import Nothing
from tests.unit.sources.databases import MARK, Fetcher, source


def test_a_first_fetch_brings_everything_under_a_name_that_says_up_to_where(
    tmp_path: Path, fetch: Fetcher
) -> None:
    found = fetch.file(source(tmp_path, watermark=MARK))
    assert found.path.name == "probe__all__to_2024-04-01-100008.parquet"
    assert found.origin == Origin(
        "database courts", found.origin.question, "text", None, "2024-04-01 10:00:08", 1
    )
    assert duckdb.sql(f"SELECT count(*) FROM '{found.path}'").fetchall() == [(9,)]


def test_with_nothing_new_nothing_is_fetched(tmp_path: Path, fetch: Fetcher) -> None:
    declared = source(tmp_path, watermark=MARK)
    first = fetch.file(declared)
    assert fetch(declared, first.origin) is Nothing.new


def test_slices_with_a_new_or_changed_row_are_fetched_whole(
    tmp_path: Path, fetch: Fetcher, lite: sqlite3.Connection
) -> None:
    """A delivery replaces the slices that it contains: the changed rows alone would take the others away."""
    declared = source(tmp_path, watermark=MARK)
    first = fetch.file(declared)
    first.path.unlink()
    lite.execute("UPDATE incidents SET n = 5, changed = '2024-05-01 00:00:00' WHERE id = 4")
    lite.execute("INSERT INTO incidents VALUES (9, '2024-06-30', 1, '2024-05-02 00:00:00')")
    lite.commit()
    found = fetch.file(declared, first.origin)
    assert found.path.name == "probe__after_2024-04-01-100008__to_2024-05-02-000000.parquet"
    assert (found.origin.watermark_from, found.origin.watermark_to) == (
        "2024-04-01 10:00:08",
        "2024-05-02 00:00:00",
    )
    rows = duckdb.sql(f"SELECT id, n FROM '{found.path}' ORDER BY id").fetchall()
    assert rows == [(1, 1), (2, 1), (4, 5), (5, 1), (7, 1), (8, 1), (9, 1)]
    # February as a whole, the new row of June, and March, where the row with the greatest value so far is


def test_slices_of_a_year(tmp_path: Path, fetch: Fetcher, lite: sqlite3.Connection) -> None:
    declared = source(tmp_path, watermark=MARK, period="year")
    first = fetch.file(declared)
    first.path.unlink()
    lite.execute(
        "INSERT INTO incidents VALUES (9, '2024-12-31', 1, '2024-05-02'), (10, '2023-12-31', 1, '2020')"
    )
    lite.commit()
    assert len(fetch.rows(declared, first.origin)) == 10, "all of 2024, and nothing of 2023"


def test_an_overlap_asks_again_for_what_came_late(
    tmp_path: Path, fetch: Fetcher, lite: sqlite3.Connection
) -> None:
    declared = source(tmp_path, watermark={**MARK, "overlap": "10 minutes"})
    first = fetch.file(declared)
    first.path.unlink()
    assert fetch(declared, first.origin) is Nothing.new, "what lies in the overlap was there before"
    # stored by a transaction that began before the last fetch and ended after it
    lite.execute("INSERT INTO incidents VALUES (9, '2024-03-31', 1, '2024-04-01 09:55:00')")
    lite.commit()
    again = fetch.file(declared, first.origin)
    assert again.origin.watermark_to == first.origin.watermark_to
    assert (9,) in duckdb.sql(f"SELECT id FROM '{again.path}'").fetchall()
    again.path.unlink()
    assert fetch(declared, again.origin) is Nothing.new


def test_a_row_that_is_stored_later_with_the_greatest_value_so_far_is_found(
    tmp_path: Path, fetch: Fetcher, lite: sqlite3.Connection
) -> None:
    declared = source(tmp_path, watermark=MARK)
    first = fetch.file(declared)
    first.path.unlink()
    lite.execute("INSERT INTO incidents VALUES (9, '2024-01-31', 1, '2024-04-01 10:00:08')")
    lite.commit()
    again = fetch.file(declared, first.origin)
    assert again.origin.watermark_to == first.origin.watermark_to
    again.path.unlink()
    assert fetch(declared, again.origin) is Nothing.new
    lite.execute("INSERT INTO incidents VALUES (10, '2024-02-29', 1, '2024-04-01 10:00:08')")
    lite.execute("INSERT INTO incidents VALUES (11, '2024-06-30', 1, '2024-07-01 00:00:00')")
    lite.commit()
    found = fetch.rows(declared, again.origin, of="id")
    assert {(9,), (10,), (11,)} <= set(found), "beside greater values, too"


def test_a_watermark_of_days_asks_for_its_last_day_again(
    tmp_path: Path, fetch: Fetcher, lite: sqlite3.Connection
) -> None:
    declared = source(tmp_path, watermark={"column": "day"})
    first = fetch.file(declared)
    assert first.origin.watermark_to == "2024-03-18"
    first.path.unlink()
    assert fetch(declared, first.origin) is Nothing.new
    lite.execute("INSERT INTO incidents VALUES (9, '2024-03-18', 1, '')")
    lite.commit()
    assert sorted(fetch.rows(declared, first.origin, of="id")) == [(2,), (5,), (8,), (9,)]


def test_a_watermark_of_numbers(tmp_path: Path, fetch: Fetcher, lite: sqlite3.Connection) -> None:
    declared = source(tmp_path, watermark={"column": "id", "overlap": 2})
    first = fetch.file(declared)
    first.path.unlink()
    assert (first.origin.watermark_kind, first.origin.watermark_to) == ("integer", "8")
    assert fetch(declared, first.origin) is Nothing.new
    lite.execute("INSERT INTO incidents VALUES (9, '2024-04-30', 1, '')")
    lite.commit()
    found = sorted(fetch.rows(declared, first.origin, of="id"))
    assert found == [(n,) for n in range(10)], "April, and the months of 6, 7 and 8"


def test_another_question_begins_anew(tmp_path: Path, fetch: Fetcher) -> None:
    first = fetch.file(source(tmp_path, watermark=MARK))
    first.path.unlink()
    other = source(tmp_path, watermark=MARK, query="SELECT * FROM incidents WHERE n = 1")
    assert len(fetch.rows(other, first.origin)) == 9
    assert fetch(source(tmp_path, watermark=MARK), first.origin) is Nothing.new


def test_rows_without_a_watermark_are_not_lost_in_silence(
    tmp_path: Path, fetch: Fetcher, lite: sqlite3.Connection
) -> None:
    declared = source(tmp_path, watermark=MARK)
    first = fetch.file(declared)
    lite.execute("INSERT INTO incidents VALUES (9, '2024-03-18', 1, NULL)")
    lite.commit()
    for known in (None, first.origin):
        with pytest.raises(Refusal, match="in 1 rows the watermark changed is empty"):
            fetch(declared, known)


def test_new_rows_without_a_date_come_with_all_that_have_none(
    tmp_path: Path, fetch: Fetcher, lite: sqlite3.Connection
) -> None:
    declared = source(tmp_path, watermark=MARK)
    first = fetch.file(declared)
    first.path.unlink()
    lite.execute("UPDATE incidents SET day = NULL WHERE id = 1")
    lite.execute("INSERT INTO incidents VALUES (9, NULL, 1, '2024-05-01')")
    lite.commit()
    assert sorted(fetch.rows(declared, first.origin, of="id")) == [(1,), (2,), (5,), (8,), (9,)], "and March"


def test_what_puts_rows_into_slices_must_be_dates(
    tmp_path: Path, fetch: Fetcher, lite: sqlite3.Connection
) -> None:
    declared = source(tmp_path, watermark=MARK)
    first = fetch.file(declared)
    lite.execute("INSERT INTO incidents VALUES (9, '31/03/2024', 1, '2024-05-01')")
    lite.commit()
    with pytest.raises(Misuse, match="not all of its values are dates") as told:
        fetch(declared, first.origin)
    assert "31/03" not in told.value.text()


@pytest.mark.parametrize("query", ["SELECT * FROM incidents", "SELECT * FROM incidents ORDER BY id DESC;"])
def test_the_same_rows_are_the_same_bytes(
    query: str, tmp_path: Path, fetch: Fetcher, lite: sqlite3.Connection
) -> None:
    declared = source(tmp_path, query=query)
    first = hashlib.sha256(fetch.file(declared).path.read_bytes())
    lite.execute("CREATE TABLE turned AS SELECT * FROM incidents ORDER BY n, id % 4, id DESC")
    lite.execute("DROP TABLE incidents")
    lite.execute("ALTER TABLE turned RENAME TO incidents")
    lite.commit()
    found = fetch.file(declared)
    assert found.path.name == "probe.parquet"
    assert hashlib.sha256(found.path.read_bytes()).digest() == first.digest()


def test_batches_are_one_file(tmp_path: Path, fetch: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    declared = source(tmp_path)
    whole = fetch.file(declared).path.read_bytes()
    monkeypatch.setattr(database, "BATCH", 2)
    assert fetch.file(declared).path.read_bytes() == whole


def test_types_are_kept_and_values_of_several_types_become_text(
    tmp_path: Path, fetch: Fetcher, lite: sqlite3.Connection
) -> None:
    lite.execute("CREATE TABLE odd (code TEXT, whole INTEGER, share REAL, mixed, raw BLOB, none, day, n)")
    lite.executemany(
        "INSERT INTO odd VALUES (?, ?, ?, ?, ?, NULL, NULL, NULL)",
        [("007", 2**62, 0.5, 5, b"\x00\x01"), ("08", None, 2.0, "five", b""), (None, 1, None, None, None)],
    )
    lite.commit()
    names = ["code", "whole", "share", "mixed", "raw", "none", "day", "n"]
    path = fetch.file(source(tmp_path, columns=names, table="odd")).path
    types = [row[1] for row in duckdb.sql(f"DESCRIBE FROM '{path}'").fetchall()]
    assert types[:5] == ["VARCHAR", "BIGINT", "DOUBLE", "VARCHAR", "BLOB"]
    assert set(duckdb.sql(f"SELECT code, whole, mixed FROM '{path}'").fetchall()) == {
        ("007", 2**62, "5"),
        ("08", None, "five"),
        (None, 1, None),
    }


def test_no_row_is_no_report_of_zero(tmp_path: Path, fetch: Fetcher, lite: sqlite3.Connection) -> None:
    lite.execute("DELETE FROM incidents")
    lite.commit()
    for watermark in (None, MARK):
        with pytest.raises(Refusal, match="no row") as told:
            fetch(source(tmp_path, watermark=watermark))
        assert told.value.code == "no_rows"


def test_two_columns_of_one_name(tmp_path: Path, fetch: Fetcher) -> None:
    with pytest.raises(Refusal, match="two columns of the query are called n"):
        fetch(source(tmp_path, query="SELECT day, n, n FROM incidents"))


@pytest.mark.parametrize("size", [1, 20])
def test_bytes_beside_texts_are_told_however_they_come(
    size: int, tmp_path: Path, fetch: Fetcher, lite: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BATCH", size)
    lite.execute("UPDATE incidents SET changed = x'ff00' WHERE id = 3")
    lite.commit()
    with pytest.raises(Refusal, match="the column changed holds bytes beside other values"):
        fetch(source(tmp_path))


def test_a_file_that_is_no_database_or_locked_is_told(
    tmp_path: Path, fetch: Fetcher, lite: sqlite3.Connection
) -> None:
    lite.execute("BEGIN EXCLUSIVE")
    fetch.address += "?timeout=0.1"
    with pytest.raises(Misuse, match="keeps the rows locked"):
        fetch(source(tmp_path))
    (tmp_path / "courts.txt").write_text("no database, but long enough to be taken for one " * 50, "utf-8")
    fetch.address = f"sqlite:///{tmp_path / 'courts.txt'}"
    with pytest.raises(Misuse, match="the file is no SQLite database"):
        fetch(source(tmp_path))
