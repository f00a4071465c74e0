"""The demonstration: deliveries of the sample country, the whole pipeline on them, and the sample partner's export."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from exports import partner as partners
from exports.export import Exported
from pipelines import sample_country
from pipelines.progress import Progress, Silent
from pipelines.settings import Settings
from pipelines.steps import exporting, reading
from pipelines.steps.run import RunReport, run
from warehouse import snapshot
from warehouse.home import Home
from warehouse.reading import rows

#: Country code of the sample country, from the range that ISO 3166 leaves to users.
COUNTRY = "XAA"
#: What must come of the sample deliveries; kept under the reports, to compare with.
TRUTH = "truth.json"


@dataclass(frozen=True)
class Demonstration:
    """What the demonstration made and where it is."""

    report: RunReport
    values: list[dict[str, Any]]
    by_sex_and_age: list[dict[str, Any]]
    deliveries: list[dict[str, Any]]
    snapshot: Path
    truth: Path
    exports: list[Exported]


def demo(settings: Settings, scale: int, progress: Progress | None = None) -> Demonstration:
    """Write the sample deliveries into the inbox, run everything, export to the sample partner.

    Repeating it changes nothing: the deliveries are the same bytes.

    Raises:
        Misuse: Another process writes.
    """
    progress = progress or Silent()
    home = Home(settings.home)
    home.create()
    # beside where the files go; a writer that starts empties the folder for temporary data
    staging = home.path / "inbox" / ".sample"
    with progress.step("sample deliveries written"):
        if staging.exists():
            shutil.rmtree(staging)
        sample_country.write_deliveries(staging, scale)
        (staging / TRUTH).replace(home.reports / TRUTH)
        _put_into_inbox(home, staging)
    report = run(settings, country=COUNTRY, progress=progress)
    with progress.step("export written"):
        written = exporting.export(settings, partners.load("sample"))
    with reading.current(settings) as connection:
        return Demonstration(
            report,
            _values(connection),
            _by_sex_and_age(connection),
            _deliveries(connection),
            snapshot.require_current(home),
            home.reports / TRUTH,
            written,
        )


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


def _values(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The headline values: every indicator for the country by year, with interval, coverage and status."""
    return rows(
        connection,
        """SELECT indicator, time_period AS year, numerator, denominator, obs_value AS value, ci_lower, ci_upper,
            coverage, obs_status AS status, comment
        FROM indicator.value_dense WHERE ref_area = 'XAA' AND freq = 'A'
            AND COLUMNS(['sex', 'age', 'mechanism', 'relationship', 'context', 'urbanisation']) = '_T'
        ORDER BY ALL""",
    )


def _by_sex_and_age(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The homicide rate of the last complete year by age, beside each other for both sexes."""
    return rows(
        connection,
        """WITH cell AS (
            FROM indicator.value_dense WHERE indicator = 'homicide_rate_police' AND ref_area = 'XAA' AND freq = 'A'
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


def _deliveries(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    return rows(
        connection,
        """SELECT source_id AS source, file_name AS file, status, rows_delivered AS "rows",
            rows_unreadable AS unreadable, records_loaded AS loaded, records_quarantined AS quarantined,
            records_excluded + rows_excluded AS excluded
        FROM meta.delivery WHERE source_id LIKE 'xaa%' ORDER BY delivery_id""",
    )
