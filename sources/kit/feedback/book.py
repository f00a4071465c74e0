"""The report as a workbook: summary, errors, positions and unknown codes, each a sheet that can be filtered."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

from sources.kit.feedback import page
from sources.kit.feedback.report import Report
from sources.kit.feedback.words import word

#: Date that the file carries, so that its bytes are the same on every day.
MADE = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - xlsxwriter wants it without a zone
#: Longest name of a sheet, and the widest column in characters.
_NAME, _WIDEST = 31, 70
#: Height of a line of text, in points.
_LINE = 15

Cells = Sequence[Any]


def rendered(report: Report) -> bytes:
    """The workbook."""
    import xlsxwriter

    sink = io.BytesIO()
    # what a provider wrote is text, also where it begins like a formula or an address
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(sink, options) as book:
        book.set_properties({"title": f"{word('heading', report.language)}: {report.file}", "created": MADE})
        formats = {
            "head": book.add_format({"bold": True, "bg_color": "#E7ECF1", "border": 1, "text_wrap": True}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "share": book.add_format({"num_format": "0.0%", "valign": "top"}),
            "title": book.add_format({"bold": True, "font_size": 14}),
        }
        _summary(book, report, formats)
        _errors(book, report, formats)
        _positions(book, report, formats)
        if any(problem.codes for problem in report.problems):
            _codes(book, report, formats)
    return sink.getvalue()


def _summary(book: Any, report: Report, formats: dict[str, Any]) -> None:
    language = report.language
    sheet = book.add_worksheet(word("summary", language)[:_NAME])
    bad = report.rows.quarantined + report.rows.unreadable
    verdict = word(report.outcome, language, bad=bad, all=report.rows.records + report.rows.unreadable)
    sheet.write_string(0, 0, report.file, formats["title"])
    sheet.write_string(1, 0, report.title)
    rows = [(word("result", language), verdict)]
    if report.refused:
        found = report.refused
        rows += [(word("why", language), found.what), (word("where", language), found.where)]
        rows += [(word("missing", language), ", ".join(found.missing))] if found.missing else []
        rows += [(word("added", language), ", ".join(found.added))] if found.added else []
        rows += [(word("how", language), found.mend), (word("id", language), f"{report.source}:{found.code}")]
    rows += page.facts(report)
    for number, (name, value) in enumerate([*rows, ("", word("note", language))], start=3):
        sheet.set_row(number, _LINE * (1 + len(value) // _WIDEST))
        if name:
            sheet.write_string(number, 0, name, formats["head"])
        sheet.write_string(number, 1, value, formats["text"])
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, _WIDEST)
    sheet.freeze_panes(3, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _errors(book: Any, report: Report, formats: dict[str, Any]) -> None:
    language = report.language
    head = [word(key, language) for key in ("id", "problem", "columns", "records", "share", "effect", "how")]
    rows = [
        [p.id, p.message, ", ".join(p.columns), p.records, p.share, word(p.severity, language), p.mend]
        for p in report.problems
    ]
    _list(book, word("errors", language), head, rows, [42, 44, 30, 11, 11, 24, 50], formats)


def _positions(book: Any, report: Report, formats: dict[str, Any]) -> None:
    language = report.language
    place = next((position.place for _, position in report.places), "record")
    head = [word("id", language), word("sheet", language).capitalize(), word(place, language).capitalize()]
    head += [word("record", language).capitalize(), word("column", language), word("value", language)]
    rows = [
        [
            problem.id,
            position.sheet,
            position.number,
            position.record,
            ", ".join(position.columns),
            page.said(position, language),
        ]
        for problem, position in report.places
    ]
    _list(book, word("positions", language), head, rows, [42, 16, 10, 10, 30, 40], formats)


def _codes(book: Any, report: Report, formats: dict[str, Any]) -> None:
    language = report.language
    head = [word(key, language) for key in ("id", "columns", "code", "records")]
    rows = [
        [problem.id, ", ".join(problem.columns), code.value, code.records]
        for problem in report.problems
        for code in problem.codes
    ]
    _list(book, word("codes", language), head, rows, [42, 30, 44, 11], formats)


def _list(
    book: Any,
    name: str,
    head: Sequence[str],
    rows: Sequence[Cells],
    widths: Sequence[int],
    formats: dict[str, Any],
) -> None:
    """A sheet with a frozen header and filters."""
    sheet = book.add_worksheet(name[:_NAME])
    for column, (title, width) in enumerate(zip(head, widths, strict=True)):
        sheet.write_string(0, column, title, formats["head"])
        sheet.set_column(column, column, width)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, column, value, formats["text"])
            else:
                sheet.write_number(
                    number, column, value, formats["share"] if isinstance(value, float) else None
                )
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(head) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
