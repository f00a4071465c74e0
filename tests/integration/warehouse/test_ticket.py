"""Quarantine as work: what waits, tickets that open and close by themselves, scorecards, results judged again."""

from __future__ import annotations

from datetime import date

import pytest

from schemas.errors import Refusal
from tests.integration.warehouse import staged
from tests.integration.warehouse.staged import MISSING, UNKNOWN, WARNED, Delivered, Record, ingest, many
from warehouse import batch as batches
from warehouse import quarantine, reading, strictness
from warehouse.database import Warehouse
from warehouse.strictness import Setting

JAN, FEB = staged.months(1, 2)


def tickets(warehouse: Warehouse, relation: str = "meta.ticket") -> dict[str, tuple[object, ...]]:
    """State, records that wait, and the delivery that closed it, by the ticket's name."""
    found = reading.rows(
        warehouse.connection, f"SELECT ticket, state, waiting, closed_by FROM {relation} ORDER BY ticket"
    )
    return {str(r["ticket"]): (r["state"], r["waiting"], r["closed_by"]) for r in found}


def states(warehouse: Warehouse, relation: str = "meta.rule_state") -> dict[str, tuple[object, ...]]:
    found = reading.rows(
        warehouse.connection,
        f"SELECT rule_code, state, retry FROM {relation} WHERE delivery_id = 1 AND scope = 'row' ORDER BY 1",
    )
    return {str(r["rule_code"]): (r["state"], r["retry"]) for r in found}


def apply(warehouse: Warehouse, *settings: Setting) -> int:
    batch = batches.begin(warehouse, "run", "somebody", started_at=staged.WHEN)
    strictness.declare(warehouse, batch, "xaa_police", settings)
    batches.commit(warehouse, batch, committed_at=staged.utc(2024, 1, 9))
    return batch.batch_id


def test_a_ticket_opens_with_the_delivery_and_closes_with_what_mends_its_slices(warehouse: Warehouse) -> None:
    bad = [Record(JAN, broken=UNKNOWN), Record(FEB, broken=UNKNOWN), Record(FEB, broken=MISSING)]
    ingest(warehouse, Delivered([*many(JAN, 4), *many(FEB, 4), *bad], date(2024, 3, 1)), day=1)
    assert tickets(warehouse) == {
        "1:count.missing": ("open", 1, None),
        "1:sex.unknown_code": ("open", 2, None),
    }
    # January comes again, and is good
    ingest(warehouse, Delivered(many(JAN, 5), date(2024, 4, 1)), day=2)
    assert tickets(warehouse)["1:sex.unknown_code"] == ("open", 1, None)
    # February breaks one of the rules again and not the other
    ingest(warehouse, Delivered([*many(FEB, 5), Record(FEB, broken=UNKNOWN)], date(2024, 5, 1)), day=4)
    assert tickets(warehouse) == {
        "1:count.missing": ("mended", 0, 3),
        "1:sex.unknown_code": ("again", 0, 3),
        "3:sex.unknown_code": ("open", 1, None),
    }
    # as of the batch before both were open, whatever came later
    assert tickets(warehouse, "meta.ticket_as_of(2)") == {
        "1:count.missing": ("open", 1, None),
        "1:sex.unknown_code": ("open", 1, None),
    }
    days = "SELECT closed_on - opened_on FROM meta.ticket WHERE ticket = '1:count.missing'"
    assert warehouse.scalar(days) == 3


def test_an_older_edition_that_arrives_late_has_nothing_that_waits(warehouse: Warehouse) -> None:
    ingest(warehouse, Delivered(many(JAN, 4), date(2024, 4, 1)))
    ingest(warehouse, Delivered([*many(JAN, 4), Record(JAN, broken=UNKNOWN)], date(2024, 3, 1)))
    assert tickets(warehouse) == {"2:sex.unknown_code": ("mended", 0, 1)}
    assert warehouse.scalar("SELECT count(*) FROM quarantine.current") == 0


def test_records_without_a_slice_wait_until_the_source_delivers_again(warehouse: Warehouse) -> None:
    ingest(warehouse, Delivered([*many(JAN, 4), Record(None, broken=MISSING)], date(2024, 3, 1)))
    ingest(warehouse, Delivered([Record(FEB, broken=UNKNOWN)], date(2024, 3, 2)))
    # the first still holds January; of the second all is in quarantine
    assert tickets(warehouse) == {
        "1:count.missing": ("open", 1, None),
        "2:sex.unknown_code": ("open", 1, None),
    }
    ingest(warehouse, Delivered([*many(JAN, 4), *many(FEB, 1)], date(2024, 4, 1)))
    assert tickets(warehouse) == {
        "1:count.missing": ("mended", 0, 3),
        "2:sex.unknown_code": ("mended", 0, 3),
    }


def test_what_waits_is_answered_as_of_any_batch(warehouse: Warehouse) -> None:
    ingest(warehouse, Delivered([*many(JAN, 4), Record(JAN, broken=UNKNOWN)], date(2024, 3, 1)))
    ingest(warehouse, Delivered(many(JAN, 5), date(2024, 4, 1)))
    waiting = "SELECT count(*) FROM quarantine.current{}"
    assert [warehouse.scalar(waiting.format(of)) for of in ("", "_as_of(1)", "_as_of(2)")] == [0, 1, 0]
    assert warehouse.scalar("SELECT count(*) FROM quarantine.record") == 1


