"""Code lists and reference data in the warehouse: loaded when their content has changed, with their history.

An entry that changed or vanished ends with the next batch, and the new one begins with it, so that every earlier
batch still answers with the lists of its time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import duckdb

from schemas import codelists, reference, sql
from warehouse import literals, structure
from warehouse.declarations import meta
from warehouse.declarations.reference import AREA_ROW, CODE_ROW, MEMBERSHIP_ROW, STANDARD_ROW
from warehouse.declared import Table
from warehouse.transaction import transaction

Rows = Sequence[tuple[Any, ...]]


def code_rows() -> Rows:
    """Entries of all code lists in the order of the columns of ``ref.code_row``."""
    return [
        (
            name,
            e.code,
            e.parent or None,
            e.label_es,
            e.label_en,
            e.label_pt,
            e.valid_from,
            e.valid_to,
            e.successor or None,
            e.evidence,
            e.note or None,
            position,
        )
        for name in codelists.names()
        for position, e in enumerate(codelists.load(name).entries, start=1)
    ]


def area_rows() -> Rows:
    """Reference areas in the order of the columns of ``ref.area_row``."""
    return [
        (
            a.area_code,
            a.area_level,
            a.parent_code or None,
            a.country or None,
            a.name_es,
            a.name_en,
            a.name_pt,
            a.boundary_version or None,
            a.valid_from or None,
            a.valid_to or None,
            a.evidence,
        )
        for a in reference.areas()
    ]


def membership_rows() -> Rows:
    """Members of groups in the order of the columns of ``ref.membership_row``."""
    return [
        (m.group_code, m.member_code, m.valid_from, m.valid_to, m.status, m.evidence, m.note or None)
        for m in reference.memberships()
    ]


def standard_rows() -> Rows:
    """Weights of standard populations in the order of the columns of ``ref.standard_population_row``."""
    return [
        (standard, g.age_from, g.age_to, float(g.weight))
        for standard in codelists.load("standard_population").codes
        for g in reference.standard_population(standard)
    ]


LISTS: tuple[tuple[str, Table, Callable[[], Rows]], ...] = (
    ("code lists", CODE_ROW, code_rows),
    ("reference areas", AREA_ROW, area_rows),
    ("memberships", MEMBERSHIP_ROW, membership_rows),
    ("standard populations", STANDARD_ROW, standard_rows),
)


def bring_into_line(
    connection: duckdb.DuckDBPyConnection,
    lists: Iterable[tuple[str, Table, Callable[[], Rows]]] = LISTS,
) -> None:
    """Load the lists whose content differs from what the file holds."""
    for name, table, read in lists:
        rows = read()
        sha256 = hashlib.sha256(repr(rows).encode()).hexdigest()
        if structure.kept(connection, name) != sha256:
            with transaction(connection):
                _replace(connection, table, rows)
                structure.keep(connection, name, sha256)


def _replace(connection: duckdb.DuckDBPyConnection, table: Table, rows: Rows) -> None:
    columns = [c for c in table.columns if c.name not in ("from_batch", "to_batch")]
    names = ", ".join(sql.name(c.name) for c in columns)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE list_entry AS SELECT {names} FROM {table.path} LIMIT 0")
    if rows:
        connection.execute(f"INSERT INTO list_entry VALUES {literals.rows(rows)}")
    same = " AND ".join(f"e.{sql.name(c.name)} IS NOT DISTINCT FROM t.{sql.name(c.name)}" for c in columns)
    following = f"(SELECT coalesce(max(batch_id), 0) + 1 FROM {meta.BATCH.path})"
    connection.execute(
        f"UPDATE {table.path} AS t SET to_batch = {following} WHERE to_batch IS NULL"
        f" AND NOT EXISTS (FROM list_entry AS e WHERE {same})"
    )
    connection.execute(
        # by name: a file of an earlier version has columns that were added since at the end
        f"INSERT INTO {table.path} BY NAME"
        f" SELECT e.*, {following} AS from_batch, NULL::INTEGER AS to_batch FROM list_entry AS e"
        f" ANTI JOIN (FROM {table.path} WHERE to_batch IS NULL) AS t ON {same}"
    )
    connection.execute("DROP TABLE list_entry")
