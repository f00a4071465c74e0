"""The answer of a query as table, CSV, JSON or Parquet, on standard output or in a file."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.cli import present
from schemas.errors import Misuse

if TYPE_CHECKING:
    import pyarrow as pa


def write(answer: pa.Table, form: str, output: Path | None) -> None:
    """Write an answer.

    Raises:
        Misuse: Parquet without a file, or the file cannot be written.
    """
    if form == "parquet" and output is None:
        raise Misuse("parquet needs a file", how="name one with -o", code="no_output")
    if form == "table" and output is None:
        present.table(answer.to_pylist(), answer.column_names)
        return
    content = _bytes(answer, "csv" if form == "table" else form)
    if output is None:
        sys.stdout.write(content.decode())
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


def _bytes(answer: pa.Table, form: str) -> bytes:
    if form == "json":
        rows = present.plain(answer.to_pylist())
        return (json.dumps(rows, ensure_ascii=False) + "\n").encode()
    sink = io.BytesIO()
    if form == "parquet":
        import pyarrow.parquet as parquet

        parquet.write_table(answer, sink)
    else:
        import pyarrow.csv as csv

        csv.write_csv(answer, sink)
    return sink.getvalue()
