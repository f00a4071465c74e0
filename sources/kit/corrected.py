"""Corrections applied to the raw rows of a delivery, in SQL, before anything is mapped.

Each must find exactly one record, with the value that it says is wrong; anything else stops the delivery. No message
shows a value of an identifier or restricted column.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import duckdb

from schemas import sql
from schemas.errors import Misuse, Refusal
from schemas.staging import AppliedCorrection
from sources.kit.corrections import Correction, Corrections, hidden
from sources.kit.raw_text import UNIT_SEPARATOR, clean
from sources.kit.readers import raw as raw_rows
from sources.kit.readers.raw import Raw
from sources.kit.specification import Layout


@dataclass(frozen=True)
class _Found:
    """The records that a correction names: how many, the first of them, and what stands there."""

    n: int
    number: int
    row_id: int
    is_old: bool
    is_new: bool


_NONE = _Found(0, 0, 0, False, False)


@dataclass(frozen=True)
class Delivered:
    """A delivery whose raw rows are in their table."""

    connection: duckdb.DuckDBPyConnection
    raw: Raw
    layout: Layout
    file_name: str
    edition: dt.date | None


def apply(corrections: Corrections, delivered: Delivered) -> tuple[AppliedCorrection, ...]:
    """Correct the raw rows of a delivery.

    Returns:
        What was corrected, in the order of the declaration.

    Raises:
        Refusal: A record that a correction names is not there, is there several times, or has another value.
        Misuse: A correction by position lacks the hash of its record.
    """
    wanted = [c for c in corrections.of(delivered.file_name) if c.holds(delivered.edition)]
    for correction in wanted:
        if correction.row is not None and correction.row_hash is None:
            raise _hash_missing(correction, delivered, corrections.where(correction))
    records = _records(wanted, delivered)
    hits: list[tuple[Correction, _Found]] = []
    for correction in wanted:
        found = records.get(correction.name, _NONE)
        if found.n == 0 and correction.file is None:
            continue  # the record is in another delivery
        _require_error(correction, found, delivered, corrections.where(correction))
        hits.append((correction, found))
    _require_apart(hits, corrections)
    _write(hits, delivered)
    return tuple(_applied(correction, found, delivered.layout) for correction, found in hits)


def _records(wanted: Sequence[Correction], delivered: Delivered) -> dict[str, _Found]:
    """The records of each correction, those that look at the same columns in one query."""
    alike: dict[tuple[str, ...], list[Correction]] = defaultdict(list)
    for correction in wanted:
        if correction.columns <= set(delivered.raw.columns):
            alike[correction.column, *sorted(correction.key or ())].append(correction)
    found: dict[str, _Found] = {}
    for (column, *keys), group in alike.items():
        of_key = [c for c in group if c.key is not None]
        tests = [f"{clean(delivered.raw.columns[k])} = v.k{i}" for i, k in enumerate(keys)]
        found |= _query(
            of_key, delivered, column, tests, lambda c: [(c.key or {})[k] for k in sorted(c.key or {})]
        )
        by_hash = [c for c in group if c.key is None]
        same = [f"{_hash(delivered)} = v.k0"]
        found |= _query(by_hash, delivered, column, same, lambda c: [str(c.row_hash)])
    return found


def _query(
    group: Sequence[Correction],
    delivered: Delivered,
    column: str,
    tests: Sequence[str],
    key: Callable[[Correction], list[str]],
) -> dict[str, _Found]:
    if not group:
        return {}
    position = delivered.raw.row_number()
    value = f"coalesce({clean(delivered.raw.columns[column])}, '')"
    names = ", ".join(["name", "row", "old", "new", *(f"k{i}" for i in range(len(key(group[0]))))])
    values = ", ".join(
        f"({sql.text(c.name)}, {c.row or 0}, {sql.texts(t.strip() for t in (c.old, c.new, *key(c)))})"
        for c in group
    )
    rows = delivered.connection.execute(
        f"""SELECT v.name, {position} = v.row AS here, count(*), min({position}), min(rowid),
            bool_and({value} = v.old), bool_and({value} = v.new)
        FROM {raw_rows.TABLE} JOIN (VALUES {values}) AS v({names}) ON {" AND ".join(tests)}
        GROUP BY ALL ORDER BY v.name, here"""
    ).fetchall()
    found: dict[str, _Found] = {}
    for name, here, *facts in rows:
        these, before = _Found(*facts), found.get(name, _NONE)
        # of several equal records the position says which one is meant; it comes last
        if before.n and not (here and these.n == 1):
            these = replace(these, n=before.n + these.n)
        found[name] = these
    return found


def _hash(delivered: Delivered) -> str:
    """SQL of the hash of a record's open columns, in the order of the declaration."""
    texts = ", ".join(f"coalesce({delivered.raw.columns[c]}, '')" for c in delivered.layout.every.open)
    return f"left(md5(concat_ws({sql.text(UNIT_SEPARATOR)}, {texts})), 16)"


