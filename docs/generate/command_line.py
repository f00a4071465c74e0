"""The page of the command line: what ``--help`` of every command says."""

from __future__ import annotations

from collections.abc import Iterator

import typer
from typer.testing import CliRunner

from docs.generate.markdown import page
from pipelines.cli.app import app

#: Help is wrapped at this width, whatever the terminal of who generates the page.
_ENVIRONMENT = {"COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb"}

_INTRODUCTION = """\
What `siprev --help` and `siprev COMMAND --help` print. `--home` and `--sources` come before the command:
`siprev --home /srv/siprev run`. What the exit statuses mean is in [exit-status.md](exit-status.md), the environment
variables are in [environment.md](environment.md)."""


def rendered() -> str:
    """The page."""
    parts = []
    for path in _commands(typer.main.get_command(app)):
        title = " ".join(["siprev", *path])
        parts += [f"## {title}", f"```text\n{_help(path)}\n```"]
    return page("Command line", _INTRODUCTION, *parts)


def _commands(command: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The command and those below it, a group before its commands."""
    yield path
    for name, inner in (getattr(command, "commands", None) or {}).items():
        yield from _commands(inner, (*path, name))


def _help(path: tuple[str, ...]) -> str:
    answer = CliRunner().invoke(app, [*path, "--help"], prog_name="siprev", env=_ENVIRONMENT)
    if answer.exit_code != 0:
        raise RuntimeError(f"siprev {' '.join(path)} --help ends with {answer.exit_code}")
    return "\n".join(line.rstrip() for line in answer.output.strip().splitlines())