def test_a_refused_file_has_a_ticket_until_one_is_loaded(warehouse: Warehouse) -> None:
    batch = batches.begin(warehouse, "ingest", "somebody", started_at=staged.WHEN)
    refusal = Refusal("this is a web page", where="file.csv", how="send the table", code="html_page")
    batches.record_refusal(warehouse, batch, staged.file(), refusal)
    batches.commit(warehouse, batch, committed_at=staged.utc(2024, 1, 1))
    assert tickets(warehouse) == {"1:file.html_page": ("open", None, None)}
    ingest(warehouse, Delivered(many(JAN, 1)))
    assert tickets(warehouse) == {"1:file.html_page": ("mended", None, 2)}


def test_a_warning_has_a_ticket_as_long_as_the_delivery_holds_a_slice(warehouse: Warehouse) -> None:
    ingest(warehouse, Delivered([*many(JAN, 4), Record(JAN, warned=WARNED)]))
    assert tickets(warehouse) == {"1:age_years.range": ("open", 1, None)}
    ingest(warehouse, Delivered(many(JAN, 5)))
    assert tickets(warehouse) == {"1:age_years.range": ("mended", 0, 2)}


def test_the_scorecard_of_a_provider(warehouse: Warehouse) -> None:
    declared = {"delivers": {}, "agreement": {"owner": "National Police"}}
    facts = staged.source()
    police = type(facts)(**{**facts.__dict__, "declares": declared})
    bad = Delivered([*many(JAN, 3), Record(JAN, broken=UNKNOWN)], date(2024, 3, 1))
    ingest(warehouse, bad, facts=police, day=1)
    ingest(warehouse, Delivered(many(JAN, 4), date(2024, 4, 1)), facts=police, day=6)
    (row,) = quarantine.scorecard(warehouse.connection)
    assert row == {
        "provider": "National Police",
        "month": date(2024, 1, 1),
        "deliveries": 2,
        "refused": 0,
        "records": 8,
        "quarantined": 1,
        "share": 0.125,
        "tickets": 1,
        "open": 0,
        "mended": 1,
        "again": 0,
        "days_to_mend": 5.0,
    }
    (then,) = reading.rows(warehouse.connection, "SELECT deliveries, open FROM meta.scorecard_as_of(1)")
    assert then == {"deliveries": 1, "open": 1}


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("rule", [("sex.unknown_code", 3, 0.25), ("count.missing", 1, 0.125)]),
        ("source", [("xaa_police", 2, 0.25), ("xaa_court", 1, 0.25)]),
        ("delivery", [(1, 2, 0.25), (2, 1, 0.25)]),
        ("provider", [(None, 3, 0.25)]),
    ],
)
def test_records_are_counted_by(
    warehouse: Warehouse, by: str, expected: list[tuple[object, int, float]]
) -> None:
    both = Record(JAN, broken=UNKNOWN | MISSING)
    ingest(warehouse, Delivered([*many(JAN, 6), both, Record(JAN, broken=UNKNOWN)]))
    ingest(warehouse, Delivered([*many(JAN, 3), Record(JAN, broken=UNKNOWN)], source_id="xaa_court"))
    found = quarantine.counted(warehouse.connection, by)
    assert [(r[by], r["records"], r["share"]) for r in found] == expected


def test_nothing_to_judge_is_not_passed(warehouse: Warehouse) -> None:
    cells = [(JAN, None, "XAA-01", JAN, "received")]
    ingest(warehouse, Delivered([], cells=cells))
    assert {state for state, _ in states(warehouse).values()} == {"not_applicable"}
    assert warehouse.scalar("SELECT count(share) FROM meta.rule_state") == 0


def test_stored_results_are_judged_by_what_is_declared_now(warehouse: Warehouse) -> None:
    records = [*many(JAN, 7), Record(JAN, broken=UNKNOWN), *[Record(JAN, warned=WARNED)] * 2]
    ingest(warehouse, Delivered(records))
    by_itself = {
        "age_years.range": ("warned", False),
        "count.missing": ("passed", False),
        "sex.unknown_code": ("failed", False),
    }
    assert states(warehouse) == by_itself
    tolerant = Setting("age_years.range", None, 0.2, "warn")
    lenient = Setting("sex.unknown_code", "warn", None, "row")
    apply(warehouse, tolerant, lenient)
    assert states(warehouse) == {
        **by_itself,
        "age_years.range": ("tolerated", False),
        "sex.unknown_code": ("warned", True),
    }
    assert [w.delivery_id for w in quarantine.waiting(warehouse.connection)] == [1]
    strict = Setting("age_years.range", "row", None, "warn")
    apply(warehouse, strict)
    assert states(warehouse) == {**by_itself, "age_years.range": ("failed", True)}
    # as of the batches before
    assert states(warehouse, "meta.rule_state_as_of(1)") == by_itself
    assert states(warehouse, "meta.rule_state_as_of(2)")["age_years.range"] == ("tolerated", False)
    last = apply(warehouse)
    assert states(warehouse) == by_itself
    again = batches.begin(warehouse, "run", "somebody")
    assert again.batch_id == last + 1
    assert not strictness.declare(warehouse, again, "xaa_police", [])


def test_a_result_under_a_setting_that_is_gone_counts_by_the_rules_own_severity(warehouse: Warehouse) -> None:
    """Loaded while sex.unknown_code was a warning; without the setting it quarantines again."""
    apply(warehouse, Setting("age_years.range", "warn", None, "row"))
    ingest(warehouse, Delivered([*many(JAN, 3), Record(JAN, warned=WARNED)]))
    assert states(warehouse)["age_years.range"] == ("warned", False)
    apply(warehouse)
    assert states(warehouse)["age_years.range"] == ("failed", True)
