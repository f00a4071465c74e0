"""How the results of work are told on the command line."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.cli import present
from pipelines.steps.check import Checked
from pipelines.steps.ingest import Delivered
from schemas.errors import Misuse, Told

_COLUMNS = [
    "file",
    "status",
    "delivery",
    "edition",
    "rows",
    "unreadable",
    "left_out",
    "records",
    "loaded",
    "quarantined",
    "excluded",
    "slices_current",
    "slices_late",
]

#: What is told where nothing was fetched.
_NOTHING = {"nothing_new": "nothing new", "not_there": "not there yet"}


def as_row(delivered: Delivered) -> dict[str, Any]:
    """One file as a row of a table."""
    row: dict[str, Any] = {
        "source": delivered.source_id,
        "file": delivered.file_name,
        "status": delivered.status,
        "delivery": delivered.delivery_id,
    }
    staged, outcome = delivered.staged, delivered.outcome
    if staged:
        row |= {
            "edition": staged.edition_date,
            "rows": staged.rows_delivered,
            "unreadable": staged.rows_unreadable,
            "left_out": sum(staged.row_exclusions.values()),
        }
    if outcome:
        tally = outcome.tally
        row |= {
            "records": tally.records_made,
            "loaded": tally.records_loaded,
            "quarantined": tally.records_quarantined,
            "excluded": tally.records_excluded,
            "slices_current": outcome.slices_current,
            "slices_late": outcome.slices_late,
        }
    if delivered.refusal:
        row["refusal"] = delivered.refusal.text()
    return row


def deliveries(delivered: Sequence[Delivered], *, json_wanted: bool) -> None:
    """Tell what became of files: a table on standard output, refusals on standard error."""
    if json_wanted:
        present.as_json([as_row(d) for d in delivered])
    else:
        rows = [as_row(d) for d in delivered if d.status not in _NOTHING]
        shown = [c for c in ("source", *_COLUMNS) if any(r.get(c) is not None for r in rows)]
        if rows or not delivered:
            present.table(rows, shown)
        for d in delivered:
            if d.status in _NOTHING:
                sys.stdout.write(f"{d.source_id}: {_NOTHING[d.status]} ({d.file_name})\n")
            if d.status == "repeated":
                sys.stdout.write(
                    f"{d.file_name}: the same bytes as delivery {d.delivery_id}; nothing has changed\n"
                )
            if d.outcome and d.outcome.absent:
                sys.stdout.write(
                    f"{d.file_name}: {len(d.outcome.absent)} slices that earlier deliveries had are not in it; "
                    f"they stay current (siprev delivery show {d.delivery_id})\n"
                )
    refusals(delivered)


def refusals(delivered: Sequence[Delivered]) -> None:
    """Tell on standard error why files were refused."""
    for d in delivered:
        if d.refusal:
            sys.stderr.write(f"siprev: {d.file_name} {d.status}: {d.refusal.text()}\n")


def stray(names: Sequence[str]) -> None:
    """Tell what lies in the inbox and is nobody's."""
    if names:
        told = Misuse(
            f"nothing is taken in of {', '.join(names)}: no declared source has this name",
            where="inbox",
            how="siprev source list shows the names; a directory with more sources is given with --sources",
        )
        sys.stderr.write(f"siprev: {told.text()}\n")


def faults(found: Mapping[str, Told]) -> None:
    """Tell on standard error which indicators could not be computed, and why."""
    for indicator, fault in found.items():
        sys.stderr.write(f"siprev: {indicator}: {fault.text()}\n")


def status(delivered: Sequence[Delivered], *, otherwise: bool = False) -> int:
    """Exit status: 1 where a file was refused, 2 where something else stands in the way."""
    statuses = {d.status for d in delivered}
    return 1 if "refused" in statuses else 2 if "blocked" in statuses or otherwise else 0


def agreements(rows: Sequence[Mapping[str, Any]], *, json_wanted: bool) -> None:
    """Tell the register of agreements, a block for each source; on standard error what is to be done."""
    if json_wanted:
        present.as_json(list(rows))
    else:
        for row in rows:
            sys.stdout.write(f"\n{row['source']}: {row['state']}\n")
            for name, value in row.items():
                if name not in ("source", "state", "mend") and value not in (None, ""):
                    said = "; ".join(value) if isinstance(value, list) else value
                    sys.stdout.write(f"  {name.replace('_', ' '):<15}  {said}\n")
    for row in rows:
        if row["state"] != "ok":
            what = f"{row['source']}: the agreement with {row['owner']}: {row['detail']}"
            sys.stderr.write(f"siprev: {Misuse(what, how=row['mend']).text()}\n")


def checked(found: Checked, *, title: str, json_wanted: bool) -> None:
    """Tell what a file would become; of one that was not read JSON says why, and tables nothing."""
    if json_wanted:
        said = found.summary | {"rules": found.rules, "unknown": found.unknown}
        if found.stops:
            stops = found.stops
            said |= {
                "stops": {"code": stops.code, "what": stops.what, "where": stops.where, "mend": stops.how}
            }
        present.as_json(said)
    elif found.summary:
        present.table([{"": k, "n": v} for k, v in found.summary.items()], title=title)
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


def delivery(shown: Mapping[str, Any], *, json_wanted: bool) -> None:
    """Tell one delivery: single values first, then each list as a table."""
    if json_wanted:
        present.as_json(shown)
        return
    single = [{"": k, "value": present.text(v)} for k, v in shown.items() if not isinstance(v, list)]
    present.table(single)
    for name, rows in shown.items():
        if isinstance(rows, list):
            present.table(rows, title=name.replace("_", " "))
