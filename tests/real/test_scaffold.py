"""Official files that no draft was made for: each is drafted, loads at once or says what is missing, and adds up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipelines import settings as settings_module
from pipelines.steps import scaffold
from schemas.errors import Refusal
from tests.real.home import RealFile


def _new(file: Path, folder: Path, country: str, name: str = "probe") -> dict[str, Any]:
    settings = settings_module.read({}).at(folder / "var")
    made = scaffold.new(settings, scaffold.Wanted(name, country, demo=True), file, folder / "drafts")
    return scaffold.as_dict(made)


@pytest.mark.parametrize(
    ("parts", "country", "record_type", "events"),
    [
        (("co-ponal-homicidios", "homicidios_2019.xlsx"), "COL", "person_role", 12_656),
        (("co-ponal-homicidios", "homicidios_2022.xls"), "COL", "person_role", 13_537),
        (("br-datasus-ibge", "suicide_count_08_18.csv"), "BRA", "incident", None),
        (("mx-inegi-penitenciario", "ppl_delitos_10-21.rds"), "MEX", "custody", None),
        (("mx-inegi-homicidios-2024", "homicidios_2024_clean.csv"), "MEX", "person_role", 32_065),
        (("mx-sesnsp-municipal-gto", "homicidios_gto_2020_2025_raw.csv"), "MEX", "incident", 22_581),
    ],
)
def test_a_draft_loads_at_once_and_adds_up(
    real: RealFile, tmp_path: Path, parts: tuple[str, str], country: str, record_type: str, events: int | None
) -> None:
    told = _new(real(*parts), tmp_path, country)
    assert told["loads"], told["stopped"]
    assert told["record_type"] == record_type
    assert told["check"]["records_to_quarantine"] <= 0.02 * told["check"]["records_made"]
    if events is not None:
        assert told["check"]["events"] == events


def test_the_national_row_among_the_states_is_left_out(real: RealFile, tmp_path: Path) -> None:
    told = _new(real("mx-sesnsp-estatal", "timeseries_victimas__rev2025-02-25.csv"), tmp_path, "MEX")
    # the file goes on behind the date of its name: as an edition it would send its last months to quarantine
    assert told["check"]["edition"] is None
    assert told["check"]["rows_left_out: total_row"] * 33 == told["rows"]


@pytest.mark.parametrize("year", (1990, 2000, 2011, 2015))
def test_subtotals_of_states_above_municipalities_are_told(real: RealFile, tmp_path: Path, year: int) -> None:
    """The files repeat each state above its municipalities: what is loaded as it stands would be twice the total."""
    told = _new(real("mx-inegi-homicidios-olap", f"{year}.csv"), tmp_path, "MEX")
    assert any("2 veces el total" in one["what"] for one in told["missing"]), year


@pytest.mark.parametrize(
    ("parts", "country", "missing"),
    [
        (("co-dane-defunciones-2019", "deaths_enriched.parquet"), "COL", {"occurrence_date"}),
        (("mx-conapo-poblacion", "poblacion.csv"), "MEX", {"producer", "vintage"}),
        (("co-dane-poblacion", "poblacion_2003_2017.xls"), "COL", {"producer", "vintage"}),
        (("us-ncvs-2021", "ncvs_2021_household.rda"), "USA", {"person_key"}),
    ],
)
def test_what_a_file_does_not_say_is_missing(
    real: RealFile, tmp_path: Path, parts: tuple[str, str], country: str, missing: set[str]
) -> None:
    told = _new(real(*parts), tmp_path, country)
    assert not told["loads"]
    assert missing <= {one["what"].partition(":")[0] for one in told["missing"]}
    lines = (tmp_path / "drafts" / "probe" / "source.yml").read_text("utf-8").splitlines()
    assert all(lines[one["line"] - 1].strip() for one in told["missing"])


def test_every_table_of_the_folder_is_drafted_or_refused_with_a_cure(real: RealFile, tmp_path: Path) -> None:
    """No file of any kind ends with a defect; those without a table are refused in our words."""
    root = real("mx-sesnsp-estatal", "code_ENTIDAD.csv").parents[1]
    drafted: list[str] = []
    refused: dict[str, str] = {}
    for folder in (
        "iccs",
        "mx-envipe-tabulados",
        "mx-ref-inegi-catalogos",
        "ref-iso3166",
        "mx-envipe-prevalencia",
    ):
        for file in sorted((root / folder).glob("*.*")):
            if file.suffix not in (".csv", ".xlsx", ".json"):
                continue
            try:
                _new(file, tmp_path, "MEX", f"probe_{len(drafted)}")
                drafted.append(file.name)
            except Refusal as refusal:
                assert refusal.how
                refused[file.name] = refusal.code
    assert len(drafted) > 20
    assert set(refused.values()) <= {"header_drift", "no_header", "no_records_path"}, refused
