"""Telling the warehouse what each source declares now: what it owes, and how strictly rules are applied to it."""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.steps.session import Session
from schemas import record_type
from sources.kit import owed as owing
from sources.kit.discovery import BUILT_IN, Source
from warehouse import obligations, strictness
from warehouse.home import Home
from warehouse.obligations import Exempt, Obligation
from warehouse.strictness import Setting


def declare(session: Session, sources: Iterable[Source]) -> None:
    """Keep what the sources owe and how strictly they are judged, where it is new or has changed."""
    for source in sources:
        obligations.declare(session.warehouse, session.batch, source.id, obligation(source))
        strictness.declare(session.warehouse, session.batch, source.id, settings(source))


def settings(source: Source) -> list[Setting]:
    """How strictly rules are applied to a source, where that is not as they say."""
    declared = source.specification
    own = {rule.code: rule.severity for rule in record_type.load(declared.record_type).rules}
    return [Setting(code, said.severity, said.tolerates, own[code]) for code, said in declared.rules.items()]


def obligation(source: Source) -> Obligation | None:
    """What a source owes; None where it does not say."""
    declared = source.specification
    owes, delivers = declared.owes, declared.delivers
    if owes is None:
        return None
    by_cell = delivers.cells != "none"
    by_area = by_cell or delivers.slice.area is not None
    return Obligation(
        record_type=declared.record_type,
        country=declared.country,
        provider=declared.agreement.owner,
        grain="cell" if by_cell else "slice",
        by_area=by_area,
        areas_report=delivers.cells == "reported_values" or delivers.slice.area is not None,
        each=owes.each,
        each_months=owing.MONTHS[owes.each],
        due_days=owes.due_days,
        first_day=owing.first_day(owes.first),
        last_day=owing.last_day(owes.until) if owes.until else None,
        complete=delivers.complete if not by_area else None,
        areas=tuple(owes.reporting),
        units=tuple((unit, area) for unit, areas in owes.units.items() for area in areas),
        not_applicable=tuple(
            Exempt(
                area,
                owing.first_day(e.first) if e.first else None,
                owing.last_day(e.until) if e.until else None,
                e.reason,
            )
            for e in owes.not_applicable
            for area in (*e.areas, *([] if e.areas else [None]))
        ),
    )


def in_use(home: Home, source: Source) -> bool:
    """Whether a source is one's own, or one that comes with the software and of which anything has arrived."""
    arrived = (home.inbox(source.id), home.landing / source.id)
    return source.folder.parent != BUILT_IN or any(
        folder.is_dir() and any(folder.iterdir()) for folder in arrived
    )
