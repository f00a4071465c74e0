"""The product beside the ways that a user would pick instead, as ``../shared/peers`` measures them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.benchmarks import figures, measure
from tests.benchmarks.figures import Figure, Options, Result
from tests.benchmarks.measure import ROOT, Failed

FOLDER = ROOT.parent / "shared" / "peers"
ADAPTER = Path(__file__).with_name("peers_adapter.py")
RUNNER = Path(__file__).with_name("peers_run.py")
ROWS = 5_000_000
#: Those whose packages are in this project's environment.
CONTENDERS = ("duckdb", "pandas", "polars")
LIMIT = "duckdb"


def bench(options: Options) -> Result | None:
    """Run them in turns; nothing is written into their folder."""
    if not (FOLDER / "run.py").exists():
        options.say("  not measured: there is no folder ../shared/peers beside the project")
        return None
    rows = options.at_most(ROWS)
    out = options.work / "peers.json"
    out.unlink(missing_ok=True)
    command = measure.python(
        RUNNER,
        FOLDER,
        *("-n", str(rows), "--repetitions", str(min(options.repetitions, 3))),
        *("--only", *CONTENDERS, "product", "--add", f"product={ADAPTER}", "--out", out),
    )
    environment = measure.environment() | {"PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(options.work)}
    # 1: an outcome differs, which is told below
    if (status := subprocess.run(command, cwd=options.work, env=environment).returncode) not in (0, 1):
        raise Failed(f"peers: exit status {status}")
    (case,) = json.loads(out.read_text(encoding="utf-8")).values()
    return _result(case, rows)


def _result(case: dict[str, Any], rows: int) -> Result:
    lines = {line["contender"]: line for line in case["summary"]}
    ours = lines["product"]
    ahead = {
        name: (ours["wall"] < line["wall"], ours["cpu"] < line["cpu"])
        for name, line in lines.items()
        if name not in ("product", LIMIT)
    }
    everywhere = [all(pair) for pair in ahead.values()]
    nowhere = [not any(pair) for pair in ahead.values()]
    ingest = min(run["phases"].get("ingest", 0.0) for run in case["runs"] if run["contender"] == "product")
    return Result(
        title="beside what a user would pick instead",
        figures=(
            Figure(
                f"the load of `../shared/peers` at {rows:,} rows",
                "ahead of all but the one by hand",
                "; ".join(f"{n}: {line['wall']:.1f} s, {line['cpu']:.1f} CPU s" for n, line in lines.items()),
                figures.MET if all(everywhere) else figures.MISSED if any(nowhere) else figures.UNDECIDED,
            ),
        ),
        settings={"rows": rows, "repetitions": len(ours["wall_all"])},
        notes=(
            "Lowest of the repetitions, as that folder shows them. `product` is the real ingestion with all that it "
            f"does besides (landing, history, accounting, snapshot; {ingest:.1f} s of its time), after which "
            "`tests/benchmarks/peers_adapter.py` makes the tables of that folder from ours.",
            f"Our outcome {ours['outcome']}. The adapter says what does not fit.",
        ),
        details={"summary": case["summary"], "versions": case["versions"]},
    )
