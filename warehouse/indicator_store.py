"""Writing indicator values: only cells that changed, so that history grows with change and not with time.

The computation hands over two temporary tables: all cells that the named indicators have now, and the denominators
of the areas and periods that are completely reported. What is equal to the current row stays as it is; what differs
or is new begins with this batch, what differs or has vanished ends with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schemas import sql
from warehouse import batch as batches
from warehouse.batch import Batch
from warehouse.database import Warehouse
from warehouse.declarations.indicator import DENOMINATOR, DENOMINATOR_KEY, KEY, VALUE_HISTORY
from warehouse.declared import VALIDITY, Table

CELLS = "indicator_cell"
DENOMINATORS = "indicator_denominator"

#: A new catalogue alone changes no cell: the version of the definition is part of the key.
_NOT_COMPARED = ("catalogue_version",)


@dataclass(frozen=True)
class Written:
    """How many cells changed.

    Attributes:
        begun: Cells that are new or have changed.
        ended: Cells that have changed or vanished.
        unchanged: Cells that are as before.
        denominators_begun: The same of the denominators.
        denominators_ended: The same of the denominators.
    """

    begun: int
    ended: int
    unchanged: int
    denominators_begun: int
    denominators_ended: int

    @property
    def changed(self) -> bool:
        """Whether anything was written."""
        return bool(self.begun or self.ended or self.denominators_begun or self.denominators_ended)


def write_cells(
    warehouse: Warehouse,
    batch: Batch,
    indicators: Sequence[str],
    *,
    cells: str = CELLS,
    denominators: str = DENOMINATORS,
) -> Written:
    """Bring the stored cells of some indicators into line with what was computed, in one transaction.

    Args:
        warehouse: The open warehouse.
        batch: The batch from which the changes hold.
        indicators: Indicators that were computed; cells of theirs that are not handed over have vanished.
        cells: Temporary table with columns named like those of ``indicator.value``; what it lacks is NULL.
        denominators: Temporary table with columns named like those of ``indicator.denominator``.

    Returns:
        How much changed; if nothing did, nothing was written and the batch is not begun.

    Raises:
        ValueError: A table has a cell twice, lacks a part of the key, or has a column that does not exist.
    """
    ids = sorted(set(indicators))
    with warehouse.transaction():
        value = _replace(warehouse, batch, VALUE_HISTORY, [c.name for c in KEY], cells, ids)
        divisor = _replace(
            warehouse, batch, DENOMINATOR, [c.name for c in DENOMINATOR_KEY], denominators, ids
        )
        written = Written(*value, *divisor[:2])
        if written.changed:
            batches.record(warehouse, batch)
    return written


def _replace(
    warehouse: Warehouse,
    batch: Batch,
    history: Table,
    key: Sequence[str],
    new: str,
    indicators: Sequence[str],
) -> tuple[int, int, int]:
    """Replace the current rows of some indicators.

    Returns:
        Rows begun, rows ended, rows unchanged.
    """
    own = [c for c in history.columns if c not in VALIDITY]
    given = _given(warehouse, history, key, new)
    scope = f"indicator IN ({sql.texts(indicators)})" if indicators else "false"
    _require_unique(warehouse, new, [k for k in key if k in given], scope)
    current = f"(SELECT rowid AS row_id, * FROM {history.path} WHERE valid_to IS NULL AND {scope})"
    names = ", ".join(sql.name(c.name) for c in own)
    values = ", ".join(
        f"{f'n.{sql.name(c.name)}' if c.name in given else 'NULL'}::{c.sql_type} AS {sql.name(c.name)}"
        for c in own
    )
    typed = f"(SELECT {values} FROM {new} AS n WHERE {scope})"
    total = warehouse.scalar(f"SELECT count(*) FROM {new} AS n WHERE {scope}")
    insert = f"INSERT INTO {history.path} ({names}, valid_from, valid_to)"
    if not warehouse.scalar(f"SELECT count(*) FROM {current}"):
        warehouse.connection.execute(f"{insert} SELECT {names}, {batch.batch_id}, NULL FROM {typed}")
        return total, 0, 0
    same = _same((c.name for c in own if c.name not in _NOT_COMPARED), (c.name for c in own if c.required))
    connection = warehouse.connection
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE cell_kept AS "
        f"SELECT o.row_id FROM {current} AS o SEMI JOIN {typed} AS n ON {same}"
    )
    kept = f"(FROM {current} SEMI JOIN cell_kept USING (row_id))"
    ended = warehouse.scalar(f"SELECT count(*) FROM {current} ANTI JOIN cell_kept USING (row_id)")
    begun = total - warehouse.scalar("SELECT count(*) FROM cell_kept")
    if begun:
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE cell_begun AS SELECT n.* FROM {typed} AS n ANTI JOIN {kept} AS o ON {same}"
        )
    if ended:
        connection.execute(
            f"UPDATE {history.path} SET valid_to = {batch.batch_id} WHERE valid_to IS NULL AND {scope}"
            " AND rowid NOT IN (SELECT row_id FROM cell_kept)"
        )
    if begun:
        connection.execute(f"{insert} SELECT {names}, {batch.batch_id}, NULL FROM cell_begun")
    for table in ("cell_kept", "cell_begun"):
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    return begun, ended, total - begun


def _same(compared: Iterable[str], required: Iterable[str]) -> str:
    """SQL condition: the new row n is the stored row o in every compared column."""
    never_null = set(required)  # plain equality joins faster
    return " AND ".join(
        f"o.{sql.name(c)} {'=' if c in never_null else 'IS NOT DISTINCT FROM'} n.{sql.name(c)}"
        for c in compared
    )


def _given(warehouse: Warehouse, history: Table, key: Sequence[str], new: str) -> set[str]:
    """Columns that the computation hands over."""
    given = {str(row[0]) for row in warehouse.connection.execute(f"DESCRIBE {new}").fetchall()}
    required = {c.name for c in history.columns if c.required and c not in VALIDITY and c.name in key}
    if missing := sorted(required - given):
        raise ValueError(f"{new} lacks a part of the key: {', '.join(missing)}")
    if unknown := sorted(given - {c.name for c in history.columns} - {"source_id"}):
        raise ValueError(f"{new} has columns that {history.path} does not have: {', '.join(unknown)}")
    return given


def _require_unique(warehouse: Warehouse, new: str, key: Sequence[str], scope: str) -> None:
    listed = ", ".join(sql.name(k) for k in key)
    twice = warehouse.connection.execute(
        f"SELECT indicator, ref_area, time_period FROM {new} WHERE {scope}"
        f" GROUP BY {listed} HAVING count(*) > 1 ORDER BY ALL LIMIT 3"
    ).fetchall()
    if twice:
        raise ValueError(f"{new} has a cell twice, for example: {twice}")
