"""Queries read the snapshot and nothing else, as it is or as it was, within limits, and errors are explained."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.errors import Misuse, Refusal, Told
from tests.integration.warehouse import staged
from tests.integration.warehouse.staged import Delivered, Record, many
from warehouse import query, snapshot
from warehouse.home import Home
from warehouse.query import Limits

JAN = staged.months(1)[0]


@pytest.fixture(scope="module")
def published(template: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A snapshot of two batches."""
    home = Home(tmp_path_factory.mktemp("query") / "it's a home")
    with staged.open_warehouse(home, template) as warehouse:
        staged.ingest(warehouse, Delivered([*many(JAN, 2), Record(JAN, broken=1)]), day=1)
        staged.ingest(warehouse, Delivered(many(JAN, 5)), day=2)
        snapshot.publish(warehouse, 2)
    yield home


def answer(home: Home, statement: str, as_of: str | None = None) -> list[dict[str, object]]:
    found: list[dict[str, object]] = query.run(home, statement, as_of=as_of).to_pylist()
    return found


@pytest.mark.parametrize(
    ("as_of", "records"), [(None, 5), ("2", 5), ("1", 2), ("2024-01-01", 2), ("2024-06-30", 5)]
)
def test_as_it_is_and_as_it_was(published: Home, as_of: str | None, records: int) -> None:
    assert answer(published, "SELECT count(*) AS n FROM core.person_role", as_of) == [{"n": records}]
    every = "SELECT count(*) AS n FROM core.person_role_history"
    assert answer(published, every, as_of) == [{"n": 7}]


@pytest.mark.parametrize(
    "relation",
    [
        "quarantine.record",
        "indicator.value",
        "indicator.value_dense",
        "meta.report_status",
        "ref.area",
        "ref.code",
    ],
)
def test_everything_with_history_can_be_asked_for(published: Home, relation: str) -> None:
    assert answer(published, f"SELECT count(*) >= 0 AS ok FROM {relation}", "1") == [{"ok": True}]


@pytest.mark.parametrize(
    "statement",
    [
        "FROM core.person_role",
        "WITH a AS (SELECT 1 AS x) SELECT * FROM a",
        "DESCRIBE core.person_role",
        "SHOW ALL TABLES",
        "SUMMARIZE meta.batch",
        "EXPLAIN SELECT 1",
        "SELECT 1;",
        "-- a comment\nSELECT sex, [1, 2], {'a': 1.5::DECIMAL(4,2)} FROM core.person_role",
    ],
)
def test_statements_that_read(published: Home, statement: str) -> None:
    assert answer(published, statement)


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("INSERT INTO meta.batch VALUES (1)", "read_only"),
        ("UPDATE meta.batch SET kind = 'x'", "read_only"),
        ("DELETE FROM core.person_role_row", "read_only"),
        ("DROP TABLE meta.batch", "read_only"),
        ("CREATE TABLE x AS SELECT 1", "read_only"),
        ("COPY (SELECT 1) TO 'x.csv'", "read_only"),
        ("ATTACH 'x.duckdb'", "read_only"),
        ("SET memory_limit = '100GB'", "read_only"),
        ("LOAD httpfs", "read_only"),
        ("CALL pragma_version()", "read_only"),
        ("SELECT 1; SELECT 2", "not_one_statement"),
        ("", "not_one_statement"),
        ("SELECT 1; DROP TABLE meta.batch", "not_one_statement"),
        ("FROM read_csv('/etc/passwd')", "outside_the_snapshot"),
        ("SELECT * FROM read_text('/etc/passwd')", "outside_the_snapshot"),
        ("FROM '/etc/passwd'", "query_error"),
        ("SELECT * FROM glob('/*')", "outside_the_snapshot"),
        ("SELEC 1", "query_error"),
        ("SELECT nothing FROM core.person_role", "query_error"),
        ("FROM restricted.quarantine.raw", "query_error"),
    ],
)
def test_whatever_else_is_refused_and_explained(published: Home, statement: str, code: str) -> None:
    before = snapshot.require_current(published).read_bytes()
    with pytest.raises(Misuse) as refused:
        query.run(published, statement)
    assert refused.value.code == code
    assert refused.value.how
    assert "Traceback" not in str(refused.value)
    assert snapshot.require_current(published).read_bytes() == before


@pytest.mark.parametrize(
    ("statement", "limits", "code"),
    [
        (
            "SELECT sum(a.i * b.i) FROM range(1000000000) a(i), range(1000) b(i)",
            Limits(wall_seconds=1),
            "query_too_long",
        ),
        (
            "SELECT sum(a.i * b.i) FROM range(1000000000) a(i), range(1000) b(i)",
            Limits(cpu_seconds=1, wall_seconds=60),
            "query_too_long",
        ),
        (
            "SELECT string_agg(repeat('x', 1000000), '') FROM range(100000)",
            Limits(memory_megabytes=200),
            "query_too_large",
        ),
        ("SELECT repeat('x', 1000) FROM range(1000000)", Limits(answer_megabytes=10), "query_too_large"),
    ],
)
def test_a_query_cannot_hold_up_the_machine(
    published: Home, statement: str, limits: Limits, code: str
) -> None:
    with pytest.raises(Refusal) as stopped:
        query.run(published, statement, limits=limits)
    assert stopped.value.code == code
    assert list(published.temporary.iterdir()) == []


def test_rows_can_be_bounded(published: Home) -> None:
    found = query.run(published, "SELECT i FROM range(100000) t(i) ORDER BY i", limits=Limits(max_rows=3))
    assert found.column("i").to_pylist() == [0, 1, 2]


@pytest.mark.parametrize("as_of", ["0", "3", "2023-12-31", "soon"])
def test_a_time_that_is_none(published: Home, as_of: str) -> None:
    with pytest.raises(Misuse):
        query.run(published, "FROM core.person_role", as_of=as_of)


def test_nothing_to_query(tmp_path: Path) -> None:
    with pytest.raises(Told, match="nothing has been loaded"):
        query.run(Home(tmp_path / "home"), "SELECT 1")
