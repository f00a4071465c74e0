"""The commands that keep a home folder safe: backup, restore, prune."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli import present
from pipelines.cli.options import Json

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of backups, best on another machine.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: siprev backup backups --keep 30")(backup)
    app.command(epilog="Example: siprev restore backups")(restore)
    app.command(epilog="Example: siprev prune --past-retention")(prune)


def backup(
    context: typer.Context,
    folder: Folder,
    keep: Annotated[
        int | None, typer.Option(min=1, help="Keep this many backups in the folder, and remove older ones.")
    ] = None,
    json_wanted: Json = False,
) -> None:
    """Back up warehouse and landed files; waits for a run to end. The master keys are not in it."""
    from pipelines.steps import recovery

    made = recovery.backup(context.obj, folder, keep=keep, progress=present.Progress(quiet=json_wanted))
    one = made.backup
    row = {
        "backup": one.name,
        "batch": one.batch,
        "files": len(one.files),
        "megabytes": round(one.size / 1e6, 1),
        "folder": str(folder),
        "removed": ", ".join(made.removed),
    }
    present.show([row], json_wanted=json_wanted)


def restore(
    context: typer.Context,
    folder: Folder,
    name: Annotated[
        str | None, typer.Option(help="A backup of the folder, for example backup-000012; else the newest.")
    ] = None,
    json_wanted: Json = False,
) -> None:
    """Restore a backup into a home folder that holds no warehouse; every byte is held against its hash."""
    from pipelines.steps import recovery

    done = recovery.restore(context.obj, folder, name, present.Progress(quiet=json_wanted))
    row = {"backup": done.name, "made_at": done.made_at, "made_by": done.actor, "batch": done.batch}
    present.show([row], json_wanted=json_wanted)
    if not json_wanted:
        typer.echo("What arrived after that batch is not there: siprev doctor tells what was landed since.")


def prune(
    context: typer.Context,
    keep_snapshots: Annotated[int, typer.Option(min=1, help="How many of the newest snapshots stay.")] = 1,
    unnamed: Annotated[
        bool, typer.Option("--unnamed", help="Remove landed files that no delivery names, too.")
    ] = False,
    past_retention: Annotated[
        bool,
        typer.Option(
            "--past-retention",
            help="Remove landed bytes that were kept as long as their agreement states; it is recorded.",
        ),
    ] = False,
    json_wanted: Json = False,
) -> None:
    """Remove old snapshots, and what else is asked for; what was loaded stays."""
    from pipelines.steps import recovery

    done = recovery.prune(
        context.obj, keep_snapshots=keep_snapshots, unnamed=unnamed, past_retention=past_retention
    )
    rows = [
        *({"removed": "snapshot", "name": name} for name in done.snapshots),
        *({"removed": "landed file that no delivery names", "name": name} for name in done.unnamed),
        *({"removed": "landed bytes past their retention", "name": name} for name in done.expired),
    ]
    present.show(rows, json_wanted=json_wanted)
