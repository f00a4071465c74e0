"""From a template to the warehouse: what a provider fills in is loaded by the source that was made with it."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from schemas import codelists
from schemas.templates.workbook import EDITION, FIRST, NAMES, PERIOD
from tests.integration.commands.home import Home

#: Four events as a person would enter them; the third has a code that is in no list.
EVENTS: tuple[dict[str, Any], ...] = (
    {"iccs": "0101 · Homicidio intencional", "occurrence_first_level": "09 · Ciudad de México"},
    {"iccs": "0101", "occurrence_first_level": "09", "occurrence_hour": 23},
    {"iccs": "homicidio", "occurrence_first_level": "11"},
    {"iccs": "0201", "occurrence_first_level": "01 · Aguascalientes", "count": 3},
)
COMMON: dict[str, Any] = {
    "counting_unit": "offence · Delito",
    "event_class": "offence · Delito",
    "occurrence_date": dt.date(2024, 2, 9),
}


def fill(path: Path, edition: dt.date = dt.date(2024, 4, 15), **changes: Any) -> None:
    """What a provider does: open the workbook, write, save."""
    book = openpyxl.load_workbook(path)
    table = book["incident"]
    table.cell(EDITION + 1, 4, edition)
    table.cell(PERIOD + 1, 4, dt.date(2024, 1, 1))
    table.cell(PERIOD + 1, 5, dt.date(2024, 3, 31))
    position = {str(c.value): c.column for c in table[NAMES + 1]}
    for row, event in enumerate(EVENTS, start=FIRST + 1):
        for name, value in {**COMMON, **event, **changes}.items():
            table.cell(row, position[name], value)
    book.save(path)


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Path]:
    """A home folder with a source made for a template, and the template."""
    folder = tmp_path_factory.mktemp("provider")
    home = Home(folder / "var", folder / "sources")
    (folder / "sources").mkdir()
    home.run(
        "source", "template", "incident", "--country", "MEX", "--no-identifiers", "-o", folder / "plantilla.xlsx",
        "--source", folder / "sources" / "mex_template", "--source-type", "police", "--owner", "Secretaría",
    )  # fmt: skip
    return home, folder / "plantilla.xlsx"


def test_a_filled_template_is_loaded(provider: tuple[Home, Path], tmp_path: Path) -> None:
    home, blank = provider
    first = Path(shutil.copy(blank, tmp_path / "primera.xlsx"))
    fill(first)
    checked = home.json("source", "check", "mex_template", first)
    assert (checked["records_good"], checked["records_to_quarantine"]) == (3, 1)
    (loaded,) = home.json("ingest", "mex_template", first)
    assert (loaded["status"], loaded["rows"], loaded["loaded"], loaded["quarantined"]) == ("loaded", 4, 3, 1)
    assert home.rows(
        """SELECT iccs::VARCHAR AS iccs, occurrence_first_level AS area, count, occurrence_country::VARCHAR AS country
        FROM core.incident ORDER BY row_number"""
    ) == [
        {"iccs": "0101", "area": "MEX-09", "count": 1, "country": "MEX"},
        {"iccs": "0101", "area": "MEX-09", "count": 1, "country": "MEX"},
        {"iccs": "0201", "area": "MEX-01", "count": 3, "country": "MEX"},
    ]
    # the corrected file with a later edition takes its place
    second = Path(shutil.copy(blank, tmp_path / "segunda.xlsx"))
    fill(second, dt.date(2024, 5, 15), iccs="0101")
    (corrected,) = home.json("ingest", "mex_template", second)
    assert corrected["loaded"] == 4
    assert home.value("SELECT sum(count) AS n FROM core.incident") == 6


def test_a_template_that_was_not_filled_in_says_what_is_lacking(provider: tuple[Home, Path]) -> None:
    home, blank = provider
    done = home.run("source", "check", "mex_template", blank, status=1)
    assert "does not say the edition" in done.stderr


def test_a_schema_goes_to_standard_output(provider: tuple[Home, Path]) -> None:
    home, _ = provider
    made = home.run("source", "template", "death", "--format", "json-schema", "--language", "pt")
    assert json.loads(made.stdout)["title"] == "Óbito"


def test_a_template_offers_the_areas_that_were_delivered(demo: Home, tmp_path: Path) -> None:
    path = tmp_path / "plantilla.xlsx"
    demo.run("source", "template", "incident", "--country", "XAA", "-o", path)
    book = openpyxl.load_workbook(path)
    entries = {str(c.value) for row in book["Listas"].iter_rows() for c in row}
    regions = demo.rows(
        "SELECT area_code, name_es FROM ref.area WHERE country = 'XAA' AND area_level = 'first_level'"
    )
    assert len(regions) == 5
    assert {f"{r['area_code'].removeprefix('XAA-')} · {r['name_es']}" for r in regions} <= entries
    assert "list_occurrence_municipality" in book.defined_names


def test_a_template_is_never_written_over_one_that_is_filled_in(
    provider: tuple[Home, Path], tmp_path: Path
) -> None:
    home, _ = provider
    path = tmp_path / "plantilla.xlsx"
    home.run("source", "template", "area", "-o", path)
    home.run("source", "template", "area", "-o", path)
    path.write_bytes(path.read_bytes() + b"changed")
    assert "filled in" in home.run("source", "template", "area", "-o", path, status=2).stderr


def test_the_register_of_agreements(provider: tuple[Home, Path]) -> None:
    home, _ = provider
    done = home.run("source", "list", "--agreements")
    assert "mex_template: incomplete" in done.stdout
    assert "Secretaría" in done.stdout
    assert "complete agreement in source.yml with the owner" in done.stderr
    rows = {
        row["source"]: row for row in json.loads(home.run("source", "list", "--agreements", "--json").stdout)
    }
    assert rows["mex_template"]["detail"] == "to be completed: legal_basis, recipients, licence, citation"
    assert rows["xaa_areas"]["state"] == "ok"
    assert home.json("doctor")[-1]["state"] == "warning"


def test_a_template_saved_by_libreoffice_is_loaded(provider: tuple[Home, Path], tmp_path: Path) -> None:
    home, blank = provider
    filled = Path(shutil.copy(blank, tmp_path / "llena.xlsx"))
    fill(filled)
    for ending in ("xlsx", "ods"):
        saved = by_libreoffice(filled, ending, tmp_path)
        checked = home.json("source", "check", "mex_template", saved)
        assert (checked["records_good"], checked["records_to_quarantine"]) == (3, 1)
        assert checked["edition"] == "2024-04-15"


def by_libreoffice(path: Path, ending: str, folder: Path) -> Path:
    """A workbook as LibreOffice saves it in another form, its formulas computed."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    words = [
        office,
        profile,
        "--headless",
        "--convert-to",
        ending,
        "--outdir",
        str(folder / ending),
        str(path),
    ]
    subprocess.run(words, check=True, capture_output=True, timeout=180)
    return folder / ending / f"{path.stem}.{ending}"


def test_a_long_list_shows_what_begins_with_what_is_typed(
    provider: tuple[Home, Path], tmp_path: Path
) -> None:
    """The formula of the drop-down, computed by LibreOffice for several beginnings."""
    _, blank = provider
    book = openpyxl.load_workbook(blank)
    validations = book["incident"].data_validations.dataValidation
    (formula,) = {v.formula1 for v in validations if v.formula1 and "INDEX(list_iccs" in v.formula1}
    cell = re.search(r"MATCH\(([A-Z]+7)&", formula)
    assert cell
    probe = book.create_sheet("probe", 0)
    codes = codelists.load("iccs").codes
    for row, typed in enumerate(("0201", "02", "", "9"), start=1):
        probe.cell(row, 1, typed).number_format = "@"
        probe.cell(row, 2, f"=ROWS({formula.replace(cell[1], f'A{row}')})")
    book.save(tmp_path / "probe.xlsx")
    shown = by_libreoffice(tmp_path / "probe.xlsx", "csv", tmp_path).read_text(encoding="utf-8").splitlines()
    found = dict(line.split(",") for line in shown)
    for typed in ("0201", "02", ""):
        assert int(found[typed]) == len([c for c in codes if c.startswith(typed)])
    assert found["9"] == "#N/A"
