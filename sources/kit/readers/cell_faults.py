"""Cells of a sheet that hold no value, and that the reader of workbooks gives as empty ones.

An error (#N/A, #REF!) is a value that went wrong, and a formula without a stored result one that nobody has calculated:
a blank, which means "not reported", would hide both. An xls file stores a result with every formula.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from typing import IO
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from sources.kit.landing import CHUNK, Landed
from sources.kit.readers import old_workbook
from sources.kit.readers.kind import damaged

#: Row from 1, column from 0, and how the error is shown; None where the result of a formula is not stored.
Faults = Mapping[int, Mapping[int, str | None]]

#: What a sheet of xlsx or ods has that has errors or formulas; looking for it is far faster than parsing.
_SUSPECT_XLSX = (
    b'"e"',
    b"'e'",
    *(start + b"f" + end for start in (b"<", b":") for end in (b">", b" ", b"/>")),
)
_SUSPECT_ODS = (b"formula", b'"error"', b"'error'")
_OVERLAP = 64
#: How an opendocument sheet shows an error of a formula, whatever its cell says of the kind.
_SHOWN = re.compile(r"#(?:DIV/0!|N/A|N/D|NAME\?|NULL!|NUM!|REF!|VALUE!|GETTING_DATA|SPILL!|CALC!)|Err:\d+")
#: Separates the address of a vocabulary from the name of an element.
_OF = " "


def found(landed: Landed, names: Sequence[str], name: str) -> Faults:
    """The cells of a sheet that hold no value.

    Args:
        landed: The workbook, which has been opened before.
        names: Its sheets.
        name: The sheet.

    Raises:
        Refusal: The workbook is damaged.
    """
    place = list(names).index(name)
    try:
        if not landed.seen.start.startswith(b"PK"):
            return old_workbook.errors(landed.path.read_bytes(), place)
        with ZipFile(landed.path) as archive:
            parts = {part.lower(): part for part in archive.namelist()}
            if "content.xml" in parts:
                return _read(archive, parts["content.xml"], _SUSPECT_ODS, _OpenDocument(name))
            return _read(archive, xlsx_part(archive, place), _SUSPECT_XLSX, _Sheet())
    except (expat.ExpatError, BadZipFile, KeyError, IndexError, ValueError) as error:
        raise damaged("a workbook", landed.name) from error


def xlsx_part(archive: ZipFile, place: int) -> str:
    """The part of an xlsx archive that holds a sheet, by its place in the workbook.

    Raises:
        KeyError, IndexError: There is none, as of a damaged workbook.
    """
    parts = {part.lower(): part for part in archive.namelist()}
    targets: dict[str, str] = {}
    listed: list[str] = []

    def relation(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "Relationship":
            targets[attributes["Id"]] = attributes["Target"]

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "sheet":
            listed.append(next(v for k, v in attributes.items() if k.endswith("/relationships" + _OF + "id")))

    for part, start in (("xl/_rels/workbook.xml.rels", relation), ("xl/workbook.xml", sheet)):
        with archive.open(parts[part]) as stream:
            _parse(stream, start)
    target = posixpath.normpath(posixpath.join("/xl", targets[listed[place]])).lstrip("/")
    return parts[target.lower()]


def _read(archive: ZipFile, part: str, suspect: Sequence[bytes], sheet: _Sheet | _OpenDocument) -> Faults:
    with archive.open(part) as stream:
        if not _holds(stream, suspect):
            return {}
    with archive.open(part) as stream:
        return sheet.read(stream)


def _holds(stream: IO[bytes], wanted: Sequence[bytes]) -> bool:
    before = b""
    while chunk := stream.read(CHUNK):
        text = before + chunk
        if any(part in text for part in wanted):
            return True
        before = chunk[-_OVERLAP:]
    return False


def _local(name: str) -> str:
    return name.rpartition(_OF)[2]


def _parse(
    stream: IO[bytes],
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    parser = expat.ParserCreate(namespace_separator=_OF)
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.ParseFile(stream)


class _Sheet:
    """A sheet of an xlsx file."""

    def __init__(self) -> None:
        self.faults: dict[int, dict[int, str | None]] = {}
        self.row = self.column = 0
        self.kind = ""
        self.formula = self.inside = False
        self.value = ""

    def read(self, stream: IO[bytes]) -> Faults:
        """Its cells without a value."""
        _parse(stream, self._start, self._end, self._text)
        return self.faults

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        match _local(name):
            case "row":
                self.row, self.column = int(attributes.get("r", self.row + 1)), -1
            case "c":
                self.column = _column(attributes["r"]) if "r" in attributes else self.column + 1
                self.kind, self.formula, self.value = attributes.get("t", "n"), False, ""
            case "f":
                self.formula = True
            case "v":
                self.inside = True

    def _text(self, text: str) -> None:
        if self.inside:
            self.value += text

    def _end(self, name: str) -> None:
        match _local(name):
            case "v":
                self.inside = False
            case "c" if self.kind == "e":
                self.faults.setdefault(self.row, {})[self.column] = self.value or None
            # a formula whose result is an empty text says that it is a text
            case "c" if self.formula and not self.value and self.kind not in ("str", "inlineStr"):
                self.faults.setdefault(self.row, {})[self.column] = None


def _column(reference: str) -> int:
    number = 0
    for letter in reference.upper():
        if not letter.isalpha():
            break
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


class _OpenDocument:
    """A sheet of an ods file, whose rows and cells may stand for several."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.faults: dict[int, dict[int, str | None]] = {}
        self.row = self.rows = self.column = 0
        self.here = False
        self.cell: dict[str, str] | None = None
        #: The text that a cell shows; None before any, as in a cell without a value.
        self.shown: str | None = None
        self.notes = 0
        self.cells: dict[int, str | None] = {}

    def read(self, stream: IO[bytes]) -> Faults:
        """Its cells without a value."""
        _parse(stream, self._start, self._end, self._text)
        return self.faults

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local == "table":
            self.here = {_local(k): v for k, v in attributes.items()}.get("name") == self.name
        elif not self.here:
            return
        elif local == "annotation":
            self.notes += 1
        elif local == "table-row":
            own = {_local(k): v for k, v in attributes.items()}
            self.rows, self.column, self.cells = int(own.get("number-rows-repeated", 1)), 0, {}
        elif local in ("table-cell", "covered-table-cell"):
            own = {_local(k): v for k, v in attributes.items()}
            # the kind of the value is said in two vocabularies, of which one alone knows errors
            own["error"] = (
                "1" if "error" in (v for k, v in attributes.items() if k.endswith("value-type")) else ""
            )
            self.cell, self.shown = own, None
        elif local == "p" and self.cell is not None and not self.notes:
            self.shown = self.shown or ""

    def _text(self, text: str) -> None:
        if self.here and self.cell is not None and not self.notes and self.shown is not None:
            self.shown += text

    def _end(self, name: str) -> None:
        local = _local(name)
        if not self.here:
            return
        if local == "annotation":
            self.notes -= 1
        elif local in ("table-cell", "covered-table-cell") and self.cell is not None:
            several = int(self.cell.get("number-columns-repeated", 1))
            if self._is_fault(self.cell, self.shown):
                self.cells |= dict.fromkeys(range(self.column, self.column + several), self.shown or None)
            self.column += several
            self.cell = None
        elif local == "table-row":
            if self.cells:
                self.faults |= {self.row + i: dict(self.cells) for i in range(1, self.rows + 1)}
            self.row += self.rows
        elif local == "table":
            self.here = False

    @staticmethod
    def _is_fault(cell: dict[str, str], shown: str | None) -> bool:
        if cell["error"]:
            return True
        if "formula" not in cell:
            return False
        # a formula whose result is an empty text has a paragraph without text
        not_calculated = "value-type" not in cell and shown is None
        return not_calculated or bool(shown and _SHOWN.fullmatch(shown))


def called(row: int, column: int) -> str:
    """A cell as a spreadsheet calls it: B7."""
    letters = ""
    column += 1
    while column:
        column, place = divmod(column - 1, 26)
        letters = chr(ord("A") + place) + letters
    return f"{letters}{row}"
