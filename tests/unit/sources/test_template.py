"""A template that comes back filled in is taken in by the source that was made with it, without an edit."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipelines.steps import template
from pipelines.steps.template import Wanted
from schemas import record_type
from schemas.errors import Misuse, Refusal
from schemas.templates import examples, list_sheet, workbook
from schemas.templates.columns import Column
from schemas.templates.workbook import EDITION, FIRST, PERIOD
from sources.kit import discovery
from sources.kit.discovery import Source
from tests.unit.sources import desk

AREAS = ("MEX-01", "MEX-02", "MEX-09")
NUMBERS = ("integer", "number")
Row = Mapping[str, Any]


#: The columns that the test of what people do writes in.
TOUCHED = (
    "counting_unit", "event_class", "occurrence_date", "record_status", "count", "iccs", "occurrence_country",
    "occurrence_first_level", "occurrence_date_precision", "occurrence_hour", "report_date",
)  # fmt: skip


def made(folder: Path, wanted: Wanted, form: template.Form = "xlsx") -> Source:
    home = folder / f"mex_{wanted.record_type}"
    template.declare(wanted, form, home, source_type="police", owner="Fiscalía", demo=True)
    return discovery.read(home)


def example(columns: Sequence[Column], **changes: Any) -> dict[str, Any]:
    """The example row as a person would enter it: entries of the drop-downs, dates and numbers as such."""
    row: dict[str, Any] = {}
    for column in columns:
        text = examples.value(column, "es")
        shown = [list_sheet.shown(c) for c in column.choices("es") if c.code == text]
        match column.kind:
            case "date":
                row[column.name] = dt.date.fromisoformat(text)
            case "integer" | "number":
                row[column.name] = float(text) if "." in text else int(text)
            case _:
                row[column.name] = shown[0] if shown else text
    return row | changes


def filled(
    wanted: Wanted,
    rows: Iterable[Row],
    edition: Any = dt.date(2024, 4, 15),
    period: Any = (dt.date(2024, 1, 1), dt.date(2024, 3, 31)),
    with_lists: int = 50,
) -> bytes:
    """The workbook as a provider sends it back."""
    columns = wanted.columns()
    template_made = workbook.Template(wanted.kind, columns, wanted.language, with_lists)
    book = openpyxl.load_workbook(io.BytesIO(workbook.rendered(template_made)))
    table = book[wanted.record_type]
    table.cell(EDITION + 1, 4, edition)
    if template_made.has_period:
        for position, day in enumerate(period, start=4):
            table.cell(PERIOD + 1, position, day)
    for at, row in enumerate(rows, start=FIRST + 1):
        for position, column in enumerate(columns, start=1):
            table.cell(at, position, row.get(column.name))
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


def taken(source: Source, content: bytes | str, name: str = "entrega.xlsx") -> desk.Staged:
    return desk.take_in(source, content, name=name, areas=AREAS)


@pytest.mark.parametrize("name", record_type.names())
def test_the_example_of_every_record_type_is_loaded(tmp_path: Path, name: str) -> None:
    wanted = Wanted(name, "es", "MEX")
    columns = wanted.columns()
    staged = taken(made(tmp_path, wanted), filled(wanted, [example(columns)]))
    assert staged.broken() == {}
    assert (staged.delivery.rows_delivered, staged.delivery.records_made) == (1, 1)
    assert staged.delivery.edition_date == dt.date(2024, 4, 15)
    fields = [c.field.name for c in columns]
    (record,) = staged.records(*fields)
    assert None not in record, dict(zip(fields, record, strict=True))
    for column, value in zip(columns, record, strict=True):
        text = examples.value(column, "es")
        if column.sensitivity == "identifier":
            assert isinstance(value, bytes) and len(value) == 32
        elif column.kind == "date":
            assert value == dt.date.fromisoformat(text)
        elif column.kind in ("integer", "number"):
            assert value == float(text)
        else:
            assert value == column.prefix + text


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_a_template_in_any_language_is_taken_in_by_one_source(tmp_path: Path, language: Any) -> None:
    source = made(tmp_path, Wanted("incident", "es", "MEX"))
    wanted = Wanted("incident", language, "MEX")
    row: dict[str, Any] = {
        c.name: list_sheet.shown(c.choices(language)[0]) if c.choices(language) else None
        for c in wanted.columns()
    }
    row |= {"occurrence_date": dt.date(2024, 2, 1), "iccs": "0101", "occurrence_first_level": "09"}
    row |= {"occurrence_country": None}
    staged = taken(source, filled(wanted, [row]))
    assert staged.broken() == {}
    assert staged.delivery.period_start == dt.date(2024, 1, 1)
    assert staged.records("iccs", "occurrence_first_level", "count") == [("0101", "MEX-09", 1)]


def test_what_people_do_to_a_template(tmp_path: Path) -> None:
    """Bare codes, text dates, blanks, spaces, a number where text belongs: read right, or told by its rule."""
    wanted = Wanted("incident", "es", "MEX")
    columns = [c for c in wanted.columns() if c.name in TOUCHED]
    rows = [
        example(columns, iccs="0101", occurrence_date="2024-02-09", count=None),
        example(columns, iccs=" 0102 · lo que sea ", occurrence_date="09/02/2024", occurrence_country=None),
        example(columns, iccs=101),
        example(columns, occurrence_first_level=1, occurrence_hour="21:30"),
        example(columns, event_class="Delito"),
        example(columns, counting_unit=None),
        example(columns, occurrence_date=dt.date(2024, 5, 1), report_date=None),
        example(columns, report_date=dt.date(2024, 1, 1)),
        example(columns, record_status=None, occurrence_date_precision=None),
    ]
    staged = taken(made(tmp_path, wanted), filled(wanted, rows))
    assert staged.broken() == {
        "iccs.unknown_code": [3],
        "occurrence_first_level.unknown_code": [4],
        "event_class.unknown_code": [5],
        "counting_unit.missing": [6],
        "date.outside_period": [7],
        "report_date.before_occurrence": [8],
    }
    read = staged.records("iccs", "occurrence_date", "count", "occurrence_country")
    assert read[0] == ("0101", dt.date(2024, 2, 9), 1, "MEX")
    assert read[1] == ("0102", dt.date(2024, 2, 9), 1, "MEX")
    assert staged.records("record_status", "occurrence_date_precision")[8] == ("provisional", "day")


def test_a_template_without_its_edition_says_so(tmp_path: Path) -> None:
    wanted = Wanted("incident", "es", "MEX")
    source = made(tmp_path, wanted)
    with pytest.raises(Refusal) as refusal:
        taken(source, filled(wanted, [example(wanted.columns())], edition=None))
    assert refusal.value.code == "no_edition"


def test_more_rows_than_have_drop_downs_are_loaded(tmp_path: Path) -> None:
    wanted = Wanted("area", "es", "MEX", identifiers=False)
    rows = [example(wanted.columns(), area_code=f"MEX-{n:05}", parent_code="MEX") for n in range(20)]
    staged = taken(made(tmp_path, wanted), filled(wanted, rows, with_lists=5))
    assert staged.delivery.records_made == 20
    assert staged.broken() == {}


def test_a_source_by_the_table_schema_takes_a_csv_file(tmp_path: Path) -> None:
    wanted = Wanted("incident", "es", "MEX", identifiers=False)
    columns = wanted.columns()
    sink = io.StringIO()
    rows = csv.writer(sink)
    rows.writerow(c.name for c in columns)
    rows.writerow(examples.value(c, "es") for c in columns)
    staged = taken(made(tmp_path, wanted, "frictionless"), sink.getvalue(), "entrega.csv")
    assert staged.broken() == {}
    assert staged.delivery.records_made == 1


def test_a_source_by_the_json_schema_takes_a_list_of_records(tmp_path: Path) -> None:
    wanted = Wanted("incident", "es", "MEX", identifiers=False)
    columns = wanted.columns()
    texts = {c.name: examples.value(c, "es") for c in columns}
    record = {c.name: json.loads(texts[c.name]) if c.kind in NUMBERS else texts[c.name] for c in columns}
    sparse = {c.name: record[c.name] if c.required else None for c in columns}
    source = made(tmp_path, wanted, "json-schema")
    staged = taken(source, json.dumps([record, sparse]), "entrega.json")
    assert staged.broken() == {}
    assert staged.delivery.records_made == 2
    assert staged.records("count", "iccs") == [(1, record["iccs"]), (1, None)]


def test_a_source_says_what_is_to_be_completed(tmp_path: Path) -> None:
    wanted = Wanted("death", "es", "MEX")
    template.declare(wanted, "xlsx", tmp_path / "mex_deaths", source_type="forensic", owner=None, demo=False)
    agreement = discovery.read(tmp_path / "mex_deaths").specification.agreement
    assert agreement.incomplete == ["owner", "legal_basis", "recipients", "licence", "citation"]


@pytest.mark.parametrize(
    ("wanted", "form", "source_type", "what", "how"),
    [
        (Wanted("incident"), "xlsx", "police", "a source needs --country", "such as MEX"),
        (Wanted("incident", "es", "MEX"), "xlsx", None, "a source needs --source-type", "police"),
        (Wanted("incident", "es", "MEX"), "xlsx", "polise", "a source needs --source-type", "mean 'police'"),
        (Wanted("incident", "es", "MX"), "xlsx", "police", "unknown country 'MX'", "MEX"),
        (Wanted("incidents", "es", "MEX"), "xlsx", "police", "unknown record type 'incidents'", "'incident'"),
    ],
)
def test_what_cannot_be_made(
    tmp_path: Path, wanted: Wanted, form: template.Form, source_type: str | None, what: str, how: str
) -> None:
    with pytest.raises(Misuse) as misuse:
        template.declare(wanted, form, tmp_path / "mex_x", source_type=source_type, owner=None, demo=True)
    assert what in misuse.value.what
    assert how in misuse.value.how
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "plantilla.xlsx"
    template.write(b"empty", path)
    template.write(b"empty", path)
    path.write_bytes(b"filled in")
    with pytest.raises(Misuse, match="may be a template that is filled in"):
        template.write(b"empty", path)
    assert path.read_bytes() == b"filled in"
    made(tmp_path, Wanted("area", "es", "MEX"))
    with pytest.raises(Misuse, match="exists already"):
        made(tmp_path, Wanted("area", "es", "MEX"))
