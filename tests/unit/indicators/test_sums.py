"""Cells of a few hundred made-up victims against plain counting, and the relations that hold between cells."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from typing import Any

import pytest

from indicators.compute import compute
from tests.unit.indicators.police import AREAS, POLICE, made, victim
from tests.unit.indicators.world import World, received

SEXES, MECHANISMS = ("M", "F", "_U"), ("firearm", "sharp", "_U")
BANDS = {
    3: "Y0T4",
    12: "Y10T14",
    16: "Y15T17",
    18: "Y18T19",
    22: "Y20T24",
    29: "Y25T29",
    44: "Y30T44",
    88: "Y_GE60",
}
YOUNG = {"Y15T17", "Y18T19", "Y20T24", "Y25T29"}


def drawn(seed: int) -> list[dict[str, Any]]:
    random_ = random.Random(seed)
    return [
        victim(
            random_.randint(0, 3),
            date(2021, random_.randint(1, 12), random_.randint(1, 28)),
            random_.choice((*AREAS, None)),
            sex=random_.choice(SEXES),
            age_years=random_.choice((*BANDS, None)),
            mechanism=random_.choice(MECHANISMS),
        )
        for _ in range(400)
    ]


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return drawn(7)


@pytest.fixture(scope="module")
def world(rows: list[dict[str, Any]]) -> World:
    found = made()
    found.deliver("police", rows, reports=received(AREAS, 2021))
    compute(found.connection, [POLICE])
    return found


def test_every_count_is_the_plain_count(world: World, rows: list[dict[str, Any]]) -> None:
    counted: Counter[tuple[str, ...]] = Counter()
    for row in rows:
        band = BANDS[row["age_years"]] if row["age_years"] is not None else "_U"
        bands = [band, "Y15T29"] if band in YOUNG else [band]
        breakdowns = [("_T", "_T", "_T"), (row["sex"], "_T", "_T"), ("_T", "_T", row["mechanism"])]
        breakdowns += [("_T", b, "_T") for b in bands] + [(row["sex"], b, "_T") for b in bands]
        breakdowns += [(row["sex"], "_T", row["mechanism"])]
        for area in {"XAA", row["occurrence_first_level"]} - {None}:
            for period in ("2021", f"{row['occurrence_date']:%Y-%m}"):
                counted.update({(area, period, *b): row["count"] for b in breakdowns})
    found = {
        (c["ref_area"], c["time_period"], c["sex"], c["age"], c["mechanism"]): c["numerator"]
        for c in world.cells("true")
    }
    assert found == {key: n for key, n in counted.items() if n}


def test_a_rate_is_its_parts_and_lies_in_its_interval(world: World) -> None:
    cells = world.cells("obs_value IS NOT NULL")
    assert len(cells) > 300
    for cell in cells:
        exact = cell["numerator"] * 100_000 / cell["denominator"]
        assert abs(cell["obs_value"] - exact) <= 0.005 + 1e-9
        assert cell["ci_lower"] <= cell["obs_value"] <= cell["ci_upper"]


def test_the_same_on_any_number_of_threads(rows: list[dict[str, Any]], world: World) -> None:
    again = made()
    again.connection.execute("SET threads = 1")
    again.deliver("police", rows, reports=received(AREAS, 2021))
    compute(again.connection, [POLICE])
    assert again.rows("FROM indicator_cell") == world.rows("FROM indicator_cell")
    assert again.rows("FROM indicator_denominator") == world.rows("FROM indicator_denominator")
