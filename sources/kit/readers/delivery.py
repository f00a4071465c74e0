"""A landed delivery opened by the reader of its format; of several layouts, by the one that it has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol, cast

from schemas import sql
from schemas.errors import Refusal
from sources.kit.landing import Bytes, Landed
from sources.kit.readers import csv_file, fixed_width, json_file, parquet, r_file, stat_file, workbook
from sources.kit.readers.joined import OpenedJoin
from sources.kit.readers.raw import Opened
from sources.kit.readers.unpack import unpacked
from sources.kit.readers.workspace import Workspace
from sources.kit.specification import Layout
from sources.kit.tables import Table
from sources.kit.words import moments_in


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


#: Text around the table of a delivery to the day of its edition or period.
DayOf = Callable[[Sequence[str]], dt.date | None]

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


def choose(
    landed: Landed, layouts: Sequence[Layout], work: Workspace, day_of: DayOf | None = None
) -> tuple[Layout, Opened]:
    """The first layout that fits a delivery, opened.

    Args:
        landed: The delivery.
        layouts: The layouts of its source.
        work: Where copies are made.
        day_of: Gives the day of the edition or period, for layouts that are used from or until one.

    Raises:
        Refusal: None fits; the message is that of the first whose format the file has.
    """
    refusals: list[tuple[bool, Refusal]] = []
    for layout in layouts:
        recognised = False
        try:
            file = unpacked(landed, layout.file.format, layout.file.member, work)
            recognised = READERS[layout.file.format].recognises(file.seen)
            table = _with_joined(landed, layout, _opened(file, layout, work), work)
            _require_edition(landed, layout, table, day_of)
            _require_zones(landed, layout, table)
            return layout, table
        except Refusal as refusal:
            refusals.append((recognised, refusal))
    raise next((refusal for recognised, refusal in refusals if recognised), refusals[0][1])


def _with_joined(landed: Landed, layout: Layout, lead: Opened, work: Workspace) -> Opened:
    """The leading table of a layout with the tables that are joined to it."""
    if not layout.join:
        return lead
    tables = []
    for join in layout.join:
        file = unpacked(landed, join.file.format, join.file.member, work)
        if file is landed and join.file.member:
            raise Refusal(
                f"the file came alone, and the table {join.name} is in another one ({join.file.member})",
                where=landed.name,
                how="give the files of a delivery together: in one command, in one folder of the inbox, or as a .zip",
                code="files_missing",
            )
        tables.append(_opened(replace(file, name=f"{file.name}, table {join.name}"), join, work))
    return OpenedJoin(lead, layout.join, tables)


def _require_zones(landed: Landed, layout: Layout, table: Opened) -> None:
    """Hold that a day or an hour is read from an instant only where it is said in which zone.

    Raises:
        Refusal: It is not: half past three in the morning in UTC is the day before in Bogotá.
    """
    for field, verb in layout.map.items():
        for moment in moments_in(verb):
            if moment.column in table.instants and moment.zone is None:
                raise Refusal(
                    f"the column {moment.column} holds instants, and map: {field} does not say in which time zone "
                    "their day and hour count",
                    where=landed.name,
                    how=f"write map: {field}: zone: America/Bogota (the provider's zone), and a form with the distance "
                    'from UTC, such as "%Y-%m-%d %H:%M:%S%z"',
                    code="no_zone",
                )


def _require_edition(landed: Landed, layout: Layout, table: Opened, day_of: DayOf | None) -> None:
    """Hold that a layout is used for deliveries of this edition.

    Raises:
        Refusal: It is not.
    """
    if layout.editions is None or day_of is None:
        return
    day = day_of(table.surroundings)
    if day is None or not layout.editions.hold(day):
        raise Refusal(
            f"the header is that of layout {layout.id}, which is not used for {day or 'a delivery without a date'}",
            where=landed.name,
            how="correct editions in source.yml, or declare the layout of this edition",
            code="layout_not_used",
        )
