"""What the compilation of a layout starts from: the declaration, the file as it was read, and what is known besides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from schemas import record_type
from schemas.record_type import RecordType
from sources.kit.readers.raw import Raw
from sources.kit.specification import Layout, Specification

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
    """

    specification: Specification
    layout: Layout
    folder: Path
    raw: Raw
    period: tuple[dt.date, dt.date] | None
    areas: Sequence[str]
    edition: dt.date | None = None
    scan: str | None = None

    @cached_property
    def kind(self) -> RecordType:
        """The record type that is delivered."""
        return record_type.load(self.specification.record_type)

    @property
    def date_field(self) -> str:
        """The date by which the source's records are put into periods."""
        named = f"{self.specification.delivers.date_basis}_date"
        return named if named in self.kind.by_name else self.kind.date_field

    def column(self, name: str) -> str:
        """SQL of a raw column, or of the name or value of value columns side by side."""
        unpivot = self.layout.rows.unpivot
        if unpivot and name == unpivot.name:
            return NAME
        if unpivot and name == unpivot.value:
            return VALUE
        return self.raw.columns[name]
