"""The account of one value, for people and programs: what ``indicators.explain`` finds out, and how it is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Delivery:
    """A delivery that records or figures came from; ``events`` is its part of the numerator, where it has one."""

    delivery_id: int
    source_id: str
    file_name: str | None
    sha256: str | None
    edition_date: date | None
    batch_id: int
    events: int | None = None


@dataclass(frozen=True)
class Position:
    """Where a record stands: record number in its delivery (1 = first after the header), and value column."""

    delivery_id: int
    row_number: int
    row_part: int
    events: int


@dataclass(frozen=True)
class Numerator:
    """What was counted."""

    value: float | None
    unit: str
    tests: list[str]
    query: str
    deliveries: list[Delivery]
    n_records: int
    first: list[Position]


@dataclass(frozen=True)
class Denominator:
    """What it was divided by: one figure, or two and the share of the way between them."""

    value: float | None
    unit: str
    source_id: str | None
    vintage: str | None
    rule: str | None
    figures: list[tuple[date, int]]
    share: float | None
    estimated: bool
    deliveries: list[Delivery]


@dataclass(frozen=True)
class Coverage:
    """Which of the reports owed were received."""

    owed: int
    received: int
    in_part: int
    areas_expected: int
    areas_reporting: int
    not_received: list[str]


@dataclass(frozen=True)
class Explanation:
    """Everything that stands behind one value.

    Attributes:
        cell: The cell with its key, values and states.
        name: Name of the indicator.
        formula: The formula with the numbers in it.
        facts_as_of: Batch whose facts the account reads; None: the current ones.
        notes: What the source declares about its data.
    """

    cell: dict[str, Any]
    name: str
    formula: str
    numerator: Numerator
    denominator: Denominator
    coverage: Coverage | None
    facts_as_of: int | None
    notes: dict[str, str]

    def as_dict(self) -> dict[str, Any]:
        """The account as plain data that JSON can carry."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self), default=_plain))
        return plain

    def text(self) -> str:
        """The account for a person to read."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        c = self.cell
        broken = [f"{d}={c[d]}" for d in _DIMENSIONS if c[d] != "_T"]
        yield f"{c['indicator']} (version {c['indicator_version']}): {self.name}"
        yield f"{c['ref_area']}, {c['time_period']}{', ' if broken else ''}{', '.join(broken)}"
        yield f"  value        {self.formula}"
        if c["ci_lower"] is not None:
            yield f"  interval     {c['ci_lower']} to {c['ci_upper']} ({c['ci_method']}, {c['ci_meaning']})"
        yield f"  state        {c['obs_status']}, {c['revision_status']}"
        yield f"  quality      {c['quality']}{_in_brackets(c['quality_reason'])}"
        yield f"  place, date  {c['place_basis']}, {c['date_basis']}"
        if c["comment"]:
            yield f"  comment      {c['comment']}"
        yield f"  vintage      batch {c['vintage']}, catalogue {c['catalogue_version']}{self._facts()}"
        yield from self._numerator()
        yield from self._denominator()
        yield from self._coverage()
        for name, note in self.notes.items():
            yield f"source's note  {name}: {note}"

    def _facts(self) -> str:
        return f"; facts as of batch {self.facts_as_of}" if self.facts_as_of is not None else ""

    def _numerator(self) -> Iterator[str]:
        n = self.numerator
        yield f"numerator      {number(n.value)} ({n.unit}) in {n.n_records} records"
        for test in n.tests:
            yield f"  counted      {test}"
        yield f"  in SQL       {n.query}"
        yield from (_delivery(d) for d in n.deliveries)
        for p in n.first:
            part = f", value column {p.row_part}" if p.row_part else ""
            yield f"  record       delivery {p.delivery_id}, record {p.row_number}{part}: {p.events}"
        if n.n_records > len(n.first):
            yield f"               and {n.n_records - len(n.first)} more records"

    def _denominator(self) -> Iterator[str]:
        d = self.denominator
        yield f"denominator    {number(d.value)} ({d.unit}){_in_brackets(d.source_id)}"
        for day, count in d.figures:
            yield f"  figure       {count} on {day}, vintage {d.vintage}"
        if d.share is not None:
            yield f"  between      {d.share:.6f} of the way from the first to the second"
        if d.rule:
            yield f"  rule         {d.rule}{', estimated' if d.estimated else ''}"
        yield from (_delivery(x) for x in d.deliveries)

    def _coverage(self) -> Iterator[str]:
        if self.coverage is None:
            yield "coverage       the source owes no report for this area and period"
            return
        c = self.coverage
        in_part = f" whole, {c.in_part} in part" if c.in_part else ""
        yield (
            f"coverage       {c.received} of {c.owed} reports received{in_part}, from {c.areas_reporting} of "
            f"{c.areas_expected} areas"
        )
        for missing in c.not_received:
            yield f"  {'not whole' if ', received in part' in missing else 'not received'} {missing}"
        if c.owed - c.received > len(c.not_received):
            yield f"               and {c.owed - c.received - len(c.not_received)} more reports"


_DIMENSIONS = (
    "sex", "age", "mechanism", "relationship", "context", "urbanisation", "ethnicity", "migration", "institution",
    "offence", "form",
)  # fmt: skip


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no plain form of {type(value).__name__}")


def number(value: float | None) -> str:
    """A number as a person writes it: no decimals where there are none."""
    if value is None:
        return "none"
    return f"{value:.0f}" if value == int(value) else f"{value}"


def _in_brackets(text: str | None) -> str:
    return f" ({text})" if text else ""


def _delivery(d: Delivery) -> str:
    events = f", {d.events} of the count" if d.events is not None else ""
    edition = f", edition {d.edition_date}" if d.edition_date else ""
    return (
        f"  delivery     {d.delivery_id} of {d.source_id}{events}: {d.file_name}{edition}, SHA-256 {d.sha256}"
    )
