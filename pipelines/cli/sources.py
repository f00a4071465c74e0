"""``siprev source``: what sources are declared, what one says, and what it would make of a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli import present
from pipelines.settings import Settings

group = typer.Typer(help="Declared sources.", no_args_is_help=True, rich_markup_mode=None)

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(group, name="source")


@group.command("list", epilog="Example: siprev source list")
def list_sources(context: typer.Context, json_wanted: Json = False) -> None:
    """List the declared sources."""
    from sources.kit import discovery

    settings: Settings = context.obj
    rows = [
        {
            "source": s.id,
            "country": s.specification.country,
            "record_type": s.specification.record_type,
            "source_type": s.specification.source_type,
            "title": s.specification.title["en"],
        }
        for s in discovery.load_all(settings.sources)
    ]
    present.show(rows, json_wanted=json_wanted)


@group.command("show", epilog="Example: siprev source show mx_sesnsp_estatal")
def show_source(
    context: typer.Context,
    source_id: Annotated[str, typer.Argument(metavar="ID", help="The source's name.")],
    json_wanted: Json = False,
) -> None:
    """Show what a source declares: agreement, files, columns by sensitivity, mapping, what it reports."""
    from pipelines.steps import describe

    settings: Settings = context.obj
    shown = describe.source(settings, source_id)
    if json_wanted:
        present.as_json(shown)
    else:
        typer.echo(describe.as_text(shown))


@group.command("check", epilog="Example: siprev source check co_ponal_homicidios homicidios_2022.xls")
def check_source(
    context: typer.Context,
    source_id: Annotated[str, typer.Argument(metavar="ID", help="The source's name.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file as the provider sends it.")],
    json_wanted: Json = False,
) -> None:
    """Say what would become of a file, without loading anything."""
    from pipelines.steps import check

    settings: Settings = context.obj
    found = check.check(settings, source_id, file)
    if json_wanted:
        present.as_json(found.summary | {"rules": found.rules, "unknown": found.unknown})
        return
    present.table([{"": k, "n": v} for k, v in found.summary.items()], title=f"{file.name} as {source_id}")
    present.table(found.rules, title="Rules broken")
    if found.unknown:
        present.table(found.unknown, title="Unknown codes, most frequent first")
    fields = list(dict.fromkeys(name for record in found.sample for name in record))
    present.table(
        [
            {"field": name, **{f"record {i}": r.get(name) for i, r in enumerate(found.sample, start=1)}}
            for name in fields
        ],
        title="First records as they would be loaded",
    )
