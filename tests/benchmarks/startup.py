"""Start-up: the time of ``siprev --help`` beside that of an empty Python."""

from __future__ import annotations

from tests.benchmarks import figures, measure
from tests.benchmarks.figures import Figure, Options, Result
from tests.benchmarks.measure import Run

LIMIT = 25.0


def bench(options: Options) -> Result:
    """Measure both in turns, after one run that compiles what is imported."""
    measure.run(measure.siprev("--help"), options.work)

    def ours(_: int) -> Run:
        return measure.run(measure.siprev("--help"), options.work)[0]

    def empty(_: int) -> Run:
        return measure.run(measure.python("-c", "pass"), options.work)[0]

    runs = measure.alternate(
        {"siprev --help": ours, "python -c pass": empty}, 2 * options.repetitions + 1, options.say
    )
    wall, cpu = (
        measure.ratio(runs["siprev --help"], runs["python -c pass"], what) for what in ("wall", "cpu")
    )
    return Result(
        title="start-up",
        figures=(
            Figure(
                "`siprev --help` against `python -c pass`",
                f"at most {LIMIT:.0f} x",
                figures.times(wall, cpu),
                figures.at_most(wall, cpu, LIMIT),
            ),
        ),
        settings={"repetitions": 2 * options.repetitions + 1},
        runs=runs,
    )
