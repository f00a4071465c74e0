"""External causes of death and injury (ICD-10, chapter XX): intent, mechanism, road user and place of each code.

``tables/icd10_external_causes.csv`` has a line for every category of three characters from V01 to Y98, and one for each
subcategory that decides otherwise than its category. Codes are written without a dot. The classification's own text
belongs to WHO and is not repeated: a cause is named by its intent and its mechanism, in our words.

``fourth_character`` says what the fourth character of a code of that category means: ``place`` (where it happened,
``tables/icd10_place_digit.csv``), ``detail`` (a subdivision of the category's own) or ``none``.

Groups of causes with their definitions (homicide, road traffic as WHO counts it, and the like) are ranges, in
``tables/icd10_group_ranges.csv``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from schemas import codelists, sql


@dataclass(frozen=True, slots=True)
class Cause:
    """A category or subcategory.

    Attributes:
        code: Without dot.
        intent: Code of ``intent``; empty for a supplementary factor, which is never an underlying cause.
        mechanism: Code of ``mechanism``; empty like the intent.
        road_user: Code of ``road_user``; empty outside land transport.
        fourth_character: ``place``, ``detail`` or ``none``.
        evidence: Where intent and mechanism come from.
        note: For people.
    """

    code: str
    intent: str
    mechanism: str
    road_user: str
    fourth_character: str
    evidence: str
    note: str


@cache
def causes() -> dict[str, Cause]:
    """All lines of the table by code, in the order of the codes."""
    rows = codelists.table("icd10_external_causes")
    return {
        row["cause"]: Cause(
            row["cause"],
            row["intent"],
            row["mechanism"],
            row["road_user"],
            row["fourth_character"],
            row["evidence"],
            row["note"],
        )
        for row in rows
    }


def cause(code: str) -> Cause | None:
    """What a code means: the line of its subcategory, else that of its category; None outside the chapter."""
    return causes().get(code[:4]) or causes().get(code[:3])


def place_type(code: str) -> str | None:
    """Where it happened, as a code of ``place_type``; None where the code does not say.

    ``X954`` is in the street. ``Y35``, ``V`` codes and categories with subdivisions of their own say no place.
    """
    category = causes().get(code[:3])
    if category is None or category.fourth_character != "place" or len(code) != 4:
        return None
    digits = {row["digit"]: row["place_type"] for row in codelists.table("icd10_place_digit")}
    return digits.get(code[3])


def groups(code: str) -> tuple[str, ...]:
    """The groups of causes that a code belongs to by definition, in the order of ``icd10_group``."""
    held = {
        row["group"]
        for row in codelists.table("icd10_group_ranges")
        if in_range(code, row["cause_from"], row["cause_to"])
    }
    return tuple(g for g in codelists.load("icd10_group").codes if g in held)


def ranges(group: str) -> list[list[str]]:
    """First and last code of each range of a group, as rules keep them.

    Raises:
        ValueError: No group has that name.
    """
    held = [
        [r["cause_from"], r["cause_to"]] for r in codelists.table("icd10_group_ranges") if r["group"] == group
    ]
    if not held:
        raise ValueError(f"no group of causes is called {group!r}")
    return held


def sql_within(code: str, held: Iterable[Sequence[str]]) -> str:
    """SQL condition: a code of ICD-10 lies in one of these ranges, as ``in_range`` says."""
    tests = (
        f"left({code}, {len(first)}) >= {sql.text(first)} AND left({code}, {len(last)}) <= {sql.text(last)}"
        for first, last in held
    )
    return "(" + " OR ".join(f"({test})" for test in tests) + ")"


def in_range(code: str, cause_from: str, cause_to: str) -> bool:
    """Whether an ICD-10 code without dot lies in a range of a group.

    Each end is compared with as many characters as it has: ``Y09`` takes ``Y099`` in, and ``Y871`` to
    ``Y871`` is that subcategory alone, which the category ``Y87`` is not known to be. In SQL:
    ``left(c, length(cause_from)) >= cause_from AND left(c, length(cause_to)) <= cause_to``. An aggregate
    whose causes are stated as a range lies in a range when both its ends do.
    """
    return code[: len(cause_from)] >= cause_from and code[: len(cause_to)] <= cause_to
