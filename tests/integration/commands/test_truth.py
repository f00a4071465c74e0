"""The demonstration against the truth: every cell of every indicator, every delivery's account, and nothing extra."""

from __future__ import annotations

import subprocess
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.sample_countries import Truth
from pipelines.sample_countries.truth import DIMENSIONS
from pipelines.sample_countries.xaa import population
from pipelines.sample_countries.xaa.cells import denominators
from tests.integration.commands.home import Home, Row, environment

Key = tuple[str, ...]
#: Numerator, denominator, and how completely the period was reported.
Expected = tuple[int | None, float | None, str]

COUNTRY = "XAA"
TOTAL = ("_T",) * len(DIMENSIONS)
#: Breakdowns that each indicator declares and its source can tell.
BREAKDOWNS: dict[str, tuple[tuple[str, ...], ...]] = {
    "homicide_rate_police": (
        (), ("sex",), ("age",), ("mechanism",), ("relationship",), ("context",),
        ("sex", "age"), ("sex", "mechanism"), ("sex", "relationship"),
    ),
    "homicide_rate_health": ((), ("sex",), ("age",), ("sex", "age")),
    "homicide_files_rate": ((), ("mechanism",)),
    "robbery_rate": ((), ("mechanism",)),
}  # fmt: skip
#: Reports owed: five areas, twelve months.
AREAS, MONTHS = 5, 12
#: Two decimals are kept.
HALF_CENT = 0.005 + 1e-9


def _broken_down(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name, code in zip(DIMENSIONS, codes, strict=True) if code != "_T")


def expected(truth: Truth) -> dict[Key, Expected]:
    """What every cell must hold, by indicator, area, frequency, period and codes.

    The truth has the cells with events, and all totals. Every combination that the series shows elsewhere at the same
    level and frequency has a cell too: a zero where the report is complete and there is a population to divide by,
    and a gap where it is not complete.
    """
    cells: dict[Key, Expected] = {}
    for cell in truth.cells:
        key, (numerator, denominator, reported) = tuple(map(str, cell[:10])), cell[10:]
        if _broken_down(key[4:]) in BREAKDOWNS[key[0]]:
            cells[key] = (numerator, denominator, reported)  # type: ignore[assignment]
            if key[0] == "robbery_rate" and numerator:
                # the modality of a robbery says whether there was violence, and nothing of the means
                cells[*key[:4], "_T", "_T", "_U", "_T", "_T", "_T"] = cells[key]
    shown: dict[Key, set[Key]] = defaultdict(set)
    for key, (numerator, _, _) in cells.items():
        if numerator:
            shown[_series(key)].add(key[4:])
    people = _people()
    for key, (_, persons, reported) in [item for item in cells.items() if item[0][4:] == TOTAL]:
        if reported == "missing":
            cells[key] = (None, persons, reported)
        for codes in shown[_series(key)]:
            if reported != "complete" or "_U" not in codes[:2]:
                denominator = people.get((*key[1:4], *codes[:2]))
                counted = None if reported == "missing" else 0
                cells.setdefault((*key[:4], *codes), (counted, denominator, reported))
    return cells


def _people() -> dict[Key, float]:
    """Every denominator of the sample country by area, frequency, period, sex and age."""
    with duckdb.connect(config={"threads": 1}) as connection:
        population.plan(connection)
        denominators(connection)
        rows = connection.execute(
            "SELECT ref_area, freq, time_period, sex, age, persons FROM denominator"
        ).fetchall()
    return {tuple(map(str, row[:5])): float(row[5]) for row in rows}


def _series(key: Key) -> Key:
    return key[0], "country" if key[1] == COUNTRY else "first_level", key[2]


@pytest.fixture(scope="module")
def truth(deliveries: tuple[Path, Truth]) -> Truth:
    return deliveries[1]


@pytest.fixture(scope="module")
def told(truth: Truth) -> dict[Key, Expected]:
    return expected(truth)


@pytest.fixture(scope="module")
def found(demo: Home) -> dict[Key, Row]:
    """Every cell of the demonstration, zeros that complete reports imply included."""
    rows = demo.rows("FROM indicator.value_dense")
    names = ("indicator", "ref_area", "freq", "time_period", *DIMENSIONS)
    cells = {tuple(row[name] for name in names): row for row in rows}
    assert len(cells) == len(rows), "no cell twice"
    return cells


def test_there_are_the_cells_of_the_truth_and_no_other(
    told: dict[Key, Expected], found: dict[Key, Row]
) -> None:
    assert len(told) > 20_000
    assert sorted(told.keys() - found.keys())[:5] == []
    assert sorted(found.keys() - told.keys())[:5] == []


def test_numerators_are_those_of_the_truth(told: dict[Key, Expected], found: dict[Key, Row]) -> None:
    wrong = {k: (found[k]["numerator"], n) for k, (n, _, _) in told.items() if found[k]["numerator"] != n}
    assert list(wrong.items())[:3] == []


