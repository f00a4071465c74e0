"""The monthly partitions: rounds of collection.

A partition is the month in which files **arrive**, not the month that they report about. A file is one unit of
arrival, but the Mexican state file alone reports about a hundred and twenty months, and which ones is known only
after it was read; a delivery supersedes what it contains, whatever was asked for. Which reported month is in, missing
or late is told by ``meta.report_status`` and ``siprev status``.

The round of a month takes in what had arrived by the end of that month and was not taken in before. So nothing is
left behind by a round that was never run, running a round again finds nothing to do, and running the rounds of an
empty home folder one after the other repeats the history batch by batch. A range of rounds in one run takes in what
had arrived by the end of the last.

A file has arrived when it was last changed (UTC): a copy that keeps an old time belongs to an earlier round and is
taken in by the next one that runs. A time in the future counts as now.
"""

from datetime import UTC, datetime

import dagster as dg

#: Older files belong to the first round.
FIRST = "2015-01"
_FORM = "%Y-%m"

#: With the month that has not ended yet: its round is open and is run whenever something arrives.
ROUNDS = dg.MonthlyPartitionsDefinition(start_date=FIRST, fmt=_FORM, end_offset=1)


def month_of(moment: datetime) -> str:
    """The round that is open at a moment."""
    return moment.astimezone(UTC).strftime(_FORM)


def month_before(moment: datetime) -> str:
    """The round that ended last."""
    at = moment.astimezone(UTC)
    year, month = (at.year, at.month - 1) if at.month > 1 else (at.year - 1, 12)
    return f"{year:04d}-{month:02d}"


def closing(end: datetime, now: datetime) -> datetime | None:
    """Before which moment files must have arrived for a round that ends at ``end``; None while the round is open."""
    return end if end <= now else None
