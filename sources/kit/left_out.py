"""Rows of a delivery that are left out: how many under each reason, and the totals that such rows state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from schemas.errors import Refusal
from schemas.staging import Finding
from sources.kit.mapping import hierarchy, rows
from sources.kit.mapping.given import Given
from sources.kit.readers import raw as raw_rows
from sources.kit.verbs import numbers
from sources.kit.words import ParseNumber
from sources.kit.words.rows import Exclude

#: The rule that a total that is declared is there.
NO_TOTAL = "control_total.missing"
#: Rows that a message shows.
SHOWN = 5
#: How far a sum may be from what is stated.
NEARLY = 0.005


@dataclass(frozen=True)
class Stated:
    """A total that rows state.

    ``found`` is the sum of the rows below them; None where it is the sum of all records of the delivery.
    """

    reason: str
    expected: float
    found: float | None = None


def count(connection: duckdb.DuckDBPyConnection, given: Given) -> dict[str, int]:
    """Rows left out, by reason."""
    reason = rows.excluded(given)
    if reason.startswith("NULL"):
        return {}
    counts = connection.execute(
        f"SELECT {reason} AS reason, count(*) FROM {raw_rows.TABLE} WHERE reason IS NOT NULL GROUP BY 1 ORDER BY 1"
    ).fetchall()
    return {str(r): int(n) for r, n in counts}


def stated(connection: duckdb.DuckDBPyConnection, given: Given, file_name: str) -> list[Stated]:
    """The totals that rows left out state.

    Raises:
        Refusal: A total is no number, or the rows below a row do not add up to it.
    """
    found: list[Stated] = []
    for exclude, fits in rows.excluding(given):
        if exclude.control_total is None:
            continue
        if exclude.parents is not None:
            found += _of_hierarchy(connection, given, exclude, fits, file_name)
            continue
        query = f"SELECT {_number(given, exclude.control_total)} FROM {raw_rows.TABLE} WHERE {fits}"
        for (value,) in connection.execute(query).fetchall():
            if value is None:
                raise _unreadable(exclude, file_name)
            found.append(Stated(exclude.reason, float(value)))
    return found


def without_total(given: Given, found: Sequence[Stated]) -> tuple[Finding, ...]:
    """A warning where totals are declared and the delivery has no row that states one.

    Rows left out under one reason may be told in several ways; a total under any of them is one.
    """
    declared = {e.reason for e, _ in rows.excluding(given) if e.control_total is not None}
    missing = declared - {total.reason for total in found}
    return (Finding(NO_TOTAL, "warn", len(declared), len(missing), True),) if missing else ()


def _number(given: Given, column: str) -> str:
    """SQL of a stated number, with the signs that the counts of the layout have."""
    text, verb = given.column(column), given.layout.map.get("count")
    if isinstance(verb, ParseNumber) and (verb.thousands or verb.decimal == ","):
        return numbers.parsed(verb, text, "DOUBLE")
    return f"TRY_CAST({text} AS DOUBLE)"


def _of_hierarchy(
    connection: duckdb.DuckDBPyConnection, given: Given, exclude: Exclude, fits: str, file_name: str
) -> list[Stated]:
    number = _number(given, str(exclude.control_total))
    query = hierarchy.sums(given, exclude, fits, f"{rows.excluded(given)} IS NULL", number)
    found = connection.execute(query).fetchall()
    if any(expected is None or below is None for _, expected, below in found):
        raise _unreadable(exclude, file_name)
    wrong = [(code, expected, below) for code, expected, below in found if abs(expected - below) > NEARLY]
    if wrong:
        shown = "; ".join(
            f"{code}: states {expected:g}, below {below:g}" for code, expected, below in wrong[:SHOWN]
        )
        more = f"; and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
        raise Refusal(
            f"rows left out as {exclude.reason} hold more or less than the rows below them: {shown}{more}",
            where=file_name,
            how="ask the provider what is missing; without control_total the difference would be lost unseen",
            code="control_total",
        )
    return [Stated(exclude.reason, sum(e for _, e, _ in found), sum(b for _, _, b in found))] if found else []


def _unreadable(exclude: Exclude, file_name: str) -> Refusal:
    return Refusal(
        f"the total that the file states under {exclude.control_total!r} cannot be read",
        where=f"{file_name}, row left out as {exclude.reason}",
        how="correct the total, or take control_total out of source.yml",
        code="control_total",
    )
