"""Recoding as SQL: a code of ours for each label, from the declaration or from a table beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from schemas import codelists, sql
from schemas.compile import Judged
from schemas.errors import Misuse, offer
from schemas.record_type import Field
from sources.kit import correspondence
from sources.kit.correspondence import Correspondence, Entry
from sources.kit.raw_text import given, joined_key, look_up
from sources.kit.verbs.reading import Context, piece
from sources.kit.words import AnyMapping, Recode

#: One code for each label.
Pairs = dict[str, str]


@dataclass(frozen=True)
class Shares:
    """The codes that share the labels of a table.

    Args:
        sql: A list of the codes of a record: structs of place (0 = first), code, and the limits low and high of its
            share of the record, of which the first begins at 0 and the last ends at 1.
        most: The greatest number of codes that share a label.
    """

    sql: str
    most: int


def recoded(field: Field, verb: Recode, target: str, context: Context) -> Judged:
    """Our code for the label of a column, or of several that are looked up together.

    Where a table says since when or until when its rows hold, the SQL reads the field of the record's date. Of codes
    that share a label it is the first; ``shares`` has them all.

    Raises:
        Misuse: A table is missing or malformed, or a code does not belong to the field.
    """
    columns = [piece(verb, context.column(c)).text for c in verb.reads]
    spans = [
        (start, {label: of[0].code for label, of in rows.items()})
        for start, rows in _spans(field, verb, context)
    ]
    always = {k: v for k, v in spans[0][1].items() if all(pairs.get(k) == v for _, pairs in spans)}
    on_date = [(start, _code(columns, pairs, target)) for start, pairs in spans]
    value = _on_date(context, on_date, _code(columns, always, target))
    if verb.default is not None:
        value = f"CASE WHEN {given(columns)} THEN {value} ELSE {sql.text(verb.default)}::{target} END"
    unlisted = [u for u in verb.unknown if u not in labels(field, verb, context.folder)]
    return Judged(value, given(columns, unlisted if len(columns) == 1 else ()))


def shares(field: Field, verb: Recode, target: str, context: Context) -> Shares:
    """The codes among which a record is shared out; one whole share where its label has one code.

    Raises:
        Misuse: As ``recoded``.
    """
    columns = [piece(verb, context.column(c)).text for c in verb.reads]
    single = recoded(field, verb, target, context).value
    kind = f"STRUCT(place USMALLINT, code {target}, low DECIMAL(10, 9), high DECIMAL(10, 9))"
    whole = f"[{{'place': 0, 'code': {single}, 'low': 0, 'high': 1}}::{kind}]"
    spans, most = [], 1
    for start, rows in _spans(field, verb, context):
        several = {label: of for label, of in rows.items() if len(of) > 1}
        most = max([most, *(len(of) for of in several.values())])
        lists = {
            label: f"[{', '.join(_share(s, kind) for s in _limits(of))}]" for label, of in several.items()
        }
        spans.append((start, f"coalesce({_listed(columns, lists)}, {whole})" if lists else whole))
    return Shares(_on_date(context, spans, whole), most)


def _cure_of_code(code: str, listed: Sequence[str] | None) -> str:
    if listed is None:
        return "write a whole number"
    spare = "; unmapped stands for a known code without a class yet" if "unmapped" in listed else ""
    return offer(code, listed) + spare


def labels(field: Field, verb: Recode, folder: Path) -> Pairs:
    """The source's labels, each with one of our codes.

    Raises:
        Misuse: A table is missing or malformed, or a code does not belong to the field.
    """
    pairs = dict(verb.codes) if verb.codes is not None else table(verb, folder).labels
    listed = codelists.load(field.codelist).codes if field.codelist else None
    for label in verb.unknown:
        if listed is not None and "_U" in listed:
            pairs.setdefault(label, "_U")
    _check_codes(field, verb, pairs, folder)
    return pairs


def table(verb: Recode, folder: Path) -> Correspondence:
    """The table that a verb names.

    Raises:
        Misuse: It is missing or malformed.
    """
    return correspondence.read(folder / str(verb.table), verb.reads)


def of_table(mapped: AnyMapping, folder: Path) -> Correspondence | None:
    """The table of a field that is recoded by one; None for all other fields.

    Raises:
        Misuse: It is missing or malformed.
    """
    return table(mapped, folder) if isinstance(mapped, Recode) and mapped.table else None


def _check_codes(field: Field, verb: Recode, pairs: Pairs, folder: Path) -> None:
    listed = codelists.load(field.codelist).codes if field.codelist else None
    every = set(pairs.values())
    if verb.table is not None:
        every |= {e.code for e in table(verb, folder).entries}
    every |= set() if verb.default is None else {verb.default}
    if listed is not None:
        strange = sorted(every - set(listed))
    elif field.sql_type != "VARCHAR":
        strange = sorted(c for c in every if not (c.isascii() and c.removeprefix("-").isdigit()))
    else:
        strange = []
    if strange:
        wanted = f"code of the list {field.codelist}" if field.codelist else "whole number"
        raise Misuse(
            f"{field.name}: {strange[0]!r} is no {wanted}",
            where=str(folder / (verb.table or "source.yml")),
            how=_cure_of_code(strange[0], listed),
            code="unknown_target_code",
        )


def _spans(
    field: Field, verb: Recode, context: Context
) -> list[tuple[dt.date, dict[str, tuple[Entry, ...]]]]:
    """The rows that hold by label, for each span of time in which the table does not change."""
    pairs = labels(field, verb, context.folder)
    if verb.table is None:
        return [(dt.date.min, _whole(pairs))]
    found = table(verb, context.folder)
    unknown = _whole({k: v for k, v in pairs.items() if k not in found.labels})
    return [(start, {**rows, **unknown}) for start, rows in found.periods]


def _whole(pairs: Pairs) -> dict[str, tuple[Entry, ...]]:
    return {k: (Entry(k, v, Decimal(1), dt.date.min, dt.date.max, 0),) for k, v in pairs.items()}


def _on_date(context: Context, spans: Sequence[tuple[dt.date, str]], undated: str) -> str:
    """What holds on the record's date, or where it has none."""
    if len(spans) == 1:
        return spans[0][1]
    later = [start for start, _ in spans[1:]]
    cases = [
        f"WHEN {context.date} < DATE '{end}' THEN {value}"
        for end, (_, value) in zip(later, spans, strict=False)
    ]
    cases.append(f"WHEN {context.date} IS NOT NULL THEN {spans[-1][1]}")
    return f"CASE {' '.join(cases)} ELSE {undated} END"


