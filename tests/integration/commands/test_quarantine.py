"""``siprev quarantine``: listed, given back in the provider's own columns, judged anew with the account right."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from pipelines import settings as settings_module
from pipelines.steps import landed, recovery
from tests.integration.commands import files
from tests.integration.commands.files import Samples, Table
from tests.integration.commands.home import Home

OWN = "own_police"
ACCOUNT = """
    SELECT rows_delivered = rows_unreadable + rows_excluded + rows_mapped
        AND records_made = records_loaded + records_quarantined + records_excluded
        AND events_made = events_loaded + events_quarantined + events_excluded AS adds_up
    FROM meta.delivery WHERE status = 'loaded' OR refusal_code = 'all_bad'
"""
FACTS = "SELECT count(*) FROM core.person_role WHERE source_id = 'own_police'"


@pytest.fixture
def home(seed: Home, tmp_path: Path) -> Home:
    """Areas and population, and a source of one's own without deliveries."""
    return Home(seed.copy(tmp_path / "var").path, files.outside(tmp_path, demo=True))


def declaration(home: Home) -> Path:
    assert home.sources
    return home.sources / OWN / "source.yml"


def table_of(home: Home) -> Path:
    return declaration(home).with_name("offences.csv")


@pytest.fixture
def spoilt(samples: Samples) -> Table:
    """Three rows of an offence that is in no table, and two persons who are too old."""
    good = files.read(samples.police)
    named = files.with_values(good, "DELITO", "ROBO DE CABLES", slice(0, 3))
    return files.with_values(named, "EDAD", "150", slice(10, 12))


def sent(folder: Path, table: Table, edition: object = files.FIRST) -> Path:
    return files.write(folder / "sent" / files.police_name(edition), table)  # type: ignore[arg-type]


def name_the_offence(home: Home) -> None:
    """The table gets a row for the offence, attempted or not, like that of another one."""
    text = table_of(home).read_text(encoding="utf-8").splitlines()
    known = next(line for line in text[1:] if "ROBO" in line)
    old = known.split(",")[0]
    new = {line.replace(old, "ROBO DE CABLES", 1) for line in text[1:] if line.startswith(f"{old},")}
    table_of(home).write_text("\n".join([*text, *sorted(new)]) + "\n", encoding="utf-8")


def test_a_new_code_is_retried_and_the_account_adds_up_at_every_step(
    home: Home, spoilt: Table, tmp_path: Path
) -> None:
    (first,) = home.json("ingest", OWN, sent(tmp_path, spoilt))
    assert first["quarantined"] == 5
    before, loaded = home.batches(), home.value(FACTS)
    (same,) = home.json("quarantine", "retry", "--source", OWN)
    assert (same["status"], same["waited"], home.batches()) == ("unchanged", 5, before)
    name_the_offence(home)
    (row,) = home.json("quarantine", "retry", "--source", OWN)
    assert (row["status"], row["waited"], row["quarantined"]) == ("retried", 5, 2)
    assert row["loaded"] == first["loaded"] + 3
    assert home.batches() == before + 1
    assert home.value(FACTS) == loaded + 3
    assert {r["adds_up"] for r in home.rows(ACCOUNT)} == {True}
    # history is kept: as of the batch before, what was in quarantine is
    count = "SELECT count(*) AS n FROM quarantine.current WHERE source_id = 'own_police'"
    assert home.json("query", count) == [{"n": 2}]
    assert home.json("query", count, "--as-of", str(before)) == [{"n": 5}]
    states = {r["ticket"]: r["state"] for r in home.json("quarantine", "list", "--tickets", "--source", OWN)}
    assert states[f"{first['delivery']}:iccs.unknown_code"] == "mended"
    assert states[f"{first['delivery']}:age_years.range"] == "again"
    assert states[f"{row['new_delivery']}:age_years.range"] == "open"
    # the provider delivered once
    delivered = "SELECT retries FROM meta.delivery WHERE source_id = 'own_police' ORDER BY delivery_id"
    assert [r["retries"] for r in home.rows(delivered)] == [None, first["delivery"]]
    # the same bytes again change nothing
    (again,) = home.json("ingest", OWN, sent(tmp_path, spoilt))
    assert (again["status"], again["delivery"]) == ("repeated", row["new_delivery"])


