"""Snapshots are whole, closed to others, kept as long as declared, and named by a pointer that is never half."""

from __future__ import annotations

import os
import stat
import subprocess
import sys

import duckdb
import pytest

from schemas.errors import Misuse
from tests.integration.warehouse import staged
from tests.integration.warehouse.staged import Delivered, many
from warehouse import snapshot
from warehouse.database import Warehouse
from warehouse.home import Home
from warehouse.snapshot import Retention

JAN = staged.months(1)[0]
ALL_OLD = Retention(newest=2, younger_than_seconds=-1.0)


def publish(warehouse: Warehouse, n: int, retention: Retention | None = None) -> None:
    """Load n records and publish."""
    staged.ingest(warehouse, Delivered(many(JAN, n)))
    snapshot.publish(warehouse, warehouse.last_batch(), retention=retention)


def seen(home: Home) -> int:
    """Records that a reader sees."""
    with snapshot.reader(home) as connection:
        row = connection.execute("SELECT count(*) FROM core.person_role").fetchone()
    assert row is not None
    return int(row[0])


def test_readers_see_the_last_publication_while_the_writer_goes_on(warehouse: Warehouse) -> None:
    home = warehouse.home
    publish(warehouse, 3)
    with snapshot.reader(home) as connection:
        with warehouse.transaction():
            warehouse.connection.execute("DELETE FROM core.person_role_row")
            assert connection.execute("SELECT count(*) FROM core.person_role").fetchall() == [(3,)]
        staged.ingest(warehouse, Delivered(many(JAN, 5)))
        assert seen(home) == 3
        snapshot.publish(warehouse, 2)
        assert seen(home) == 5
        # a reader keeps what it has opened
        assert connection.execute("SELECT count(*) FROM core.person_role").fetchall() == [(3,)]
    assert snapshot.current_batch(home) == 2


def test_a_snapshot_is_a_file_of_its_own_without_restricted_content(warehouse: Warehouse) -> None:
    secret = b"identifier-hmac-of-a-person"
    record = staged.Record(JAN, fields={"case_hmac": secret})
    bad = staged.Record(JAN, broken=1, raw='{"NOMBRE":"raw-value-of-a-row"}')
    staged.ingest(warehouse, Delivered([record, bad]))
    path = snapshot.publish(warehouse, 1)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    content = path.read_bytes()
    assert secret not in content
    assert b"raw-value-of-a-row" not in content
    with duckdb.connect(path, read_only=True) as plain:
        assert plain.execute("SELECT count(*) FROM core.person_role").fetchall() == [(1,)]
        assert plain.execute("SELECT count(*) FROM core.person_role_as_of(1)").fetchall() == [(1,)]


def test_a_snapshot_can_be_attached_under_any_name(warehouse: Warehouse) -> None:
    publish(warehouse, 3)
    path = snapshot.require_current(warehouse.home)
    with duckdb.connect() as plain:
        plain.execute(f"ATTACH '{path}' AS other (READ_ONLY)")
        assert plain.execute("SELECT count(*) FROM other.core.person_role").fetchall() == [(3,)]
        assert plain.execute("SELECT count(*) FROM other.indicator.value_dense").fetchall() == [(0,)]
        plain.execute("USE other")
        assert plain.execute("SELECT count(*) FROM core.person_role_as_of(1)").fetchall() == [(3,)]


def test_publishing_leaves_the_main_file_locked(warehouse: Warehouse) -> None:
    """Closing a descriptor of a file drops all of a process's locks on it: the copy must not open the file anew."""
    publish(warehouse, 1)
    script = f"import duckdb; duckdb.connect({str(warehouse.home.warehouse)!r})"
    other = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert other.returncode != 0
    assert "lock" in other.stderr


def test_old_snapshots_go_and_the_named_one_stays(warehouse: Warehouse) -> None:
    for n in (1, 2, 3, 4):
        publish(warehouse, n, ALL_OLD)
    names = sorted(p.name for p in warehouse.home.snapshots.iterdir())
    assert names == ["CURRENT", "batch-000003.duckdb", "batch-000004.duckdb"]
    warehouse.home.pointer.write_text("batch-000003.duckdb\n")
    snapshot.prune(warehouse.home, Retention(newest=0, younger_than_seconds=-1.0))
    assert sorted(p.name for p in warehouse.home.snapshots.iterdir()) == ["CURRENT", "batch-000003.duckdb"]


def test_young_snapshots_stay(warehouse: Warehouse) -> None:
    for n in (1, 2, 3):
        publish(warehouse, n, Retention(newest=1, younger_than_seconds=3600.0))
    assert len(list(warehouse.home.snapshots.glob("batch-*"))) == 3


def test_what_a_kill_left_is_swept(warehouse: Warehouse) -> None:
    left = warehouse.home.snapshots / "batch-000001.duckdb.tmp"
    left.write_bytes(b"half a copy")
    publish(warehouse, 1)
    assert not left.exists()


@pytest.mark.parametrize(
    "pointer", ["", "batch-0000", "batch-000009.duckdb", "../warehouse.duckdb", "\xff\x00"]
)
def test_a_damaged_pointer_is_told(warehouse: Warehouse, pointer: str) -> None:
    publish(warehouse, 1)
    warehouse.home.pointer.write_text(pointer, encoding="latin-1")
    with pytest.raises(Misuse, match="pointer") as told:
        seen(warehouse.home)
    assert told.value.code == "pointer_to_nothing"
    snapshot.publish(warehouse, 1)
    assert seen(warehouse.home) == 1


def test_before_the_first_snapshot(home: Home) -> None:
    assert snapshot.current(home) is None
    assert snapshot.current_batch(home) == 0
    with pytest.raises(Misuse, match="nothing has been loaded"):
        snapshot.require_current(home)


def test_a_copy_without_help_of_the_kernel(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise OSError(18, "cross-device")

    monkeypatch.setattr(os, "copy_file_range", refuse)
    publish(warehouse, 4)
    assert seen(warehouse.home) == 4
