"""The instruction sheet of a template: what to do, every column, and what is checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schemas.rules import FAMILIES, explain
from schemas.templates import examples
from schemas.templates.styles import Styles
from schemas.templates.words import how, meaning, word

if TYPE_CHECKING:
    from schemas.templates.workbook import Template

#: Widths of the sheet's columns, in characters.
WIDTHS = (26, 58, 12, 50, 24)


def write(sheet: Any, styles: Styles, template: Template) -> None:
    """Write the sheet.

    Args:
        sheet: The empty sheet.
        styles: Cell formats of the workbook.
        template: What the workbook is for.
    """
    say = template.language
    for position, width in enumerate(WIDTHS):
        sheet.set_column(position, position, width)
    sheet.write_string(0, 0, f"{word('title', say)}: {template.kind.titles[say]}", styles.title)
    row = 2
    for number, text in enumerate(_paragraphs(template), start=1):
        sheet.merge_range(row, 0, row, len(WIDTHS) - 1, f"{number}. {text}", styles.paragraph)
        sheet.set_row(row, 15 * (1 + len(text) // (sum(WIDTHS) - 10)))
        row += 1
    row = _columns(sheet, styles, template, row + 1)
    _rules(sheet, styles, template, row + 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)
    sheet.set_footer("&L&A&R&P / &N")


def _paragraphs(template: Template) -> list[str]:
    say = template.language
    told = [
        word("row_is", say, sheet=template.sheet, grain=template.kind.grains[say]),
        word("first_fill", say),
    ]
    told += [
        word("required_first", say),
        word("choose", say, lists=word("lists", say)),
        word("write_dates", say),
    ]
    told += [word("red", say), word("keep", say, rows=template.last + 1)]
    if lacking := [c.name for c in template.columns if c.lacks_areas]:
        told.append(word("areas_not_loaded", say, columns=", ".join(lacking)))
    if any(c.sensitivity != "open" for c in template.columns):
        told.append(word("personal", say))
    return [*told, word("correct", say)]


def _columns(sheet: Any, styles: Styles, template: Template, row: int) -> int:
    """The table of columns; returns the row below it."""
    say = template.language
    sheet.write_string(row, 0, word("columns", say), styles.section)
    for position, key in enumerate(("column", "meaning", "required", "how", "example")):
        sheet.write_string(row + 1, position, word(key, say), styles.head)
    for at, column in enumerate(template.columns, start=row + 2):
        required = word("yes", say) if column.required else ""
        texts = (column.name, meaning(column, say), required, how(column, say), examples.value(column, say))
        for position, text in enumerate(texts):
            sheet.write_string(at, position, text, styles.cell)
        sheet.set_row(at, _height(texts))
    return row + 2 + len(template.columns)


def _rules(sheet: Any, styles: Styles, template: Template, row: int) -> None:
    """The rules that keep a record or a file out and that the table of columns does not tell already."""
    say = template.language
    sheet.write_string(row, 0, word("rules", say), styles.section)
    for position, key in enumerate(("rule", "message", "mend")):
        sheet.write_string(row + 1, (0, 1, 3)[position], word(key, say), styles.head)
    sheet.write_blank(row + 1, 2, None, styles.head)
    filled = {c.field.name for c in template.columns}
    at = row + 2
    for rule in template.kind.rules:
        told = rule.kind in FAMILIES or (rule.kind == "among" and len(rule.fields) == 1)
        if told or rule.severity == "warn" or not set(rule.fields) <= filled:
            continue
        message, hint = explain(rule.code, say, kind=template.kind)
        for position, text in enumerate((rule.code, message, "", hint)):
            sheet.write_string(at, position, text, styles.cell)
        sheet.set_row(at, _height((rule.code, message, "", hint)))
        at += 1


def _height(texts: tuple[str, ...]) -> int:
    """Height of a row whose texts are wrapped, in points."""
    lines = max(1 + len(text) // width for text, width in zip(texts, WIDTHS, strict=False))
    return 15 * lines
