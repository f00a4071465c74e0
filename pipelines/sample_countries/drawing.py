"""Draws by name: SQL for values that follow from a file's seed, the name of the draw and a row's number.

A draw is independent of every other one, so that a field can be added without changing the others. No random state,
clock or locale is involved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipelines.sample_countries.plan import element, repeated


def below(name: str, limit: int) -> str:
    """SQL for a whole number from 0 to ``limit`` - 1.

    Args:
        name: Name of the draw; after an ``@`` the column by which it is drawn, where that is not the row.
        limit: One more than the largest number.
    """
    drawn, _, by = name.partition("@")
    return f"(md5_number_lower(seed || '/{drawn}/' || {by or 'j'}) % {limit})::BIGINT"


def between(name: str, low: int, high: int) -> str:
    """SQL for a whole number from ``low`` to ``high``, both included."""
    return f"({low} + {below(name, high - low + 1)})"


def of(name: str, values: Sequence[str | int | None]) -> str:
    """SQL for one of the values; a value that stands several times is drawn more often."""
    return element(values, below(name, len(values)))


def weighted(name: str, weights: Mapping[str, int]) -> str:
    """SQL for one of the codes, each as often as its weight says; the empty code is NULL."""
    codes = [code or None for code in weights]
    return of(name, [codes[position] for position in repeated(list(weights.values()))])


def chance(name: str, percent: int) -> str:
    """SQL that is true in so many of a hundred rows."""
    return f"({below(name, 100)} < {percent})"


def soon(name: str, days: int) -> str:
    """SQL for a number of days up to ``days``, small ones far more often."""
    drawn, at, by = name.partition("@")
    return f"({below(name, 1000)} * {below(f'{drawn}.2{at}{by}', 1000)} * {days} // 1000000)::INTEGER"


def day_of(name: str, first_year: int, last_year: int) -> str:
    """SQL for a day of the years, both included; the last days of leap years never come."""
    return f"(DATE '{first_year}-01-01' + {below(name, 365 * (last_year - first_year + 1))}::INTEGER)"
