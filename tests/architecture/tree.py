"""What the architecture tests look at: the files of the project, and what a Python file says."""

import ast
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("pipelines", "exports", "indicators", "warehouse", "schemas", "sources")
ORCHESTRATOR_PLACES = ("pipelines/definitions.py", "pipelines/orchestration/")
ENVIRONMENT_PLACE = "pipelines/settings.py"
LEFT_OUT = {".git", ".venv", ".hypothesis", "var", "dist", "build", "__pycache__"}


@cache
def project_files() -> tuple[str, ...]:
    """Every file that is or would be committed, relative to the root, sorted.

    Asks git, and walks the folder where the project was unpacked without its history.
    """
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    inside = subprocess.run(
        ["git", "rev-parse", "--show-toplevel"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode == 0 and Path(inside.stdout.strip()).resolve() == ROOT:
        names = [name for name in listed.stdout.decode().split("\0") if name]
    else:
        names = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if path.is_file()]
        names = [name for name in names if not any(_left_out(part) for part in Path(name).parts)]
    return tuple(sorted(name for name in names if (ROOT / name).is_file()))


def _left_out(part: str) -> bool:
    return part in LEFT_OUT or part.endswith((".egg-info", "_cache"))


def python_files(*tops: str) -> tuple[str, ...]:
    """The Python files of the project, or of some of its top folders."""
    files = [name for name in project_files() if name.endswith(".py")]
    return tuple(name for name in files if not tops or name.split("/")[0] in tops)


def texts() -> Iterator[tuple[str, str]]:
    """Name and text of every file that is text."""
    for name in project_files():
        try:
            yield name, (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def module_name(file: str) -> str:
    """pipelines/steps/load.py -> pipelines.steps.load; a package's __init__.py -> the package."""
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def parsed(file: str) -> ast.Module:
    """The syntax tree of one Python file."""
    return ast.parse((ROOT / file).read_text(encoding="utf-8"), filename=file)


def copy_packages(target: Path) -> None:
    """Copy pyproject.toml and the Python files of the packages, for a test that breaks a rule on purpose."""
    shutil.copy(ROOT / "pyproject.toml", target)
    for name in python_files(*PACKAGES):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target / name)
