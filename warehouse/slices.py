"""Slices of a delivery: what it is about, what it supersedes, and what a person should know before and after.

A slice is (source, period, area where the source delivers by area). A delivery supersedes the slices that it
contains, and only those. Which version of a slice is current follows the edition dates, else the order of arrival.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from schemas.errors import Refusal
from schemas.staging import StagedDelivery
from warehouse.batch import Batch
from warehouse.database import Warehouse
from warehouse.declarations import meta
from warehouse.inputs import SourceFacts
from warehouse.literals import literal
from warehouse.tally import CELL, TALLY

#: One row per slice that gets a new version.
SLICE = "load_slice"

_SHOWN = 10


@dataclass(frozen=True)
class SliceChange:
    """A slice with its events before and after."""

    period: date | None
    area: str | None
    before: Decimal | None
    after: Decimal | None

    def __str__(self) -> str:
        place = f" {self.area}" if self.area else ""
        after = "none" if self.after is None else f"{self.after:f}"
        return (
            f"{self.period}{place}: {self.before:f} -> {after}"
            if self.before is not None
            else f"{self.period}{place}"
        )


def plan(warehouse: Warehouse, source: SourceFacts, staged: StagedDelivery, again: int | None = None) -> int:
    """Number the slices that get a new version, beside the version that is current now.

    A slice gets one if records of it are loaded, or if its cells are reported and it has no record at all: a year
    without an event is reported too. A slice whose records are all in quarantine supersedes nothing.

    Args:
        warehouse: The open warehouse.
        source: What the source declares.
        staged: What was found in the file.
        again: The delivery of the same bytes that was loaded before: they are no later arrival than it was, so that
            what came after it stays.

    Returns:
        Number of slices.
    """
    connection = warehouse.connection
    first = warehouse.scalar(f"SELECT max(slice_version) FROM {meta.SLICE_VERSION.path}")
    edition = literal(staged.edition_date)
    # an older edition that arrives late is history at once; unknown or equal: the later arrival holds
    holds = f"coalesce(p.edition_date <= {edition}::DATE, true)"
    if again is not None:
        own = f"p.slice_version IS NULL OR p.delivery_id = {int(again)}"
        holds = f"({own} OR coalesce(p.edition_date < {edition}::DATE, false))"
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE {SLICE} AS
        WITH told AS (
            SELECT slice_period, slice_area, outcome, n, events, false AS reported FROM {TALLY}
            UNION ALL
            SELECT slice_period, slice_area, 'reported', 0, 0, true FROM {CELL}
        ), slice AS (
            SELECT slice_period, slice_area,
                coalesce(sum(n) FILTER (outcome = 'loaded'), 0)::BIGINT AS n_records,
                coalesce(sum(events) FILTER (outcome = 'loaded'), 0)::{meta.EVENTS} AS events
            FROM told GROUP BY ALL
            HAVING n_records > 0 OR (bool_or(reported) AND NOT bool_or(outcome = 'quarantined'))
        ), now AS (
            FROM {meta.SLICE_VERSION.path}
            WHERE valid_to IS NULL AND source_id = {literal(source.source_id)}
        )
        SELECT ({first} + row_number() OVER (ORDER BY s.slice_period, s.slice_area))::INTEGER AS slice_version,
            s.*, p.slice_version AS previous_version, p.events AS previous_events,
            {holds} AS is_current
        FROM slice AS s
        LEFT JOIN now AS p ON p.period IS NOT DISTINCT FROM s.slice_period AND p.area IS NOT DISTINCT FROM s.slice_area
        """
    )
    return warehouse.scalar(f"SELECT count(*) FROM {SLICE}")


def plan_nothing(warehouse: Warehouse) -> None:
    """Leave every slice as it is: nothing of the delivery can be loaded."""
    warehouse.connection.execute(f"DELETE FROM {SLICE}")


def shrunk(warehouse: Warehouse, tolerance: float | None) -> tuple[SliceChange, ...]:
    """Slices that would lose a greater share of their events than the source declares."""
    if tolerance is None:
        return ()
    found = warehouse.connection.execute(
        f"""
        SELECT slice_period, slice_area, previous_events, events FROM {SLICE}
        WHERE is_current AND previous_events > 0 AND events < previous_events * (1 - {literal(tolerance)})
        ORDER BY slice_period, slice_area
        """
    ).fetchall()
    return tuple(SliceChange(*row) for row in found)


