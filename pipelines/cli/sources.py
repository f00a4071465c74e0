"""``siprev source``: what sources are declared, what one says, and what it would make of a file."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli import present
from pipelines.cli.options import Json, Language
from pipelines.settings import Settings

group = typer.Typer(help="Declared sources.", no_args_is_help=True, rich_markup_mode=None)


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

        found = agreed.register(discovery.load_all(settings.sources), context.obj.today, days)
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


@group.command(
    "new",
    epilog="Example: siprev source new gt_pnc_homicidios homicidios_2023.xlsx --country GTM -o my-sources",
)
def new_source(
    context: typer.Context,
    source_id: Annotated[
        str, typer.Argument(metavar="ID", help="Name of the source: country, institution, subject.")
    ],
    file: Annotated[
        Path, typer.Argument(metavar="FILE", readable=False, help="A file as the provider sends it.")
    ],
    country: Annotated[
        str | None, typer.Option(help="The source's country (ISO 3166-1 alpha-3); no file says it.")
    ] = None,
    record_type: Annotated[
        str | None, typer.Option(help="What one row is; guessed from the columns without it.")
    ] = None,
    source_type: Annotated[str | None, typer.Option(help="Kind of institution; guessed without it.")] = None,
    language: Annotated[
        Language | None, typer.Option(help="Language of comments and notes; that of the country without it.")
    ] = None,
    owner: Annotated[str | None, typer.Option(help="Who answers for the data.")] = None,
    demo: Annotated[bool, typer.Option("--demo", help="The data are made up.")] = False,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="DIR", help="Directory of sources for the new folder.")
    ] = Path("my-sources"),
    json_wanted: Json = False,
) -> None:
    """Draft the folder of a source out of a file: what is guessed is marked, what is missing is listed."""
    from pipelines.cli import drafting
    from pipelines.steps import scaffold

    settings: Settings = context.obj
    wanted = scaffold.Wanted(
        source_id, country, record_type, source_type, language.value if language else None, owner, demo
    )
    made = scaffold.new(settings, wanted, file, output)
    drafting.told(settings, made, file, json_wanted=json_wanted)


@group.command("check", epilog="Example: siprev source check co_ponal_homicidios homicidios_2022.xls")
def check_source(
    context: typer.Context,
    source_id: Annotated[str, typer.Argument(metavar="ID", help="The source's name.")],
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            readable=False,
            help="A file as the provider sends it; without it, what the source declares is fetched.",
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER|FILE",
            help="Write a report for the provider: page, workbook and JSON into a folder, or one file by its ending.",
        ),
    ] = None,
    language: Annotated[
        Language | None, typer.Option(help="Language of the report; that of the country without it.")
    ] = None,
    json_wanted: Json = False,
) -> None:
    """Say what would become of a file, or of what would be fetched, and load nothing; --report tells its provider."""
    from pipelines.cli import told
    from pipelines.steps import check, reporting

    settings: Settings = context.obj
    found = check.check(settings, source_id, file, language.value if language else None)
    if report:
        for path in reporting.write(found.report, report):
            typer.echo(f"{path}: report for the provider", err=True)
    told.checked(found, title=f"{found.file_name} as {source_id}", json_wanted=json_wanted)
    if found.stops:
        raise found.stops


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
