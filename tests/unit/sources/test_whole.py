"""Rules on a whole delivery: what they mark, what they count, and what they refuse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from schemas import codelists
from schemas.errors import Refusal
from tests.unit.sources import desk

HEAPED = "occurrence_hour.heaped_at_midnight"


def incidents(folder: Path, lines: list[str], **verbs: Any) -> desk.Staged:
    """Incidents with a day and an hour."""
    mapped = {
        **desk.MAP,
        "occurrence_date": {"parse": "date", "from": "day", "formats": ["%Y-%m-%d"]},
        "occurrence_hour": {"parse": "integer", "from": "hour"},
        **verbs,
    }
    layout = desk.layout(columns={"open": ["day", "hour"]}, map=mapped)
    return desk.take_in(desk.source(folder, layout), "day,hour\n" + "\n".join(lines) + "\n")


def test_hours_that_heap_at_midnight_are_told_and_loaded(tmp_path: Path) -> None:
    lines = [f"2024-01-{2 + i % 20:02d},{0 if i < 30 else 1 + i % 23}" for i in range(100)]
    made = incidents(tmp_path, lines)
    assert made.findings() == {HEAPED: (100, 30)}
    found = next(f for f in made.delivery.findings if f.code == HEAPED)
    assert (found.severity, found.tolerated) == ("warn", 0.10)
    assert made.broken() == {}


def test_hours_as_they_fall_are_not(tmp_path: Path) -> None:
    made = incidents(tmp_path, [f"2024-01-{2 + i % 20:02d},{i % 24}" for i in range(240)])
    assert made.findings() == {}
    assert (HEAPED, 240, 10) in [(f.code, f.n_judged, f.n_broken) for f in made.delivery.findings]


def test_few_records_are_not_judged(tmp_path: Path) -> None:
    assert incidents(tmp_path, ["2024-01-02,0"] * 29).findings() == {}
    assert set(incidents(tmp_path, ["2024-01-02,0"] * 30).findings()) == {HEAPED}


def in_offices(folder: Path, offices: dict[str, tuple[int, int]]) -> desk.Staged:
    """Incidents of municipalities: how many at midnight, and how many at other hours."""
    lines = [
        f"2024-01-{2 + i % 20:02d},{0 if i < midnight else 1 + i % 23},{area}"
        for area, (midnight, others) in offices.items()
        for i in range(midnight + others)
    ]
    mapped = {
        **desk.MAP,
        "occurrence_date": {"parse": "date", "from": "day", "formats": ["%Y-%m-%d"]},
        "occurrence_hour": {"parse": "integer", "from": "hour"},
        "occurrence_municipality": {"copy": "area", "prefix": "XAA-"},
    }
    layout = desk.layout(columns={"open": ["day", "hour", "area"]}, map=mapped)
    return desk.take_in(desk.source(folder, layout), "day,hour,area\n" + "\n".join(lines) + "\n")


def test_one_office_that_heaps_is_told_where_the_delivery_does_not(tmp_path: Path) -> None:
    offices = {f"01{n:03d}": (4, 96) for n in range(1, 15)} | {"02001": (60, 40), "02002": (9, 3)}
    made = in_offices(tmp_path, offices)
    # the small office is not judged, although nine of twelve are at midnight
    assert made.findings() == {f"{HEAPED}_in_units": (1500, 60)}
    assert made.broken() == {}


def test_what_the_whole_delivery_heaps_is_told_once(tmp_path: Path) -> None:
    assert set(in_offices(tmp_path, {"01001": (60, 40), "01002": (60, 40)}).findings()) == {HEAPED}


def test_offices_as_chance_makes_them_are_not_told(tmp_path: Path) -> None:
    """A share of 14% of 100 is above the tolerated 10%, and within what chance gives."""
    offices = {f"01{n:03d}": (4, 96) for n in range(1, 10)} | {"02001": (14, 86)}
    assert in_offices(tmp_path, offices).findings() == {}


def test_months_are_not_first_days(tmp_path: Path) -> None:
    """A date of which the month is known alone lies on the first, and says nothing about heaping."""
    verbs = {
        "occurrence_date": {"parse": "year_month", "year": "day", "month": "hour"},
        "occurrence_hour": {"fixed": 3},
    }
    lines = [f"2024,{1 + i % 12}" for i in range(60)]
    assert incidents(tmp_path, lines, **verbs).findings() == {}
    days = incidents(tmp_path, [f"2024-{1 + i % 12:02d}-01,5" for i in range(60)])
    assert days.findings() == {"occurrence_date.heaped_on_first": (60, 60)}


def test_what_is_left_out_is_not_judged(tmp_path: Path) -> None:
    mapped = {**desk.MAP, "occurrence_hour": {"parse": "integer", "from": "hour"}}
    columns = {"open": ["day", "hour", "kind"]}
    rows = {"exclude": [{"reason": "total", "column": "kind", "equals": "T"}]}
    layout = desk.layout(columns=columns, map=mapped, rows=rows)
    lines = [f"2024-01-{2 + i % 20:02d},{i % 24}," for i in range(48)] + ["2024-01-02,0,T"] * 40
    made = desk.take_in(desk.source(tmp_path, layout), "day,hour,kind\n" + "\n".join(lines) + "\n")
    assert made.findings() == {}
    assert (HEAPED, 48, 2) in [(f.code, f.n_judged, f.n_broken) for f in made.delivery.findings]


def case_events(folder: Path, lines: list[str], person: bool = True) -> desk.Staged:
    """Steps of proceedings."""
    identifiers = ["file", "person"]
    layout = desk.layout(
        columns={"open": ["step", "day"], "identifier": identifiers},
        map={
            "counting_unit": {"fixed": "person"},
            "step": {"copy": "step"},
            "step_date": {"parse": "date", "from": "day", "formats": ["%Y-%m-%d"]},
            "case_hmac": {"hmac": "file"},
            **({"person_hmac": {"hmac": "person"}} if person else {}),
        },
    )
    declared = desk.source(
        folder,
        layout,
        record_type="case_event",
        delivers={**desk.DECLARATION["delivers"], "place_basis": "jurisdiction", "date_basis": "step_date"},
    )
    return desk.take_in(declared, "file,person,step,day\n" + "\n".join(lines) + "\n", key=desk.KEY)


CASES = [
    "A1,ana,charged,2024-03-01",
    "A1,ana,sentenced,2024-02-01",
    "A1,eva,sentenced,2024-02-15",
    "B2,leo,sentenced,2024-01-10",
    "B2,leo,charged,2024-01-05",
    ",leo,sentenced,2023-01-01",
    "C3,mia,sentenced,2024-01-01",
]


def test_sentenced_before_charged_is_quarantined(tmp_path: Path) -> None:
    assert case_events(tmp_path, CASES).broken() == {"step_date.before_charge": [2]}


def test_without_persons_the_steps_of_a_case_are_one_sequence(tmp_path: Path) -> None:
    assert case_events(tmp_path, CASES, person=False).broken() == {"step_date.before_charge": [2, 3]}


SURVEY = {
    "survey_code": {"fixed": "PROBE"},
    "edition": {"fixed": "2024"},
    "label_year": {"fixed": 2024},
    "reference_date": {"parse": "year", "from": "year"},
    "weight": {"parse": "decimal", "from": "weight"},
    "person_key": {"copy": "person"},
}


def persons(folder: Path, header: str, lines: list[str], **verbs: Any) -> desk.Staged:
    """Persons of a survey."""
    layout = desk.layout(columns={"open": header.split(",")}, map={**SURVEY, **verbs})
    declared = desk.source(
        folder,
        layout,
        record_type="survey_person",
        source_type="survey",
        delivers={
            "slice": {"period": "year"},
            "cells": "none",
            "place_basis": "residence",
            "date_basis": "reference_date",
        },
    )
    return desk.take_in(declared, "\n".join([header, *lines]) + "\n")


def test_a_sample_whose_weights_are_all_one_is_refused_with_the_rule(tmp_path: Path) -> None:
    lines = [f"2024,p{i},1" for i in range(30)]
    with pytest.raises(Refusal, match=r"weight\.all_one: All weights are 1") as told:
        persons(tmp_path, "year,person,weight", lines)
    assert told.value.code == "weight.all_one"
    assert "30 of 30 records" in told.value.where
    assert "Declare the column of the weight" in told.value.how
    made = persons(tmp_path, "year,person,weight", [*lines, "2024,p30,2"])
    assert made.delivery.records_made == 31


def test_a_person_twice_in_a_sample_is_told(tmp_path: Path) -> None:
    made = persons(tmp_path, "year,person,weight", ["2024,a,10", "2024,b,20", "2024,a,30"])
    assert made.findings() == {"person_key.repeated": (3, 2)}
    assert made.broken() == {}


def test_weights_must_be_positive_numbers(tmp_path: Path) -> None:
    weights = ["1.5", "0", "-2", "1e12", "NaN", "inf", ""]
    made = persons(tmp_path, "year,person,weight", [f"2024,p{i},{w}" for i, w in enumerate(weights)])
    assert made.broken() == {
        "weight.range": [2, 3, 4],
        "weight.unreadable": [5, 6],
        "weight.missing": [7],
    }
    assert made.records("events") == [(1.5,), (0.0,), (-2.0,), (1e12,), (0.0,), (0.0,), (0.0,)]


def test_a_survey_has_more_rules_than_an_integer_has_bits(tmp_path: Path) -> None:
    crimes = [c for c in codelists.load("survey_crime").descends("personal_crime") if c != "personal_crime"]
    header = ",".join(["year", "person", "weight", *(f"v_{c}" for c in crimes), *(f"t_{c}" for c in crimes)])
    verbs: dict[str, Any] = {f"victim_{c}": {"copy": f"v_{c}"} for c in crimes}
    verbs |= {f"times_{c}": {"parse": "integer", "from": f"t_{c}"} for c in crimes}
    good = ",".join(["2024", "a", "10.5", *["no"] * len(crimes), *["0"] * len(crimes)])
    times = ["98", "1", "0", *["0"] * (len(crimes) - 3)]
    answers = ["yes", "no", "yes", *["no"] * (len(crimes) - 4), "perhaps"]
    bad = ",".join(["2024", "b", "20", *answers, *times])
    unsaid = ",".join(["2024", "c", "30", "yes", *["no"] * (len(crimes) - 1), "", *["0"] * (len(crimes) - 1)])
    made = persons(tmp_path, header, [good, bad, unsaid], **verbs)
    assert len(made.delivery.rules) > 64
    first, second, third, last = crimes[0], crimes[1], crimes[2], crimes[-1]
    assert made.broken() == {
        f"times_{first}.range": [2],
        f"times_{second}.of_no_victim": [2],
        f"times_{third}.none_of_victim": [2],
        f"victim_{last}.unknown_code": [2],
    }
    assert made.broken("warned") == {f"times_{first}.of_victim": [3]}
    assert made.records("bad") == [(False,), (True,), (False,)]
