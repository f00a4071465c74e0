"""Loads: what goes where, what is superseded, what is refused, and that every account adds up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from schemas.errors import Refusal
from schemas.staging import ControlTotal
from tests.integration.warehouse import staged
from tests.integration.warehouse.staged import Delivered, Record, facts, ingest, many, state, validity
from warehouse import accounting, reading
from warehouse.accounting import AccountError
from warehouse.database import Warehouse

JAN, FEB, MAR = staged.months(1, 2, 3)


def test_every_record_goes_where_it_belongs(warehouse: Warehouse) -> None:
    records = [
        Record(JAN, 2, fields={"sex": "F", "case_hmac": b"\x01\x02", "longitude": -90.5}),
        Record(JAN, 1, fields={"sex": "M"}, warned=staged.WARNED),
        Record(FEB, 3, broken=staged.MISSING | staged.UNKNOWN, raw='{"SEXO":"X"}'),
        Record(None, None, broken=staged.MISSING),
        Record(JAN, 5, exclusion="repeated", broken=staged.UNKNOWN),
    ]
    outcome = ingest(warehouse, Delivered(records, row_exclusions={"total": 2, "footer": 1}, unreadable=1))
    connection = warehouse.connection
    assert (outcome.status, outcome.slices_current) == ("loaded", 1)
    loaded = reading.rows(
        connection, "SELECT row_number, count, sex, delivery_id FROM core.person_role ORDER BY ALL"
    )
    assert [tuple(r.values()) for r in loaded] == [(1, 2, "F", 1), (2, 1, "M", 1)]
    bad = reading.rows(connection, "SELECT row_number, rules, events FROM quarantine.record ORDER BY ALL")
    assert [tuple(r.values()) for r in bad] == [
        (3, ["count.missing", "sex.unknown_code"], Decimal(3)),
        (4, ["count.missing"], Decimal(0)),
    ]
    raw = connection.execute("SELECT row_number, raw FROM restricted.quarantine.raw ORDER BY ALL").fetchall()
    assert raw == [(3, '{"SEXO":"X"}'), (4, "{}")]
    hidden = connection.execute(
        "SELECT row_number, case_hmac, longitude FROM restricted.core.person_role_row"
    ).fetchall()
    assert hidden == [(1, b"\x01\x02", -90.5)]
    assert connection.execute("SELECT row_number FROM quarantine.unreadable").fetchall() == [(0,)]


def test_the_account_is_stored(warehouse: Warehouse) -> None:
    records = [
        *many(JAN, 3),
        Record(FEB, 4, broken=1),
        Record(JAN, 5, exclusion="not_reported"),
        Record(FEB, 7),
    ]
    totals = (ControlTotal("TOTAL", 10.0, 10.0),)
    ingest(warehouse, Delivered(records, row_exclusions={"total": 1}, totals=totals))
    connection = warehouse.connection
    (delivery,) = reading.rows(connection, "FROM meta.delivery")
    counted = {k: delivery[k] for k in delivery if k.startswith(("rows_", "records_", "events_"))}
    assert counted == {
        "rows_delivered": 7,
        "rows_unreadable": 0,
        "rows_excluded": 1,
        "rows_mapped": 6,
        "records_made": 6,
        "records_loaded": 4,
        "records_quarantined": 1,
        "records_excluded": 1,
        "events_made": 19,
        "events_loaded": 10,
        "events_quarantined": 4,
        "events_excluded": 5,
    }
    periods = connection.execute(
        "SELECT * EXCLUDE (delivery_id) FROM meta.events_by_period ORDER BY ALL"
    ).fetchall()
    assert periods == [(JAN, 8, 3, 0, 5), (FEB, 11, 7, 4, 0)]
    exclusions = connection.execute(
        "SELECT * EXCLUDE (delivery_id) FROM meta.exclusion ORDER BY level"
    ).fetchall()
    assert exclusions == [("row", "total", 1, None), ("record", "not_reported", 1, Decimal(5))]
    rules = connection.execute(
        "SELECT rule_code, severity, n_judged, n_broken FROM meta.rule_result WHERE scope = 'row'"
    ).fetchall()
    assert rules == [
        ("count.missing", "row", 5, 1),
        ("sex.unknown_code", "row", 5, 0),
        ("age_years.range", "warn", 5, 0),
    ]
    assert connection.execute("SELECT name, expected, found FROM meta.control_total").fetchall() == [
        ("TOTAL", 10.0, 10.0)
    ]


def test_a_row_may_make_several_records(warehouse: Warehouse) -> None:
    """Months as columns: the row is one, its records are as many as the columns, blank ones too."""
    records = [
        Record(JAN, 4, part=1, number=1),
        Record(FEB, 0, part=2, number=1),
        Record(JAN, 2, part=1, number=2),
        Record(FEB, 0, part=2, number=2, exclusion="not_reported"),
    ]
    ingest(warehouse, Delivered(records))
    assert facts(warehouse) == {(JAN, None): 2, (FEB, None): 1}
    rows = warehouse.connection.execute("SELECT rows_mapped, records_made FROM meta.delivery").fetchall()
    assert rows == [(2, 4)]


def test_a_reported_cell_without_records_is_a_zero(warehouse: Warehouse) -> None:
    year = date(2024, 1, 1)
    cells = [(year, None, area, month, "received") for area in ("XAA-01", "XAA-02") for month in (JAN, FEB)]
    cells.append((year, None, "XAA-02", MAR, "missing"))
    records = [
        Record(year, 3, cell="XAA-01", month=JAN),
        Record(year, 3, cell="XAA-01", month=JAN),
        Record(year, 2, cell="XAA-02", month=FEB, broken=1),
        Record(year, 1),
    ]
    ingest(warehouse, Delivered(records, cells=cells))
    found = warehouse.connection.execute(
        "SELECT area, month, status, n_records, n_quarantined FROM meta.report_status ORDER BY ALL"
    ).fetchall()
    assert found == [
        ("XAA-01", JAN, "received", 2, 0),
        ("XAA-01", FEB, "zero_declared", 0, 0),
        ("XAA-02", JAN, "zero_declared", 0, 0),
        ("XAA-02", FEB, "received", 0, 1),
        ("XAA-02", MAR, "missing", 0, 0),
    ]


def test_a_cell_counts_its_records(warehouse: Warehouse) -> None:
    cells = [(JAN, "XAA-01", "XAA-01", JAN, "received"), (JAN, "XAA-02", "XAA-02", JAN, "received")]
    records = [*many(JAN, 2, area="XAA-01"), Record(JAN, area="XAA-01", broken=1)]
    ingest(warehouse, Delivered(records, cells=cells))
    found = warehouse.connection.execute(
        "SELECT area, status, n_records, n_quarantined FROM meta.report_status ORDER BY ALL"
    ).fetchall()
    assert found == [("XAA-01", "received", 2, 1), ("XAA-02", "zero_declared", 0, 0)]
    assert facts(warehouse, "core.person_role") == {(JAN, "XAA-01"): 2}
    assert len(validity(warehouse)) == 2


def test_a_period_without_an_event_supersedes_too(warehouse: Warehouse) -> None:
    cells = [(JAN, None, "XAA-01", JAN, "received")]
    ingest(warehouse, Delivered(many(JAN, 2, cell="XAA-01"), cells=cells))
    ingest(warehouse, Delivered([], cells=cells))
    assert facts(warehouse) == {}
    assert facts(warehouse, "core.person_role_as_of(1)") == {(JAN, None): 2}
    statuses = "SELECT status FROM meta.report_status_as_of({}) ORDER BY ALL"
    assert warehouse.connection.execute(statuses.format(1)).fetchall() == [("received",)]
    assert warehouse.connection.execute(statuses.format(2)).fetchall() == [("zero_declared",)]


def test_a_slice_in_quarantine_alone_supersedes_nothing(warehouse: Warehouse) -> None:
    cells = [(month, None, "XAA-01", month, "received") for month in (JAN, FEB)]
    ingest(warehouse, Delivered([*many(JAN, 2), *many(FEB, 2)], cells=cells))
    ingest(warehouse, Delivered([*many(JAN, 3), Record(FEB, broken=1)], cells=cells))
    assert facts(warehouse) == {(JAN, None): 3, (FEB, None): 2}
    notes = warehouse.connection.execute("SELECT note, period FROM meta.slice_note").fetchall()
    assert notes == [("only_quarantined", FEB)]
    assert warehouse.scalar("SELECT count(*) FROM meta.report_status WHERE month = DATE '2024-02-01'") == 1


def test_a_file_that_is_all_bad_goes_to_quarantine_and_changes_nothing_else(warehouse: Warehouse) -> None:
    cells = [(JAN, None, "XAA-01", JAN, "received")]
    ingest(warehouse, Delivered(many(JAN, 2), cells=cells))
    before = facts(warehouse), validity(warehouse)
    outcome = ingest(
        warehouse,
        Delivered(
            [Record(JAN, broken=1), Record(JAN, broken=2), Record(JAN, exclusion="footer")], cells=cells
        ),
        facts=staged.source(version="v2", tolerance=0.1),
    )
    assert (outcome.status, outcome.code, outcome.slices_current) == ("refused", "all_bad", 0)
    assert (facts(warehouse), validity(warehouse)) == before
    assert warehouse.scalar("SELECT count(*) FROM quarantine.record WHERE delivery_id = 2") == 2
    assert warehouse.scalar("SELECT count(*) FROM restricted.quarantine.raw") == 2
    assert warehouse.scalar("SELECT count(*) FROM meta.report_status") == 1
    assert warehouse.connection.execute("SELECT specification_version FROM meta.source").fetchall() == [
        ("v1",)
    ]
    refused = warehouse.connection.execute(
        "SELECT status, refusal_code, records_quarantined FROM meta.delivery WHERE delivery_id = 2"
    ).fetchall()
    assert refused == [("refused", "all_bad", 2)]


def test_a_file_that_says_nothing_is_refused(warehouse: Warehouse) -> None:
    before = state(warehouse)
    with pytest.raises(Refusal) as refused:
        ingest(warehouse, Delivered([]))
    assert refused.value.code == "no_records"
    assert state(warehouse) == before
    assert warehouse.last_delivery() == 0


def test_the_files_own_totals_must_agree(warehouse: Warehouse) -> None:
    with pytest.raises(Refusal, match="states 12, its rows add up to 10") as refused:
        ingest(warehouse, Delivered(many(JAN, 10), totals=(ControlTotal("TOTAL", 12, 10),)))
    assert refused.value.code == "control_total"
    assert warehouse.last_batch() == 0


def test_a_row_that_is_lost_on_the_way_is_noticed(warehouse: Warehouse) -> None:
    ingest(warehouse, Delivered(many(JAN, 2)))
    before = state(warehouse)
    with pytest.raises(AccountError, match="rows delivered"):
        ingest(warehouse, Delivered([*many(JAN, 2), Record(FEB, broken=1)], lost_rows=1))
    assert state(warehouse) == before
    assert warehouse.last_batch() == 1


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("DELETE FROM core.person_role_row WHERE row_number = 1", "records made"),
        ('UPDATE core.person_role_row SET "count" = 5 WHERE row_number = 1', "events loaded = in the slices"),
        ("DELETE FROM quarantine.record_row", "records made"),
        ("DELETE FROM meta.events_by_period WHERE period = DATE '2024-02-01'", "events by period"),
    ],
)
def test_the_account_is_counted_where_the_records_are(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, fault: str, message: str
) -> None:
    """A record that is lost or changed while it is written shows, and nothing of the delivery stays."""
    proving = accounting.prove

    def prove_after_fault(*arguments: object) -> None:
        warehouse.connection.execute(fault)
        proving(*arguments)  # type: ignore[arg-type]

    before = state(warehouse)
    monkeypatch.setattr(accounting, "prove", prove_after_fault)
    with pytest.raises(AccountError, match=message):
        ingest(warehouse, Delivered([*many(JAN, 2), *many(FEB, 1), Record(FEB, broken=1)]))
    assert state(warehouse) == before


def test_dates_of_a_delivery_come_from_the_file_or_from_its_cells(warehouse: Warehouse) -> None:
    cells = [(JAN, None, "XAA-01", JAN, "received"), (FEB, None, "XAA-01", FEB, "missing")]
    blank = Record(FEB, 0, exclusion="not_reported")
    ingest(warehouse, Delivered([*many(JAN, 1), blank], cells=cells, edition=date(2024, 3, 20)))
    stated = (date(2023, 12, 1), date(2024, 4, 30))
    ingest(warehouse, Delivered(many(MAR, 1), period=stated))
    ingest(warehouse, Delivered(many(MAR, 1), edition=date(2024, 5, 5)))
    found = warehouse.connection.execute(
        "SELECT period_start, period_end, cutoff_date FROM meta.delivery"
    ).fetchall()
    assert found == [
        (JAN, date(2024, 1, 31), date(2024, 1, 31)),
        (*stated, date(2024, 4, 30)),
        (MAR, date(2024, 3, 31), date(2024, 5, 5)),
    ]


def test_a_delivery_may_replace_the_whole(warehouse: Warehouse) -> None:
    """Areas have no period: one slice without period and area."""
    area = {"area_level": "first_level", "parent_code": "XAA", "name": "A", "boundary_version": "1"}

    def record(code: str) -> Record:
        return Record(None, 1, fields={**area, "area_code": code, "valid_from": JAN})

    ingest(warehouse, Delivered([record("XAA-01"), record("XAA-02")], kind="area", source_id="xaa_areas"))
    ingest(warehouse, Delivered([record("XAA-03")], kind="area", source_id="xaa_areas"))
    codes = "SELECT area_code, source_id FROM ref.area{} WHERE parent_code = 'XAA' ORDER BY 1"
    assert warehouse.connection.execute(codes.format("")).fetchall() == [("XAA-03", "xaa_areas")]
    assert len(warehouse.connection.execute(codes.format("_as_of(1)")).fetchall()) == 2
    history = "SELECT area_code, valid_from_batch, valid_to_batch FROM core.area_history ORDER BY 1"
    assert warehouse.connection.execute(history).fetchall() == [
        ("XAA-01", 1, 2),
        ("XAA-02", 1, 2),
        ("XAA-03", 2, None),
    ]


def test_sources_are_kept_as_they_were(warehouse: Warehouse) -> None:
    for version in ("v1", "v1", "v2"):
        ingest(warehouse, Delivered(many(JAN, 1)), facts=staged.source(version=version))
    found = warehouse.connection.execute(
        "SELECT specification_version, valid_from, valid_to FROM meta.source ORDER BY valid_from"
    ).fetchall()
    assert found == [("v1", 1, 3), ("v2", 3, None)]
