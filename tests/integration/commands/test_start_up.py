"""Nothing heavy is imported before it is needed: help, and an ingestion, must not pay for what others use."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.commands import files
from tests.integration.commands.files import POLICE, Samples
from tests.integration.commands.home import Home, environment

HEAVY = (
    "duckdb",
    "pyarrow",
    "pandas",
    "polars",
    "pandera",
    "numpy",
    "scipy",
    "dagster",
    "great_expectations",
)
#: Runs a command and tells on standard error which of the heavy packages it has imported.
TELLING = """
import sys
from pipelines.cli import main

sys.argv = ["siprev", *sys.argv[2:]]
try:
    main()
except SystemExit as leaving:
    print("status", leaving.code, file=sys.stderr)
print("imported:", *sorted({name.partition(".")[0] for name in sys.modules} & set(HEAVY)), file=sys.stderr)
"""


def imported(*words: str | Path) -> set[str]:
    """The heavy packages that a command imports."""
    done = subprocess.run(
        [sys.executable, "-c", TELLING.replace("HEAVY", repr(HEAVY)), "siprev", *map(str, words)],
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert "status 0" in done.stderr, done.stderr
    return set(done.stderr.rpartition("imported:")[2].split())


@pytest.mark.parametrize(
    "words", [["--help"], ["ingest", "--help"], ["indicators", "explain", "--help"]], ids=" ".join
)
def test_help_imports_nothing_heavy(words: list[str]) -> None:
    assert imported(*words) == set()


def test_listing_sources_imports_the_database_at_most() -> None:
    assert imported("source", "list") <= {"duckdb"}


def test_an_ingestion_imports_the_database_alone(home: Home, samples: Samples, tmp_path: Path) -> None:
    path = files.write(tmp_path / files.police_name(files.LATER), files.read(samples.police)[:-10])
    assert imported("--home", home.path, "ingest", POLICE, path) == {"duckdb"}


def test_a_file_with_unreadable_rows_imports_the_database_alone(
    home: Home, samples: Samples, tmp_path: Path
) -> None:
    header, *rows = files.read(samples.police)
    rows[7].append("one field more")
    path = files.write(tmp_path / files.police_name(files.LATER), [header, *rows])
    assert imported("--home", home.path, "ingest", POLICE, path) == {"duckdb"}


def test_a_run_with_nothing_new_imports_the_database_alone(home: Home) -> None:
    assert imported("--home", home.path, "run") == {"duckdb"}


def test_a_query_imports_what_its_answer_needs(demo: Home) -> None:
    assert imported("--home", demo.path, "query", "SELECT 1") <= {"duckdb", "pyarrow", "numpy"}