def test_what_came_later_stays(home: Home, spoilt: Table, samples: Samples, tmp_path: Path) -> None:
    (first,) = home.json("ingest", OWN, sent(tmp_path, spoilt))
    later = files.read(samples.police)[:-20]
    home.json("ingest", OWN, sent(tmp_path, later, files.LATER))
    loaded = home.value(FACTS)
    name_the_offence(home)
    assert home.json("quarantine", "retry", "--source", OWN) == []
    done = home.run("quarantine", "retry", "--delivery", str(first["delivery"]), status=2)
    assert "no record of delivery" in done.stderr
    assert home.value(FACTS) == loaded


def test_a_file_of_which_all_was_bad_can_be_retried(home: Home, samples: Samples, tmp_path: Path) -> None:
    all_bad = files.with_values(files.read(samples.police), "DELITO", "ROBO DE CABLES")
    home.run("ingest", OWN, sent(tmp_path, all_bad), status=1)
    assert home.value(FACTS) == 0
    name_the_offence(home)
    (row,) = home.json("quarantine", "retry", "--source", OWN)
    assert (row["status"], row["loaded"], row["quarantined"]) == ("retried", files.ROWS, 0)
    assert home.value(FACTS) == files.ROWS
    assert {r["adds_up"] for r in home.rows(ACCOUNT)} == {True}


def test_sealed_bytes_are_opened_to_be_judged_anew(seed: Home, spoilt: Table, tmp_path: Path) -> None:
    """What is landed sealed is read again with the key, and what is hashed gives the same hashes."""
    home = Home(seed.copy(tmp_path / "var").path, files.outside(tmp_path, demo=False))
    key = {"SIPREV_MASTER_KEY": "1f" * 32}
    home.run("ingest", OWN, sent(tmp_path, spoilt), extra=key)
    hashes = "SELECT count(DISTINCT record_key) FROM core.person_role WHERE source_id = 'own_police'"
    keys = home.value(hashes)
    name_the_offence(home)
    done = home.run("quarantine", "retry", "--source", OWN, status=1)
    assert "master key" in done.stderr
    assert home.value(hashes) == keys
    home.run("quarantine", "retry", "--source", OWN, extra=key)
    assert home.value(hashes) == keys + 3
    assert {r["adds_up"] for r in home.rows(ACCOUNT)} == {True}


def test_another_severity_decides_anew(home: Home, spoilt: Table, tmp_path: Path) -> None:
    """Without reading: what it would change. With a retry: it is so."""
    (first,) = home.json("ingest", OWN, sent(tmp_path, spoilt))
    text = declaration(home).read_text(encoding="utf-8")
    declaration(home).write_text(
        text.replace("layouts:", "rules:\n  age_years.range: {severity: warn, tolerates: 0.5}\nlayouts:", 1),
        encoding="utf-8",
    )
    # the bytes are known; what the declaration says now is told to the warehouse all the same
    (again,) = home.json("ingest", OWN, sent(tmp_path, spoilt))
    assert again["status"] == "repeated"
    state = (
        "SELECT state, retry FROM meta.rule_state WHERE rule_code = 'age_years.range' AND delivery_id = {}"
    )
    assert home.rows(state.format(first["delivery"])) == [{"state": "tolerated", "retry": True}]
    (row,) = home.json("quarantine", "retry", "--source", OWN)
    assert (row["loaded"], row["quarantined"]) == (first["loaded"] + 2, 3)
    assert home.rows(state.format(row["new_delivery"])) == [{"state": "tolerated", "retry": False}]
    ages = "SELECT count(*) FROM core.person_role WHERE source_id = 'own_police' AND age_years = 150"
    assert home.value(ages) == 2


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("age_years.rnage: {severity: warn}", "has no rule 'age_years.rnage'"),
        ("sex.unknown_code: {severity: warn}", "stays as it is"),
        ("age_years.range: {}", "nothing is said"),
    ],
)
def test_what_cannot_be_applied_is_told_with_its_line(home: Home, rule: str, says: str) -> None:
    text = declaration(home).read_text(encoding="utf-8")
    declaration(home).write_text(text.replace("layouts:", f"rules:\n  {rule}\nlayouts:", 1), encoding="utf-8")
    done = home.run("source", "show", OWN, status=2)
    assert says in done.stderr
    assert "source.yml:" in done.stderr


