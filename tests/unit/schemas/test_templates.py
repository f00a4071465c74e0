"""What a provider gets for a record type: its columns, the workbook and the schemas follow from the declaration."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import warnings
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from schemas import codelists, record_type, units
from schemas.codelists import Code
from schemas.record_type import RecordType
from schemas.templates import columns as column_rules
from schemas.templates import examples, json_schema, list_sheet, table_schema, workbook
from schemas.templates.columns import Column
from schemas.templates.words import LANGUAGES, Language, label
from schemas.templates.workbook import EDITION, EXAMPLE, FIRST, LABELS, NAMES, PERIOD, Template

NAMES_OF_TYPES = record_type.names()
AREAS = {"first_level": {"01": "Norte", "02": "Sur"}}


def columns(name: str, **more: Any) -> tuple[Column, ...]:
    return column_rules.of(record_type.load(name), **more)


def book(name: str, language: Language = "es", **more: Any) -> openpyxl.Workbook:
    kind = record_type.load(name)
    made = workbook.rendered(Template(kind, column_rules.of(kind, **more), language))
    return openpyxl.load_workbook(io.BytesIO(made))


@pytest.mark.parametrize("name", NAMES_OF_TYPES)
def test_every_field_is_filled_in_or_filled_by_the_system(name: str) -> None:
    kind = record_type.load(name)
    filled = {c.field.name for c in columns(name)}
    own = {f.name for f in kind.fields if f.name.endswith(("_ref", "_source_code", "replaces_key"))}
    assert filled | own == set(kind.by_name)
    assert not filled & own
    assert {f.name for f in kind.fields if f.required} <= filled


@pytest.mark.parametrize("name", NAMES_OF_TYPES)
def test_every_unit_has_words_in_every_language(name: str) -> None:
    for field in record_type.load(name).fields:
        for language in LANGUAGES:
            assert bool(units.word(field.unit, language)) is bool(field.unit)


def test_columns_of_a_record_type() -> None:
    found = {c.name: c for c in columns("incident", country="MEX", areas=AREAS)}
    # a hash is made of an identifier, which stands in a column of its own
    assert found["case_id"].field.name == "case_hmac"
    assert found["case_id"].sensitivity == "identifier"
    assert "case_hmac" not in found
    assert found["longitude"].sensitivity == "restricted"
    assert (found["longitude"].low, found["longitude"].high) == (-180, 180)
    # areas without the country, to choose from where they are known
    assert (found["occurrence_first_level"].prefix, found["occurrence_municipality"].prefix) == (
        "MEX-",
        "MEX-",
    )
    assert [c.code for c in found["occurrence_first_level"].choices("es")] == ["01", "02"]
    assert found["occurrence_municipality"].choices("es") == ()
    # an empty cell means what the system says for a source that does not map the field
    assert found["count"].empty == "1" and not found["count"].required
    assert found["occurrence_country"].empty == "MEX"
    assert found["occurrence_date_precision"].empty == "day"
    assert {c.name: c for c in columns("population")}["count"].required
    # required ones first, restricted ones last
    names = list(found)
    assert names[:3] == ["counting_unit", "event_class", "occurrence_date"]
    assert names[-2:] == ["longitude", "latitude"]


def test_without_country_areas_have_their_published_code() -> None:
    found = {c.name: c for c in columns("incident")}["occurrence_first_level"]
    assert found.prefix == "" and found.pattern and re.match(found.pattern, "MEX-11")


def test_without_identifiers_everything_is_open() -> None:
    assert {c.sensitivity for c in columns("person_role", identifiers=False)} == {"open"}


@pytest.mark.parametrize(
    ("name", "period"), [("incident", "month"), ("death", "month"), ("population", "year"), ("area", "all")]
)
def test_what_a_delivery_replaces(name: str, period: str) -> None:
    assert column_rules.replaces(record_type.load(name)) == period


def test_labels_come_with_their_codes_and_the_total_last() -> None:
    sex = {c.name: c for c in columns("population")}["sex"]
    assert sex.choices("pt")[-1].code == "_T"
    assert list_sheet.shown(sex.choices("en")[0]) == "M · Male"
    iccs = {c.name: c for c in columns("incident")}["iccs"]
    assert {len(list_sheet.shown(c)) <= 135 for c in iccs.choices("es")} == {True}
    assert [c.depth for c in iccs.choices("es")][:2] == [0, 1]


def test_a_code_that_ended_comes_last_and_one_to_be_confirmed_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def code(code: str, ends: str | None, evidence: str) -> Code:
        until = dt.date.fromisoformat(ends) if ends else None
        return Code(code, "", f"{code} es", f"{code} en", f"{code} pt", None, until, evidence, "", "")

    # B had another meaning before: each code is one entry, with what it means last
    entries = (
        code("B", "1999-12-31", "official"),
        code("B", "2010-12-15", "official"),
        code("A", None, "needs_review"),
    )
    listed = codelists.CodeList("sex", "Sex", "Sexo", "Sexo", "siprev", entries)
    sex = {c.name: c for c in columns("population")}["sex"]
    monkeypatch.setattr(codelists, "load", lambda name: listed)
    assert [(c.code, c.label) for c in sex.choices("es")] == [
        ("A", "A es (por confirmar)"),
        ("B", "B es (hasta 2010-12-15)"),
    ]


@pytest.mark.parametrize("name", NAMES_OF_TYPES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_workbook_of_every_record_type(name: str, language: Language) -> None:
    with warnings.catch_warnings():
        # xlsxwriter warns of what Excel would not open, and leaves it out
        warnings.simplefilter("error")
        made = book(name, language, country="MEX", areas=AREAS)
    kind = record_type.load(name)
    assert made.sheetnames[1] == name
    table = made[name]
    wanted = columns(name, country="MEX", areas=AREAS)
    assert [c.value for c in table[NAMES + 1]] == [c.name for c in wanted]
    assert [c.value for c in table[LABELS + 1]] == [label(c, language) for c in wanted]
    assert table.freeze_panes == f"A{FIRST + 1}"
    assert table.max_row == FIRST, "nothing stands below the names of the columns"
    told = {str(c.value) for row in made.worksheets[0].iter_rows() for c in row if c.value}
    assert {c.name for c in wanted} <= told
    assert any(kind.titles[language] in text for text in told)
    assert any(kind.grains[language] in text for text in told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_areas_that_are_not_loaded_are_told_and_no_empty_list_is_offered(language: Language) -> None:
    beginning = {"es": "no ofrecen una lista", "en": "offer no list", "pt": "não oferecem uma lista"}[
        language
    ]

    def told(areas: dict[str, dict[str, str]]) -> str:
        made = book("incident", language, country="MEX", areas=areas)
        offered = {n for n, v in _validations(made["incident"]).items() if v.type == "list"}
        levels = ("first_level", "municipality")
        assert {n for n in levels if f"occurrence_{n}" in offered} == {n for n in levels if areas.get(n)}
        texts = [str(c.value) for row in made.worksheets[0].iter_rows() for c in row if c.value]
        return next((text for text in texts if beginning in text), "")

    neither = told({})
    assert "occurrence_first_level, occurrence_municipality" in neither
    assert told({"first_level": {}, "municipality": {}}) == neither
    one = told(AREAS)
    assert "occurrence_municipality" in one and "occurrence_first_level" not in one
    assert told({**AREAS, "municipality": {"01001": "Centro"}}) == ""


def _letter(table: Any, name: str) -> str:
    """The letter of a column of the table."""
    return next(str(c.column_letter) for c in table[NAMES + 1] if c.value == name)


def _validations(table: Any) -> dict[str, Any]:
    """Data validations by the name of the column whose first cell they hold."""
    names = {c.column: str(c.value) for c in table[NAMES + 1]}
    return {
        names[area.min_col]: found
        for found in table.data_validations.dataValidation
        for area in found.sqref.ranges
        if area.min_row == FIRST + 1
    }


def test_drop_downs_of_short_and_long_lists() -> None:
    made = book("incident", country="MEX", areas=AREAS)
    found = _validations(made["incident"])
    short = found["event_class"]
    assert (short.type, short.formula1, short.showErrorMessage) == ("list", "list_event_class", True)
    assert "Listas" in short.error
    long, at = found["iccs"], _letter(made["incident"], "iccs")
    assert long.formula1 == (
        f'OFFSET(INDEX(list_iccs,1),MATCH({at}7&"*",list_iccs,0)-1,0,COUNTIF(list_iccs,{at}7&"*"),1)'
    )
    assert not long.showErrorMessage
    assert found["occurrence_first_level"].formula1 == "list_occurrence_first_level"
    assert (found["count"].type, found["count"].formula1) == ("whole", "0")
    assert found["occurrence_date"].type == "date"
    assert "case_id" not in found
    # the same on the first and on the last row that has lists
    assert str(long.sqref) == f"{at}{FIRST + 1}:{at}{FIRST + workbook.ROWS}"


def test_entries_with_one_beginning_stand_together_in_a_long_list() -> None:
    made = book("incident")
    lists = made["Listas"]
    area = made.defined_names["list_iccs"].attr_text
    first = re.fullmatch(r"Listas!\$([A-Z]+)\$(\d+):\$\1\$(\d+)", area.replace("'", ""))
    assert first
    entries = [lists[f"{first[1]}{row}"].value for row in range(int(first[2]), int(first[3]) + 1)]
    assert len(entries) == len(codelists.load("iccs").codes)
    for typed in ("01", "0101", "02", "_", "1"):
        places = [i for i, e in enumerate(entries) if e.startswith(typed)]
        assert places == list(range(places[0], places[0] + len(places))) if places else True


def test_red_cells() -> None:
    table = book("incident")["incident"]
    rules = {
        (str(area.sqref), rule.formula[0])
        for area, found in table.conditional_formatting._cf_rules.items()
        for rule in found
    }
    required = [f for _, f in rules if "COUNTA" in f]
    assert len(required) == 3
    at = _letter(table, "iccs")
    listed = f'AND(LEN({at}7)>0,ISNA(MATCH(LEFT({at}7,FIND(" ",{at}7&" ")-1),code_iccs,0)))'
    assert (f"{at}7:{at}20006", listed) in rules


def test_codes_and_identifiers_are_text_cells() -> None:
    table = book("incident")["incident"]
    # columns that look alike are kept as one range
    formats = {
        str(cell.value): found.number_format
        for cell in table[NAMES + 1]
        for found in table.column_dimensions.values()
        if found.min <= cell.column <= found.max
    }
    assert formats["iccs"] == formats["case_id"] == formats["occurrence_municipality"] == "@"
    assert formats["occurrence_date"] == "yyyy-mm-dd"
    assert formats["count"] == "0"


def test_edition_and_period_are_asked_for() -> None:
    table = book("incident", "en")["incident"]
    assert table.cell(EDITION + 1, 1).value == "Edition: date of the data"
    assert table.cell(PERIOD + 1, 1).value == "Period: first and last day"
    assert book("area")["area"].cell(PERIOD + 1, 1).value is None


def test_the_bytes_depend_on_the_declaration_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    kind = record_type.load("incident")
    template = Template(kind, column_rules.of(kind), "es")
    made = workbook.rendered(template)
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    monkeypatch.chdir(tmp_path)
    assert workbook.rendered(template) == made
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert {i.date_time for i in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d{2}-\d{2}T[0-9:]+Z", core)) == {"2000-01-01T00:00:00Z"}


def test_nothing_newer_than_excel_2010_and_no_macros() -> None:
    kind = record_type.load("person_role")
    made = workbook.rendered(Template(kind, column_rules.of(kind), "pt"))
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        names = archive.namelist()
        text = "".join(archive.read(n).decode() for n in names if n.endswith(".xml"))
    assert not [n for n in names if "vbaProject" in n]
    assert "_xlfn" not in text and "x14" not in text


@pytest.mark.parametrize("name", NAMES_OF_TYPES)
def test_a_change_of_the_declaration_changes_every_form(name: str) -> None:
    """Nothing is kept on disk that could be stale: a field that comes or goes is in every form, or in none."""
    kind = record_type.load(name)
    lacking = replace(kind, fields=tuple(f for f in kind.fields if f.name != columns(name)[-1].field.name))
    gone = columns(name)[-1].name
    for one, there in ((kind, True), (lacking, False)):
        found = column_rules.of(one)
        cells = openpyxl.load_workbook(io.BytesIO(workbook.rendered(Template(one, found, "en"))))[name][
            NAMES + 1
        ]
        assert (gone in {c.value for c in cells}) is there
        assert (gone in {f["name"] for f in table_schema.rendered(one, found, "en")["fields"]}) is there
        assert (gone in json_schema.rendered(one, found, "en")["properties"]) is there


@pytest.mark.parametrize("name", NAMES_OF_TYPES)
def test_the_example_has_a_value_for_every_column(name: str) -> None:
    for country, areas in ((None, None), ("MEX", AREAS)):
        for column in columns(name, country=country, areas=areas):
            value = examples.value(column, "es")
            assert value
            if column.pattern:
                assert re.search(column.pattern, value), column.name
            if column.codelist:
                assert value in codelists.load(column.codelist)
            if column.kind == "date":
                assert dt.date.fromisoformat(value).year == 2024


def test_the_example_stands_above_the_names() -> None:
    table = book("incident", "en")["incident"]
    row = {table.cell(NAMES + 1, c.column).value: c.value for c in table[EXAMPLE + 1]}
    assert row["event_class"] == "offence · Offence"
    assert row["occurrence_date"] == "2024-03-15"


def _plain(kind: RecordType, schema: dict[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_schemas_speak_the_language(language: Language) -> None:
    kind = record_type.load("incident")
    found = columns("incident")
    for made in (table_schema.rendered(kind, found, language), json_schema.rendered(kind, found, language)):
        assert made["title"] == kind.titles[language]
        assert kind.by_name["event_class"].description[language] in _plain(kind, made)
        messages = {rule["code"]: rule["message"] for rule in made["siprev:rules"]}
        assert set(messages) >= {"report_date.before_occurrence"}


def test_references_to_other_records() -> None:
    found = table_schema.references(record_type.load("person_role"), columns("person_role"))
    assert {
        "fields": ["incident_id"],
        "reference": {"resource": "incident", "fields": ["incident_ref"]},
    } in found
    survey = table_schema.references(record_type.load("survey_person"), columns("survey_person"))
    assert survey[0]["reference"] == {"resource": "survey", "fields": ["survey_code", "edition"]}


def test_codes_that_a_rule_permits_are_those_to_choose_from() -> None:
    found = {c.name: c for c in columns("custody")}["counting_unit"]
    assert found.required and {c.code for c in found.choices("en")} == {"person", "death", "detainee"}
    made = table_schema.rendered(record_type.load("custody"), columns("custody"), "en")
    assert set(made["fields"][0]["constraints"]["enum"]) == {"person", "death", "detainee"}
    # where there is only one, an empty cell means it
    only = {c.name: c for c in columns("death")}["counting_unit"]
    assert (only.empty, only.required) == ("death", False)


def test_constraints_of_a_table_schema() -> None:
    made = table_schema.rendered(record_type.load("incident"), columns("incident"), "en")
    fields = {f["name"]: f for f in made["fields"]}
    assert fields["count"]["constraints"] == {"minimum": 0, "maximum": 2**31 - 1}
    assert fields["occurrence_hour"]["constraints"] == {"minimum": 0, "maximum": 23}
    assert fields["event_class"]["constraints"]["required"] is True
    assert fields["event_class"]["constraints"]["enum"] == list(codelists.load("event_class").codes)
    assert fields["occurrence_first_level"]["constraints"]["pattern"] == "^[A-Z]{3}-[0-9A-Z]+$"
    assert fields["longitude"]["siprev:unit"] == "degrees"
    assert fields["case_id"]["siprev:sensitivity"] == "identifier"
    assert made["missingValues"] == [""]