def test_denominators_are_those_of_the_truth_to_two_decimals(
    told: dict[Key, Expected], found: dict[Key, Row]
) -> None:
    wrong = {}
    for key, (_, people, _) in told.items():
        stored = found[key]["denominator"]
        same = stored is people if people is None or stored is None else abs(stored - people) <= HALF_CENT
        if not same or (stored is not None and round(stored, 2) != stored):
            wrong[key] = (stored, people)
    assert list(wrong.items())[:3] == []


def test_values_are_rates_per_100_000_where_the_period_is_wholly_reported(
    told: dict[Key, Expected], found: dict[Key, Row]
) -> None:
    wrong = {}
    for key, (numerator, people, reported) in told.items():
        value = found[key]["obs_value"]
        if reported != "complete" or people is None or numerator is None:
            fits = value is None
        else:
            fits = (
                value is not None
                and abs(value - numerator * 1e5 / people) <= HALF_CENT
                and round(value, 2) == value
                and found[key]["ci_lower"] <= value <= found[key]["ci_upper"]
            )
        if not fits:
            wrong[key] = (value, numerator, people, reported)
    assert list(wrong.items())[:3] == []


def test_coverage_and_states_say_why_a_value_is_missing(
    told: dict[Key, Expected], found: dict[Key, Row], truth: Truth
) -> None:
    """G5: a gap is not a zero, and no cell without a value is without a reason."""
    owed = _owed(truth)
    wrong: dict[Key, Any] = {}
    for key, (numerator, people, reported) in told.items():
        row = found[key]
        areas = 1 if key[1] != COUNTRY else AREAS
        months = 1 if key[2] == "M" else MONTHS
        missing = owed[key[:4]]
        fits = (
            row["coverage"] == round(1 - missing / (areas * months), 4)
            and row["areas_expected"] == areas
            and (row["areas_reporting"] == 0) == (reported == "missing")
            and row["conf_status"] == "F"
            and (row["obs_status"] == "O") == (reported != "complete")
            and (row["obs_status"] == "M") == (reported == "complete" and people is None)
        )
        if numerator and row["obs_value"] is None:
            fits = fits and bool(row["comment"])
        if not fits:
            wrong[key] = row
    assert list(wrong.items())[:3] == []


def _owed(truth: Truth) -> dict[Key, int]:
    """Number of reports that are missing, by indicator, area, frequency and period."""
    sources = {
        "homicide_rate_police": "xaa_police_victims",
        "homicide_rate_health": "xaa_deaths",
        "homicide_files_rate": "xaa_prosecution_files",
        "robbery_rate": "xaa_prosecution_files",
    }
    missing: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for delivery in truth.deliveries:
        missing[delivery.source_id] |= set(delivery.missing_cells)
    # the police file of 2023 ends in November
    missing["xaa_police_victims"] |= {(f"{COUNTRY}-0{n}", "2023-12") for n in range(1, AREAS + 1)}
    owed: dict[Key, int] = defaultdict(int)
    for indicator, source in sources.items():
        for area, month in missing[source]:
            for place in (area, COUNTRY):
                owed[indicator, place, "M", month] += 1
                owed[indicator, place, "A", month[:4]] += 1
    return owed


def test_every_cell_says_what_it_counts(found: dict[Key, Row]) -> None:
    units = {
        (
            row["indicator"],
            row["numerator_unit"],
            row["denominator_unit"],
            row["place_basis"],
            row["source_type"],
        )
        for row in found.values()
    }
    assert units == {
        ("homicide_rate_police", "victim", "person", "occurrence", "police"),
        ("homicide_rate_health", "death", "person", "residence", "vital_registration"),
        ("homicide_files_rate", "offence", "person", "occurrence", "prosecution"),
        ("robbery_rate", "offence", "person", "occurrence", "prosecution"),
    }
    assert {row["unit_measure"] for row in found.values()} == {"PER_100000_POP"}
    stored = [row for row in found.values() if row["freq"] == "M" and row["numerator"]]
    assert stored
    assert all("not annualised" in row["comment"] for row in stored)


def test_events_of_unknown_place_are_in_the_nation_alone(told: dict[Key, Expected]) -> None:
    def total(area: str) -> int:
        return told["homicide_rate_police", area, "A", "2021", *TOTAL][0] or 0

    assert total(COUNTRY) > sum(total(f"{COUNTRY}-0{n}") for n in range(1, AREAS + 1)) > 0


def _turn(name: str) -> int:
    """When a source has its turn: what others refer to comes first."""
    first = (
        "xaa_areas", "xaa_area_groups", "xaa_population", "xaa_facilities", "xaa_survey", "xaa_survey_households",
        "xaa_survey_persons", "xaa_programmes",
    )  # fmt: skip
    source_id = name.partition("/")[0].removesuffix("_un")
    return first.index(source_id) if source_id in first else len(first)


