"""What is told about deliveries, sources and quarantine."""

from __future__ import annotations

from datetime import date

import pytest

from schemas.errors import Misuse
from tests.integration.warehouse import staged
from tests.integration.warehouse.staged import MISSING, UNKNOWN, Delivered, Record, many
from warehouse import deliveries, quarantine, snapshot, status
from warehouse.database import Warehouse

JAN, FEB = staged.months(1, 2)


def fill(warehouse: Warehouse) -> None:
    """Three deliveries of two sources, one of them all bad."""
    cells = [(JAN, None, "XAA-01", JAN, "received"), (FEB, None, "XAA-01", FEB, "missing")]
    bad = [
        Record(JAN, broken=UNKNOWN, raw='{"SEXO":"X","A/B~c":"1"}'),
        Record(JAN, broken=UNKNOWN | MISSING, raw='{"SEXO":"Z","A/B~c":"2"}'),
        Record(JAN, broken=UNKNOWN, raw='{"SEXO":"X","A/B~c":"1"}'),
    ]
    blank = Record(FEB, 0, exclusion="not_reported")
    staged.ingest(
        warehouse, Delivered([*many(JAN, 4, cell="XAA-01"), *bad, blank], date(2024, 3, 1), cells=cells)
    )
    staged.ingest(warehouse, Delivered(many(JAN, 2), source_id="xaa_prosecution"))
    staged.ingest(warehouse, Delivered([Record(JAN, broken=MISSING)], source_id="xaa_prosecution"))


def test_all_deliveries(warehouse: Warehouse) -> None:
    fill(warehouse)
    listed = deliveries.listed(warehouse.connection)
    assert [(r["delivery"], r["source"], r["status"], r["refused_for"]) for r in listed] == [
        (1, "xaa_police", "loaded", None),
        (2, "xaa_prosecution", "loaded", None),
        (3, "xaa_prosecution", "refused", "all_bad"),
    ]
    assert [r["delivery"] for r in deliveries.listed(warehouse.connection, "xaa_police")] == [1]


def test_one_delivery(warehouse: Warehouse) -> None:
    fill(warehouse)
    shown = deliveries.shown(warehouse.connection, 1)
    assert (shown["records_loaded"], shown["edition_date"]) == (4, date(2024, 3, 1))
    assert [(r["rule_code"], r["n_broken"]) for r in shown["rules_broken"]] == [
        ("sex.unknown_code", 3),
        ("count.missing", 1),
    ]
    assert shown["exclusions"] == [{"level": "record", "reason": "not_reported", "n": 1, "events": 0}]
    assert [(r["period"], r["slices"], r["records"]) for r in shown["slices_by_period"]] == [
        (JAN, 1, 4),
        (FEB, 1, 0),
    ]
    assert shown["came_again"] == []


def test_a_delivery_that_is_none(warehouse: Warehouse) -> None:
    with pytest.raises(Misuse, match="no delivery 7"):
        deliveries.shown(warehouse.connection, 7)


def test_where_every_source_stands(warehouse: Warehouse) -> None:
    fill(warehouse)
    police, prosecution = status.sources(warehouse.connection)
    told = {k: police[k] for k in ("source", "loaded_deliveries", "records", "quarantined", "tickets")}
    assert told == {
        "source": "xaa_police",
        "loaded_deliveries": 1,
        "records": 4,
        "quarantined": 3,
        "tickets": 2,
    }
    assert (prosecution["refused_deliveries"], prosecution["last_status"], prosecution["records"]) == (
        1,
        "refused",
        2,
    )
    assert status.sources(warehouse.connection, country="MEX") == []
    assert len(status.sources(warehouse.connection, source_id="xaa_police")) == 1


def test_a_source_of_which_everything_was_refused_is_told_too(warehouse: Warehouse) -> None:
    staged.ingest(warehouse, Delivered([Record(JAN, broken=MISSING)]))
    (row,) = status.sources(warehouse.connection)
    assert (row["source"], row["refused_deliveries"], row["records"]) == ("xaa_police", 1, 0)


