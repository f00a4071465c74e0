"""Rows of a driver as one Parquet file: the same rows are the same bytes, in whatever order they came.

Batches of rows become columns and are written as they come, each with the types of its values; DuckDB then makes of
them one file with one type a column, its rows in the order of their values, within a bound of memory.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any

import duckdb

from schemas import sql
from schemas.errors import Refusal

if TYPE_CHECKING:
    import pyarrow as pa

#: Types that Parquet has and that may stand in one column; of others the values become text.
_KNOWN: tuple[frozenset[type], ...] = (
    frozenset({int, float}),
    frozenset({int, Decimal}),
    *(frozenset({kind}) for kind in (bool, str, bytes, dt.date, dt.datetime, dt.time)),
)
_BYTES = (bytes, bytearray, memoryview)
_ROWS_IN_GROUP = 122_880


def write(
    batches: Iterable[Sequence[Sequence[Any]]], names: Sequence[str], target: Path, memory_limit: str
) -> int:
    """Write rows into a Parquet file.

    Args:
        batches: The rows, some at a time.
        names: Names of the columns.
        target: The file; parts lie beside it meanwhile.
        memory_limit: Memory that may be used to bring the rows into order.

    Returns:
        Number of rows; of none there is no file.
    """
    import pyarrow as pa
    import pyarrow.parquet as parquet

    made: list[Path] = []
    kinds: list[set[type]] = [set() for _ in names]
    rows = 0
    for batch in batches:
        columns = [_column(*each) for each in zip(names, zip(*batch, strict=True), kinds, strict=True)]
        made.append(target.with_name(f"{target.stem}.{len(made):06}.part"))
        parquet.write_table(pa.Table.from_arrays(columns, list(names)), made[-1], compression="zstd")
        rows += len(batch)
    if made:
        _in_order(made, target, memory_limit)
    for part in made:
        part.unlink()
    return rows


def _in_order(parts: Sequence[Path], target: Path, memory_limit: str) -> None:
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute(f"SET memory_limit = {sql.text(memory_limit)}")
        connection.execute(f"SET temp_directory = {sql.text(str(target.with_suffix('.spill')))}")
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET enable_progress_bar = false")  # it is drawn on standard output
        listed = f"[{sql.texts(map(str, parts))}]"
        connection.execute(
            f"COPY (FROM read_parquet({listed}, union_by_name = true) ORDER BY ALL) TO {sql.text(str(target))}"
            f" (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROWS_IN_GROUP})",
        )


def _column(name: str, values: Sequence[Any], seen: set[type]) -> pa.Array:
    """Values of one column; what Parquet has no type for is text, as a person or a program reads it.

    Args:
        name: The column.
        values: Some of its values.
        seen: The types of its values before; those of these are added.

    Raises:
        Refusal: It holds bytes beside other values.
    """
    import pyarrow as pa

    kinds = {bytes if issubclass(kind, _BYTES) else kind for kind in set(map(type, values))} - {NoneType}
    seen |= kinds
    if bytes in seen and len(seen) > 1:
        raise _mixed(name)
    if any(kinds <= known for known in _KNOWN):
        try:
            return pa.array(values)
        except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
            pass  # numbers of more digits than Arrow has
    return pa.array([None if value is None else _text(value) for value in values], pa.string())


def _mixed(name: str) -> Refusal:
    return Refusal(
        f"the column {name} holds bytes beside other values, which have no type in common",
        where="fetch: database",
        how="let the query turn it into one type, for example by CAST(... AS TEXT)",
        code="mixed_types",
    )


def _text(value: object) -> str:
    match value:
        case str():
            return value
        case dict() | list() | tuple():
            return json.dumps(value, ensure_ascii=False, default=str)
        case dt.datetime():
            return value.isoformat(sep=" ")
    return str(value)
