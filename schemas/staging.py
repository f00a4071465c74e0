"""What a source hands over to the warehouse: one table of judged records, and the facts about the delivery.

Sources and warehouse do not see each other; this module is all that they share about a delivery.
The table (``TABLE``) has one row per record made:

==============  ========  =====================================================================
column          type      meaning
==============  ========  =====================================================================
row_number      BIGINT    position in the delivery, 1 = first record after the header
row_part        USMALLINT 0, or which part of the row (1 = first) made the record: a value column, or a
                          share of its count
exclusion       VARCHAR   reason why the record is not loaded; NULL for all others
broken          (mask)    bit i set: rule i (severity row) is broken (``schemas.masks``)
warned          (mask)    bit i set: rule i (severity warn) is broken
bad             BOOLEAN   whether any bit of ``broken`` is set: the record goes to quarantine
slice_period    DATE      first day of the slice's period; NULL where a delivery replaces the whole
slice_area      VARCHAR   area of the slice where the source delivers by area; 'earlier' and the period or
                          edition of the delivery for rows that speak of earlier records
cell_area       VARCHAR   area that the record reports about, at the level at which reports are owed
cell_month      DATE      first day of the month that the record reports about
events          DOUBLE    what the record adds to the account: its count, weight or amount
record_key      BIGINT    the source's own key without its meaning, or the position
(fields)                  every field of the record type
==============  ========  =====================================================================

Beside it ``RAW`` (row_number, row_part, raw: JSON of the open raw columns) for the records that broke a rule,
``CELLS`` (slice_period, slice_area, area, month, status received | partial | missing), what the delivery reports
about, and ``UNREADABLE`` (row_number, byte_position), the rows that the reader could not split into columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

TABLE = "staged_record"
CELLS = "staged_cell"
UNREADABLE = "staged_unreadable"
RAW = "staged_raw"

#: Columns of ``TABLE`` before the fields of the record type, with their SQL types (masks of at most 64 rules).
LEADING: tuple[tuple[str, str], ...] = (
    ("row_number", "BIGINT"),
    ("row_part", "USMALLINT"),
    ("exclusion", "VARCHAR"),
    ("broken", "UBIGINT"),
    ("warned", "UBIGINT"),
    ("bad", "BOOLEAN"),
    ("slice_period", "DATE"),
    ("slice_area", "VARCHAR"),
    ("cell_area", "VARCHAR"),
    ("cell_month", "DATE"),
    ("events", "DOUBLE"),
    ("record_key", "BIGINT"),
)


@dataclass(frozen=True)
class StagedRule:
    """A rule that marks records; its place in ``StagedDelivery.rules`` is its bit."""

    code: str
    severity: str
    scope: str = "row"


@dataclass(frozen=True)
class Finding:
    """What a rule on the whole delivery found.

    Args:
        code: The rule.
        severity: ``warn``; where a rule refuses the delivery there is none to load.
        n_judged: Records that could be judged.
        n_broken: Records that broke it.
        raised: Whether that is more than the rule tolerates.
        tolerated: Share of the judged records that it tolerates; None where none is.
    """

    code: str
    severity: str
    n_judged: int
    n_broken: int
    raised: bool
    tolerated: float | None = None


@dataclass(frozen=True)
class ControlTotal:
    """A total that the provider states in its file, beside the sum of the records read."""

    name: str
    expected: float
    found: float


@dataclass(frozen=True)
class AppliedCorrection:
    """A value of one record that was corrected before anything else was done with it.

    ``old`` and ``new`` are None where the column is an identifier or restricted; ``digest`` is the SHA-256 of all that
    the correction says.
    """

    name: str
    digest: str
    row_number: int
    column: str
    old: str | None
    new: str | None
    reason: str
    reporter: str
    reported_on: date


@dataclass(frozen=True)
class StagedPart:
    """What became of the rows of a table that was joined to the leading one.

    delivered = unreadable + joined + repeated + unused: joined rows were found by their keys, repeated ones share
    them with another row, which finds neither, and unused ones no row asked for.
    """

    name: str
    rows_delivered: int
    rows_unreadable: int
    rows_joined: int
    rows_repeated: int
    rows_unused: int


@dataclass(frozen=True)
class StagedDelivery:
    """One delivery after reading, mapping and judging; its records are in ``TABLE``.

    ``key_version`` is the version of the master key of its hashes, None where it has none; ``findings`` are those of
    the rules that count, and ``fields`` the fields of the record type that it has.
    """

    source_id: str
    record_type: str
    layout: str
    rules: tuple[StagedRule, ...]
    rows_delivered: int
    rows_unreadable: int
    row_exclusions: Mapping[str, int]
    records_made: int
    repeated_rows: int
    edition_date: date | None = None
    period_start: date | None = None
    period_end: date | None = None
    control_totals: tuple[ControlTotal, ...] = field(default=())
    corrections: tuple[AppliedCorrection, ...] = field(default=())
    parts: tuple[StagedPart, ...] = field(default=())
    key_version: int | None = None
    findings: tuple[Finding, ...] = field(default=())
    fields: frozenset[str] = field(default=frozenset())