def refuse_shrunk(changes: tuple[SliceChange, ...], tolerance: float, file_name: str) -> Refusal:
    """The message that stops a load in which slices shrink."""
    listed = "; ".join(str(change) for change in changes[:_SHOWN])
    more = f"; and {len(changes) - _SHOWN} more" if len(changes) > _SHOWN else ""
    return Refusal(
        f"{len(changes)} slice(s) lose more than {tolerance:.0%} of their events (before -> after): {listed}{more}",
        where=file_name,
        how="ask the provider whether the file is complete; if the figures are right, repeat with --accept-drop",
        code="slice_shrank",
    )


def write(
    warehouse: Warehouse, batch: Batch, source: SourceFacts, staged: StagedDelivery, delivery_id: int
) -> None:
    """Write the new versions and end those that they supersede."""
    connection = warehouse.connection
    connection.execute(
        f"UPDATE {meta.SLICE_VERSION.path} SET valid_to = {batch.batch_id} WHERE slice_version IN "
        f"(SELECT previous_version FROM {SLICE} WHERE is_current AND previous_version IS NOT NULL)"
    )
    connection.execute(
        f"""
        INSERT INTO {meta.SLICE_VERSION.path} (slice_version, source_id, record_type, period, area, edition_date,
            delivery_id, batch_id, valid_from, valid_to, n_records, events, key_version)
        SELECT slice_version, {literal(source.source_id)}, {literal(staged.record_type)}, slice_period, slice_area,
            {literal(staged.edition_date)}, {delivery_id}, {batch.batch_id}, {batch.batch_id},
            CASE WHEN is_current THEN NULL ELSE {batch.batch_id} END, n_records, events, {literal(staged.key_version)}
        FROM {SLICE}
        """
    )


def note(
    warehouse: Warehouse,
    batch: Batch,
    source: SourceFacts,
    staged: StagedDelivery,
    delivery_id: int,
    accepted: tuple[SliceChange, ...],
    *,
    of_changes: bool = False,
) -> None:
    """Write what a person should know about slices that shrank, are absent, or are in quarantine alone.

    A delivery of the slices that have changed (``of_changes``) says nothing of those that it has not.
    """
    ids = f"{delivery_id}, {batch.batch_id}, {literal(source.source_id)}"
    insert = f"INSERT INTO {meta.SLICE_NOTE.path} (delivery_id, batch_id, source_id, period, area, note, before, after)"
    connection = warehouse.connection
    if accepted:
        connection.execute(
            f"""
            {insert} SELECT {ids}, slice_period, slice_area, 'shrunk_accepted', previous_events, events FROM {SLICE}
            WHERE is_current AND previous_events > 0
                AND events < previous_events * (1 - {literal(source.drop_tolerance)})
            """
        )
    connection.execute(
        f"""
        {insert} SELECT {ids}, slice_period, slice_area, 'only_quarantined', NULL, NULL FROM {TALLY}
        WHERE slice_period IS NOT NULL GROUP BY slice_period, slice_area
        HAVING bool_or(outcome = 'quarantined') AND NOT bool_or(outcome = 'loaded')
        """
    )
    if of_changes:
        return
    connection.execute(
        f"""
        {insert} SELECT {ids}, v.period, v.area, 'absent', v.events, NULL
        FROM {meta.SLICE_VERSION.path} AS v, ({_span(source, staged)}) AS span
        WHERE v.valid_to IS NULL AND v.source_id = {literal(source.source_id)} AND v.delivery_id <> {delivery_id}
            AND v.period BETWEEN span.first AND span.last
            AND coalesce(v.edition_date <= {literal(staged.edition_date)}::DATE, true)
            AND NOT EXISTS (
                FROM {TALLY} AS t WHERE t.slice_period = v.period AND t.slice_area IS NOT DISTINCT FROM v.area
            )
        """
    )


def absent(warehouse: Warehouse, delivery_id: int) -> tuple[SliceChange, ...]:
    """Slices that earlier deliveries had and this one has not."""
    found = warehouse.connection.execute(
        f"SELECT period, area, before, after FROM {meta.SLICE_NOTE.path}"
        f" WHERE delivery_id = {delivery_id} AND note = 'absent' ORDER BY period, area"
    ).fetchall()
    return tuple(SliceChange(*row) for row in found)


def _span(source: SourceFacts, staged: StagedDelivery) -> str:
    """First and last period of the delivery: as it states them, and as its slices show them."""
    unit = literal(source.slice_period)
    first, last = literal(staged.period_start), literal(staged.period_end)
    return f"""
        SELECT least(min(slice_period), date_trunc({unit}, {first}::DATE)::DATE) AS first,
            greatest(max(slice_period), date_trunc({unit}, {last}::DATE)::DATE) AS last
        FROM {SLICE}
    """


def forget(warehouse: Warehouse) -> None:
    """Drop the temporary table of slices."""
    warehouse.connection.execute(f"DROP TABLE IF EXISTS {SLICE}")
