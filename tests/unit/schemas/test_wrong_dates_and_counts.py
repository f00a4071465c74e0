"""Dates in the wrong order, victims who are too old and counts below zero: the right record, in every record type."""

from __future__ import annotations

from datetime import date, timedelta

import duckdb
import polars as pl
import pytest

from schemas import compile_delivery, record_type
from tests.unit.schemas import oracle

DAY = date(2024, 5, 20)
#: Record type, what comes first, what comes second, and the rule that a record breaks where it does not.
ORDERS = [
    ("area", "valid_from", "valid_to", "valid_to.before_valid_from"),
    ("area_group", "valid_from", "valid_to", "valid_to.before_valid_from"),
    ("birth", "occurrence_date", "registration_date", "registration_date.before_occurrence"),
    ("case_event", "occurrence_date", "registration_date", "registration_date.before_occurrence"),
    ("case_event", "occurrence_date", "opened_date", "opened_date.before_occurrence"),
    ("case_event", "occurrence_date", "step_date", "step_date.before_occurrence"),
    ("case_event", "opened_date", "step_date", "step_date.before_opened"),
    ("custody", "admission_date", "release_date", "release_date.before_admission"),
    ("custody", "admission_date", "reference_date", "reference_date.before_admission"),
    ("death", "occurrence_date", "registration_date", "registration_date.before_occurrence"),
    ("death", "injury_date", "occurrence_date", "occurrence_date.before_injury"),
    ("evaluation", "protocol_date", "result_date", "result_date.before_protocol"),
    ("facility", "opened_date", "closed_date", "closed_date.before_opened"),
    ("incident", "occurrence_date", "report_date", "report_date.before_occurrence"),
    ("incident", "occurrence_date", "registration_date", "registration_date.before_occurrence"),
    ("incident", "occurrence_date", "occurrence_date_to", "occurrence_date_to.before_occurrence_date"),
    ("incident", "occurrence_date", "suspect_identified_date", "suspect_identified_date.before_occurrence"),
    ("indicator_target", "baseline_date", "target_date", "target_date.before_baseline"),
    ("injury", "occurrence_date", "attendance_date", "attendance_date.before_occurrence"),
    ("missing_person", "occurrence_date", "report_date", "report_date.before_occurrence"),
    ("missing_person", "occurrence_date", "registration_date", "registration_date.before_occurrence"),
    ("missing_person", "occurrence_date", "status_date", "status_date.before_last_seen"),
    ("person_role", "occurrence_date", "report_date", "report_date.before_occurrence"),
    ("person_role", "occurrence_date", "registration_date", "registration_date.before_occurrence"),
    ("person_role", "occurrence_date", "occurrence_date_to", "occurrence_date_to.before_occurrence_date"),
    ("person_role", "occurrence_date", "detection_date", "detection_date.before_occurrence"),
    ("programme", "start_date", "end_date", "end_date.before_start"),
    ("programme_activity", "start_date", "end_date", "end_date.before_start"),
    ("programme_area", "start_date", "end_date", "end_date.before_start"),
    ("protection_measure", "requested_date", "step_date", "step_date.before_requested"),
    ("protection_measure", "step_date", "valid_until", "valid_until.before_step"),
    ("published_indicator", "reference_date", "reference_date_to", "reference_date_to.before_reference_date"),
    ("service", "occurrence_date", "service_date", "service_date.before_occurrence"),
    ("service", "service_date", "end_date", "end_date.before_service"),
    ("social_measure", "reference_date", "reference_date_to", "reference_date_to.before_reference_date"),
    ("survey", "reference_date", "reference_end", "reference_end.before_reference_date"),
    ("survey", "fieldwork_start", "fieldwork_end", "fieldwork_end.before_start"),
    ("survey_person", "reference_date", "interview_date", "interview_date.before_reference"),
]
#: Record type, its rule, the earlier step and the later one.
STEPS = [
    ("case_event", "step_date.before_charge", "charged", "sentenced"),
    ("case_event", "step_date.before_charge", "charged", "tried"),
    ("case_event", "step_date.before_opening", "opened", "charged"),
    ("case_event", "step_date.before_conviction", "convicted", "sentenced"),
    ("case_event", "step_date.appeal_before_decision", "acquitted", "appealed"),
    ("protection_measure", "step_date.order_before_request", "requested", "granted"),
    ("protection_measure", "step_date.order_before_grant", "granted", "breached"),
]
#: Record types that count, and those that know an age; a population counts persons of any age group.
COUNTED = (
    "birth case_event custody death facility households incident injury missing_person person_role population "
    "protection_measure resource service vehicles"
)
AGED = (
    "birth case_event custody death facility indicator_target injury missing_person person_role programme "
    "programme_activity protection_measure published_indicator service social_measure survey_incident survey_person"
)


