"""Office Open XML workbooks (.xlsx): a table with titles above it and notes below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import duckdb

from pipelines.sample_countries.writing import cells

#: The moment at which all workbooks were made, so that the same rows give the same bytes.
CREATED = datetime(2020, 1, 1)  # noqa: DTZ001 - the format has no time zone


def write(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    path: Path,
    types: Mapping[str, str],
    titles: Sequence[str],
    notes: Sequence[str],
) -> None:
    """Write the rows of ``query`` to the first sheet; a blank row follows the titles."""
    import xlsxwriter

    header = cells.header(connection, query)
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_numbers": False}) as book:
        book.set_properties({"created": CREATED})
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
        place = 0
        for title in (*titles, *([""] if titles else [])):
            sheet.write_string(place, 0, title)
            place += 1
        sheet.write_row(place, 0, header)
        for row in cells.rows(connection, query, types):
            place += 1
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(place, column, value)
                elif isinstance(value, date):
                    sheet.write_datetime(place, column, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
                elif value is not None:
                    sheet.write_number(place, column, value)
        for offset, note in enumerate(notes, start=2):
            sheet.write_string(place + offset, 0, note)
