"""Which population is that of a country."""

from __future__ import annotations

import pytest

from indicators import inputs
from indicators.inputs import Source
from schemas.errors import Misuse
from schemas.reference import SEVERAL_COUNTRIES


def population(name: str, country: str) -> Source:
    return Source(name, country, "population", "statistics_office", "residence", "reference", ())


def test_figures_of_several_countries_are_no_countrys_population() -> None:
    """The UN's population takes no national one's place, also where a country has none of its own."""
    world = [population(name, SEVERAL_COUNTRIES) for name in ("un_a", "un_b")]
    assert inputs.population_sources(world) == {}
    assert inputs.population_sources([*world, population("own", "COL")]) == {"COL": "own"}


def test_two_populations_of_a_country_need_an_order() -> None:
    with pytest.raises(Misuse) as error:
        inputs.population_sources([population("one", "COL"), population("two", "COL")])
    assert error.value.code == "sources_collide"
