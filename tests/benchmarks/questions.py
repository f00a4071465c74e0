"""What P6 asks of a home, in a process of its own.

python -m tests.benchmarks.questions touched HOME SOURCE YEAR
python -m tests.benchmarks.questions as_of HOME REPETITIONS
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

QUESTION = """
SELECT occurrence_municipality, date_trunc('month', occurrence_date) AS month, iccs, sex, sum("count") AS n
FROM {facts} GROUP BY ALL ORDER BY ALL
"""


def touched(connection: duckdb.DuckDBPyConnection, source: str, year: str) -> dict[str, Any]:
    """What the last batch wrote: slices, cells and indicators, and what of it lies outside the source and the year."""
    batch = _one(connection, "SELECT max(batch_id) FROM meta.batch")
    slices = f"FROM meta.slice_version WHERE batch_id = {batch}"
    cells = f"FROM indicator.value_history WHERE valid_from = {batch}"
    fed = "SELECT DISTINCT indicator FROM indicator.value WHERE source_type = 'police'"
    outside = {
        "slices of others": f"{slices} AND (source_id <> '{source}' OR year(period) <> {year})",
        "cells of other years": f"{cells} AND NOT starts_with(time_period, '{year}')",
        "cells that no police source feeds": f"{cells} AND indicator NOT IN ({fed})",
    }
    counted = {name: _one(connection, f"SELECT count(*) {query}") for name, query in outside.items()}
    strayed = [f"{n:,} {name}" for name, n in counted.items() if n]
    indicators = connection.execute(f"SELECT DISTINCT indicator {cells} ORDER BY 1").fetchall()
    return {
        "slices": _one(connection, f"SELECT count(*) {slices}"),
        "cells": _one(connection, f"SELECT count(*) {cells}"),
        "cells_stored": _one(connection, "SELECT count(*) FROM indicator.value"),
        "indicators": [name for (name,) in indicators],
        "strayed": strayed,
    }


def as_of(connection: duckdb.DuckDBPyConnection, repetitions: int) -> dict[str, Any]:
    """Seconds of the question to the present, and to the state as of the first and the last batch with facts."""
    first, last = connection.execute(
        "SELECT min(batch_id), max(batch_id) FROM meta.slice_version WHERE record_type = 'person_role'"
    ).fetchall()[0]
    asked = {
        "current": "core.person_role",
        "first": f"core.person_role_as_of({first})",
        "last": f"core.person_role_as_of({last})",
    }
    seconds: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(repetitions):
        for name, facts in asked.items():
            started = time.perf_counter()
            connection.execute(QUESTION.format(facts=facts)).fetchall()
            seconds[name].append(round(time.perf_counter() - started, 4))
    medians = {name: statistics.median(taken) for name, taken in seconds.items()}
    return {
        "rows": _one(connection, "SELECT count(*) FROM core.person_role_row"),
        "ratio": round(max(medians["first"], medians["last"]) / medians["current"], 3),
        "medians": medians,
        "seconds": seconds,
    }


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def main(kind: str, home: str, *rest: str) -> None:
    import duckdb

    snapshots = Path(home) / "snapshots"
    current = snapshots / (snapshots / "CURRENT").read_text(encoding="utf-8").strip()
    with duckdb.connect(current, read_only=True) as connection:
        found = touched(connection, *rest) if kind == "touched" else as_of(connection, int(rest[0]))
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
