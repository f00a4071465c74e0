"""What a recode means: our code for each label of the source, at each time.

The labels stand in ``source.yml`` or in a correspondence table (``sources.kit.correspondence``); the label of several
columns is their values joined. How it becomes SQL is in ``sources.kit.verbs``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from schemas import codelists
from schemas.errors import Misuse, offer
from schemas.record_type import Field
from sources.kit import correspondence
from sources.kit.raw_text import UNIT_SEPARATOR
from sources.kit.words import AnyMapping, FirstOf, Recode

Pairs = dict[str, str]
#: Codes that share a label, each with its part of it.
Shares = tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True)
class Recoding:
    """Labels and codes.

    Attributes:
        times: The first day of each time in which nothing changes, None for the first, and labels with codes then; of
            a label that several codes share, the first of them.
        timeless: Labels whose code is the same at all times: all that can be said of a record without a date.
        labels: All labels that are known at some time, in order.
        shared: For each of the times the labels that several codes share.
    """

    times: tuple[tuple[dt.date | None, Pairs], ...]
    timeless: Pairs
    labels: tuple[str, ...]
    shared: tuple[dict[str, Shares], ...] = ()

    @property
    def dated(self) -> bool:
        """Whether the code of a label depends on the date of the record."""
        return len(self.times) > 1

    def codes_of(self, label: str) -> set[str]:
        """All codes that a label has at some time."""
        parts = {code for shared in self.shared for code, _ in shared.get(label, ())}
        return parts | {pairs[label] for _, pairs in self.times if label in pairs}


def recoding(field: Field, verb: Recode, folder: Path) -> Recoding:
    """The labels of a verb with our codes.

    Raises:
        Misuse: A table is missing or malformed, or a code does not belong to the field.
    """
    if verb.codes is not None:
        made = Recoding(((None, dict(verb.codes)),), dict(verb.codes), tuple(verb.codes))
    else:
        made = _of_table(correspondence.read(folder / str(verb.table), verb.reads))
    if field.codelist and "_U" in codelists.load(field.codelist):
        made = _with_unknown(made, verb.unknown)
    codes = {code for label in made.labels for code in made.codes_of(label)}
    _check_codes(field, codes | ({verb.default} if verb.default is not None else set()), verb, folder)
    return made


def dated(mapped: AnyMapping, folder: Path) -> bool:
    """Whether a field is looked up in a table whose codes depend on the date of the record.

    Raises:
        Misuse: A table is missing or malformed.
    """
    tables = (table(verb, folder) for verb in (mapped.root if isinstance(mapped, FirstOf) else [mapped]))
    return any(found.dated for found in tables if found)


def table(mapped: AnyMapping, folder: Path) -> correspondence.Correspondence | None:
    """The table that a verb looks up; None for all others.

    Raises:
        Misuse: It is missing or malformed.
    """
    if not isinstance(mapped, Recode) or mapped.table is None:
        return None
    return correspondence.read(folder / mapped.table, mapped.reads)


def _of_table(found: correspondence.Correspondence) -> Recoding:
    def joined(pairs: dict[correspondence.Label, str]) -> Pairs:
        return {UNIT_SEPARATOR.join(label): code for label, code in pairs.items()}

    times, shared = [], []
    for start, pairs in found.times():
        parts: dict[str, list[tuple[str, Decimal]]] = {}
        for row in found.divided:
            if row.holds(start or dt.date.min):
                parts.setdefault(UNIT_SEPARATOR.join(row.label), []).append((row.code, row.weight))
        times.append((start, joined(pairs) | {label: of[0][0] for label, of in parts.items()}))
        shared.append({label: tuple(of) for label, of in parts.items()})
    labels = tuple(UNIT_SEPARATOR.join(label) for label in found.labels)
    return Recoding(tuple(times), joined(found.timeless()), labels, tuple(shared))


def _with_unknown(made: Recoding, unknown: list[str]) -> Recoding:
    """Raw values that mean "unknown" get the code for it, unless they have another."""
    told = {value: "_U" for value in unknown if value not in made.labels}
    return Recoding(
        tuple((start, pairs | told) for start, pairs in made.times),
        made.timeless | told,
        (*made.labels, *told),
        made.shared,
    )


def _check_codes(field: Field, codes: set[str], verb: Recode, folder: Path) -> None:
    listed = codelists.load(field.codelist).codes if field.codelist else None
    if listed is not None:
        strange = sorted(codes - set(listed))
        wanted = f"code of the list {field.codelist}"
    elif field.sql_type != "VARCHAR":
        strange = sorted(c for c in codes if not (c.isascii() and c.removeprefix("-").isdigit()))
        wanted = "whole number"
    else:
        return
    if not strange:
        return
    told = [(code, f"{field.name}: {code!r} is no {wanted}", _cure_of_code(code, listed)) for code in strange]
    if verb.table is not None:
        rows = correspondence.read(folder / verb.table, verb.reads).rows
        faults = (
            correspondence.Fault(row.line, what, how, "unknown_target_code")
            for row in rows
            for code, what, how in told
            if code == row.code
        )
        correspondence.refuse(folder / verb.table, faults)
    # said by ``codes`` or ``default``
    raise Misuse(told[0][1], where=str(folder / "source.yml"), how=told[0][2], code="unknown_target_code")


def _cure_of_code(code: str, listed: Sequence[str] | None) -> str:
    if listed is None:
        return "write a whole number"
    spare = "; unmapped stands for a known code without a class yet" if "unmapped" in listed else ""
    return offer(code, listed) + spare
