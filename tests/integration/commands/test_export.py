"""``siprev export``: what a partner gets, marked as it must be, with checksums that are right."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

from tests.integration.commands.home import Home

MARK = "WITHOUT DISCLOSURE CONTROL"


def _check(folder: Path, rows: int) -> dict[str, object]:
    manifest: dict[str, object] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    named = manifest["files"]
    assert isinstance(named, dict)
    found = {path.name for path in folder.iterdir()}
    assert found == {*named, "manifest.json"}
    for name, told in named.items():
        content = (folder / name).read_bytes()
        assert told["sha256"] == hashlib.sha256(content).hexdigest()
    assert named["indicator_values.csv"]["rows"] == rows
    return manifest


def test_the_export_of_the_demonstration(demo: Home) -> None:
    folder = demo.path / "exports" / "sample" / "snapshot" / "csv"
    rows = demo.value("SELECT count(*) FROM indicator.value_dense")
    manifest = _check(folder, rows)
    assert str(manifest["disclosure_control"]).startswith(MARK)
    assert manifest["cutoff_date"] == str(demo.value("SELECT max(cutoff_date) FROM meta.delivery"))
    assert (folder / "READ_ME.txt").read_text(encoding="utf-8").startswith(MARK)
    with (folder / "indicator_values.csv").open(encoding="utf-8", newline="") as handle:
        written = list(csv.DictReader(handle))
    assert len(written) == rows
    columns = [c["column_name"] for c in demo.rows("DESCRIBE indicator.value")]
    assert list(written[0]) == columns
    empty = [row for row in written if row["obs_value"] == ""]
    assert empty
    assert all(
        row["comment"] and row["obs_status"] in {"O", "M", "L"} for row in empty if row["numerator"] != "0"
    )
    numbers = ("obs_value", "ci_lower", "ci_upper")
    assert all(
        len(row[name].partition(".")[2]) <= int(row["decimals"]) for row in written for name in numbers
    )
    assert not any(value.endswith(".0") for row in written for value in row.values())
    assert not {"restricted", "core", "longitude", "case_hmac"} & set(columns)


def test_an_export_to_a_folder_of_ones_own(home: Home, tmp_path: Path) -> None:
    done = home.run("export", "sample", "-o", tmp_path / "for them")
    folder = tmp_path / "for them" / "sample" / "snapshot" / "csv"
    assert str(folder) in done.stdout
    assert MARK in done.stdout
    _check(folder, home.value("SELECT count(*) FROM indicator.value_dense"))
    assert not (home.path / "exports" / "sample").exists()


def test_an_export_replaces_the_one_before_and_what_a_kill_left(home: Home) -> None:
    folder = home.path / "exports" / "sample" / "snapshot" / "csv"
    home.run("export", "sample")
    (folder / "stale.csv").write_text("old", encoding="utf-8")
    half = folder.with_name(".csv.tmp")
    half.mkdir()
    (half / "indicator_values.csv").write_text("half", encoding="utf-8")
    home.run("export", "sample")
    _check(folder, home.value("SELECT count(*) FROM indicator.value_dense"))
    assert [path.name for path in folder.parent.iterdir()] == ["csv"]


def test_a_folder_that_cannot_be_written_to_is_told(home: Home, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = home.run("export", "sample", "-o", tmp_path / "file", status=2)
    assert str(tmp_path / "file") in done.stderr
    assert "  mend:  " in done.stderr
