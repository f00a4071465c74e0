"""What is declared under ``fetch`` held against the rest of the declaration, before anything is fetched."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

from sources.kit.conformity import Place, invalid
from sources.kit.fetching.declared import Database, Http, Watermark
from sources.kit.forms import NdjsonForm, ParquetForm
from sources.kit.mapping.given import date_field
from sources.kit.specification import Layout, Specification
from sources.kit.words import ParseDate, moments_in

_AT: Place = ("fetch",)


def check(path: Path, specification: Specification) -> None:
    """Check what a source declares under ``fetch``, if it does.

    Raises:
        Misuse: With file, line and cure.
    """
    fetch = specification.fetch
    if fetch is None:
        return
    if fetch.database:
        _check_database(path, specification, fetch.database)
    if fetch.http:
        _check_http(path, specification, fetch.http)


def _check_http(path: Path, specification: Specification, http: Http) -> None:
    if http.pages and not any(isinstance(layout.file, NdjsonForm) for layout in specification.layouts):
        raise invalid(
            path,
            (*_AT, "http", "pages"),
            "pages become one file with a record a line, which no layout reads",
            "declare file: {format: ndjson} in the layout of what is fetched",
        )


def _check_database(path: Path, specification: Specification, database: Database) -> None:
    layouts = of_database(specification)
    if not layouts:
        raise invalid(
            path,
            (*_AT, "database"),
            "what is fetched from a database becomes a Parquet file, which no layout reads",
            "declare file: {format: parquet} in the layout of what is fetched",
        )
    for key in ("edition", "period"):
        if getattr(specification, key):
            raise invalid(
                path,
                (key,),
                f"rows of a database name no {key}: they count in the order in which they are fetched",
                f"take {key} out",
            )
    if database.table and len(layouts) > 1:
        raise invalid(
            path,
            (*_AT, "database", "table"),
            "several layouts read what is fetched, so that the columns of the table are not known",
            "write a query, or keep one layout of format parquet",
        )
    if database.watermark:
        _check_watermark(path, specification, database.watermark, layouts)


def _check_watermark(
    path: Path, specification: Specification, watermark: Watermark, layouts: list[Layout]
) -> None:
    at = (*_AT, "database", "watermark")
    if specification.delivers.slice.period == "all":
        raise invalid(
            path,
            at,
            "a source whose slice is all that is ever delivered has to come complete",
            "take watermark out, or say slice: {period: month} or year",
        )
    for layout in layouts:
        if layout.rows.earlier:
            raise invalid(
                path,
                at,
                f"rows of layout {layout.id} speak of earlier records, and part of them would stand for all of them",
                "take watermark out, so that all rows come; or let the query give the records as they are now",
            )
    if slice_column(specification) is None:
        raise invalid(
            path,
            at,
            "it is not known which column puts a row into its slice",
            f"add slice_by: the column that holds a date, of which {date_field(specification)} is made",
        )
    for key, column in (("column", watermark.column), ("slice_by", slice_column(specification))):
        for layout in layouts:
            if column not in layout.columns.open:
                raise invalid(
                    path,
                    (*at, key),
                    f"{column!r} is no open column of layout {layout.id}",
                    "name a column that the query gives and the layout declares as open",
                )


def of_database(specification: Specification) -> list[Layout]:
    """The layouts that read what is fetched from a database."""
    return [layout for layout in specification.layouts if isinstance(layout.file, ParquetForm)]


def slice_zone(specification: Specification) -> dt.tzinfo | None:
    """The zone of the days by which rows are put into slices: that of the map, so that both say the same."""
    mapped = (layout.map.get(date_field(specification)) for layout in of_database(specification))
    moments = (moment for verb in mapped if verb for moment in moments_in(verb))
    zone = next((moment.zone for moment in moments if moment.zone), None)
    return ZoneInfo(zone) if zone else None


def slice_column(specification: Specification) -> str | None:
    """The column with the date that puts a row into its slice; None where it is neither declared nor to be seen."""
    database = specification.fetch.database if specification.fetch else None
    if database and database.watermark and database.watermark.slice_by:
        return database.watermark.slice_by
    verbs = [layout.map.get(date_field(specification)) for layout in of_database(specification)]
    columns = {verb.column if isinstance(verb, ParseDate) and verb.whole else None for verb in verbs}
    return columns.pop() if len(columns) == 1 else None
