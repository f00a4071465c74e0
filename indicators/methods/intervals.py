"""Confidence intervals of counts of rare events, and of the rates that are made from them.

Exact Poisson limits (Garwood 1936) below ten events, Byar's approximation (Breslow and Day 1987, page 69) from ten
on, as public health practice has it. The limits are those of the count; a rate's limits are the count's limits
times the same factor as the rate. For a complete count they describe random variation, not sampling error, and
say nothing of under-recording.
"""

from __future__ import annotations

import math
from functools import cache

#: Counts below this get exact limits.
EXACT_BELOW = 10
#: 97.5 % point of the standard normal distribution: limits have 95 % confidence.
Z = 1.959963984540054
ALPHA = 0.05
#: Decimals kept of an exact limit: more than any indicator prints, fewer than versions of scipy differ in.
EXACT_DECIMALS = 10


def garwood(count: int) -> tuple[float, float]:
    """Exact 95 % limits of a Poisson count.

    Example:
        >>> [round(limit, 4) for limit in garwood(5)]
        [1.6235, 11.6683]
    """
    from scipy.special import chdtri

    # chdtri(v, p) is the chi-square value with p of the distribution above it
    lower = 0.0 if count == 0 else float(chdtri(2 * count, 1 - ALPHA / 2)) / 2
    upper = float(chdtri(2 * count + 2, ALPHA / 2)) / 2
    return round(lower, EXACT_DECIMALS), round(upper, EXACT_DECIMALS)


def byar(count: int) -> tuple[float, float]:
    """Byar's 95 % limits of a Poisson count.

    Example:
        >>> [round(limit, 4) for limit in byar(50)]
        [37.1081, 65.9202]
    """
    lower = 0.0
    if count > 0:
        lower = count * (1 - 1 / (9 * count) - Z / (3 * math.sqrt(count))) ** 3
    above = count + 1
    upper = above * (1 - 1 / (9 * above) + Z / (3 * math.sqrt(above))) ** 3
    return lower, upper


def limits(count: int) -> tuple[float, float]:
    """Limits of a count by the rule of this module: exact below ten, Byar from ten on."""
    return garwood(count) if count < EXACT_BELOW else byar(count)


@cache
def _exact() -> tuple[tuple[float, float], ...]:
    return tuple(garwood(k) for k in range(EXACT_BELOW))


def _pick(values: str, count: str) -> str:
    """SQL expression: the value at the place of the count in a list that starts with the value for zero."""
    return f"([{values}]::DOUBLE[])[({count} + 1)::INTEGER]"


def lower_sql(count: str) -> str:
    """SQL expression: lower 95 % limit of the count in the SQL expression ``count`` (a whole number)."""
    exact = ", ".join(repr(lower) for lower, _ in _exact())
    k = f"({count})::DOUBLE"
    approximate = f"{k} * pow(1 - 1 / (9 * {k}) - {Z} / (3 * sqrt({k})), 3)"
    return f"CASE WHEN {count} < {EXACT_BELOW} THEN {_pick(exact, count)} ELSE {approximate} END"


def upper_sql(count: str) -> str:
    """SQL expression: upper 95 % limit of the count in the SQL expression ``count`` (a whole number)."""
    exact = ", ".join(repr(upper) for _, upper in _exact())
    k = f"({count} + 1)::DOUBLE"
    approximate = f"{k} * pow(1 - 1 / (9 * {k}) + {Z} / (3 * sqrt({k})), 3)"
    return f"CASE WHEN {count} < {EXACT_BELOW} THEN {_pick(exact, count)} ELSE {approximate} END"


def method_sql(count: str) -> str:
    """SQL expression: code of the method (list ``ci_method``) that the rule takes for the count in ``count``."""
    return f"CASE WHEN {count} < {EXACT_BELOW} THEN 'exact_poisson' ELSE 'byar' END"
