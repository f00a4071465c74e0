"""Every command: its help with an example, its JSON, and its exit status where it is used wrongly."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from pipelines.cli.app import app
from tests.integration.commands import files
from tests.integration.commands.files import POLICE, Samples
from tests.integration.commands.home import Home

Words = tuple[str, ...]


def _commands(group: Any, before: Words = ()) -> Iterator[tuple[Words, set[str]]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, (*before, name))
        else:
            yield (*before, name), {option for parameter in command.params for option in parameter.opts}


COMMANDS = dict(_commands(get_command(app)))
#: Fixed by the design; more may come.
NAMED = {
    "demo", "run", "status", "source list", "source show", "source check", "source new",
    "source template", "ingest", "delivery list",
    "delivery show", "quarantine list", "indicators list", "indicators show", "indicators compute",
    "indicators explain", "query", "export", "ui", "doctor", "pseudonymise",
    "key new", "key list", "key rotate", "key seal",
}  # fmt: skip

#: Arguments with which each command that prints a table is tried, on the demonstration.
READING = {
    "status": ["2023"],
    "query": ["SELECT 1 AS n"],
    "doctor": [],
    "delivery list": ["--source", POLICE],
    "delivery show": ["6"],
    "quarantine list": ["--source", POLICE],
    "source list": [],
    "source show": [POLICE],
    "source check": [POLICE, "FILE"],
    "source new": ["xaa_probe", "FILE", "--country", "XAA", "--demo", "-o", "FOLDER"],
    "indicators list": [],
    "indicators show": ["homicide_rate_police"],
    "indicators explain": ["homicide_rate_police", "XAA", "2021", "sex=F"],
    "export": ["sample", "-o", "FOLDER"],
    "key list": [],
    "coverage": [],
    "quarantine export": [POLICE, "-o", "FOLDER"],
}
#: The same on a folder of the test's own. The demonstration itself is tried in test_repeatability.
WRITING = {
    "ingest": [POLICE, "FILE"],
    "indicators compute": ["homicide_rate_police"],
    "run": [],
    "key new": ["KEYS"],
    "key seal": [],
    "backup": ["FOLDER"],
    "prune": [],
    "quarantine retry": [],
}
#: Needs a home folder without a warehouse: test_recovery.
ELSEWHERE = {"demo", "restore"}


def test_the_commands_of_the_design_are_there() -> None:
    assert {" ".join(words) for words in COMMANDS} >= NAMED
    tabled = {" ".join(words) for words, options in COMMANDS.items() if "--json" in options}
    assert tabled == {*READING, *WRITING, *ELSEWHERE}


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_help_has_an_example_that_can_be_typed(words: Words, tmp_path: Path) -> None:
    done = Home(tmp_path / "var").run(*words, "--help")
    assert done.stdout.startswith(f"Usage: siprev {' '.join(words)} ")
    found = re.search(r"Example: (siprev .*)", done.stdout, re.DOTALL)
    assert found
    example = shlex.split(" ".join(found[1].split()))
    assert tuple(example[1 : 1 + len(words)]) == words
    options = {word for word in example if word.startswith("-")}
    assert options <= COMMANDS[words]
    assert not (tmp_path / "var").exists()


@pytest.fixture
def later(samples: Samples, tmp_path: Path) -> Path:
    return files.write(tmp_path / files.police_name(files.LATER), files.read(samples.police)[:-10])


def _arguments(words: list[str], later: Path, folder: Path) -> list[str]:
    places = {"FILE": later, "FOLDER": folder, "KEYS": folder / "siprev.keys"}
    return [str(places.get(word, word)) for word in words]


@pytest.mark.parametrize("command", READING)
def test_json_is_json_and_nothing_else(command: str, demo: Home, later: Path, tmp_path: Path) -> None:
    told = demo.json(*command.split(), *_arguments(READING[command], later, tmp_path / "out"))
    assert told


@pytest.mark.parametrize("command", WRITING)
def test_json_of_commands_that_write(command: str, home: Home, later: Path, tmp_path: Path) -> None:
    words = [*command.split(), *_arguments(WRITING[command], later, tmp_path)]
    done = home.run(*words, "--json", extra={"SIPREV_MASTER_KEY": "ab" * 32})
    assert isinstance(json.loads(done.stdout), list)
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["frobnicate"], "No such command"),
        (["run", "--frobnicate"], "No such option"),
        (["run", "--country", "ABC"], "no declared source fits"),
        (["demo", "--scale", "0"], "--scale"),
        (["delivery", "show", "99"], "there is no delivery 99"),
        (["delivery", "list", "--source", "nobody"], "unknown source 'nobody'"),
        (["quarantine", "list", "--source", "nobody"], "unknown source 'nobody'"),
        (["source", "show", "nobody"], "unknown source 'nobody'"),
        (["source", "template", "incidents"], "unknown record type 'incidents'"),
        (["source", "template", "incident", "--country", "MX", "-o", "x.xlsx"], "unknown country 'MX'"),
        (["source", "template", "incident", "--language", "fr"], "--language"),
        (["source", "check", POLICE, "absent.csv"], "no such file"),
        (["source", "check", POLICE, "."], "this is a folder"),
        (["source", "new", "x", "absent.csv", "--country", "XAA"], "no such file"),
        (["source", "new", "x", "absent.csv"], "which country"),
        (["source", "new", "x", ".", "--country", "XAA"], "this is no file"),
        (["indicators", "show", "nobody"], "unknown indicator 'nobody'"),
        (["indicators", "compute", "nobody"], "unknown indicator 'nobody'"),
        (["indicators", "explain", "nobody", "XAA", "2021"], "unknown indicator 'nobody'"),
        (["indicators", "explain", "homicide_rate_police", "XAA", "2021", "sex"], "'sex'"),
        (["indicators", "explain", "homicide_rate_police", "XAA", "2021", "size=F"], "size"),
        (["indicators", "explain", "homicide_rate_police", "XAA", "1850"], "1850"),
        (["indicators", "explain", "homicide_rate_police", "ZZZ", "2021"], "ZZZ"),
        (["export", "nobody"], "unknown partner 'nobody'"),
        (["status", "2023-13"], "'2023-13' is no period"),
        (["status", "²⁰²³"], "is no period"),
        (["ingest", POLICE], "FILE"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_ends_with_status_2(words: list[str], says: str, demo: Home) -> None:
    done = demo.run(*words, status=2)
    assert says in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SIPREV_THREADS", "0"),
        ("SIPREV_WAIT", "soon"),
        ("SIPREV_MEMORY", "plenty"),
        ("SIPREV_MASTER_KEY", "secret"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_named(name: str, value: str, demo: Home) -> None:
    done = demo.run("status", status=2, extra={name: value})
    assert f"environment variable {name}" in done.stderr
    assert "  mend:  set it to" in done.stderr
    assert value not in done.stderr or len(value) < 3


def test_too_little_memory_is_told_as_that(home: Home, later: Path) -> None:
    done = home.run("ingest", POLICE, later, status=2, extra={"SIPREV_MEMORY": "1MB"})
    assert "SIPREV_MEMORY" in done.stderr


@pytest.mark.parametrize("command", ["status", "export sample", "query 'SELECT 1'"])
def test_before_anything_was_loaded_reading_says_what_to_do(command: str, tmp_path: Path) -> None:
    home = Home(tmp_path / "var")
    done = home.run(*shlex.split(command), status=2)
    assert "nothing has been loaded yet" in done.stderr
    assert "siprev demo" in done.stderr
    assert not home.path.exists()


def test_a_home_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("I am a file", encoding="utf-8")
    for words in (["run"], ["demo"], ["export", "sample"]):
        done = Home(tmp_path / "var").run(*words, status=2)
        assert str(tmp_path / "var") in done.stderr


def test_output_survives_a_terminal_without_accents(demo: Home) -> None:
    """Tables show a question mark; what programs read is UTF-8 in any case."""
    plain = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    words = ("query", "SELECT 'Ñandú' AS name")
    assert "?and?" in demo.run(*words, extra=plain).stdout
    assert demo.run(*words, "--format", "csv", extra=plain).stdout == '"name"\n"Ñandú"\n'
    assert json.loads(demo.run(*words, "--json", extra=plain).stdout) == [{"name": "Ñandú"}]
    told = demo.run("source", "show", "xaa_areas", "--json", extra=plain).stdout
    assert "Instituto de Estadística" in json.loads(told)["agreement"]["owner"]


def test_a_reader_that_leaves_is_no_error(demo: Home) -> None:
    words = demo.command("query", "SELECT * FROM indicator.value", "--format", "csv")
    shown = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"{shlex.join(words)} | head -1"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert shown.stdout.startswith('"indicator"')
    assert shown.stderr == ""
