"""``siprev coverage``: which reports each source owes, and which came."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.cli import present

if TYPE_CHECKING:
    from pipelines.steps.coverage import Grid

_COUNTS = ("owed", "received", "zero_declared", "partial", "late", "missing", "awaited", "not_applicable")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: siprev coverage --source xaa_police_victims --period 2023")(coverage)


def coverage(
    context: typer.Context,
    source: Annotated[str | None, typer.Option(help="Only this source, area by area.")] = None,
    period: Annotated[str | None, typer.Option(help="A year or month, for example 2024 or 2024-03.")] = None,
    json_wanted: Annotated[bool, typer.Option("--json", help="Print JSON instead of a grid.")] = False,
) -> None:
    """Show which reports each source owes and which came: a letter for each month, late ones as of today."""
    from pipelines.steps import coverage as covering

    shown = covering.coverage(context.obj, source, period)
    if json_wanted:
        present.as_json(shown.as_json())
        return
    if source is None:
        columns = ["source", "owed", "received", "partial", "late", "missing", "complete", "in_time"]
        present.table([_in_percent(row) for row in shown.sources], columns)
    for row in shown.sources if source else ():
        _tell(row)
    grid(shown.grid)


def grid(shown: Grid, title: str = "Months, one letter each") -> None:
    """Print a grid of months."""
    if shown.lines:
        sys.stdout.write(f"\n{title}\n")
    for line in shown.text():
        sys.stdout.write(f"{line}\n")


def _in_percent(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "complete": _percent(row["completeness"]),
        "in_time": _percent(row["timeliness"]),
    }


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"


def _tell(row: Mapping[str, Any]) -> None:
    """One source: what it owes, and how much of it came."""
    sys.stdout.write(f"{row['source']}: {row['provider'] or 'provider not known'}\n")
    if row["each"]:
        until = f" to {row['owed_until']}" if row["owed_until"] else ""
        sys.stdout.write(
            f"owes a report each {row['each']} from {row['owed_from']}{until}, {row['due_days']} days after its end\n"
        )
    else:
        sys.stdout.write("does not say what it owes (owes in source.yml): only what it has sent is shown\n")
    sys.stdout.write(
        ", ".join(f"{name.replace('_', ' ')} {row[name]:,}" for name in _COUNTS if row[name]) + "\n"
    )
    complete, timely = _percent(row["completeness"]), _percent(row["timeliness"])
    parts = [f"complete {complete}" if complete else "", f"in time {timely}" if timely else ""]
    parts.append(f"next due on {row['next_due']}" if row["next_due"] else "")
    sys.stdout.write(", ".join(p for p in parts if p) + "\n")
