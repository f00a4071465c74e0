"""R data files (rds, RData): a data frame, alone or by its name; a factor arrives as its labels.

R keeps such a file whole and so it is read, unlike those of other formats.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from schemas.errors import Refusal
from sources.kit.forms import RForm
from sources.kit.landing import Bytes, Landed
from sources.kit.readers import arrow_rows, as_text, kind, r_stream
from sources.kit.readers import header as header_rules
from sources.kit.readers.arrow_rows import OpenedRows
from sources.kit.readers.r_stream import MISSING, Vector
from sources.kit.readers.workspace import Workspace
from sources.kit.tables import Table

if TYPE_CHECKING:
    import pyarrow as pa

#: Rows that are passed on at a time.
ROWS = 50_000
#: How a file of several objects begins.
_SEVERAL = (b"RDX2\n", b"RDX3\n", b"RDB2\n", b"RDB3\n")
_TEXTS, _LIST = 16, 19


def recognises(seen: Bytes) -> bool:
    """Whether these may be the bytes of an R data file."""
    return kind.known(seen) in ("r", None)


def opened(landed: Landed, table: Table, work: Workspace) -> OpenedRows:
    """Look at the columns of the declared data frame.

    Raises:
        Refusal: It is no R data file, has no such frame, or its columns have drifted.
    """
    import pyarrow as pa

    form = cast(RForm, table.file)
    kind.require(landed.seen, "r", "an R data file", landed.name)
    objects = work.once((landed.sha256, "objects"), lambda: _objects(landed))
    frame = _frame(objects, form.object, landed.name)
    names = frame.texts("names")
    places = header_rules.positions(names, table, landed.name)
    columns = {name: f"c{place}" for name, place in places.items()}
    arrays = [_array(frame.values[place], names[place], landed.name) for place in places.values()]
    whole = pa.table(dict(zip(columns.values(), arrays, strict=True)))
    texts = [
        f"{as_text.text_of(_sql_type(field.type), field.name)} AS {field.name}" for field in whole.schema
    ]

    def batches() -> Iterator[pa.RecordBatch]:
        yield from whole.to_batches(max_chunksize=ROWS)

    scan = f"(SELECT {', '.join(texts)} FROM {arrow_rows.NAME})"
    return OpenedRows(columns, (), whole.schema, batches, scan)


def frames(landed: Landed, work: Workspace) -> dict[str, tuple[list[str], int]]:
    """Columns and number of rows of every data frame, by name; the one of an rds file has none.

    Raises:
        Refusal: It is no R data file, or has no data frame.
    """
    kind.require(landed.seen, "r", "an R data file", landed.name)
    objects = work.once((landed.sha256, "objects"), lambda: _objects(landed))
    found = {
        name: (frame.texts("names"), len(frame.values[0].values) if frame.values else 0)
        for name, frame in _frames(objects).items()
    }
    if not found:
        _frame(objects, None, landed.name)
    return found


def _objects(landed: Landed) -> Mapping[str, Any]:
    """The objects of a file by name; the one of an rds file has none.

    Raises:
        Refusal: The file is damaged or cut.
    """
    start = landed.seen.start
    if start.startswith((b"A\n", b"RDA2\n", b"RDA3\n")):
        raise Refusal(
            "the R data file was saved as text",
            where=landed.name,
            how="save it in R without ascii = TRUE",
            code="unreadable_file",
        )
    with landed.path.open("rb") as handle:
        data = mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ)
    try:
        if start.startswith(_SEVERAL):
            pairs = r_stream.read(data, len(_SEVERAL[0]))
            return {name: value for name, value in pairs or () if name}
        return {"": r_stream.read(data)}
    except r_stream.Unreadable:
        # not from it: what it holds is a part of the file
        raise kind.damaged("an R data file", landed.name) from None


def _frame(objects: Mapping[str, Any], wanted: str | None, where: str) -> Vector:
    """The data frame that is declared, or the only one.

    Raises:
        Refusal: There is none, there are several, or it is of another kind.
    """
    objects = _within(objects)
    frames = _frames(objects)
    any_fits = wanted is None or "" in frames
    fitting = [value for name, value in frames.items() if any_fits or name == wanted]
    if len(fitting) == 1:
        return fitting[0]
    listed = f" (it has {', '.join(frames)})" if any(frames) else ""
    if wanted in objects:
        what = f"the object {wanted!r} is no data frame"
    elif wanted is not None:
        what = f"the file has no object {wanted!r}"
    else:
        what = (
            f"the file has {len(frames)} data frames, where one is read"
            if frames
            else "the file has no data frame"
        )
    raise Refusal(
        what,
        where=where + listed,
        how="name the data frame under file: object in source.yml"
        if frames
        else "save the table as a data frame: a list, a matrix or a model is not read",
        code="no_object",
    )


def _within(objects: Mapping[str, Any]) -> Mapping[str, Any]:
    """The objects of a file; where it is one list, those of the list."""
    alone = objects.get("")
    if isinstance(alone, Vector) and alone.kind == _LIST and "data.frame" not in alone.texts("class"):
        return dict(zip(alone.texts("names"), alone.values, strict=False))
    return objects


def _frames(objects: Mapping[str, Any]) -> dict[str, Vector]:
    return {name: value for name, value in _within(objects).items() if _is_frame(value)}


def _is_frame(value: Any) -> bool:
    return isinstance(value, Vector) and value.kind == _LIST and "data.frame" in value.texts("class")


def _sql_type(arrow: pa.DataType) -> str:
    """DuckDB's type of a column."""
    import pyarrow as pa

    if pa.types.is_date(arrow):
        return "DATE"
    if pa.types.is_timestamp(arrow):
        return "TIMESTAMP"
    return "DOUBLE" if pa.types.is_floating(arrow) else "VARCHAR"


def _array(column: Any, name: str, where: str) -> pa.Array:
    """A column of a data frame.

    Raises:
        Refusal: It holds lists, a matrix, or what is no vector.
    """
    import numpy as np
    import pyarrow as pa

    classes = column.texts("class") if isinstance(column, Vector) else []
    if not isinstance(column, Vector) or column.kind in (15, _LIST, 20, 24) or "dim" in column.attributes:
        raise Refusal(
            f"the column {name!r} holds lists, a matrix or another object in each row",
            where=where,
            how="ask the provider for a table with one value in each cell",
            code="no_table",
        )
    if column.kind == _TEXTS:
        return pa.array(column.values, pa.string())
    values = column.values
    missing = values == MISSING if values.dtype.kind == "i" else np.isnan(values)
    if "integer64" in classes:
        values = values.view("i8")
        return pa.array(values, mask=values == np.iinfo("i8").min)
    if "factor" in classes:
        labels = pa.array(column.texts("levels"), pa.string())
        return pa.DictionaryArray.from_arrays(pa.array(values - 1, mask=missing), labels).cast(pa.string())
    if "Date" in classes:
        days = np.floor(np.where(missing, 0, values)).astype("i4")
        return pa.array(days, mask=missing).cast(pa.date32())
    if "POSIXct" in classes:
        micros = np.round(np.where(missing, 0, values) * 1_000_000).astype("i8")
        return pa.array(micros, mask=missing).cast(pa.timestamp("us"))
    if column.kind == 10:
        return pa.array(values.astype(bool), mask=missing)
    return pa.array(values, mask=missing)
