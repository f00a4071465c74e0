"""Corrections through the command line: applied, shown, taken in anew when they change, and stopped when not needed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.commands.home import Home
from tests.unit.sources import desk

SOURCE, FILE = "probe", "events_2024-03-01.csv"
SECRET = "A-2-secret"
TEXT = f"day,n,case\n2024-01-15,1,A-1\n2024-31-01,20,{SECRET}\n2024-01-17,3,A-3\n"


def correction(**changes: Any) -> dict[str, Any]:
    return {
        "name": "swapped_day",
        "key": {"case": SECRET},
        "column": "day",
        "old": "2024-31-01",
        "new": "2024-01-31",
        "reason": "month and day are swapped; letter 45/2024",
        "reporter": "records office",
        "date": "2024-05-02",
        **changes,
    }


@pytest.fixture
def declared(tmp_path: Path) -> Home:
    """A home folder with a source of its own, whose deliveries have an edition."""
    folder = tmp_path / "sources"
    folder.mkdir()
    layout = desk.layout(
        columns={"open": ["day", "n"], "identifier": ["case"]},
        map={**desk.MAP, "count": {"parse": "integer", "from": "n"}, "case_hmac": {"hmac": "case"}},
    )
    edition = {"from": "file_name", "pattern": r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"}
    delivers = {**desk.DECLARATION["delivers"], "drop_tolerance": 1}
    desk.declare(folder, layout, edition=edition, delivers=delivers)
    return Home.begun(tmp_path / "var", folder)


def correct(home: Home, *corrections: dict[str, Any]) -> None:
    """Write the corrections of the source."""
    assert home.sources
    said = yaml.safe_dump({"corrections": list(corrections)}, allow_unicode=True)
    (home.sources / SOURCE / "corrections.yml").write_text(said, encoding="utf-8")


def deliver(home: Home, text: str = TEXT, name: str = FILE) -> Path:
    path = home.path.parent / name
    path.write_text(text, encoding="utf-8")
    return path


def events(home: Home, *past: str) -> int:
    (row,) = home.json("query", *past, "SELECT coalesce(sum(count), 0)::BIGINT AS n FROM core.incident")
    return int(row["n"])


def test_a_correction_is_applied_and_shown_and_its_key_is_not(declared: Home) -> None:
    correct(declared, correction())
    (row,) = declared.json("ingest", SOURCE, deliver(declared))
    assert (row["status"], row["records"], row["loaded"], row["quarantined"]) == ("loaded", 3, 3, 0)
    shown = declared.run("delivery", "show", str(row["delivery"])).stdout
    assert all(text in shown for text in ("swapped_day", "2024-31-01", "2024-01-31", "records office"))
    assert SECRET not in shown
    checked = declared.run("source", "check", SOURCE, declared.path.parent / FILE).stdout
    assert "corrections" in checked and SECRET not in checked


def test_a_correction_that_comes_later_takes_the_delivery_in_anew(declared: Home) -> None:
    path = deliver(declared)
    declared.run("ingest", SOURCE, path)
    assert events(declared) == 4
    correct(declared, correction())
    (row,) = declared.json("ingest", SOURCE, path)
    assert (row["status"], row["loaded"]) == ("loaded", 3)
    assert (events(declared), events(declared, "--as-of", "1")) == (24, 4)
    # nothing has changed since
    assert declared.json("ingest", SOURCE, path)[0]["status"] == "repeated"
    # a correction of another record changes nothing of this file
    correct(declared, correction(), correction(name="elsewhere", key={"case": "Z"}))
    assert declared.json("ingest", SOURCE, path)[0]["status"] == "repeated"
    # and one that is withdrawn is undone
    correct(declared)
    assert declared.json("ingest", SOURCE, path)[0]["status"] == "loaded"
    assert events(declared) == 4


def test_a_delivery_taken_in_anew_does_not_undo_what_came_after_it(declared: Home) -> None:
    first = deliver(declared)
    declared.run("ingest", SOURCE, first)
    later = deliver(declared, "day,n,case\n2024-01-15,7,A-1\n", "events_2024-04-01.csv")
    declared.run("ingest", SOURCE, later)
    assert events(declared) == 7
    correct(declared, correction(file="events_2024-03*"))
    assert declared.json("ingest", SOURCE, first)[0]["status"] == "loaded"
    assert events(declared) == 7


def test_the_run_stops_when_the_provider_has_mended_the_file(declared: Home) -> None:
    correct(declared, correction())
    declared.put(SOURCE, deliver(declared))
    declared.run("run")
    assert events(declared) == 24
    mended = deliver(declared, TEXT.replace("2024-31-01", "2024-01-31"), "events_2024-04-01.csv")
    declared.put(SOURCE, mended)
    told = declared.run("run", status=1).stderr
    assert "'swapped_day'" in told and "has the corrected value already" in told
    assert "corrections.yml:2" in told and "remove the correction 'swapped_day'" in told
    assert SECRET not in told
    assert events(declared) == 24
    correct(declared)
    declared.run("run", status=0)
    assert events(declared) == 24


def test_without_editions_the_order_of_arrival_stays(declared: Home) -> None:
    assert declared.sources
    home = declared.sources / SOURCE / "source.yml"
    said = yaml.safe_load(home.read_text(encoding="utf-8"))
    said.pop("edition")
    home.write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
    first = deliver(declared)
    declared.run("ingest", SOURCE, first)
    declared.run("ingest", SOURCE, deliver(declared, "day,n,case\n2024-01-15,7,A-1\n", "later.csv"))
    correct(declared, correction(file="events*"))
    assert declared.json("ingest", SOURCE, first)[0]["status"] == "loaded"
    assert events(declared) == 7
