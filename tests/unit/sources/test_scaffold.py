"""A draft of a source out of a file: it loads or says what is missing, and shows nothing that leads to a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from pipelines import settings as settings_module
from pipelines.steps import scaffold
from pipelines.steps.scaffold import Made, Wanted
from schemas.errors import Misuse, Refusal
from sources.kit import discovery, editing
from sources.kit.specification import TO_COMPLETE
from tests.unit.sources import strange_files as strange


def _new(tmp_path: Path, file: Path, country: str, name: str = "probe_source", **said: Any) -> Made:
    settings = settings_module.read({}).at(tmp_path / "home")
    return scaffold.new(settings, Wanted(name, country, demo=True, **said), file, tmp_path / "drafts")


def _columns(made: Made) -> dict[str, str]:
    return {row["column"]: row["use"] for row in scaffold.columns(made)}


def _becomes(made: Made) -> dict[str, str]:
    return {row["column"]: row["becomes"] for row in scaffold.columns(made)}


def _map(made: Made) -> Any:
    return yaml.safe_load((made.folder / "source.yml").read_text("utf-8"))["layouts"][0]["map"]


def test_victims_in_portuguese_load_and_identifiers_are_declared(tmp_path: Path) -> None:
    made = _new(tmp_path, strange.portuguese_victims(tmp_path), "BRA")
    assert made.stopped is None
    assert made.checked
    assert made.checked.summary["records_good"] == 240
    assert made.scaffold.draft.kind.name == "person_role"
    assert made.scaffold.draft.seen.found.words == {
        "format": "csv",
        "encoding": "latin-1",
        "delimiter": "semicolon",
    }
    uses = _columns(made)
    assert {
        name: uses[name] for name in ("Nº BO", "CPF", "Nome da Vítima", "E-mail", "Celular", "Logradouro")
    } == {
        "Nº BO": "identifier (folio)",
        "CPF": "identifier (cpf_br)",
        "Nome da Vítima": "restricted",
        "E-mail": "restricted",
        "Celular": "restricted",
        "Logradouro": "restricted",
    }
    assert uses["Histórico"] == uses["Latitude"] == "restricted"
    assert _becomes(made)["CPF"] == "person_hmac"
    mapped = _map(made)
    assert mapped["occurrence_date"]["formats"] == ["%d/%m/%Y"]
    assert mapped["latitude"] == {"parse": "decimal", "from": "Latitude", "decimal": ","}
    assert mapped["mechanism"]["unknown"] == ["Não informado"]
    assert "por confirmar" not in (made.folder / "source.yml").read_text("utf-8")


@pytest.mark.parametrize("make", strange.ALL)
def test_nothing_that_leads_to_a_person_is_written_or_told(
    make: Callable[[Path], Path], tmp_path: Path
) -> None:
    try:
        made = _new(tmp_path, make(tmp_path), "BRA" if make is strange.portuguese_victims else "MEX")
    except (Refusal, Misuse) as told:
        text = told.text()
    else:
        text = "".join(path.read_text("utf-8") for path in made.folder.iterdir()) + str(
            scaffold.as_dict(made)
        )
    assert [value for value in strange.PERSONAL if value.casefold() in text.casefold()] == []


def test_counts_in_english_wait_for_the_codes_of_areas_that_nobody_holds(tmp_path: Path) -> None:
    file = strange.english_counts(tmp_path)
    made = _new(tmp_path, file, "JAM")
    assert made.checked is None
    (missing,) = made.scaffold.missing
    line = (made.folder / "source.yml").read_text("utf-8").splitlines()[missing.line - 1]
    assert line.lstrip().startswith("occurrence_first_level:")
    assert "JAM-01" in missing.what
    table = made.folder / "occurrence_first_level.csv"
    lines = table.read_text("utf-8").splitlines()
    assert lines[0] == "Parish,code,status,note"
    table.write_text(
        "\n".join(
            [lines[0], *(line.replace(",,", f",JAM-{n:02},", 1) for n, line in enumerate(lines[1:], 1))]
        )
        + "\n"
    )
    source = discovery.read(made.folder)
    assert source.specification.record_type == "incident"
    counted = _again(tmp_path, file)
    expected = sum(900 + 37 * i + 11 * j + 101 * k for i in range(6) for j in range(6) for k in range(5))
    assert (counted["events"], counted["records_to_quarantine"]) == (expected, 0)


def _again(tmp_path: Path, file: Path) -> dict[str, Any]:
    from pipelines.steps import check

    settings = settings_module.read({}).at(tmp_path / "home", [tmp_path / "drafts"])
    return check.check(settings, "probe_source", file).summary


def test_a_workbook_with_titles_two_header_rows_months_totals_and_a_footer(tmp_path: Path) -> None:
    made = _new(tmp_path, strange.titles_and_totals(tmp_path), "COL")
    assert made.checked
    summary = made.checked.summary
    assert (summary["records_good"], summary["rows_left_out: total_row"]) == (120, 1)
    assert summary["events"] == sum(100 + 7 * row + i for row in range(5, 15) for i in range(12))
    assert str(summary["edition"]) == "2024-02-15"
    assert summary["period"] == "2023-01-01 to 2023-12-31"
    assert _map(made)["iccs"] == {"fixed": "0502"}
    assert any(guess.startswith("iccs:") for guess in made.scaffold.draft.confirm)


@pytest.mark.parametrize(
    ("make", "country", "kind", "records"),
    [
        (strange.nested_json, "MEX", "missing_person", 120),
        (strange.lines_of_json, "CHL", "death", 160),
        (strange.spss_survey, "MEX", "survey_person", 300),
        (strange.parquet_counts, "MEX", "incident", 2000),
    ],
)
def test_other_formats_load_at_once(
    tmp_path: Path, make: Callable[[Path], Path], country: str, kind: str, records: int
) -> None:
    made = _new(tmp_path, make(tmp_path), country)
    assert made.stopped is None
    assert made.checked
    assert made.scaffold.draft.kind.name == kind
    assert made.checked.summary["records_good"] == records


def test_an_open_document_reads_its_second_sheet(tmp_path: Path) -> None:
    made = _new(tmp_path, strange.open_document(tmp_path), "SLV")
    assert made.scaffold.draft.seen.found.words["sheet"] == "Datos"
    assert [m.what.partition(":")[0] for m in made.scaffold.missing] == ["occurrence_first_level.csv"]
    assert _map(made)["mechanism"]["codes"] == {
        "Arma de fuego": "firearm",
        "Arma blanca": "sharp",
        "Otros": "other",
    }


def test_fixed_places_and_lost_headers_are_told_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="fixed places") as told:
        _new(tmp_path, strange.fixed_width(tmp_path), "SLV")
    assert "dictionary" in told.value.how
    with pytest.raises(Refusal, match="no row of names"):
        _new(tmp_path, strange.without_header(tmp_path), "SLV")
    assert not (tmp_path / "drafts").exists()


def test_nothing_is_written_over(tmp_path: Path) -> None:
    file = strange.parquet_counts(tmp_path)
    (tmp_path / "drafts" / "probe_source").mkdir(parents=True)
    kept = tmp_path / "drafts" / "probe_source" / "mine.txt"
    kept.write_text("mine", encoding="utf-8")
    with pytest.raises(Misuse, match="exists already"):
        _new(tmp_path, file, "MEX")
    with pytest.raises(Misuse, match="mx_sesnsp_estatal"):
        _new(tmp_path, file, "MEX", name="mx_sesnsp_estatal")
    with pytest.raises(Misuse, match="no name of a source"):
        _new(tmp_path, file, "MEX", name="Mi-Fuente")
    assert [path.name for path in kept.parent.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"country": None}, "--country"),
        ({"country": "XYZ"}, "--country"),
        ({"country": "MEX", "record_type": "robbery"}, "--record-type"),
        ({"country": "MEX", "source_type": "army"}, "--source-type"),
    ],
)
def test_what_is_said_wrongly_is_told(tmp_path: Path, said: dict[str, Any], where: str) -> None:
    with pytest.raises(Misuse) as told:
        _new(tmp_path, strange.parquet_counts(tmp_path), **said)
    assert told.value.where == where


def test_the_declaration_is_commented_in_the_language_and_completed_by_editors(tmp_path: Path) -> None:
    file = strange.parquet_counts(tmp_path)
    starts = {"es": "# Borrador hecho por", "en": "# Draft made by", "pt": "# Rascunho feito por"}
    for language, start in starts.items():
        made = _new(tmp_path, file, "MEX", name=f"probe_{language}", language=language, owner="Policía: «X»")
        lines = (made.folder / "source.yml").read_text("utf-8").splitlines()
        assert lines[0] == editing.COMMENT
        assert lines[1].startswith(start)
        assert discovery.read(made.folder).specification.agreement.owner == "Policía: «X»"
    assert (tmp_path / "drafts" / editing.NAME).is_file()


def test_the_agreement_is_told_with_its_lines(tmp_path: Path) -> None:
    made = _new(tmp_path, strange.parquet_counts(tmp_path), "MEX")
    lines = (made.folder / "source.yml").read_text("utf-8").splitlines()
    assert [m.what for m in made.scaffold.agreement] == [
        "owner",
        "legal_basis",
        "recipients",
        "licence",
        "citation",
    ]
    assert all(TO_COMPLETE in lines[m.line - 1] for m in made.scaffold.agreement)
    assert all(lines[m.line - 1].strip().startswith(m.what) for m in made.scaffold.agreement)


def test_what_a_record_type_requires_and_no_column_says_is_missing_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "catalogo.csv"
    file.write_text("CLAVE,DELITO\n1,Robo\n2,Homicidio doloso\n3,Fraude\n", encoding="utf-8")
    made = _new(tmp_path, file, "MEX", record_type="incident")
    assert made.stopped
    (missing,) = made.scaffold.missing
    assert missing.what.startswith("occurrence_date: ")
    line = (made.folder / "source.yml").read_text("utf-8").splitlines()[missing.line - 1]
    assert line.strip() == "# occurrence_date: ..."
    assert "occurrence_date" in made.stopped.what


def test_instants_are_found_and_wait_for_their_zone(tmp_path: Path) -> None:
    file = tmp_path / "robos.parquet"
    moments = [dt.datetime(2024, 2, 1 + i, 3, 30, tzinfo=dt.UTC) for i in range(20)]
    pq.write_table(pa.table({"FECHA": moments, "DELITO": ["Robo", "Homicidio doloso"] * 10}), file)
    made = _new(tmp_path, file, "MEX", record_type="incident")
    assert _map(made)["occurrence_date"]["formats"] == ["%Y-%m-%d %H:%M:%S%z"]
    assert made.stopped and made.stopped.code == "no_zone"
    assert "zone: America/Bogota" in made.stopped.how


def test_subtotals_among_the_rows_are_found_by_the_total_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "defunciones_2022.csv"
    rows = ["LUGAR,AÑO,HOMICIDIOS", "Total,2022,60", "Aguascalientes,2022,30", "Norte,2022,10", "Sur,2022,20"]
    file.write_text(
        "\n".join([*rows, "Colima,2022,30", "Este,2022,5", "Oeste,2022,25"]) + "\n", encoding="utf-8"
    )
    made = _new(tmp_path, file, "MEX", record_type="incident")
    assert [m.what for m in made.scaffold.missing if "2" in m.what and "subtotales" in m.what]


def test_a_stated_total_becomes_a_control_total(tmp_path: Path) -> None:
    file = tmp_path / "robos_2022.csv"
    rows = ["Entidad,Año,Robos registrados", "Colima,2022,30", "Durango,2022,25", "Total,2022,55"]
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    made = _new(tmp_path, file, "MEX")
    declared = yaml.safe_load((made.folder / "source.yml").read_text("utf-8"))["layouts"][0]
    assert declared["rows"]["exclude"] == [
        {"reason": "total_row", "column": "Entidad", "equals": "TOTAL", "control_total": "Robos registrados"}
    ]
    assert made.checked
    assert made.checked.summary["events"] == 55


def test_totals_of_groups_among_the_rows_are_left_out_in_the_french_of_haiti_too(tmp_path: Path) -> None:
    file = tmp_path / "infractions_2023.csv"
    rows = ["Département;Infraction;T1 2023;T2 2023;T3 2023;T4 2023"]
    for area in ("Ouest", "Nord"):
        rows += [f"{area};Meurtre;10;1\xa0020;n.d.;40", f"{area};Vol à main armée;1;2;3;4"]
        rows += [f"{area};Total département;11;1\xa0022;3;44"]
    rows += ["n.d. : non disponible;;;;;"]
    file.write_text("\n".join(rows) + "\n", encoding="cp1252")
    made = _new(tmp_path, file, "HTI")
    layout = yaml.safe_load((made.folder / "source.yml").read_text("utf-8"))["layouts"][0]
    assert layout["file"]["encoding"] == "latin-1"
    assert layout["file"]["footer"] == ["n.d. :"]
    assert layout["rows"]["exclude"] == [
        {"reason": "total_row", "column": "Infraction", "equals": "TOTAL DÉPARTEMENT"}
    ]
    assert "0401" in (made.folder / "iccs.csv").read_text("utf-8")


def test_cells_merged_over_rows_months_as_dates_and_subtotals(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    months = [dt.datetime(2023, month, 1) for month in (1, 2, 3)]  # noqa: DTZ001 - a cell has no zone
    sheet.append(["Division", "Offence", *months])
    for division in ("North", "South", "East"):
        sheet.append([division, "Murder", 1, 2, 3])
        sheet.append([None, "Robbery", 4, 5, 6])
        sheet.append([None, "Rape", 7, 8, 9])
        sheet.append(["Sub-total", None, 12, 15, 18])
    sheet.append(["* Provisional figures"])
    file = tmp_path / "crime.xlsx"
    book.save(file)
    made = _new(tmp_path, file, "GUY")
    layout = yaml.safe_load((made.folder / "source.yml").read_text("utf-8"))["layouts"][0]
    assert layout["rows"]["fill_down"] == ["Division"]
    assert layout["rows"]["exclude"] == [{"reason": "total_row", "column": "Division", "equals": "SUB-TOTAL"}]
    assert layout["rows"]["unpivot"]["columns"] == {f"2023-0{n}-01": f"2023-0{n}" for n in (1, 2, 3)}
    assert made.checked
    assert made.checked.summary["events"] == 3 * 45


def test_two_columns_of_one_name_are_told(tmp_path: Path) -> None:
    file = tmp_path / "delitos.csv"
    file.write_text("Region,Mes,Total,Total\nA,1,2,3\nB,2,3,4\n", encoding="utf-8")
    with pytest.raises(Refusal, match="'Total' more than once"):
        _new(tmp_path, file, "ECU")


@pytest.mark.parametrize("names", ["Sex of victim,Age of victim", "Victim Sex,Victim Age"])
def test_sex_and_age_of_a_victim_are_no_names(tmp_path: Path, names: str) -> None:
    file = tmp_path / "report.csv"
    rows = [
        f"{1 + n % 12}/{1 + n % 28}/2024 {1 + n % 12}:33 PM,Murder,{'MF'[n % 2]},{20 + n}" for n in range(60)
    ]
    file.write_text("\n".join([f"Incident Date,Crime,{names}", *rows]) + "\n", encoding="utf-8")
    made = _new(tmp_path, file, "KNA")
    declared = yaml.safe_load((made.folder / "source.yml").read_text("utf-8"))
    assert declared["record_type"] == "person_role"
    assert {"sex", "age_years", "occurrence_date"} <= set(declared["layouts"][0]["map"])


@pytest.mark.parametrize(
    ("language", "months"), [("fr", "janvier,août"), ("nl", "januari,mei"), ("pt", "janeiro,maio")]
)
def test_the_language_of_names_of_months(tmp_path: Path, language: str, months: str) -> None:
    file = tmp_path / "cas_2023.csv"
    rows = [f"2023;{month};Meurtre;{n}" for n, month in enumerate(months.split(","), start=1)]
    file.write_text("\n".join(["Année;Mois;Infraction;Nombre de cas", *rows]) + "\n", encoding="utf-8")
    made = _new(tmp_path, file, "HTI")
    layout = yaml.safe_load((made.folder / "source.yml").read_text("utf-8"))["layouts"][0]
    assert layout["map"]["occurrence_date"]["months"] == language
    assert made.checked
    assert made.checked.summary["records_good"] == 2


def test_a_municipality_called_like_the_country_is_no_total(tmp_path: Path) -> None:
    file = tmp_path / "delitos_2022.csv"
    rows = ["CVE_ENT,Entidad,Año,Delito,Casos"]
    rows += [
        f"{n:02},{name},2022,Robo,{n}"
        for n, name in ((9, "Ciudad de México"), (15, "México"), (1, "Aguascalientes"))
    ]
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    made = _new(tmp_path, file, "MEX")
    assert made.checked
    assert made.checked.summary["events"] == 25
