"""P5: a file whose every row is bad, beside one whose every row is good."""

from __future__ import annotations

import shutil

from tests.benchmarks import figures, inputs, measure, outcome
from tests.benchmarks.figures import Figure, Options, Result
from tests.benchmarks.measure import Run

ROWS = 1_000_000
LIMIT = 3.0


def bench(options: Options) -> Result:
    """Measure both, and hold the report of the bad file against its plan."""
    rows = options.at_most(ROWS)
    files = {planting: inputs.police(options, rows, planting) for planting in ("none", "all")}
    wrong: list[str] = []

    def once(planting: str, status: int) -> Run:
        csv, plan = files[planting]
        home = inputs.fresh_home(options, "home-p5")
        command = measure.siprev("--home", home, "ingest", inputs.POLICE, csv)
        done, _ = measure.run(command, options.work, statuses=(status,))
        wrong.extend(outcome.differences(outcome.read("product", home), plan))
        shutil.rmtree(home)
        return done

    runs = measure.alternate(
        {"all rows bad": lambda _: once("all", 1), "all rows good": lambda _: once("none", 0)},
        options.repetitions,
        options.say,
    )
    wall, cpu = (measure.ratio(runs["all rows bad"], runs["all rows good"], what) for what in ("wall", "cpu"))
    listed = sum(files["all"][1]["rules"].values())
    return Result(
        title="all rows bad",
        figures=(
            Figure(
                f"`ingest` of {rows:,} bad rows against as many good ones",
                f"at most {LIMIT:.0f} x",
                figures.times(wall, cpu),
                figures.at_most(wall, cpu, LIMIT),
            ),
            Figure(
                "report of the bad file",
                "every broken rule of every row",
                f"{listed:,} broken rules listed as planned" if not wrong else "; ".join(sorted(set(wrong))),
                figures.MISSED if wrong else figures.MET,
            ),
        ),
        settings={"rows": rows},
        runs=runs,
    )
