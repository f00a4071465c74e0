"""Which reports are owed and what came of them: on a day, as of a batch, by unit, area, month and span."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from tests.integration.warehouse import staged
from tests.integration.warehouse.staged import Delivered, Record, ingest, many
from warehouse import batch as batches
from warehouse import coverage, obligations, reading
from warehouse.database import Warehouse
from warehouse.obligations import Exempt, Obligation

ONE, TWO = "XAA-01", "XAA-02"
POLICE = "xaa_police"
MONTHLY = Obligation(
    record_type="person_role",
    country="XAA",
    provider="National Police",
    grain="cell",
    by_area=True,
    areas_report=True,
    each="month",
    each_months=1,
    due_days=20,
    first_day=date(2024, 1, 1),
    last_day=date(2024, 4, 30),
    complete=None,
    areas=(ONE, TWO),
    units=(),
    not_applicable=(),
)


def month(number: int, year: int = 2024) -> date:
    return date(year, number, 1)


def declare(warehouse: Warehouse, owed: Obligation | None, source_id: str = POLICE) -> int:
    """Declare what a source owes, as a batch of its own."""
    batch = batches.begin(warehouse, "run", "somebody", started_at=staged.WHEN)
    obligations.declare(warehouse, batch, source_id, owed)
    batches.commit(warehouse, batch, committed_at=staged.utc(2024, 1, 1))
    return batch.batch_id


def deliver(
    warehouse: Warehouse, edition: date | None, *cells: tuple[str, int, str], day: int = 1, records: int = 2
) -> None:
    """Deliver cells: area, month, status; two records for each that is received or partial."""
    told = [(month(m), None, area, month(m), status) for area, m, status in cells]
    records_of = [
        r
        for area, m, status in cells
        if status in ("received", "partial")
        for r in many(month(m), records, cell=area)
    ]
    ingest(
        warehouse,
        Delivered(records_of or [Record(month(1), exclusion="total")], edition, cells=told),
        day=day,
    )


def states(warehouse: Warehouse, day: date, source_id: str = POLICE) -> dict[str | None, str]:
    """The states of each area's months in order, by their first letters."""
    found: dict[str | None, str] = {}
    for row in coverage.reports(warehouse.connection, day, source_id):
        found[row["area"]] = found.get(row["area"], "") + row["status"][0]
    return found


def test_a_report_is_awaited_until_it_is_due_and_late_from_then_on(warehouse: Warehouse) -> None:
    declare(warehouse, MONTHLY)
    # January is due on 20 February; February is not over before March begins
    assert states(warehouse, date(2024, 1, 31)) == {}
    assert states(warehouse, date(2024, 2, 20)) == {ONE: "a", TWO: "a"}
    assert states(warehouse, date(2024, 2, 21)) == {ONE: "l", TWO: "l"}
    assert states(warehouse, date(2024, 3, 1)) == {ONE: "la", TWO: "la"}
    assert states(warehouse, date(2030, 1, 1)) == {ONE: "llll", TWO: "llll"}


def test_what_came_and_what_did_not(warehouse: Warehouse) -> None:
    declare(warehouse, MONTHLY)
    deliver(
        warehouse,
        date(2024, 3, 15),
        (ONE, 1, "received"),
        (ONE, 2, "partial"),
        (TWO, 1, "missing"),
        (TWO, 2, "missing"),
    )
    # area two: January was due before the edition that leaves it blank; February was not, so nothing has come of it
    assert states(warehouse, date(2024, 3, 10)) == {ONE: "rp", TWO: "ma"}
    assert states(warehouse, date(2024, 3, 25)) == {ONE: "rp", TWO: "ml"}
    deliver(warehouse, date(2024, 4, 10), (TWO, 3, "received"))
    # area two has skipped February, area one is behind with March
    assert states(warehouse, date(2024, 4, 25)) == {ONE: "rpl", TWO: "mmr"}


def test_a_declared_zero_is_no_gap(warehouse: Warehouse) -> None:
    declare(warehouse, MONTHLY)
    told = [(month(1), None, ONE, month(1), "received"), (month(1), None, TWO, month(1), "received")]
    ingest(warehouse, Delivered(many(month(1), 1, cell=ONE), date(2024, 2, 10), cells=told))
    assert states(warehouse, date(2024, 2, 15)) == {ONE: "r", TWO: "z"}


