"""``siprev source``: what sources are declared, what one says, and what it would make of a file."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli import present
from pipelines.settings import Settings

group = typer.Typer(help="Declared sources.", no_args_is_help=True, rich_markup_mode=None)

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


class Form(StrEnum):
    """What is written for a record type."""

    xlsx = "xlsx"
    frictionless = "frictionless"
    json_schema = "json-schema"


class Drawing(StrEnum):
    """How a mapping is drawn."""

    text = "text"
    mermaid = "mermaid"
    json = "json"


class Language(StrEnum):
    """The languages of the product."""

    es = "es"
    en = "en"
    pt = "pt"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(group, name="source")


@group.command("list", epilog="Example: siprev source list --agreements")
def list_sources(
    context: typer.Context,
    agreements: Annotated[
        bool, typer.Option("--agreements", help="Print the register of agreements, and warn before they end.")
    ] = False,
    days: Annotated[int, typer.Option(min=0, help="With --agreements: how many days before the end.")] = 60,
    json_wanted: Json = False,
) -> None:
    """List the declared sources, or the agreements under which their data are held."""
    from sources.kit import discovery

    settings: Settings = context.obj
    if agreements:
        from pipelines.cli import told
        from pipelines.steps import agreements as agreed

        found = agreed.register(discovery.load_all(settings.sources), agreed.today(), days)
        told.agreements(found, json_wanted=json_wanted)
        return
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


@group.command("show", epilog="Example: siprev source show mx_sesnsp_estatal --format mermaid")
def show_source(
    context: typer.Context,
    source_id: Annotated[str, typer.Argument(metavar="ID", help="The source's name.")],
    form: Annotated[Drawing, typer.Option("--format", help="How the mapping is drawn.")] = Drawing.text,
    json_wanted: Annotated[bool, typer.Option("--json", help="Short for --format json.")] = False,
) -> None:
    """Draw what a source declares: columns, verbs and fields, rows left out, codes, and what is left over."""
    from pipelines.cli import drawing
    from sources.kit import discovery
    from sources.kit.drawing import drawn

    settings: Settings = context.obj
    source = discovery.load(source_id, settings.sources)
    layouts = drawn(source)
    match Drawing.json if json_wanted else form:
        case Drawing.json:
            declared = source.specification.model_dump(mode="json", by_alias=True, exclude_defaults=True)
            pictures = [asdict(layout) for layout in layouts]
            present.as_json(
                {"version": source.version, "folder": str(source.folder), **declared, "drawn": pictures}
            )
        case Drawing.mermaid:
            typer.echo(drawing.mermaid(source, layouts))
        case Drawing.text:
            typer.echo(drawing.text(source, layouts))


@group.command("check", epilog="Example: siprev source check co_ponal_homicidios homicidios_2022.xls")
def check_source(
    context: typer.Context,
    source_id: Annotated[str, typer.Argument(metavar="ID", help="The source's name.")],
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help="A file as the provider sends it; without it, what the source declares is fetched.",
        ),
    ] = None,
    json_wanted: Json = False,
) -> None:
    """Say what would become of a file, or of what would be fetched, without loading anything."""
    from pipelines.steps import check

    settings: Settings = context.obj
    found = check.check(settings, source_id, file)
    if json_wanted:
        present.as_json(found.summary | {"rules": found.rules, "unknown": found.unknown})
        return
    present.table(
        [{"": k, "n": v} for k, v in found.summary.items()], title=f"{found.file_name} as {source_id}"
    )
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


@group.command("template", epilog="Example: siprev source template incident --country MEX -o plantilla.xlsx")
def write_template(
    context: typer.Context,
    record_type: Annotated[str, typer.Argument(metavar="RECORD_TYPE", help="What one record is.")],
    form: Annotated[
        Form, typer.Option("--format", help="A workbook to fill in, or a schema to check a file against.")
    ] = Form.xlsx,
    language: Annotated[Language, typer.Option(help="Language of titles and instructions.")] = Language.es,
    country: Annotated[
        str | None,
        typer.Option(help="The provider's country (ISO 3166-1 alpha-3): areas then have its own codes."),
    ] = None,
    identifiers: Annotated[
        bool, typer.Option(help="With case numbers, documents and coordinates; they need a master key.")
    ] = True,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File to write to.")] = None,
    source: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="Also make the source that takes it in: a new folder, named like it."
        ),
    ] = None,
    source_type: Annotated[str | None, typer.Option(help="With --source: kind of institution.")] = None,
    owner: Annotated[str | None, typer.Option(help="With --source: who answers for the data.")] = None,
    demo: Annotated[bool, typer.Option("--demo", help="With --source: the data are made up.")] = False,
) -> None:
    """Write what a provider needs to send records in our own form, and the source that takes them in."""
    from pipelines.steps import template

    # what a file is checked against is what is always known; a list to choose from may be longer
    areas = template.delivered(context.obj, country, language.value) if form is Form.xlsx else {}
    wanted = template.Wanted(record_type, language.value, country, identifiers, areas)
    made = template.content(wanted, form.value)
    if source:
        declared = template.declare(
            wanted, form.value, source, source_type=source_type, owner=owner, demo=demo
        )
        typer.echo(f"{declared}: takes in what is sent in this form; complete its agreement", err=True)
    if output is None and form is not Form.xlsx:
        present.utf8(made)
        return
    path = output or Path(f"{record_type}.xlsx")
    template.write(made, path)
    typer.echo(f"{path}: {len(wanted.columns())} columns", err=True)
