"""G2 and G3: a corrected edition takes the place of an earlier one, whichever comes first, and nothing is forgotten."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.sample_countries import Truth
from pipelines.sample_countries.truth import DIMENSIONS
from pipelines.sample_countries.xaa import files as prosecution
from pipelines.sample_countries.xaa import population, victims
from tests.integration.commands import files, state
from tests.integration.commands.files import POLICE, Samples
from tests.integration.commands.home import Home, Row

Key = tuple[str, ...]

ASKED = """
    SELECT (SELECT count(*) FROM core.person_role) AS records,
        (SELECT count(*) FROM quarantine.record WHERE source_id = 'xaa_police_victims') AS quarantined,
        (SELECT count(delivery_id) FROM meta.report_status WHERE source_id = 'xaa_police_victims') AS cells,
        (SELECT min(delivery_id) FROM meta.report_status WHERE source_id = 'xaa_police_victims') AS delivery,
        (SELECT count(*) FROM core.area) AS areas,
        (SELECT numerator::BIGINT FROM indicator.value WHERE indicator = 'homicide_rate_police' AND ref_area = 'XAA'
            AND time_period = '2022'
            AND COLUMNS(['sex', 'age', 'mechanism', 'relationship', 'context']) = '_T') AS homicides
"""
TOTAL = ("homicide_rate_police", "XAA", "A", "2022", *["_T"] * len(DIMENSIONS))
FIRST_EDITION, SECOND_EDITION = victims.EDITIONS[1], victims.EDITIONS[2]
#: What each batch of ``two_editions`` did.
FIRST_LOADED, FIRST_COMPUTED, SECOND_LOADED, SECOND_COMPUTED = 3, 4, 5, 6


@pytest.fixture(scope="module")
def two_editions(
    deliveries: tuple[Path, Truth], samples: Samples, tmp_path_factory: pytest.TempPathFactory
) -> Home:
    """Both editions of the police file of 2022 in order, indicators computed after each."""
    folder, _ = deliveries
    home = Home.begun(tmp_path_factory.mktemp("editions") / "var")
    home.run("ingest", "xaa_areas", samples.areas)
    home.run("ingest", population.SOURCE, samples.population)
    for edition in (FIRST_EDITION, SECOND_EDITION):
        home.run("ingest", POLICE, folder / POLICE / edition.file_name)
        home.run("indicators", "compute")
    assert home.batches() == SECOND_COMPUTED
    return home


def _events(cells: Iterable[tuple[object, ...]]) -> dict[Key, object]:
    """Numerators of the cells of 2022 that have events; no indicator is broken down by urban and rural."""
    names = len(DIMENSIONS)
    return {
        tuple(map(str, cell[: 4 + names])): cell[4 + names]
        for cell in cells
        if cell[0] == "homicide_rate_police"
        and str(cell[3])[:4] == "2022"
        and cell[4 + names]
        and cell[3 + names] == "_T"
    }


def _stored(home: Home, *past: str) -> dict[Key, object]:
    names = ", ".join(f"{name}::VARCHAR" for name in DIMENSIONS)
    statement = (
        f"SELECT indicator, ref_area, freq, time_period, {names}, numerator::BIGINT FROM indicator.value "
        "WHERE numerator > 0"
    )
    with home.connect() as connection:
        if past:
            statement = statement.replace("indicator.value", f"indicator.value_as_of({past[0]})")
        rows = connection.execute(statement).fetchall()
    return {tuple(map(str, row[:-1])): row[-1] for row in rows}


def test_each_edition_has_its_own_cells_then_and_now(
    two_editions: Home, deliveries: tuple[Path, Truth]
) -> None:
    truth = deliveries[1]
    first, second = _events(truth.cells_first_edition), _events(truth.cells)
    assert first != second
    assert _stored(two_editions) == second
    assert _stored(two_editions, str(FIRST_COMPUTED)) == first
    assert _stored(two_editions, str(SECOND_LOADED)) == first, (
        "the second edition was loaded, not yet computed"
    )
    assert _stored(two_editions, str(FIRST_LOADED)) == {}


def _ask(home: Home, statement: str, as_of: str | int) -> list[Row]:
    done = home.run("query", statement, "--as-of", str(as_of), "--format", "json")
    rows: list[Row] = json.loads(done.stdout)
    return rows


def test_the_command_line_answers_as_of_a_batch_and_a_date(
    two_editions: Home, deliveries: tuple[Path, Truth]
) -> None:
    """Facts, quarantine, coverage, areas and values are those of then."""
    known = {d.file: d for d in deliveries[1].deliveries}
    first, second = (known[e.file_name] for e in (FIRST_EDITION, SECOND_EDITION))
    homicides = {
        name: next(c[10] for c in cells if c[:10] == TOTAL)
        for name, cells in (("then", deliveries[1].cells_first_edition), ("now", deliveries[1].cells))
    }
    assert _ask(two_editions, ASKED, FIRST_LOADED - 1) == [
        {"records": 0, "quarantined": 0, "cells": 0, "delivery": None, "areas": 25, "homicides": None}
    ]
    assert _ask(two_editions, ASKED, FIRST_COMPUTED) == [
        {
            "records": first.records_loaded,
            "quarantined": first.records_quarantined,
            "cells": 60,
            "delivery": 3,
            "areas": 25,
            "homicides": homicides["then"],
        }
    ]
    now = _ask(two_editions, ASKED, datetime.now(UTC).date().isoformat())
    assert now == [
        {
            "records": second.records_loaded,
            "quarantined": first.records_quarantined + second.records_quarantined,
            "cells": 60,
            "delivery": 4,
            "areas": 25,
            "homicides": homicides["now"],
        }
    ]
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date()
    refused = two_editions.run("query", ASKED, "--as-of", yesterday.isoformat(), status=2)
    assert f"nothing was in the warehouse as of {yesterday}" in refused.stderr


def test_nothing_was_doubled_and_everything_is_kept(
    two_editions: Home, deliveries: tuple[Path, Truth]
) -> None:
    known = {d.file: d for d in deliveries[1].deliveries}
    loaded = [known[e.file_name].records_loaded for e in (FIRST_EDITION, SECOND_EDITION)]
    assert two_editions.value("SELECT count(*) FROM core.person_role_history") == sum(loaded)
    assert two_editions.value("SELECT count(DISTINCT record_key) FROM core.person_role") == loaded[1]
    versions = two_editions.rows(
        "SELECT delivery_id, count(*) FILTER (valid_to IS NULL) AS current, count(*) AS n FROM meta.slice_version "
        "WHERE source_id = 'xaa_police_victims' GROUP BY ALL ORDER BY ALL"
    )
    assert [(row["current"], row["n"]) for row in versions] == [(0, 12), (12, 12)]


def test_ingesting_either_again_changes_nothing(
    two_editions: Home, deliveries: tuple[Path, Truth], tmp_path: Path
) -> None:
    home = two_editions.copy(tmp_path / "var")
    before = state.tables(home, besides={"meta.repetition"})
    paths = [deliveries[0] / POLICE / e.file_name for e in (SECOND_EDITION, FIRST_EDITION)]
    told = home.json("ingest", POLICE, *paths)
    assert [row["status"] for row in told] == ["repeated", "repeated"]
    home.run("indicators", "compute")
    assert state.tables(home, besides={"meta.repetition"}) == before
    assert home.value("SELECT count(*) FROM meta.repetition") == 2


def test_an_older_edition_that_arrives_late_is_history_at_once(
    home: Home, samples: Samples, tmp_path: Path
) -> None:
    table = files.read(samples.police)
    latest = files.write(tmp_path / files.police_name(files.LATEST), table[:-10])
    late = files.write(tmp_path / files.police_name(files.LATER), table[:-20])
    home.run("ingest", POLICE, latest)
    before = home.rows("FROM core.person_role ORDER BY row_number")
    told = home.json("ingest", POLICE, late)
    assert (told[0]["slices_current"], told[0]["slices_late"]) == (0, 12)
    assert home.rows("FROM core.person_role ORDER BY row_number") == before
    assert len(before) == home.value("SELECT count(*) FROM core.person_role_as_of(3)") == files.ROWS - 10
    assert home.value("SELECT count(*) FROM core.person_role_history") == 3 * files.ROWS - 30
    assert home.value("SELECT count(*) FROM meta.slice_version WHERE valid_from = valid_to") == 12


def test_a_slice_that_is_no_longer_contained_stays_and_is_reported(
    home: Home, samples: Samples, tmp_path: Path
) -> None:
    """The seed has the whole of 2022; the later file covers January to June and has nothing of July to December."""
    header, *rows = files.read(samples.police)
    half = [row for row in rows if row[1][3:5] <= "06"]
    path = files.write(tmp_path / "victimas_2022_01-06__ed2023-06-01.csv", [header, *half])
    told = home.json("ingest", POLICE, path)
    assert told[0]["slices_current"] == 6
    assert home.value("SELECT count(*) FROM core.person_role") == files.ROWS
    by_delivery = home.rows(
        "SELECT delivery_id, count(*) AS n FROM core.person_role GROUP BY ALL ORDER BY ALL"
    )
    assert [row["n"] for row in by_delivery] == [files.ROWS - len(half), len(half)]


def test_an_area_that_is_missing_from_a_later_edition_stays_and_is_reported(
    home: Home, deliveries: tuple[Path, Truth], tmp_path: Path
) -> None:
    """The prosecution delivers by month and area."""
    path = deliveries[0] / prosecution.SOURCE / prosecution.EDITIONS[0].file_name
    home.run("ingest", prosecution.SOURCE, path)
    with path.open(encoding="utf-8", newline="") as handle:
        header, *rows = csv.reader(handle)
    later = tmp_path / "carpetas_2021__ed2022-06-30.csv"
    with later.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([header, *(row for row in rows if row[1] != "05")])
    before = home.value("SELECT sum(count) FROM core.incident")
    done = home.run("ingest", prosecution.SOURCE, later)
    assert "12 slices that earlier deliveries had are not in it; they stay current" in done.stdout
    assert home.value("SELECT sum(count) FROM core.incident") == before
    notes = home.rows("SELECT DISTINCT area, note FROM meta.slice_note WHERE note = 'absent'")
    assert notes == [{"area": "XAA-05", "note": "absent"}]
