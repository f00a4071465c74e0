"""What ``source.yml`` may say under ``owes``, and what is told of what it may not."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from pipelines.steps import declaring as telling
from schemas.errors import Misuse
from sources.kit import owed
from tests.unit.sources import desk

MONTHLY: dict[str, Any] = {"each": "month", "due_days": 25, "from": "2024-01"}


@pytest.mark.parametrize(
    ("owes", "says"),
    [
        ({**MONTHLY, "each": "week"}, "each"),
        ({**MONTHLY, "due_days": -1}, "due_days"),
        ({**MONTHLY, "from": "January"}, "no period"),
        ({**MONTHLY, "until": "2023-12"}, "until comes before from"),
        ({**MONTHLY, "each": "quarter", "from": "2024-02"}, "no beginning of a quarter"),
        ({**MONTHLY, "each": "year", "from": "2024-07"}, "no beginning of a year"),
        ({**MONTHLY, "areas": ["XAA-01"], "units": {"North": ["XAA-01"]}}, "leave areas out"),
        ({**MONTHLY, "units": {"North": ["XAA-01"], "South": ["XAA-01"]}}, "two units report for XAA-01"),
        ({**MONTHLY, "units": {"North": []}}, "has no area"),
        ({**MONTHLY, "not_applicable": [{"reason": "closed"}]}, "nothing limits it"),
        ({**MONTHLY, "not_applicable": [{"areas": ["XAA-01"]}]}, "reason"),
        (
            {**MONTHLY, "not_applicable": [{"from": 2024, "until": 2023, "reason": "closed"}]},
            "until comes before from",
        ),
    ],
)
def test_what_cannot_be_meant(tmp_path: Path, owes: dict[str, Any], says: str) -> None:
    with pytest.raises(Misuse) as misuse:
        desk.source(tmp_path, owes=owes)
    assert says in misuse.value.text()
    assert "source.yml:" in misuse.value.where


@pytest.mark.parametrize(
    ("period", "by_area", "cells", "each", "areas", "says"),
    [
        ("all", False, "none", "year", [], "no periods"),
        ("year", False, "none", "month", [], "cannot be told"),
        ("year", False, "none", "year", ["XAA-01"], "does not tell areas apart"),
        ("year", False, "whole_period", "month", ["XAA-01"], ""),
        ("month", False, "none", "quarter", [], ""),
        ("year", True, "none", "year", ["XAA-01"], ""),
    ],
)
def test_what_is_owed_must_be_told_by_the_slices(
    period: str, by_area: bool, cells: str, each: str, areas: list[str], says: str
) -> None:
    owes = owed.Owes.model_validate({**MONTHLY, "each": each, "areas": areas})
    if not says:
        owes.require_slices(period, by_area=by_area, cells=cells)
        return
    with pytest.raises(ValueError, match=says):
        owes.require_slices(period, by_area=by_area, cells=cells)


def test_years_and_months_have_a_first_and_a_last_day() -> None:
    assert (owed.first_day("2024"), owed.last_day("2024")) == (dt.date(2024, 1, 1), dt.date(2024, 12, 31))
    assert (owed.first_day("2024-02"), owed.last_day("2024-02")) == (
        dt.date(2024, 2, 1),
        dt.date(2024, 2, 29),
    )


def test_what_the_warehouse_is_told(tmp_path: Path) -> None:
    units = {"North": ["XAA-01", "XAA-02"], "South": ["XAA-03"]}
    exempt = [{"areas": ["XAA-03"], "from": "2024-03", "until": "2024-05", "reason": "under water"}]
    whole = {**desk.DECLARATION["delivers"], "cells": "whole_period"}
    layout = desk.layout(map={**desk.MAP, "occurrence_first_level": {"fixed": "MEX-01"}})
    source = desk.source(
        tmp_path,
        layout,
        delivers=whole,
        owes={**MONTHLY, "until": "2024-12", "units": units, "not_applicable": exempt},
    )
    told = telling.obligation(source)
    assert told is not None
    assert (told.each, told.each_months, told.due_days) == ("month", 1, 25)
    assert (told.first_day, told.last_day) == (dt.date(2024, 1, 1), dt.date(2024, 12, 31))
    assert told.areas == ("XAA-01", "XAA-02", "XAA-03")
    assert told.units == (("North", "XAA-01"), ("North", "XAA-02"), ("South", "XAA-03"))
    (nothing,) = told.not_applicable
    assert (nothing.area, nothing.first_day, nothing.last_day) == (
        "XAA-03",
        dt.date(2024, 3, 1),
        dt.date(2024, 5, 31),
    )
    assert telling.obligation(desk.source(tmp_path, owes=None)) is None
