"""What is in quarantine: counted by source, delivery and rule; and the unknown codes, most frequent first."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import duckdb

from warehouse import lock, snapshot
from warehouse.declarations import quarantine
from warehouse.declared import RESTRICTED, path
from warehouse.home import Home
from warehouse.literals import literal
from warehouse.reading import Rows, rows

UNKNOWN_CODE = "unknown_code"

#: The records in quarantine that wait now.
CURRENT = path("quarantine", "current")


def by_rule(
    connection: duckdb.DuckDBPyConnection, source_id: str | None = None, *, superseded: bool = False
) -> Rows:
    """Records by source, delivery and rule, with the positions of the first three.

    A record that broke several rules counts in each of them.

    Args:
        connection: A snapshot or the open warehouse.
        source_id: Only this source.
        superseded: Also records that are no longer current.
    """
    of_source = "true" if source_id is None else f"source_id = {literal(source_id)}"
    return rows(
        connection,
        f"""
        SELECT source_id AS source, delivery_id AS delivery, rule, count(*) AS records, sum(events) AS events,
            min(DISTINCT row_number, 3) AS first_rows
        FROM (
            SELECT source_id, delivery_id, row_number, events, unnest(rules) AS rule
            FROM {quarantine.RECORD.path if superseded else CURRENT} WHERE {of_source}
        )
        GROUP BY ALL ORDER BY source, delivery, records DESC, rule
        """,
    )


def unknown_codes(
    home: Home, source_id: str, columns: Mapping[str, Sequence[str]], *, limit: int = 20
) -> Rows:
    """The unknown codes of a source in its current records, most frequent first.

    The raw values are in the restricted file, so that nobody may write meanwhile.

    Args:
        home: The home folder.
        source_id: The source.
        columns: For every field, the columns of the file from which it is recoded.
        limit: How many codes of each field.

    Raises:
        Misuse: Another process writes, or there is no snapshot.
    """
    found: Rows = []
    with lock.writer(home, "siprev quarantine list"), _with_restricted(home) as connection:
        for field, names in sorted(columns.items()):
            value = " || ' | ' || ".join(f"coalesce(raw ->> {literal(_pointer(n))}, '')" for n in names)
            found += rows(
                connection,
                f"""
                SELECT {literal(source_id)} AS source, {literal(field)} AS field,
                    {literal(" | ".join(names))} AS columns, {value} AS value,
                    count(*) AS records, min(DISTINCT row_number, 3) AS first_rows
                FROM {CURRENT} JOIN {quarantine.RAW.path} USING (delivery_id, row_number, row_part)
                WHERE source_id = {literal(source_id)}
                    AND list_contains(rules, {literal(f"{field}.{UNKNOWN_CODE}")})
                GROUP BY ALL ORDER BY records DESC, value LIMIT {int(limit)}
                """,
            )
    return found


def fields_with_unknown_codes(connection: duckdb.DuckDBPyConnection, source_id: str) -> dict[str, int]:
    """Fields of which current records of a source have an unknown code, and how many records."""
    found = [row for row in by_rule(connection, source_id) if row["rule"].endswith(f".{UNKNOWN_CODE}")]
    fields: Counter[str] = Counter()
    for row in found:
        fields[row["rule"].removesuffix(f".{UNKNOWN_CODE}")] += row["records"]
    return dict(sorted(fields.items()))


@contextlib.contextmanager
def _with_restricted(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with snapshot.reader(home) as connection:
        connection.execute(f"ATTACH {literal(str(home.restricted))} AS {RESTRICTED} (READ_ONLY)")
        yield connection


def _pointer(column: str) -> str:
    """A column of the raw record as a JSON pointer, in which any name can be written."""
    return "/" + column.replace("~", "~0").replace("/", "~1")
