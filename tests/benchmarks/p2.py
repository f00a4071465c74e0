"""P2: the same load with pandas and pandera."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.benchmarks import figures, inputs, measure, outcome
from tests.benchmarks.figures import Figure, Options, Result
from tests.benchmarks.measure import Run
from tests.benchmarks.p1 import Disagreement

ROWS = 1_000_000
TIMES, MEMORY = 2.0, 0.5
BASELINE = Path(__file__).with_name("baseline_p2.py")


def bench(options: Options) -> Result:
    """Measure both, and hold the outcomes against each other."""
    csv, plan = inputs.police(options, options.at_most(ROWS))

    def ours(_: int) -> Run:
        home = inputs.fresh_home(options, "home-p2")
        done, _said = measure.run(measure.siprev("--home", home, "ingest", inputs.POLICE, csv), options.work)
        _require("product", outcome.differences(outcome.read("product", home), plan))
        shutil.rmtree(home)
        return done

    def baseline(_: int) -> Run:
        files = [options.work / "pandas.duckdb", options.work / "pandas-restricted.duckdb"]
        done, _said = measure.run(measure.python(BASELINE, csv, *files), options.work)
        _require("pandas and pandera", outcome.differences(outcome.read("baseline", *files), plan))
        for file in files:
            file.unlink()
        return done

    runs = measure.alternate(
        {"siprev ingest": ours, "pandas and pandera": baseline}, options.repetitions, options.say
    )
    theirs, mine = runs["pandas and pandera"], runs["siprev ingest"]
    wall, cpu = (measure.ratio(theirs, mine, what) for what in ("wall", "cpu"))
    memory = measure.ratio(mine, theirs, "peak_mb")
    faster = (wall >= TIMES, cpu >= TIMES)
    return Result(
        title="pandas and pandera doing the same work",
        figures=(
            Figure(
                f"pandas and pandera against `ingest` at {plan['delivered']:,} rows",
                f"at least {TIMES:.0f} x our time",
                figures.times(wall, cpu),
                figures.MET if all(faster) else figures.UNDECIDED if any(faster) else figures.MISSED,
            ),
            Figure(
                "our peak memory against theirs",
                f"at most {MEMORY} x",
                f"{memory:.2f} x",
                figures.MET if memory <= MEMORY else figures.MISSED,
            ),
        ),
        settings={"rows": plan["delivered"], "columns": 23},
        runs=runs,
        notes=(
            "The script is `tests/benchmarks/baseline_p2.py`. Rows per rule, rows loaded and rows in quarantine were "
            "held against the plan of the file after every run.",
        ),
    )


def _require(name: str, wrong: list[str]) -> None:
    if wrong:
        raise Disagreement(f"{name}: {'; '.join(wrong)}")
