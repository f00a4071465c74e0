"""Everything that exists in the two files, in the order in which it can be made."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from schemas import record_type
from schemas.record_type import RecordType
from warehouse.declarations import (
    completeness,
    coverage,
    facts,
    indicator,
    indicator_views,
    meta,
    obligation,
    origin,
    quarantine,
    recovery,
    reference,
    replaced,
    strictness,
    ticket,
)
from warehouse.declared import Macro, Table, View


@dataclass(frozen=True)
class Structure:
    """Tables of both files, and views and macros of the main file (a view only after what it reads).

    ``types`` are the record types whose facts they hold.
    """

    types: tuple[RecordType, ...]
    tables: tuple[Table, ...]
    restricted: tuple[Table, ...]
    views: tuple[View | Macro, ...]

    def statements(self) -> Iterable[str]:
        """The whole structure as DDL; its text identifies the structure."""
        for made in (*self.restricted, *self.tables, *self.views):
            yield made.create()
            yield from made.comments()


def structure(
    record_types: Iterable[RecordType] | None = None, filled: Mapping[str, Collection[str]] | None = None
) -> Structure:
    """The declared structure, with the given record types or all that exist.

    Args:
        record_types: The record types.
        filled: For each of them the columns that its tables have; all where nothing is said.
    """
    if record_types is None:
        record_types = [record_type.load(name) for name in record_type.names()]
    types = tuple(sorted(record_types, key=lambda t: t.name))

    def held(table: Table, kind: RecordType) -> Table:
        return table if filled is None else table.only(filled[kind.name])

    tables = (
        *meta.TABLES,
        *origin.TABLES,
        *recovery.TABLES,
        *obligation.TABLES,
        *strictness.TABLES,
        *reference.TABLES,
        *(held(facts.fact_table(t), t) for t in types),
        *quarantine.TABLES,
        *indicator.TABLES,
    )
    restricted = tuple(held(made, t) for t in types if (made := facts.restricted_table(t)) is not None)
    views = (
        *(view for t in types for view in facts_of(t, None if filled is None else filled[t.name])),
        *(
            made
            for t in types
            if replaced.can_be_replaced(t)
            for made in (replaced.view(t), replaced.macro(t))
        ),
        *(reference.VIEWS if any(t.name == "area" for t in types) else ()),
        *(reference.MACROS if any(t.name == "area" for t in types) else ()),
        *((*coverage.MADE, *completeness.MADE) if any(t.name == "area" for t in types) else ()),
        *quarantine.VIEWS,
        *quarantine.MACROS,
        *strictness.MADE,
        *ticket.MADE,
        *_before_dense(),
    )
    return Structure(
        types, tables, (*quarantine.RESTRICTED_TABLES, *recovery.RESTRICTED_TABLES, *restricted), views
    )


def facts_of(record_type: RecordType, filled: Collection[str] | None) -> tuple[View | Macro, ...]:
    """What shows the facts of a record type, given the columns that its table has."""
    return (*facts.views(record_type, filled), facts.macro(record_type, filled))


def _before_dense() -> tuple[View | Macro, ...]:
    """Views of indicator values, those that the others read first."""
    made = (*indicator_views.VIEWS, *indicator_views.MACROS)
    return tuple(sorted(made, key=lambda v: "dense" in v.name))
