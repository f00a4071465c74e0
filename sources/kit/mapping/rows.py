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

#: The codes that share the label of a record, and the part of its count that goes to one of them.
SHARES, SHARE = "u_shares", "u_share"


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

    The shares hold over the delivery, not within each record alone: of the counts of one label, added up in the order
    of the file, the first code has what its weight says, rounded; of what is left the next, and so on. So the parts of
    a count are whole numbers that add up to it, and none is 0 unless the count is. Parts are numbered as they are made.
    """
    kind = given.kind.by_name["count"].sql_type
    # what can be no count is not shared out
    several = f"""CASE WHEN "count" >= 0 THEN {shares.sql} ELSE [list_extract({shares.sql}, 1)] END"""
    made = f'SELECT *, {several} AS {SHARES}, {shares.label} AS u_label, "count"::BIGINT AS u_left_0 FROM ({relation})'
    for nth in range(1, shares.most):
        made = f"SELECT *, u_left_{nth - 1} - ({_taken(nth)}) AS u_left_{nth} FROM ({made})"
    last = shares.most
    parts = ", ".join(
        f"{{code: {SHARES}[{n}].code, n: {f'u_left_{n - 1}' if n == last else f'u_left_{n - 1} - u_left_{n}'}}}"
        for n in range(1, last + 1)
    )
    kept = f"""[part FOR part IN ([{parts}])[:len({SHARES})] IF part.n <> 0 OR coalesce("count", 0) = 0]"""
    place = f"(row_part + ({SHARE}_nth - 1) * {given.side_by_side})::USMALLINT"
    left = ", ".join(f"u_left_{n}" for n in range(last))
    return f"""SELECT * EXCLUDE ({SHARE}, {SHARE}_nth, {SHARES}, u_label, {left})
            REPLACE ({SHARE}.n::{kind} AS "count", {place} AS row_part),
            {SHARE}.code AS {sql.name(str(given.shared_out))}
        FROM (SELECT * EXCLUDE (u_parts), unnest(u_parts) AS {SHARE}, generate_subscripts(u_parts, 1) AS {SHARE}_nth
            FROM (SELECT *, {kept} AS u_parts FROM ({made})))"""


def _taken(nth: int) -> str:
    """SQL of what the nth code has of what those before it have left of a count."""
    left = f"u_left_{nth - 1}"
    until = f"""sum({left}) OVER (PARTITION BY u_label, {SHARES} ORDER BY row_number, row_part
        ROWS UNBOUNDED PRECEDING)::DECIMAL(20, 0)"""
    # a label of one code, or of fewer than another, has nothing left for more
    weight = f"(CASE WHEN len({SHARES}) <= {nth} THEN 1 ELSE {SHARES}[{nth}].of_left END)::DECIMAL(16, 15)"
    return f"(round({until} * {weight}) - round(({until} - {left}) * {weight}))::BIGINT"


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
