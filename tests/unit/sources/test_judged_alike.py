"""The schemas that a provider gets find wrong what we find wrong: in the same rows, for the same columns."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import frictionless
import jsonschema
import pytest

from pipelines.steps import template
from pipelines.steps.template import Wanted
from schemas import record_type
from schemas.templates import examples
from schemas.templates.columns import Column
from sources.kit import discovery, whole
from tests.unit.sources import desk

Found = set[tuple[int, str]]

#: A day before any that a record can be about.
ANCIENT = "1850-01-01"


def _wrong(column: Column) -> list[str]:
    """Texts that a column cannot hold."""
    wrong = [""] if column.required else []
    if column.codelist or column.areas:
        return [*wrong, "no such code", "ñ"]
    match column.kind:
        case "date":
            return [*wrong, "2024-02-30", "15/03/2024", "yesterday", *([ANCIENT] if column.days else [])]
        case "text":
            return [*wrong, "wrong form"] if column.pattern else wrong
        case "integer" if column.name.endswith("_hour"):
            return [*wrong, "24", "many"]
        case "integer":
            wrong += ["1.5", "many"]
    if column.low is not None:
        wrong.append(str(column.low if column.above else column.low - 1))
    if column.high is not None:
        wrong.append(str(column.high + 1))
    return wrong


def _rows(columns: tuple[Column, ...]) -> list[dict[str, str]]:
    """A good row, one with the required columns alone, and one for everything that can be wrong by itself."""
    good = {c.name: examples.value(c, "es") for c in columns}
    sparse = {c.name: good[c.name] if c.required else "" for c in columns}
    # columns that are declared alike are judged alike: the first of them stands for all
    different = {
        (c.field.sql_type, c.permitted, c.pattern, c.low, c.high, c.days, c.required, bool(c.areas)): c
        for c in reversed(columns)
    }
    rows = [good, sparse, *({**good, c.name: text} for c in different.values() for text in _wrong(c))]
    if any(c.name == "from_code" for c in columns):
        # the shares of one area add up to 1 in a whole delivery: each row speaks of an area of its own, and all of it
        own = (
            {"from_code": f"XAA-{n}"} if r["from_code"] == good["from_code"] else {}
            for n, r in enumerate(rows)
        )
        rows = [r | o for r, o in zip(rows, own, strict=True) if r["share"] == good["share"]]
    return rows


def _ours(folder: Path, wanted: Wanted, form: template.Form, path: Path) -> Found:
    home = folder / f"mex_{wanted.record_type}_{path.suffix[1:]}"
    template.declare(wanted, form, home, source_type="police", owner=None, demo=True)
    staged = desk.take_in(discovery.read(home), path, areas=("MEX-01", "MEX-02"))
    # the date that puts a record into its period is judged by what a delivery can be about
    names = {c.field.name: c.name for c in wanted.columns()} | {"date": wanted.kind.date_field}
    found = {
        (row, names[code.rpartition(".")[0]])
        for code, rows in staged.broken().items()
        for row in rows
        if code.rpartition(".")[2]
        in ("missing", "unreadable", "unknown_code", "range", "form", "outside_period")
    }
    staged.connection.close()
    return found


def _by_frictionless(path: Path, schema: dict[str, Any]) -> Found:
    resource = frictionless.Resource(
        path=path.name, basepath=str(path.parent), schema=frictionless.Schema.from_descriptor(schema)
    )
    report = resource.validate(limit_errors=100_000)
    return {(e.row_number - 1, e.field_name) for task in report.tasks for e in task.errors}  # type: ignore[attr-defined]


def _as_json(column: Column, text: str) -> Any:
    """A value as a system would write it in JSON: a number where it is one."""
    if text == "":
        return None
    try:
        return json.loads(text) if column.kind in ("integer", "number") else text
    except ValueError:
        return text


def _by_json_schema(records: list[dict[str, Any]], schema: dict[str, Any]) -> Found:
    jsonschema.Draft202012Validator.check_schema(schema)
    judge = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    return {
        (number, str(e.absolute_path[0]))
        for number, record in enumerate(records, start=1)
        for e in judge.iter_errors(record)
    }


@pytest.mark.parametrize("name", record_type.names())
def test_a_file_is_judged_alike(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # the rows are good and bad one by one; as a delivery they make no sense, which only we can tell
    monkeypatch.setattr(whole, "judge", lambda *_: ())
    wanted = Wanted(name, "es", "MEX")
    rows = _rows(wanted.columns())
    path = tmp_path / "entrega.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, [c.name for c in wanted.columns()])
        writer.writeheader()
        writer.writerows(rows)
    ours = _ours(tmp_path, wanted, "frictionless", path)
    # every wrong text is found, and nothing in the two good rows
    assert {row for row, _ in ours} == set(range(3, len(rows) + 1))
    assert _by_frictionless(path, json.loads(template.content(wanted, "frictionless"))) == ours
    columns = {c.name: c for c in wanted.columns()}
    records = [{name: _as_json(columns[name], text) for name, text in row.items()} for row in rows]
    # JSON Schema has no word for the days between which a date must lie
    ancient = {(number, name) for number, name in ours if rows[number - 1][name] == ANCIENT}
    assert _by_json_schema(records, json.loads(template.content(wanted, "json-schema"))) == ours - ancient
    sent = tmp_path / "entrega.json"
    sent.write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
    assert _ours(tmp_path, wanted, "json-schema", sent) == ours


def test_a_column_that_is_not_declared_is_found_by_all(tmp_path: Path) -> None:
    wanted = Wanted("area", "es", "MEX")
    schema = json.loads(template.content(wanted, "json-schema"))
    record = {c.name: examples.value(c, "es") for c in wanted.columns()} | {"colour": "red"}
    assert not jsonschema.Draft202012Validator(schema).is_valid(record)
    path = tmp_path / "entrega.csv"
    path.write_text(",".join(record) + "\n" + ",".join(record.values()) + "\n", encoding="utf-8")
    table = frictionless.Schema.from_descriptor(json.loads(template.content(wanted, "frictionless")))
    report = frictionless.Resource(path=path.name, basepath=str(tmp_path), schema=table).validate()
    assert not report.valid