def told(name: str, *rows: dict[str, object]) -> list[set[str]]:
    """The rules that each row breaks and whose break keeps it out of the facts."""
    quarantined = {r.code for r in record_type.load(name).rules if r.severity == "row"}
    found = oracle.by_sql(name, oracle.of_rows(name, list(rows)))
    return [{code for row, code in found if row == at and code in quarantined} for at in range(len(rows))]


@pytest.mark.parametrize(("name", "first", "second", "code"), ORDERS)
def test_what_comes_second_is_not_dated_first(name: str, first: str, second: str, code: str) -> None:
    before, same, after, *alone = told(
        name,
        {first: DAY, second: DAY - timedelta(days=1)},
        {first: DAY, second: DAY},
        {first: DAY, second: DAY + timedelta(days=1)},
        {first: DAY},
        {second: DAY},
    )
    assert code in before
    assert all(code not in rules for rules in (same, after, *alone))


def test_every_order_of_dates_is_in_the_table() -> None:
    declared = {
        (name, rule.parameters["first"], rule.parameters["second"], rule.code)
        for name in record_type.names()
        for rule in record_type.load(name).rules
        if rule.kind == "ordered"
        and record_type.load(name).by_name[rule.parameters["first"]].sql_type == "DATE"
    }
    # who is held is counted on a day of the stay: only then is there an order
    assert declared - set(ORDERS) == {
        ("custody", "reference_date", "release_date", "release_date.before_count")
    }
    assert set(ORDERS) <= declared
    on_steps = {
        (n, r.code) for n in record_type.names() for r in record_type.load(n).rules if r.kind == "sequence"
    }
    assert on_steps == {(name, code) for name, code, _, _ in STEPS}


def test_of_persons_held_the_day_of_counting_lies_in_the_stay() -> None:
    code, dates = (
        "release_date.before_count",
        {"reference_date": DAY, "release_date": DAY - timedelta(days=1)},
    )
    held, released = told(
        "custody", {**dates, "custody_measure": "held"}, {**dates, "custody_measure": "release"}
    )
    assert code in held and code not in released


@pytest.mark.parametrize(("name", "code", "earlier", "later"), STEPS)
def test_a_later_step_is_not_dated_before_the_first_earlier_one(
    name: str, code: str, earlier: str, later: str
) -> None:
    """Of a case and person; the later step is the record that is quarantined, another case's is not."""
    rule = next(r for r in record_type.load(name).rules if r.code == code)
    assert rule.severity == "row"
    step = rule.parameters["step"]
    records = [
        {"case_ref": 1, "person_ref": 1, step: earlier, "step_date": DAY},
        {"case_ref": 1, "person_ref": 1, step: later, "step_date": DAY - timedelta(days=1)},
        {"case_ref": 1, "person_ref": 1, step: later, "step_date": DAY},
        {"case_ref": 2, "person_ref": 1, step: later, "step_date": DAY - timedelta(days=1)},
        {"case_ref": 1, "person_ref": 2, step: later, "step_date": DAY - timedelta(days=1)},
    ]
    table = pl.DataFrame(records).with_columns(step_date_precision=pl.lit("day")).with_row_index("row_id")
    with duckdb.connect() as connection:
        connection.register("frame", table.to_arrow())
        query = compile_delivery.out_of_sequence(rule, "FROM frame", {"case_ref", "person_ref"})
        assert connection.execute(query).fetchall() == [(1,)]


@pytest.mark.parametrize("name", AGED.split())
def test_nobody_is_older_than_110(name: str) -> None:
    """Nor younger than 0; a group's ends have the same limits where a record has them."""
    for field in ("age_years", "age_from", "age_to"):
        over, under, oldest, newborn, unknown = told(
            name, {field: 111}, {field: -1}, {field: 110}, {field: 0}, {}
        )
        assert f"{field}.range" in over and f"{field}.range" in under, field
        assert all(f"{field}.range" not in rules for rules in (oldest, newborn, unknown)), field


@pytest.mark.parametrize("name", COUNTED.split())
def test_no_count_is_below_zero(name: str) -> None:
    below, nothing, one = told(name, {"count": -1}, {"count": 0}, {"count": 1})
    assert "count.range" in below
    assert "count.range" not in nothing and "count.range" not in one


def test_every_record_type_that_counts_or_knows_an_age_is_in_the_table() -> None:
    with_field = {
        field: {name for name in record_type.names() if field in record_type.load(name).by_name}
        for field in ("count", "age_years")
    }
    assert with_field == {"count": set(COUNTED.split()), "age_years": set(AGED.split())}


def test_no_number_of_things_is_below_zero() -> None:
    """Every whole number that is not an age's, a year's or a key's has a limit at zero or above."""
    for name in record_type.names():
        kind = record_type.load(name)
        for field in kind.fields:
            whole = field.sql_type in ("SMALLINT", "INTEGER", "BIGINT")
            if whole and field.name != "replaces_key" and not field.name.endswith("_ref"):
                (below, fine) = told(name, {field.name: -1}, {})
                assert f"{field.name}.range" in below, (name, field.name)
                assert f"{field.name}.range" not in fine
