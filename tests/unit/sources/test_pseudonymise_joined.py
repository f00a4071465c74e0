"""The provider's program for deliveries of several tables: their files still find each other, or it is not written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from schemas.errors import Misuse
from sources.kit.discovery import Source
from sources.kit.pseudonymise import assemble
from tests.unit.sources import desk
from tests.unit.sources.test_pseudonymise import expected, program_of, read, run, write


def joined(folder: Path, victims: dict[str, str], incidents: dict[str, str], **more: Any) -> Source:
    """Victims with their incidents, whose numbers are of these kinds."""
    columns = {"open": ["place"], "identifier": incidents, "restricted": ["address"]}
    incident = {"name": "incident", "file": {"format": "csv", "member": "incidents*"}, "columns": columns}
    lead = {"open": ["day", "city"], "identifier": victims, "restricted": ["name"]}
    layout = desk.layout(
        file={"format": "csv", "member": "victims*"},
        columns=lead,
        join=[{**incident, "keys": {"case": "number"}, **more}],
        map={**desk.MAP, "case_hmac": {"hmac": "incident.police", "unknown": ["en trámite"]}},
    )
    return desk.source(folder, layout)


def test_the_files_of_a_joined_delivery_still_find_each_other(tmp_path: Path) -> None:
    kinds = {"number": "folio", "police": "document"}
    path = program_of(tmp_path, joined(tmp_path, {"case": "folio", "curp": "curp"}, kinds))
    run(path, "--new-key")
    key = tmp_path / "siprev_provider.key"
    curp = "BOXW310820HNERXN09"
    victims = [["case", "day", "city", "name", "curp"], ["FGJ/0012", "2024-01-01", "León", "Ana", curp]]
    incidents = [
        ["number", "place", "police", "address"],
        ["fgj 12", "street", "AB-7", "Calle 5"],
        ["FGJ/13", "home", "en trámite", "Calle 6"],
    ]
    write(tmp_path / "victims.csv", victims)
    write(tmp_path / "incidents.csv", incidents)
    run(path, "victims.csv")
    run(path, "incidents.csv")
    case = expected(key, "folio", "FGJ-12")
    made = read(tmp_path / "victims.pseudonyms.csv")
    assert made[1] == [case, "2024-01-01", "León", expected(key, "curp", curp)]
    assert read(tmp_path / "incidents.pseudonyms.csv") == [
        ["number", "place", "police"],
        [case, "street", expected(key, "document", "AB7")],
        [expected(key, "folio", "FGJ-13"), "home", ""],
    ]
    report = json.loads((tmp_path / "incidents.pseudonyms.csv.report.json").read_text(encoding="utf-8"))
    assert report["layout"] == "plain.incident"
    assert report["identifiers"]["police"]["unknown"] == 1
    assert report["columns_dropped"] == ["address"]
    # what lacks least is what was meant
    write(tmp_path / "bad.csv", [row[:-1] for row in incidents])
    assert "Faltan: address" in run(path, "bad.csv", status=1)


@pytest.mark.parametrize("number", ["free", None])
def test_tables_that_would_fall_apart_are_told(tmp_path: Path, number: str | None) -> None:
    columns = {"open": ["place", *(() if number else ("number",))], "identifier": {"police": "document"}}
    columns["identifier"] |= {"number": number} if number else {}  # type: ignore[operator]
    source = joined(tmp_path, {"case": "folio"}, {}, columns=columns)
    with pytest.raises(Misuse) as misuse:
        assemble.assemble(source, "es")
    assert misuse.value.code == "joined_by_two_kinds"
    assert f"incident.number ({number or 'open'})" in misuse.value.what


def test_tables_that_cannot_be_told_apart_are_told(tmp_path: Path) -> None:
    columns = {
        "open": ["day", "city", "police", "number"],
        "identifier": {"case": "folio"},
        "restricted": ["name"],
    }
    layout = desk.layout(
        file={"format": "csv", "member": "victims*"},
        columns=columns,
        join=[
            {
                "name": "incident",
                "file": {"format": "csv", "member": "incidents*"},
                "columns": {**columns, "open": [*columns["open"], "name"], "restricted": []},
                "keys": ["case"],
            }
        ],
        map=desk.MAP,
    )
    with pytest.raises(Misuse) as misuse:
        assemble.assemble(desk.source(tmp_path, layout), "es")
    assert misuse.value.code == "tables_alike"


def test_a_joined_table_that_is_no_csv_has_no_program(tmp_path: Path) -> None:
    kinds = {"number": "folio", "police": "document"}
    book = joined(tmp_path, {"case": "folio"}, kinds, file={"format": "workbook", "member": "incidents*"})
    with pytest.raises(Misuse) as misuse:
        assemble.assemble(book, "es")
    assert misuse.value.code == "not_csv"
    assert "joined tables too" in misuse.value.what
