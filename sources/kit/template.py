"""The declaration that takes in what a provider sends in our own form: a ``source.yml`` made of a record type.

The columns are named like the fields and hold our codes, so that nothing has to be mapped by hand. What only the owner
of the data knows (legal basis, recipients, licence) stands there as ``to be completed``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import yaml

from schemas import codelists
from schemas.record_type import RecordType
from schemas.templates import columns as column_rules
from schemas.templates.columns import BETWEEN, Column
from schemas.templates.words import LANGUAGES, in_every_language
from sources.kit import editing
from sources.kit.specification import TO_COMPLETE

_DAY = r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})"
_FIRST = r"(?P<year>\d{4})-(?P<from_month>\d{2})-(?P<from_day>\d{2})"
_LAST = r"(?P<to_year>\d{4})-(?P<to_month>\d{2})-(?P<to_day>\d{2})"

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*")

_BREAKDOWNS = ("sex", "age", "mechanism", "relationship", "context", "urbanisation")


#: In which format the records come.
Delivered = Literal["workbook", "csv", "json"]


@dataclass(frozen=True)
class Provider:
    """Who sends the template filled in.

    Args:
        source_id: Name of the source.
        country: The country's alpha-3 code.
        source_type: Kind of institution.
        owner: Who answers for the data, where it is known.
        demo: Whether the data are made up.
    """

    source_id: str
    country: str
    source_type: str
    owner: str = TO_COMPLETE
    demo: bool = False


def declaration(kind: RecordType, columns: Sequence[Column], provider: Provider, form: Delivered) -> str:
    """The text of a ``source.yml`` for a template's columns.

    Args:
        kind: The record type.
        columns: The template's columns.
        provider: Who sends it.
        form: ``workbook`` for the XLSX template, ``csv`` for a file by the table schema, ``json`` for a list of
            records by the JSON schema.
    """
    parts = [_head(kind, provider), _agreement(provider)]
    if form == "workbook":
        parts.append(_edition(kind))
    parts += [_delivers(kind, columns), _layout(kind, columns, form)]
    return "\n".join(line for part in parts for line in part) + "\n"


def _head(kind: RecordType, provider: Provider) -> list[str]:
    kept = (provider.owner, provider.country)
    titles = {
        lang: f"{kind.titles[lang]} ({', '.join(k for k in kept if k != TO_COMPLETE)})" for lang in LANGUAGES
    }
    return [
        editing.COMMENT,
        f"# Made by: siprev source template {kind.name}. The template's columns are the fields of the record type.",
        f"id: {provider.source_id}",
        "title:",
        *(f"  {language}: {_quoted(title)}" for language, title in titles.items()),
        f"country: {provider.country}",
        f"record_type: {kind.name}",
        f"source_type: {provider.source_type}",
        *(["demo: true"] if provider.demo else []),
    ]


def _agreement(provider: Provider) -> list[str]:
    return [
        "# Complete this with the owner of the data; siprev source list --agreements shows what is open.",
        "agreement:",
        f"  owner: {_quoted(provider.owner)}",
        f"  legal_basis: {TO_COMPLETE}",
        f"  recipients: {{research: [{TO_COMPLETE}], public: [{TO_COMPLETE}]}}",
        "  retention_years: 10",
        f"  licence: {TO_COMPLETE}",
        f"  citation: {TO_COMPLETE}",
    ]


def _edition(kind: RecordType) -> list[str]:
    """Edition and period stand above the table, in whichever language the template is."""
    lines = ["edition:", "  from: text", f"  pattern: '{_beginning('edition')}\\D*{_DAY}'"]
    if column_rules.replaces(kind) == "month":
        lines += ["period:", "  from: text", f"  pattern: '{_beginning('period')}\\D*{_FIRST}\\D+{_LAST}'"]
    return lines


def _beginning(key: str) -> str:
    words = dict.fromkeys(text.partition(":")[0] for text in in_every_language(key))
    return f"^(?:{'|'.join(words)}):"


def _delivers(kind: RecordType, columns: Sequence[Column]) -> list[str]:
    fields = {c.field.name for c in columns}
    slice_period = column_rules.replaces(kind)
    bases = codelists.load("place_basis").codes
    known = [b for c in columns for b in bases if c.field.name == f"{b}_first_level"]
    date = kind.date_field.removesuffix("_date")
    # the area that belongs to the date of the record comes first
    place = next((p for p in known if p == date), known[0] if known else "jurisdiction")
    events = slice_period == "month" and bool(known)
    told = [b for b in _BREAKDOWNS if {b, f"{b}_years", f"{b}_from"} & fields]
    lines = ["delivers:", f"  slice: {{period: {slice_period}}}"]
    if events:
        lines += [
            "  # reported_values: an area and month without a row was not reported. Say whole_period if every file",
            "  # covers the whole country for its period, so that no row means zero.",
        ]
    return [
        *lines,
        f"  cells: {'reported_values' if events else 'none'}",
        f"  place_basis: {place}",
        f"  date_basis: {date}",
        f"  breakdowns: [{', '.join(told)}]",
    ]


def _layout(kind: RecordType, columns: Sequence[Column], form: str) -> list[str]:
    lines = ["layouts:", "  - id: template"]
    if form == "workbook":
        found = ", ".join([c.name for c in columns if c.required] or [columns[0].name])
        lines.append(f"    file: {{format: workbook, sheet: {kind.name}, header: {{contains: [{found}]}}}}")
        lines.append("    names: trimmed")
    else:
        lines.append(f"    file: {{format: {form}, encoding: utf-8}}")
    lines.append("    columns:")
    for sensitivity in ("open", "identifier", "restricted"):
        names = [c.name for c in columns if c.sensitivity == sensitivity]
        if names:
            lines += [f"      {sensitivity}:", *(f"        - {n}" for n in names)]
    lines.append("    map:")
    # a person may type a date as text; a system writes the one form that the schema names
    dates = ["%Y-%m-%d", "%d/%m/%Y"] if form == "workbook" else ["%Y-%m-%d"]
    return [*lines, *(f"      {line}" for line in _map(columns, dates))]


def _map(columns: Sequence[Column], dates: list[str]) -> Iterator[str]:
    for column in columns:
        verb = ", ".join(f"{key}: {_value(value)}" for key, value in _verb(column, dates).items())
        yield f"{column.field.name}: {{{verb}}}"


def _verb(column: Column, dates: list[str]) -> dict[str, Any]:
    """How a column becomes its field."""
    name = column.name
    if column.sensitivity == "identifier":
        return {"hmac": name}
    match column.kind:
        case "date":
            return {"parse": "date", "from": name, "formats": dates}
        case "number":
            return {"parse": "decimal", "from": name}
        case "integer" if name.endswith("_hour"):
            return {"parse": "hour", "from": name}
        case "integer" if column.empty is None:
            return {"parse": "integer", "from": name}
    verb: dict[str, Any] = {"copy": name}
    if column.codelist or column.prefix:
        verb["split"] = {"by": BETWEEN, "part": 1}
    if column.prefix:
        verb["prefix"] = column.prefix
    if column.empty is not None:
        verb["default"] = column.empty
    return verb


def _value(value: Any) -> str:
    """A value as YAML: without quotes where it stays the text that it is."""
    if isinstance(value, list):
        return f"[{', '.join(_quoted(v) for v in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{k}: {_value(v)}' for k, v in value.items())}}}"
    if isinstance(value, int):
        return str(value)
    text = str(value)
    return text if _PLAIN.fullmatch(text) and yaml.safe_load(text) == text else _quoted(text)


def _quoted(text: Any) -> str:
    return json.dumps(str(text), ensure_ascii=False)
