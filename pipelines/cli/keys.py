"""``siprev key``: the master keys, from the first to the change to another. No command shows a key."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli import present
from pipelines.cli.options import Json

group = typer.Typer(
    help="The master keys of identifiers and landed bytes.", no_args_is_help=True, rich_markup_mode=None
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(group, name="key")


@group.command("new", epilog="Example: siprev key new /media/safe/siprev.keys")
def new_key(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The key file; made if it does not exist.")],
    json_wanted: Json = False,
) -> None:
    """Make a random key in a key file that its owner alone can read, beside the keys that the file holds."""
    from pipelines.steps import keys

    version = keys.make(context.obj, file)
    present.show([{"version": version, "file": str(file)}], json_wanted=json_wanted)
    if not json_wanted:
        typer.echo(f"Set SIPREV_KEY_FILE={file}, and keep a copy in your institution's safe.")


@group.command("list", epilog="Example: siprev key list")
def list_keys(context: typer.Context, json_wanted: Json = False) -> None:
    """List the versions of the keys: which is in use, which are at hand, and where each is needed."""
    from pipelines.steps import keys

    shown = keys.listed(context.obj)
    if json_wanted:
        present.as_json(shown)
        return
    present.table(shown["keys"])
    if shown["events"]:
        present.table(shown["events"], title="What happened to them")


@group.command("rotate", epilog="Example: siprev key rotate")
def rotate_key(
    context: typer.Context,
    unlink_lost: Annotated[
        bool,
        typer.Option(
            "--unlink-lost",
            help="Go on where landed bytes are gone for good: their records stay, without hashes and references.",
        ),
    ] = False,
) -> None:
    """Change to the newest key in the key file: one person asks for it, a second one repeats the command."""
    from pipelines.steps import rotation

    done = rotation.rotate(context.obj, unlink_lost=unlink_lost, progress=present.Progress())
    if not done.done:
        typer.echo(f"version {done.version}: asked for by {done.asked_by}; nothing has changed yet")
        typer.echo("A second person does it: the same command, with SIPREV_ACTOR set to their name.")
        return
    typer.echo(
        f"version {done.version}: in use; {done.slices} slices hashed anew, {done.files} landed files sealed anew"
    )
    for delivery, reason in done.lost.items():
        typer.echo(f"delivery {delivery} can be joined with nothing any more: {reason}", err=True)


@group.command("seal", epilog="Example: siprev key seal")
def seal_files(context: typer.Context, json_wanted: Json = False) -> None:
    """Seal landed files that lie open, from a time when their source declared no personal data."""
    from pipelines.steps import keys

    sealed = keys.seal_open(context.obj)
    present.show([{"source": source, "files": n} for source, n in sealed.items()], json_wanted=json_wanted)
