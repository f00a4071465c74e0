"""Where every source stands, read from a snapshot or from the open warehouse."""

from __future__ import annotations

import duckdb

from warehouse import quarantine
from warehouse.declarations import meta
from warehouse.declared import path
from warehouse.literals import literal
from warehouse.reading import Rows, rows


def sources(
    connection: duckdb.DuckDBPyConnection, *, country: str | None = None, source_id: str | None = None
) -> Rows:
    """One row per source: its deliveries, its last edition, what is loaded and in quarantine.

    Quarantined counts the current records in quarantine. Warnings counts the rules that the last loaded delivery broke
    more often than they tolerate, though its records were loaded; ``delivery show`` lists them. Tickets are those
    that are open. Which reports are owed
    and came is told by ``warehouse.coverage``.
    """
    wanted = [
        f"{column} = {literal(value)}"
        for column, value in (("country", country), ("source_id", source_id))
        if value is not None
    ]
    return rows(
        connection,
        f"""
        WITH source AS (FROM {meta.SOURCE.path} WHERE valid_to IS NULL),
        delivery AS (
            SELECT source_id, count(*) FILTER (status = 'loaded') AS loaded_deliveries,
                count(*) FILTER (status = 'refused') AS refused_deliveries,
                max(edition_date) FILTER (status = 'loaded') AS last_edition,
                max(received_at) AS last_received,
                max(period_end) FILTER (status = 'loaded') AS period_end,
                arg_max(status, delivery_id) AS last_status
            FROM {meta.DELIVERY.path} GROUP BY source_id
        ),
        slice AS (
            SELECT source_id, sum(n_records)::BIGINT AS records, sum(events) AS events
            FROM {meta.SLICE_VERSION.path} WHERE valid_to IS NULL GROUP BY source_id
        ),
        quarantined AS (SELECT source_id, count(*) AS n FROM {quarantine.CURRENT} GROUP BY source_id),
        warned AS (
            SELECT source_id, count(*) AS n FROM {path("meta", "rule_state")}
            JOIN (
                SELECT max(delivery_id) AS delivery_id FROM {meta.DELIVERY.path}
                WHERE status = 'loaded' GROUP BY source_id
            ) USING (delivery_id)
            WHERE state = 'warned' GROUP BY source_id
        ),
        ticket AS (
            SELECT source_id, count(*) AS n FROM {path("meta", "ticket")} WHERE state = 'open' GROUP BY source_id
        )
        SELECT source_id AS source, source.title, source.country, source.record_type,
            coalesce(loaded_deliveries, 0) AS loaded_deliveries, coalesce(refused_deliveries, 0) AS refused_deliveries,
            delivery.last_status, delivery.last_edition, delivery.last_received, delivery.period_end,
            coalesce(slice.records, 0) AS records, coalesce(slice.events, 0) AS events,
            coalesce(quarantined.n, 0) AS quarantined, coalesce(warned.n, 0) AS warnings,
            coalesce(ticket.n, 0) AS tickets
        FROM source FULL JOIN delivery USING (source_id) LEFT JOIN slice USING (source_id)
            LEFT JOIN quarantined USING (source_id) LEFT JOIN warned USING (source_id)
            LEFT JOIN ticket USING (source_id)
        WHERE {" AND ".join(wanted) or "true"}
        ORDER BY source_id
        """,
    )
