"""``siprev pseudonymise``: the program for providers, to be handed out or to be used here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.options import Language
from pipelines.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        epilog="Example: siprev pseudonymise --source xaa_police_victims --program siprev_pseudonymise.py"
    )(pseudonymise)


def pseudonymise(
    context: typer.Context,
    source: Annotated[str, typer.Option(metavar="ID", help="The source whose files they are.")],
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", readable=False, help="A CSV file to pseudonymise here.")
    ] = None,
    key: Annotated[
        Path,
        typer.Option(
            metavar="FILE", readable=False, help="The provider's own key, made by the program (--new-key)."
        ),
    ] = Path("siprev_provider.key"),
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help="Where to write; FILE.pseudonyms.csv without it."
        ),
    ] = None,
    program: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write the program here instead: one file that the provider runs offline."
        ),
    ] = None,
    language: Annotated[Language, typer.Option(help="Language in which the program speaks.")] = Language.es,
) -> None:
    """Replace identifiers by pseudonyms and drop restricted columns before a file is sent; or hand out the program."""
    from pipelines.steps import pseudonymise as steps
    from schemas.errors import Misuse

    settings: Settings = context.obj
    if (file is None) == (program is None):
        raise Misuse(
            "name either a file to pseudonymise, or with --program the file to write the program to",
            where="siprev pseudonymise",
            how="siprev pseudonymise --source ID --program siprev_pseudonymise.py",
            code="file_or_program",
        )
    if program is not None:
        written = steps.write_program(settings, source, language.value, program)
        typer.echo(
            f"{written}: send it to the provider, who runs it with Python 3.8 or later (--readme explains)"
        )
    elif file is not None:
        typer.echo(steps.run(settings, source, file, key, output, language.value))
