"""A folder for a source out of one file: from the bytes to the text of the declaration."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from schemas import codelists, record_type, sql
from schemas.errors import Misuse
from sources.kit import landing
from sources.kit.readers import raw
from sources.kit.readers.workspace import Workspace
from sources.kit.scaffold import (
    columns,
    compose,
    form,
    mapping,
    places,
    profile,
    record_types,
    rows,
    timing,
    vocabulary,
)
from sources.kit.scaffold.draft import NAMES, Asked, Draft, Seen
from sources.kit.specification import TO_COMPLETE


@dataclass(frozen=True)
class Missing:
    """Something that a person has to complete: what, and in which line of ``source.yml``."""

    line: int
    what: str


@dataclass(frozen=True)
class Scaffold:
    """A drafted folder.

    Args:
        files: Its files by name.
        draft: What was drafted.
        missing: What has to be completed before the source takes in what is in the file.
        agreement: What only the owner of the data knows; the source loads without it.
    """

    files: dict[str, str]
    draft: Draft
    missing: tuple[Missing, ...]
    agreement: tuple[Missing, ...]


def drafted(connection: duckdb.DuckDBPyConnection, file: Path, asked: Asked, work: Path) -> Scaffold:
    """Look at a file and draft the folder of its source.

    Args:
        connection: Where its rows are counted.
        file: The file.
        asked: What the technician says of the source.
        work: Folder for temporary copies.

    Raises:
        Refusal: The file is no table that can be read, or how it is read cannot be seen in it.
        Misuse: The file does not exist.
    """
    landed = landing.in_place(file)
    with Workspace(work) as workspace:
        found = form.found(landed, workspace)
        counted = profile.taken(connection, landed, found, workspace)
    names = frozenset(vocabulary.folded(n) for level in asked.areas.values() for n in level.values())
    told = columns.told(counted.columns, asked.country, names)
    placed = places.found(told, asked.country, asked.areas)
    values = rows.side_by_side(told)
    seen = Seen(file.name, found, counted, told, placed, values, (), {})
    kind, others, certain = _kind(asked, seen)
    seen = _with_numbers(connection, seen, asked, kind)
    draft = mapping.drafted(asked, seen, kind, others)
    if not certain:
        draft.missing.insert(0, draft.say("uncertain_type", others=", ".join((kind, *others))))
    files = compose.folder(draft, _span(connection, draft))
    missing, agreement = _missing(files["source.yml"], draft)
    return Scaffold(files, draft, missing, agreement)


def _kind(asked: Asked, seen: Seen) -> tuple[str, tuple[str, ...], bool]:
    """The record type, others that something speaks for, and whether it is certain."""
    known = record_type.names()
    found = record_types.candidates(
        seen.told,
        seen.places,
        seen.texts,
        side_by_side=seen.values.what if seen.values else "",
        rows=seen.profile.rows,
    )
    listed = [c.name for c in found if c.name in known]
    chosen = asked.record_type or (listed[0] if listed else "incident")
    certain = bool(asked.record_type or (found and found[0].score >= record_types.CERTAIN))
    return chosen, tuple(n for n in listed if n != chosen)[:4], certain


def _with_numbers(connection: duckdb.DuckDBPyConnection, seen: Seen, asked: Asked, kind: str) -> Seen:
    """What was seen with how numbers are written, and with the rows of totals."""
    if seen.values:
        names = list(seen.values.columns)
    else:
        amount = mapping.amount_column(seen, kind)
        names = [amount.name] if amount else []
    said = rows.number_words([seen.profile.column(name) for name in names], whole=True)
    areas = {vocabulary.folded(name) for name in asked.areas.get("first_level", {}).values()}
    totals = rows.totals(connection, seen.profile, seen.told, asked.country, names, said, areas)
    return Seen(
        seen.file_name,
        seen.found,
        seen.profile,
        seen.told,
        seen.places,
        seen.values,
        totals,
        said,
        rows.parents(seen.told),
        rows.merged(connection, seen.profile, seen.told),
    )


def _span(connection: duckdb.DuckDBPyConnection, draft: Draft) -> tuple[dt.date, dt.date] | None:
    """First and last day that the records speak of."""
    name = f"{draft.date_basis}_date"
    line = draft.lines.get(name) or draft.lines.get(draft.kind.date_field)
    if line is None:
        return None
    verb, seen = line.verb, draft.seen
    if verb["parse"] == "date" and verb["from"] in seen.profile.sql:
        column = f"nullif(trim({seen.profile.sql[verb['from']]}), '')"
        tried = ", ".join(f"try_strptime({column}, {sql.text(f)})" for f in verb["formats"] if "%" in f)
        if not tried:
            return None
        row = connection.execute(
            f"SELECT min(day)::DATE, max(day)::DATE FROM (SELECT coalesce({tried}) AS day FROM {raw.TABLE})"
        ).fetchone()
        return (row[0], row[1]) if row and row[0] else None
    years = _years(draft, verb)
    return (dt.date(min(years), 1, 1), dt.date(max(years), 12, 31)) if years else None


def _years(draft: Draft, verb: Mapping[str, Any]) -> list[int]:
    column = verb.get("year") or verb.get("from") or ""
    if column in draft.stated:
        said = timing.year(draft.seen.file_name, draft.seen.found.titles)
        return [said] if said else []
    seen = draft.seen
    if column == NAMES["year"] and seen.values:
        return [int(float(y)) for y in seen.values.columns.values()]
    if column not in seen.profile.sql:
        return []
    return [int(v) for v, _ in seen.profile.column(column).values if v.isdigit() and len(v) == 4]


def _missing(text: str, draft: Draft) -> tuple[tuple[Missing, ...], tuple[Missing, ...]]:
    """What is to be completed, with its line: what stops the load or a part of it, and the agreement."""
    lines = text.splitlines()
    open_lines = [(n, line.strip()) for n, line in enumerate(lines, start=1) if TO_COMPLETE in line]
    agreement = tuple(
        Missing(n, line.partition(":")[0]) for n, line in open_lines[1:] if not line.startswith("#")
    )
    found = [Missing(_line_of(lines, f"# {name}: ..."), told) for name, told in draft.missing_fields.items()]
    found += [Missing(_line_of(lines, told.partition(":")[0]), told) for told in draft.missing]
    return tuple(sorted(found, key=lambda m: m.line)), agreement


def _line_of(lines: list[str], wanted: str) -> int:
    said = [(n, line) for n, line in enumerate(lines, start=1) if wanted in line]
    return next((n for n, line in said if not line.lstrip().startswith("#")), said[0][0] if said else 1)


def require_known(country: str | None) -> str:
    """The country, which no file says of itself.

    Raises:
        Misuse: It is not given, or unknown.
    """
    known = codelists.load("country")
    if country is None or country not in known:
        raise Misuse(
            "which country is the source of?" if country is None else f"unknown country {country!r}",
            where="--country",
            how="give its code of three letters (ISO 3166-1 alpha-3), such as MEX; "
            "docs/reference/en/code-lists/country.md lists them",
            code="unknown_country",
        )
    return country
