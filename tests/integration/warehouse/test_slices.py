"""Slices: a delivery supersedes those that it has, in the order of editions, and shrinking ones stop it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from schemas.errors import Refusal
from tests.integration.warehouse import staged
from tests.integration.warehouse.staged import Delivered, facts, ingest, many, state, validity
from warehouse import batch as batches
from warehouse.database import Warehouse

JAN, FEB, MAR = staged.months(1, 2, 3)


def test_a_delivery_supersedes_the_slices_that_it_has(warehouse: Warehouse) -> None:
    ingest(warehouse, Delivered([*many(JAN, 3), *many(FEB, 2)]))
    outcome = ingest(warehouse, Delivered([*many(FEB, 5), *many(MAR, 1)]))
    assert facts(warehouse) == {(JAN, None): 3, (FEB, None): 5, (MAR, None): 1}
    assert facts(warehouse, "core.person_role_as_of(1)") == {(JAN, None): 3, (FEB, None): 2}
    assert facts(warehouse, "core.person_role_as_of(2)") == facts(warehouse)
    assert validity(warehouse) == [(JAN, 1, None), (FEB, 1, 2), (FEB, 2, None), (MAR, 2, None)]
    assert outcome.absent == ()


def test_a_slice_that_is_gone_stays_and_is_noted(warehouse: Warehouse) -> None:
    ingest(warehouse, Delivered([*many(JAN, 3), *many(FEB, 2), *many(MAR, 4)]))
    outcome = ingest(warehouse, Delivered([*many(JAN, 3), *many(MAR, 4)]))
    assert [(c.period, c.before) for c in outcome.absent] == [(FEB, Decimal(2))]
    assert facts(warehouse)[FEB, None] == 2
    notes = warehouse.connection.execute("SELECT note, period, before, after FROM meta.slice_note").fetchall()
    assert notes == [("absent", FEB, Decimal(2), None)]


def test_slices_by_area_are_apart(warehouse: Warehouse) -> None:
    ingest(warehouse, Delivered([*many(JAN, 3, area="XAA-01"), *many(JAN, 2, area="XAA-02"), *many(JAN, 1)]))
    ingest(warehouse, Delivered(many(JAN, 7, area="XAA-02")))
    assert facts(warehouse) == {(JAN, "XAA-01"): 3, (JAN, "XAA-02"): 7, (JAN, None): 1}


def test_another_source_supersedes_nothing_of_mine(warehouse: Warehouse) -> None:
    ingest(warehouse, Delivered(many(JAN, 3)))
    ingest(warehouse, Delivered(many(JAN, 2), source_id="xaa_prosecution"))
    assert warehouse.scalar("SELECT count(*) FROM core.person_role") == 5


@pytest.mark.parametrize(
    ("first", "second", "current"),
    [
        (date(2024, 2, 8), date(2024, 12, 21), 2),
        (date(2024, 12, 21), date(2024, 2, 8), 1),
        (date(2024, 2, 8), date(2024, 2, 8), 2),
        (None, date(2024, 2, 8), 2),
        (date(2024, 2, 8), None, 2),
        (None, None, 2),
    ],
)
def test_the_later_edition_holds(
    warehouse: Warehouse, first: date | None, second: date | None, current: int
) -> None:
    """Known editions decide, else the order of arrival; an older one that arrives late is history at once."""
    ingest(warehouse, Delivered(many(JAN, 1), edition=first))
    outcome = ingest(warehouse, Delivered(many(JAN, 2), edition=second))
    assert facts(warehouse) == {(JAN, None): current}
    assert facts(warehouse, "core.person_role_as_of(1)") == {(JAN, None): 1}
    assert (outcome.slices_current, outcome.slices_late) == ((1, 0) if current == 2 else (0, 1))
    assert facts(warehouse, "core.person_role_history") == {(JAN, None): 3}


def test_a_late_edition_brings_slices_that_nobody_had(warehouse: Warehouse) -> None:
    ingest(warehouse, Delivered(many(FEB, 1), edition=date(2024, 12, 21)))
    ingest(warehouse, Delivered([*many(JAN, 2), *many(FEB, 9)], edition=date(2024, 2, 8)))
    assert facts(warehouse) == {(JAN, None): 2, (FEB, None): 1}


def test_two_deliveries_of_one_batch(warehouse: Warehouse) -> None:
    batch = batches.begin(warehouse, "ingest", "somebody")
    staged.load(warehouse, batch, Delivered(many(JAN, 1)))
    staged.load(warehouse, batch, Delivered(many(JAN, 2)))
    batches.commit(warehouse, batch)
    assert facts(warehouse) == facts(warehouse, "core.person_role_as_of(1)") == {(JAN, None): 2}
    assert warehouse.connection.execute("SELECT delivery_id, batch_id FROM meta.delivery").fetchall() == [
        (1, 1),
        (2, 1),
    ]


def test_a_slice_that_shrinks_stops_the_load(warehouse: Warehouse) -> None:
    declared = staged.source(tolerance=0.2)
    ingest(warehouse, Delivered([*many(JAN, 10), *many(FEB, 10)]), facts=declared)
    before = state(warehouse)
    smaller = Delivered([*many(JAN, 8), *many(FEB, 7)])
    with pytest.raises(Refusal, match=r"2024-02-01: 10\.00 -> 7\.00") as refused:
        ingest(warehouse, smaller, facts=declared)
    assert refused.value.code == "slice_shrank"
    assert "2024-01-01" not in str(refused.value)
    assert state(warehouse) == before
    outcome = ingest(warehouse, smaller, facts=declared, accept_drop=True)
    assert [(c.period, c.after) for c in outcome.shrunk] == [(FEB, Decimal(7))]
    assert facts(warehouse) == {(JAN, None): 8, (FEB, None): 7}
    assert warehouse.connection.execute("SELECT note, period, after FROM meta.slice_note").fetchall() == [
        ("shrunk_accepted", FEB, Decimal(7))
    ]


def test_an_older_edition_may_be_smaller(warehouse: Warehouse) -> None:
    declared = staged.source(tolerance=0.2)
    ingest(warehouse, Delivered(many(JAN, 10), edition=date(2024, 12, 21)), facts=declared)
    outcome = ingest(warehouse, Delivered(many(JAN, 1), edition=date(2024, 2, 8)), facts=declared)
    assert outcome.slices_late == 1