def test_the_account_of_every_delivery_is_that_of_the_truth(demo: Home, truth: Truth) -> None:
    rows = demo.rows("FROM meta.delivery ORDER BY delivery_id")
    assert [f"{row['source_id']}/{row['file_name']}" for row in rows] == sorted(
        (f"{d.source_id}/{d.file}" for d in truth.deliveries),
        key=lambda name: (_turn(name), name),
    )
    by_file = {row["file_name"]: row for row in rows}
    for known in truth.deliveries:
        row = by_file[known.file]
        assert {
            "status": row["status"],
            "edition": str(row["edition_date"]),
            "delivered": row["rows_delivered"],
            "unreadable": row["rows_unreadable"],
            "excluded": row["rows_excluded"],
            "mapped": row["rows_mapped"],
            "made": row["records_made"],
            "loaded": row["records_loaded"],
            "quarantined": row["records_quarantined"],
            "records excluded": row["records_excluded"],
        } == {
            "status": "loaded",
            "edition": known.edition_date,
            "delivered": known.rows_delivered,
            "unreadable": known.rows_unreadable,
            "excluded": sum(known.rows_excluded.values()),
            "mapped": known.rows_mapped,
            "made": known.records_made,
            "loaded": known.records_loaded,
            "quarantined": known.records_quarantined,
            "records excluded": sum(known.records_excluded.values()),
        }, known.file
        if known.period_start:
            assert (str(row["period_start"]), str(row["period_end"])) == (
                known.period_start,
                known.period_end,
            )
        assert row["events_made"] == row["events_loaded"] + row["events_quarantined"] + row["events_excluded"]


def test_exclusions_rules_and_control_totals_are_those_of_the_truth(demo: Home, truth: Truth) -> None:
    def by_file(columns: str, table: str, condition: str = "true") -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = defaultdict(dict)
        for row in demo.rows(
            f"SELECT file_name, {columns} FROM {table} JOIN meta.delivery USING (delivery_id) WHERE {condition}"
        ):
            file_name, name, n = row.values()
            found[file_name][name] = n
        return found

    of_rows = by_file("reason, n", "meta.exclusion", "level = 'row'")
    of_records = by_file("reason, n", "meta.exclusion", "level = 'record'")
    rules = by_file("rule_code, n_broken", "meta.rule_result", "n_broken > 0 AND severity = 'row'")
    totals = by_file("name, expected", "meta.control_total")
    for known in truth.deliveries:
        assert of_rows[known.file] == dict(known.rows_excluded), known.file
        assert of_records[known.file] == dict(known.records_excluded), known.file
        assert rules[known.file] == dict(known.rules), known.file
        assert totals[known.file] == dict(known.control_totals), known.file


def test_every_quarantined_record_keeps_its_rules(demo: Home, truth: Truth) -> None:
    counted = demo.rows(
        """SELECT file_name, rule, count(*) AS n
        FROM (SELECT delivery_id, unnest(rules) AS rule FROM quarantine.record) JOIN meta.delivery USING (delivery_id)
        GROUP BY ALL"""
    )
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in counted:
        found[row["file_name"]][row["rule"]] = row["n"]
    assert found == {d.file: dict(d.rules) for d in truth.deliveries}
    places = "SELECT count(*) FROM (SELECT DISTINCT delivery_id, row_number, row_part FROM quarantine.record)"
    assert demo.value(places) == sum(d.records_quarantined for d in truth.deliveries)
    unreadable = sum(d.rows_unreadable for d in truth.deliveries)
    assert demo.value("SELECT count(*) FROM quarantine.unreadable") == unreadable > 0


def test_missing_reports_are_those_of_the_truth(demo: Home, truth: Truth) -> None:
    rows = demo.rows(
        "SELECT source_id, area, strftime(month, '%Y-%m') AS month FROM meta.report_status WHERE status = 'missing'"
    )
    assert {(row["source_id"], row["area"], row["month"]) for row in rows} == {
        (d.source_id, *cell) for d in truth.deliveries for cell in d.missing_cells
    }


def test_the_demonstration_tells_what_it_did(demo_told: str, demo: Home, truth: Truth) -> None:
    assert all(d.file in demo_told for d in truth.deliveries)
    assert str(demo.snapshot) in demo_told
    assert str(demo.path / "exports" / "sample" / "snapshot" / "csv") in demo_told
    assert "without disclosure control" in demo_told
    assert "294" in demo_told
    assert "14.17" in demo_told


def test_the_first_query_that_the_demonstration_names_works_when_it_is_copied(demo_told: str) -> None:
    (line,) = [line for line in demo_told.splitlines() if line.startswith("a first query: ")]
    command = line.partition(": ")[2]
    done = subprocess.run(
        ["sh", "-c", command], env=environment(), capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, command + done.stderr
    assert len(done.stdout.splitlines()) == 2 + 5
