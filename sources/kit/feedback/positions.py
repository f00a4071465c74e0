"""Where records stand in the file as its provider sees it: the line of a text, the row of a sheet."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from sources.kit.feedback.report import Place
from sources.kit.forms import CsvForm, FixedWidthForm, NdjsonForm, WorkbookForm
from sources.kit.landing import CHUNK, Landed
from sources.kit.readers import csv_file, lines, records, workbook
from sources.kit.readers import text as text_files
from sources.kit.readers.unpack import unpacked
from sources.kit.readers.workspace import Workspace
from sources.kit.specification import Layout


@dataclass(frozen=True)
class Places:
    """Where some records stand.

    Args:
        place: What the numbers say.
        numbers: The number of each record; of those that are not in it, the record's own.
        sheet: Name of the sheet, of a workbook.
    """

    place: Place
    numbers: Mapping[int, int]
    sheet: str = ""


def of(landed: Landed, layout: Layout, wanted: Collection[int], work: Workspace) -> Places:
    """Where records stand.

    Args:
        landed: The delivery.
        layout: The layout that fitted it.
        wanted: Record numbers, 1 for the first below the header.
        work: Where copies are made.
    """
    if not wanted:
        return Places("record", {})
    file = unpacked(landed, layout.file.format, layout.file.member, work)
    match layout.file:
        case CsvForm() as form:
            text = csv_file.opened(file, layout, work)
            text.text.ready()
            return Places("line", _lines(text, form, wanted))
        case FixedWidthForm() as form:
            return Places("line", _of_lines(file, form.encoding, wanted, form.skip, work))
        case NdjsonForm() as form:
            return Places("line", _of_lines(file, form.encoding, wanted, 0, work))
        case WorkbookForm():
            sheet, first = workbook.first_record(file, layout, work)
            return Places("row", {n: first + n - 1 for n in wanted}, sheet)
        case _:
            return Places("record", {n: n for n in wanted})


def _lines(opened: csv_file.OpenedCsv, form: CsvForm, wanted: Collection[int]) -> dict[int, int]:
    """Lines of records of separated text, where a record may span several."""
    last = max(wanted)
    offsets: dict[int, int] = {}
    columns = len(opened.columns)
    for number, start, _ in records.records(
        opened.text.path, opened.text.encoding, form, opened.skip, columns
    ):
        if number in wanted:
            offsets[number] = start
        if number >= last:
            break
    return _counted(opened.text.path, offsets)


def _of_lines(
    file: Landed, encoding: str, wanted: Collection[int], skip: int, work: Workspace
) -> dict[int, int]:
    text = text_files.opened(file, encoding, work)
    text.ready()
    return _counted(text.path, dict(lines.places(text, frozenset(wanted), skip)))


def _counted(path: Path, offsets: Mapping[int, int]) -> dict[int, int]:
    """The number of the line, from 1, in which each offset lies."""
    found: dict[int, int] = {}
    feeds = returns = done = 0
    waiting = sorted((offset, number) for number, offset in offsets.items())
    with path.open("rb") as handle:
        while waiting:
            until = waiting[0][0]
            while done < until and (chunk := handle.read(min(CHUNK, until - done))):
                feeds, returns, done = (
                    feeds + chunk.count(b"\n"),
                    returns + chunk.count(b"\r"),
                    done + len(chunk),
                )
            found[waiting.pop(0)[1]] = (feeds or returns) + 1
    return found
