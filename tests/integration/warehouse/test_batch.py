"""Batches exist when they write; repetitions and refusals write their own record and nothing else."""

from __future__ import annotations

import pytest

from schemas.errors import Refusal
from tests.integration.warehouse import staged
from tests.integration.warehouse.staged import Delivered, many
from warehouse import batch as batches
from warehouse import reading
from warehouse.database import Warehouse

JAN = staged.months(1)[0]


def test_a_batch_that_finds_nothing_to_do_never_was(warehouse: Warehouse) -> None:
    first = batches.begin(warehouse, "run", "somebody")
    assert not batches.commit(warehouse, first)
    assert batches.begin(warehouse, "run", "somebody").batch_id == first.batch_id == 1
    assert warehouse.last_batch() == 0


def test_who_did_what_and_when(warehouse: Warehouse) -> None:
    batch = batches.begin(
        warehouse, "ingest", "ana", software_version="1.2", started_at=staged.utc(2024, 1, 1, 8)
    )
    staged.load(warehouse, batch, Delivered(many(JAN, 1)))
    (running,) = reading.rows(warehouse.connection, "FROM meta.batch")
    assert running["committed_at"] is None
    assert batches.commit(warehouse, batch, committed_at=staged.utc(2024, 1, 1, 9))
    (ended,) = reading.rows(warehouse.connection, "FROM meta.batch")
    assert ended == {
        "batch_id": 1,
        "kind": "ingest",
        "actor": "ana",
        "started_at": staged.utc(2024, 1, 1, 8),
        "committed_at": staged.utc(2024, 1, 1, 9),
        "software_version": "1.2",
        "catalogue_version": "",
        "interrupted": False,
    }


def test_the_same_bytes_are_known(warehouse: Warehouse) -> None:
    assert batches.known_delivery(warehouse, "xaa_police", "0" * 64) is None
    staged.ingest(warehouse, Delivered(many(JAN, 1)))
    known = batches.known_delivery(warehouse, "xaa_police", "0" * 64)
    assert known is not None
    assert (known.delivery_id, known.status, known.specification_version) == (1, "loaded", "v1")
    assert batches.known_delivery(warehouse, "xaa_police", "1" * 64) is None
    assert batches.known_delivery(warehouse, "xaa_other", "0" * 64) is None
    batches.record_repetition(warehouse, known, seen_by="ana", file_name="copy.csv", seen_at=staged.WHEN)
    assert warehouse.connection.execute("FROM meta.repetition").fetchall() == [
        (1, None, staged.WHEN, "ana", "copy.csv")
    ]
    assert (warehouse.last_batch(), warehouse.last_delivery()) == (1, 1)


def test_a_refusal_is_recorded_and_nothing_else(warehouse: Warehouse) -> None:
    batch = batches.begin(warehouse, "ingest", "ana")
    refusal = Refusal("a quote is never closed", where="file.csv:3", how="close it", code="open_quote")
    number = batches.record_refusal(warehouse, batch, staged.file(), refusal, source=staged.source())
    (row,) = reading.rows(warehouse.connection, "FROM meta.delivery")
    told = {k: row[k] for k in ("delivery_id", "batch_id", "status", "refusal_code", "rows_delivered")}
    assert told == {
        "delivery_id": number,
        "batch_id": 1,
        "status": "refused",
        "refusal_code": "open_quote",
        "rows_delivered": None,
    }
    assert "close it" in row["refusal_message"]
    written = {"delivery", "batch"}
    tables = [
        r[0]
        for r in warehouse.connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'meta' AND database_name = current_database()"
        ).fetchall()
    ]
    for table in set(tables) - written - {"schema_version", "fingerprint"}:
        assert warehouse.scalar(f"SELECT count(*) FROM meta.{table}") == 0, table


def test_a_refused_delivery_keeps_what_was_found_in_it(warehouse: Warehouse) -> None:
    batch = batches.begin(warehouse, "ingest", "ana")
    found = staged.stage(warehouse.connection, Delivered(many(JAN, 3), row_exclusions={"total": 2}))
    batches.record_refusal(warehouse, batch, staged.file(), Refusal("shrank"), staged=found)
    (row,) = reading.rows(warehouse.connection, "FROM meta.delivery")
    assert (row["rows_delivered"], row["rows_excluded"], row["records_made"], row["records_loaded"]) == (
        5,
        2,
        3,
        None,
    )


@pytest.mark.parametrize("name", ["it's.csv", "ñandú 'x'; --.csv", 'a"b.csv'])
def test_any_file_name(warehouse: Warehouse, name: str) -> None:
    batch = batches.begin(warehouse, "ingest", "o'brien")
    staged.load(warehouse, batch, Delivered(many(JAN, 1)), name=name)
    assert warehouse.connection.execute("SELECT file_name FROM meta.delivery").fetchall() == [(name,)]


def test_secrets_are_made_once(warehouse: Warehouse) -> None:
    salt = warehouse.secret("salt")
    assert len(salt) == 32
    assert warehouse.secret("salt") == salt
    assert warehouse.secret("other") != salt