def test_quarantine_by_rule(warehouse: Warehouse) -> None:
    fill(warehouse)
    found = quarantine.by_rule(warehouse.connection)
    assert [(r["delivery"], r["rule"], r["records"], r["first_rows"]) for r in found] == [
        (1, "sex.unknown_code", 3, [5, 6, 7]),
        (1, "count.missing", 1, [6]),
        (3, "count.missing", 1, [1]),
    ]
    assert [r["delivery"] for r in quarantine.by_rule(warehouse.connection, "xaa_prosecution")] == [3]


def test_a_delivery_that_was_mended_is_no_longer_listed(warehouse: Warehouse) -> None:
    fill(warehouse)
    cells = [(JAN, None, "XAA-01", JAN, "received"), (FEB, None, "XAA-01", FEB, "received")]
    staged.ingest(warehouse, Delivered(many(JAN, 7, cell="XAA-01"), date(2024, 4, 1), cells=cells))
    assert quarantine.by_rule(warehouse.connection, "xaa_police") == []
    assert len(quarantine.by_rule(warehouse.connection, "xaa_police", superseded=True)) == 2


def test_unknown_codes_by_frequency(warehouse: Warehouse) -> None:
    fill(warehouse)
    snapshot.publish(warehouse, 3)
    home = warehouse.home
    assert quarantine.fields_with_unknown_codes(warehouse.connection, "xaa_police") == {"sex": 3}
    with pytest.raises(Misuse, match="another process is writing"):
        quarantine.unknown_codes(home, "xaa_police", {"sex": ["SEXO"]})
    warehouse.close()
    found = quarantine.unknown_codes(home, "xaa_police", {"sex": ["SEXO", "A/B~c"]})
    assert [(r["field"], r["value"], r["records"], r["first_rows"]) for r in found] == [
        ("sex", "X | 1", 2, [5, 7]),
        ("sex", "Z | 2", 1, [6]),
    ]
    assert len(quarantine.unknown_codes(home, "xaa_police", {"sex": ["SEXO"]}, limit=1)) == 1


def test_of_a_delivery_that_was_mended_in_part_only_what_is_current_counts(warehouse: Warehouse) -> None:
    """January comes again and is good; February and a record without a readable date are as they were."""
    bad = [
        Record(JAN, broken=UNKNOWN, raw='{"SEXO":"X"}'),
        Record(JAN, broken=UNKNOWN, raw='{"SEXO":"X"}'),
        Record(FEB, broken=UNKNOWN, raw='{"SEXO":"X"}'),
        Record(None, broken=UNKNOWN | MISSING, raw='{"SEXO":"Z"}'),
    ]
    staged.ingest(warehouse, Delivered([*many(JAN, 4), *many(FEB, 4), *bad], date(2024, 3, 1)))
    staged.ingest(warehouse, Delivered(many(JAN, 6), date(2024, 4, 1)))
    # an edition that arrives late and is never current
    late = Record(JAN, broken=UNKNOWN, raw='{"SEXO":"Y"}')
    staged.ingest(warehouse, Delivered([*many(JAN, 5), late], date(2024, 2, 1)))
    snapshot.publish(warehouse, 3)
    connection = warehouse.connection
    rules = [(r["delivery"], r["rule"], r["records"]) for r in quarantine.by_rule(connection, "xaa_police")]
    assert rules == [(1, "sex.unknown_code", 2), (1, "count.missing", 1)]
    assert quarantine.fields_with_unknown_codes(connection, "xaa_police") == {"sex": 2}
    (source,) = status.sources(connection)
    assert source["quarantined"] == 2
    warehouse.close()
    codes = quarantine.unknown_codes(warehouse.home, "xaa_police", {"sex": ["SEXO"]})
    assert [(r["value"], r["records"]) for r in codes] == [("X", 1), ("Z", 1)]
