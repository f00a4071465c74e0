"""What a load left behind, read after the measured time: rows per rule, and digests of the records.

    python -m tests.benchmarks.outcome product HOME
    python -m tests.benchmarks.outcome baseline MAIN_FILE RESTRICTED_FILE

Digests do not depend on the order of rows. They leave out what only the product has (positions, slices) and the
integers that are salted by warehouse, so that equal work gives equal digests.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.benchmarks import measure
from tests.benchmarks.measure import ROOT

if TYPE_CHECKING:
    import duckdb

#: Columns in which the two cannot agree.
OWN = (
    "slice_version",
    "row_number",
    "row_part",
    "record_key",
    "case_ref",
    "incident_ref",
    "person_ref",
    "delivery_id",
    "batch_id",
)
PRODUCT = {
    "facts": "core.person_role",
    "restricted": "restricted.core.person_role_row",
    "quarantine": "quarantine.record",
    "raw": "restricted.quarantine.raw",
    "results": "results",
}
BASELINE = {
    "facts": "person_role",
    "restricted": "restricted.person_role",
    "quarantine": "quarantine",
    "raw": "restricted.raw",
    "results": "results",
}
#: Frequent points are looked for in a sample, which is the same in both only if it is the whole file; what is heaped
#: within units, and which identifiers only stand in the place of one, is more than the baselines judge.
APART = " AND ".join(
    f"rule NOT LIKE '{name}'" for name in ("longitude.heaped_at_%_point%", "%_in_units", "%_hmac.check_digit")
)


def read(*arguments: str | Path) -> dict[str, Any]:
    """Read an outcome in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.outcome", *map(str, arguments)]
    done = subprocess.run(
        command, check=True, cwd=ROOT, env=measure.environment(), stdout=subprocess.PIPE, encoding="utf-8"
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def differences(found: dict[str, Any], plan: dict[str, Any]) -> list[str]:
    """Where an outcome differs from the plan of the file."""
    wrong = [f"{k}: {found[k]}, planned {plan[k]}" for k in ("loaded", "quarantined") if found[k] != plan[k]]
    rules = sorted({*found["rules"], *plan["rules"]})
    return wrong + [
        f"{rule}: {found['rules'].get(rule, 0)}, planned {plan['rules'].get(rule, 0)}"
        for rule in rules
        if found["rules"].get(rule, 0) != plan["rules"].get(rule, 0)
    ]


def unequal(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Tables in which two outcomes differ."""
    return [name for name in one["digests"] if one["digests"][name] != other["digests"].get(name)]


def describe(connection: duckdb.DuckDBPyConnection, tables: dict[str, str], condition: str) -> dict[str, Any]:
    """Counts and digests of the tables; ``condition`` keeps apart what the benchmark did not load."""
    filters = dict.fromkeys(tables, "true") | {"quarantine": condition, "results": APART}
    kept = f"FROM {tables['quarantine']} WHERE {condition}"
    counted = connection.execute(
        f"SELECT rule, count(*) FROM (SELECT unnest(rules) AS rule {kept}) GROUP BY 1"
    )
    return {
        "rules": dict(sorted(counted.fetchall())),
        "loaded": _one(connection, f"SELECT count(*) FROM {tables['facts']}"),
        "quarantined": _one(connection, f"SELECT count(*) {kept}"),
        "digests": {n: _digest(connection, path, filters[n]) for n, path in tables.items()},
    }


def _digest(connection: duckdb.DuckDBPyConnection, table: str, condition: str) -> str:
    """Digest of the columns that have a value: the product's views show every field of the record type."""
    names = sorted(
        r[0]
        for r in connection.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()
        if r[0] not in (*OWN, "source_id")
    )
    given = ", ".join(f"count({name}) > 0" for name in names)
    filled = connection.execute(f"SELECT {given} FROM {table} WHERE {condition}").fetchone() if names else ()
    kept = [name for name, any_given in zip(names, filled or (), strict=True) if any_given]
    listed = ", ".join(f"{name}::VARCHAR" for name in kept) or "''"
    return f"{_one(connection, f'SELECT coalesce(sum(hash({listed})), 0) FROM {table} WHERE {condition}'):x}"


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def main(kind: str, *paths: str) -> None:
    import duckdb

    files = [Path(p) for p in paths]
    if kind == "product":
        files = [files[0] / "warehouse.duckdb", files[0] / "restricted.duckdb"]
    # a table shall never be taken for a variable of this module
    config: dict[str, str | bool | int | float | list[str]] = {"python_enable_replacements": False}
    with duckdb.connect(files[0], read_only=True, config=config) as connection:
        attached = str(files[1]).replace("'", "''")
        connection.execute(f"ATTACH '{attached}' AS restricted (READ_ONLY)")
        if kind == "product":
            # the areas that were loaded before have a delivery of their own
            last = _one(connection, "SELECT max(delivery_id) FROM meta.delivery")
            results = "SELECT rule_code AS rule, n_judged AS judged, n_broken AS broken FROM meta.rule_result"
            tables = PRODUCT | {
                "raw": f"(FROM {PRODUCT['raw']} WHERE delivery_id = {last})",
                "results": f"({results} WHERE delivery_id = {last} AND severity = 'warn' AND scope <> 'reference')",
            }
            found = describe(connection, tables, f"delivery_id = {last}")
        else:
            found = describe(connection, BASELINE, "true")
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
