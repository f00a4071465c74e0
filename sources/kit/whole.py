"""Rules on a whole delivery, judged over its records before it is loaded.

What such a rule finds marks records, is counted, or refuses the delivery, as its severity says.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import duckdb

from schemas import compile_delivery, sql
from schemas.errors import Refusal
from schemas.rules import Rule, explain
from schemas.staging import TABLE, Finding
from sources.kit import staged
from sources.kit.staged import BASE, CompiledMapping

#: Records that are judged: those that count are those that will be loaded; a step of a case is evidence in any case.
_KEPT, _GOOD = "exclusion IS NULL", "exclusion IS NULL AND NOT bad"


def judge(
    connection: duckdb.DuckDBPyConnection,
    compiled: CompiledMapping,
    row_number: str | None,
    n_records: int,
    file_name: str,
) -> tuple[Finding, ...]:
    """Judge the rules of a record type that need the whole delivery.

    Args:
        connection: Holds the staging table.
        compiled: What is in it and what is judged.
        row_number: SQL of the record number over the stored rows; None where it is stored.
        n_records: Records made.
        file_name: Name of the file, for messages.

    Returns:
        What the counting rules found, in the order in which they are declared.

    Raises:
        Refusal: A rule whose severity is ``file`` is broken.
    """
    rules = compiled.judging.whole
    for rule in rules:
        if rule.severity == "row":
            _mark(connection, compiled, rule, row_number)
    counting = [rule for rule in rules if rule.severity != "row"]
    within = [rule for rule in counting if rule.kind == "heaped_in_units"]
    counted = _counted(connection, [rule for rule in counting if rule not in within], n_records)
    found = tuple(_finding(rule, *counts) for rule, counts in counted)
    found += _in_units(connection, within, compiled, {one.code for one in found if one.raised}, n_records)
    for one in found:
        if one.raised and one.severity == "file":
            raise _refusal(one, file_name)
    return found


def _mark(
    connection: duckdb.DuckDBPyConnection, compiled: CompiledMapping, rule: Rule, row_number: str | None
) -> None:
    """Set the rule's bit in the records that break it."""
    bit = compiled.judging.bit(rule.code)
    if bit is None:
        raise ValueError(f"the rule {rule.code} has no bit")
    records = f"SELECT * FROM ({staged.records(compiled.columns, row_number)}) WHERE {_KEPT}"
    broken = compile_delivery.out_of_sequence(rule, records, compiled.present)
    connection.execute(
        f"UPDATE {BASE} SET broken = {compiled.judging.mask.with_bit('broken', bit)} WHERE rowid IN ({broken})"
    )


def _counted(
    connection: duckdb.DuckDBPyConnection, rules: Sequence[Rule], n_records: int
) -> list[tuple[Rule, tuple[int, int]]]:
    """How many records each rule judged and how many broke it; the shares of all heaps in one scan."""
    records = f"SELECT * FROM {TABLE} WHERE {_GOOD}"
    found: dict[str, tuple[int, int]] = {}
    shares = [r for r in rules if r.kind == "heaped" and r.parameters["hits"] in compile_delivery.HITS]
    if shares:
        row = connection.execute(compile_delivery.heaped_shares(shares, records)).fetchone() or ()
        found |= {rule.code: (row[2 * i], row[2 * i + 1]) for i, rule in enumerate(shares)}
    for rule in rules:
        if rule.code not in found:
            counts = compile_delivery.counts(rule, records, n_records)
            judged, broken = connection.execute(counts).fetchone() or (0, 0)
            found[rule.code] = (judged, broken)
    return [(rule, found[rule.code]) for rule in rules]


def _in_units(
    connection: duckdb.DuckDBPyConnection,
    rules: Sequence[Rule],
    compiled: CompiledMapping,
    raised: Collection[str],
    n_records: int,
) -> tuple[Finding, ...]:
    """What is heaped within units; nothing of what the whole delivery heaps, where that is told already."""
    unit = compile_delivery.unit(compiled.present)
    told = [rule for rule in rules if rule.code.removesuffix("_in_units") not in raised]
    if unit is None or not told:
        return ()
    records = f"SELECT * FROM {TABLE} WHERE {_GOOD}"
    query = compile_delivery.heaped_in_units(told, records, sql.name(unit), n_records)
    row = connection.execute(query).fetchone() or ()
    return tuple(_finding(rule, row[2 * i], row[2 * i + 1]) for i, rule in enumerate(told))


def _finding(rule: Rule, n_judged: int, n_broken: int) -> Finding:
    return Finding(
        rule.code,
        rule.severity,
        n_judged,
        n_broken,
        compile_delivery.exceeded(rule, n_judged, n_broken),
        rule.parameters.get("tolerated"),
    )


def _refusal(found: Finding, file_name: str) -> Refusal:
    message, hint = explain(found.code, "en")
    return Refusal(
        f"the delivery breaks the rule {found.code}: {message}",
        where=f"{file_name}, {found.n_broken} of {found.n_judged} records",
        how=hint,
        code=found.code,
    )
