"""Table ``meta.obligation``: which reports each source owes, as it declared them."""

from __future__ import annotations

from warehouse.declared import VALIDITY, Column, Table

#: Types of the two lists, as they are stored and as their JSON is read.
UNITS = "STRUCT(unit VARCHAR, area VARCHAR)[]"
NOT_APPLICABLE = "STRUCT(area VARCHAR, first_day DATE, last_day DATE, reason VARCHAR)[]"

OBLIGATION = Table(
    "meta",
    "obligation",
    "Which reports each source owes and by when, as it declared them, with the batches in which it did",
    (
        Column("source_id", "VARCHAR", "Source", required=True),
        *VALIDITY,
        Column("record_type", "VARCHAR", "Record type that its records become", required=True),
        Column("country", "VARCHAR", "Country, ISO 3166-1 alpha-3", required=True),
        Column("provider", "VARCHAR", "Owner of the data, who has to report", required=True),
        Column(
            "grain",
            "VARCHAR",
            "cell: it reports about areas and months; slice: about periods of slices",
            required=True,
        ),
        Column("by_area", "BOOLEAN", "Whether a report is of one first-level area", required=True),
        Column(
            "areas_report",
            "BOOLEAN",
            "Whether areas report one by one, so that each is a reporting unit",
            required=True,
        ),
        Column("each", "VARCHAR", "How often a report is due: month, quarter or year", required=True),
        Column("each_months", "INTEGER", "Months of such a period", required=True),
        Column(
            "due_days",
            "INTEGER",
            "Days after the end of the period on which the report is due",
            required=True,
        ),
        Column("first_day", "DATE", "First day that is owed", required=True),
        Column("last_day", "DATE", "Last day that is owed; NULL where the source goes on"),
        Column("complete", "BIGINT", "Records that the figures of one period hold, where that is known"),
        Column("areas", "VARCHAR[]", "First-level areas that report; NULL for all of the country"),
        Column("units", UNITS, "Offices that report, with the areas for which they do", required=True),
        Column(
            "not_applicable",
            NOT_APPLICABLE,
            "Areas (NULL: all) and days about which there is nothing to report",
            required=True,
        ),
    ),
)

TABLES = (OBLIGATION,)
