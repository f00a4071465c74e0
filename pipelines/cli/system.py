"""The commands about the whole: demo, run, status, query, export, ui, doctor."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli import present
from pipelines.cli.options import Json
from pipelines.settings import Settings


class Format(StrEnum):
    """How the answer of a query is written."""

    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: siprev demo --country XAA --country XBB")(demo)
    app.command(epilog="Example: siprev run --country MEX")(run)
    app.command(epilog="Example: siprev status")(status)
    app.command(
        epilog='Example: siprev query "SELECT ref_area, time_period, obs_value FROM indicator.value WHERE '
        "indicator = 'homicide_rate_police' AND freq = 'A' LIMIT 5\""
    )(query)
    app.command(epilog="Example: siprev export sample")(export)
    app.command(epilog="Example: siprev ui --port 3000")(ui)
    app.command(epilog="Example: siprev doctor")(doctor)


def demo(
    context: typer.Context,
    scale: Annotated[
        int, typer.Option(min=1, help="Multiplies the rows of deliveries with single records.")
    ] = 1,
    country: Annotated[
        list[str] | None,
        typer.Option(help="A sample country: XAA, XBB or XCC; give it again for another one. Default XAA."),
    ] = None,
    json_wanted: Json = False,
) -> None:
    """Make the deliveries of a sample country and run everything on them."""
    from pipelines.cli import told, typed
    from pipelines.steps import demo as demonstrating

    settings: Settings = context.obj
    shown = demonstrating.demo(settings, scale, country or (), present.Progress(quiet=json_wanted))
    if json_wanted:
        present.as_json(
            {"values": shown.values, "deliveries": shown.deliveries, "snapshot": str(shown.snapshot)}
        )
        raise typer.Exit(told.status(shown.delivered))
    present.table(shown.deliveries, title="What was loaded, quarantined and excluded")
    present.table(shown.values, title="Indicators of the sample country, by year")
    if shown.by_sex_and_age:
        present.table(shown.by_sex_and_age, title="Homicides known to the police per 100,000, by age and sex")
    where = [
        ("snapshot for queries", shown.snapshot),
        *((f"export ({e.rows:,} values, without disclosure control)", e.folder) for e in shown.exports),
        *(("what must come of the sample deliveries", truth) for truth in shown.truths),
        ("a first query", typed.command(settings, "query", "FROM indicator.value LIMIT 5")),
        ("Dagster's page", f"{typed.command(settings, 'ui')}, then http://127.0.0.1:3000"),
    ]
    typer.echo("")
    for name, place in where:
        typer.echo(f"{name}: {place}")
    told.refusals(shown.delivered)
    raise typer.Exit(told.status(shown.delivered))


def run(
    context: typer.Context,
    country: Annotated[
        str | None, typer.Option(help="Only sources of this country (ISO 3166-1 alpha-3).")
    ] = None,
    source: Annotated[str | None, typer.Option(help="Only this source.")] = None,
    fetch: Annotated[bool, typer.Option(help="Ask the databases and addresses that sources declare.")] = True,
    json_wanted: Json = False,
) -> None:
    """Fetch what is new, take in what is new in the inbox, and compute what waits; with nothing new, do nothing."""
    from pipelines.cli import told
    from pipelines.steps import compute
    from pipelines.steps import run as running

    settings: Settings = context.obj
    report = running.run(
        settings,
        country=country,
        source_id=source,
        fetch=fetch,
        progress=present.Progress(quiet=json_wanted),
    )
    if report.delivered or json_wanted or not report.computed:
        told.deliveries(report.delivered, json_wanted=json_wanted)
    if report.computed and not json_wanted:
        present.table(compute.as_rows(report.computed), title="Indicators computed")
    told.faults(report.faults)
    told.stray(report.stray)
    raise typer.Exit(told.status(report.delivered, otherwise=bool(report.stray or report.faults)))


def status(
    context: typer.Context,
    period: Annotated[
        str | None, typer.Argument(metavar="[PERIOD]", help="A year or month, for example 2024.")
    ] = None,
    json_wanted: Json = False,
) -> None:
    """Show for each source what was received, what is missing, and which indicators wait."""
    from pipelines.cli import coverage
    from pipelines.steps import state

    shown = state.status(context.obj, period)
    if json_wanted:
        present.as_json({"sources": shown.sources, "waiting": shown.waiting, "months": shown.grid.by_month()})
        return
    columns = [
        "source",
        "last_edition",
        "last_status",
        "loaded_deliveries",
        "refused_deliveries",
        "records",
        "quarantined",
        "warnings",
        "tickets",
        "owed",
        "received",
        "late",
        "missing",
    ]
    present.table(shown.sources, columns)
    coverage.grid(shown.grid, title="Reports by month, one letter each")
    if shown.waiting:
        present.table(shown.waiting, title="Indicators that wait to be computed (siprev run)")


def query(
    context: typer.Context,
    statement: Annotated[str, typer.Argument(metavar="SQL", help="One statement that reads.")],
    as_of: Annotated[str | None, typer.Option(help="As of this batch or date (UTC).")] = None,
    form: Annotated[Format, typer.Option("--format", help="How the answer is written.")] = Format.table,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File to write to.")] = None,
    json_wanted: Annotated[bool, typer.Option("--json", help="Short for --format json.")] = False,
) -> None:
    """Query the snapshot: read-only, bounded in time and memory."""
    from pipelines.cli import answers
    from warehouse import query as querying
    from warehouse.home import Home

    settings: Settings = context.obj
    wanted = Format.json if json_wanted else form
    answers.write(querying.run(Home(settings.home), statement, as_of=as_of), wanted.value, output)


def export(
    context: typer.Context,
    partner: Annotated[str, typer.Argument(metavar="PARTNER", help="The recipient.")],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Folder to write to.")] = None,
    json_wanted: Json = False,
) -> None:
    """Write a partner's export of the current snapshot, marked as without disclosure control."""
    from exports import partner as partners
    from pipelines.steps import exporting

    written = exporting.export(context.obj, partners.load(partner), output)
    present.show([{"folder": str(e.folder), "values": e.rows} for e in written], json_wanted=json_wanted)
    if not json_wanted:
        typer.echo("WITHOUT DISCLOSURE CONTROL: not for publication")


def ui(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 3000,
) -> None:
    """Start Dagster's web interface and daemon."""
    from pipelines.steps import ui as serving

    raise typer.Exit(serving.serve(context.obj, host, port))


def doctor(
    context: typer.Context,
    thorough: Annotated[
        bool, typer.Option("--thorough", help="Read every landed file and hold it against its hash.")
    ] = False,
    json_wanted: Json = False,
) -> None:
    """Look for what is wrong, and say the cure; exit status 1 where something is."""
    from pipelines.steps import state

    found = state.doctor(context.obj, thorough=thorough)
    present.show(found, json_wanted=json_wanted)
    raise typer.Exit(1 if any(f["state"] == "problem" for f in found) else 0)
