"""The sheet of a template with all its lists, and the drop-downs that show them.

A short list is shown whole and nothing else may be entered. Of a long one (offences, countries, municipalities) the
drop-down shows the entries that begin with what is typed, so that a code or its beginning is enough to find them;
since what is typed is no entry yet, anything may be entered there, and a cell turns red where it holds no code.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from schemas.templates.columns import Choice, Column
from schemas.templates.styles import Styles
from schemas.templates.words import Language, entry, label, word

#: A list with more entries is long.
LONG = 40
#: Longest label that is shown: a look-up of more than 255 characters fails in Excel.
LENGTH = 120
#: Rows of the sheet before the entries.
TOP = 2


def shown(choice: Choice) -> str:
    """An entry as it stands in the drop-down."""
    text = choice.label if len(choice.label) <= LENGTH else choice.label[: LENGTH - 1].rstrip() + "…"
    return entry(choice.code, text)


class ListSheet:
    """The sheet and its lists; each has its entries in one column and their codes in the next."""

    def __init__(self, book: Any, styles: Styles, columns: Sequence[Column], language: Language) -> None:
        self._book = book
        self._sheet = book.add_worksheet(word("lists", language))
        self._styles = styles
        self._language = language
        self._choices: dict[str, tuple[Choice, ...]] = {}
        self._titles: dict[str, str] = {}
        for column in columns:
            choices = column.choices(language)
            if choices:
                self._choices.setdefault(column.list_name, self._ordered(choices))
                self._titles.setdefault(column.list_name, column.codelist or label(column, language))

    @staticmethod
    def _ordered(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
        """Entries with one beginning must stand together in a long list."""
        return choices if len(choices) <= LONG else tuple(sorted(choices, key=lambda c: c.code))

    def is_long(self, column: Column) -> bool:
        """Whether a column's list is too long to be shown whole."""
        return len(self._choices.get(column.list_name, ())) > LONG

    def write(self) -> None:
        """Write the lists, and give each a name."""
        for position, (name, choices) in enumerate(self._choices.items()):
            at = 2 * position
            self._sheet.write_string(0, at, self._titles[name], self._styles.section)
            self._sheet.set_column(at, at, min(60, max(len(shown(c)) for c in choices) + 2))
            self._sheet.set_column(at + 1, at + 1, 2 + max(len(c.code) for c in choices))
            for row, choice in enumerate(choices, start=TOP):
                style = self._styles.entry(choice.depth)
                self._sheet.write_string(row, at, shown(choice), style)
                self._sheet.write_string(row, at + 1, choice.code, self._styles.entry(0))
            for prefix, column in (("list", at), ("code", at + 1)):
                self._book.define_name(f"{prefix}_{name}", self._range(column, len(choices)))
        self._sheet.freeze_panes(TOP, 0)
        self._sheet.protect("", {"select_locked_cells": True, "format_columns": True})
        self._sheet.set_landscape()
        self._sheet.set_paper(9)
        self._sheet.fit_to_pages(max(1, len(self._choices) // 6), 0)

    def _range(self, column: int, length: int) -> str:
        from xlsxwriter.utility import xl_range_abs

        return f"='{self._sheet.get_name()}'!{xl_range_abs(TOP, column, TOP + length - 1, column)}"

    def validation(self, column: Column, row: int, position: int) -> dict[str, Any]:
        """The drop-down of a column whose first cell is at a row and a position."""
        from xlsxwriter.utility import xl_rowcol_to_cell as cell

        name, say = column.list_name, self._language
        if not self.is_long(column):
            return {
                "validate": "list",
                "source": f"=list_{name}",
                "error_title": word("title", say),
                "error_message": word("not_in_list", say, lists=word("lists", say)),
            }
        typed = f'{cell(row, position)}&"*"'
        start = f"MATCH({typed},list_{name},0)-1"
        return {
            "validate": "list",
            "source": f"=OFFSET(INDEX(list_{name},1),{start},0,COUNTIF(list_{name},{typed}),1)",
            "input_title": word("title", say),
            "input_message": word("type_code", say),
            "show_error": False,
        }

    def is_not_listed(self, column: Column, row: int, position: int) -> str:
        """A formula that is true for a cell which holds neither a code of the list nor an entry of it."""
        from xlsxwriter.utility import xl_rowcol_to_cell as cell

        at = cell(row, position)
        code = f'LEFT({at},FIND(" ",{at}&" ")-1)'
        return f"=AND(LEN({at})>0,ISNA(MATCH({code},code_{column.list_name},0)))"
