"""Everything that exists in the two files, in the order in which it can be made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from schemas import record_type
from schemas.record_type import RecordType
from warehouse.declarations import (
    coverage,
    facts,
    indicator,
    indicator_views,
    meta,
    quarantine,
    reference,
    replaced,
)
from warehouse.declared import Macro, Table, View


@dataclass(frozen=True)
class Structure:
    """Tables of both files, and views and macros of the main file (a view only after what it reads)."""

    tables: tuple[Table, ...]
    restricted: tuple[Table, ...]
    views: tuple[View | Macro, ...]

    def statements(self) -> Iterable[str]:
        """The whole structure as DDL; its text identifies the structure."""
        for made in (*self.restricted, *self.tables, *self.views):
            yield made.create()
            yield from made.comments()


def structure(record_types: Iterable[RecordType] | None = None) -> Structure:
    """The declared structure, with the given record types or all that exist."""
    if record_types is None:
        record_types = [record_type.load(name) for name in record_type.names()]
    types = sorted(record_types, key=lambda t: t.name)
    tables = (
        *meta.TABLES,
        *reference.TABLES,
        *(facts.fact_table(t) for t in types),
        *quarantine.TABLES,
        *indicator.TABLES,
    )
    restricted = tuple(t for t in map(facts.restricted_table, types) if t is not None)
    views = (
        *coverage.VIEWS,
        *coverage.MACROS,
        *(view for t in types for view in (*facts.views(t), facts.macro(t))),
        *(
            made
            for t in types
            if replaced.can_be_replaced(t)
            for made in (replaced.view(t), replaced.macro(t))
        ),
        *(reference.VIEWS if any(t.name == "area" for t in types) else ()),
        *(reference.MACROS if any(t.name == "area" for t in types) else ()),
        *quarantine.VIEWS,
        *quarantine.MACROS,
        *_before_dense(),
    )
    return Structure(tables, (*quarantine.RESTRICTED_TABLES, *restricted), views)


def _before_dense() -> tuple[View | Macro, ...]:
    """Views of indicator values, those that the others read first."""
    made = (*indicator_views.VIEWS, *indicator_views.MACROS)
    return tuple(sorted(made, key=lambda v: "dense" in v.name))
