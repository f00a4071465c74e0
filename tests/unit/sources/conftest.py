"""Databases from which sources are fetched, each with nine incidents in three months."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.postgres import Postgres
from tests.unit.sources.databases import Fetcher


@pytest.fixture
def lite(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A SQLite database with nine incidents in three months."""
    with sqlite3.connect(tmp_path / "courts.db") as connection:
        connection.execute("CREATE TABLE incidents (id INTEGER, day TEXT, n INTEGER, changed TEXT)")
        connection.executemany(
            "INSERT INTO incidents VALUES (?, ?, 1, ?)",
            [(i, f"2024-{1 + i % 3:02}-{10 + i}", f"2024-04-01 10:00:{i:02}") for i in range(9)],
        )
    yield connection
    connection.close()


@pytest.fixture
def fetch(tmp_path: Path, lite: sqlite3.Connection) -> Fetcher:
    return Fetcher(tmp_path, f"sqlite:///{tmp_path / 'courts.db'}")


@pytest.fixture
def pg(postgres: Postgres) -> Postgres:
    made = postgres.new_database("courts")
    made.execute(
        "CREATE TABLE incidents (id int, day date, n int, changed timestamptz)",
        "INSERT INTO incidents SELECT i, date '2024-01-10' + 31 * (i % 3), 1, "
        "timestamptz '2024-04-01 10:00:00+00' + i * interval '1 second' FROM generate_series(0, 8) AS i",
    )
    return made
