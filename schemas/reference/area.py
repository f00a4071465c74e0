"""Reference areas: countries, groups of countries, and the first level of countries with real sources.

An area's code is the country's ISO 3166-1 alpha-3 code, or that code, a hyphen and the code of the
country's statistics office with its leading zeros (``MEX-01`` by INEGI, ``COL-05`` by DANE, ``BRA-11`` by IBGE).
``boundary_version`` names a division of the territory by country and the year since which it holds at that
level: ``MEX-1974`` are the 32 entities since Baja California Sur and Quintana Roo became states,
``COL-1991`` the 32 departments and the capital district of the constitution of 1991, ``BRA-1989`` the 26 states and
the federal district since Tocantins exists. Countries carry ``ISO-3166-1``. Names are the official ones where a
language has no other. A group of countries is ``G-`` and a name, has no country and no boundary version, and its
members stand in ``memberships.csv``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from schemas import codelists
from schemas.codelists import reading
from schemas.errors import Misuse

#: What a source of figures of several countries says in the place of its country: from the codes that ISO 3166-1 leaves
#: to users. It is no area, and no record lies in it.
SEVERAL_COUNTRIES = "ZZZ"
AREAS = Path(__file__).parent / "areas.csv"
HEADER = (
    "area_code",
    "area_level",
    "parent_code",
    "country",
    "name_es",
    "name_en",
    "name_pt",
    "boundary_version",
    "valid_from",
    "valid_to",
    "evidence",
)


@dataclass(frozen=True, slots=True)
class ReferenceArea:
    """One area: countries and groups have no ``parent_code``; dates (ISO 8601) are empty where no limit is stated."""

    area_code: str
    area_level: str
    parent_code: str
    country: str
    name_es: str
    name_en: str
    name_pt: str
    boundary_version: str
    valid_from: str
    valid_to: str
    evidence: str


@cache
def areas() -> tuple[ReferenceArea, ...]:
    """All reference areas in file order, a parent before what lies in it."""
    return read(AREAS)


def read(path: Path) -> tuple[ReferenceArea, ...]:
    """Read and check a list of areas.

    Raises:
        Misuse: A row has a code twice, an unknown level, country or parent, no name, or dates in the wrong order;
            ``where`` is file and line.
    """
    levels, countries = codelists.load("area_level"), codelists.load("country")
    found: dict[str, ReferenceArea] = {}
    for line, row in codelists.rows(path, HEADER):
        area = ReferenceArea(*row)
        problems = [
            (
                area.area_code in found,
                f"the area {area.area_code!r} stands twice",
                "keep one of the two lines",
            ),
            (area.area_level not in levels, f"{area.area_level!r} is no level", "use a code of area_level"),
            (
                (area.area_level == "group") != area.area_code.startswith("G-"),
                f"{area.area_code!r} at level {area.area_level!r}",
                "write G- before the code of a group, and only there",
            ),
            (
                area.country not in countries if area.area_level != "group" else area.country != "",
                f"{area.country!r} is no country",
                "use an ISO 3166-1 alpha-3 code; leave it empty for a group",
            ),
            (
                area.evidence not in codelists.EVIDENCE,
                f"evidence is {area.evidence!r}",
                f"use one of: {', '.join(codelists.EVIDENCE)}",
            ),
            (
                not (area.name_es and area.name_en and area.name_pt),
                f"{area.area_code!r} lacks a name",
                "give name_es, name_en and name_pt",
            ),
            (
                area.parent_code != "" and area.parent_code not in found,
                f"the parent {area.parent_code!r} of {area.area_code!r} does not stand above it",
                "add the parent above, or mend it",
            ),
        ]
        for broken, what, how in problems:
            if broken:
                raise Misuse(what, where=f"{path}:{line}", how=how, code="malformed_reference")
        reading.period(area.valid_from, area.valid_to, repr(area.area_code), f"{path}:{line}")
        found[area.area_code] = area
    return tuple(found.values())
