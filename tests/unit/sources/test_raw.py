"""Record numbers around rows that could not be read, however many they are."""

from __future__ import annotations

import time

import duckdb
import pytest

from sources.kit.readers import raw
from sources.kit.readers.raw import Raw


def connected(readable: list[int]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": 2})
    connection.execute(f"CREATE TEMP TABLE {raw.TABLE} AS SELECT unnest(?)::VARCHAR AS c0", [readable])
    return connection


@pytest.mark.parametrize(
    "unreadable", [{1}, {9}, {1, 2, 3}, {3, 4, 8}, {1, 9}, set(range(1, 10, 2)), set(range(1, 10))]
)
def test_numbers(unreadable: set[int]) -> None:
    connection = connected([n for n in range(1, 10) if n not in unreadable])
    raw.number(connection, sorted(unreadable))
    number = Raw({"a": "c0"}, 9, tuple((n, 0) for n in sorted(unreadable)), ()).row_number()
    rows = connection.execute(f"SELECT {number}, c0::BIGINT FROM {raw.TABLE}").fetchall()
    assert len(rows) == 9 - len(unreadable)
    assert all(number == value for number, value in rows)


def test_without_unreadable_rows_the_place_is_the_number() -> None:
    connection = connected([1, 2, 3])
    number = Raw({"a": "c0"}, 3, (), ()).row_number()
    assert connection.execute(f"SELECT {number}::VARCHAR = c0 FROM {raw.TABLE}").fetchall() == [(True,)] * 3


def test_many_unreadable_rows_are_no_slower_than_few() -> None:
    readable = list(range(2, 200_001, 2))
    connection = connected(readable)
    start = time.perf_counter()
    raw.number(connection, list(range(1, 200_000, 2)))
    assert time.perf_counter() - start < 20, "linear: a look-up in a list for each row takes minutes"
    row = connection.execute(f"SELECT count(*) FROM {raw.TABLE} WHERE {raw.NUMBER}::VARCHAR = c0").fetchone()
    assert row == (100_000,)
