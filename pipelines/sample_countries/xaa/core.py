"""The core of XAA: areas, population, police victims, investigation files and deaths, with the indicator cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import duckdb

from pipelines.sample_countries.faults import Fault
from pipelines.sample_countries.plan import account, element, month_after
from pipelines.sample_countries.truth import Cell, DeliveryTruth, Truth
from pipelines.sample_countries.xaa import deaths, files, population, territory, victims
from pipelines.sample_countries.xaa.cells import Indicator, MissingCell, cells, denominators
from pipelines.sample_countries.xaa.victim_lists import (
    CONTEXTS,
    FAULTS,
    INTENTIONAL_HOMICIDE,
    MECHANISMS,
    RELATIONSHIPS,
    SEXES,
    ZONES,
)

YEARS = (2021, 2022, 2023)
_BY_PERSON = (
    (), ("sex",), ("age",), ("mechanism",), ("relationship",), ("context",), ("urbanisation",),
    ("sex", "age"), ("sex", "mechanism"), ("sex", "relationship"),
)  # fmt: skip


def write(connection: duckdb.DuckDBPyConnection, folder: Path, scale: int) -> Truth:
    """Write the deliveries of the core to ``folder/<source_id>/<file>``.

    Args:
        connection: On which they are planned.
        folder: Where to write; made if absent.
        scale: Multiplies the rows of police victims and deaths.

    Returns:
        What must come of the deliveries, in the order in which they arrive.
    """
    delivered = [*_areas(connection, folder), *_population(connection, folder)]
    denominators(connection)
    police, homicides, first_edition = _victims(connection, folder, scale)
    prosecution, files_cells = _files(connection, folder)
    registry, deaths_cells = _deaths(connection, folder, scale)
    return Truth(
        country=territory.COUNTRY,
        scale=scale,
        deliveries=(*delivered, *police, *prosecution, *registry),
        cells=(*homicides, *files_cells, *deaths_cells),
        cells_first_edition=tuple(first_edition),
    )


def _path(folder: Path, source_id: str, file_name: str) -> Path:
    path = folder / source_id / file_name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _areas(connection: duckdb.DuckDBPyConnection, folder: Path) -> list[DeliveryTruth]:
    population.write_areas(connection, _path(folder, population.AREA_SOURCE, population.AREA_FILE))
    good, bad = population.area_count(), len(population.AREA_FAULTS)
    return [
        _of_extra_rows(
            population.AREA_SOURCE, population.AREA_FILE, date(2020, 1, 1), good, population.AREA_FAULTS,
            rows=good + 1 + bad, totals={}, control={},
        )
    ]  # fmt: skip


def _population(connection: duckdb.DuckDBPyConnection, folder: Path) -> list[DeliveryTruth]:
    population.plan(connection)
    stated = population.write(connection, _path(folder, population.SOURCE, population.FILE))
    good = connection.execute("SELECT count(*) FROM people").fetchall()[0][0]
    bad = len(population.FAULTS)
    return [
        _of_extra_rows(
            population.SOURCE, population.FILE, date(2024, 6, 1), good, population.FAULTS,
            rows=good + 1 + bad + 1, totals={"total_row": 1}, control={"total_row": stated},
        )
    ]  # fmt: skip


def _of_extra_rows(
    source_id: str,
    file: str,
    edition: date,
    good: int,
    faults: Sequence[Fault],
    *,
    rows: int,
    totals: dict[str, int],
    control: dict[str, int],
) -> DeliveryTruth:
    """The truth of a file of good rows, one of them twice, one row for each fault, and totals."""
    rules = Counter(rule for fault in faults for rule in fault.rules)
    mapped = rows - sum(totals.values())
    return DeliveryTruth(
        source_id=source_id,
        file=file,
        edition_date=edition.isoformat(),
        period_start=None,
        period_end=None,
        rows_delivered=rows,
        rows_unreadable=0,
        rows_excluded=totals,
        rows_mapped=mapped,
        records_made=mapped,
        records_loaded=good,
        records_quarantined=len(faults),
        records_excluded={"repeated": 1},
        rules=dict(sorted(rules.items())),
        control_totals=control,
    )


def _victims(
    connection: duckdb.DuckDBPyConnection, folder: Path, scale: int
) -> tuple[list[DeliveryTruth], list[Cell], list[Cell]]:
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE homicide (edition INTEGER, year INTEGER, first_level VARCHAR, occurred DATE, "
        "n INTEGER, sex VARCHAR, age INTEGER, mechanism VARCHAR, relationship VARCHAR, context VARCHAR, "
        "urbanisation VARCHAR)"
    )
    delivered = []
    for number, edition in enumerate(victims.EDITIONS):
        victims.plan(connection, "victim_plan", edition, victims.ROWS_PER_YEAR * scale)
        victims.write(connection, "victim_plan", edition, _path(folder, victims.SOURCE, edition.file_name))
        connection.execute(f"INSERT INTO homicide {_homicides(number, edition.year)}")
        counted = account(connection, "victim_plan", FAULTS)
        period = (date(edition.year, 1, 1), month_after(edition.year, edition.last_month) - timedelta(days=1))
        delivered.append(
            DeliveryTruth.of_rows(victims.SOURCE, edition.file_name, edition.published, period, counted)
        )
    missing = frozenset(
        (territory.published(area), date(edition.year, month, 1))
        for edition in victims.EDITIONS
        for month in range(edition.last_month + 1, 13)
        for area in territory.FIRST_LEVELS
    )
    latest = "(FROM homicide QUALIFY edition = max(edition) OVER (PARTITION BY year))"
    first = "(FROM homicide WHERE year = 2022 QUALIFY edition = min(edition) OVER (PARTITION BY year))"
    indicator = "homicide_rate_police"
    return (
        delivered,
        cells(connection, Indicator(indicator, latest, _BY_PERSON, YEARS, missing)),
        cells(connection, Indicator(indicator, first, _BY_PERSON, (2022,), missing)),
    )


def _homicides(edition: int, year: int) -> str:
    """Planned victims of intentional homicide that must be loaded, with the codes that they must get."""
    first_levels = [None if code == territory.UNKNOWN else f"XAA-{code[:2]}" for code in territory.DRAWS]
    return f"""
        SELECT {edition}, {year}, {element(first_levels, "municipality")}, occurred, 1,
            {element(list(SEXES.values()), "sex")}, age,
            {element(list(MECHANISMS.values()), "mechanism")},
            {element(list(RELATIONSHIPS.values()), "relationship")},
            {element(list(CONTEXTS.values()), "context")},
            {element(list(ZONES.values()), "zone")}
        FROM victim_plan WHERE status = 'loaded' AND offence IN ({", ".join(map(str, INTENTIONAL_HOMICIDE))})"""


def _files(connection: duckdb.DuckDBPyConnection, folder: Path) -> tuple[list[DeliveryTruth], list[Cell]]:
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE investigation (first_level VARCHAR, occurred DATE, n INTEGER, offence INTEGER, "
        "mechanism VARCHAR)"
    )
    delivered = []
    missing: list[MissingCell] = []
    mechanisms = element([offence.mechanism for offence in files.OFFENCES], "offence")
    for edition in files.EDITIONS:
        files.plan(connection, "file_plan", edition)
        files.write(connection, "file_plan", edition, _path(folder, files.SOURCE, edition.file_name))
        connection.execute(
            f"INSERT INTO investigation SELECT '{territory.COUNTRY}-' || left(municipality, 2), "
            f"make_date({edition.year}, month::INTEGER, 1), n, offence, {mechanisms} "
            "FROM file_plan WHERE n IS NOT NULL AND spoilt IS NULL"
        )
        area, months = files.NOT_REPORTED.get(edition.year, ("", ()))
        missing += [(territory.published(area), date(edition.year, month, 1)) for month in months]
        delivered.append(_of_files(edition, files.account(connection, "file_plan")))
    breakdowns = {
        "homicide_files_rate": (files.HOMICIDE, ((), ("mechanism",))),
        "robbery_rate": (files.ROBBERY, ((),)),
    }
    found: list[Cell] = []
    for indicator, (offences, sets) in breakdowns.items():
        events = f"(FROM investigation WHERE n > 0 AND offence IN ({', '.join(map(str, offences))}))"
        found += cells(connection, Indicator(indicator, events, sets, YEARS, frozenset(missing)))
    return delivered, found


def _of_files(edition: files.Edition, counted: files.FilesAccount) -> DeliveryTruth:
    area, months = files.NOT_REPORTED.get(edition.year, ("", ()))
    return DeliveryTruth(
        source_id=files.SOURCE,
        file=edition.file_name,
        edition_date=edition.published.isoformat(),
        period_start=date(edition.year, 1, 1).isoformat(),
        period_end=date(edition.year, 12, 31).isoformat(),
        rows_delivered=counted.rows_delivered,
        rows_unreadable=0,
        rows_excluded={"total_row": counted.total_rows},
        rows_mapped=counted.rows_delivered - counted.total_rows,
        records_made=counted.records_made,
        records_loaded=counted.records_made - counted.not_reported - counted.repeated - counted.quarantined,
        records_quarantined=counted.quarantined,
        records_excluded={
            **({"not_reported": counted.not_reported} if counted.not_reported else {}),
            "repeated": counted.repeated,
        },
        rules=counted.rules,
        missing_cells=[(territory.published(area), f"{edition.year}-{month:02d}") for month in months],
    )


def _deaths(
    connection: duckdb.DuckDBPyConnection, folder: Path, scale: int
) -> tuple[list[DeliveryTruth], list[Cell]]:
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE assault_death (first_level VARCHAR, occurred DATE, n INTEGER, sex VARCHAR, "
        "age INTEGER)"
    )
    delivered = []
    for edition in deaths.EDITIONS:
        deaths.plan(connection, "death_plan", edition, deaths.ROWS_PER_YEAR * scale)
        deaths.write(connection, "death_plan", edition, _path(folder, deaths.SOURCE, edition.file_name))
        connection.execute(
            f"INSERT INTO assault_death SELECT {deaths.first_level('residence')}, occurred, 1, "
            f"{element(list(deaths.SEXES.values()), 'sex')}, age FROM death_plan "
            f"WHERE status = 'loaded' AND cause IN ({', '.join(map(str, deaths.HOMICIDE))})"
        )
        counted = account(connection, "death_plan", deaths.FAULTS)
        period = (date(edition.year, 1, 1), date(edition.year, 12, 31))
        delivered.append(
            DeliveryTruth.of_rows(deaths.SOURCE, edition.file_name, edition.published, period, counted)
        )
    indicator = Indicator(
        "homicide_rate_health", "assault_death", ((), ("sex",), ("age",), ("sex", "age")), YEARS, frozenset()
    )
    return delivered, cells(connection, indicator)
