"""The truth of counts where a provider annuls and reclassifies by key: across deliveries and slices, now and then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from indicators import cube
from indicators.inputs import NOW, Seen, Source
from pipelines import settings
from pipelines.steps.ingest import ingest
from tests.unit.sources import desk
from tests.unit.sources.test_earlier import EARLIER, layout, text
from warehouse import snapshot
from warehouse.home import Home

SOURCE = "probe"
EDITION = {"from": "file_name", "pattern": r"ed(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"}
PERIOD = {"from": "file_name", "pattern": r"p(?P<year>\d{4})-(?=(?P<from_month>\d\d))(?P<to_month>\d\d)"}
#: What the source declares, as far as counting asks for it.
DECLARED = Source(SOURCE, "MEX", "incident", "police", "occurrence", "occurrence", ())


class Provider:
    """A provider's deliveries into a home folder, and what is counted of them."""

    def __init__(self, folder: Path, *, editions: bool = True) -> None:
        declared = folder / "sources"
        declared.mkdir()
        delivers = {**desk.DECLARATION["delivers"], "cells": "reported_values", "drop_tolerance": 1}
        desk.declare(
            declared,
            layout(EARLIER, case_hmac={"hmac": "case"}),
            key={"columns": ["case"]},
            period=PERIOD,
            edition=EDITION if editions else None,
            delivers=delivers,
        )
        self.folder = folder
        self.settings = settings.read({"SIPREV_HOME": str(folder / "var"), "SIPREV_SOURCES": str(declared)})

    def deliver(self, period: str, edition: str, *rows: str) -> None:
        """Take in a file; a row is day, count, status, class, case."""
        path = self.folder / f"p{period} ed{edition}.csv"
        path.write_text(text(*(f"{row}," for row in rows)), encoding="utf-8")
        (delivered,) = ingest(self.settings, SOURCE, [path])
        assert delivered.status == "loaded", delivered.refusal

    @contextmanager
    def connected(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with snapshot.reader(Home(self.folder / "var")) as connection:
            yield connection

    def counted(self, seen: Seen = NOW) -> dict[tuple[str, str], int]:
        """Events by month and class, as indicators count them."""
        with self.connected() as connection:
            rows = connection.execute(
                f"""SELECT strftime(occurrence_date, '%Y-%m'), iccs, sum("count")::BIGINT
                FROM {seen.facts("incident")} AS f WHERE {cube.counted_sql(DECLARED, seen)} GROUP BY ALL"""
            ).fetchall()
        return {(month, code): n for month, code, n in rows}


JANUARY = ("2024-01-05,2,VIGENTE,A,C-1", "2024-01-06,3,VIGENTE,A,C-2")
FEBRUARY = ("2024-02-01,5,VIGENTE,A,C-3", "2024-01-05,2,ANULADA,A,c-1 ")
MARCH = ("2024-03-01,7,VIGENTE,A,C-4", "2024-01-06,3,RECLASIFICADA,B,C-2")
AT_FIRST = {("2024-01", "0101"): 5}
ANNULLED = {("2024-01", "0101"): 3, ("2024-02", "0101"): 5}
RECLASSIFIED = {("2024-01", "0401"): 3, ("2024-02", "0101"): 5, ("2024-03", "0101"): 7}


@pytest.fixture
def provider(tmp_path: Path) -> Provider:
    made = Provider(tmp_path)
    made.deliver("2024-01", "2024-01-31", *JANUARY)
    made.deliver("2024-02", "2024-02-29", *FEBRUARY)
    made.deliver("2024-03", "2024-03-31", *MARCH)
    return made


def test_counts_are_true_after_each_delivery_and_as_of_each(provider: Provider) -> None:
    assert provider.counted() == RECLASSIFIED
    assert [provider.counted(Seen(batch)) for batch in (1, 2, 3)] == [AT_FIRST, ANNULLED, RECLASSIFIED]


def test_nothing_is_lost_and_no_slice_is_superseded(provider: Provider) -> None:
    with provider.connected() as connection:
        records = connection.execute("SELECT count(*), sum(count) FROM core.incident").fetchone()
        slices = connection.execute(
            "SELECT period::VARCHAR, area, valid_to FROM meta.slice_version ORDER BY slice_version"
        ).fetchall()
        replaced = connection.execute(
            "SELECT delivery_id, row_number FROM core.incident_replaced ORDER BY ALL"
        ).fetchall()
        accounts = connection.execute(
            "SELECT sum(records_made - records_loaded - records_quarantined - records_excluded) FROM meta.delivery"
        ).fetchone()
        notes = connection.execute("SELECT count(*) FROM meta.slice_note").fetchone()
    assert records == (6, 2 + 3 + 5 + 0 + 7 + 3)
    assert slices == [
        ("2024-01-01", None, None),
        ("2024-02-01", None, None),
        (None, "earlier 2024-02-01", None),
        ("2024-03-01", None, None),
        (None, "earlier 2024-03-01", None),
    ]
    assert replaced == [(1, 1), (1, 2)]
    assert accounts == (0,) and notes == (0,)


def test_the_facts_show_what_deliveries_say_and_a_person_counts_as_indicators_do(provider: Provider) -> None:
    """Annulled and replaced records are shown with their status, now and as of a batch."""

    def by_hand(facts: str, replaced: str) -> dict[tuple[str, str], int]:
        with provider.connected() as connection:
            rows = connection.execute(
                f"""SELECT strftime(occurrence_date, '%Y-%m'), iccs, sum("count")::BIGINT FROM {facts}
                ANTI JOIN {replaced} USING (source_id, delivery_id, row_number, row_part)
                WHERE record_status IS DISTINCT FROM 'annulled' GROUP BY ALL"""
            ).fetchall()
        return {(month, code): n for month, code, n in rows}

    assert by_hand("core.incident", "core.incident_replaced") == RECLASSIFIED == provider.counted()
    for batch, expected in ((1, AT_FIRST), (2, ANNULLED), (3, RECLASSIFIED)):
        found = by_hand(f"core.incident_as_of({batch})", f"core.incident_replaced_as_of({batch})")
        assert found == expected == provider.counted(Seen(batch))
    with provider.connected() as connection:
        shown = connection.execute(
            "SELECT record_status, count(*) FROM core.incident GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        (comment,) = connection.execute(
            "SELECT comment FROM duckdb_views() WHERE schema_name = 'core' AND view_name = 'incident'"
        ).fetchone() or ("",)
    assert ("annulled", 1) in shown and ("reclassified", 1) in shown
    assert "core.incident_replaced" in comment and "annulled" in comment


def test_a_corrected_file_takes_back_what_it_said(provider: Provider) -> None:
    provider.deliver("2024-02", "2024-04-10", FEBRUARY[0], "2024-01-06,3,ANULADA,A,C-2")
    # C-1 is back; of C-2 the later edition says that it is annulled, what is newer than its new class
    taken_back = {("2024-01", "0101"): 2, ("2024-02", "0101"): 5, ("2024-03", "0101"): 7}
    assert provider.counted() == taken_back
    assert provider.counted(Seen(3)) == RECLASSIFIED


def test_classified_twice(provider: Provider) -> None:
    provider.deliver(
        "2024-04", "2024-04-30", "2024-04-02,1,VIGENTE,A,C-5", "2024-01-06,4,RECLASIFICADA,A,C-2"
    )
    now = {("2024-01", "0101"): 4, ("2024-02", "0101"): 5, ("2024-03", "0101"): 7, ("2024-04", "0101"): 1}
    assert provider.counted() == now


def test_a_new_class_that_is_annulled_itself(provider: Provider) -> None:
    provider.deliver("2024-04", "2024-04-30", "2024-04-02,1,VIGENTE,A,C-5", ",,ANULADA,,C-2")
    now = {("2024-02", "0101"): 5, ("2024-03", "0101"): 7, ("2024-04", "0101"): 1}
    assert provider.counted() == now


def test_a_later_edition_of_the_period_brings_the_record_as_it_is(provider: Provider) -> None:
    provider.deliver("2024-01", "2024-12-31", "2024-01-06,3,VIGENTE,B,C-2", "2024-01-07,1,VIGENTE,A,C-9")
    # C-2 stands in the new edition with its new class: what was said of it before counts no more, and not twice
    now = {("2024-01", "0401"): 3, ("2024-01", "0101"): 1, ("2024-02", "0101"): 5, ("2024-03", "0101"): 7}
    assert provider.counted() == now


def test_an_older_edition_that_comes_late_changes_nothing_newer(tmp_path: Path) -> None:
    late = Provider(tmp_path)
    late.deliver("2024-01", "2024-12-31", *JANUARY)
    late.deliver("2024-02", "2024-02-29", *FEBRUARY)
    # the register of December still has C-1: what February said of it is older
    assert late.counted() == {("2024-01", "0101"): 5, ("2024-02", "0101"): 5}


def test_without_editions_the_order_of_arrival_counts(tmp_path: Path) -> None:
    plain = Provider(tmp_path, editions=False)
    plain.deliver("2024-01", "2024-12-31", *JANUARY)
    plain.deliver("2024-02", "2024-02-29", *FEBRUARY)
    plain.deliver("2024-03", "2024-03-31", *MARCH)
    assert plain.counted() == RECLASSIFIED


def test_a_record_and_its_annulment_in_one_file(tmp_path: Path) -> None:
    one = Provider(tmp_path)
    one.deliver("2024-01", "2024-01-31", *JANUARY, "2024-01-06,3,ANULADA,A,C-2")
    assert one.counted() == {("2024-01", "0101"): 2}


def test_what_is_said_of_a_record_that_never_came(tmp_path: Path) -> None:
    strange = Provider(tmp_path)
    strange.deliver("2024-01", "2024-01-31", *JANUARY, ",,ANULADA,,C-77", "2023-12-01,9,RECLASIFICADA,B,C-78")
    assert strange.counted() == {("2024-01", "0101"): 5, ("2023-12", "0401"): 9}
    with strange.connected() as connection:
        told = connection.execute(
            "SELECT severity, n_judged, n_broken FROM meta.rule_result WHERE rule_code = 'earlier.not_found'"
        ).fetchall()
    assert told == [("warn", 2, 2)]
