"""The answer of a query as table, CSV, JSON or Parquet, on standard output or in a file.

Every type that DuckDB knows can be written in every format: what a format has no form for is written as text. Where
numbers are text, whole ones have no decimals.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.cli import present
from schemas.errors import Misuse

if TYPE_CHECKING:
    import pyarrow as pa

_NANOSECONDS = 1_000_000_000


def write(answer: pa.Table, form: str, output: Path | None) -> None:
    """Write an answer.

    Raises:
        Misuse: Parquet without a file, or the file cannot be written.
    """
    if form == "parquet" and output is None:
        raise Misuse("parquet needs a file", how="name one with -o", code="no_output")
    answer = answer.rename_columns(names_apart(answer.column_names))
    if form == "table" and output is None:
        present.table(_rows(answer), answer.column_names, exact=True)
        return
    content = _bytes(answer, "csv" if form == "table" else form)
    if output is None:
        present.utf8(content)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise Misuse(
            f"the file cannot be written: {error.strerror}",
            where=str(output),
            how="name another file",
            code="no_output",
        ) from error


def names_apart(names: Sequence[str]) -> list[str]:
    """Column names that all differ: a name that comes again gets a number, as in a subquery of DuckDB."""
    apart: list[str] = []
    for name in names:
        free, number = name, 0
        while free in apart or (number and free in names):
            number += 1
            free = f"{name}_{number}"
        apart.append(free)
    return apart


def _rows(answer: pa.Table) -> list[dict[str, Any]]:
    """Rows whose values are all of types that JSON has."""
    columns = [_plain(answer.column(i)) for i in range(answer.num_columns)]
    return [dict(zip(answer.column_names, row, strict=True)) for row in zip(*columns, strict=True)]


def _plain(column: pa.ChunkedArray) -> list[Any]:
    import pyarrow as pa

    if pa.types.is_interval(column.type):
        return [None if v is None else _duration(v.months, v.days, v.nanoseconds) for v in column.to_pylist()]
    try:
        values = column.to_pylist()
    except (ValueError, OverflowError):
        values = _texts(column)
    return [present.plain(value) for value in values]


def _texts(column: pa.ChunkedArray) -> list[Any]:
    """Values as text: dates that Python has no value for."""
    import pyarrow as pa

    try:
        texts: list[Any] = column.cast(pa.string()).to_pylist()
    except pa.ArrowException:
        raise Misuse(
            "a column holds a list of dates before year 1 or after year 9999, which cannot be written",
            where="query",
            how="write it as text: SELECT column::VARCHAR",
            code="no_form",
        ) from None
    return texts


def _duration(months: int, days: int, nanoseconds: int) -> str:
    """An interval as ISO 8601 writes a duration."""
    seconds = f"{nanoseconds / _NANOSECONDS:.9f}".rstrip("0").rstrip(".")
    return f"P{months}M{days}DT{seconds}S"


def _bytes(answer: pa.Table, form: str) -> bytes:
    if form == "json":
        return (json.dumps(_rows(answer), ensure_ascii=False) + "\n").encode()
    sink = io.BytesIO()
    if form == "parquet":
        import pyarrow.parquet as parquet

        parquet.write_table(_as_text(answer, keep_nested=True), sink)
    else:
        import pyarrow.csv as csv

        csv.write_csv(_whole(_as_text(answer, keep_nested=False)), sink)
    return sink.getvalue()


def _as_text(answer: pa.Table, *, keep_nested: bool) -> pa.Table:
    """The answer with the columns that the format cannot hold as text: intervals, and for CSV lists and bytes too."""
    import pyarrow as pa

    for i, field in enumerate(answer.schema):
        kind = field.type
        nested = pa.types.is_nested(kind)
        foreign = (
            pa.types.is_interval(kind) or pa.types.is_union(kind) or (nested and "interval" in str(kind))
        )
        if foreign or (not keep_nested and (nested or pa.types.is_binary(kind) or _is_extension(kind))):
            texts = [
                v if v is None or isinstance(v, str) else json.dumps(v, ensure_ascii=False)
                for v in _plain(answer.column(i))
            ]
            answer = answer.set_column(i, field.name, pa.array(texts, pa.string()))
    return answer


def _whole(answer: pa.Table) -> pa.Table:
    """The answer with columns of whole decimals, such as sums of counts, without the places that their type has."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for i, field in enumerate(answer.schema):
        if pa.types.is_decimal(field.type) and field.type.scale > 0:
            column = answer.column(i)
            if pc.all(pc.equal(column, pc.trunc(column))).as_py():
                whole = column.cast(pa.decimal128(field.type.precision, 0))
                answer = answer.set_column(i, field.name, whole)
    return answer


def _is_extension(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return isinstance(kind, pa.BaseExtensionType)
