"""P1: ingestion of a great police file, against the fastest script by hand that does the same work."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from pipelines import settings
from tests.benchmarks import figures, inputs, measure, outcome
from tests.benchmarks.figures import Figure, Options, Result
from tests.benchmarks.measure import Run

ROWS = 5_000_000
LIMIT = 1.6
BASELINE = Path(__file__).with_name("baseline_p1.py")
_STEP = re.compile(
    r"^(?:\S+: \S+ )?(landed|read, mapped and judged|loaded|snapshot): ([\d.]+) s$", re.MULTILINE
)


class Disagreement(RuntimeError):
    """Product and baseline did not do the same work."""


def bench(options: Options) -> Result:
    """Measure, and hold the outcomes of every run against the file's plan and against each other."""
    csv, plan = inputs.police(options, options.at_most(ROWS))
    inputs.prepared_home(options)
    outcomes: dict[str, dict[str, object]] = {}
    steps: list[dict[str, float]] = []

    def ours(_: int) -> Run:
        home = inputs.fresh_home(options, "home-p1")
        done, said = measure.run(measure.siprev("--home", home, "ingest", inputs.POLICE, csv), options.work)
        _compare("product", outcome.read("product", home), plan, outcomes)
        steps.append({name: float(seconds) for name, seconds in _STEP.findall(said.stderr)})
        shutil.rmtree(home)
        return done

    def baseline(_: int) -> Run:
        files = [options.work / "baseline.duckdb", options.work / "baseline-restricted.duckdb"]
        limit = settings.read({}).memory_limit
        done, _said = measure.run(measure.python(BASELINE, csv, *files, limit), options.work)
        _compare("baseline", outcome.read("baseline", *files), plan, outcomes)
        for file in files:
            file.unlink()
        return done

    runs = measure.alternate({"siprev ingest": ours, "baseline": baseline}, options.repetitions, options.say)
    return _result(runs, plan, steps, csv)


def _compare(
    name: str, found: dict[str, object], plan: dict[str, object], outcomes: dict[str, dict[str, object]]
) -> None:
    wrong = outcome.differences(found, plan)
    if outcomes and not wrong:
        wrong = [f"{table} differs" for table in outcome.unequal(found, next(iter(outcomes.values())))]
    if wrong:
        raise Disagreement(f"{name}: {'; '.join(wrong)}")
    outcomes[name] = found


def _result(
    runs: dict[str, list[Run]], plan: dict[str, int], steps: list[dict[str, float]], csv: Path
) -> Result:
    ours, theirs = runs["siprev ingest"], runs["baseline"]
    wall, cpu = (measure.ratio(ours, theirs, what) for what in ("wall", "cpu"))
    rows = plan["delivered"]
    medians = {name: sorted(s[name] for s in steps)[len(steps) // 2] for name in steps[0]}
    share = medians["snapshot"] / measure.median(ours, "wall")
    return Result(
        title="ingestion of police rows in CSV, from the file to the snapshot",
        figures=(
            Figure(
                f"`ingest` of {rows:,} police rows against the baseline",
                f"at most {LIMIT} x",
                figures.times(wall, cpu),
                figures.at_most(wall, cpu, LIMIT),
            ),
            Figure(
                "snapshot, as a share of the ingestion",
                "under 0.1",
                f"{share:.3f}",
                figures.MET if share < 0.1 else figures.MISSED,
            ),
        ),
        settings={
            "rows": rows,
            "columns": 23,
            "file_mb": csv.stat().st_size >> 20,
            "memory_limit": settings.read({}).memory_limit,
        },
        runs=runs,
        notes=(
            "The baseline (`tests/benchmarks/baseline_p1.py`) reads the file once, judges the same rules, makes the "
            "same HMACs and writes the same records into tables with the same columns and types. It does no landing, "
            "record numbers, accounting, history or snapshot. After every run rows per rule, rows loaded and rows in "
            "quarantine were held against the plan of the file, and digests of facts, restricted columns, quarantine "
            "and its raw values against each other: all were equal.",
            "Seconds of our steps by the clock (medians): "
            + ", ".join(f"{n} {s:.1f}" for n, s in medians.items())
            + ".",
        ),
        details={"steps": steps, "rules": plan["rules"]},
    )