def test_where_there_is_nothing_to_report(warehouse: Warehouse) -> None:
    exempt = (Exempt(TWO, month(2), date(2024, 3, 31), "under water"), Exempt(None, month(4), None, "closed"))
    declare(warehouse, replace(MONTHLY, not_applicable=exempt))
    assert states(warehouse, date(2030, 1, 1)) == {ONE: "llln", TWO: "lnnn"}
    reasons = reading.rows(
        warehouse.connection,
        "SELECT DISTINCT reason FROM meta.report_status_on(DATE '2030-01-01') ORDER BY 1",
    )
    assert [r["reason"] for r in reasons] == ["closed", "under water", None]
    # what was received all the same is received
    deliver(warehouse, date(2024, 4, 1), (TWO, 2, "received"))
    assert states(warehouse, date(2030, 1, 1))[TWO] == "mrnn"


def test_quarters_and_years_are_due_after_their_end(warehouse: Warehouse) -> None:
    declare(warehouse, replace(MONTHLY, each="quarter", each_months=3, due_days=10, areas=(ONE,)))
    due = "SELECT strftime(month, '%m') AS m, due FROM meta.report_status_on(DATE '2030-01-01') ORDER BY 1"
    assert [tuple(r.values()) for r in reading.rows(warehouse.connection, due)] == [
        ("01", date(2024, 4, 10)),
        ("02", date(2024, 4, 10)),
        ("03", date(2024, 4, 10)),
        ("04", date(2024, 7, 10)),
    ]


def test_of_a_source_without_cells_the_slices_are_the_reports(warehouse: Warehouse) -> None:
    yearly = replace(
        MONTHLY,
        grain="slice",
        by_area=False,
        areas_report=False,
        each="year",
        each_months=12,
        due_days=30,
        first_day=date(2021, 1, 1),
        last_day=None,
        complete=3,
        areas=(),
    )
    declare(warehouse, yearly)
    periods = [*many(date(2021, 1, 1), 3), *many(date(2022, 1, 1), 2)]
    ingest(warehouse, Delivered(periods, date(2022, 1, 15)))
    assert states(warehouse, date(2024, 1, 15)) == {None: "rpa"}
    assert states(warehouse, date(2024, 2, 1)) == {None: "rpl"}
    (first, *_) = coverage.reports(warehouse.connection, date(2024, 2, 1), POLICE)
    assert (first["unit"], first["n_records"], first["in_time"]) == ("National Police", 3, True)


def test_a_source_that_declares_nothing_shows_what_it_sent(warehouse: Warehouse) -> None:
    deliver(warehouse, date(2024, 3, 15), (ONE, 1, "received"), (TWO, 1, "missing"))
    assert states(warehouse, date(2030, 1, 1)) == {ONE: "r", TWO: "m"}
    due = "SELECT count(due) + count(in_time) AS n FROM meta.report_status"
    assert warehouse.scalar(due) == 0


def test_it_answers_as_of_any_batch_and_on_any_day(warehouse: Warehouse) -> None:
    first = declare(warehouse, replace(MONTHLY, last_day=date(2024, 1, 31)))
    deliver(warehouse, date(2024, 2, 10), (ONE, 1, "received"), day=2)
    last = declare(warehouse, MONTHLY)

    def counted(relation: str) -> list[tuple[str, int]]:
        query = f"SELECT status::VARCHAR, count(*) FROM {relation} GROUP BY 1 ORDER BY 1"
        return warehouse.connection.execute(query).fetchall()

    day = "DATE '2024-03-01'"
    assert counted(f"meta.report_status_as_of_on({first}, {day})") == [("late", 2)]
    assert counted(f"meta.report_status_as_of_on(2, {day})") == [("late", 1), ("received", 1)]
    assert counted(f"meta.report_status_as_of_on({last}, {day})") == counted(f"meta.report_status_on({day})")
    assert counted(f"meta.report_status_on({day})") == [("awaited", 2), ("late", 1), ("received", 1)]
    # without a day: on that of the batch, the first or second of January 2024, when nothing is over yet
    assert counted(f"meta.report_status_as_of({first})") == []
    assert counted("meta.report_status_as_of(2)") == [("received", 1)]


def test_an_unchanged_declaration_makes_no_batch(warehouse: Warehouse) -> None:
    units = (("North", ONE), ("South", TWO))
    owed = replace(MONTHLY, units=units, not_applicable=(Exempt(None, None, month(1), "it's new"),))
    declare(warehouse, owed)
    before = warehouse.last_batch()
    batch = batches.begin(warehouse, "run", "somebody")
    assert not obligations.declare(warehouse, batch, POLICE, owed)
    assert not batches.commit(warehouse, batch)
    assert obligations.declare(warehouse, batch, POLICE, None)
    held = reading.rows(warehouse.connection, "SELECT valid_from, valid_to FROM meta.obligation")
    assert held == [{"valid_from": before, "valid_to": batch.batch_id}]


