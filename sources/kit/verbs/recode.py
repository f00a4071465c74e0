"""Recoding as SQL: a code of ours for each label, on the date of the record, or the codes that share it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from schemas import sql
from schemas.compile import Judged
from schemas.record_type import Field
from sources.kit.raw_text import given, joined_key, look_up
from sources.kit.recoding import Pairs, Recoding, recoding
from sources.kit.recoding import Shares as Codes
from sources.kit.verbs.reading import Context, piece
from sources.kit.words import Recode


@dataclass(frozen=True)
class Shares:
    """The codes that share the labels of a table.

    Args:
        sql: A list of the codes of a record: structs of code, and its share of what the codes before it leave, which
            is 1 for the last.
        label: The label of a record, as the table writes it.
        most: The greatest number of codes that share a label.
    """

    sql: str
    label: str
    most: int


def recoded(field: Field, verb: Recode, target: str, context: Context) -> Judged:
    """Our code for the label of a column, or of several that are looked up together.

    Where a table says since when or until when its rows hold, the SQL reads the field of the record's date. Of codes
    that share a label it is the first; ``shares`` has them all.

    Raises:
        Misuse: A table is missing or malformed, or a code does not belong to the field.
    """
    known = recoding(field, verb, context.folder)
    columns = [piece(verb, context.column(c)).text for c in verb.reads]
    codes = [_code(columns, pairs, target) for _, pairs in known.times]
    value = _on_date(context, known, codes, _code(columns, known.timeless, target))
    if verb.default is not None:
        value = f"CASE WHEN {given(columns)} THEN {value} ELSE {sql.text(verb.default)}::{target} END"
    unlisted = [u for u in verb.unknown if u not in known.labels]
    return Judged(value, given(columns, unlisted if len(columns) == 1 else ()))


def shares(field: Field, verb: Recode, target: str, context: Context) -> Shares:
    """The codes among which a record is shared out; one whole share where its label has one code.

    Raises:
        Misuse: As ``recoded``.
    """
    known = recoding(field, verb, context.folder)
    columns = [piece(verb, context.column(c)).text for c in verb.reads]
    kind = f"STRUCT(code {target}, of_left DECIMAL(16, 15))"
    single = recoded(field, verb, target, context).value
    whole = f"[{{'code': {single}, 'of_left': 1}}::{kind}]"
    lists = []
    for several in known.shared:
        parts = {
            label: f"[{', '.join(_share(s, kind) for s in _of_left(of))}]" for label, of in several.items()
        }
        lists.append(f"coalesce({_listed(columns, parts)}, {whole})" if parts else whole)
    most = max((len(of) for several in known.shared for of in several.values()), default=1)
    label = f"trim({columns[0]})" if len(columns) == 1 else joined_key(columns, trimmed=True)
    return Shares(_on_date(context, known, lists, whole), label, most)


def _on_date(context: Context, known: Recoding, values: Sequence[str], undated: str) -> str:
    """What holds on the record's date, or where it has none."""
    if not known.dated:
        return values[0]
    starts = [start for start, _ in known.times[1:]]
    later = [f"WHEN {context.date} >= DATE '{d}' THEN {v}" for d, v in zip(starts, values[1:], strict=True)]
    first = f"WHEN {context.date} IS NULL THEN {undated}"
    return f"CASE {first} {' '.join(reversed(later))} ELSE {values[0]} END"


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


def _of_left(of: Codes) -> list[tuple[str, Decimal]]:
    """Each code with its share of what those before it leave; the last has it all, whatever the digits."""
    found, left = [], Decimal(1)
    for code, weight in of[:-1]:
        found.append((code, weight / left))
        left -= weight
    return [*found, (of[-1][0], Decimal(1))]


def _share(share: tuple[str, Decimal], kind: str) -> str:
    code, of_left = share
    return f"{{'code': {sql.text(code)}, 'of_left': {of_left:.15f}}}::{kind}"
