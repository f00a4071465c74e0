"""``siprev run``: everything that the inbox and changes make necessary, and nothing else."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.sample_countries.xaa import victims
from tests.integration.commands import files, state
from tests.integration.commands.files import POLICE, Samples
from tests.integration.commands.home import Home

ROOT = Path(__file__).resolve().parents[3]


def _tree(home: Home) -> dict[str, tuple[int, int]]:
    """Every file with its size and time of change; the lock is touched by everyone."""
    return {
        str(path.relative_to(home.path)): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in home.path.rglob("*")
        if path.is_file() and path.name not in ("writer.lock", "restricted.duckdb", "warehouse.duckdb")
    }


def test_with_nothing_new_nothing_is_done(home: Home) -> None:
    before, tables = _tree(home), state.tables(home)
    for words in ([], ["--country", "XAA"]):
        assert home.run("run", *words).stdout == "(nothing)\n"
    assert _tree(home) == before
    assert state.tables(home) == tables
    assert home.batches() == 1


def test_an_empty_inbox_is_no_error(new_home: Callable[[str], Home]) -> None:
    home = new_home("fresh")
    assert home.run("run").stdout == "(nothing)\n"
    assert home.batches() == 0
    assert home.json("status")["sources"]


def test_a_new_file_is_taken_in_and_what_waits_for_it_is_computed(
    home: Home, samples: Samples, tmp_path: Path
) -> None:
    before = home.rows(
        "SELECT numerator FROM indicator.value WHERE ref_area = 'XAA' AND time_period = '2022'"
    )
    later = files.write(tmp_path / files.police_name(files.LATER), files.read(samples.police)[:-20])
    home.put(POLICE, later)
    done = home.run("run", "--country", "XAA")
    assert later.name in done.stdout
    assert samples.police.name not in done.stdout, "what was taken in before is not told again"
    assert "homicide_rate_police" in done.stdout
    assert "robbery_rate" not in done.stdout, "no new fact feeds it"
    assert (
        home.rows("SELECT numerator FROM indicator.value WHERE ref_area = 'XAA' AND time_period = '2022'")
        != before
    )
    assert home.batches() == 2
    assert home.json("status")["waiting"] == []


def test_only_the_chosen_sources_are_looked_at(home: Home, samples: Samples, tmp_path: Path) -> None:
    home.put(POLICE, files.write(tmp_path / files.police_name(files.LATER), files.read(samples.police)[:-10]))
    assert home.run("run", "--country", "MEX").stdout == "(nothing)\n"
    assert home.json("run", "--source", POLICE)[0]["status"] == "loaded"


def test_a_refused_file_is_reported_again_and_not_tried_again(
    home: Home, samples: Samples, tmp_path: Path
) -> None:
    bad = tmp_path / files.police_name(files.LATER)
    bad.write_bytes(samples.police.read_bytes()[:-60])
    home.put(POLICE, bad)
    first = home.run("run", status=1)
    assert "last line is cut" in first.stderr
    before = state.tables(home)
    again = home.run("run", status=1)
    assert "last line is cut" in again.stderr
    assert bad.name in again.stderr
    assert "landed" not in again.stderr, "its bytes are not read again"
    assert state.tables(home) == before
    (home.path / "inbox" / POLICE / bad.name).unlink()
    assert home.run("run").stdout == "(nothing)\n"


def test_a_refused_file_that_a_person_lets_in_is_no_longer_reported(
    home: Home, samples: Samples, tmp_path: Path
) -> None:
    small = files.write(tmp_path / files.police_name(files.LATER), files.read(samples.police)[:101])
    (waiting,) = home.put(POLICE, small)
    assert "lose more than 20%" in home.run("run", status=1).stderr
    home.run("ingest", "--accept-drop", POLICE, waiting)
    done = home.run("run")
    assert done.stdout.startswith("\nIndicators computed")
    assert home.run("run").stdout == "(nothing)\n"


def test_a_replaced_file_is_looked_at_anew(home: Home, samples: Samples, tmp_path: Path) -> None:
    bad = tmp_path / files.police_name(files.LATER)
    bad.write_bytes(samples.police.read_bytes()[:-60])
    (waiting,) = home.put(POLICE, bad)
    home.run("run", status=1)
    waiting.write_bytes(samples.police.read_bytes().replace(b"Hombre", b"Mujer"))
    assert home.json("run")[0]["status"] == "loaded"


def test_the_marks_of_the_inbox_save_time_and_decide_nothing(home: Home) -> None:
    marks = home.path / "inbox" / ".seen.json"
    marks.write_bytes(b"\xff\xfe")
    before = state.tables(home, besides={"meta.repetition"})
    assert [row["status"] for row in home.json("run")] == ["repeated"] * 3
    assert state.tables(home, besides={"meta.repetition"}) == before


def test_what_belongs_to_no_source_is_named(home: Home, samples: Samples, tmp_path: Path) -> None:
    home.put("policia", samples.police)
    shutil.copy(samples.police, home.path / "inbox" / "loose.csv")
    (home.path / "inbox" / "empty folder").mkdir()
    (home.path / "inbox" / POLICE / ".being copied.csv").write_text("half", encoding="utf-8")
    done = home.run("run", status=2)
    assert "nothing is taken in of loose.csv, policia" in done.stderr
    assert "  mend:  " in done.stderr
    assert home.batches() == 1


def test_what_stands_in_the_way_of_one_source_does_not_hold_up_another(
    new_home: Callable[[str], Home], samples: Samples
) -> None:
    """A report about the whole country needs its areas, and these are not there."""
    home = new_home("fresh")
    home.put(POLICE, samples.police)
    home.put("xaa_population", samples.population)
    told = home.json("run", status=2)
    assert [(row["source"], row["status"]) for row in told] == [
        ("xaa_population", "loaded"),
        (POLICE, "blocked"),
    ]
    assert "areas of XAA are not known yet" in home.run("run", status=2).stderr
    home.put("xaa_areas", samples.areas)
    assert {row["status"] for row in home.json("run")} == {"loaded"}
    assert home.value("SELECT count(*) FROM core.person_role") == files.ROWS


@pytest.fixture
def of_2021(tmp_path: Path) -> Path:
    """A year of which the seed has nothing."""
    path = tmp_path / files.police_name(files.LATER, 2021)
    victims.write_file(path, files.ROWS, planting="none", edition=victims.Edition(2021, files.LATER))
    return path


def test_a_source_that_is_declared_outside_the_repository(home: Home, of_2021: Path, tmp_path: Path) -> None:
    home.run("source", "show", "own_police", status=2)
    own = Home(home.path, files.outside(tmp_path, demo=True))
    assert "own_police" in {row["source"] for row in own.json("source", "list")}
    own.put("own_police", of_2021)
    assert [row["status"] for row in own.json("run")] == ["loaded"]
    assert own.value("SELECT count(*) FROM core.person_role WHERE source_id = 'own_police'") == files.ROWS
    assert home.json("delivery", "list", "--source", "own_police"), "it is known by its deliveries"
    done = home.run("run", status=2)
    assert "nothing is taken in of own_police" in done.stderr
    assert "--sources" in done.stderr


def test_two_sources_of_the_same_figure_are_told_and_hold_up_nothing_else(
    home: Home, samples: Samples, tmp_path: Path
) -> None:
    own = Home(home.path, files.outside(tmp_path, demo=True))
    before = own.rows("FROM indicator.value WHERE indicator = 'homicide_rate_police' ORDER BY ALL")
    own.put("own_police", samples.police)
    done = own.run("run", status=2)
    assert samples.police.name in done.stdout, "what was taken in is told all the same"
    assert "homicide_rate_police: own_police and xaa_police_victims both give" in done.stderr
    assert "precedence.yml" in done.stderr
    assert own.rows("FROM indicator.value WHERE indicator = 'homicide_rate_police' ORDER BY ALL") == before
    waiting = own.json("status")["waiting"]
    assert [row["indicator"] for row in waiting] == ["homicide_rate_police"]


def test_a_source_that_comes_with_the_software_asks_for_a_key_once_something_arrives(
    home: Home, tmp_path: Path
) -> None:
    """mx_ensu has free text; who never takes it in needs no key for it."""
    found = {row["check"]: row["state"] for row in home.json("doctor")}
    assert found["master key"] == "ok"
    delivery = tmp_path / "ensu.zip"
    delivery.write_bytes(b"PK")
    home.put("mx_ensu", delivery)
    told = {row["check"]: row for row in home.json("doctor", status=1)}
    assert told["master key"]["state"] == "problem" and "mx_ensu" in told["master key"]["detail"]


def test_real_identifiers_need_a_key(home: Home, of_2021: Path, tmp_path: Path) -> None:
    """G8: only made-up data may be hashed with the published key."""
    own = Home(home.path, files.outside(tmp_path, demo=False))
    before = state.tables(own)
    refused = own.run("ingest", "own_police", of_2021, status=2)
    assert "SIPREV_KEY_FILE or SIPREV_MASTER_KEY" in refused.stderr
    assert not (own.path / "landing" / "own_police").exists(), "nothing is kept that needs a key"
    assert state.tables(own) == before
    found = {row["check"]: row["state"] for row in own.json("doctor", status=1)}
    assert found["master key"] == "problem"
    own.put("own_police", of_2021)
    assert [row["status"] for row in own.json("run", status=2)] == ["blocked"]
    key = os.urandom(32).hex()
    done = own.run("run", extra={"SIPREV_MASTER_KEY": key})
    assert key not in done.stdout + done.stderr
    assert own.value("SELECT count(*) FROM core.person_role WHERE source_id = 'own_police'") == files.ROWS


def test_a_declaration_that_does_not_load_stops_the_run_with_its_place(home: Home, tmp_path: Path) -> None:
    directory = files.outside(tmp_path, demo=True)
    path = directory / "own_police" / "source.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("parse: hour", "parse: clock"), encoding="utf-8")
    for command in (["run"], ["source", "list"], ["ingest", "own_police", "x.csv"]):
        done = Home(home.path, directory).run(*command, status=2)
        assert re.search(rf"{re.escape(str(path))}.*line \d+|{re.escape(str(path))}:\d+", done.stderr)
        assert "  mend:  " in done.stderr
