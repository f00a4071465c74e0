"""Groups of causes of death (ICD-10) as SQL over the range of causes that a record states."""

from __future__ import annotations

from collections.abc import Iterable

from schemas import codelists, sql


def ranges(group: str) -> list[tuple[str, str]]:
    """First and last code of every range of a group, codes without dot.

    Raises:
        Misuse: There is no such group.
    """
    return [(row["cause_from"], row["cause_to"]) for row in _rows(group)]


def _rows(group: str) -> list[dict[str, str]]:
    code = codelists.load("icd10_group").entry(group).code
    return [row for row in codelists.table("icd10_group_ranges") if row["group"] == code]


def within_sql(groups: Iterable[str], first: str, last: str) -> str:
    """SQL condition: the stated range of causes lies wholly in one range of one of the groups.

    A code of three characters stands for all its subdivisions, so that Y87 is not within Y87.1, and Y09.9 is
    within X85-Y09.
    """
    tests = [
        f"({first} >= {sql.text(low)} AND left(coalesce({last}, {first}), {len(high)}) <= {sql.text(high)})"
        for group in groups
        for low, high in ranges(group)
    ]
    return f"({' OR '.join(tests)})"


def words(group: str, language: str = "en") -> str:
    """A group as a person writes it, for example ``assault (X85-Y09, Y87.1)``; a range to be confirmed says so."""
    return f"{group} ({', '.join(range_words(row, language) for row in _rows(group))})"


def range_words(row: dict[str, str], language: str) -> str:
    """A row of ``icd10_group_ranges`` as a person writes it."""
    low, high = dotted(row["cause_from"]), dotted(row["cause_to"])
    shown = low if low == high else f"{low}-{high}"
    return f"{shown} ({codelists.UNCONFIRMED[language]})" if row["evidence"] == "needs_review" else shown


def dotted(code: str) -> str:
    """A code with its dot, for example ``Y87.1``."""
    return code if len(code) <= 3 else f"{code[:3]}.{code[3:]}"
