"""The folder of a drafted source as text: ``source.yml`` with comments, its tables, its notes."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from schemas.templates.words import LANGUAGES
from sources.kit import editing
from sources.kit.scaffold import mapping, rows, timing, words
from sources.kit.scaffold.draft import NAMES, VALUE, Draft
from sources.kit.specification import TO_COMPLETE

#: Longest line of the declaration; longer lists go below each other.
WIDTH = 110
_PLAIN = re.compile(r"_?[^\W\d_][\w .()/°º-]*[\w)]|_?[^\W\d_]")
_BREAKDOWNS = ("sex", "age", "mechanism", "relationship", "context", "urbanisation")
#: Columns of which NOTES.md shows values, and how many.
_FREQUENT = 5


def folder(draft: Draft, span: Any) -> dict[str, str]:
    """The files of the source's folder, by name.

    Args:
        draft: What was drafted.
        span: First and last day that records speak of; None where they are not known.
    """
    files = {table.file: _table(draft, table.file) for table in draft.tables}
    return {"source.yml": declaration(draft, span), **files, "NOTES.md": notes(draft)}


def declaration(draft: Draft, span: Any) -> str:
    """The text of ``source.yml``."""
    parts = [_head(draft), _agreement(draft), _timing(draft, span), _delivers(draft), _layout(draft)]
    return "\n".join(line for part in parts for line in part) + "\n"


def _comment(text: str, indent: int = 0) -> list[str]:
    """A comment of as many lines as it takes."""
    lines, current = [], ""
    for word in text.split():
        if current and len(current) + len(word) + indent + 3 > WIDTH:
            lines.append(current)
            current = word
        else:
            current = f"{current} {word}".strip()
    return [f"{' ' * indent}# {line}" for line in [*lines, current]]


def _head(draft: Draft) -> list[str]:
    asked, kind = draft.asked, draft.kind
    texts = draft.seen.texts
    titles = {
        la: f"{asked.country}: {kind.titles[la]} ({asked.owner or asked.source_id})" for la in LANGUAGES
    }
    lines = [
        editing.COMMENT,
        *_comment(draft.say("made_by", file=draft.seen.file_name)),
        *_comment(draft.say("how", mark=TO_COMPLETE)),
        f"id: {asked.source_id}",
        "title:",
        *(f"  {language}: {_quoted(title)}" for language, title in titles.items()),
        f"country: {asked.country}",
    ]
    if not asked.record_type:
        others = ", ".join(draft.others) or "-"
        lines += _comment(draft.say("record_type", others=others))
    lines.append(f"record_type: {kind.name}")
    if not asked.source_type:
        lines += _comment(draft.say("source_type"))
    lines.append(f"source_type: {mapping.source_type(asked, kind.name, texts)}")
    return [*lines, *(["demo: true"] if asked.demo else [])]


def _agreement(draft: Draft) -> list[str]:
    return [
        *_comment(draft.say("agreement")),
        "agreement:",
        f"  owner: {_value(draft.asked.owner or TO_COMPLETE)}",
        f"  legal_basis: {TO_COMPLETE}",
        f"  recipients: {{research: [{TO_COMPLETE}], public: [{TO_COMPLETE}]}}",
        "  retention_years: 10",
        f"  licence: {TO_COMPLETE}",
        f"  citation: {TO_COMPLETE}",
    ]


def _timing(draft: Draft, span: Any) -> list[str]:
    seen = draft.seen
    edition = timing.edition(seen.file_name, seen.found.titles, span[1] if span else None)
    period = timing.period(seen.file_name, seen.found.titles, span)
    lines: list[str] = []
    if edition:
        lines += [*_comment(draft.say("edition", value=edition.value)), "edition:", *_keys(edition.words)]
    else:
        lines += _comment(draft.say("no_edition"))
    if period:
        value = f"{period.value[0]} – {period.value[1]}"
        lines += [*_comment(draft.say("edition", value=value)), "period:", *_keys(period.words)]
    return lines


def _keys(said: Mapping[str, Any]) -> list[str]:
    return [f"  {key}: {_value(value)}" for key, value in said.items()]


def _delivers(draft: Draft) -> list[str]:
    yearly = draft.kind.name in mapping.YEARLY or draft.precise == "year"
    slice_period = "all" if draft.kind.date_field == "valid_from" else "year" if yearly else "month"
    counted = (
        draft.kind.name not in mapping.YEARLY and draft.kind.amount == "count" and bool(draft.place_basis)
    )
    fields = set(draft.lines)
    told = [b for b in _BREAKDOWNS if {b, f"{b}_years", f"{b}_from"} & fields]
    case = next(
        (one for one in draft.seen.told if one.meaning == "case_id" and one.column.unique > 0.999), None
    )
    place = draft.place_basis or _any_place(draft)
    return [
        *_comment(draft.say("key", columns=case.name) if case else draft.say("no_key")),
        "delivers:",
        *_comment(draft.say("slice"), 2),
        f"  slice: {{period: {slice_period}}}",
        *(_comment(draft.say("cells"), 2) if counted else []),
        f"  cells: {'reported_values' if counted else 'none'}",
        *_comment(draft.say("basis"), 2),
        f"  place_basis: {place}",
        f"  date_basis: {draft.date_basis}",
        f"  breakdowns: [{', '.join(told)}]",
    ]


def _any_place(draft: Draft) -> str:
    """A place that the record type knows, where the file says none."""
    ending = "_first_level"
    places = [name.removesuffix(ending) for name in draft.kind.by_name if name.endswith(ending)]
    return "residence" if "residence" in places else places[0] if places else "jurisdiction"


def _layout(draft: Draft) -> list[str]:
    found = draft.seen.found
    said = ", ".join(f"{key}: {_value(value)}" for key, value in found.words.items())
    lines = ["layouts:"]
    if found.others:
        lines += _comment(draft.say("others", others=", ".join(found.others[:8])), 2)
    lines.append("  - id: first")
    one_line = f"    file: {{{said}}}"
    if len(one_line) <= WIDTH:
        lines.append(one_line)
    else:
        lines += ["    file:", *(f"      {key}: {_value(value)}" for key, value in found.words.items())]
    lines += ["    names: trimmed"] if found.trimmed else []
    lines += ["    values: trimmed"] if draft.seen.profile.untrimmed else []
    if draft.stated:
        lines += [*_comment(draft.say("year_in_title"), 4), "    stated:"]
        lines += [f"      {name}: {_flow(where)}" for name, where in draft.stated.items()]
    return [*lines, *_columns(draft), *_rows(draft), *_map(draft)]


def _columns(draft: Draft) -> list[str]:
    told = draft.seen.told
    lines = ["    columns:"]
    opened = [one.name for one in told if one.open]
    if opened:
        lines += _listed("open", opened, 6)
    identifiers = [one for one in told if one.sensitivity == "identifier"]
    if identifiers:
        lines += _comment(draft.say("identifier"), 6)
        lines += ["      identifier:", *(f"        {_key(one.name)}: {one.kind}" for one in identifiers)]
    restricted = [one.name for one in told if one.sensitivity == "restricted"]
    if restricted:
        lines += [*_comment(draft.say("restricted"), 6), *_listed("restricted", restricted, 6)]
    return lines


def _listed(key: str, names: list[str], indent: int) -> list[str]:
    line = f"{' ' * indent}{key}: [{', '.join(map(_value, names))}]"
    if len(line) <= WIDTH:
        return [line]
    return [f"{' ' * indent}{key}:", *(f"{' ' * indent}  - {_value(name)}" for name in names)]


def _rows(draft: Draft) -> list[str]:
    seen = draft.seen
    lines: list[str] = []
    if seen.merged:
        lines += [
            *_comment(draft.say("merged"), 6),
            f"      fill_down: [{', '.join(map(_value, seen.merged))}]",
        ]
    if seen.totals or seen.parents:
        lines += [*_comment(draft.say("total_rows"), 6), "      exclude:"]
        for total in seen.totals:
            lines += _comment(draft.say("stated"), 8) if total.control else []
            lines.append(f"        - {_flow(rows.exclude(total))}")
        if seen.parents:
            lines += _comment(draft.say("parents"), 8)
            lines.append(
                f"        - {_flow({'reason': 'parent_row', 'column': seen.parents, 'parents': 'prefix'})}"
            )
    if seen.values:
        lines += [*_comment(f"{draft.say('unpivot')}; {draft.say('blank')}", 6), "      unpivot:"]
        if seen.values.from_to:
            lines.append(f"        columns: {{range: [{seen.values.from_to[0]}, {seen.values.from_to[1]}]}}")
        else:
            pairs = {k: int(v) if v.isdigit() else v for k, v in seen.values.columns.items()}
            line = f"        columns: {_flow(pairs)}"
            below = ["        columns:", *(f"          {_key(k)}: {_value(v)}" for k, v in pairs.items())]
            lines += [line] if len(line) <= WIDTH else below
        lines += [
            f"        name: {NAMES[seen.values.what]}",
            f"        value: {VALUE}",
            "        blank: not_reported",
        ]
    return ["    rows:", *lines] if lines else []


def _map(draft: Draft) -> Iterator[str]:
    yield "    map:"
    for name, line in draft.lines.items():
        if line.comment:
            yield from _comment(line.comment, 6)
        text = f"      {name}: {_flow(line.verb)}"
        if len(text) <= WIDTH + 10:
            yield text
        else:
            yield f"      {name}:"
            yield from (f"        {key}: {_value(value)}" for key, value in line.verb.items())
    for name, text in draft.missing_fields.items():
        yield from _comment(f"{TO_COMPLETE}: {text}", 6)
        yield f"      # {name}: ..."
    unused = [one.name for one in draft.seen.told if one.open and one.name not in draft.read]
    if unused:
        yield from _comment(draft.say("not_used", columns=", ".join(unused[:40])), 6)


def _flow(said: Mapping[str, Any]) -> str:
    return "{" + ", ".join(f"{_key(key)}: {_value(value)}" for key, value in said.items()) + "}"


def _key(key: object) -> str:
    text = str(key)
    return text if _is_plain(text) or text.isdigit() else _quoted(text)


def _value(value: Any) -> str:
    """A value as YAML: without quotes where it stays the text that it is."""
    match value:
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case list() | tuple():
            return f"[{', '.join(map(_value, value))}]"
        case dict():
            return _flow(value)
        case str() if "\\" in value:
            return "'" + value.replace("'", "''") + "'"
        case _:
            return str(value) if _is_plain(str(value)) else _quoted(str(value))


def _is_plain(text: str) -> bool:
    if not _PLAIN.fullmatch(text):
        return False
    try:
        return bool(yaml.safe_load(text) == text)
    except yaml.YAMLError:
        return False


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _table(draft: Draft, file: str) -> str:
    table = next(t for t in draft.tables if t.file == file)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([table.column, "code", "status", "note"])
    for label, code, note in table.rows:
        told = f"{draft.say('confirm')}" if note == "like" else ""
        writer.writerow([label, code, "draft", told])
    return out.getvalue()


def notes(draft: Draft) -> str:
    """NOTES.md: what was seen, without any value of a column that may lead to a person."""
    seen, say = draft.seen, draft.say
    language = draft.asked.language
    lines = [
        f"# {say('notes_title', id=draft.asked.source_id)}",
        "",
        f"## {say('notes_file')}",
        "",
        f"- {seen.file_name}: {say('rows', n=seen.profile.rows, columns=len(seen.told))}",
        f"- {', '.join(f'{key}: {_value(value)}' for key, value in seen.found.words.items())}",
        *([f"- {say('others', others=', '.join(seen.found.others[:20]))}"] if seen.found.others else []),
        "",
        f"## {say('notes_columns')}",
        "",
        f"| {say('col_name')} | {say('col_use')} | {say('col_filled')} | {say('col_distinct')} | {say('col_values')} |",
        "|---|---|---|---|---|",
        *(_row(draft, one) for one in seen.told),
        "",
        f"## {say('notes_open')}",
        "",
        *(f"- {text}" for text in (*draft.missing_fields.values(), *draft.missing, *draft.confirm)),
        f"- {words.word('notes_ask', language)}",
    ]
    return "\n".join(lines) + "\n"


def _row(draft: Draft, one: Any) -> str:
    column = one.column
    use = one.sensitivity if not one.kind else f"{one.sensitivity} ({one.kind})"
    if one.open:
        most = [v if len(v) <= 40 else v[:40] + "..." for v, _ in column.values[:_FREQUENT]]
        values = ", ".join(most).replace("|", "\\|").replace("\n", " ")
    else:
        values = draft.say("hidden")
    name = one.name.replace("|", "\\|").replace("\n", " ")
    return f"| {name} | {use} | {column.filled} | {column.distinct} | {values} |"
