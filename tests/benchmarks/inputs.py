"""The files that are measured with, each made by a process of its own and kept for the next benchmark of this run."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.benchmarks import measure
from tests.benchmarks.figures import Options
from tests.benchmarks.measure import ROOT

POLICE = "xaa_police_victims"


def police(
    options: Options, rows: int, planting: str = "planted", edition: str = "2022"
) -> tuple[Path, dict[str, Any]]:
    """A police file of the sample country, and what must become of its rows.

    Args:
        options: Where it is made.
        rows: Its length.
        planting: ``planted``: a few bad rows of every kind; ``none``: all good; ``all``: all bad.
        edition: ``2022``, or ``2022c`` for the corrected edition of the same year.
    """
    folder = options.work / f"police-{rows}-{planting}-{edition}"
    plan = folder / "plan.json"
    if not plan.exists():
        options.say(f"  making a police file of {rows:,} rows ({planting})")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        _make("police", folder, str(rows), planting, edition)
    return next(folder.glob("*.csv")), json.loads(plan.read_text(encoding="utf-8"))


def sample_country(options: Options) -> Path:
    """All deliveries of the sample country at its usual size."""
    folder = options.work / "country"
    if not folder.exists():
        _make("country", folder)
    return folder


def prepared_home(options: Options) -> Path:
    """A home in which nothing but the sample country's areas is loaded."""
    home = options.work / "home-with-areas"
    if not home.exists():
        files = sorted((sample_country(options) / "xaa_areas").iterdir())
        measure.run(measure.siprev("--home", home, "ingest", "xaa_areas", *files), options.work)
    return home


def fresh_home(options: Options, name: str) -> Path:
    """A copy of the prepared home."""
    home = options.work / name
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(prepared_home(options), home)
    return home


def _make(*arguments: str | Path) -> None:
    command = [sys.executable, "-m", "tests.benchmarks.inputs", *map(str, arguments)]
    subprocess.run(command, check=True, cwd=ROOT, env=measure.environment())


def _write_police(folder: Path, rows: str, planting: str, edition: str) -> None:
    from pipelines.sample_countries.faults import Planting
    from pipelines.sample_countries.xaa import victims

    chosen = next(
        e for e in victims.EDITIONS if e.year == int(edition[:4]) and e.corrected == edition.endswith("c")
    )
    kinds: dict[str, Planting] = {"planted": "planted", "none": "none", "all": "all"}
    account = victims.write_file(
        folder / chosen.file_name, int(rows), planting=kinds[planting], edition=chosen
    )
    (folder / "plan.json").write_text(json.dumps(asdict(account)), encoding="utf-8")


def _write_country(folder: Path) -> None:
    from pipelines import sample_countries

    sample_countries.write_deliveries(folder, further=False)


if __name__ == "__main__":
    what, where, *rest = sys.argv[1:]
    if what == "police":
        _write_police(Path(where), *rest)
    else:
        _write_country(Path(where))
