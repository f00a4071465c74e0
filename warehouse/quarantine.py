"""What is in quarantine: counted by source, delivery and rule; and the unknown codes, most frequent first."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from schemas import staging
from schemas.staging import StagedDelivery
from warehouse import lock, snapshot, tally
from warehouse.declarations import meta, quarantine
from warehouse.declarations.ticket import PROVIDERS
from warehouse.declared import RESTRICTED, path
from warehouse.home import Home
from warehouse.literals import literal
from warehouse.reading import Rows, rows

UNKNOWN_CODE = "unknown_code"

#: The records in quarantine that wait now.
CURRENT = path("quarantine", "current")


#: By what records in quarantine can be counted, and the SQL of it over a record ``q`` and its provider ``p``.
GROUPS = {"rule": "q.rule", "provider": "p.provider", "source": "q.source_id", "delivery": "q.delivery_id"}


def by_rule(
    connection: duckdb.DuckDBPyConnection, source_id: str | None = None, *, superseded: bool = False
) -> Rows:
    """Records by source, delivery and rule, with their share of the delivery and the positions of the first three.

    A record that broke several rules counts in each of them.

    Args:
        connection: A snapshot or the open warehouse.
        source_id: Only this source.
        superseded: Also records that are no longer current.
    """
    return rows(
        connection,
        f"""
        SELECT q.source_id AS source, delivery_id AS delivery, rule, count(*) AS records, sum(events) AS events,
            round(count(*) / nullif(any_value(d.records_made), 0), 4) AS share,
            min(DISTINCT row_number, 3) AS first_rows
        FROM (
            SELECT source_id, delivery_id, row_number, events, unnest(rules) AS rule
            FROM {quarantine.RECORD.path if superseded else CURRENT} WHERE {_of(source_id)}
        ) AS q JOIN {meta.DELIVERY.path} AS d USING (delivery_id)
        GROUP BY q.source_id, delivery_id, rule ORDER BY source, delivery, records DESC, rule
        """,
    )


def counted(connection: duckdb.DuckDBPyConnection, by: str, source_id: str | None = None) -> Rows:
    """Current records by rule, provider, source or delivery, with their share of all that the deliveries made.

    A record counts once in each group, also where it broke several rules; by rule it counts in each of them.

    Args:
        connection: A snapshot or the open warehouse.
        by: A key of ``GROUPS``.
        source_id: Only this source.
    """
    rule = "unnest(rules)" if by == "rule" else "NULL"
    return rows(
        connection,
        f"""
        WITH record AS (
            SELECT source_id, delivery_id, events, {rule} AS rule FROM {CURRENT} WHERE {_of(source_id)}
        ), part AS (
            SELECT {GROUPS[by]} AS grouped, q.source_id, q.delivery_id, count(*) AS n, sum(q.events) AS events,
                any_value(d.records_made) AS made
            FROM record AS q JOIN {meta.DELIVERY.path} AS d USING (delivery_id)
            LEFT JOIN {PROVIDERS} AS p ON p.source_id = q.source_id GROUP BY ALL
        )
        SELECT grouped AS {by}, count(DISTINCT source_id) AS sources, count(*) AS deliveries, sum(n)::BIGINT AS records,
            sum(events) AS events, round(sum(n) / nullif(sum(made), 0), 4) AS share
        FROM part GROUP BY grouped ORDER BY records DESC, grouped
        """,
    )


def tickets(connection: duckdb.DuckDBPyConnection, source_id: str | None = None) -> Rows:
    """Tickets, open ones first, and of these the oldest."""
    return rows(
        connection,
        f"""
        SELECT ticket, source_id AS source, kind, state, records, waiting, opened_on, closed_on, closed_by
        FROM {path("meta", "ticket")} WHERE {_of(source_id)}
        ORDER BY state <> 'open', delivery_id, records DESC NULLS FIRST, ticket
        """,
    )


def scorecard(connection: duckdb.DuckDBPyConnection) -> Rows:
    """How each provider did in each month."""
    return rows(connection, f"FROM {path('meta', 'scorecard')} ORDER BY provider, month")


@dataclass(frozen=True)
class Waiting:
    """A delivery of which records wait, the last of its bytes."""

    delivery_id: int
    source_id: str
    file_name: str
    sha256: str
    size_bytes: int
    received_at: datetime
    received_by: str
    records: int


def waiting(
    connection: duckdb.DuckDBPyConnection, source_id: str | None = None, delivery_id: int | None = None
) -> list[Waiting]:
    """Deliveries of which records wait, or to which a rule is applied by another severity now, in order of arrival."""
    one_of = "true" if delivery_id is None else f"delivery_id = {int(delivery_id)}"
    found = connection.execute(
        f"""
        WITH held AS (SELECT DISTINCT delivery_id FROM {meta.SLICE_VERSION.path} WHERE valid_to IS NULL),
        wanted AS (
            SELECT delivery_id, count(*) AS n FROM {CURRENT} GROUP BY delivery_id
            UNION ALL
            SELECT delivery_id, 0 FROM {path("meta", "rule_state")} SEMI JOIN held USING (delivery_id) WHERE retry
        )
        SELECT delivery_id, source_id, file_name, sha256, size_bytes, received_at, received_by, sum(n)::BIGINT
        FROM wanted JOIN {meta.DELIVERY.path} USING (delivery_id)
        WHERE {_of(source_id)} AND {one_of} AND sha256 <> '' GROUP BY ALL ORDER BY delivery_id
        """
    ).fetchall()
    return [Waiting(*values) for values in found]


def alike(connection: duckdb.DuckDBPyConnection, staged: StagedDelivery, delivery_id: int) -> bool:
    """Whether the staged records that broke rules are those of the delivery in quarantine, for the same rules."""
    tally.count(connection, staged)
    try:
        found = connection.execute(
            f"""
            SELECT count(*) FROM (
                SELECT r.row_number, r.row_part, list_sort(m.rules) AS rules FROM {staging.TABLE} AS r
                JOIN (SELECT broken, any_value(rules) AS rules FROM {tally.MASK} GROUP BY broken) AS m USING (broken)
                WHERE {tally.BAD}
            ) AS s FULL JOIN (
                FROM {quarantine.RECORD.path} WHERE delivery_id = {int(delivery_id)}
            ) AS q ON q.row_number = s.row_number AND q.row_part = s.row_part
            WHERE s.rules IS DISTINCT FROM list_sort(q.rules)
            """
        ).fetchone()
    finally:
        tally.forget(connection)
    return found == (0,)


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
    with with_raw(home, "siprev quarantine list") as connection:
        for field, names in sorted(columns.items()):
            value = " || ' | ' || ".join(f"coalesce({raw_value(n)}, '')" for n in names)
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


def raw_of(delivery_id: int) -> str:
    """Query of a delivery's records that wait, with their open raw values as JSON (``raw``)."""
    return (
        f"SELECT row_number, row_part, rules, raw FROM {CURRENT} JOIN {quarantine.RAW.path} "
        f"USING (delivery_id, row_number, row_part) WHERE delivery_id = {int(delivery_id)}"
    )


def raw_value(column: str) -> str:
    """SQL of the value that a column of the file has in ``raw``."""
    return f"(raw ->> {literal(_pointer(column))})"


@contextlib.contextmanager
def with_raw(home: Home, command: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """The current snapshot beside the restricted file, which holds the raw values; nobody may write meanwhile.

    Raises:
        Misuse: Another process writes, or there is no snapshot.
    """
    with lock.writer(home, command), snapshot.reader(home) as connection:
        connection.execute(f"ATTACH {literal(str(home.restricted))} AS {RESTRICTED} (READ_ONLY)")
        yield connection


def _of(source_id: str | None) -> str:
    return "true" if source_id is None else f"source_id = {literal(source_id)}"


def _pointer(column: str) -> str:
    """A column of the raw record as a JSON pointer, in which any name can be written."""
    return "/" + column.replace("~", "~0").replace("/", "~1")
