"""Rows of a table that holds a hierarchy: which stand above others, and what lies below them, as SQL."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from schemas import codelists, sql
from schemas.errors import Misuse
from sources.kit.mapping.given import Given
from sources.kit.raw_text import UNIT_SEPARATOR, clean, joined_key
from sources.kit.readers import raw as raw_rows
from sources.kit.words.rows import PREFIX, Exclude

#: A code and one that stands above it, at any distance.
Pair = tuple[str, str]


def is_above(given: Given, exclude: Exclude, before: Sequence[str]) -> str:
    """SQL that is true for a row whose code stands above that of another row, else false.

    Args:
        given: The delivery.
        exclude: The test.
        before: Tests that come first; rows that they take are in no hierarchy.
    """
    others = " AND ".join(f"NOT {b}" for b in before) or "true"
    code, group = _code(given, exclude), _group(given, exclude)
    below = f"SELECT {code} AS code, {group} AS hierarchy FROM {raw_rows.TABLE} WHERE {others}"
    above = f"SELECT above || {sql.text(UNIT_SEPARATOR)} || hierarchy FROM ({_above(given, exclude, below)})"
    return f"coalesce({code} || {sql.text(UNIT_SEPARATOR)} || {group} IN ({above}), false)"


def sums(given: Given, exclude: Exclude, fits: str, makes_records: str, number: str) -> str:
    """Query of each row that stands above others: code with what its hierarchy shares, number stated, sum below.

    Only rows that make records count below; a number that cannot be read is NULL.

    Args:
        given: The delivery.
        exclude: The test.
        fits: SQL that is true for the rows that stand above others.
        makes_records: SQL that is true for the rows that are not left out.
        number: SQL of the number that the rows state.
    """
    code, group = _code(given, exclude), _group(given, exclude)
    columns = f"{code} AS code, {group} AS hierarchy, {number} AS number"
    below = f"SELECT {columns} FROM {raw_rows.TABLE} WHERE {makes_records}"
    shared = f"' (' || replace(stated.hierarchy, {sql.text(UNIT_SEPARATOR)}, ', ') || ')'"
    called = f"stated.code || {shared}" if exclude.within else "stated.code"
    return f"""
        WITH stated AS (SELECT {columns} FROM {raw_rows.TABLE} WHERE {fits}),
        below AS (
            SELECT above, hierarchy, sum(number) AS number, bool_or(number IS NULL) AS unreadable
            FROM ({_above(given, exclude, below)}) GROUP BY ALL
        )
        SELECT {called}, stated.number, CASE WHEN NOT coalesce(unreadable, false) THEN coalesce(below.number, 0) END
        FROM stated LEFT JOIN below ON below.above = stated.code AND below.hierarchy = stated.hierarchy
        ORDER BY ALL"""


def pairs(parents: str, folder: Path) -> list[Pair]:
    """Every code of a list or a table with every code above it.

    Raises:
        Misuse: There is no such list or table, or it has no hierarchy.
    """
    if not parents.endswith(".csv"):
        if parents not in codelists.names():
            raise _no_hierarchy(f"there is no code list {parents!r}", "source.yml", folder)
        parent_of = {entry.code: entry.parent for entry in codelists.load(parents).entries}
    else:
        parent_of = _table(folder / parents)
    found = [(code, above) for code in parent_of for above in _ancestors(code, parent_of)]
    if not found:
        raise _no_hierarchy(f"no code of {parents} has a code above it", parents, folder)
    return found


def _no_hierarchy(what: str, file: str, folder: Path) -> Misuse:
    return Misuse(
        what,
        where=str(folder / file),
        how=f"write {PREFIX}, a code list whose codes have parents, or a CSV file with the columns code and parent",
        code="no_hierarchy",
    )


def _ancestors(code: str, parent_of: dict[str, str]) -> list[str]:
    found: list[str] = []
    above = parent_of.get(code, "")
    while above and above not in found and above != code:
        found.append(above)
        above = parent_of.get(above, "")
    return found


def _table(path: Path) -> dict[str, str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            rows = list(csv.DictReader(handle, strict=True))
        return {row["code"]: row["parent"] or "" for row in rows}
    except (OSError, UnicodeDecodeError, csv.Error, KeyError) as error:
        what = f"the table {path.name} cannot be read: {error.__class__.__name__}"
        raise _no_hierarchy(what, path.name, path.parent) from error


def _code(given: Given, exclude: Exclude) -> str:
    return clean(given.column(str(exclude.column)))


def _group(given: Given, exclude: Exclude) -> str:
    return joined_key([given.column(c) for c in exclude.within], trimmed=True) if exclude.within else "''"


def _above(given: Given, exclude: Exclude, below: str) -> str:
    """Rows of a relation with code and hierarchy, each with every code above it in ``above``."""
    if exclude.parents == PREFIX:
        return f"SELECT left(code, n) AS above, * FROM (SELECT *, unnest(range(1, length(code))) AS n FROM ({below}))"
    known = pairs(str(exclude.parents), given.folder)
    values = ", ".join(f"({sql.texts(pair)})" for pair in known)
    return (
        f"SELECT above, b.* FROM ({below}) AS b JOIN (VALUES {values}) AS p(code, above) ON p.code = b.code"
    )