def test_records_are_given_back_in_the_providers_columns_without_what_is_personal(
    home: Home, spoilt: Table, tmp_path: Path
) -> None:
    risky = files.with_values(spoilt, "DELITO", "=1+1", slice(0, 1))
    (first,) = home.json("ingest", OWN, sent(tmp_path, risky))
    told = home.json("quarantine", "export", OWN, "-o", tmp_path / "back", "--language", "es")
    made = [Path(row["file"]) for row in told]
    assert [p.name for p in made] == [f"{OWN}__{first['delivery']}__cuarentena{e}" for e in (".csv", ".xlsx")]
    assert {row["records"] for row in told} == {5}
    with made[0].open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert [row["registro"] for row in rows] == ["1", "2", "3", "11", "12"]
    assert [row["DELITO"] for row in rows[:3]] == ["'=1+1", "ROBO DE CABLES", "ROBO DE CABLES"]
    assert all("«DELITO»" in row["Problema"] or "«EDAD»" in row["Problema"] for row in rows)
    header, *records = risky
    hidden = [header.index(name) for name in ("FOLIO", "CURP", "NARRACION", "DIRECCION") if name in header]
    assert len(hidden) >= 2
    text = made[0].read_text(encoding="utf-8")
    secrets = {record[i] for record in records for i in hidden if len(record[i]) > 5}
    assert secrets
    assert not [value for value in secrets if value in text]
    sheet = openpyxl.load_workbook(made[1]).active
    cells = [["" if c is None else str(c) for c in row] for row in sheet.iter_rows(values_only=True)]
    assert cells == [list(rows[0]), *[list(row.values()) for row in rows]]
    assert {p.stat().st_mode & 0o077 for p in made} == {0}
    done = home.run("quarantine", "export", OWN, "--delivery", "1", status=2)
    assert "nothing of delivery 1 of own_police waits" in done.stderr


def test_lists(home: Home, spoilt: Table, tmp_path: Path) -> None:
    home.json("ingest", OWN, sent(tmp_path, spoilt))
    by_rule = home.json("quarantine", "list", "--source", OWN, "--by", "rule")
    assert {r["rule"]: (r["records"], r["share"]) for r in by_rule} == {
        "iccs.unknown_code": (3, 0.0075),
        "age_years.range": (2, 0.005),
    }
    providers = home.json("quarantine", "list", "--by", "provider")
    assert [r["records"] for r in providers if r["provider"].startswith("Policía")] == [5]
    card = home.json("quarantine", "list", "--scorecard")
    (police,) = [row for row in card if row["quarantined"] == 5]
    assert (police["tickets"], police["mended"], police["again"]) == (police["open"], 0, 0)
    waiting = [t for t in home.json("quarantine", "list", "--tickets", "--source", OWN) if t["waiting"]]
    assert sorted(t["waiting"] for t in waiting if t["kind"] == "quarantine") == [2, 3]
    both = home.run("quarantine", "list", "--tickets", "--codes", status=2)
    assert "different lists" in both.stderr


def test_a_snapshot_of_an_earlier_version_says_so_and_is_made_anew(home: Home) -> None:
    """What an earlier version wrote has neither the views nor the fingerprint of this one."""
    import duckdb

    with duckdb.connect(home.snapshot) as connection:
        connection.execute("DROP VIEW meta.ticket")
        connection.execute("UPDATE meta.fingerprint SET sha256 = 'earlier' WHERE name = 'structure'")
    told = home.run("quarantine", "list", "--tickets", status=2).stderr
    assert "earlier version" in told
    home.run("run")
    home.run("quarantine", "list", "--tickets")


def test_bytes_that_were_judged_twice_are_removed_for_both_deliveries(
    home: Home, spoilt: Table, tmp_path: Path
) -> None:
    home.run("ingest", OWN, sent(tmp_path, spoilt))
    name_the_offence(home)
    home.run("quarantine", "retry", "--source", OWN)
    assert home.sources
    settings = settings_module.read({"SIPREV_HOME": str(home.path), "SIPREV_ACTOR": "keeper"})
    settings = settings.at(None, [home.sources])
    recovery.prune(settings, keep_snapshots=1, past_retention=True, today=date(2200, 1, 1))
    assert home.value(f"SELECT count(*) FROM meta.removal WHERE source_id = '{OWN}'") == 2
    assert landed.lost(settings, thorough=True) == []
