"""Rules on the text of the tree: sizes, names, unfinished work, and what must not be named in a file.

The words that are looked for are written so that this file does not hold them itself: with one character in
brackets in a pattern, with a tilde in an example.
"""

import ast
import re
from pathlib import PurePosixPath

import pytest

from tests.architecture.tree import PACKAGES, parsed, project_files, python_files, texts

MOST_LINES = 400
MOST_FUNCTION_LINES = 70
EMPTY_NAMES = {"util", "utils", "helper", "helpers", "misc", "common"}
CODE_ENDINGS = (".py", ".sql", ".yml", ".sh", ".toml")

UNFINISHED = re.compile(r"\b([T]ODO|[F]IXME|[X]XX|[H]ACK)\b|raise [N]otImplementedError")
HOSTS = re.compile(
    r"pypi[.]org|pythonhosted[.]org|registry[.](npmjs|yarnpkg)|(deb|security)[.]debian|proxy[.]golang"
    r"|crates[.]io|repo[.]maven|conda[.]anaconda"
)
MACHINE_PATHS = re.compile(
    r"[/]work/(main|shared|steering|[.]library)|[/]farm/|[/]opt/pypi|[/]tmp/(bash_jobs|design|px)\b"
    r"|[.]{2}/shared/hooks|[/]root/"
)
ASSERTING_CALL = re.compile(r"raises|warns|assert|check|expect")


def long_functions(tree: ast.AST) -> list[str]:
    """Names of the functions that have more lines than a reader can hold."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [
        node.name
        for node in functions
        if (node.end_lineno or node.lineno) - node.lineno + 1 > MOST_FUNCTION_LINES
    ]


def swallowed_errors(tree: ast.AST) -> list[int]:
    """Lines of handlers that catch everything and do nothing."""
    handlers = [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)]
    return [
        node.lineno
        for node in handlers
        if (node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"})
        and all(isinstance(statement, ast.Pass | ast.Continue) for statement in node.body)
    ]


def unasserting_tests(tree: ast.AST) -> list[str]:
    """Names of the tests that would pass whatever the code did."""
    found: list[str] = []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.FunctionDef) and node.name.startswith("test_")):
            continue
        calls = [ast.unparse(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)]
        asserts = any(isinstance(inner, ast.Assert) for inner in ast.walk(node))
        if not asserts and not any(ASSERTING_CALL.search(call.split(".")[-1]) for call in calls):
            found.append(node.name)
    return found


def test_no_python_file_is_too_long() -> None:
    lengths = {name: text.count("\n") for name, text in texts() if name.endswith(".py")}
    assert len(lengths) > 50
    assert {name: n for name, n in lengths.items() if n > MOST_LINES} == {}


def test_no_function_is_too_long() -> None:
    files = python_files(*PACKAGES)
    assert files
    assert {name: found for name in files if (found := long_functions(parsed(name)))} == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    names = [
        part for name in python_files() for part in (PurePosixPath(name).stem, *PurePosixPath(name).parts)
    ]
    assert len(names) > 50
    assert EMPTY_NAMES.intersection(names) == set()


def test_every_folder_with_python_is_a_package() -> None:
    # import-linter does not look into a folder without __init__.py: its contracts would hold unseen.
    folders = {str(PurePosixPath(name).parent) for name in python_files(*PACKAGES)}
    assert set(PACKAGES) <= folders
    assert {folder for folder in folders if f"{folder}/__init__.py" not in project_files()} == set()


def test_no_unfinished_work_in_the_code() -> None:
    code = [(name, text) for name, text in texts() if name.endswith(CODE_ENDINGS) or name.startswith(".ci/")]
    assert len(code) > 50
    assert lines_with(UNFINISHED, code) == []


def test_no_package_registry_and_no_path_of_a_machine_is_named() -> None:
    everything = list(texts())
    assert {"Makefile", "pyproject.toml", "requirements.lock"} <= {name for name, _ in everything}
    assert lines_with(HOSTS, everything) == []
    assert lines_with(MACHINE_PATHS, everything) == []


def lines_with(pattern: re.Pattern[str], files: list[tuple[str, str]]) -> list[str]:
    """file:line of every match."""
    return [
        f"{name}:{number}"
        for name, text in files
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_error_is_swallowed() -> None:
    assert {name: found for name in python_files() if (found := swallowed_errors(parsed(name)))} == {}


def test_every_test_asserts_something() -> None:
    files = [name for name in python_files("tests") if PurePosixPath(name).name.startswith("test_")]
    assert len(files) > 10
    assert {name: found for name in files if (found := unasserting_tests(parsed(name)))} == {}


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (UNFINISHED, "# TO~DO: later"),
        (UNFINISHED, "    raise NotImplemented~Error"),
        (HOSTS, "https://files.python~hosted.org/packages/x.whl"),
        (HOSTS, "--index-url https://py~pi.org/simple"),
        (MACHINE_PATHS, "#    uv pip compile /wo~rk/main/pyproject.toml"),
        (MACHINE_PATHS, "cache = '/ro~ot/.cache'"),
    ],
)
def test_a_forbidden_line_is_found(pattern: re.Pattern[str], line: str) -> None:
    assert lines_with(pattern, [("file", f"first\n{line}\n".replace("~", ""))]) == ["file:2"]


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (UNFINISHED, "- {reason: total, equals: TODOS}"),
        (HOSTS, "see the package index"),
        (MACHINE_PATHS, "home/landing/"),
    ],
)
def test_an_innocent_line_is_left_alone(pattern: re.Pattern[str], line: str) -> None:
    assert lines_with(pattern, [("file", line)]) == []


def test_a_long_function_is_found() -> None:
    lines = "\n".join("    a = 1" for _ in range(MOST_FUNCTION_LINES))
    assert long_functions(ast.parse(f"def long():\n{lines}\n")) == ["long"]


def test_a_swallowed_error_is_found() -> None:
    offence = "try:\n    a = 1\nexcept Exception:\n    pass\n"
    assert swallowed_errors(ast.parse(offence)) == [3]
    assert swallowed_errors(ast.parse(offence.replace("Exception", "KeyError"))) == []


def test_a_test_without_assertion_is_found() -> None:
    assert unasserting_tests(ast.parse("def test_a():\n    run()\n")) == ["test_a"]
    assert unasserting_tests(ast.parse("def test_a():\n    with raises(KeyError):\n        run()\n")) == []
