"""How things stand: what was received, what is missing, which indicators wait, and what is wrong."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from indicators.waiting import waiting
from pipelines.settings import Settings
from pipelines.steps import agreements, declaring, keys, landed, reading
from pipelines.steps import coverage as covering
from pipelines.steps.coverage import Grid
from sources.kit import discovery
from warehouse import coverage
from warehouse import doctor as examining
from warehouse import status as standing
from warehouse.home import Home

#: What is told of the reports of a source.
_COUNTS = ("owed", "received", "partial", "late", "missing")


@dataclass(frozen=True)
class Status:
    """Where every source stands, the grid of its months, and the indicators that wait to be computed."""

    sources: list[dict[str, Any]]
    waiting: list[dict[str, Any]]
    grid: Grid


def status(settings: Settings, period: str | None = None) -> Status:
    """Per source what was delivered and what is owed, and the indicators that wait to be computed.

    Args:
        settings: Home, sources, and the day that counts as today.
        period: A year (2024) or a month (2024-03), for what is owed; without it all periods.

    Raises:
        Misuse: The period is no year and no month, or nothing has been loaded yet.
    """
    span = covering.months(period) if period else None
    with reading.current(settings) as connection:
        owed = {row["source"]: row for row in coverage.by_source(connection, settings.today, span=span)}
        rows = [
            row | {name: owed.get(row["source"], {}).get(name, 0) for name in _COUNTS}
            for row in standing.sources(connection)
        ]
        behind = [{"indicator": w.indicator, "because": "; ".join(w.reasons)} for w in waiting(connection)]
        grid = covering.grid(connection, settings.today, span=span)
    known = {row["source"] for row in rows}
    # made-up sources deliver where somebody made their files; nobody waits for them elsewhere
    never = [
        {"source": s.id, "deliveries": 0} | {n: owed[s.id][n] for n in _COUNTS if s.id in owed}
        for s in discovery.load_all(settings.sources)
        if s.id not in known and (not s.specification.demo or s.id in owed)
    ]
    return Status([*rows, *never], behind, grid)


def doctor(
    settings: Settings, today: dt.date | None = None, *, thorough: bool = False
) -> list[dict[str, Any]]:
    """Every check with its result, and the cure where something is wrong.

    Args:
        settings: Home and sources.
        today: The day on which agreements are looked at; that of the settings without it.
        thorough: Read every landed file too, and hold it against its hash.
    """
    found = [
        {"check": f.check, "state": "ok" if f.ok else "problem", "detail": f.detail, "cure": f.cure}
        for f in examining.examine(Home(settings.home), today=today)
    ]
    home = Home(settings.home)
    personal = [
        s
        for s in discovery.load_all(settings.sources)
        if s.specification.holds_personal_data and not s.specification.demo
    ]
    in_use = [s.id for s in personal if declaring.in_use(home, s)]
    found += _checked("master key", keys.problems(settings, in_use), "every hash is of the key in use")
    found += _checked("landing", *landed.state(home, [s.id for s in personal]))
    looked = (
        "every landed file is there, byte for byte" if thorough else "every landed file is there, in its size"
    )
    found += _checked("landed files", landed.lost(settings, thorough=thorough), looked)
    found += [
        {"check": "landed files", "state": "warning", "detail": what, "cure": cure}
        for what, cure in landed.unnamed(settings)
    ]
    return [*found, *_agreements(settings, today or settings.today)]


def _checked(check: str, problems: list[tuple[str, str]], fine: str) -> list[dict[str, Any]]:
    """The lines of a check: one for each problem, or one that says that all is well."""
    if not problems:
        return [{"check": check, "state": "ok", "detail": fine, "cure": ""}]
    return [{"check": check, "state": "problem", "detail": what, "cure": cure} for what, cure in problems]


def _agreements(settings: Settings, today: dt.date) -> list[dict[str, Any]]:
    """What there is to do about agreements: one that has ended is a problem, one that ends soon a warning."""
    found = []
    for row in agreements.register(discovery.load_all(settings.sources), today):
        if row["state"] != "ok":
            state = "problem" if row["state"] == "ended" else "warning"
            detail = f"{row['source']}: the agreement with {row['owner']}: {row['detail']}"
            found.append({"check": "agreement", "state": state, "detail": detail, "cure": row["mend"]})
    return found or [
        {"check": "agreements", "state": "ok", "detail": "every agreement is complete and holds", "cure": ""}
    ]
