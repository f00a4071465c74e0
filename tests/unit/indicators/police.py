"""A country of two areas with a police source and its population: the world of most indicator tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.unit.indicators.world import World

AREAS = ("XAA-01", "XAA-02")
POLICE = "homicide_rate_police"
TOTAL = "sex = '_T' AND age = '_T' AND mechanism = '_T' AND relationship = '_T' AND context = '_T'"


def victim(
    count: int = 1, when: date = date(2021, 3, 5), area: str | None = "XAA-01", **fields: Any
) -> dict[str, Any]:
    return {
        "role": "victim", "counting_unit": "victim", "event_class": "offence", "completion": "completed",
        "iccs": "0101", "occurrence_country": "XAA", "count": count, "occurrence_date": when,
        "occurrence_first_level": area, **fields,
    }  # fmt: skip


def people(area: str, year: int, count: int = 10_000, **fields: Any) -> dict[str, Any]:
    return {"residence_first_level": area, "reference_date": date(year, 7, 1), "count": count, **fields}


def made(
    *, breakdowns: tuple[str, ...] = ("sex", "age", "mechanism"), sexes: tuple[str, ...] = ("M", "F"),
    complete: int | None = None,
) -> World:  # fmt: skip
    world = World()
    world.areas("XAA", *AREAS)
    world.source("police", "person_role", "police", breakdowns=breakdowns)
    world.source(
        "people",
        "population",
        "statistics_office",
        place="residence",
        date_basis="reference",
        complete=complete,
    )
    groups = ((0, 14), (15, 17), (18, 19), (20, 24), (25, 29), (30, 59), (60, None))
    rows = [
        people(a, y, sex=s, age_from=f, age_to=t)
        for a in AREAS
        for y in (2020, 2021, 2022)
        for s in sexes
        for f, t in groups
    ]
    world.population("people", rows)
    return world


def total(world: World, area: str, period: str, relation: str = "indicator_cell") -> dict[str, Any]:
    return world.cell(f"ref_area = '{area}' AND time_period = '{period}' AND {TOTAL}", relation)
