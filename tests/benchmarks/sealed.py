"""P1 with its landed bytes sealed, beside P1 with open ones: the same delivery with a master key and without."""

from __future__ import annotations

import shutil
from pathlib import Path

from sources.kit import keyring
from tests.benchmarks import figures, inputs, measure, outcome
from tests.benchmarks.figures import Figure, Options, Result
from tests.benchmarks.measure import Failed, Run

ROWS = 1_000_000
LIMIT = 1.1


def bench(options: Options) -> Result:
    """Measure both, and make sure that one landing is sealed and the other is not."""
    csv, plan = inputs.police(options, options.at_most(ROWS))
    keys = options.work / "master.keys"
    if not keys.exists():
        keyring.add_new(keys)

    def once(name: str) -> Run:
        home = inputs.fresh_home(options, "home-sealed")
        extra = {"SIPREV_KEY_FILE": str(keys)} if name == "sealed" else {}
        command = measure.siprev("--home", home, "ingest", inputs.POLICE, csv)
        done, _ = measure.run(command, options.work, extra=extra)
        _require(home, name, outcome.differences(outcome.read("product", home), plan))
        shutil.rmtree(home)
        return done

    runs = measure.alternate(
        {name: lambda _, name=name: once(name) for name in ("sealed", "open")},  # type: ignore[misc]
        options.repetitions,
        options.say,
    )
    wall, cpu = (measure.ratio(runs["sealed"], runs["open"], what) for what in ("wall", "cpu"))
    return Result(
        title="landing sealed and open",
        figures=(
            Figure(
                f"`ingest` of {plan['delivered']:,} rows with its landed bytes sealed, against open ones",
                f"at most {LIMIT} x",
                figures.times(wall, cpu),
                figures.at_most(wall, cpu, LIMIT),
            ),
        ),
        settings={"rows": plan["delivered"], "file_mb": csv.stat().st_size >> 20},
        runs=runs,
        notes=(
            "Sealed by AES-256-GCM while it lands; DuckDB reads the delivered file itself, so that nothing plain is "
            "written. Without a key the landed copy is read.",
        ),
    )


def _require(home: Path, name: str, wrong: list[str]) -> None:
    sealed = bool(list((home / "landing" / inputs.POLICE).glob("*.key")))
    if wrong or sealed != (name == "sealed"):
        raise Failed(f"{name}: {'; '.join(wrong) or 'the landing is not as it should be'}")
