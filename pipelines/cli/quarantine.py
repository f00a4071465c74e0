"""``siprev quarantine``: records that broke a rule, as work to be done: seen, given back, judged anew."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli import present
from pipelines.cli.options import Json, Language

group = typer.Typer(
    help="Records that broke a rule: counted, given back to their provider, judged anew.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


class By(StrEnum):
    """What records in quarantine are counted by."""

    rule = "rule"
    provider = "provider"
    source = "source"
    delivery = "delivery"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(group, name="quarantine")


@group.command("list", epilog="Example: siprev quarantine list --source co_ponal_homicidios --by rule")
def list_quarantine(
    context: typer.Context,
    source: Annotated[str | None, typer.Option(help="Only this source.")] = None,
    by: Annotated[By | None, typer.Option(help="Count by this alone.")] = None,
    codes: Annotated[
        bool,
        typer.Option("--codes", help="List the unknown codes instead, the 20 most frequent of each field."),
    ] = False,
    tickets: Annotated[
        bool, typer.Option("--tickets", help="List the tickets instead: one for each delivery and rule.")
    ] = False,
    scorecard: Annotated[
        bool, typer.Option("--scorecard", help="Show instead how each provider did in each month.")
    ] = False,
    json_wanted: Json = False,
) -> None:
    """Count the records in quarantine by source, delivery and rule; or list codes, tickets, a scorecard.

    What is counted is current: records of slices that a later edition has superseded are left out.
    """
    from pipelines.steps import reading
    from schemas.errors import Misuse

    if sum((by is not None, codes, tickets, scorecard)) > 1 or (scorecard and source):
        raise Misuse(
            "these options ask for different lists",
            where="quarantine list",
            how="give one of --by, --codes, --tickets and --scorecard; the scorecard is of all sources",
            code="one_list",
        )
    if codes:
        rows = reading.unknown_codes(context.obj, source)
    elif tickets:
        rows = reading.tickets(context.obj, source)
    elif scorecard:
        rows = reading.scorecard(context.obj)
    else:
        rows = reading.quarantined(context.obj, source, by.value if by else None)
    if not json_wanted:
        rows = [row | {"share": _percent(row["share"])} if "share" in row else row for row in rows]
    present.show(rows, json_wanted=json_wanted)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.2%}"


@group.command("export", epilog="Example: siprev quarantine export xaa_police_victims -o returned")
def export_quarantine(
    context: typer.Context,
    source_id: Annotated[str, typer.Argument(metavar="ID", help="The source's name.")],
    delivery: Annotated[int | None, typer.Option(help="Only this delivery.")] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Folder to write to; that of the reports without it."),
    ] = None,
    language: Annotated[
        Language | None, typer.Option(help="Language of the messages; that of the country without it.")
    ] = None,
    json_wanted: Json = False,
) -> None:
    """Write the records that wait, in their provider's own columns: CSV and workbook for each delivery.

    No value of an identifier or restricted column is in them; the number of the record finds it in the file.
    """
    from pipelines.steps import returning

    found = returning.give_back(
        context.obj, source_id, delivery, output, language.value if language else None
    )
    rows = [
        {"delivery": r.delivery_id, "records": r.records, "file": str(file)}
        for r in found
        for file in r.files
    ]
    present.show(rows, json_wanted=json_wanted)


@group.command("retry", epilog="Example: siprev quarantine retry --source xaa_police_victims")
def retry_quarantine(
    context: typer.Context,
    source: Annotated[str | None, typer.Option(help="Only this source.")] = None,
    delivery: Annotated[int | None, typer.Option(help="Only this delivery.")] = None,
    accept_drop: Annotated[
        bool,
        typer.Option("--accept-drop", help="Load although slices lose more than the declared tolerance."),
    ] = False,
    json_wanted: Json = False,
) -> None:
    """Judge landed files anew of which records wait, after a new code list, table, correction or severity.

    All in one batch. What they hold takes the place of what they held, and of nothing that came later.
    """
    from pipelines.steps import reading, retrying

    with reading.current(context.obj) as connection:
        reading.require_source(context.obj, connection, source)
    progress = present.Progress(quiet=json_wanted)
    found = retrying.retry(context.obj, source, delivery, accept_drop=accept_drop, progress=progress)
    rows = [retrying.as_row(r) for r in found]
    present.show(rows, json_wanted=json_wanted)
    for retried in found:
        if retried.why:
            sys.stderr.write(f"siprev: delivery {retried.before.delivery_id}: {retried.why.text()}\n")
    if not json_wanted and any(r.status == "retried" for r in found):
        sys.stdout.write("siprev run computes the indicators that wait for it\n")
    raise typer.Exit(1 if any(r.why for r in found) else 0)
