"""What a recode means: our code for each label of the source, at each time.

The labels stand in ``source.yml`` or in a correspondence table (``sources.kit.correspondence``); the label of several
columns is their values joined. How it becomes SQL is in ``sources.kit.verbs``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from schemas import codelists
from schemas.errors import Misuse, offer
from schemas.record_type import Field
from sources.kit import correspondence
from sources.kit.words import Recode

#: Joins the values of several columns into one key; it does not occur in text.
UNIT_SEPARATOR = "\x1f"

Pairs = dict[str, str]


@dataclass(frozen=True)
class Recoding:
    """Labels and codes.

    Attributes:
        times: The first day of each time in which nothing changes, None for the first, and labels with codes then.
        timeless: Labels whose code is the same at all times: all that can be said of a record without a date.
        labels: All labels that are known at some time, in order.
    """

    times: tuple[tuple[dt.date | None, Pairs], ...]
    timeless: Pairs
    labels: tuple[str, ...]

    @property
    def dated(self) -> bool:
        """Whether the code of a label depends on the date of the record."""
        return len(self.times) > 1

    def codes_of(self, label: str) -> set[str]:
        """All codes that a label has at some time."""
        return {pairs[label] for _, pairs in self.times if label in pairs}


def recoding(field: Field, verb: Recode, folder: Path) -> Recoding:
    """The labels of a verb with our codes.

    Raises:
        Misuse: A table is missing or malformed, divides a label, or a code does not belong to the field.
    """
    if verb.codes is not None:
        made = Recoding(((None, dict(verb.codes)),), dict(verb.codes), tuple(verb.codes))
    else:
        made = _of_table(correspondence.read(folder / str(verb.table), verb.reads))
    if field.codelist and "_U" in codelists.load(field.codelist):
        made = _with_unknown(made, verb.unknown)
    codes = {code for _, pairs in made.times for code in pairs.values()}
    _check_codes(field, codes | ({verb.default} if verb.default is not None else set()), verb, folder)
    return made


def dated(verb: Recode, folder: Path) -> bool:
    """Whether a verb looks up a table whose codes depend on the date of the record.

    Raises:
        Misuse: The table is missing or malformed.
    """
    return verb.table is not None and correspondence.read(folder / verb.table, verb.reads).dated


def _of_table(table: correspondence.Correspondence) -> Recoding:
    if table.divided:
        row = table.divided[0]
        raise Misuse(
            f"{row.shown()} is {len([r for r in table.divided if r.label == row.label])} codes at once, "
            "and a record has one",
            where=f"{table.path}:{row.line}",
            how="keep the code that fits best with weight 1 and say so in note, or use unmapped",
            code="table_divides",
        )

    def joined(pairs: dict[correspondence.Label, str]) -> Pairs:
        return {UNIT_SEPARATOR.join(label): code for label, code in pairs.items()}

    return Recoding(
        tuple((start, joined(pairs)) for start, pairs in table.times()),
        joined(table.timeless()),
        tuple(UNIT_SEPARATOR.join(label) for label in table.labels),
    )


def _with_unknown(made: Recoding, unknown: list[str]) -> Recoding:
    """Raw values that mean "unknown" get the code for it, unless they have another."""
    told = {value: "_U" for value in unknown if value not in made.labels}
    return Recoding(
        tuple((start, pairs | told) for start, pairs in made.times),
        made.timeless | told,
        (*made.labels, *told),
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
    if strange:
        raise Misuse(
            f"{field.name}: {strange[0]!r} is no {wanted}",
            where=str(folder / (verb.table or "source.yml")),
            how=_cure_of_code(strange[0], listed),
            code="unknown_target_code",
        )


def _cure_of_code(code: str, listed: Sequence[str] | None) -> str:
    if listed is None:
        return "write a whole number"
    spare = "; unmapped stands for a known code without a class yet" if "unmapped" in listed else ""
    return offer(code, listed) + spare
