"""``python -m tests.benchmarks``: measure, and write ``docs/benchmarks.json`` and ``docs/benchmarks.md``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.benchmarks import p1, p2, p4, p5, p6, peers, report, sealed, startup
from tests.benchmarks.figures import Options, Result
from tests.benchmarks.measure import ROOT, Failed

#: In the order of the page. A long one runs only when it is named.
BENCHMARKS: dict[str, Callable[[Options], Result | None]] = {
    "p1": p1.bench,
    "sealed": sealed.bench,
    "startup": startup.bench,
    "p2": p2.bench,
    "p4": p4.bench,
    "p5": p5.bench,
    "p6": p6.bench,
    "peers": peers.bench,
}
LONG = ("p4",)
SOURCES = 50


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument(
        "--only", nargs="+", choices=tuple(BENCHMARKS), help="these; all but the long ones without it"
    )
    parser.add_argument(
        "--rows", type=int, default=p1.ROWS, help="rows of the great delivery; smaller ones shrink with it"
    )
    parser.add_argument(
        "--sources", type=int, default=SOURCES, help="declared sources for the run with nothing new"
    )
    parser.add_argument("--quick", action="store_true", help="two runs of each instead of five")
    parser.add_argument(
        "--work", type=Path, help="folder for files and homes, kept; a temporary one without it"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "docs", help="where the results are written")
    return parser.parse_args(given)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main(given: Sequence[str] | None = None) -> int:
    """Run the chosen benchmarks; 1 if one of them failed (a missed figure is no failure)."""
    arguments = _arguments(given)
    chosen = arguments.only or [name for name in BENCHMARKS if name not in LONG]
    failed = []
    with tempfile.TemporaryDirectory(prefix="siprev-benchmarks-") as temporary:
        work = (arguments.work or Path(temporary)).resolve()
        work.mkdir(parents=True, exist_ok=True)
        options = Options(work, arguments.rows, 2 if arguments.quick else 5, arguments.sources, _say)
        for name in chosen:
            _say(f"{name}:")
            try:
                result = BENCHMARKS[name](options)
            except (Failed, p1.Disagreement) as failure:
                _say(f"  failed: {failure}")
                failed.append(name)
                continue
            if result is None:
                continue
            # after each, so that what was measured is kept whatever becomes of the next
            report.write(arguments.out, {name: report.entry(result, arguments.quick)}, BENCHMARKS)
            for figure in result.figures:
                _say(f"  {figure.what}: {figure.measured} (target {figure.target}) {figure.verdict}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
