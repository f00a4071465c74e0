"""The doctor names each problem with its cure, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pytest

from tests.integration.warehouse import staged
from tests.integration.warehouse.staged import Delivered, Record, many
from warehouse import doctor, snapshot
from warehouse.home import Home

JAN = staged.months(1)[0]


@pytest.fixture
def closed(home: Home, template: Home) -> Home:
    """A home folder with a load and its snapshot, in which nobody writes."""
    with staged.open_warehouse(home, template) as warehouse:
        staged.ingest(warehouse, Delivered([*many(JAN, 3), Record(JAN, broken=1)]))
        snapshot.publish(warehouse, 1)
    return home


def problems(home: Home) -> dict[str, str]:
    """Checks that failed, with their cures."""
    findings = doctor.examine(home, least_free_bytes=0)
    assert all(f.ok == (not f.cure) for f in findings)
    return {f.check: f.cure for f in findings if not f.ok}


def execute(statement: str, *, restricted: bool = False) -> Callable[[Home], None]:
    def work(home: Home) -> None:
        with duckdb.connect(home.restricted if restricted else home.warehouse) as connection:
            connection.execute(statement)

    return work


def test_all_is_well(closed: Home) -> None:
    assert problems(closed) == {}
    assert {f.check for f in doctor.examine(closed)} >= {
        "accounts",
        "slices",
        "facts",
        "pointer",
        "lock",
        "version",
    }


def test_nothing_is_there_yet(home: Home) -> None:
    assert [f.ok for f in doctor.examine(home)] == [True]
    assert not home.path.exists()


@pytest.mark.parametrize(
    ("damage", "check"),
    [
        (lambda h: h.pointer.unlink(), "snapshot"),
        (lambda h: h.pointer.write_text("batch-0000"), "snapshot"),
        (lambda h: h.pointer.write_text("batch-000009.duckdb"), "snapshot"),
        (lambda h: snapshot.require_current(h).write_bytes(b"corrupted"), "snapshot"),
        (lambda h: (h.snapshots / "batch-000002.duckdb.tmp").write_bytes(b""), "temporary files"),
        (lambda h: (h.temporary / "spilled").write_bytes(b""), "temporary files"),
        (lambda h: h.path.chmod(0o755), "modes"),
        (lambda h: h.restricted.chmod(0o644), "modes"),
        (lambda h: h.restricted.unlink(), "files"),
        (lambda h: h.warehouse.write_bytes(b"corrupted"), "opening"),
        (execute("UPDATE meta.delivery SET records_loaded = 7"), "accounts"),
        (execute("DELETE FROM quarantine.record_row"), "accounts"),
        (execute("DELETE FROM core.person_role_row WHERE row_number = 2"), "facts"),
        (execute("UPDATE core.person_role_row SET slice_version = 9 WHERE row_number = 2"), "facts"),
        (
            execute(
                "INSERT INTO meta.slice_version SELECT * REPLACE (slice_version + 1 AS slice_version, 0 AS n_records)"
                " FROM meta.slice_version"
            ),
            "slices",
        ),
        (execute("INSERT INTO quarantine.raw VALUES (9, 1, 0, '{}')", restricted=True), "orphans"),
        (execute("UPDATE meta.batch SET committed_at = NULL"), "batches"),
        (execute("INSERT INTO meta.batch SELECT * REPLACE (2 AS batch_id) FROM meta.batch"), "pointer"),
        (execute("INSERT INTO meta.schema_version VALUES (99, now()::TIMESTAMP)"), "version"),
    ],
)
def test_each_problem_is_found(closed: Home, damage: Callable[[Home], object], check: str) -> None:
    damage(closed)
    found = problems(closed)
    assert check in found
    assert found[check]


def test_a_full_disk_is_told_before_it_is_full(closed: Home) -> None:
    findings = {f.check: f for f in doctor.examine(closed, least_free_bytes=1 << 60)}
    assert not findings["disk"].ok


def test_while_somebody_writes_the_snapshot_is_examined(closed: Home) -> None:
    with staged.open_warehouse(closed):
        findings = {f.check: f for f in doctor.examine(closed, least_free_bytes=0)}
    assert "another process is writing: test" in findings["lock"].detail
    assert findings["accounts"].ok


def test_the_next_writer_cures_what_it_is_said_to(closed: Home) -> None:
    execute("INSERT INTO quarantine.raw VALUES (9, 1, 0, '{}')", restricted=True)(closed)
    execute("UPDATE meta.batch SET committed_at = NULL")(closed)
    (closed.snapshots / "batch-000002.duckdb.tmp").write_bytes(b"")
    (closed.temporary / "spilled").mkdir()
    assert set(problems(closed)) == {"orphans", "batches", "temporary files"}
    with staged.open_warehouse(closed) as warehouse:
        ended = warehouse.connection.execute("SELECT interrupted, committed_at FROM meta.batch").fetchall()
        assert ended == [(True, staged.WHEN)]
        snapshot.publish(warehouse, 1)
    assert problems(closed) == {}
