"""The register of agreements: under what terms the data of each source are held, and which terms end soon."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sources.kit.discovery import Source
from sources.kit.specification import Agreement

#: Days before its end from which an agreement is told to end soon.
WARNED = 60


@dataclass(frozen=True)
class Standing:
    """How an agreement stands on a day.

    Args:
        state: ``ok``, ``incomplete``, ``not begun``, ``ends soon`` or ``ended``.
        detail: The state in words; empty where all is well.
        cure: What to do about it.
    """

    state: str
    detail: str = ""
    cure: str = ""


def standing(agreement: Agreement, today: dt.date, warned: int = WARNED) -> Standing:
    """How an agreement stands.

    Args:
        agreement: What was agreed.
        today: The day of the question.
        warned: Days before its end from which it is told to end soon.
    """
    if agreement.valid_until and agreement.valid_until < today:
        ago = (today - agreement.valid_until).days
        return Standing(
            "ended", f"ended {_days(ago)} ago", "renew it with the owner, or stop taking the source in"
        )
    if agreement.valid_from and agreement.valid_from > today:
        ahead = (agreement.valid_from - today).days
        return Standing("not begun", f"begins in {_days(ahead)}", "take nothing in before that day")
    if agreement.valid_until and (agreement.valid_until - today).days <= warned:
        left = (agreement.valid_until - today).days
        return Standing(
            "ends soon", f"ends in {_days(left)}" if left else "ends today", "renew it with the owner"
        )
    if agreement.incomplete:
        lacking = ", ".join(agreement.incomplete)
        return Standing(
            "incomplete", f"to be completed: {lacking}", "complete agreement in source.yml with the owner"
        )
    return Standing("ok")


def _days(number: int) -> str:
    return f"{number} day" if number == 1 else f"{number} days"


def register(sources: Iterable[Source], today: dt.date, warned: int = WARNED) -> list[dict[str, Any]]:
    """One row for each source: owner, terms, beginning and end, and how the agreement stands."""
    rows: list[dict[str, Any]] = []
    for source in sources:
        agreement = source.specification.agreement
        now = standing(agreement, today, warned)
        rows.append(
            {
                "source": source.id,
                "state": now.state,
                "owner": agreement.owner,
                "legal_basis": agreement.legal_basis,
                "recipients": [f"{tier}: {', '.join(who)}" for tier, who in agreement.recipients.items()],
                "retention_years": agreement.retention_years,
                "licence": agreement.licence,
                "citation": agreement.citation,
                "valid_from": agreement.valid_from,
                "valid_until": agreement.valid_until,
                "contact": agreement.contact,
                "detail": now.detail,
                "mend": now.cure,
            }
        )
    return rows
