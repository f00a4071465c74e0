"""Raw rows to records before they are mapped: rows that are left out, and value columns side by side."""

from __future__ import annotations

from collections.abc import Iterator

from schemas import sql
from sources.kit.conditions import holds, passes
from sources.kit.mapping import hierarchy
from sources.kit.mapping.given import NAME, VALUE, Given
from sources.kit.raw_text import clean, number
from sources.kit.readers import raw as raw_rows
from sources.kit.verbs.recode import Shares
from sources.kit.words.rows import NOTHING, Exclude, Unpivot

#: The share of a record that goes to one of the codes of its label.
SHARE = "u_share"


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
        return f"SELECT {int(given.parts)}::USMALLINT AS row_part, * FROM ({relation})"
    values = ", ".join(
        f"{{part: {i}, name: {sql.text(value)}, value: {given.raw.columns[header]}}}"
        for i, (header, value) in enumerate(unpivot.values.items(), start=1)
    )
    return f"""SELECT unpivoted.part::USMALLINT AS row_part, unpivoted.name AS {NAME},
            unpivoted.value AS {VALUE}, * EXCLUDE (unpivoted)
        FROM (SELECT unnest([{values}]) AS unpivoted, * FROM ({relation}))"""


def blank_value(given: Given, unpivot: Unpivot) -> str:
    """SQL for the reason under which the record of a blank value is left out; NULL for one with a value."""
    blank = f"{clean(VALUE)} IS NULL"
    reason = sql.text(unpivot.blank)
    if unpivot.total:
        parts = [f"coalesce({number(clean(given.raw.columns[c]))}, 0)" for c in unpivot.values]
        met = f"{number(clean(given.column(unpivot.total)))} = {' + '.join(parts)}"
        reason = f"CASE WHEN {met} THEN {sql.text(NOTHING)} ELSE {reason} END"
    return f"CASE WHEN {blank} THEN {reason} END"


def shared_out(given: Given, relation: str, shares: Shares) -> str:
    """Records whose label several codes share as one record for each, with its share of the count.

    The shares of a whole number are whole numbers that add up to it: each is what the rounded limits leave.
    """
    kind = given.kind.by_name["count"].sql_type
    part = f'(round("count" * {SHARE}.high) - round("count" * {SHARE}.low))::{kind}'
    place = f"(row_part + {SHARE}.place * {given.side_by_side})::USMALLINT"
    whole = f"[list_extract({shares.sql}, 1)]"
    # a count that cannot be read is not shared out
    several = f'CASE WHEN "count" IS NULL THEN {whole} ELSE {shares.sql} END'
    return f"""SELECT * EXCLUDE ({SHARE}) REPLACE ({part} AS "count", {place} AS row_part),
            {SHARE}.code AS {sql.name(str(given.shared_out))}
        FROM (SELECT *, unnest({several}) AS {SHARE} FROM ({relation}))"""


def records(given: Given, most: int = 1) -> str:
    """Raw rows as records, not mapped.

    Args:
        given: The delivery.
        most: Into how many parts a record can be shared out; each is there, whether it was made or not.
    """
    made = unpivoted(given, rows(given))
    if most == 1:
        return made
    place = f"(row_part + place * {given.side_by_side})::USMALLINT"
    return f"SELECT * EXCLUDE (place) REPLACE ({place} AS row_part) FROM ({made}), range({most}) AS of(place)"


def excluded(given: Given) -> str:
    """SQL for the reason under which a raw row is left out; NULL for a row that makes records."""
    tests = [f"WHEN {fits} THEN {sql.text(exclude.reason)}" for exclude, fits in _tests(given)]
    blank = " AND ".join(f"{clean(c)} IS NULL" for c in given.raw.columns.values())
    if given.layout.file.leaves_out_blank_rows:
        tests.append(f"WHEN {blank} THEN 'blank_row'")
    return f"CASE {' '.join(tests)} END" if tests else "NULL::VARCHAR"


def excluding(given: Given) -> Iterator[tuple[Exclude, str]]:
    """Each declared exclusion with SQL that is true for the rows that it takes: the first that fits decides."""
    before: list[str] = []
    for exclude, fits in _tests(given):
        yield exclude, " AND ".join([fits, *(f"NOT {b}" for b in before)])
        before.append(fits)


def excluded_by_date(given: Given) -> str | None:
    """SQL for the reason under which a record is left out by one of its dates; None where none is."""
    cases = []
    for exclude in given.layout.rows.by_date:
        first = exclude.first_day(given.edition)
        limits = [f"{exclude.date} >= DATE '{first}'"] if first else []
        limits += [f"{exclude.date} <= DATE '{exclude.until}'"] if exclude.until else []
        cases.append(f"WHEN {' AND '.join(limits)} THEN {sql.text(exclude.reason)}")
    return f"CASE {' '.join(cases)} END" if cases else None


def _tests(given: Given) -> Iterator[tuple[Exclude, str]]:
    """Each test of whole rows, with SQL that is true for the rows that it fits."""
    before: list[str] = []
    for exclude in given.layout.rows.whole:
        if exclude.parents is not None:
            own = hierarchy.is_above(given, exclude, before)
        else:
            own = passes(exclude, [given.column(c) for c in exclude.own])
        fits = " AND ".join([own, *(holds(condition, given.column) for condition in exclude.also)])
        yield exclude, f"({fits})"
        before.append(f"({fits})")
