"""P6: a run with nothing new, a run with one corrected delivery, and a question as of an earlier batch."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.benchmarks import figures, inputs, measure
from tests.benchmarks.figures import Figure, Options, Result
from tests.benchmarks.measure import ROOT, Run

#: Rows of a police file of about 700 MB, and of the files of which versions are compared.
GREAT_ROWS, VERSION_ROWS = 2_650_000, 1_000_000
SECONDS, AS_OF_LIMIT = 3.0, 1.5
#: Versions of each slice that the question as of an earlier batch has to tell apart.
VERSIONS = ("2022", "2022c")

SOURCE = """id: {id}
title: {{es: Fuente inventada, en: Made-up source, pt: Fonte inventada}}
country: XAA
record_type: incident
source_type: police
demo: true
agreement:
  {{owner: nobody, legal_basis: none needed, recipients: {{}}, retention_years: 1, licence: none, citation: none}}
delivers: {{slice: {{period: month}}, cells: none, place_basis: occurrence, date_basis: occurrence}}
layouts:
  - id: plain
    file: {{format: csv}}
    columns: {{open: [day, n]}}
    map:
      counting_unit: {{fixed: offence}}
      event_class: {{fixed: offence}}
      occurrence_date: {{parse: date, from: day, formats: ["%Y-%m-%d"]}}
      count: {{parse: integer, from: n}}
"""


def bench(options: Options) -> Result:
    """Measure all three."""
    idle, size = _nothing_new(options)
    corrected, touched = _one_corrected(options)
    as_of = _as_of(options)
    seconds = measure.median(idle, "wall")
    strayed = touched["strayed"]
    return Result(
        title="runs that have little to do, and questions to the past",
        figures=(
            Figure(
                f"`run` with nothing new, {options.sources} sources, an unchanged file of {size:,} MB in the inbox",
                f"under {SECONDS:.0f} s",
                f"{seconds:.2f} s (clock), {measure.median(idle, 'cpu'):.2f} s (CPU)",
                figures.MET if seconds < SECONDS else figures.MISSED,
            ),
            Figure(
                "`run` with one corrected delivery",
                "recomputes only the slices and indicators that it touches",
                f"{touched['slices']} slices and {touched['cells']:,} cells, of {', '.join(touched['indicators'])}"
                + (f"; also {', '.join(strayed)}" if strayed else "; nothing else"),
                figures.MISSED if strayed else figures.MET,
            ),
            Figure(
                f"a question as of an earlier batch against the current state, {as_of['rows']:,} rows in "
                f"{len(VERSIONS)} versions",
                f"at most {AS_OF_LIMIT} x",
                f"{as_of['ratio']:.2f} x",
                figures.MET if as_of["ratio"] <= AS_OF_LIMIT else figures.MISSED,
            ),
        ),
        settings={"sources": options.sources, "file_mb": size, "version_rows": as_of["rows"]},
        runs={"run with nothing new": idle, "run with one corrected delivery": corrected},
        notes=(
            "The corrected delivery is one edition of one year of the sample country's police file; counted are the "
            "slices that got a new version and the cells that were written in the batch of that run.",
            "The question counts victims by municipality, month, offence and sex; seconds are taken inside one "
            "process, in turns, and the worse of the first and the last batch is told.",
            "The share of the snapshot in an ingestion is told under P1.",
        ),
        details={"corrected": touched, "as_of": as_of},
    )


def _nothing_new(options: Options) -> tuple[list[Run], int]:
    """A home in which everything has been taken in, run again and again."""
    home, more = options.work / "home-p6", options.work / "more-sources"
    for folder in (home, more):
        shutil.rmtree(folder, ignore_errors=True)
    great, _ = inputs.police(options, options.at_most(GREAT_ROWS))
    for source in ("xaa_areas", "xaa_population", "xaa_deaths", "xaa_prosecution_files"):
        shutil.copytree(inputs.sample_country(options) / source, home / "inbox" / source)
    _deliver(home, inputs.POLICE, great)
    declared = sum(1 for _ in (ROOT / "sources").glob("*/source.yml"))
    more.mkdir()
    for number in range(max(options.sources - declared, 0)):
        name = f"bench_{number:02d}"
        (more / name).mkdir()
        (more / name / "source.yml").write_text(SOURCE.format(id=name), encoding="utf-8")
        delivery = options.work / "small.csv"
        delivery.write_text(f"day,n\n2021-01-01,{number + 1}\n2021-02-01,1\n", encoding="utf-8")
        _deliver(home, name, delivery)
    command = measure.siprev("--home", home, "--sources", more, "run")
    options.say("  taking everything in")
    measure.run(command, options.work)
    runs = measure.alternate(
        {"run with nothing new": lambda _: measure.run(command, options.work)[0]},
        options.repetitions,
        options.say,
    )
    shutil.rmtree(home)
    return runs["run with nothing new"], great.stat().st_size >> 20


def _one_corrected(options: Options) -> tuple[list[Run], dict[str, Any]]:
    """The sample country without its corrected edition, and then that edition."""
    home = options.work / "home-p6-corrected"
    shutil.rmtree(home, ignore_errors=True)
    for folder in sorted(inputs.sample_country(options).iterdir()):
        if folder.is_dir():
            shutil.copytree(folder, home / "inbox" / folder.name)
    waiting = home / "inbox" / inputs.POLICE
    corrected = sorted(waiting.glob("victimas_2022_*"))[-1]
    aside = options.work / corrected.name
    shutil.move(corrected, aside)
    command = measure.siprev("--home", home, "run", "--country", "XAA")
    measure.run(command, options.work)
    shutil.move(aside, corrected)
    done, _ = measure.run(command, options.work)
    touched = _ask("touched", home, inputs.POLICE, "2022")
    shutil.rmtree(home)
    return [done], touched


def _as_of(options: Options) -> dict[str, Any]:
    """Several versions of each slice, and the same question to the present and to the past."""
    rows = options.at_most(VERSION_ROWS)
    home = inputs.fresh_home(options, "home-p6-versions")
    for edition in VERSIONS:
        csv, _ = inputs.police(options, rows, edition=edition)
        measure.run(measure.siprev("--home", home, "ingest", inputs.POLICE, csv), options.work)
    found = _ask("as_of", home, str(2 * options.repetitions + 1))
    shutil.rmtree(home)
    return found


def _deliver(home: Path, source: str, file: Path) -> None:
    folder = home / "inbox" / source
    folder.mkdir(parents=True)
    shutil.copy2(file, folder / file.name)


def _ask(*arguments: str | Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.benchmarks.questions", *map(str, arguments)]
    done = subprocess.run(
        command, check=True, cwd=ROOT, env=measure.environment(), stdout=subprocess.PIPE, encoding="utf-8"
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found
