"""Dagster is one way to run the pipeline: without it, everything but its two places still works."""

import ast
import subprocess
import sys

import pytest

from tests.architecture.tree import (
    ORCHESTRATOR_PLACES,
    PACKAGES,
    ROOT,
    module_name,
    parsed,
    python_files,
)

# The slow packages of the stack: whoever asks for help or loads a delivery must not wait for them.
HEAVY = (
    "pandera",
    "pandas",
    "polars",
    "scipy",
    "numpy",
    "pyarrow",
    "great_expectations",
    "dagster",
    "sqlalchemy",
    "requests",
)

IMPORT_ALL = """
import importlib, sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0].startswith("dagster"):
            raise ModuleNotFoundError(f"No module named {name!r} (taken away by the test)", name=name)

sys.meta_path.insert(0, Absent())
for name in sys.argv[1:]:
    importlib.import_module(name)
    print(name)
"""

LOADED_BY_THE_COMMAND_LINE = "import sys, pipelines.cli; print(*sorted(sys.modules), sep='\\n')"


def core_modules() -> list[str]:
    """Every module outside the two places where Dagster may be."""
    files = [name for name in python_files(*PACKAGES) if not name.startswith(ORCHESTRATOR_PLACES)]
    return [module_name(name) for name in files]


def dagster_imports(tree: ast.AST) -> list[int]:
    """Line numbers of imports of dagster or of a package of its family, wherever they stand."""
    lines: list[int] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            continue
        if any(name.split(".")[0].startswith("dagster") for name in names):
            lines.append(node.lineno)
    return lines


def run_python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run code in a fresh interpreter at the root of the project."""
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_every_core_module_imports_with_dagster_absent() -> None:
    modules = core_modules()
    assert len(modules) > 20
    run = run_python(IMPORT_ALL, *modules)
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == modules


@pytest.mark.parametrize("name", ["dagster", "dagster_webserver", "pipelines.definitions"])
def test_dagster_is_really_taken_away(name: str) -> None:
    run = run_python(IMPORT_ALL, name)
    assert run.returncode != 0
    assert "taken away by the test" in run.stderr


def test_no_other_module_names_dagster_in_an_import() -> None:
    files = [name for name in python_files(*PACKAGES) if not name.startswith(ORCHESTRATOR_PLACES)]
    assert {name: lines for name in files if (lines := dagster_imports(parsed(name)))} == {}
    places = [name for name in python_files(*PACKAGES) if name.startswith(ORCHESTRATOR_PLACES)]
    assert any(dagster_imports(parsed(name)) for name in places)


@pytest.mark.parametrize(
    "offence",
    [
        "import dagster",
        "import dagster as dg",
        "from dagster import asset",
        "import dagster_graphql.client",
        "def late():\n    from dagster_webserver import cli",
    ],
)
def test_an_import_of_dagster_is_found(offence: str) -> None:
    assert len(dagster_imports(ast.parse(offence))) == 1


def test_the_command_line_starts_without_the_slow_packages() -> None:
    run = run_python(LOADED_BY_THE_COMMAND_LINE)
    assert run.returncode == 0, run.stderr
    loaded = set(run.stdout.split())
    assert "pipelines.cli" in loaded
    assert sorted(loaded.intersection(HEAVY)) == []
