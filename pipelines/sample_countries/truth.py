"""What must come of a sample country's deliveries: the account of each, the indicator cells, and what is known.

Everything here is computed from the plan, never by reading the files back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

from pipelines.sample_countries.plan import Account

#: First-level area, month, class and amount of the records that must be loaded; None where they have none.
Amount = tuple[str | None, str | None, str | None, float]

DIMENSIONS = ("sex", "age", "mechanism", "relationship", "context", "urbanisation")
#: Columns of ``Truth.cells``.
COLUMNS = (
    "indicator", "ref_area", "freq", "time_period", *DIMENSIONS, "numerator", "denominator", "reported",
)  # fmt: skip


@dataclass(frozen=True)
class DeliveryTruth:
    """What must come of one file.

    ``rules`` counts records by the rule they break; a record that breaks two is in both. ``warnings`` are rules that
    are counted while the record loads, ``raised`` those on the whole delivery that it raises; ``amounts`` what the
    loaded records add up to by area, month and class.
    """

    source_id: str
    file: str
    edition_date: str
    period_start: str | None
    period_end: str | None
    rows_delivered: int
    rows_unreadable: int
    rows_excluded: Mapping[str, int]
    rows_mapped: int
    records_made: int
    records_loaded: int
    records_quarantined: int
    records_excluded: Mapping[str, int]
    rules: Mapping[str, int]
    missing_cells: Sequence[tuple[str, str]] = ()
    control_totals: Mapping[str, int] = field(default_factory=dict)
    warnings: Mapping[str, int] = field(default_factory=dict)
    raised: Sequence[str] = ()
    record_type: str = ""
    amounts: Sequence[Amount] = ()

    @classmethod
    def of_rows(
        cls, source_id: str, file: str, edition: date, period: tuple[date, date], counted: Account
    ) -> DeliveryTruth:
        """The truth of a file in which each row is one record."""
        return cls(
            source_id=source_id,
            file=file,
            edition_date=edition.isoformat(),
            period_start=period[0].isoformat(),
            period_end=period[1].isoformat(),
            rows_delivered=counted.delivered,
            rows_unreadable=counted.unreadable,
            rows_excluded={},
            rows_mapped=counted.delivered - counted.unreadable,
            records_made=counted.delivered - counted.unreadable,
            records_loaded=counted.loaded,
            records_quarantined=counted.quarantined,
            records_excluded={"repeated": counted.repeated} if counted.repeated else {},
            rules=counted.rules,
        )


Cell = tuple[str | int | float | None, ...]


@dataclass(frozen=True)
class Effect:
    """A programme and what it does, in per cent of the events of its treated areas from its start on.

    ``sources`` are those whose records carry it; what others count of the same areas does not know of the programme.
    """

    programme: str
    indicator: str
    start: str
    effect: int
    sources: Sequence[str]
    arms: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Prevalence:
    """The share of a survey's population of whom something is true, and the design of the sample."""

    survey: str
    edition: str
    question: str
    share: float
    population: int
    strata: int
    clusters: int
    sample: int


@dataclass(frozen=True)
class Revision:
    """How many of the records of a year an edition has, and how many there are in the end."""

    source_id: str
    year: int
    edition_date: str
    known: int
    finally_known: int


@dataclass(frozen=True)
class Truth:
    """Everything that must come of the deliveries of a country.

    Args:
        country: Its code.
        scale: The scale that the files were written with.
        deliveries: In the order in which they arrive.
        cells: Rows with the columns ``COLUMNS``, after all deliveries: every cell that has events, and the total of
            every area and period. ``_T`` is a total and ``_U`` unknown; ``denominator`` is NULL where sex or age is
            unknown; ``reported`` says whether the period was reported wholly: only then has the cell a rate.
            A year's denominator is the population of 1 July; a month's lies on the straight line between two of
            these, at the middle of the month (half of its days after its first day's beginning).
        cells_first_edition: Police homicide cells of 2022 as the first edition of that year has them.
        effects: The programmes.
        prevalences: What is true of the populations of the surveys.
        revisions: What the editions of a year have.
    """

    country: str
    scale: int
    deliveries: tuple[DeliveryTruth, ...]
    cells: tuple[Cell, ...] = ()
    cells_first_edition: tuple[Cell, ...] = ()
    effects: tuple[Effect, ...] = ()
    prevalences: tuple[Prevalence, ...] = ()
    revisions: tuple[Revision, ...] = ()

    def write(self, path: Path) -> None:
        """Write as JSON, one cell a line."""
        parts = {
            "country": self.country,
            "scale": self.scale,
            **{name: [asdict(one) for one in getattr(self, name)] for name in ("effects", "prevalences", "revisions")},
            "deliveries": [asdict(delivery) for delivery in self.deliveries],
            "columns": COLUMNS,
        }  # fmt: skip
        text = json.dumps(parts, ensure_ascii=False, indent=1)[:-2]
        for name, cells in (("cells", self.cells), ("cells_first_edition", self.cells_first_edition)):
            lines = ",\n".join(json.dumps(cell, ensure_ascii=False) for cell in cells)
            text += f',\n "{name}": [\n{lines}\n]'
        path.write_text(text + "\n}\n", encoding="utf-8")
