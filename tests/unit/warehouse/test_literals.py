"""Values as SQL text come back from DuckDB as they were."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.integration.warehouse.staged import utc
from warehouse import literals
from warehouse.literals import Value, literal

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
VALUES: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    TEXT,
    st.binary(),
    st.dates(),
    st.datetimes(utc(1800, 1, 1), utc(2200, 1, 1)),
)


CONNECTION = duckdb.connect()


def back(value: Value) -> object:
    row = CONNECTION.execute(f"SELECT {literal(value)}").fetchone()
    assert row is not None
    return row[0]


@given(VALUES)
@example("it's; DROP TABLE x --")
@example("\\'")
@example("a\nb\t\x01ñ😀")
@example(float("inf"))
def test_a_value_comes_back(value: Value) -> None:
    assert back(value) == value


def test_money_and_zones() -> None:
    assert back(Decimal("12.34")) == Decimal("12.34")
    zone = timezone(timedelta(hours=-5))
    assert back(datetime(2024, 1, 1, 20, 0, tzinfo=zone)) == utc(2024, 1, 2, 1)
    assert back(datetime(2024, 1, 1, tzinfo=UTC)) == utc(2024, 1, 1)


def test_a_nul_character_is_refused() -> None:
    with pytest.raises(ValueError, match="NUL"):
        literal("a\0b")


def test_rows() -> None:
    found = duckdb.connect().execute(f"FROM (VALUES {literals.rows([(1, 'a'), (2, None)])})").fetchall()
    assert found == [(1, "a"), (2, None)]
    assert back(date(2024, 2, 29)) == date(2024, 2, 29)


def test_writing_without_parameters_keeps_pandas_away() -> None:
    """Binding one parameter would import pandas, which takes longer than a small delivery."""
    script = """
import sys, tempfile, pathlib
from warehouse import batch, snapshot
from warehouse.database import Warehouse
from warehouse.home import Home
with Warehouse.open(Home(pathlib.Path(tempfile.mkdtemp()) / "home"), "test") as warehouse:
    warehouse.secret("salt")
    work = batch.begin(warehouse, "run", "somebody")
    with warehouse.transaction():
        batch.record(warehouse, work)
    batch.commit(warehouse, work)
    snapshot.publish(warehouse, work.batch_id)
print(sorted({"pandas", "numpy", "pyarrow", "pandera", "polars"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
