"""Writing a query's rows to a CSV file as a provider would send it: encoding, delimiter, line breaks."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import duckdb

Encoding = Literal["utf-8", "latin-1"]

#: Bytes that are transcoded at a time.
CHUNK = 1 << 24


def write(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    path: Path,
    *,
    delimiter: str = ",",
    encoding: Encoding = "utf-8",
    line_break: Literal["\n", "\r\n"] = "\n",
) -> None:
    """Write the rows of ``query``, in its order, with a header.

    DuckDB writes UTF-8 only and quotes what holds a delimiter: other encodings, and delimiters that must break a
    row (``faults.STRAY``), are made from its file.
    """
    plain = path.with_name(path.name + ".utf8")
    new_line = line_break.replace("\r", "\\r").replace("\n", "\\n")
    target = str(plain).replace("'", "''")
    connection.execute(
        f"COPY ({query}) TO '{target}' (FORMAT csv, HEADER, DELIMITER '{delimiter}', NEW_LINE '{new_line}')"
    )
    with plain.open(encoding="utf-8", newline="") as source, path.open("wb") as finished:
        while text := source.read(CHUNK):
            finished.write(text.replace("\x01", delimiter).encode(encoding))
    plain.unlink()
