"""Records in quarantine as their provider sent them, to be corrected and sent again: as CSV and as a workbook.

Before the provider's own columns stand the number of the record in its file, what is wrong, how to mend it, and the
names of the rules. Bulk: DuckDB makes the rows and writes the CSV; only a workbook is written cell by cell.
"""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from schemas import sql
from schemas.errors import Refusal
from schemas.templates.words import Language
from sources.kit.feedback.words import word

#: Rows that a sheet can hold below its header.
MOST_ROWS = 1_048_575
#: Date that a workbook carries, so that its bytes are the same on every day.
_MADE = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - xlsxwriter wants it without a zone
#: Excel and others know by it that a CSV file is UTF-8.
_MARK = b"\xef\xbb\xbf"


def query(
    waiting: str, rules: Mapping[str, tuple[str, str]], columns: Mapping[str, str], language: Language
) -> str:
    """SQL of the rows to give back, in the order of the file.

    Args:
        waiting: Query with row_number, rules and raw (the open columns as JSON).
        rules: Message and hint of every rule that occurs.
        columns: SQL over ``raw`` of each column that is given back, by its name in the file.
        language: Language of the messages.
    """
    told = ", ".join(
        f"({sql.text(code)}, {sql.text(message)}, {sql.text(hint)})"
        for code, (message, hint) in rules.items()
    )
    names = [sql.name(word(name, language)) for name in ("record", "problem", "how", "id")]
    given = "".join(f", {_plain(value)} AS {sql.name(name)}" for name, value in columns.items())
    return f"""
        WITH waiting AS ({waiting}), told(rule, message, hint) AS (VALUES {told}), said AS (
            SELECT row_number, row_part, string_agg(message, '; ' ORDER BY rule) AS message,
                string_agg(DISTINCT hint, '; ' ORDER BY hint) AS hint, string_agg(rule, '; ' ORDER BY rule) AS rules
            FROM (SELECT row_number, row_part, unnest(rules) AS rule FROM waiting) JOIN told USING (rule)
            GROUP BY row_number, row_part
        )
        SELECT w.row_number AS {names[0]}, s.message AS {names[1]}, s.hint AS {names[2]}, s.rules AS {names[3]}{given}
        FROM waiting AS w JOIN said AS s USING (row_number, row_part) ORDER BY w.row_number, w.row_part
    """


def _plain(value: str) -> str:
    """A value that no spreadsheet takes for a formula: an apostrophe stands before one that would be."""
    risky = f"regexp_matches({value}, '^[=+@\\t\\r-]') AND try_cast({value} AS DOUBLE) IS NULL"
    return f"CASE WHEN {risky} THEN '''' || {value} ELSE {value} END"


def as_csv(connection: duckdb.DuckDBPyConnection, rows: str, target: Path) -> None:
    """Write the rows as CSV that spreadsheets open as UTF-8."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".") as folder:
        bare = Path(folder) / "rows.csv"
        connection.execute(f"COPY ({rows}) TO {sql.text(str(bare))} (FORMAT csv, HEADER)")
        marked = Path(folder) / "marked.csv"
        with bare.open("rb") as source, marked.open("wb") as sink:
            sink.write(_MARK)
            shutil.copyfileobj(source, sink)
        marked.chmod(0o600)
        marked.replace(target)


def as_workbook(connection: duckdb.DuckDBPyConnection, rows: str, target: Path, title: str) -> None:
    """Write the rows as a workbook whose cells are text.

    Raises:
        Refusal: There are more rows than a sheet holds.
    """
    import xlsxwriter

    found = connection.execute(f"SELECT count(*) FROM ({rows})").fetchone()
    if found and found[0] > MOST_ROWS:
        raise Refusal(
            f"a sheet cannot hold {found[0]:,} records",
            where=str(target),
            how="give the provider the CSV file, which is complete",
            code="too_many_rows",
        )
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(target), options) as book:
        book.set_properties({"title": title, "created": _MADE})
        head = book.add_format({"bold": True, "bg_color": "#E7ECF1", "border": 1, "text_wrap": True})
        sheet = book.add_worksheet(title[:31])
        result = connection.execute(rows)
        names = [str(column[0]) for column in result.description or ()]
        for column, name in enumerate(names):
            sheet.write_string(0, column, name, head)
            sheet.set_column(column, column, (10, 50, 50, 30)[column] if column < 4 else 18)
        number = 0
        while batch := result.fetchmany(10_000):
            for row in batch:
                number += 1
                _write(sheet, number, row)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(number, 1), len(names) - 1)
    target.chmod(0o600)


def _write(sheet: Any, number: int, row: Sequence[Any]) -> None:
    for column, value in enumerate(row):
        if isinstance(value, str):
            sheet.write_string(number, column, value)
        elif value is not None:
            sheet.write_number(number, column, value)
