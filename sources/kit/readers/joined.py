"""Several tables of one delivery as one: each row of the leading table with the row of another that its keys find.

Record numbers are those of the leading table. A key that finds nothing, or several rows, is told for each row, so that
the mapping can judge it; of each joined table it is counted what became of its rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from schemas import sql
from schemas.staging import StagedPart
from sources.kit.raw_text import UNIT_SEPARATOR, clean
from sources.kit.readers.raw import NUMBER, Opened, Raw, number
from sources.kit.specification import Join

#: What a row's keys found in a joined table, where it is not one row.
MISSING, REPEATED = "missing", "repeated"
#: Temporary tables: the leading table, each joined table with its keys, and all together.
_LEAD, _PART, _KEY, _ALL = "join_lead", "join_part", "join_key", "join_all"


@dataclass
class OpenedJoin:
    """The tables of a delivery, opened and not read yet; an ``Opened`` like that of one table.

    Args:
        lead: The leading table.
        joins: The joined tables as they are declared.
        tables: The same, opened.
        parts: What became of the rows of each joined table; filled by ``fill``.
    """

    lead: Opened
    joins: Sequence[Join]
    tables: Sequence[Opened]
    parts: list[StagedPart] = field(default_factory=list)

    @property
    def columns(self) -> Mapping[str, str]:
        """Name as the mapping calls it to column name in ``scan``."""
        found = dict(self.lead.columns)
        for i, (join, table) in enumerate(zip(self.joins, self.tables, strict=True)):
            found |= {join.called(name): f"j{i}_{column}" for name, column in table.columns.items()}
        return found

    @property
    def flags(self) -> Mapping[str, str]:
        """Name of each joined table to the column in ``scan`` that says what went wrong; NULL where nothing did."""
        return {join.name: f"j{i}" for i, join in enumerate(self.joins)}

    @property
    def surroundings(self) -> tuple[str, ...]:
        """Text around the tables."""
        return tuple(text for table in (self.lead, *self.tables) for text in table.surroundings)

    @property
    def instants(self) -> frozenset[str]:
        """Names of the columns whose values are instants."""
        pairs = zip(self.joins, self.tables, strict=True)
        joined = {join.called(name) for join, table in pairs for name in table.instants}
        return self.lead.instants | joined

    @property
    def scan(self) -> str:
        """SQL of the rows of the leading table with what they found, in their order."""
        return f"(FROM {_ALL})"

    def fill(self, connection: duckdb.DuckDBPyConnection, table: str, query: str) -> Raw:
        """Read all tables, join them, and keep what ``query`` takes of each row.

        Raises:
            Refusal: The structure of a file is broken.
        """
        lead = _read(connection, self.lead, _LEAD)
        numbered = f", {NUMBER}" if lead.unreadable else ""
        columns = dict(self.lead.columns)
        rows = f"SELECT rowid AS place, {', '.join(columns.values())}{numbered} FROM {_LEAD}"
        self.parts.clear()
        for i, (join, opened) in enumerate(zip(self.joins, self.tables, strict=True)):
            part = _read(connection, opened, f"{_PART}{i}")
            ours = [columns[name] for name in join.pairs]
            theirs = [opened.columns[name] for name in join.pairs.values()]
            _keys(connection, i, theirs)
            blank = " AND ".join(f"{clean(f'r.{c}')} IS NULL" for c in self.lead.columns.values())
            taken = ", ".join(f"p.{c} AS j{i}_{c}" for c in opened.columns.values())
            rows = f"""
                SELECT r.*, {taken}, CASE WHEN {blank} THEN NULL WHEN k.n > 1 THEN {sql.text(REPEATED)}
                    WHEN k.n IS NULL THEN {sql.text(MISSING)} END AS j{i}
                FROM ({rows}) AS r LEFT JOIN {_KEY}{i} AS k ON k.key = {_key("r", ours)}
                LEFT JOIN {_PART}{i} AS p ON p.rowid = k.first AND k.n = 1"""
            columns |= {join.called(name): f"j{i}_{column}" for name, column in opened.columns.items()}
            self._count(connection, i, join, part, rows, ours)
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {_ALL} AS SELECT * EXCLUDE (place) FROM ({rows}) ORDER BY place"
        )
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {query}")
        if lead.unreadable:
            number(connection, [n for n, _ in lead.unreadable], table)
        self._forget(connection)
        return Raw(self.columns, lead.rows_delivered, lead.unreadable, self.surroundings, self.flags)

    def _count(
        self,
        connection: duckdb.DuckDBPyConnection,
        i: int,
        join: Join,
        part: Raw,
        rows: str,
        ours: Sequence[str],
    ) -> None:
        """What becomes of the rows of a joined table."""
        found = connection.execute(
            f"""SELECT coalesce(sum(n) FILTER (n = 1 AND named.key IS NOT NULL), 0)::BIGINT,
                coalesce(sum(n) FILTER (n > 1), 0)::BIGINT
            FROM {_KEY}{i} AS k LEFT JOIN (SELECT DISTINCT {_key("r", ours)} AS key FROM ({rows}) AS r) AS named
                ON named.key = k.key"""
        ).fetchone()
        joined, repeated = found if found else (0, 0)
        unused = part.rows_delivered - len(part.unreadable) - joined - repeated
        self.parts.append(
            StagedPart(join.name, part.rows_delivered, len(part.unreadable), joined, repeated, unused)
        )

    def _forget(self, connection: duckdb.DuckDBPyConnection) -> None:
        for table in (_LEAD, _ALL, *(f"{kind}{i}" for i in range(len(self.joins)) for kind in (_PART, _KEY))):
            connection.execute(f"DROP TABLE IF EXISTS {table}")


def _read(connection: duckdb.DuckDBPyConnection, opened: Opened, table: str) -> Raw:
    return opened.fill(connection, table, f"SELECT {', '.join(opened.columns.values())} FROM {opened.scan}")


def _key(alias: str, columns: Sequence[str]) -> str:
    """SQL of the values of several columns as one text; NULL where one of them is blank, which finds nothing."""
    values = f" || {sql.text(UNIT_SEPARATOR)} || ".join(clean(f"{alias}.{c}") for c in columns)
    return f"({values})"


def _keys(connection: duckdb.DuckDBPyConnection, i: int, columns: Sequence[str]) -> None:
    """The keys of a joined table: how many rows have each, and the first of them."""
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE {_KEY}{i} AS
        SELECT {_key("p", columns)} AS key, count(*) AS n, min(p.rowid) AS first
        FROM {_PART}{i} AS p WHERE key IS NOT NULL GROUP BY key"""
    )
