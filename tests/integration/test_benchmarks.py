"""The benchmarks with tiny files: product and baselines do the same work, and the results are written."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks import measure, outcome, report
from tests.benchmarks.figures import MET, MISSED, UNDECIDED, at_most

ROWS = 6_000


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the benchmarks wrote, and their own words."""
    folder = tmp_path_factory.mktemp("benchmarks")
    arguments = ["--only", "p1", "sealed", "startup", "p2", "p5", "--rows", str(ROWS), "--quick"]
    command = [sys.executable, "-m", "tests.benchmarks", *arguments, "--out", str(folder / "out")]
    done = subprocess.run(
        [*command, "--work", str(folder / "work")],
        cwd=measure.ROOT,
        env=measure.environment(),
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads((folder / "out" / report.JSON_FILE).read_text(encoding="utf-8"))
    return {
        "json": found,
        "page": (folder / "out" / report.TEXT_FILE).read_text(encoding="utf-8"),
        "work": folder,
    }


def test_each_benchmark_has_its_figures_and_every_run(results: dict[str, Any]) -> None:
    assert list(results["json"]) == ["p1", "sealed", "startup", "p2", "p5"]
    assert {len(runs) for runs in results["json"]["p1"]["runs"].values()} == {2}
    for entry in results["json"].values():
        assert {f["verdict"] for f in entry["figures"]} <= {MET, MISSED, UNDECIDED}
        assert entry["machine"]["cpus"] and entry["quick"]
        for runs in entry["runs"].values():
            assert all(run["wall"] > 0 and run["cpu"] > 0 and run["peak_mb"] > 0 for run in runs)


def test_product_and_baseline_agree_with_the_plan_and_with_each_other(results: dict[str, Any]) -> None:
    # the benchmark itself compares counts and digests after every run, and fails where they differ
    p1 = results["json"]["p1"]
    assert p1["settings"]["rows"] == ROWS
    assert sum(p1["details"]["rules"].values()) > 50
    assert "all were equal" in " ".join(p1["notes"])
    assert [f["verdict"] for f in results["json"]["p5"]["figures"]][1] == MET


def test_the_page_has_a_line_for_each_figure_and_no_path(results: dict[str, Any]) -> None:
    lines = [line for line in results["page"].splitlines() if line.startswith("| P1 |")]
    assert len(lines) == 2
    assert "6,000 police rows" in lines[0]
    for text in (results["page"], json.dumps(results["json"])):
        assert str(results["work"]) not in text
        assert str(measure.ROOT) not in text


def test_what_was_measured_before_is_kept(tmp_path: Path, results: dict[str, Any]) -> None:
    known = {"p1": None, "startup": None, "p2": None, "p5": None}
    report.write(tmp_path, results["json"], known)
    fresh = {"startup": {**results["json"]["startup"], "title": "another"}}
    report.write(tmp_path, fresh, known)
    kept = json.loads((tmp_path / report.JSON_FILE).read_text(encoding="utf-8"))
    assert (kept["startup"]["title"], kept["p1"]) == ("another", results["json"]["p1"])


def test_other_work_is_noticed() -> None:
    plan = {"loaded": 9, "quarantined": 1, "rules": {"key.missing": 1}}
    found = {"loaded": 8, "quarantined": 2, "rules": {"key.missing": 1, "sex.unknown_code": 1}}
    assert outcome.differences(plan, plan) == []
    assert outcome.differences(found, plan) == [
        "loaded: 8, planned 9",
        "quarantined: 2, planned 1",
        "sex.unknown_code: 1, planned 0",
    ]
    assert outcome.unequal({"digests": {"facts": "a"}}, {"digests": {"facts": "b"}}) == ["facts"]


def test_a_process_that_fails_is_no_measurement(tmp_path: Path) -> None:
    with pytest.raises(measure.Failed, match="exit status 3"):
        measure.run(measure.python("-c", "raise SystemExit(3)"), tmp_path)
    done, said = measure.run(measure.python("-c", "print('x' * 3)"), tmp_path)
    assert said.stdout == "xxx\n"
    assert 0 < done.cpu <= done.wall * 2 + 0.1


def test_a_limit_that_clock_and_processor_see_differently_is_undecided() -> None:
    assert (at_most(1.5, 1.6, 1.6), at_most(1.7, 1.7, 1.6), at_most(1.7, 1.5, 1.6)) == (
        MET,
        MISSED,
        UNDECIDED,
    )
