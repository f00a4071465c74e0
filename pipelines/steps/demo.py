"""The demonstration: deliveries of the sample country, the whole pipeline on them, and the sample partner's export."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exports import partner as partners
from exports.export import Exported
from pipelines import sample_country
from pipelines.progress import Progress, Silent
from pipelines.settings import Settings
from pipelines.steps import exporting, reading
from pipelines.steps.run import RunReport, run
from warehouse import snapshot
from warehouse.home import Home

#: Country code of the sample country, from the range that ISO 3166 leaves to users.
COUNTRY = "XAA"


@dataclass(frozen=True)
class Demonstration:
    """What the demonstration made and where it is."""

    report: RunReport
    values: list[dict[str, Any]]
    deliveries: list[dict[str, Any]]
    snapshot: Path
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
    staging = home.temporary / "sample"
    with progress.step("sample deliveries written"):
        if staging.exists():
            shutil.rmtree(staging)
        sample_country.write_deliveries(staging, scale)
        _put_into_inbox(home, staging)
    report = run(settings, country=COUNTRY, progress=progress)
    with progress.step("export written"):
        written = exporting.export(settings, partners.load("sample"))
    return Demonstration(
        report, _values(settings), _deliveries(settings), snapshot.require_current(home), written
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


def _values(settings: Settings) -> list[dict[str, Any]]:
    """The headline values: every indicator for the country by year, with interval, coverage and status."""
    with reading.current(settings) as connection:
        result = connection.execute(
            """SELECT indicator, time_period AS year, numerator, denominator, obs_value AS value, ci_lower, ci_upper,
                coverage, obs_status AS status, comment
            FROM indicator.value_dense WHERE ref_area = 'XAA' AND freq = 'A'
                AND COLUMNS(['sex', 'age', 'mechanism', 'relationship', 'context', 'urbanisation']) = '_T'
            ORDER BY ALL"""
        )
        names = [c[0] for c in result.description or []]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _deliveries(settings: Settings) -> list[dict[str, Any]]:
    with reading.current(settings) as connection:
        result = connection.execute(
            """SELECT source_id AS source, file_name AS file, status, rows_delivered AS "rows",
                rows_unreadable AS unreadable, records_loaded AS loaded, records_quarantined AS quarantined,
                records_excluded + rows_excluded AS excluded
            FROM meta.delivery WHERE source_id LIKE 'xaa%' ORDER BY delivery_id"""
        )
        names = [c[0] for c in result.description or []]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
