"""A delivery of several files through the command line: one call, one folder of the inbox, or one archive."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.commands.home import Home
from tests.unit.sources import desk
from tests.unit.sources.test_joined import HOMES, PERSONS, layout, packed

SOURCE = "probe"


@pytest.fixture
def declared(tmp_path: Path) -> Home:
    """A home folder with a source whose deliveries are persons with their homes."""
    folder = tmp_path / "sources"
    folder.mkdir()
    desk.declare(folder, layout(), record_type="person_role")
    return Home.begun(tmp_path / "var", folder)


def files(folder: Path, **texts: str) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name, text in texts.items():
        made.append(folder / f"{name}.csv")
        made[-1].write_text(text, encoding="utf-8")
    return made


def test_the_loose_files_of_one_call_are_one_delivery(declared: Home, tmp_path: Path) -> None:
    loose = files(tmp_path / "loose", homes=HOMES, persons=PERSONS)
    (row,) = declared.json("ingest", SOURCE, *loose)
    assert (row["status"], row["file"], row["records"], row["loaded"]) == (
        "loaded",
        "homes.csv + persons.csv.zip",
        6,
        3,
    )
    shown = declared.json("delivery", "show", str(row["delivery"]))
    assert shown["joined_tables"] == [
        {
            "name": "home",
            "rows_delivered": 5,
            "rows_unreadable": 0,
            "rows_joined": 2,
            "rows_repeated": 2,
            "rows_unused": 1,
        }
    ]
    assert {r["rule_code"]: r["n_broken"] for r in shown["rules_broken"]} == {
        "join.missing": 2,
        "join.repeated": 1,
        "occurrence_date.missing": 3,
    }
    # in another order and another folder they are known again
    again = files(tmp_path / "again", persons=PERSONS, homes=HOMES)
    assert declared.json("ingest", SOURCE, *again)[0]["status"] == "repeated"
    assert list((declared.path / "tmp").glob("**/packed-*")) == []


def test_a_folder_of_one_call_is_one_delivery(declared: Home, tmp_path: Path) -> None:
    folder = tmp_path / "2024"
    files(folder, homes=HOMES, persons=PERSONS)
    (folder / ".DS_Store").write_text("x", encoding="utf-8")
    (row,) = declared.json("ingest", SOURCE, folder)
    assert (row["status"], row["file"], row["records"]) == ("loaded", "2024.zip", 6)
    (again,) = declared.json("ingest", SOURCE, *files(tmp_path / "x", homes=HOMES, persons=PERSONS))
    assert again["status"] == "repeated"
    (tmp_path / "empty").mkdir()
    assert "the folder has no file" in declared.run("ingest", SOURCE, tmp_path / "empty", status=2).stderr


def test_a_folder_of_the_inbox_is_one_delivery_once_it_is_complete(declared: Home, tmp_path: Path) -> None:
    inbox = declared.path / "inbox" / SOURCE / "2024"
    files(inbox, persons=PERSONS)
    (inbox / ".DS_Store").write_text("x", encoding="utf-8")
    (inbox / "homes.csv.part").write_text("home", encoding="utf-8")
    assert "2024" not in declared.run("run").stdout
    (inbox / "homes.csv.part").unlink()
    told = declared.run("run", status=1).stderr
    assert "the file came alone" in told and "homes*" in told
    files(inbox, homes=HOMES)
    done = declared.json("run")
    assert "loaded" in str(done) and "2024.zip" in str(done)
    assert "2024" not in declared.run("run").stdout, "nothing is new"
    files(inbox, homes=HOMES.replace("H-4", "H-9"))
    assert "loaded" in str(declared.json("run"))
    (row,) = declared.json("query", "SELECT count(*) AS n FROM core.person_role")
    assert row["n"] == 4


def test_an_archive_comes_as_it_was_sent_and_can_be_tried_first(declared: Home, tmp_path: Path) -> None:
    path = tmp_path / "survey.zip"
    path.write_bytes(packed(persons=PERSONS, homes=HOMES))
    told = declared.run("source", "check", SOURCE, path).stdout
    assert "table home" in told and "5 rows: 2 joined, 1 unused, 2 with a repeated key" in told
    files(tmp_path / "folder", persons=PERSONS, homes=HOMES)
    assert "2 joined" in declared.run("source", "check", SOURCE, tmp_path / "folder").stdout
    (row,) = declared.json("ingest", SOURCE, path)
    assert (row["status"], row["file"], row["loaded"]) == ("loaded", "survey.zip", 3)
