"""Raw rows to records before they are mapped: rows that are left out, and value columns side by side."""

from __future__ import annotations

from collections.abc import Iterator

from schemas import sql
from sources.kit import verbs
from sources.kit.mapping.given import NAME, VALUE, Given
from sources.kit.readers import raw as raw_rows
from sources.kit.specification import Exclude


def rows(given: Given) -> str:
    """Raw rows that are not left out as a whole, with their record numbers."""
    if given.scan:
        return given.scan
    reason = excluded(given)
    kept = "" if reason.startswith("NULL") else f" WHERE {reason} IS NULL"
    return f"SELECT {given.raw.row_number()} AS row_number, * FROM {raw_rows.TABLE}{kept}"


def unpivoted(given: Given, relation: str) -> str:
    """Value columns side by side turned into one record each."""
    unpivot = given.layout.rows.unpivot
    if unpivot is None:
        return f"SELECT 0::USMALLINT AS row_part, * FROM ({relation})"
    values = ", ".join(
        f"{{part: {i}, name: {sql.text(value)}, value: {given.raw.columns[header]}}}"
        for i, (header, value) in enumerate(unpivot.values.items(), start=1)
    )
    return f"""SELECT unpivoted.part::USMALLINT AS row_part, unpivoted.name AS {NAME},
            unpivoted.value AS {VALUE}, * EXCLUDE (unpivoted)
        FROM (SELECT unnest([{values}]) AS unpivoted, * FROM ({relation}))"""


def records(given: Given) -> str:
    """Raw rows as records, not mapped."""
    return unpivoted(given, rows(given))


def excluded(given: Given) -> str:
    """SQL for the reason under which a raw row is left out; NULL for a row that makes records."""
    tests = [f"WHEN {_fits(given, e)} THEN {sql.text(e.reason)}" for e in given.layout.rows.exclude]
    blank = " AND ".join(f"{verbs.clean(c)} IS NULL" for c in given.raw.columns.values())
    if given.layout.file.format == "workbook":
        tests.append(f"WHEN {blank} THEN 'blank_row'")
    return f"CASE {' '.join(tests)} END" if tests else "NULL::VARCHAR"


def excluding(given: Given) -> Iterator[tuple[Exclude, str]]:
    """Each declared exclusion with SQL that is true for the rows that it takes: the first that fits decides."""
    before: list[str] = []
    for exclude in given.layout.rows.exclude:
        fits = _fits(given, exclude)
        yield exclude, " AND ".join([fits, *(f"NOT {b}" for b in before)])
        before.append(fits)


def _fits(given: Given, exclude: Exclude) -> str:
    values = [verbs.clean(given.column(c)) for c in exclude.reads]
    if exclude.blank:
        return f"({' AND '.join(f'{v} IS NULL' for v in values)})"
    value = f"lower({values[0]})"
    if exclude.starts_with is not None:
        return f"coalesce(starts_with({value}, lower({sql.text(exclude.starts_with)})), false)"
    declared = exclude.among if exclude.among is not None else [exclude.equals or ""]
    wanted = ", ".join(f"lower({sql.text(text.strip())})" for text in declared)
    return f"coalesce({value} IN ({wanted}), false)"
