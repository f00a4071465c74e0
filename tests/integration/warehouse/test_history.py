"""As of any earlier batch the warehouse answers what it answered then, whatever came later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.errors import Misuse
from tests.integration.warehouse import staged
from tests.integration.warehouse.staged import Delivered, ingest, many
from warehouse import asof, reading
from warehouse.database import Warehouse
from warehouse.home import Home

MONTHS = staged.months(1, 2, 3)
EDITIONS = [None, date(2024, 2, 1), date(2024, 3, 1), date(2024, 4, 1)]

#: A delivery: its edition, and how many records it has of each month (0: it does not have the month).
DELIVERIES = st.lists(
    st.tuples(st.sampled_from(EDITIONS), st.tuples(*(st.integers(0, 3) for _ in MONTHS)).filter(any)),
    min_size=1,
    max_size=6,
)


def counts(warehouse: Warehouse, relation: str) -> dict[date, int]:
    rows = warehouse.connection.execute(
        f"SELECT occurrence_date, count(*) FROM {relation} GROUP BY 1"
    ).fetchall()
    return dict(rows)


def expected(deliveries: Sequence[tuple[date | None, tuple[int, ...]]]) -> dict[date, int]:
    """The rule in plain words: the later edition holds, else the later arrival."""
    current: dict[date, tuple[date | None, int]] = {}
    for edition, numbers in deliveries:
        for month, n in zip(MONTHS, numbers, strict=True):
            if not n:
                continue
            held = current.get(month)
            if held and held[0] and edition and held[0] > edition:
                continue
            current[month] = (edition, n)
    return {month: n for month, (_, n) in current.items()}


@given(DELIVERIES)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_batch_answers_as_it_did(
    template: Home,
    tmp_path_factory: pytest.TempPathFactory,
    deliveries: list[tuple[date | None, tuple[int, ...]]],
) -> None:
    home = Home(tmp_path_factory.mktemp("history") / "home")
    with staged.open_warehouse(home, template) as warehouse:
        for edition, numbers in deliveries:
            records = [r for month, n in zip(MONTHS, numbers, strict=True) for r in many(month, n)]
            ingest(warehouse, Delivered(records, edition=edition))
        for batch in range(1, len(deliveries) + 1):
            assert counts(warehouse, f"core.person_role_as_of({batch})") == expected(deliveries[:batch])
        assert counts(warehouse, "core.person_role") == expected(deliveries)
        assert sum(counts(warehouse, "core.person_role_history").values()) == sum(
            sum(n) for _, n in deliveries
        )


def test_quarantine_and_coverage_as_of(warehouse: Warehouse) -> None:
    cells = [(MONTHS[0], None, "XAA-01", MONTHS[0], "received")]
    ingest(
        warehouse,
        Delivered([*many(MONTHS[0], 2, cell="XAA-01"), staged.Record(MONTHS[0], broken=1)], cells=cells),
    )
    ingest(warehouse, Delivered(many(MONTHS[0], 3, cell="XAA-01"), cells=cells))
    for batch, n in ((0, 0), (1, 2), (2, 3)):
        found = reading.rows(warehouse.connection, f"SELECT n_records FROM meta.report_status_as_of({batch})")
        assert [r["n_records"] for r in found] == ([n] if n else [])
    assert warehouse.scalar("SELECT count(*) FROM quarantine.record_as_of(0)") == 0
    assert warehouse.scalar("SELECT count(*) FROM quarantine.record_as_of(2)") == 1
    history = "SELECT n_records, valid_from, valid_to FROM meta.report_status_history ORDER BY valid_from"
    assert warehouse.connection.execute(history).fetchall() == [(2, 1, 2), (3, 2, None)]


def test_a_date_means_the_last_batch_that_had_ended(warehouse: Warehouse) -> None:
    for day in (3, 3, 10):
        ingest(warehouse, Delivered(many(MONTHS[0], 1)), day=day)
    connection = warehouse.connection
    assert [
        asof.resolve(connection, d) for d in ("2024-01-03", "2024-01-09", "2024-01-10", "2030-01-01")
    ] == [2, 2, 3, 3]
    assert [asof.resolve(connection, b) for b in ("1", "3")] == [1, 3]


@pytest.mark.parametrize(
    ("as_of", "code"),
    [
        ("2024-01-02", "as_of_too_early"),
        ("0", "as_of_too_early"),
        ("4", "as_of_too_early"),
        ("2024-13-01", "as_of_unreadable"),
        ("yesterday", "as_of_unreadable"),
        ("1; DROP TABLE x", "as_of_unreadable"),
        ("", "as_of_unreadable"),
    ],
)
def test_no_such_time(warehouse: Warehouse, as_of: str, code: str) -> None:
    ingest(warehouse, Delivered(many(MONTHS[0], 1)), day=3)
    with pytest.raises(Misuse) as refused:
        asof.resolve(warehouse.connection, as_of)
    assert refused.value.code == code


def test_before_the_first_batch(home: Home, template: Home, tmp_path: Path) -> None:
    with staged.open_warehouse(home, template) as warehouse, pytest.raises(Misuse, match="nothing was in"):
        asof.resolve(warehouse.connection, "2024-01-01")
