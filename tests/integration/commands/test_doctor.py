"""``siprev doctor``: clean after ordinary work; finds what was planted, and its cure works."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.integration.commands import state
from tests.integration.commands.home import Home, Row
from warehouse import doctor
from warehouse.home import Home as Folder


def checks(home: Home, *, status: int) -> dict[str, Row]:
    """The findings by check."""
    return {row["check"]: row for row in home.json("doctor", status=status)}


def test_a_home_that_was_only_worked_in_is_healthy(demo: Home) -> None:
    before = state.tables(demo)
    found = checks(demo, status=0)
    assert {row["state"] for row in found.values()} == {"ok"}
    assert {
        "files",
        "modes",
        "disk",
        "snapshot",
        "accounts",
        "slices",
        "facts",
        "orphans",
        "pointer",
    } <= found.keys()
    assert state.tables(demo) == before


def test_an_empty_home_is_no_problem(tmp_path: Path) -> None:
    assert checks(Home(tmp_path / "absent"), status=0)["home"]["state"] == "ok"
    assert not (tmp_path / "absent").exists()


def _pointer_to_nothing(home: Home) -> None:
    home.pointer.write_text("batch-000099.duckdb\n", encoding="utf-8")


def _damaged_pointer(home: Home) -> None:
    home.pointer.write_bytes(b"\xff\x00../../etc/passwd")


def _no_pointer(home: Home) -> None:
    home.pointer.unlink()


def _damaged_snapshot(home: Home) -> None:
    home.snapshot.write_bytes(b"no database")


def _behind(home: Home) -> None:
    """What a process leaves that died after its commit: readers see the batch before."""
    earlier = home.snapshot.with_name("batch-000000.duckdb")
    earlier.write_bytes(home.snapshot.read_bytes())
    home.snapshot.unlink()
    home.pointer.write_text(earlier.name + "\n", encoding="utf-8")


def _left_over(home: Home) -> None:
    (home.path / "snapshots" / "batch-000002.duckdb.tmp").write_bytes(b"half")
    (home.path / "tmp" / "duckdb_temp_storage-0.tmp").write_bytes(b"spilled")


@pytest.mark.parametrize(
    ("plant", "check"),
    [
        (_pointer_to_nothing, "snapshot"),
        (_damaged_pointer, "snapshot"),
        (_no_pointer, "snapshot"),
        (_damaged_snapshot, "snapshot"),
        (_behind, "pointer"),
        (_left_over, "temporary files"),
    ],
)
def test_a_planted_problem_is_found_and_the_next_run_cures_it(
    plant: Callable[[Home], None], check: str, home: Home
) -> None:
    before = state.content(home)
    plant(home)
    found = checks(home, status=1)
    assert found[check]["state"] == "problem"
    assert found[check]["cure"]
    home.run("run")
    assert [finding for finding in doctor.examine(Folder(home.path)) if not finding.ok] == []
    assert state.content(home) == before
    assert home.batches() == 1


def test_a_query_on_a_damaged_pointer_says_what_to_do(home: Home) -> None:
    _pointer_to_nothing(home)
    for command in (("query", "SELECT 1"), ("export", "sample")):
        done = home.run(*command, status=2)
        assert "names no snapshot" in done.stderr
        assert "run any command that writes" in done.stderr


def test_rights_of_others_are_found(home: Home) -> None:
    home.path.chmod(0o755)
    found = checks(home, status=1)
    assert found["modes"]["cure"] == f"chmod -R go-rwx {home.path}"


def test_a_lost_file_stops_writers_and_is_found(home: Home) -> None:
    (home.path / "restricted.duckdb").unlink()
    assert "restricted.duckdb" in checks(home, status=1)["files"]["detail"]
    done = home.run("run", status=2)
    assert "restricted.duckdb is missing" in done.stderr
    assert "restore both files" in done.stderr
    home.run("query", "SELECT 1")


def test_an_account_that_does_not_add_up_is_found(home: Home) -> None:
    with duckdb.connect(home.path / "warehouse.duckdb") as connection:
        connection.execute(
            "UPDATE meta.delivery SET records_loaded = records_loaded + 1 WHERE delivery_id = 3"
        )
    found = checks(home, status=1)
    assert found["accounts"]["state"] == "problem"
    assert "3" in found["accounts"]["detail"]


@pytest.mark.parametrize("content", [b"I am no database, and long enough to be looked at" * 100, None])
def test_a_file_that_is_no_database_is_told(content: bytes | None, home: Home) -> None:
    file = home.path / "warehouse.duckdb"
    file.write_bytes(content or file.read_bytes()[: file.stat().st_size // 2])
    assert checks(home, status=1)["opening"]["state"] == "problem"
    done = home.run("run", status=2)
    assert "a file of the warehouse is damaged" in done.stderr
    assert f"where: {file}" in done.stderr
    assert "restore warehouse.duckdb and restricted.duckdb from the same backup" in done.stderr


def test_a_damaged_snapshot_is_not_told_as_an_error_of_the_query(home: Home) -> None:
    home.snapshot.write_bytes(home.snapshot.read_bytes()[: home.snapshot.stat().st_size // 2])
    for command in (("query", "FROM meta.batch"), ("status",), ("delivery", "list")):
        done = home.run(*command, status=2)
        assert "the snapshot that readers use is damaged" in done.stderr
        assert "publishes a new one" in done.stderr
    home.run("run")
    home.run("query", "FROM meta.batch")


def test_a_lost_warehouse_is_found_and_not_begun_anew(home: Home) -> None:
    lost = home.path / "warehouse.duckdb"
    (home.path / "restricted.duckdb").unlink()
    lost.unlink()
    detail = checks(home, status=1)["files"]["detail"]
    assert detail == "missing: warehouse.duckdb, though there are: snapshots, landed files"
    done = home.run("run", status=2)
    assert "warehouse.duckdb is missing, though there are snapshots of it" in done.stderr
    assert not lost.exists()


def test_a_home_that_is_a_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("no folder")
    assert "is no folder" in checks(Home(tmp_path / "var"), status=1)["home"]["detail"]


def test_landed_files_that_are_lost_or_altered_are_found(home: Home) -> None:
    delivered = home.rows("SELECT source_id, sha256 FROM meta.delivery ORDER BY delivery_id LIMIT 3")
    lost, longer, altered = (home.path / "landing" / d["source_id"] / d["sha256"] for d in delivered)
    lost.unlink()
    with longer.open("ab") as file:
        file.write(b"\n")
    content = bytearray(altered.read_bytes())
    content[-2] ^= 1
    altered.write_bytes(content)
    found = [f for f in home.json("doctor", status=1) if f["check"] == "landed files"]
    assert ["missing" in f["detail"] for f in found] == [True, False]
    assert found[1]["detail"].endswith("has another size than the delivery had")
    found = [f for f in home.json("doctor", "--thorough", status=1) if f["check"] == "landed files"]
    assert [f["detail"].split(" ")[1] for f in found] == ["1", "2", "3"]
    assert found[2]["detail"].endswith("its landed file was altered")
    assert all("backup of the landing" in f["cure"] for f in found)


def test_who_may_only_read_reads(home: Home) -> None:
    """A statistician's account: no right to write in the home folder."""
    for folder in (home.path, home.path / "tmp"):
        folder.chmod(0o500)
    command = home.command("query", "SELECT count(*) AS n FROM meta.delivery", "--json")
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("rights hold for root only where setpriv takes its capabilities away")
        rights = "-dac_override,-dac_read_search"
        command = ["setpriv", "--bounding-set", rights, "--inh-caps", rights, *command]
    try:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    finally:
        for folder in (home.path, home.path / "tmp"):
            folder.chmod(0o700)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)[0]["n"] > 0
