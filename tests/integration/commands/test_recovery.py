"""Backup, restore and prune, with real processes: what comes back is what was there, and a kill changes nothing."""

from __future__ import annotations

import json
import shutil
import signal
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipelines import settings as settings_module
from pipelines.sample_countries.xaa import victims
from pipelines.steps import landed, recovery
from pipelines.steps import state as standing
from tests.integration.commands import files, state
from tests.integration.commands.files import POLICE
from tests.integration.commands.home import Home
from warehouse import doctor, pool
from warehouse.home import Home as Folder


def restored(folder: Path, to: Path, *arguments: str) -> Home:
    """A home folder made out of a backup."""
    home = Home(to)
    home.run("restore", folder, *arguments)
    return home


def later(folder: Path, rows: int = files.ROWS) -> Path:
    """A corrected police file."""
    path = folder / files.police_name(files.LATER)
    victims.write_file(path, rows, edition=victims.Edition(2022, files.LATER))
    return path


def test_what_comes_back_is_what_was_there(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    (told,) = home.json("backup", folder)
    before = state.content(home)
    landed_before = {p.name: p.read_bytes() for p in Folder(home.path).landed()}
    home.run("ingest", POLICE, later(tmp_path))
    assert state.content(home) != before

    again = Home(tmp_path / "again")
    (back,) = again.json("restore", folder)
    assert told["backup"] == back["backup"] == "backup-000001"
    assert back["made_by"] == "tester"
    assert state.content(again) == before
    assert {p.name: p.read_bytes() for p in Folder(again.path).landed()} == landed_before
    assert [f for f in doctor.examine(Folder(again.path)) if not f.ok] == []
    assert {p.stat().st_mode & 0o077 for p in (again.path / "landing").rglob("*")} == {0}
    again.run("ingest", POLICE, tmp_path / files.police_name(files.LATER))
    assert state.content(again) == state.content(home)


def test_files_that_did_not_change_are_kept_once_and_old_backups_go_with_theirs(
    home: Home, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    home.run("backup", folder)
    home.run("ingest", POLICE, later(tmp_path))
    home.run("backup", folder)
    first, second = pool.listed(folder)
    shared = {f.sha256 for f in first.files} & {f.sha256 for f in second.files}
    assert {f.path for f in first.files if f.sha256 in shared} == {
        f.path for f in first.files if f.path.startswith("landing/")
    }
    content = state.content(home)

    (told,) = home.json("backup", folder, "--keep", "1")
    assert told["removed"] == "backup-000001, backup-000002"
    (third,) = pool.listed(folder)
    assert {p.name for p in (folder / "files").glob("*/*")} == {f.sha256 for f in third.files}
    assert state.content(restored(folder, tmp_path / "again")) == content


def test_a_backup_waits_for_a_run_and_holds_a_whole_batch(home: Home, tmp_path: Path) -> None:
    folder, before = tmp_path / "backups", state.content(home)
    running = home.start("ingest", POLICE, later(tmp_path, 10_000))
    while running.poll() is None and "ingest" not in _text(home.path / "writer.lock"):
        time.sleep(0.001)
    done = home.run("backup", folder)
    assert "waits until this has ended: siprev ingest" in done.stderr
    out, err = running.communicate(timeout=120)
    assert running.returncode == 0, out + err
    after = state.content(home)
    assert after != before
    assert state.content(restored(folder, tmp_path / "again")) == after


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


@pytest.mark.parametrize("moment", ["files/*.tmp", "files/*/*", "writer.lock"])
def test_a_backup_that_is_killed_is_none_and_the_next_is_whole(
    moment: str, home: Home, tmp_path: Path
) -> None:
    folder, content = tmp_path / "backups", state.content(home)
    process = home.start("backup", folder)
    where = home.path if moment == "writer.lock" else folder
    while process.poll() is None and not any(p.stat().st_size for p in where.glob(moment) if p.exists()):
        time.sleep(0.0002)
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert pool.listed(folder) == []
    assert state.content(home) == content
    home.run("backup", folder)
    assert list(folder.rglob("*.tmp")) == []
    assert state.content(restored(folder, tmp_path / "again")) == content


def test_a_restore_that_is_killed_is_completed_by_the_same_command(home: Home, tmp_path: Path) -> None:
    folder, content = tmp_path / "backups", state.content(home)
    home.run("backup", folder)
    killed = 0
    for moment in (
        "landing/*/.*.tmp",
        "tmp/restoring/warehouse.duckdb",
        "restricted.duckdb",
        "warehouse.duckdb",
    ):
        again = Home(tmp_path / moment.replace("/", "_").replace("*", "x"))
        process = again.start("restore", folder)
        while process.poll() is None and not list(again.path.glob(moment)):
            time.sleep(0.0002)
        process.kill()
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
        if (again.path / "warehouse.duckdb").is_file():
            # only the snapshot is missing: the next writer publishes it
            again.run("run")
        else:
            again.run("restore", folder)
        assert state.content(again) == content
        assert list((again.path / "tmp").iterdir()) == []
    assert killed >= 2


def test_an_altered_or_lost_file_of_a_backup_is_refused_and_nothing_is_put_in_place(
    home: Home, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    home.run("backup", folder)
    (made,) = pool.listed(folder)
    database = next(f for f in made.files if f.path == "warehouse.duckdb")
    stored = pool.stored(folder, database.sha256)
    whole = stored.read_bytes()
    again = Home(tmp_path / "again")
    for wrong in (whole[:-1], b"\0" + whole[1:], None):
        stored.unlink()
        if wrong is not None:
            stored.write_bytes(wrong)
        told = again.run("restore", folder, status=2).stderr
        assert "a file of the backup" in told and "nothing was put in place" in told
        assert not (again.path / "warehouse.duckdb").exists()
    stored.write_bytes(whole)
    (folder / "backup-000001.json").write_text("{", encoding="utf-8")
    assert "cannot be read" in again.run("restore", folder, status=2).stderr


def test_a_list_that_leads_out_of_the_home_folder_is_refused(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    home.run("backup", folder)
    listed = folder / "backup-000001.json"
    said = json.loads(listed.read_text(encoding="utf-8"))
    said["files"][-1]["path"] = "landing/../../stolen"
    listed.write_text(json.dumps(said), encoding="utf-8")
    assert "leads out of the landing" in Home(tmp_path / "again").run("restore", folder, status=2).stderr
    assert not (tmp_path / "stolen").exists()


def test_wrong_use_is_told(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    nothing = Home(tmp_path / "nothing")
    assert "there is nothing to back up" in nothing.run("backup", folder, status=2).stderr
    assert not nothing.path.exists()
    assert "lies in the home folder" in home.run("backup", home.path / "backups", status=2).stderr
    assert not (home.path / "backups").exists()
    assert "there is no backup" in nothing.run("restore", folder, status=2).stderr
    home.run("backup", folder)
    assert "there are: backup-000001" in nothing.run("restore", folder, "--name", "backup-9", status=2).stderr
    told = home.run("restore", folder, status=2).stderr
    assert "which nothing may overwrite" in told
    other = Home(tmp_path / "other")
    other.run("ingest", "xaa_areas", next((home.path / "landing" / "xaa_areas").iterdir()), status=1)
    assert "backups of another warehouse" in other.run("backup", folder, status=2).stderr
    made = folder / "backup-000001.json"
    said = json.loads(made.read_text(encoding="utf-8"))
    made.write_text(json.dumps(said | {"file_version": 999}), encoding="utf-8")
    assert "later version" in nothing.run("restore", folder, status=2).stderr


def test_the_lost_main_file_comes_back_and_what_was_landed_since_is_told(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    home.run("backup", folder)
    content = state.content(home)
    home.run("ingest", POLICE, later(tmp_path))
    for lost in ("warehouse.duckdb", "restricted.duckdb"):
        (home.path / lost).unlink()
    home.run("restore", folder)
    assert state.content(home) == content
    (told,) = (f for f in home.json("doctor") if f["state"] != "ok")
    assert (told["state"], told["detail"]) == ("warning", f"1 landed files of {POLICE} belong to no delivery")
    (removed,) = home.json("prune", "--unnamed")[-1:]
    assert removed["name"].startswith(f"{POLICE}/")
    assert {f["state"] for f in home.json("doctor")} == {"ok"}


def test_prune_leaves_the_snapshot_in_use_and_as_many_as_are_asked_for(home: Home, tmp_path: Path) -> None:
    for batch in range(2, 6):
        shutil.copy(home.snapshot, home.snapshot.with_name(f"batch-{batch:06d}.duckdb"))
    told = home.json("prune", "--keep-snapshots", "2")
    assert [row["name"] for row in told] == ["batch-000003.duckdb", "batch-000002.duckdb"]
    assert home.snapshot.is_file()


def test_landed_bytes_past_their_retention_go_and_leave_a_record(home: Home, tmp_path: Path) -> None:
    settings = settings_module.read({"SIPREV_HOME": str(home.path), "SIPREV_ACTOR": "keeper"})
    content = state.content(home)
    years = int(
        home.value(
            f"SELECT (declares ->> '$.agreement.retention_years')::INT FROM meta.source WHERE source_id = '{POLICE}'"
        )
    )
    folder = tmp_path / "backups"
    home.run("backup", folder)
    today = datetime.now(UTC).date()
    almost = date(today.year + years, today.month, 1)
    after = date(today.year + years + 1, 1, 2)
    assert recovery.prune(settings, keep_snapshots=1, past_retention=True, today=almost).expired == []
    past = [f for f in standing.doctor(settings, after) if f["check"] == "backups"]
    assert "backup-000001" in past[0]["detail"] and past[0]["state"] == "problem"

    done = recovery.prune(settings, keep_snapshots=1, past_retention=True, today=after)
    assert f"({POLICE})" in " ".join(done.expired)
    assert not list((home.path / "landing" / POLICE).iterdir())
    (record,) = home.rows(f"SELECT actor, reason FROM meta.removal WHERE source_id = '{POLICE}'")
    assert record["actor"] == "keeper"
    assert f"{years} years" in record["reason"]
    assert landed.lost(settings, thorough=True) == []
    kept = {name: digest for name, digest in state.content(home).items() if "meta.removal" not in name}
    assert kept == {name: digest for name, digest in content.items() if "meta.removal" not in name}
