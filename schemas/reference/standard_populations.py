"""Standard populations for age-standardised rates.

``standard_populations.csv`` has the weights as their authors give them, in their own unit (percent, or per 100,000) and
with their own rounding. A standard is used by its shares: the weights of WHO add up to 100.035, and a rate that took
them as hundredths would be too high by as much.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

from schemas import codelists
from schemas.codelists import reading
from schemas.errors import Misuse

WEIGHTS = Path(__file__).parent / "standard_populations.csv"
HEADER = ("standard", "age_from", "age_to", "weight")


@dataclass(frozen=True, slots=True)
class AgeWeight:
    """An age group of a standard: completed years from and to (None: and over), its weight as given, and its share.

    The shares of a standard add up to one.
    """

    age_from: int
    age_to: int | None
    weight: Decimal
    share: Decimal


@cache
def standard_population(standard: str) -> tuple[AgeWeight, ...]:
    """The age groups of a standard, from the youngest on.

    Args:
        standard: A code of the list ``standard_population``.

    Raises:
        Misuse: There is no such standard.
    """
    return read(WEIGHTS)[codelists.load("standard_population").entry(standard).code]


def read(path: Path) -> dict[str, tuple[AgeWeight, ...]]:
    """Read and check the weights of all standards.

    Raises:
        Misuse: An unknown standard, a weight that is no positive number, or age groups that leave a gap or overlap;
            ``where`` is file and line.
    """
    standards = codelists.load("standard_population")
    given: dict[str, list[tuple[int, int | None, Decimal]]] = {}
    for line, (standard, first, last, weight) in reading.rows(path, HEADER):
        where = f"{path}:{line}"
        if standard not in standards:
            raise _malformed(
                f"{standard!r} is no standard", where, f"use one of: {', '.join(standards.codes)}"
            )
        groups = given.setdefault(standard, [])
        ended = groups[-1][1] if groups else -1
        if ended is None or not first.isdigit() or int(first) != ended + 1:
            raise _malformed(
                f"{standard}: an age group starts at {first!r}",
                where,
                "write the groups from the youngest on, each starting a year after the one before ends",
            )
        if last and not (last.isdigit() and int(last) >= int(first)):
            raise _malformed(
                f"{standard}: an age group ends at {last!r}",
                where,
                "write its last completed year; leave it empty in the oldest group only",
            )
        groups.append((int(first), int(last) if last else None, _number(weight, where)))
    for standard, groups in given.items():
        if groups[-1][1] is not None:
            raise _malformed(
                f"{standard}: the oldest age group ends at {groups[-1][1]}",
                str(path),
                "leave age_to of the oldest group empty",
            )
    return {standard: _shares(groups) for standard, groups in given.items()}


def _shares(groups: list[tuple[int, int | None, Decimal]]) -> tuple[AgeWeight, ...]:
    whole = sum((weight for _, _, weight in groups), Decimal(0))
    return tuple(AgeWeight(first, last, weight, weight / whole) for first, last, weight in groups)


def _number(text: str, where: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal(0)
    if not (number.is_finite() and number > 0):
        raise _malformed(f"{text!r} is no weight", where, "write a positive number with a decimal point")
    return number


def _malformed(what: str, where: str, how: str) -> Misuse:
    return Misuse(what, where=where, how=how, code="malformed_reference")
