"""From a value back to what it was made from."""

from __future__ import annotations

from collections.abc import Sequence

from indicators import explain as explaining
from indicators.explanation import Explanation
from pipelines.settings import Settings
from pipelines.steps import reading
from schemas.errors import Misuse
from warehouse import asof


def explain(
    settings: Settings,
    indicator: str,
    area: str,
    period: str,
    dimensions: Sequence[str],
    *,
    as_of: str | None = None,
    lines: int = 5,
) -> Explanation:
    """Account for one value of the current snapshot.

    Args:
        settings: The home folder.
        indicator: The indicator.
        area: Code of the area.
        period: ISO 8601 period.
        dimensions: Breakdowns as DIM=CODE; those not named are totals.
        as_of: A batch or a date.
        lines: How many positions of records to give.

    Raises:
        Misuse: There is no such indicator, dimension or value.
        Refusal: The records do not add up to the value.
    """
    codes = _codes(dimensions)
    with reading.current(settings) as connection:
        batch = asof.resolve(connection, as_of) if as_of is not None else None
        return explaining.explain(connection, indicator, area, period, codes, as_of=batch, lines=lines)


def _codes(dimensions: Sequence[str]) -> dict[str, str]:
    codes: dict[str, str] = {}
    for name, code in map(_pair, dimensions):
        if codes.setdefault(name, code) != code:
            raise Misuse(
                f"{name} is given twice, as {codes[name]} and as {code}",
                where="DIM=CODE",
                how="ask for one value at a time",
                code="two_breakdowns",
            )
    return codes


def _pair(dimension: str) -> tuple[str, str]:
    name, sign, code = dimension.partition("=")
    if not sign or not name or not code:
        raise Misuse(
            f"{dimension!r} is no breakdown",
            where="DIM=CODE",
            how="write it as dimension=code, for example sex=F",
            code="no_breakdown",
        )
    return name, code
