"""The layers of the design, as import-linter holds them; each contract is broken once on purpose."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.architecture.tree import PACKAGES, ROOT, copy_packages

LINT_IMPORTS = Path(sys.executable).parent / "lint-imports"


class Offence(NamedTuple):
    """One import that a contract forbids: the contract's id, where it is written, and the line."""

    contract: str
    file: str
    line: str


OFFENCES = (
    Offence("publishing-chain", "schemas/offence.py", "import warehouse"),
    Offence("publishing-chain", "warehouse/offence.py", "import indicators"),
    Offence("publishing-chain", "indicators/offence.py", "import exports"),
    Offence("publishing-chain", "exports/offence.py", "import pipelines"),
    Offence("intake-chain", "schemas/offence.py", "import sources"),
    Offence("intake-chain", "sources/offence.py", "import pipelines"),
    Offence("sources-and-warehouse", "sources/offence.py", "import warehouse"),
    Offence("sources-and-warehouse", "warehouse/offence.py", "import sources"),
    Offence("publishing-without-sources", "indicators/offence.py", "import sources"),
    Offence("publishing-without-sources", "exports/offence.py", "import sources"),
    Offence("sources-without-publishing", "sources/offence.py", "import indicators"),
    Offence("sources-without-publishing", "sources/offence.py", "import exports"),
    Offence("dagster-in-two-places", "pipelines/offence.py", "import dagster"),
    Offence("dagster-in-two-places", "warehouse/offence.py", "def late() -> None:\n    import dagster"),
)


def contracts() -> dict[str, str]:
    """Id and name of every contract in pyproject.toml."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        declared = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    return {contract["id"]: contract["name"] for contract in declared}


def judge(folder: Path) -> dict[str, bool]:
    """Run import-linter in a folder: name of the contract -> kept."""
    run = subprocess.run(
        [str(LINT_IMPORTS), "--config", "pyproject.toml", "--no-logo", "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    verdicts = re.findall(r"^(.+?) (KEPT|BROKEN)$", run.stdout, flags=re.MULTILINE)
    assert verdicts, run.stdout + run.stderr
    assert run.returncode == any(verdict == "BROKEN" for _, verdict in verdicts), run.stdout + run.stderr
    return {name: verdict == "KEPT" for name, verdict in verdicts}


def test_the_real_tree_keeps_every_contract() -> None:
    assert judge(ROOT) == dict.fromkeys(contracts().values(), True)


def test_every_contract_has_an_offence() -> None:
    assert {offence.contract for offence in OFFENCES} == set(contracts())


def test_import_linter_sees_every_package() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        pyproject = tomllib.load(file)["tool"]
    assert sorted(pyproject["importlinter"]["root_packages"]) == sorted(PACKAGES)
    assert set(PACKAGES) <= set(pyproject["mypy"]["files"])
    assert set(PACKAGES) <= set(pyproject["setuptools"]["packages"]["find"]["include"])


@pytest.mark.parametrize("offence", OFFENCES, ids=lambda offence: f"{offence.contract}-{offence.file}")
def test_a_contract_reports_the_import_that_breaks_it(offence: Offence, tmp_path: Path) -> None:
    copy_packages(tmp_path)
    (tmp_path / offence.file).write_text(f"{offence.line}\n", encoding="utf-8")
    verdicts = judge(tmp_path)
    assert verdicts[contracts()[offence.contract]] is False
