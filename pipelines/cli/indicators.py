"""``siprev indicators``: the catalogue, its values, and where a value comes from."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.cli import present
from pipelines.cli.options import Json
from pipelines.settings import Settings

group = typer.Typer(
    help="The indicator catalogue and its values.", no_args_is_help=True, rich_markup_mode=None
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(group, name="indicators")


@group.command("list", epilog="Example: siprev indicators list")
def list_indicators(context: typer.Context, json_wanted: Json = False) -> None:
    """List the catalogue, with the cells that each indicator has now."""
    from pipelines.steps import catalogue

    present.show(catalogue.listed(context.obj), json_wanted=json_wanted)


@group.command("show", epilog="Example: siprev indicators show homicide_rate_police")
def show_indicator(
    indicator: Annotated[str, typer.Argument(metavar="ID", help="The indicator.")],
    json_wanted: Json = False,
) -> None:
    """Show an indicator's definition."""
    from pipelines.steps import catalogue

    shown = catalogue.definition(indicator)
    if json_wanted:
        present.as_json(shown)
    else:
        typer.echo(catalogue.as_text(shown))


@group.command("compute", epilog="Example: siprev indicators compute homicide_rate_police --keep-going")
def compute_indicators(
    context: typer.Context,
    indicators: Annotated[
        list[str] | None, typer.Argument(metavar="ID...", help="Indicators; all without it.")
    ] = None,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="Compute the rest where one is faulty.")
    ] = False,
    json_wanted: Json = False,
) -> None:
    """Compute indicators from the loaded facts; only cells that changed are written."""
    from pipelines.cli import told
    from pipelines.steps import compute

    settings: Settings = context.obj
    progress = present.Progress(quiet=json_wanted)
    computed = compute.compute(settings, indicators or None, keep_going=keep_going, progress=progress)
    present.show(compute.as_rows(computed), json_wanted=json_wanted)
    told.faults(computed.outcome.faults)
    raise typer.Exit(1 if computed.outcome.faults else 0)


@group.command(
    "explain",
    epilog="Example: siprev indicators explain homicide_rate_police COL 2019 sex=M",
)
def explain_value(
    context: typer.Context,
    indicator: Annotated[str, typer.Argument(metavar="ID", help="The indicator.")],
    area: Annotated[str, typer.Argument(metavar="AREA", help="Area code, for example MEX or MEX-11.")],
    period: Annotated[
        str, typer.Argument(metavar="PERIOD", help="ISO 8601 period, for example 2019 or 2019-03.")
    ],
    dimensions: Annotated[
        list[str] | None, typer.Argument(metavar="DIM=CODE...", help="Breakdowns, for example sex=F.")
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="As of this batch or date.")] = None,
    lines: Annotated[int, typer.Option(min=0, max=10_000, help="How many positions of records to show.")] = 5,
    json_wanted: Json = False,
) -> None:
    """Walk from a value to its numerator, denominator, deliveries, files and positions."""
    from pipelines.steps import explaining

    shown = explaining.explain(
        context.obj, indicator, area, period, dimensions or [], as_of=as_of, lines=lines
    )
    if json_wanted:
        present.as_json(shown.as_dict())
    else:
        typer.echo(shown.text())
