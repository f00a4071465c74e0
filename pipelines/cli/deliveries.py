"""``siprev ingest`` and ``delivery``: taking files in, and what became of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli import present
from pipelines.cli.options import Json
from pipelines.settings import Settings

delivery = typer.Typer(
    help="What was delivered and what became of it.", no_args_is_help=True, rich_markup_mode=None
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: siprev ingest mx_sesnsp_estatal estatal__rev2024-12-21.csv")(ingest)
    app.add_typer(delivery, name="delivery")


def ingest(
    context: typer.Context,
    source_id: Annotated[str, typer.Argument(metavar="ID", help="The source's name.")],
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE]...",
            readable=False,  # landing tells what stands in the way, in our words
            help="Files as the provider sends them; of a source that joins tables, loose files, or a folder, are one "
            "delivery. "
            "Without any: what the database or address has new that the source declares.",
        ),
    ] = None,
    accept_drop: Annotated[
        bool,
        typer.Option("--accept-drop", help="Load although slices lose more than the declared tolerance."),
    ] = False,
    whole: Annotated[
        bool, typer.Option("--whole", help="Without FILE: fetch everything, whatever was fetched before.")
    ] = False,
    json_wanted: Json = False,
) -> None:
    """Take files in, or fetch them: land, read, map, judge, load, account."""
    from pipelines.cli import told
    from pipelines.steps import fetching
    from pipelines.steps import ingest as ingesting

    settings: Settings = context.obj
    progress = present.Progress(quiet=json_wanted)
    if files:
        delivered = ingesting.ingest(settings, source_id, files, accept_drop=accept_drop, progress=progress)
    else:
        delivered = fetching.fetch(
            settings, source_id, whole=whole, accept_drop=accept_drop, progress=progress
        )
    told.deliveries(delivered, json_wanted=json_wanted)
    raise typer.Exit(told.status(delivered))


@delivery.command("list", epilog="Example: siprev delivery list --source mx_sesnsp_estatal")
def list_deliveries(
    context: typer.Context,
    source: Annotated[str | None, typer.Option(help="Only this source.")] = None,
    json_wanted: Json = False,
) -> None:
    """List all deliveries, loaded and refused."""
    from pipelines.steps import reading
    from warehouse import deliveries

    with reading.current(context.obj) as connection:
        reading.require_source(context.obj, connection, source)
        present.show(deliveries.listed(connection, source), json_wanted=json_wanted)


@delivery.command("show", epilog="Example: siprev delivery show 3")
def show_delivery(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="ID", help="The delivery's number.")],
    json_wanted: Json = False,
) -> None:
    """Show one delivery: its account, the rules broken, what was left out, and its slices."""
    from pipelines.cli import told
    from pipelines.steps import reading
    from warehouse import deliveries

    with reading.current(context.obj) as connection:
        told.delivery(deliveries.shown(connection, number), json_wanted=json_wanted)
