"""Files whose rows are wrong: quarantine, slices that shrink, codes that nobody knows, values of every kind."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from pipelines import settings as settings_module
from pipelines.steps import reading
from sources.kit import discovery
from tests.integration.commands import files, state
from tests.integration.commands.files import POLICE, Samples, Table
from tests.integration.commands.home import Home

QUARANTINE = {"quarantine.record_row", "quarantine.unreadable_row"}
ACCOUNTS = {
    "meta.control_total",
    "meta.events_by_period",
    "meta.exclusion",
    "meta.rule_result",
    "meta.slice_note",
}
#: Values that have upset a parser somewhere.
NASTY = (
    "", " ", "NULL", "nan", "inf", "-inf", "1e400", "99999999999999999999999999", "9223372036854775808", "-0", "0x10",
    "1_000", "1,5", "²", "' OR 1=1 --", '"', '""', "\\", "\\N", "%s", "{}", "$$", "\t", "\x7f", "\xa0", "a\nb",
    "a\r\nb",
    "0000-00-00", "31/12/99999", "29/02/2021", "1/1/2022", "01/01/2022 00:00", "2022-01-01T00:00:00Z", "24:00", "-1:00",
    "23:59:59", "true", "=1+1", "x" * 70_000,
)  # fmt: skip


@pytest.fixture
def good(samples: Samples) -> Table:
    """Header and rows of the file that the seed has loaded."""
    return files.read(samples.police)


@pytest.fixture
def later(tmp_path: Path) -> Path:
    """Where a later edition is written."""
    return tmp_path / files.police_name(files.LATER)


def test_a_file_whose_every_row_is_bad_is_quarantined_whole_and_supersedes_nothing(
    home: Home, good: Table, later: Path
) -> None:
    before = state.tables(home, besides=state.RECORDS_REFUSALS | QUARANTINE | ACCOUNTS)
    files.write(later, files.with_values(good, "SEXO", "Varón"))
    done = home.run("ingest", POLICE, later, status=1)
    assert "every record of the file broke a rule" in done.stderr
    assert "  mend:  " in done.stderr
    assert state.tables(home, besides=state.RECORDS_REFUSALS | QUARANTINE | ACCOUNTS) == before
    (row,) = home.rows("SELECT * FROM meta.delivery ORDER BY delivery_id DESC LIMIT 1")
    assert (row["status"], row["refusal_code"]) == ("refused", "all_bad")
    assert (row["records_made"], row["records_loaded"], row["records_quarantined"]) == (400, 0, 400)
    rules = home.rows(f"SELECT DISTINCT rules FROM quarantine.record WHERE source_id = '{POLICE}'")
    assert rules == [{"rules": ["sex.unknown_code"]}]
    assert home.value("SELECT count(*) FROM core.person_role") == files.ROWS


def test_a_slice_that_shrinks_stops_the_load_until_a_person_confirms(
    home: Home, good: Table, later: Path
) -> None:
    before = state.before_and_after(home)
    files.write(later, good[:101])
    was, is_now = (sum(row[1].endswith("/01/2022") for row in good[1:n]) for n in (None, 101))
    done = home.run("ingest", POLICE, later, status=1)
    assert "lose more than 20% of their events" in done.stderr
    assert f"2022-01-01: {was}.00 -> {is_now}.00" in done.stderr
    assert "repeat with --accept-drop" in done.stderr
    assert state.before_and_after(home) == before
    assert home.value("SELECT refusal_code FROM meta.delivery WHERE status = 'refused'") == "slice_shrank"

    home.run("ingest", "--accept-drop", POLICE, later)
    assert home.value("SELECT count(*) FROM core.person_role") == 100
    noted = home.rows("SELECT note, period, before, after FROM meta.slice_note ORDER BY period")
    assert {row["note"] for row in noted} == {"shrunk_accepted"}
    assert (str(noted[0]["period"]), noted[0]["before"], noted[0]["after"]) == ("2022-01-01", was, is_now)
    assert home.value("SELECT count(*) FROM core.person_role_history") == files.ROWS + 100


def test_a_slice_may_shrink_within_its_tolerance(home: Home, good: Table, later: Path) -> None:
    files.write(later, good[:-20])
    home.run("ingest", POLICE, later)
    assert home.value("SELECT count(*) FROM core.person_role") == files.ROWS - 20


def test_unknown_codes_quarantine_their_rows_and_are_listed_by_frequency(
    home: Home, good: Table, later: Path
) -> None:
    table = files.with_values(good, "MEDIO", "VENENO", slice(0, 7))
    table = files.with_values(table, "MEDIO", "ÁCIDO", slice(7, 10))
    table = files.with_values(table, "LUGAR", "LUNA", slice(9, 14))
    home.run("ingest", POLICE, files.write(later, table))
    assert home.value("SELECT count(*) FROM core.person_role") == files.ROWS - 14
    assert home.value("SELECT count(*) FROM quarantine.record WHERE source_id = 'xaa_police_victims'") == 14

    codes = home.json("quarantine", "list", "--codes", "--source", POLICE)
    assert [(row["field"], row["value"], row["records"]) for row in codes] == [
        ("mechanism", "VENENO", 7),
        ("place_type", "LUNA", 5),
        ("mechanism", "ÁCIDO", 3),
    ]
    rules = {row["rule"]: row for row in home.json("quarantine", "list", "--source", POLICE)}
    assert {rule: row["records"] for rule, row in rules.items()} == {
        "mechanism.unknown_code": 10,
        "place_type.unknown_code": 5,
    }
    assert rules["mechanism.unknown_code"]["first_rows"] == [1, 2, 3]
    assert all(row["message"] and row["mend"] for row in rules.values())


def test_unknown_codes_are_counted_also_where_their_columns_cannot_be_told(
    home: Home, good: Table, later: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.run("ingest", POLICE, files.write(later, files.with_values(good, "MEDIO", "VENENO", slice(0, 7))))
    settings = settings_module.read({"SIPREV_HOME": str(home.path)})
    for here, told in ((POLICE, "no column: the declaration has changed"), ("other", "give --sources")):
        monkeypatch.setattr(discovery, "folders", lambda _, known=here: {known: home.path})
        monkeypatch.setattr(reading, "_columns", lambda *_: {})
        (row,) = reading.unknown_codes(settings, POLICE)
        assert (row["field"], row["records"]) == ("mechanism", 7)
        assert row["columns"].startswith(told)


def test_a_dry_run_says_the_same_and_loads_nothing(home: Home, good: Table, later: Path) -> None:
    before = state.tables(home)
    files.write(later, files.with_values(good, "MEDIO", "VENENO", slice(0, 7)))
    told = home.json("source", "check", POLICE, later)
    assert (told["records_good"], told["records_to_quarantine"]) == (files.ROWS - 7, 7)
    assert [(row["field"], row["source_code"], row["records"]) for row in told["unknown"]] == [
        ("mechanism", "VENENO", 7)
    ]
    assert state.tables(home) == before
    assert not [path for path in (home.path / "landing" / POLICE).iterdir() if path.name.startswith(".")]
    later.write_bytes(later.read_bytes()[:-60])
    done = home.run("source", "check", POLICE, later, status=1)
    assert "last line is cut" in done.stderr


def test_no_value_of_any_column_stops_a_load(home: Home, good: Table, later: Path) -> None:
    """Every value is loaded, quarantined or excluded, and none ends in a traceback or a lost row."""
    header, *rows = good
    spoilt: Table = []
    for place in range(len(header)):
        for value in NASTY:
            row = list(rows[len(spoilt) % len(rows)])
            row[0] = f"N{len(spoilt):06d}"
            row[place] = value
            spoilt.append(row)
    files.write(later, [header, *rows, *spoilt])
    home.run("ingest", POLICE, later)
    (account,) = home.rows("SELECT * FROM meta.delivery ORDER BY delivery_id DESC LIMIT 1")
    assert account["status"] == "loaded"
    assert account["rows_delivered"] == account["rows_mapped"] == files.ROWS + len(spoilt)
    assert (
        account["records_made"]
        == account["records_loaded"] + account["records_quarantined"] + account["records_excluded"]
    )
    unreadable = home.value(
        "SELECT count(*) FROM core.person_role"
        " WHERE occurrence_date NOT BETWEEN DATE '2022-01-01' AND DATE '2022-12-31'"
        " OR occurrence_hour > 23 OR age_years NOT BETWEEN 0 AND 110"
    )
    assert unreadable == 0
    home.run("quarantine", "list", "--codes")
    written = home.run(
        "query", "SELECT * FROM core.person_role ORDER BY row_number", "--format", "csv"
    ).stdout
    assert len(list(csv.reader(io.StringIO(written)))) == account["records_loaded"] + 1


def test_a_letter_of_windows_is_named_as_what_it_is(home: Home, good: Table, later: Path) -> None:
    """Quotes and dashes that Excel writes are in Windows-1252 and not in Latin-1."""
    files.write(later, files.with_values(good, "MUNICIPIO", "Puerto \x93Ámbar\x94", slice(0, 1)))
    done = home.run("ingest", POLICE, later, status=1)
    assert "it has the sign “ of cp1252 (Windows)" in done.stderr
    assert f"{later.name}, byte {later.read_bytes().index(0x93)}" in done.stderr
    assert "declare encoding: cp1252" in done.stderr
    assert home.value("SELECT refusal_code FROM meta.delivery WHERE status = 'refused'") == "wrong_encoding"