def _hash_missing(correction: Correction, delivered: Delivered, where: str) -> Misuse:
    position = delivered.raw.row_number()
    row = delivered.connection.execute(
        f"SELECT {_hash(delivered)} FROM {raw_rows.TABLE} WHERE {position} = {correction.row}"
    ).fetchone()
    if row is None:
        return Misuse(
            f"correction {correction.name!r}: {delivered.file_name} has no record {correction.row}",
            where=where,
            how="correct row or file; records are counted from 1 after the header",
            code="correction_not_found",
        )
    return Misuse(
        f"correction {correction.name!r} names record {correction.row} of {delivered.file_name} without its hash",
        where=where,
        how=f"look at the record; if it is the one that is meant, add row_hash: {row[0]}",
        code="correction_without_hash",
    )


def _require_error(correction: Correction, found: _Found, delivered: Delivered, where: str) -> None:
    """Hold that the one record with the error is there.

    Raises:
        Refusal: It is not.
    """
    remove = f"if the provider has mended the file, remove the correction {correction.name!r}"
    if found.n == 0:
        raise Refusal(
            f"correction {correction.name!r}: the record that it names is not in {delivered.file_name}",
            where=where,
            how=f"{remove}; else correct its key, its row or the name of its file",
            code="correction_not_found",
        )
    if found.n > 1:
        raise Refusal(
            f"correction {correction.name!r} names {found.n} records of {delivered.file_name}, and may name one",
            where=where,
            how="add columns to its key, or name the record by row and row_hash",
            code="correction_ambiguous",
        )
    if not found.is_old:
        stands = "the corrected value already" if found.is_new else "another value than the old one"
        raise Refusal(
            f"correction {correction.name!r}: record {found.number} of {delivered.file_name} has {stands} "
            f"in {correction.column!r}",
            where=where,
            how=f"{remove}, or say in until which edition had the error last"
            if found.is_new
            else f"ask the provider; {remove}, else correct old",
            code="correction_mended",
        )


def _require_apart(hits: Sequence[tuple[Correction, _Found]], corrections: Corrections) -> None:
    seen: dict[tuple[int, str], str] = {}
    for correction, found in hits:
        before = seen.setdefault((found.row_id, correction.column), correction.name)
        if before != correction.name:
            raise Misuse(
                f"the corrections {before!r} and {correction.name!r} change one value",
                where=corrections.where(correction),
                how="remove one of the two",
                code="correction_invalid",
            )


def _write(hits: Sequence[tuple[Correction, _Found]], delivered: Delivered) -> None:
    by_column: dict[str, list[str]] = defaultdict(list)
    for correction, found in hits:
        new = sql.text(correction.new) if correction.new.strip() else "NULL"
        by_column[delivered.raw.columns[correction.column]].append(f"({found.row_id}, {new})")
    for column, values in by_column.items():
        delivered.connection.execute(
            f"""UPDATE {raw_rows.TABLE} SET {column} = v.new
            FROM (VALUES {", ".join(values)}) AS v(row_id, new) WHERE {raw_rows.TABLE}.rowid = v.row_id"""
        )


def _applied(correction: Correction, found: _Found, layout: Layout) -> AppliedCorrection:
    old, new = (None, None) if hidden(correction, layout) else (correction.old, correction.new)
    return AppliedCorrection(
        name=correction.name,
        digest=correction.digest,
        row_number=found.number,
        column=correction.column,
        old=old,
        new=new,
        reason=correction.reason,
        reporter=correction.reporter,
        reported_on=correction.date,
    )
