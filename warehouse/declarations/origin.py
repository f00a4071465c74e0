"""Where fetched deliveries came from, and up to where: part of schema ``meta``."""

from __future__ import annotations

from warehouse.declared import Column, Table

ORIGIN = Table(
    "meta",
    "origin",
    "Where a delivery was fetched, one row for each that was: the next run asks only for what has come since",
    (
        Column("delivery_id", "INTEGER", "Delivery", required=True),
        Column("source_id", "VARCHAR", "Source", required=True),
        Column(
            "place",
            "VARCHAR",
            "Address or connection, as the source declares it; secrets stand there by name",
            required=True,
        ),
        Column(
            "question",
            "VARCHAR",
            "SHA-256 of what was asked for; where a source asks another question, it begins anew",
            required=True,
        ),
        Column(
            "watermark_kind",
            "VARCHAR",
            "Type of the watermark: integer, decimal, text, date, timestamp; NULL where there is none",
        ),
        Column(
            "watermark_from",
            "VARCHAR",
            "Value above which was asked; NULL where everything was asked for",
        ),
        Column("watermark_to", "VARCHAR", "Greatest value that was there"),
        Column(
            "watermark_rows",
            "BIGINT",
            "Rows that have it or lie in the overlap below it; another number of them is something new",
        ),
        Column("etag", "VARCHAR", "What the server calls this state of the file"),
        Column("last_modified", "VARCHAR", "When the file was changed, as the server says it"),
    ),
    key=("delivery_id",),
)

TABLES = (ORIGIN,)
