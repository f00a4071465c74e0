"""OpenDocument spreadsheets (.ods): a table with titles above it and notes below."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

import duckdb

from pipelines.sample_countries.writing import cells
from pipelines.sample_countries.writing.cells import Cell

MIME = "application/vnd.oasis.opendocument.spreadsheet"
MANIFEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">
<manifest:file-entry manifest:full-path="/" manifest:media-type="{MIME}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>
"""
BEGINNING = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:spreadsheet>
<table:table table:name="Planilha1">
"""
END = "</table:table></office:spreadsheet></office:body></office:document-content>\n"


def write(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    path: Path,
    types: Mapping[str, str],
    titles: Sequence[str],
    notes: Sequence[str],
) -> None:
    """Write the rows of ``query`` to the only sheet; a blank row follows the titles."""
    with zipfile.ZipFile(path, "w") as archive:
        # the first member must be stored as it is, so that programs know the format by its place
        archive.writestr(_member("mimetype", zipfile.ZIP_STORED), MIME)
        archive.writestr(_member("META-INF/manifest.xml"), MANIFEST)
        with archive.open(_member("content.xml"), "w") as content:
            for part in _content(connection, query, types, titles, notes):
                content.write(part.encode("utf-8"))


def _content(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    types: Mapping[str, str],
    titles: Sequence[str],
    notes: Sequence[str],
) -> Iterator[str]:
    yield BEGINNING
    for title in (*titles, *([""] if titles else [])):
        yield _row((title,))
    yield _row(tuple(cells.header(connection, query)))
    for row in cells.rows(connection, query, types):
        yield _row(row)
    for note in (*([""] if notes else []), *notes):
        yield _row((note,))
    yield END


def _row(values: Sequence[Cell]) -> str:
    return f"<table:table-row>{''.join(map(_cell, values))}</table:table-row>\n"


def _cell(value: Cell) -> str:
    match value:
        case None | "":
            return "<table:table-cell/>"
        case str():
            return (
                '<table:table-cell office:value-type="string">'
                f"<text:p>{escape(value)}</text:p></table:table-cell>"
            )
        case date():
            return (
                f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}">'
                f"<text:p>{value:%d/%m/%Y}</text:p></table:table-cell>"
            )
    return (
        f'<table:table-cell office:value-type="float" office:value="{value}">'
        f"<text:p>{value}</text:p></table:table-cell>"
    )


def _member(name: str, compression: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    """A member without a clock's time, so that the same rows give the same bytes."""
    member = zipfile.ZipInfo(name, date_time=(2020, 1, 1, 0, 0, 0))
    member.compress_type = compression
    return member
