"""Groups of countries and their members in time.

The file is ``memberships.csv``: a row is one status of one country in one group, from a day to a day (both included;
empty where no limit is stated). A founder is a member from the day on which the founding treaty was signed, another
country from the day on which its accession took effect. A suspended member is none while it is suspended. An
associated or observing State is no member.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

from schemas import codelists
from schemas.codelists import reading
from schemas.errors import Misuse
from schemas.reference.area import areas

MEMBERSHIPS = Path(__file__).parent / "memberships.csv"
HEADER = ("group_code", "member_code", "valid_from", "valid_to", "status", "evidence", "note")


@dataclass(frozen=True, slots=True)
class Membership:
    """What a country is in a group during a time: ``status`` is a code of ``membership_status``."""

    group_code: str
    member_code: str
    valid_from: date | None
    valid_to: date | None
    status: str
    evidence: str
    note: str

    def holds(self, on: date) -> bool:
        """Whether it holds on a day."""
        return (self.valid_from or date.min) <= on <= (self.valid_to or date.max)


@cache
def memberships() -> tuple[Membership, ...]:
    """All memberships in file order."""
    return read(MEMBERSHIPS)


def members(group_code: str, on: date) -> tuple[str, ...]:
    """The countries that are members of a group on a day, in file order; a suspended one is not."""
    return tuple(
        m.member_code
        for m in memberships()
        if m.group_code == group_code and m.status == "member" and m.holds(on)
    )


def read(path: Path) -> tuple[Membership, ...]:
    """Read and check a list of memberships.

    Raises:
        Misuse: An unknown group, member or status, or two rows of one member for one time; ``where`` is file and line.
    """
    levels = {a.area_code: a.area_level for a in areas()}
    statuses = codelists.load("membership_status")
    placed: dict[tuple[str, str], list[tuple[int, Membership]]] = {}
    for line, row in reading.rows(path, HEADER):
        group, member, valid_from, valid_to, status, evidence, note = row
        where = f"{path}:{line}"
        problems = [
            (levels.get(group) != "group", f"{group!r} is no group", "add it to areas.csv at level group"),
            (levels.get(member) != "country", f"{member!r} is no country", "use an ISO 3166-1 alpha-3 code"),
            (status not in statuses, f"{status!r} is no status", f"use one of: {', '.join(statuses.codes)}"),
            (
                evidence not in codelists.EVIDENCE,
                f"evidence is {evidence!r}",
                f"use one of: {', '.join(codelists.EVIDENCE)}",
            ),
        ]
        for broken, what, how in problems:
            if broken:
                raise Misuse(what, where=where, how=how, code="malformed_reference")
        first, last = reading.period(valid_from, valid_to, f"{member!r} in {group!r}", where)
        found = Membership(group, member, first, last, status, evidence, note)
        placed.setdefault((group, member), []).append((line, found))
    for (group, member), rows in placed.items():
        for (_, before), (line, after) in pairwise(
            sorted(rows, key=lambda placed: placed[1].valid_from or date.min)
        ):
            if after.valid_from is None or before.holds(after.valid_from):
                raise Misuse(
                    f"{member!r} has two statuses in {group!r} on {after.valid_from or 'every day'}",
                    where=f"{path}:{line}",
                    how="let the earlier row end on the day before the later one starts",
                    code="malformed_reference",
                )
    return tuple(m for rows in placed.values() for _, m in rows)