def test_in_time_is_told_from_the_first_delivery_on(warehouse: Warehouse) -> None:
    declare(warehouse, replace(MONTHLY, areas=(ONE,)))
    deliver(warehouse, date(2024, 3, 5), (ONE, 1, "received"), (ONE, 2, "received"))
    deliver(warehouse, date(2024, 4, 25), (ONE, 1, "received"), (ONE, 3, "received"))
    found = coverage.reports(warehouse.connection, date(2024, 6, 1), POLICE)
    # January was due before the source first delivered, which says nothing of its punctuality
    assert [(r["received_on"], r["in_time"]) for r in found] == [
        (date(2024, 3, 5), None),
        (date(2024, 3, 5), True),
        (date(2024, 4, 25), False),
        (None, False),
    ]
    (told,) = coverage.by_source(warehouse.connection, date(2024, 6, 1))
    assert (told["owed"], told["received"], told["late"]) == (4, 3, 1)
    assert (told["completeness"], told["in_time"], told["timeliness"]) == (0.75, 1, 0.3333)


def test_units_report_for_their_areas(warehouse: Warehouse) -> None:
    declare(warehouse, replace(MONTHLY, units=(("North", ONE), ("South", TWO)), last_day=date(2024, 2, 29)))
    deliver(warehouse, date(2024, 2, 10), (ONE, 1, "received"), (TWO, 1, "received"), (ONE, 2, "received"))
    # judged on the day of the last batch, a day of January 2024: what came counts, and nothing else is over
    unit = "SELECT unit, year, owed, received, completeness FROM meta.coverage_unit ORDER BY unit"
    assert [tuple(r.values()) for r in reading.rows(warehouse.connection, unit)] == [
        ("North", 2024, 2, 2, 1.0),
        ("South", 2024, 1, 1, 1.0),
    ]
    for view, n in (("coverage_month", 2), ("coverage_provider", 1), ("coverage_area", 2)):
        assert warehouse.scalar(f"SELECT count(*) FROM meta.{view}") == n
        assert warehouse.scalar(f"SELECT count(*) FROM meta.{view}_as_of(1)") == 0


def twelve(warehouse: Warehouse, lacking: Sequence[int]) -> None:
    """A year and a half of one area, without some months of 2023."""
    at = [(2023, m) for m in range(1, 13) if m not in lacking] + [(2024, m) for m in range(1, 4)]
    told = [(month(m, y), None, ONE, month(m, y), "received") for y, m in at]
    records = [r for y, m in at for r in many(month(m, y), 1, cell=ONE)]
    ingest(warehouse, Delivered(records, date(2024, 5, 1), cells=told))


@pytest.mark.parametrize(
    ("lacking", "years", "to_date", "moving"),
    [
        # all are there: 2023 is a year, and so are the twelve months to each month since
        ((), ["2023"], 15, ["2023-01-01/P12M", "2023-02-01/P12M", "2023-03-01/P12M", "2023-04-01/P12M"]),
        # February 2023 lacks: no year; of its years to date only January's, and the twelve months from March on
        ((2,), [], 1 + 3, ["2023-03-01/P12M", "2023-04-01/P12M"]),
    ],
)
def test_an_incomplete_year_is_no_year_and_its_months_are_months(
    warehouse: Warehouse, lacking: tuple[int, ...], years: list[str], to_date: int, moving: list[str]
) -> None:
    twelve(warehouse, lacking)

    def complete(span: str) -> list[str]:
        query = f"""SELECT period FROM meta.coverage_span WHERE span = '{span}' AND complete AND area IS NULL
            ORDER BY first_month, period"""
        return [str(r["period"]) for r in reading.rows(warehouse.connection, query)]

    assert complete("year") == years
    assert complete("moving_year") == moving
    assert len(complete("year_to_date")) == to_date
    assert len(complete("month")) == 15 - len(lacking)


def test_letters_of_a_grid(warehouse: Warehouse) -> None:
    declare(warehouse, MONTHLY)
    deliver(warehouse, date(2024, 3, 15), (ONE, 1, "received"), (TWO, 1, "received"), (ONE, 2, "received"))
    day = date(2024, 4, 25)
    whole = coverage.letters(warehouse.connection, day)
    assert [(r["line"], r["letter"]) for r in whole] == [(POLICE, "R"), (POLICE, "P"), (POLICE, "L")]
    each = coverage.letters(warehouse.connection, day, POLICE, (month(2), month(2)))
    assert [(r["line"], r["letter"]) for r in each] == [(ONE, "R"), (TWO, "L")]
