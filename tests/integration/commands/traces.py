"""Searching everything that a home folder holds for values that must not be there.

Bytes are searched in four encodings and without regard to capitals; databases, archives and packed tables are also
opened and asked, since what they hold is packed in pages.
"""

from __future__ import annotations

import gzip
import io
import re
import sqlite3
import struct
import zipfile
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import duckdb

_HASH = re.compile(rb"[0-9a-f]{32,64}")
_ENCODINGS = ("utf-8", "latin-1", "utf-16-le", "utf-16-be")


def forms(value: str) -> set[bytes]:
    """The bytes of a value in every encoding, in small letters."""
    return {value.lower().encode(encoding) for encoding in _ENCODINGS}


def packed(number: str) -> set[bytes]:
    """The bytes of a number as databases keep it."""
    return {struct.pack(form, float(number)) for form in ("<d", ">d", "<f", ">f")}


def in_bytes(content: bytes, values: Iterable[str]) -> set[str]:
    """The values that occur in bytes."""
    small = content.lower()
    return {value for value in values if any(form in small for form in forms(value))}


def of_file(path: Path, values: Collection[str]) -> set[str]:
    """The values that occur in a file: in its bytes, and in what it holds packed."""
    content = path.read_bytes()
    found = in_bytes(content, values)
    for inner in _inside(path, content):
        found |= in_bytes(inner, values)
    return found


def _inside(path: Path, content: bytes) -> Iterator[bytes]:
    """What a file holds packed, as bytes."""
    if content[8:12] == b"DUCK":
        yield "\n".join(rows_of(path)).encode("utf-8", "replace")
    elif content.startswith(b"SQLite format 3\0"):
        yield "\n".join(_rows_of_sqlite(path)).encode("utf-8", "replace")
    elif content.startswith(b"PAR1"):
        with duckdb.connect() as connection:
            yield str(connection.execute(f"FROM read_parquet('{path}')").fetchall()).encode(
                "utf-8", "replace"
            )
    elif content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    elif content.startswith(b"\x1f\x8b"):
        yield gzip.decompress(content)


def hexadecimal_in(path: Path) -> Iterator[str]:
    """Everything in a file that looks like a hash in hexadecimal."""
    content = path.read_bytes()
    for text in (content, *_inside(path, content)):
        yield from (found.decode() for found in _HASH.findall(text))


def rows_of(path: Path) -> Iterator[str]:
    """Every row of every table of a DuckDB file as text, and every name, comment and definition in it."""
    with duckdb.connect(path, read_only=True, config={"threads": 1}) as connection:
        tables = connection.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = current_database()"
        ).fetchall()
        assert tables, path
        for schema, table in tables:
            yield from (str(row) for row in connection.execute(f'FROM "{schema}"."{table}"').fetchall())
        for what in ("tables", "views", "columns", "types", "functions"):
            kept = f"FROM duckdb_{what}() WHERE database_name = current_database()"
            yield from (str(row) for row in connection.execute(kept).fetchall())


def _rows_of_sqlite(path: Path) -> Iterator[str]:
    connection = sqlite3.connect(path)
    connection.text_factory = lambda value: value.decode("utf-8", "replace")
    try:
        tables = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
        for name, statement in tables:
            yield str(statement)
            yield from (str(row) for row in connection.execute(f'SELECT * FROM "{name}"'))
    finally:
        connection.close()


def in_folder(
    folder: Path, values: Collection[str], *, besides: Collection[str] = ()
) -> tuple[dict[str, set[str]], int]:
    """The values that occur in the files of a folder, by file, and how many files were searched.

    Args:
        folder: The folder.
        values: The values.
        besides: First parts of paths that are left out.
    """
    found: dict[str, set[str]] = {}
    searched = 0
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if not path.is_file() or name.parts[0] in besides:
            continue
        searched += 1
        if here := of_file(path, values) | in_bytes(str(name).encode(), values):
            found[str(name)] = here
    return found, searched
