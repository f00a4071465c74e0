"""A landed delivery opened by the reader of its format; of several layouts, by the one that it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol, cast

from schemas import sql
from schemas.errors import Refusal
from sources.kit.landing import Bytes, Landed
from sources.kit.readers import csv_file, fixed_width, json_file, parquet, r_file, stat_file, workbook
from sources.kit.readers.raw import Opened
from sources.kit.readers.unpack import unpacked
from sources.kit.readers.workspace import Workspace
from sources.kit.specification import Layout
from sources.kit.tables import Table


class Reader(Protocol):
    """What the module of a format offers."""

    def recognises(self, seen: Bytes) -> bool:
        """Whether these may be the bytes of a file of the format."""

    def opened(self, landed: Landed, table: Table, work: Workspace) -> Opened:
        """Look at a file without reading its rows.

        Args:
            landed: The file.
            table: How it is read, and its columns.
            work: Where copies are made, and what is kept for the next layout that is tried.

        Raises:
            Refusal: The file, its structure or its header are not as declared.
        """


READERS: dict[str, Reader] = {
    "csv": csv_file,
    "workbook": workbook,
    "parquet": parquet,
    "json": json_file,
    "ndjson": json_file,
    "spss": stat_file,
    "stata": stat_file,
    "r": r_file,
    "fixed_width": fixed_width,
}


#: Signs that a person does not see at the ends of a value: spaces, also such that do not break, and line breaks.
_BLANKS = sql.text(" \t\r\n\u00a0\ufeff")


def opened(landed: Landed, table: Table, work: Workspace) -> Opened:
    """Open one table of a delivery, which may be compressed.

    Raises:
        Refusal: The file, its structure or its header are not as declared.
    """
    file = unpacked(landed, table.file.format, table.file.member, work)
    return _opened(file, table, work)


def _opened(file: Landed, table: Table, work: Workspace) -> Opened:
    opened = READERS[table.file.format].opened(file, table, work)
    if table.values == "exact":
        return opened
    values = ", ".join(f"nullif(trim({c}, {_BLANKS}), '') AS {c}" for c in opened.columns.values())
    return cast(Opened, replace(cast(Any, opened), scan=f"(SELECT {values} FROM {opened.scan})"))


def choose(landed: Landed, layouts: Sequence[Layout], work: Workspace) -> tuple[Layout, Opened]:
    """The first layout that fits a delivery, opened.

    Raises:
        Refusal: None fits; the message is that of the first whose format the file has.
    """
    refusals: list[tuple[bool, Refusal]] = []
    for layout in layouts:
        recognised = False
        try:
            file = unpacked(landed, layout.file.format, layout.file.member, work)
            recognised = READERS[layout.file.format].recognises(file.seen)
            return layout, _opened(file, layout, work)
        except Refusal as refusal:
            refusals.append((recognised, refusal))
    raise next((refusal for recognised, refusal in refusals if recognised), refusals[0][1])
