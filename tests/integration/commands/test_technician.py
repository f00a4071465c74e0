"""What a technician does with a file that somebody sent: draft its source, check it, tell its provider."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from pipelines.cli import deliveries, pseudonymise, sources
from tests.integration.commands import files
from tests.integration.commands.files import POLICE, Samples, Table
from tests.integration.commands.home import Home, environment
from tests.unit.sources import strange_files as strange


@pytest.fixture
def good(samples: Samples) -> Table:
    return files.read(samples.police)


@pytest.fixture
def later(tmp_path: Path) -> Path:
    return tmp_path / files.police_name(files.LATER)


def test_a_file_never_seen_before_is_drafted_checked_and_loaded(tmp_path: Path) -> None:
    drafts = tmp_path / "drafts"
    home = Home.begun(tmp_path / "var", drafts)
    drafts.mkdir()
    file = strange.parquet_counts(tmp_path)
    done = home.run("source", "new", "mx_robos", file, "--country", "MEX", "--demo", "-o", drafts)
    assert "It loads" in done.stdout
    assert "source check mx_robos" in done.stdout.rpartition("Next: ")[2]
    (row,) = home.json("ingest", "mx_robos", file)
    assert (row["status"], row["loaded"], row["quarantined"]) == ("loaded", 2000, 0)
    assert home.value("SELECT sum(count) FROM core.incident") == sum(i % 9 for i in range(2000))
    again = home.run("source", "new", "mx_robos", file, "--country", "MEX", "-o", drafts, status=2)
    assert "exists already" in again.stderr


def test_a_draft_knows_the_areas_that_were_delivered(home: Home, samples: Samples, tmp_path: Path) -> None:
    told = home.json(
        "source", "new", "xaa_again", samples.police, "--country", "XAA", "--demo", "-o", tmp_path / "drafts"
    )
    assert told["record_type"] == "person_role"
    uses = {column["column"]: column["use"] for column in told["columns"]}
    assert [name for name, use in uses.items() if use != "open"]
    assert any(column["becomes"].startswith("occurrence_") for column in told["columns"])


def test_a_report_is_written_for_the_provider_in_its_language(
    home: Home, good: Table, later: Path, tmp_path: Path
) -> None:
    files.write(later, [*files.with_values(good[:2], "SEXO", "Varón"), *good[2:]])
    done = home.run("source", "check", POLICE, later, "--report", tmp_path / "out", "--language", "pt")
    names = sorted(path.suffix for path in (tmp_path / "out").iterdir())
    assert names == [".html", ".json", ".xlsx"]
    assert done.stderr.count("report for the provider") == 3
    said = json.loads(next((tmp_path / "out").glob("*.json")).read_text(encoding="utf-8"))
    assert (said["outcome"], said["language"]) == ("accepted_in_part", "pt")
    (problem,) = [p for p in said["problems"] if p["severity"] == "quarantine"]
    assert problem["id"] == f"{POLICE}:sex.unknown_code:SEXO"
    assert problem["positions"][0]["number"] == 2
    assert "«SEXO»" in problem["message"]


def test_a_file_that_is_refused_is_told_as_json_and_as_a_report(
    home: Home, good: Table, later: Path, tmp_path: Path
) -> None:
    files.write(later, [["GÉNERO" if cell == "SEXO" else cell for cell in good[0]], *good[1:]])
    page = tmp_path / "informe.html"
    done = home.run("source", "check", POLICE, later, "--json", "--report", page, status=1)
    stops = json.loads(done.stdout)["stops"]
    assert stops["code"] == "header_drift"
    assert "SEXO" in stops["what"]
    assert "siprev: the header differs" in done.stderr
    assert "Columnas que faltan" in page.read_text(encoding="utf-8")


def test_a_file_of_which_nothing_would_be_loaded_is_told_as_that(
    home: Home, good: Table, later: Path
) -> None:
    files.write(later, files.with_values(good, "SEXO", "Varón"))
    done = home.run("source", "check", POLICE, later, status=1)
    assert "every record of the file breaks a rule (sex.unknown_code): none would be loaded" in done.stderr
    assert "records_to_quarantine  400" in done.stdout
    refused = home.run("ingest", POLICE, later, status=1)
    assert "none was loaded, all are in quarantine" in refused.stderr
    number = home.value("SELECT max(delivery_id) FROM meta.delivery")
    assert f"siprev delivery show {number} lists the rules" in refused.stderr
    assert "sex.unknown_code" in home.run("delivery", "show", str(number)).stdout


def test_a_header_alone_is_advised_what_helps(tmp_path: Path) -> None:
    """--accept-drop is offered only where it would make a report of zero."""
    drafts = tmp_path / "drafts"
    drafts.mkdir()
    home = Home.begun(tmp_path / "var", drafts)
    file = strange.parquet_counts(tmp_path)
    home.run("source", "new", "mx_robos", file, "--country", "MEX", "--demo", "-o", drafts)
    declaration = drafts / "mx_robos" / "source.yml"
    declaration.write_text(
        declaration.read_text(encoding="utf-8").replace("format: parquet", "format: csv"), encoding="utf-8"
    )
    alone = tmp_path / "alone.csv"
    alone.write_text("fecha_hecho,cve_ent,tipo_de_delito,numero_de_casos\n", encoding="utf-8")
    for words in (["source", "check"], ["ingest"], ["ingest", "--accept-drop"]):
        done = home.run(*words, "mx_robos", alone, status=1)
        assert "--accept-drop" not in done.stderr
        assert "has a header and no row" in done.stderr or "were refused before" in done.stderr


def test_a_header_alone_that_can_be_a_report_of_zero_is_confirmed(
    home: Home, good: Table, later: Path
) -> None:
    files.write(later, good[:1])
    assert "--accept-drop" in home.run("source", "check", POLICE, later, status=1).stderr
    assert "--accept-drop" in home.run("ingest", POLICE, later, status=1).stderr
    assert home.json("ingest", "--accept-drop", POLICE, later)[0]["status"] == "loaded"


@pytest.mark.parametrize("words", ["delivery list", "source list", "query 'FROM core.person_role'", "--help"])
def test_a_reader_that_leaves_is_no_error_in_any_command(words: str, home: Home) -> None:
    typed = shlex.join(home.command(*shlex.split(words)))
    # the reader is gone before the first line comes
    done = subprocess.run(
        ["bash", "-c", f"{typed} | true; exit ${{PIPESTATUS[0]}}"],
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_an_error_stays_one_where_nobody_reads(home: Home) -> None:
    typed = shlex.join(home.command("source", "check", POLICE, "absent.csv"))
    done = subprocess.run(
        ["bash", "-c", f"{typed} | true; exit ${{PIPESTATUS[0]}}"],
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert done.returncode == 2
    assert "no such file" in done.stderr


@pytest.mark.parametrize(
    ("command", "argument"),
    [
        (sources.check_source, "file"),
        (sources.new_source, "file"),
        (deliveries.ingest, "files"),
        (pseudonymise.pseudonymise, "file"),
        (pseudonymise.pseudonymise, "key"),
    ],
)
def test_what_may_not_be_read_is_told_by_us_and_not_as_usage(
    command: Callable[..., None], argument: str
) -> None:
    """A path that exists and may not be read would be told as wrong usage, without where and how to mend."""
    _, declared = get_args(get_type_hints(command, include_extras=True)[argument])[:2]
    assert declared.readable is False


@pytest.mark.skipif(os.getuid() == 0, reason="the superuser may read every file")
def test_a_file_without_rights_is_told(home: Home, samples: Samples, later: Path) -> None:
    later.write_bytes(samples.police.read_bytes())
    later.chmod(0)
    for words in (["source", "check"], ["ingest"]):
        assert "the file may not be read" in home.run(*words, POLICE, later, status=2).stderr
