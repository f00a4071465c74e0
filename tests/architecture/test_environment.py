"""Only pipelines/settings.py reads the environment; everything else is told what it needs."""

import ast

import pytest

from tests.architecture.tree import ENVIRONMENT_PLACE, PACKAGES, parsed, python_files

OS_READERS = {"environ", "environb", "getenv", "getenvb", "get_exec_path"}
# Functions that look at HOME, USER or any variable on behalf of their caller.
INDIRECT_READERS = {
    "getpass": {"getuser"},
    "os.path": {"expandvars", "expanduser"},
    "pathlib.Path": {"home", "expanduser"},
}
METHODS = {"expanduser"}
# typer and click fill a parameter from a variable that is named so.
KEYWORDS = {"envvar", "auto_envvar_prefix"}


def environment_reads(tree: ast.AST) -> list[int]:
    """Line numbers at which a module reads the environment, directly or through a standard function."""
    lines: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            forbidden = OS_READERS if node.module == "os" else INDIRECT_READERS.get(node.module or "", set())
            if any(alias.name in forbidden for alias in node.names):
                lines.add(node.lineno)
        elif isinstance(node, ast.Attribute):
            owner = ast.unparse(node.value)
            if (
                (owner == "os" and node.attr in OS_READERS)
                or node.attr in METHODS
                or any(
                    node.attr in names and owner.split(".")[-1] == module.split(".")[-1]
                    for module, names in INDIRECT_READERS.items()
                )
            ):
                lines.add(node.lineno)
        elif isinstance(node, ast.Call) and any(keyword.arg in KEYWORDS for keyword in node.keywords):
            lines.add(node.lineno)
    return sorted(lines)


def test_only_the_settings_read_the_environment() -> None:
    files = [name for name in python_files(*PACKAGES) if name != ENVIRONMENT_PLACE]
    assert len(files) > 20
    found = {name: lines for name in files if (lines := environment_reads(parsed(name)))}
    assert found == {}


def test_the_settings_do_read_it() -> None:
    assert environment_reads(parsed(ENVIRONMENT_PLACE))


@pytest.mark.parametrize(
    "offence",
    [
        "import os\nhome = os.environ['SIPREV_HOME']",
        "import os\nhome = os.getenv('SIPREV_HOME')",
        "from os import environ",
        "from os import getenv as ask",
        "import os\ndef late():\n    return dict(os.environ)",
        "import os\nplace = os.path.expandvars('$HOME/x')",
        "from os.path import expanduser",
        "from pathlib import Path\nhome = Path.home()",
        "from pathlib import Path\nhome = Path('~/x').expanduser()",
        "import pathlib\nhome = pathlib.Path.home()",
        "import getpass\nwho = getpass.getuser()",
        "import typer\nhome = typer.Option('var', envvar='SIPREV_HOME')",
    ],
)
def test_a_read_is_found(offence: str) -> None:
    assert len(environment_reads(ast.parse(offence))) == 1


@pytest.mark.parametrize(
    "innocent", ["import os\nos.replace('a', 'b')", "settings.home", "environ = {}\nenviron['a'] = 1"]
)
def test_other_code_is_left_alone(innocent: str) -> None:
    assert environment_reads(ast.parse(innocent)) == []
