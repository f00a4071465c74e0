"""Asking what was known: from a batch number or a date to the batch whose state answers.

Every view with history has a table macro beside it, ``<view>_as_of(batch)``, which works in plain DuckDB too.
"""

from __future__ import annotations

import re
from datetime import date

import duckdb

from schemas.errors import Misuse
from warehouse.declarations import meta
from warehouse.literals import literal

_BATCH = re.compile(r"\d{1,9}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def resolution(as_of: str) -> str:
    """Query of one row: the batch that answers (NULL if there is none), and the last batch.

    Args:
        as_of: A batch number, or a date YYYY-MM-DD: the last batch that ended by the end of that day, UTC.

    Raises:
        Misuse: It is neither.
    """
    last = f"(SELECT max(batch_id) FROM {meta.BATCH.path})"
    if _BATCH.fullmatch(as_of):
        return f"SELECT CASE WHEN {int(as_of)} <= {last} AND {int(as_of)} > 0 THEN {int(as_of)} END, {last}"
    try:
        day = date.fromisoformat(as_of) if _DATE.fullmatch(as_of) else None
    except ValueError:
        day = None
    if day is None:
        raise Misuse(
            f"{as_of!r} is neither a batch number nor a date",
            where="--as-of",
            how="give a batch number such as 12, or a date such as 2026-11-24",
            code="as_of_unreadable",
        )
    by_then = f"committed_at < {literal(day)} + INTERVAL 1 day"
    return f"SELECT max(batch_id) FILTER ({by_then}), {last} FROM {meta.BATCH.path}"


def require_batch(as_of: str, found: int | None, last: int | None) -> int:
    """The batch that the query of ``resolution`` found.

    Raises:
        Misuse: There is none.
    """
    if found is None:
        raise Misuse(
            f"nothing was in the warehouse as of {as_of}",
            where="--as-of",
            how=f"the last batch is {last}" if last else "the warehouse is empty",
            code="as_of_too_early",
        )
    return int(found)


def resolve(connection: duckdb.DuckDBPyConnection, as_of: str) -> int:
    """The batch whose state answers a question as of a batch or a date.

    Raises:
        Misuse: It is neither a batch nor a date, or there was no batch by then.
    """
    row = connection.execute(resolution(as_of)).fetchone()
    found, last = row if row else (None, None)
    return require_batch(as_of, found, last)
