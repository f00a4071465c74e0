"""What is not given: a blank beside a total, and fields of which one must be there."""

from __future__ import annotations

from pathlib import Path

from schemas import staging
from tests.unit.sources import desk

SIDE_BY_SIDE = desk.layout(
    columns={"open": ["year", "area", "Ene", "Feb", "sum"]},
    rows={
        "unpivot": {
            "columns": {"Ene": 1, "Feb": 2},
            "name": "m",
            "value": "v",
            "blank": "not_reported",
            "total": "sum",
        }
    },
    map={
        **desk.MAP,
        "occurrence_date": {"parse": "year_month", "year": "year", "month": "m"},
        "occurrence_first_level": {"copy": "area", "pad": 2, "prefix": "MEX-"},
        "count": {"parse": "integer", "from": "v"},
    },
)


def test_a_blank_beside_a_total_that_is_met_is_nothing(tmp_path: Path) -> None:
    """It is not a report that is missing; where the total says more than the others give, it is."""
    delivers = {**desk.DECLARATION["delivers"], "cells": "reported_values"}
    text = "year,area,Ene,Feb,sum\n2024,1,3,,3.0\n2024,2,3,,4\n2024,3,,,\n2024,3,,2,2\n"
    made = desk.take_in(desk.source(tmp_path, SIDE_BY_SIDE, delivers=delivers), text)
    assert made.records("row_number", "row_part", "exclusion") == [
        (1, 1, None),
        (1, 2, "nothing_by_total"),
        (2, 1, None),
        (2, 2, "not_reported"),
        (3, 1, "not_reported"),
        (3, 2, "not_reported"),
        (4, 1, "nothing_by_total"),
        (4, 2, None),
    ]
    cells = made.query(f"SELECT area, month(month), status FROM {staging.CELLS} ORDER BY ALL")
    assert cells == [
        ("MEX-01", 1, "received"),
        ("MEX-01", 2, "received"),
        ("MEX-02", 1, "received"),
        ("MEX-02", 2, "missing"),
        ("MEX-03", 1, "partial"),
        ("MEX-03", 2, "partial"),
    ]


def test_one_of_several_fields_is_asked_for_whichever_are_mapped(tmp_path: Path) -> None:
    """A measure without value and numerator says nothing, also where the source never has a numerator."""
    fixed = {"measure": "other", "unit_measure": "PT", "factor_kind": "risk", "factor_level": "social"}
    layout = desk.layout(
        map={
            **{field: {"fixed": code} for field, code in fixed.items()},
            "producer": {"fixed": "x"},
            "vintage": {"fixed": "x"},
            "reference_date": {"parse": "date", "from": "day", "formats": ["%Y-%m-%d"]},
            "value": {"parse": "decimal", "from": "n"},
        }
    )
    delivers = {**desk.DECLARATION["delivers"], "place_basis": "residence", "date_basis": "reference"}
    source = desk.source(tmp_path, layout, record_type="social_measure", delivers=delivers)
    made = desk.take_in(source, "day,n\n2024-01-01,1.5\n2024-02-01,\n")
    assert made.broken() == {"value.nothing_given": [2]}
