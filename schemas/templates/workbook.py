"""A record type as a workbook that a provider fills in: drop-downs, an instruction sheet, and no macros.

Three sheets: instructions, the table (named like the record type), and the lists. Above the table stand the edition
and the period of the delivery; the last row before the data holds the names of the columns, by which the table is
found. Only what Excel 2010 knew is used, so that Excel 2016 and LibreOffice show the same.

The bytes depend on the declarations alone: the file carries a fixed date and no clock.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from schemas.record_type import RecordType
from schemas.templates import columns as column_rules
from schemas.templates import examples, instructions, list_sheet
from schemas.templates.columns import Column
from schemas.templates.styles import Styles
from schemas.templates.words import Language, how, label, meaning, word

#: Rows that have drop-downs and warnings where nothing else is said.
ROWS = 20_000

#: Date that the file carries, so that its bytes are the same on every day.
MADE = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - xlsxwriter wants it without a zone

#: Rows of the data sheet, from 0: title, edition, period, labels, example, names of the columns.
TITLE, EDITION, PERIOD, LABELS, EXAMPLE, NAMES = range(6)
FIRST = NAMES + 1

#: Least widths, in characters, and the greatest.
_WIDTHS, _WIDEST = {"code": 26, "date": 14, "integer": 13, "number": 13, "text": 18}, 30


@dataclass(frozen=True)
class Template:
    """What a workbook is made for.

    Args:
        kind: The record type.
        columns: Its columns.
        language: Language of everything but the names of the columns.
        rows: Rows that have drop-downs and warnings; what stands below is loaded too.
    """

    kind: RecordType
    columns: Sequence[Column]
    language: Language
    rows: int = ROWS

    @property
    def has_period(self) -> bool:
        """Whether the provider states which period the file covers."""
        return column_rules.replaces(self.kind) == "month"

    @property
    def last(self) -> int:
        """The last row, from 0, that has drop-downs."""
        return FIRST + self.rows - 1

    @property
    def sheet(self) -> str:
        """Name of the data sheet."""
        return self.kind.name


def rendered(template: Template) -> bytes:
    """The workbook."""
    import xlsxwriter

    sink = io.BytesIO()
    book = xlsxwriter.Workbook(sink, {"in_memory": True})
    book.set_properties({"title": f"siprev {template.kind.name}", "created": MADE})
    styles = Styles(book)
    about = book.add_worksheet(word("instructions", template.language))
    table = book.add_worksheet(template.sheet)
    lists = list_sheet.ListSheet(book, styles, template.columns, template.language)
    instructions.write(about, styles, template)
    _Table(table, styles, template, lists).write()
    lists.write()
    about.activate()
    book.close()
    return sink.getvalue()


def _width(column: Column) -> int:
    return max(_WIDTHS[column.kind], min(_WIDEST, len(column.name) + 1))


class _Table:
    """The data sheet."""

    def __init__(self, sheet: Any, styles: Styles, template: Template, lists: list_sheet.ListSheet) -> None:
        self.sheet = sheet
        self.styles = styles
        self.template = template
        self.columns = template.columns
        self.language = template.language
        self.lists = lists

    def write(self) -> None:
        """Everything on it."""
        self._above()
        for position, column in enumerate(self.columns):
            self._column(position, column)
        self._missing()
        self.sheet.set_row(LABELS, 60)
        self.sheet.freeze_panes(FIRST, 0)
        self._print()

    def _above(self) -> None:
        """Title, edition and period: they stand in cells of their own, so that a reader finds them as text."""
        say = self.language
        title = f"{word('title', say)}: {self.template.kind.titles[say]}"
        self.sheet.write_string(TITLE, 0, title, self.styles.title)
        asked = [(EDITION, "edition", 1)]
        if self.template.has_period:
            asked.append((PERIOD, "period", 2))
        for row, key, cells in asked:
            self.sheet.write_string(row, 0, word(key, say), self.styles.asked)
            for cell in range(cells):
                # the words take as much room as the first columns have
                self.sheet.write_blank(row, 3 + cell, None, self.styles.to_fill)
                self.sheet.data_validation(row, 3 + cell, row, 3 + cell, self._date())

    def _column(self, position: int, column: Column) -> None:
        say, styles = self.language, self.styles
        self.sheet.set_column(position, position, _width(column), styles.cells(column.kind))
        self.sheet.write_string(LABELS, position, label(column, say), styles.heading(column))
        self._example(position, column)
        self.sheet.write_string(NAMES, position, column.name, styles.name)
        note = f"{meaning(column, say)}\n{how(column, say)}"
        self.sheet.write_comment(
            LABELS, position, note, {"x_scale": 2, "author": "siprev", "color": "#FFFFE1"}
        )
        validation = self._validation(position, column)
        if validation:
            self.sheet.data_validation(FIRST, position, self.template.last, position, validation)
        if column.choices(say):
            rule = {"type": "formula", "criteria": self.lists.is_not_listed(column, FIRST, position)}
            self.sheet.conditional_format(
                FIRST, position, self.template.last, position, rule | {"format": styles.wrong}
            )

    def _example(self, position: int, column: Column) -> None:
        text = examples.value(column, self.language)
        shown = next((c for c in column.choices(self.language) if c.code == text), None)
        self.sheet.write_string(
            EXAMPLE, position, list_sheet.shown(shown) if shown else text, self.styles.example
        )

    def _date(self, days: tuple[str, str] = ("1900-01-01", "2100-12-31")) -> dict[str, Any]:
        first, last = (dt.date.fromisoformat(day) for day in days)
        return {
            "validate": "date",
            "criteria": "between",
            "minimum": max(first, dt.date(1900, 1, 1)),
            "maximum": last,
            "error_title": word("title", self.language),
            "error_message": word("no_date", self.language, first=first, last=last),
        }

    def _validation(self, position: int, column: Column) -> dict[str, Any] | None:
        """What may be entered in a column; None where any text may."""
        if column.choices(self.language):
            return self.lists.validation(column, FIRST, position)
        if column.kind == "date":
            return self._date(*([column.days] if column.days else []))
        if column.kind in ("integer", "number"):
            return self._number(column)
        return None

    def _number(self, column: Column) -> dict[str, Any]:
        limits = column_rules.LIMITS.get(column.field.sql_type, (-1e15, 1e15))
        # a spreadsheet holds 15 digits
        low = max(column.low if column.low is not None else limits[0], -1e15)
        low += column_rules.SMALLEST if column.above else 0
        high = min(column.high if column.high is not None else limits[1], 1e15)
        return {
            "validate": "integer" if column.kind == "integer" else "decimal",
            "criteria": "between",
            "minimum": low,
            "maximum": high,
            "error_title": word("title", self.language),
            "error_message": word("no_number", self.language, how=how(column, self.language))[:255],
        }

    def _missing(self) -> None:
        """A required cell turns red as soon as its row holds anything."""
        from xlsxwriter.utility import xl_rowcol_to_cell as cell

        first = cell(FIRST, 0, col_abs=True)
        last = cell(FIRST, len(self.columns) - 1, col_abs=True)
        for position, column in enumerate(self.columns):
            if column.required:
                criteria = f"=AND(COUNTA({first}:{last})>0,LEN(TRIM({cell(FIRST, position)}))=0)"
                rule = {"type": "formula", "criteria": criteria, "format": self.styles.wrong}
                self.sheet.conditional_format(FIRST, position, self.template.last, position, rule)

    def _print(self) -> None:
        self.sheet.set_landscape()
        self.sheet.set_paper(9)  # A4
        self.sheet.repeat_rows(LABELS, NAMES)
        self.sheet.fit_to_pages(max(1, round(sum(map(_width, self.columns)) / 150)), 0)
        self.sheet.set_footer("&L&A&R&P / &N")
