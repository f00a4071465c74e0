"""Planted faults: what each kind does to a row, and which rules the row then breaks.

A list of faults is the plan of a file's bad rows. In every ``PERIOD`` rows each kind comes once, at a fixed
place; from the place alone follow the row's spoilt values and the rules it breaks, so that the truth is counted
from the plan and never from the file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

#: In so many rows each kind of fault comes once.
PERIOD = 4000

#: Stands in a value for a delimiter that must not be quoted; the writer replaces it in the finished file.
STRAY = "chr(1)"

Planting = Literal["planted", "none", "all"]


@dataclass(frozen=True)
class Fault:
    """One kind of fault.

    Args:
        name: What is wrong, in a word.
        changes: What replaces a column's value (SQL over the row's good columns).
        rules: Codes of the rules that the row breaks; none for an oddity that must load.
        fields: What replaces a field before it is written in the provider's words (SQL over the record's fields).
        warns: Codes of the rules that are counted and do not keep the record from loading.
        repeats: ``same``: the row is another one once more; ``key``: it has only that row's key; ``case``: it is of
            the same case as the row before it, which is good.
        unreadable: The row cannot be split into its columns.
    """

    name: str
    changes: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    warns: tuple[str, ...] = ()
    repeats: Literal["same", "key", "case"] | None = None
    unreadable: bool = False

    @property
    def plain(self) -> bool:
        """Whether the row is quarantined for its own values."""
        return bool(self.rules) and self.repeats is None and not self.unreadable


def slot(faults: Sequence[Fault]) -> int:
    """Distance between two bad rows."""
    return PERIOD // len(faults)


def kind_of(faults: Sequence[Fault], planting: Planting, number: str = "i") -> str:
    """SQL for the kind (index in ``faults``) of row ``number``, NULL for a good row.

    With ``all`` every row is spoilt for its own values, the kinds in turn.
    """
    if planting == "none":
        return "NULL::INTEGER"
    if planting == "all":
        plain = [k for k, fault in enumerate(faults) if fault.plain]
        return f"({plain}::INTEGER[])[1 + {number} % {len(plain)}]"
    step = slot(faults)
    place = f"({number} % {PERIOD})"
    return f"CASE WHEN {place} % {step} = {step - 1} AND {place} < {step * len(faults)} THEN {place} // {step} END"


def untouched(faults: Sequence[Fault], number: str = "i") -> str:
    """SQL that is true for rows that neither have a fault nor stand before one (which may repeat them)."""
    step = slot(faults)
    return f"(({number} % {PERIOD}) % {step} NOT IN ({step - 2}, {step - 1}))"


def kinds(faults: Sequence[Fault], *, repeats: str | None = None, unreadable: bool | None = None) -> str:
    """The kinds that repeat in the given way, or are unreadable, as the text of a SQL list."""
    chosen = [
        k
        for k, fault in enumerate(faults)
        if (repeats is None or fault.repeats == repeats)
        and (unreadable is None or fault.unreadable == unreadable)
    ]
    return f"({', '.join(map(str, chosen)) or 'NULL'})"


def spoil(faults: Sequence[Fault]) -> str:
    """The REPLACE list that spoils the rows whose ``kind`` is not NULL."""
    cases: dict[str, str] = {}
    for kind, fault in enumerate(faults):
        for column, value in fault.changes.items():
            cases[column] = cases.get(column, "CASE kind") + f" WHEN {kind} THEN {value}"
    return ", ".join(f"{case} ELSE {column} END AS {column}" for column, case in cases.items())
