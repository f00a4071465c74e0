"""Groups of causes of death (ICD-10) as SQL over the range of causes that a record states."""

from __future__ import annotations

from collections.abc import Iterable

from schemas import codelists, sql


def ranges(group: str) -> list[tuple[str, str]]:
    """First and last code of every range of a group, codes without dot.

    Raises:
        Misuse: There is no such group.
    """
    code = codelists.load("icd10_group").entry(group).code
    rows = codelists.table("icd10_group_ranges")
    return [(row["cause_from"], row["cause_to"]) for row in rows if row["group"] == code]


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


def words(group: str) -> str:
    """A group as a person writes it, for example ``assault (X85-Y09, Y87.1)``."""
    shown = [dotted(low) if low == high else f"{dotted(low)}-{dotted(high)}" for low, high in ranges(group)]
    return f"{group} ({', '.join(shown)})"


def dotted(code: str) -> str:
    """A code with its dot, for example ``Y87.1``."""
    return code if len(code) <= 3 else f"{code[:3]}.{code[3:]}"
