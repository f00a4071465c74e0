"""Rows by number: draws from the digits of a hash, the fault of each row, and the account of a planned table.

Values come from the digits of md5(row number). No random state, clock or locale is involved, so that the same
number of rows always gives the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from pipelines.sample_countries.faults import Fault, Planting, kind_of, kinds

#: The draws of a row are digits of two numbers below this one.
LIMIT = 2**63

#: Gives both rows of a pair that shares a key but nothing else.
KEY_REPEATED = "key.repeated"


class Draws:
    """Independent draws from the digits of a hashed number.

    Args:
        column: SQL of the number.
    """

    def __init__(self, column: str) -> None:
        self._column = column
        self._used = 1

    def below(self, limit: int) -> str:
        """SQL for the next draw, from 0 to ``limit`` - 1.

        Raises:
            ValueError: The number has no digits left.
        """
        drawn = f"({self._column} // {self._used} % {limit})"
        self._used *= limit
        if self._used > LIMIT:
            raise ValueError(f"no digits left in {self._column}")
        return drawn

    def of(self, values: Sequence[str | int]) -> str:
        """SQL for one of the values; a value that stands several times is drawn more often."""
        return element(values, self.below(len(values)))


def element(values: Sequence[str | int | None], index: str) -> str:
    """SQL for the value at ``index``, from 0."""
    listed = ", ".join(literal(value) for value in values)
    return f"([{listed}])[1 + {index}]"


def repeated(weights: Sequence[int]) -> list[int]:
    """Positions, each as often as its weight."""
    return [position for position, weight in enumerate(weights) for _ in range(weight)]


def month_after(year: int, month: int) -> date:
    """First day of the month that follows."""
    return date(year + month // 12, month % 12 + 1, 1)


def literal(value: str | int | None) -> str:
    """A value as a SQL literal."""
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


@dataclass(frozen=True)
class Numbered:
    """How the rows of a file are numbered and spoilt.

    Args:
        seed: Text that makes the draws of this file its own.
        rows: Number of rows.
        faults: The plan of faults.
        planting: Which rows are spoilt.
        repaired: Names of the faults that the provider has corrected in this edition.
    """

    seed: str
    rows: int
    faults: Sequence[Fault]
    planting: Planting = "planted"
    repaired: Collection[str] = ()

    def sql(self) -> str:
        """One row each: ``i`` number, ``j`` the row it takes its values from, ``kind``, ``status``, ``a``, ``b``."""
        repeating = kinds(self.faults, repeats="key")
        judged = f"({', '.join(str(k) for k, f in enumerate(self.faults) if f.rules) or 'NULL'})"
        return f"""
            SELECT i, j, kind, before_key,
                CASE WHEN kind IN {kinds(self.faults, unreadable=True)} THEN 'unreadable'
                     WHEN kind IN {kinds(self.faults, repeats="same")} THEN 'repeated'
                     WHEN kind IN {judged} OR before_key THEN 'quarantined'
                     ELSE 'loaded' END AS status,
                CAST(md5_number_lower('{self.seed}-' || j) >> 1 AS BIGINT) AS a,
                CAST(md5_number_upper('{self.seed}-' || j) >> 1 AS BIGINT) AS b
            FROM (
                SELECT i, kind,
                    CASE WHEN kind IN {kinds(self.faults, repeats="same")} THEN i - 1 ELSE i END AS j,
                    i + 1 < {self.rows} AND coalesce({self._kind("(i + 1)")} IN {repeating}, false) AS before_key
                FROM (SELECT i, {self._kind("i")} AS kind FROM range({self.rows}) AS numbers(i))
            )"""

    def _kind(self, number: str) -> str:
        kind = kind_of(self.faults, self.planting, number)
        repaired = [str(k) for k, fault in enumerate(self.faults) if fault.name in self.repaired]
        return (
            f"(CASE WHEN ({kind}) NOT IN ({', '.join(repaired)}) THEN {kind} END)"
            if repaired
            else f"({kind})"
        )


@dataclass(frozen=True)
class Account:
    """What must become of the rows of a file in which each row is one record."""

    delivered: int
    unreadable: int
    repeated: int
    quarantined: int
    loaded: int
    rules: dict[str, int]


def account(connection: duckdb.DuckDBPyConnection, table: str, faults: Sequence[Fault]) -> Account:
    """Count the planned rows of ``table`` (columns kind, before_key, status) by what must become of them."""
    counted = connection.execute(
        f"SELECT status, kind, before_key, count(*) FROM {table} GROUP BY ALL"
    ).fetchall()
    statuses: Counter[str] = Counter()
    rules: Counter[str] = Counter()
    for status, kind, before_key, n in counted:
        statuses[status] += n
        if status != "quarantined":
            continue
        for rule in faults[kind].rules if kind is not None else ():
            rules[rule] += n
        if before_key:
            rules[KEY_REPEATED] += n
    return Account(
        delivered=sum(statuses.values()),
        unreadable=statuses["unreadable"],
        repeated=statuses["repeated"],
        quarantined=statuses["quarantined"],
        loaded=statuses["loaded"],
        rules=dict(sorted(rules.items())),
    )
