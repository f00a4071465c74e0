"""In which format a delivery is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb

from pipelines.sample_countries.writing import csvfile, lines, opendocument, workbook
from pipelines.sample_countries.writing.csvfile import Encoding

Format = Literal["csv", "xlsx", "ods", "parquet", "ndjson"]


@dataclass(frozen=True)
class Form:
    """How a file is written.

    Args:
        format: What kind of file it is.
        encoding: Of text.
        delimiter: Of text.
        line_break: Of text.
        titles: Rows above the header of a spreadsheet.
        notes: Rows below the table of a spreadsheet.
    """

    format: Format
    encoding: Encoding = "utf-8"
    delimiter: str = ","
    line_break: Literal["\n", "\r\n"] = "\n"
    titles: Sequence[str] = ()
    notes: Sequence[str] = ()


def write(
    connection: duckdb.DuckDBPyConnection, query: str, path: Path, form: Form, types: Mapping[str, str]
) -> None:
    """Write the rows of a query whose columns are all text.

    Args:
        connection: On which the query runs.
        query: The rows, in their order.
        path: The file.
        form: Its format.
        types: DuckDB type of what a column holds, for formats whose cells are typed.
    """
    match form.format:
        case "csv":
            csvfile.write(
                connection, query, path,
                delimiter=form.delimiter, encoding=form.encoding, line_break=form.line_break,
            )  # fmt: skip
        case "parquet":
            lines.parquet(connection, query, path)
        case "ndjson":
            lines.ndjson(connection, query, path)
        case "xlsx":
            workbook.write(connection, query, path, types, form.titles, form.notes)
        case "ods":
            opendocument.write(connection, query, path, types, form.titles, form.notes)
