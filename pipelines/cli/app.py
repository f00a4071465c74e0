"""The commands and where each is; ``--home`` and ``--sources`` come before the command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines import settings as settings_module
from pipelines.cli import (
    coverage,
    deliveries,
    indicators,
    keys,
    pseudonymise,
    quarantine,
    recovery,
    sources,
    system,
)

app = typer.Typer(
    help="National prevention information system: from records to violence- and crime-prevention indicators.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback()
def common(
    context: typer.Context,
    home: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder of all that the system keeps (SIPREV_HOME; default ./var)."),
    ] = None,
    source_directories: Annotated[
        list[Path] | None,
        typer.Option("--sources", metavar="DIR", help="Directory with more source folders (repeatable)."),
    ] = None,
) -> None:
    """Settings for all commands."""
    context.obj = settings_module.read().at(home, source_directories or ())


for module in (system, deliveries, quarantine, coverage, sources, indicators, keys, recovery, pseudonymise):
    module.register(app)
