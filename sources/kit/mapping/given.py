"""What the compilation of a layout starts from: the declaration, the file as it was read, and what is known besides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from schemas import record_type, sql
from schemas.record_type import RecordType
from sources.kit import recoding
from sources.kit.readers.raw import Raw
from sources.kit.specification import Layout, Specification
from sources.kit.staged_types import sql_type
from sources.kit.verbs.reading import Context

#: The columns of a record that was one of several value columns side by side: its name and its value.
NAME, VALUE = "u_name", "u_value"


@dataclass(frozen=True)
class Given:
    """One delivery to be compiled.

    Args:
        specification: The source's declaration.
        layout: The layout of the delivery.
        folder: The source's folder, where its tables are.
        raw: The file, read or (with ``scan``) about to be read.
        period: What the delivery covers.
        areas: Known first-level areas of the country.
        edition: Edition of the delivery; without a period nothing is about a later day.
        scan: SQL of the raw rows, where they are not in a table but read, mapped and judged in one pass.
        stated: What the file says once, by the name of its column.
    """

    specification: Specification
    layout: Layout
    folder: Path
    raw: Raw
    period: tuple[dt.date, dt.date] | None
    areas: Sequence[str]
    edition: dt.date | None = None
    scan: str | None = None
    stated: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def kind(self) -> RecordType:
        """The record type that is delivered."""
        return record_type.load(self.specification.record_type)

    @property
    def date_field(self) -> str:
        """The date by which the source's records are put into periods."""
        return date_field(self.specification)

    @property
    def context(self) -> Context:
        """What the verbs need to know."""
        return Context(self.folder, self.column, sql_type, sql.name(self.date_field))

    @property
    def slice_of_earlier(self) -> str:
        """The slice of rows that speak of earlier records: of this period, so that only its correction replaces it."""
        return f"earlier {self.period[0] if self.period else self.edition}"

    @property
    def only_of_earlier(self) -> bool:
        """Whether all rows speak of earlier records: then nothing is reported about any area and month."""
        earlier = self.layout.rows.earlier
        return earlier is not None and not earlier.when

    @property
    def side_by_side(self) -> int:
        """How many value columns of a row become records; 1 where the row is one."""
        unpivot = self.layout.rows.unpivot
        return len(unpivot.values) if unpivot else 1

    @cached_property
    def shared_out(self) -> str | None:
        """The field whose table has labels that several codes share: such a record becomes several."""
        return shared_out(self.layout, self.folder)

    @property
    def parts(self) -> bool:
        """Whether a row can make several records."""
        return self.layout.rows.unpivot is not None or self.shared_out is not None

    def column(self, name: str) -> str:
        """SQL of a raw column, of what the file states once, or of the name or value of value columns side by side."""
        unpivot = self.layout.rows.unpivot
        if unpivot and name == unpivot.name:
            return NAME
        if unpivot and name == unpivot.value:
            return VALUE
        if name in self.layout.stated:
            return sql.text(self.stated.get(name, ""))
        return self.raw.columns[name]


def date_field(specification: Specification) -> str:
    """The field with the date that puts a source's records into periods."""
    kind = record_type.load(specification.record_type)
    named = f"{specification.delivers.date_basis}_date"
    return named if named in kind.by_name else kind.date_field


def shared_out(layout: Layout, folder: Path) -> str | None:
    """The field of a layout whose table has labels that several codes share.

    Raises:
        Misuse: A table is missing or malformed.
    """
    tables = ((name, recoding.table(verb, folder)) for name, verb in layout.map.items())
    return next((name for name, table in tables if table and table.divided), None)


def one_record_each(layout: Layout, folder: Path) -> bool:
    """Whether every row of a layout is one record: then it can be read, mapped and judged in one pass.

    Raises:
        Misuse: A table is missing or malformed.
    """
    rows = layout.rows
    whole = not (rows.whole or rows.fill_down or layout.join or layout.file.leaves_out_blank_rows)
    return whole and rows.unpivot is None and shared_out(layout, folder) is None
