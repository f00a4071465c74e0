"""What the how-tos build on: example sources, deliveries and an indicator."""

from __future__ import annotations

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from indicators import catalogue
from indicators.compute import compute
from sources.kit import discovery
from tests.contract.golden_workbooks import write
from tests.contract.test_indicator_cases import cells, split, world_of
from tests.docs.documents import ROOT
from tests.docs.example_workbooks import DELIVERIES, WORKBOOKS

EXAMPLES = ROOT / "docs" / "examples"


def test_the_example_sources_load_and_are_made_up() -> None:
    found = [discovery.read(p.parent) for p in sorted((EXAMPLES / "sources").glob("*/source.yml"))]
    assert [s.id for s in found] == [
        "xaa_court_victims",
        "xaa_police_robberies",
        "xaa_portal_robberies",
        "xaa_prosecution_victims",
    ]
    assert all(s.specification.demo and s.specification.country == "XAA" for s in found)


def _cells(path: Path) -> list[list[object]]:
    return [[*row] for row in CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()]


@pytest.mark.parametrize("name", sorted(WORKBOOKS))
def test_the_example_workbook_holds_what_is_declared(name: str, tmp_path: Path) -> None:
    write(tmp_path / name, WORKBOOKS[name])
    assert _cells(tmp_path / name) == _cells(DELIVERIES / name)


def test_no_example_was_made_by_hand() -> None:
    assert {p.name for p in DELIVERIES.glob("*.xls*")} == set(WORKBOOKS)


def test_the_example_indicator_gives_what_its_case_expects() -> None:
    defined = catalogue.load(EXAMPLES / "indicators")
    (indicator,) = defined.indicators
    (case,) = indicator.cases
    world = world_of(indicator, case)
    compute(world.connection, [indicator.id], defined=defined)
    for expected in case.expect:
        key, values = split(expected)
        (cell,) = cells(world, key)
        found = {n: round(v, 4) if isinstance(v := cell[n], float) else v for n in values}
        assert found == values, key
    assert [cells(world, absent) for absent in case.absent] == [[]]
