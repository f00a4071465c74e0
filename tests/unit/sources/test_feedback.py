"""The report for a provider: its three forms agree, show nothing that leads to a person, and say where and how."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest

from pipelines import settings as settings_module
from pipelines.settings import Settings
from pipelines.steps import check, reporting
from schemas.errors import Misuse
from schemas.templates.words import LANGUAGES, Language
from sources.kit.feedback import book, document, page, refusals
from sources.kit.feedback.report import Report
from tests.unit.sources import desk

#: Planted in columns that are declared identifier or restricted, in rows that break rules of every kind.
CANARIES = ("CANARY-CASE-7781", "Canaria Plantada", "Calle del Canario 5", "CANARY-KEY-9")

COLUMNS = {
    "open": ["day", "n", "SEXO", "EDAD", "nota"],
    "identifier": {"caso": "free"},
    "restricted": ["nombre", "relato"],
}
MAP = {
    "counting_unit": {"fixed": "victim"},
    "role": {"fixed": "victim"},
    "event_class": {"fixed": "offence"},
    "occurrence_date": {"parse": "date", "from": "day", "formats": ["%d/%m/%Y"]},
    "sex": {"recode": "SEXO", "codes": {"H": "M", "M": "F"}},
    "age_years": {"parse": "integer", "from": "EDAD"},
    "case_hmac": {"hmac": "caso"},
}
HEAD = "day,n,SEXO,EDAD,nota,caso,nombre,relato"
GOOD = "05/01/2024,1,H,30,,C-1,Ana,nada"
BAD = [
    GOOD,
    '"05/01/2024",2,M,31,"dos\nlíneas",C-2,Luz,nada',
    f"31/02/2024,3,H,32,,{CANARIES[0]},{CANARIES[1]},{CANARIES[2]}",
    f"06/01/2024,4,Varón,33,,{CANARIES[0]},{CANARIES[1]},{CANARIES[2]}",
    f"07/01/2024,5,=1+1,34,,{CANARIES[3]},{CANARIES[1]},x",
    f"08/01/2024,6,Varón,140,,{CANARIES[3]},{CANARIES[1]},y",
    f"09/01/2024,7,H,,,,{CANARIES[1]},z",
]


def _settings(tmp_path: Path) -> Settings:
    return settings_module.read({}).at(tmp_path / "home", [tmp_path])


def _report(tmp_path: Path, rows: list[str], *, language: Language | None = None, **changes: Any) -> Report:
    declared = {
        "id": "plain",
        "file": {"format": "csv"},
        "columns": COLUMNS,
        "map": MAP,
        **changes,
    }
    desk.declare(tmp_path, declared, record_type="person_role", key={"columns": ["caso"]})
    path = tmp_path / "entrega.csv"
    path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return check.check(_settings(tmp_path), "probe", path, language).report


def _texts(report: Report) -> dict[str, str]:
    """Everything that each form holds, as text."""
    archive = zipfile.ZipFile(io.BytesIO(book.rendered(report)))
    return {
        "html": page.rendered(report),
        "json": document.rendered(report),
        "xlsx": "".join(archive.read(name).decode("utf-8") for name in archive.namelist()),
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_form_shows_a_value_of_an_identifier_or_restricted_column(
    tmp_path: Path, language: Language
) -> None:
    report = _report(tmp_path, BAD, language=language)
    assert report.rows.quarantined == 5
    for form, text in _texts(report).items():
        assert [canary for canary in CANARIES if canary in text] == [], form
        assert "Varón" in text, f"{form} shows what may be shown"


def test_the_three_forms_say_the_same(tmp_path: Path) -> None:
    report = _report(tmp_path, BAD)
    said = json.loads(document.rendered(report))
    ids = {p["id"]: p["records"] for p in said["problems"]}
    assert ids == {p.id: p.records for p in report.problems}
    html = page.rendered(report)
    assert all(f'<p class="id">{name}</p>' in html for name in ids)
    sheets = openpyxl.load_workbook(io.BytesIO(book.rendered(report)))
    rows = list(sheets["Errores"].iter_rows(min_row=2, values_only=True))
    assert {row[0]: row[3] for row in rows} == ids
    at = [(row[0], row[2]) for row in sheets["Posiciones"].iter_rows(min_row=2, values_only=True)]
    assert at == [(p["id"], where["number"]) for p in said["problems"] for where in p["positions"]]


def test_problems_have_the_names_of_the_providers_columns_and_the_lines_of_its_file(tmp_path: Path) -> None:
    problems = {p.rule: p for p in _report(tmp_path, BAD).problems}
    unreadable = problems["occurrence_date.unreadable"]
    assert unreadable.id == "probe:occurrence_date.unreadable:day"
    assert (unreadable.columns, unreadable.message) == (["day"], "El valor de «day» no se puede leer")
    assert unreadable.mend == "Escriba las fechas así: 31/12/2024"
    # the second record takes two lines
    assert [(p.place, p.record, p.number, p.values) for p in unreadable.positions] == [
        ("line", 3, 5, {"day": "31/02/2024"})
    ]
    unknown = problems["sex.unknown_code"]
    assert [(c.value, c.records) for c in unknown.codes] == [("Varón", 2), ("=1+1", 1)]
    assert (unknown.records, unknown.share) == (3, round(3 / 7, 6))
    assert problems["key.missing"].columns == ["caso"]
    assert problems["key.missing"].positions[0].values == {}


def test_the_same_problem_has_the_same_name_in_the_next_report(tmp_path: Path) -> None:
    first = {p.id for p in _report(tmp_path, BAD).problems}
    later = {p.id for p in _report(tmp_path, [GOOD, *BAD[3:5]], language="pt").problems}
    assert later
    assert later <= first


def test_a_good_file_is_told_so(tmp_path: Path) -> None:
    report = _report(tmp_path, [GOOD])
    assert (report.outcome, report.problems) == ("accepted", [])
    texts = _texts(report)
    assert "El archivo está bien" in texts["html"]
    assert "No hay errores" in texts["html"]
    assert "El archivo está bien" in texts["xlsx"]


def test_a_refused_file_is_told_what_where_and_how(tmp_path: Path) -> None:
    desk.declare(tmp_path, record_type="incident")
    path = tmp_path / "entrega.csv"
    path.write_text("dia,n\n2024-01-01,1\n", encoding="utf-8")
    for language, what in (
        ("es", "no son los acordados"),
        ("en", "that were agreed"),
        ("pt", "não são os acordados"),
    ):
        found = check.check(_settings(tmp_path), "probe", path, language)  # type: ignore[arg-type]
        assert found.stops
        assert found.report.outcome == "refused"
        refused = found.report.refused
        assert refused
        assert (refused.code, refused.missing, refused.added) == ("header_drift", ["day"], ["dia"])
        assert what in refused.what
        assert all(what in text for text in _texts(found.report).values())


@pytest.mark.parametrize(
    ("content", "code", "where"),
    [
        (b"", "empty_file", ""),
        (b"day,n\n", "no_rows", ""),
        (b"day,n\n2024-01-01,\xff\n", "wrong_encoding", "byte 17"),
        (b'day,n\n"2024-01-01,1\n2024-01-02,2\n', "quote_never_closed", "registro 1"),
        (b"<!doctype html><p>", "html_page", ""),
        (b"PAR1", "other_format", ""),
        (b"day,n\n2024-01-01,1\n2024-01", "last_line_cut", "registro 2"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_in_the_providers_language(
    tmp_path: Path, content: bytes, code: str, where: str
) -> None:
    desk.declare(tmp_path)
    path = tmp_path / "entrega.csv"
    path.write_bytes(content)
    found = check.check(_settings(tmp_path), "probe", path)
    assert found.stops
    assert found.stops.code == code
    if found.report.refused:
        assert found.report.refused.what == refusals.TEXTS[code][0]["es"]
        assert where in found.report.refused.where


def test_every_refusal_of_the_readers_has_words_for_a_provider() -> None:
    """A new refusal cannot be forgotten: its code has a sentence and a cure in the three languages."""
    kit = Path(refusals.__file__).parents[1]
    modules = [*(kit / "readers").glob("*.py"), kit / "found.py", kit / "left_out.py"]
    codes = {
        code
        for path in modules
        for code in re.findall(r'Refusal\((?:[^()]|\([^()]*\))*?code="(\w+)"', path.read_text("utf-8"))
    }
    assert len(codes) > 20
    assert codes - set(refusals.TEXTS) == set()
    for what, how in refusals.TEXTS.values():
        assert all(what[language] and how[language] for language in LANGUAGES)


def test_the_workbook_can_be_filtered_and_holds_no_formula(tmp_path: Path) -> None:
    sheets = openpyxl.load_workbook(io.BytesIO(book.rendered(_report(tmp_path, BAD))))
    assert sheets.sheetnames == ["Resumen", "Errores", "Posiciones", "Códigos desconocidos"]
    for name in sheets.sheetnames[1:]:
        assert sheets[name].freeze_panes == "A2"
        assert sheets[name].auto_filter.ref
    kinds = {cell.data_type for sheet in sheets for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert "=1+1" in [cell.value for row in sheets["Códigos desconocidos"].iter_rows() for cell in row]


def test_the_page_needs_nothing_from_elsewhere(tmp_path: Path) -> None:
    html = page.rendered(_report(tmp_path, [GOOD, "05/01/2024,1,<script>alert(1)</script>,3,,C-9,x,y"]))
    assert re.findall(r"""(?:src|href|url)\s*[=(]""", html) == []
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert 'name="viewport"' in html
    assert "@media print" in html


def test_the_document_fits_its_published_schema(tmp_path: Path) -> None:
    schema = json.loads(document.PATH.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    for rows in (BAD, [GOOD]):
        jsonschema.validate(json.loads(document.rendered(_report(tmp_path, rows))), schema)
    described = [key for part in (schema, *schema["$defs"].values()) for key in part["properties"].values()]
    assert all(key.get("description") for key in described)


def test_the_published_schema_is_as_the_model_has_it() -> None:
    assert document.PATH.read_text(encoding="utf-8") == document.text(), (
        "python -m sources.kit.feedback.document"
    )


def test_a_report_has_the_same_bytes_on_every_day(tmp_path: Path) -> None:
    report = _report(tmp_path, BAD)
    assert book.rendered(report) == book.rendered(report)
    assert _report(tmp_path, BAD) == report


def test_rows_of_sheets_and_lines_of_other_texts_are_those_that_a_person_sees(tmp_path: Path) -> None:
    import xlsxwriter

    table = {
        "id": "sheet",
        "file": {"format": "workbook", "header": {"contains": ["day", "n"]}},
        "columns": {"open": ["day", "n"]},
        "map": {**desk.MAP, "count": {"parse": "integer", "from": "n"}},
    }
    lines = {**table, "id": "lines", "file": {"format": "ndjson"}}
    desk.declare(tmp_path, table, lines)
    path = tmp_path / "hoja.xlsx"
    with xlsxwriter.Workbook(str(path)) as made:
        sheet = made.add_worksheet("Datos")
        for number, row in enumerate(
            (["Título"], [], ["day", "n"], ["2024-01-01", 1], ["2024-01-02", "dos"])
        ):
            sheet.write_row(number, 0, row)
    (problem,) = check.check(_settings(tmp_path), "probe", path).report.problems
    assert [(p.place, p.sheet, p.number, p.record) for p in problem.positions] == [("row", "Datos", 5, 2)]
    path = tmp_path / "lineas.ndjson"
    path.write_text('{"day": "2024-01-01", "n": 1}\n\n{"day": "2024-01-02", "n": "dos"}\n', encoding="utf-8")
    (problem,) = check.check(_settings(tmp_path), "probe", path).report.problems
    assert [(p.place, p.number, p.record) for p in problem.positions] == [("line", 3, 2)]


def test_values_side_by_side_are_told_by_their_own_header(tmp_path: Path) -> None:
    months = {
        "id": "months",
        "file": {"format": "csv"},
        "columns": {"open": ["year", "ENE", "FEB"]},
        "rows": {
            "unpivot": {"columns": {"ENE": 1, "FEB": 2}, "name": "m", "value": "v", "blank": "not_reported"}
        },
        "map": {
            "counting_unit": {"fixed": "offence"},
            "event_class": {"fixed": "offence"},
            "count": {"parse": "integer", "from": "v"},
            "occurrence_date": {"parse": "year_month", "year": "year", "month": "m"},
        },
    }
    desk.declare(tmp_path, months)
    path = tmp_path / "meses.csv"
    path.write_text("year,ENE,FEB\n2024,1,x\n2023,2,3\n", encoding="utf-8")
    (problem,) = check.check(_settings(tmp_path), "probe", path).report.problems
    assert problem.columns == ["ENE", "FEB"]
    assert [(p.number, p.columns, p.values) for p in problem.positions] == [(2, ["FEB"], {"FEB": "x"})]


def test_a_report_is_written_as_all_forms_or_as_the_one_that_its_ending_says(tmp_path: Path) -> None:
    report = _report(tmp_path, [GOOD])
    names = [path.name for path in reporting.write(report, tmp_path / "informes")]
    assert names == ["probe__entrega.html", "probe__entrega.xlsx", "probe__entrega.json"]
    (one,) = reporting.write(report, tmp_path / "a" / "informe.HTML")
    assert one.read_text(encoding="utf-8").startswith("<!doctype html>")
    with pytest.raises(Misuse, match=r"\.pdf"):
        reporting.write(report, tmp_path / "informe.pdf")
