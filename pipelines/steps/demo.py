"""The demonstration: the sample countries' deliveries, the whole pipeline on them, and the sample partner's export."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from exports import partner as partners
from exports.export import Exported
from pipelines import sample_countries
from pipelines.progress import Progress, Silent
from pipelines.settings import Settings
from pipelines.steps import exporting, reading
from pipelines.steps.ingest import Delivered
from pipelines.steps.run import run
from schemas import sql
from schemas.errors import Misuse, offer
from warehouse import snapshot
from warehouse.home import Home
from warehouse.reading import rows

#: The country that is shown where none is chosen: the only one whose indicators have a truth for every cell.
FIRST = "XAA"


@dataclass(frozen=True)
class Demonstration:
    """What the demonstration made and where it is."""

    delivered: list[Delivered]
    values: list[dict[str, Any]]
    by_sex_and_age: list[dict[str, Any]]
    deliveries: list[dict[str, Any]]
    snapshot: Path
    truths: list[Path]
    exports: list[Exported]


def demo(
    settings: Settings, scale: int, countries: Sequence[str] = (), progress: Progress | None = None
) -> Demonstration:
    """Write the deliveries of the sample countries into the inbox, run everything, export to the sample partner.

    Repeating it changes nothing: the deliveries are the same bytes.

    Args:
        settings: Home, actor and bounds.
        scale: Multiplies the rows of deliveries with single records.
        countries: Codes of sample countries; XAA where none is given.
        progress: Who is told what is going on.

    Raises:
        Misuse: There is no such sample country, or another process writes.
    """
    progress = progress or Silent()
    chosen = _chosen(countries)
    home = Home(settings.home)
    home.create()
    # beside where the files go; a writer that starts empties the folder for temporary data
    staging = home.path / "inbox" / ".sample"
    truths = [home.reports / sample_countries.truth_file(country) for country in chosen]
    with progress.step("sample deliveries written"):
        if staging.exists():
            shutil.rmtree(staging)
        for country in chosen:
            sample_countries.write_deliveries(staging, scale, country=country)
        _keep_apart(home, staging)
        _put_into_inbox(home, staging)
    reports = [run(settings, country=country, progress=progress) for country in chosen]
    with progress.step("export written"):
        written = exporting.export(settings, partners.load("sample"))
    with reading.current(settings) as connection:
        return Demonstration(
            [delivered for report in reports for delivered in report.delivered],
            _values(connection, chosen),
            _by_sex_and_age(connection, chosen[0]),
            _deliveries(connection, chosen),
            snapshot.require_current(home),
            truths,
            written,
        )


def _chosen(countries: Sequence[str]) -> list[str]:
    chosen = list(dict.fromkeys(country.upper() for country in countries)) or [FIRST]
    for country in chosen:
        if country not in sample_countries.COUNTRIES:
            raise Misuse(
                f"there is no sample country {country!r}",
                how=offer(country, list(sample_countries.COUNTRIES)),
                code="unknown_sample_country",
            )
    return chosen


def _keep_apart(home: Home, staging: Path) -> None:
    """Keep what is no delivery under the reports: the truths, and the database of a country that has one."""
    for path in sorted(p for p in staging.iterdir() if p.is_file()):
        path.replace(home.reports / path.name)


def _put_into_inbox(home: Home, staging: Path) -> None:
    """Move what is new; an unchanged file keeps its time, so that a run knows it."""
    for folder in sorted(p for p in staging.iterdir() if p.is_dir()):
        inbox = home.inbox(folder.name)
        inbox.mkdir(parents=True, exist_ok=True, mode=0o700)
        for path in sorted(folder.iterdir()):
            target = inbox / path.name
            if not (target.is_file() and target.read_bytes() == path.read_bytes()):
                path.replace(target)
    shutil.rmtree(staging)


def _values(connection: duckdb.DuckDBPyConnection, countries: Sequence[str]) -> list[dict[str, Any]]:
    """The headline values: every indicator for the country by year, with interval, coverage and status."""
    return rows(
        connection,
        f"""SELECT {"ref_area AS country, " if len(countries) > 1 else ""}indicator, time_period AS year,
            numerator, denominator, obs_value AS value, ci_lower, ci_upper,
            coverage, obs_status AS status, comment
        FROM indicator.value_dense WHERE ref_area IN ({sql.texts(countries)}) AND freq = 'A'
            AND COLUMNS(['sex', 'age', 'mechanism', 'relationship', 'context', 'urbanisation']) = '_T'
        ORDER BY ALL""",
    )


def _by_sex_and_age(connection: duckdb.DuckDBPyConnection, country: str) -> list[dict[str, Any]]:
    """The homicide rate of the last complete year by age, beside each other for both sexes."""
    return rows(
        connection,
        f"""WITH cell AS (
            FROM indicator.value_dense
            WHERE indicator = 'homicide_rate_police' AND ref_area = {sql.text(country)} AND freq = 'A'
                AND COLUMNS(['mechanism', 'relationship', 'context', 'urbanisation']) = '_T'
        )
        SELECT time_period AS year, age, max(obs_value) FILTER (sex = '_T') AS both_sexes,
            max(obs_value) FILTER (sex = 'F') AS female, max(obs_value) FILTER (sex = 'M') AS male,
            max(numerator) FILTER (sex = '_T') AS victims, max(denominator) FILTER (sex = '_T') AS persons
        FROM cell
        WHERE time_period = (
            SELECT max(time_period) FROM cell WHERE sex = '_T' AND age = '_T' AND obs_value IS NOT NULL)
        GROUP BY year, age
        ORDER BY year, TRY_CAST(regexp_extract(age::VARCHAR, '[0-9]+') AS INTEGER) NULLS FIRST, age""",
    )


def _deliveries(connection: duckdb.DuckDBPyConnection, countries: Sequence[str]) -> list[dict[str, Any]]:
    return rows(
        connection,
        f"""SELECT source_id AS source, file_name AS file, status, rows_delivered AS "rows",
            rows_unreadable AS unreadable, records_loaded AS loaded, records_quarantined AS quarantined,
            records_excluded + rows_excluded AS excluded
        FROM meta.delivery
        JOIN (SELECT DISTINCT source_id FROM meta.source WHERE country IN ({sql.texts(countries)})) USING (source_id)
        ORDER BY delivery_id""",
    )
