"""Rules that hold for all indicators: which cells exist, how they are graded, which source comes first.

Each is one declared file beside this module. Belongs here: reading and checking them, and the SQL that they mean.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, RootModel, model_validator

from indicators.definition import DIMENSIONS, Dimension, Frequency, Level
from schemas import declaration, sql
from schemas.declaration import Declared

FOLDER = Path(__file__).parent
CELLS, QUALITY, PRECEDENCE = FOLDER / "cells.yml", FOLDER / "quality.yml", FOLDER / "precedence.yml"

Breakdown = tuple[Dimension, ...]
Measure = Literal[
    "coverage", "quarantined_share", "unknown_share", "events", "provisional", "population_estimated"
]


class CellPolicy(RootModel[dict[Level, dict[Frequency, list[Breakdown]]]]):
    """The breakdowns that exist for each level and frequency."""

    @model_validator(mode="after")
    def _ordered(self) -> CellPolicy:
        for level, frequencies in self.root.items():
            for freq, breakdowns in frequencies.items():
                for breakdown in breakdowns:
                    if list(breakdown) != sorted(breakdown, key=DIMENSIONS.index):
                        raise ValueError(
                            f"{level} {freq} {list(breakdown)}: write dimensions in the key's order"
                        )
                if len(set(breakdowns)) != len(breakdowns):
                    raise ValueError(f"{level} {freq}: a breakdown is given twice")
        return self

    def breakdowns(self, level: Level, freq: Frequency) -> list[Breakdown]:
        """Breakdowns that exist at a level and frequency; none if it is not in the policy."""
        return self.root.get(level, {}).get(freq, [])


class Grade(Declared):
    """One rule of the grading."""

    measure: Measure
    below: float | None = None
    above: float | None = None
    grade: Literal["B", "C", "D"]
    reason: str

    @model_validator(mode="after")
    def _one_limit(self) -> Grade:
        if (self.below is None) == (self.above is None):
            raise ValueError("say exactly one of below, above")
        return self

    @property
    def broken(self) -> str:
        """SQL condition over the measure's column: true when the limit is passed, never NULL."""
        test = f"< {self.below}" if self.below is not None else f"> {self.above}"
        return f"coalesce({self.measure} {test}, false)"


class Quality(Declared):
    """The grading: the first broken rule decides."""

    rules: list[Grade] = Field(min_length=1)

    def grade_sql(self) -> str:
        """SQL expression of the grade, over columns named like the measures."""
        cases = " ".join(f"WHEN {r.broken} THEN '{r.grade}'" for r in self.rules)
        return f"CASE {cases} ELSE 'A' END"

    def reason_sql(self) -> str:
        """SQL expression of the reason for the grade; NULL for grade A."""
        cases = " ".join(f"WHEN {r.broken} THEN {sql.text(r.reason)}" for r in self.rules)
        return f"CASE {cases} END"


class Order(Declared):
    """Sources of one country and record type, the first that has facts wins."""

    country: str
    record_type: str
    sources: list[str] = Field(min_length=2)


class Precedence(Declared):
    """All declared orders of sources."""

    order: list[Order]

    def rank(self, country: str, record_type: str, source: str) -> int | None:
        """Place of a source in the declared order of its country and record type; None if there is none."""
        for entry in self.order:
            if (entry.country, entry.record_type) == (country, record_type) and source in entry.sources:
                return entry.sources.index(source)
        return None


@cache
def cells() -> CellPolicy:
    """The cell policy.

    Raises:
        Misuse: The file does not fit; the message has file and line.
    """
    return declaration.load(CELLS, CellPolicy)


@cache
def quality() -> Quality:
    """The grading rules.

    Raises:
        Misuse: The file does not fit; the message has file and line.
    """
    return declaration.load(QUALITY, Quality)


@cache
def precedence() -> Precedence:
    """The declared orders of sources.

    Raises:
        Misuse: The file does not fit; the message has file and line.
    """
    return declaration.load(PRECEDENCE, Precedence)