def _code(columns: Sequence[str], pairs: Pairs, target: str) -> str:
    return _twice(columns, lambda key: look_up(key, pairs, target)) if pairs else f"NULL::{target}"


def _listed(columns: Sequence[str], lists: dict[str, str]) -> str:
    every = ", ".join(lists.values())
    return _twice(columns, lambda key: f"([{every}])[enum_code(TRY_CAST({key} AS {sql.enum(lists)})) + 1]")


def _twice(columns: Sequence[str], looked_up: Callable[[str], str]) -> str:
    """A look-up by the exact label first: trimming every value would cost more than the look-up."""
    plain = columns[0] if len(columns) == 1 else joined_key(columns, trimmed=False)
    trimmed = f"trim({columns[0]})" if len(columns) == 1 else joined_key(columns, trimmed=True)
    return f"coalesce({looked_up(plain)}, {looked_up(trimmed)})"


def _limits(of: Sequence[Entry]) -> list[tuple[int, str, Decimal, Decimal]]:
    """Place, code and limits of each share; the last ends at 1, whatever the rounding of the weights."""
    found, low = [], Decimal(0)
    for place, entry in enumerate(of):
        high = Decimal(1) if place == len(of) - 1 else low + entry.weight
        found.append((place, entry.code, low, high))
        low = high
    return found


def _share(limits: tuple[int, str, Decimal, Decimal], kind: str) -> str:
    place, code, low, high = limits
    return f"{{'place': {place}, 'code': {sql.text(code)}, 'low': {low}, 'high': {high}}}::{kind}"
