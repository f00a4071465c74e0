"""How things stand: what was received, what is missing, which indicators wait, and what is wrong."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from indicators.waiting import waiting
from pipelines.settings import Settings
from pipelines.steps import agreements, keys, landed, reading
from schemas.errors import Misuse
from sources.kit import discovery
from sources.kit.discovery import Source
from warehouse import doctor as examining
from warehouse import status as standing
from warehouse.home import Home

_PERIOD = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]))?")


def status(settings: Settings, period: str | None = None) -> dict[str, Any]:
    """Per source what was delivered and what is missing, and the indicators that wait to be computed.

    Args:
        settings: Home and sources.
        period: A year (2024) or a month (2024-03); without it all periods.

    Raises:
        Misuse: The period is no year and no month, or nothing has been loaded yet.
    """
    with reading.current(settings) as connection:
        rows = standing.sources(connection)
        if period is not None:
            cells = standing.cells(connection, _first_day(period), _last_day(period))
            nothing = {"cells": 0, "missing": 0}
            rows = [row | cells.get(row["source"], nothing) for row in rows]
        behind = [{"indicator": w.indicator, "because": "; ".join(w.reasons)} for w in waiting(connection)]
    known = {row["source"] for row in rows}
    # made-up sources deliver where somebody made their files; nobody waits for them elsewhere
    never = [
        {"source": s.id, "deliveries": 0}
        for s in discovery.load_all(settings.sources)
        if s.id not in known and not s.specification.demo
    ]
    return {"sources": [*rows, *never], "waiting": behind}


def _first_day(period: str) -> str:
    if not _PERIOD.fullmatch(period):
        raise Misuse(
            f"{period!r} is no period", how="give a year (2024) or a month (2024-03)", code="no_period"
        )
    year, _, month = period.partition("-")
    return f"{year}-{month or '01'}-01"


def _last_day(period: str) -> str:
    year, _, month = period.partition("-")
    return f"{year}-{month or '12'}-01"


def doctor(
    settings: Settings, today: dt.date | None = None, *, thorough: bool = False
) -> list[dict[str, Any]]:
    """Every check with its result, and the cure where something is wrong.

    Args:
        settings: Home and sources.
        today: The day on which agreements are looked at; the system's date without it.
        thorough: Read every landed file too, and hold it against its hash.
    """
    found = [
        {"check": f.check, "state": "ok" if f.ok else "problem", "detail": f.detail, "cure": f.cure}
        for f in examining.examine(Home(settings.home))
    ]
    home = Home(settings.home)
    personal = [
        s
        for s in discovery.load_all(settings.sources)
        if s.specification.holds_personal_data and not s.specification.demo
    ]
    in_use = [s.id for s in personal if _in_use(home, s)]
    found += _checked("master key", keys.problems(settings, in_use), "every hash is of the key in use")
    found += _checked("landing", *landed.state(home, [s.id for s in personal]))
    looked = (
        "every landed file is there, byte for byte" if thorough else "every landed file is there, in its size"
    )
    found += _checked("landed files", landed.lost(settings, thorough=thorough), looked)
    return [*found, *_agreements(settings, today or agreements.today())]


def _in_use(home: Home, source: Source) -> bool:
    """Whether a source is one's own, or one that comes with the software and of which anything has arrived."""
    arrived = (home.inbox(source.id), home.landing / source.id)
    return source.folder.parent != discovery.BUILT_IN or any(
        folder.is_dir() and any(folder.iterdir()) for folder in arrived
    )


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
