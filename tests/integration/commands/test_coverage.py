"""``siprev coverage`` and ``siprev status``: what is owed and what came of it, on a day that the settings name."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.integration.commands import files
from tests.integration.commands.files import POLICE, Samples
from tests.integration.commands.home import Home

ON = "2024-03-15"


def on(day: str) -> dict[str, str]:
    return {"SIPREV_TODAY": day}


def months(home: Home, day: str, *arguments: str) -> dict[str, dict[str, str]]:
    told = json.loads(home.run("coverage", *arguments, "--json", extra=on(day)).stdout)
    assert told["today"] == day
    found: dict[str, dict[str, str]] = told["months"]
    return found


def test_what_is_due_depends_on_the_day_alone(home: Home) -> None:
    """Of 2022 everything came; 2023 is due on 29 February 2024, and 2021 never came though 2022 did."""
    early = months(home, "2024-02-29", "--source", POLICE)["XAA-01"]
    assert {early[f"2022-{m:02}"] for m in range(1, 13)} <= {"received", "zero declared"}
    assert {early[f"2023-{m:02}"] for m in range(1, 13)} == {"awaited"}
    late = months(home, "2024-03-01", "--source", POLICE)["XAA-01"]
    assert {late[f"2023-{m:02}"] for m in range(1, 13)} == {"late"}
    assert {late[f"2021-{m:02}"] for m in range(1, 13)} == {"missing"}


def test_the_grid_fits_in_eighty_columns_and_has_a_legend(home: Home) -> None:
    for arguments in (
        ("coverage",),
        ("coverage", "--source", POLICE),
        ("coverage", "--source", "xaa_population"),
    ):
        lines = home.run(*arguments, extra=on(ON)).stdout.splitlines()
        start = next(i for i, line in enumerate(lines) if line.startswith("Months, one letter"))
        assert max(map(len, lines[start:])) <= 80
        assert lines[-1].startswith("R=received")
    police = next(
        line
        for line in home.run("coverage", extra=on(ON)).stdout.splitlines()
        if line.endswith("LLLLLLLLLLLL")
    )
    assert police.split() == [POLICE, "RRRRRRRRRRRR", "LLLLLLLLLLLL"]
    alone = home.run("coverage", "--source", "xaa_population", extra=on(ON)).stdout
    assert "owes a report each year from 2020-01-01 to 2024-12-31, 180 days after its end" in alone


def test_a_period_is_a_year_or_a_month(home: Home) -> None:
    year = months(home, ON, "--period", "2022")
    assert set(year[POLICE]) == {f"2022-{m:02}" for m in range(1, 13)}
    month = months(home, ON, "--period", "2022-05")
    assert set(month[POLICE]) == {"2022-05"}
    for wrong in ("22", "2022-13", "May"):
        done = home.run("coverage", "--period", wrong, status=2, extra=on(ON))
        assert "a year (2024) or a month (2024-03)" in done.stderr
    assert "unknown source" in home.run("coverage", "--source", "nobody", status=2).stderr


def test_status_shows_it_at_a_glance(home: Home) -> None:
    told = home.run("status", extra=on(ON)).stdout
    assert "Reports by month, one letter each" in told
    assert f"{POLICE} RRRRRRRRRRRR LLLLLLLLLLLL" in told
    shown = json.loads(home.run("status", "--json", extra=on(ON)).stdout)
    (police,) = [row for row in shown["sources"] if row["source"] == POLICE]
    assert {k: police[k] for k in ("owed", "received", "late", "missing")} == {
        "owed": 180,
        "received": 60,
        "late": 60,
        "missing": 60,
    }
    (of_2023,) = [
        row
        for row in json.loads(home.run("status", "2023", "--json", extra=on(ON)).stdout)["sources"]
        if row["source"] == POLICE
    ]
    assert (of_2023["owed"], of_2023["late"]) == (60, 60)


def test_a_source_that_never_delivered_is_late_too(
    new_home: Callable[[str], Home], samples: Samples, tmp_path: Path
) -> None:
    own = files.outside(tmp_path, demo=True)
    bare = new_home("var")
    home = Home(bare.path, own)
    home.put("xaa_areas", samples.areas)
    home.run("run")
    found = months(home, "2024-03-01")["own_police"]
    assert {found[f"2023-{m:02}"] for m in range(1, 13)} == {"late"}
    before = home.batches()
    home.run("run")
    assert home.batches() == before, "an unchanged declaration is no work"
    declaration = own / "own_police" / "source.yml"
    text = declaration.read_text(encoding="utf-8")
    declaration.write_text(text.replace("until: 2023}", "until: 2022}"), encoding="utf-8")
    home.run("run")
    assert home.batches() == before + 1
    assert "2023-01" not in months(home, "2024-03-01")["own_police"]
    # as of the batch before it owed 2023
    query = "SELECT count(*) AS n FROM meta.report_status_on(DATE '2024-03-01') WHERE year(month) = 2023"
    assert home.json("query", query) == [{"n": 0}]
    assert home.json("query", query, "--as-of", str(before)) == [{"n": 60}]


@pytest.mark.parametrize("day", ["2024-02-30", "yesterday"])
def test_a_day_that_is_none_is_told(home: Home, day: str) -> None:
    assert "SIPREV_TODAY is no day" in home.run("coverage", status=2, extra=on(day)).stderr


def test_indicators_do_not_depend_on_the_day(home: Home) -> None:
    values = "SELECT count(*), sum(hash(obs_value, comment)) FROM indicator.value"
    before = home.rows(values)
    home.run("indicators", "compute", extra=on(date(2050, 1, 1).isoformat()))
    assert home.rows(values) == before
