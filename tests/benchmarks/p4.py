"""P4: peak memory of an ingestion does not grow with the file."""

from __future__ import annotations

import functools
import shutil

from tests.benchmarks import figures, inputs, measure
from tests.benchmarks.figures import Figure, Options, Result
from tests.benchmarks.measure import Run

ROWS = 5_000_000
GROWTH = 4
LIMIT_MB, LIMIT = 2048, 1.25


def bench(options: Options) -> Result:
    """Measure a file and one four times as long."""
    rows = options.at_most(ROWS)

    def once(length: int, _repetition: int) -> Run:
        csv, _plan = inputs.police(options, length)
        home = inputs.fresh_home(options, "home-p4")
        done, _said = measure.run(measure.siprev("--home", home, "ingest", inputs.POLICE, csv), options.work)
        shutil.rmtree(home)
        return done

    names = {f"{length:,} rows": length for length in (rows, GROWTH * rows)}
    runs = measure.alternate(
        {name: functools.partial(once, length) for name, length in names.items()},
        min(options.repetitions, 2),
        options.say,
    )
    short, long = (measure.median(runs[name], "peak_mb") for name in names)
    return Result(
        title="peak memory",
        figures=(
            Figure(
                f"peak memory at {GROWTH * rows:,} rows",
                "under 2 GB",
                f"{long:,.0f} MB",
                figures.MET if long < LIMIT_MB else figures.MISSED,
            ),
            Figure(
                f"against that at {rows:,} rows",
                f"at most {LIMIT} x",
                f"{long / short:.2f} x",
                figures.MET if long / short <= LIMIT else figures.MISSED,
            ),
        ),
        settings={"rows": rows},
        runs=runs,
    )
