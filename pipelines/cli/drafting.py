"""How ``siprev source new`` tells what it made of a file: what was seen, what is missing, what to do next."""

from __future__ import annotations

import sys
from pathlib import Path

from pipelines.cli import present, typed
from pipelines.settings import Settings
from pipelines.steps import scaffold
from pipelines.steps.scaffold import Made

#: Columns and guesses that are listed.
SHOWN = 60


def told(settings: Settings, made: Made, file: Path, *, json_wanted: bool) -> None:
    """Tell what was made."""
    if json_wanted:
        present.as_json(scaffold.as_dict(made))
        return
    draft = made.scaffold.draft
    form = ", ".join(f"{k} {v}" for k, v in draft.seen.found.words.items() if isinstance(v, str | int))
    others = f" (or: {', '.join(draft.others)})" if draft.others else ""
    line = sys.stdout.write
    line(f"{made.folder}: drafted out of {file.name}\n")
    line(f"  file         {form}; {draft.seen.profile.rows:,} rows\n")
    line(f"  record type  {draft.kind.name}{others}\n")
    present.table(scaffold.columns(made)[:SHOWN], title="Columns")
    declaration = made.folder / "source.yml"
    if made.scaffold.missing:
        line("\nMissing\n")
        for one in made.scaffold.missing:
            line(f"  {declaration}:{one.line}: {one.what}\n")
    if draft.confirm:
        line("\nTo confirm\n")
        for guess in draft.confirm[:SHOWN]:
            line(f"  {guess}\n")
    if made.scaffold.agreement:
        lines = ", ".join(f"{one.what} (line {one.line})" for one in made.scaffold.agreement)
        line(f"\nTo complete with the owner of the data: {lines}\n")
    if made.checked:
        summary = {k: v for k, v in made.checked.summary.items() if v is not None}
        present.table(
            [{"": k, "n": v} for k, v in summary.items()], title="It loads; of this file would become"
        )
        if made.checked.rules:
            rules = [
                {k: r[k] for k in ("rule", "severity", "records", "message")} for r in made.checked.rules
            ]
            present.table(rules, title="Rules broken")
    elif made.stopped:
        line("\nIt does not load yet\n")
        line("  " + made.stopped.text().replace("\n", "\n  ") + "\n")
    line(f"\nNext: {_next(settings, made, file)}\n")


def _next(settings: Settings, made: Made, file: Path) -> str:
    """The command that checks the file again, once the declaration is completed."""
    there = made.folder.parent.resolve() in {path.resolve() for path in settings.sources}
    again = settings if there else settings.at(None, [made.folder.parent])
    return typed.command(again, "source", "check", made.folder.name, str(file))
