"""How a file is read, found from its bytes: format, encoding, separators, sheet, header, footer.

What is found is a form in the words of ``source.yml``, so that the profile reads the file as its source will.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import duckdb

from schemas import sql
from schemas.errors import Refusal
from sources.kit.forms import WorkbookForm
from sources.kit.landing import Landed
from sources.kit.readers import header as header_rules
from sources.kit.readers import header_rows, json_file, kind, stat_file, workbook, workbook_sheets
from sources.kit.readers.unpack import unpacked
from sources.kit.readers.workspace import Workspace
from sources.kit.scaffold import grid, text_form
from sources.kit.scaffold.grid import Head
from sources.kit.tables import Columns, Table

#: Rows at the start of a sheet that are looked at, and rows from which on it is taken for a table of its own.
ROWS, SHEETS = 400, 12
#: Objects within records are looked into so deep, and largest JSON document whose lists are compared.
DEEP, LARGEST = 3, 1 << 26


@dataclass(frozen=True)
class Found:
    """How a file is read.

    Args:
        words: The form, as ``source.yml`` writes it.
        names: The columns.
        trimmed: Whether names have spaces at their ends.
        titles: Text above and below the table.
        others: What else could be read instead: further sheets, members or lists.
    """

    words: Mapping[str, Any]
    names: tuple[str, ...]
    trimmed: bool = False
    titles: tuple[str, ...] = ()
    others: tuple[str, ...] = field(default=())

    def table(self, names: Sequence[str] | None = None) -> Table:
        """The table with every column open, for the profile alone: nothing of it is written."""
        columns = Columns(open=[n.strip() if self.trimmed else n for n in names or self.names])
        return Table.model_validate(
            {"file": dict(self.words), "names": "trimmed" if self.trimmed else "exact", "columns": columns}
        )


def found(landed: Landed, work: Workspace) -> Found:
    """How a file is read.

    Raises:
        Refusal: It is no table that can be read, or how it is read cannot be seen in it.
    """
    member, others = _member(landed)
    file = unpacked(landed, "csv" if member else "workbook", member, work)
    if kind.known(file.seen) is None:
        kind.require(file.seen, "csv", "a table", landed.name)
    if file.seen.start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(
        b"<"
    ) and not file.seen.start.startswith(b"<stata"):
        raise Refusal(
            "this is an XML document, and no table",
            where=landed.name,
            how="ask the provider for a table: CSV, a workbook, or JSON with a list of records",
            code="other_format",
        )
    match kind.known(file.seen):
        case "workbook":
            made = _workbook(file, work)
        case "parquet":
            made = Found(
                {"format": "parquet"}, _columns_of(f"read_parquet({sql.text(str(file.path))})", file)
            )
        case "spss" | "stata" as form:
            made = _statistical(file, form, work)
        case "r":
            made = _r(file, work)
        case _:
            made = _json(file, work) or text_form.found(file)
    if member:
        made = replace(made, words={**made.words, "member": member}, others=(*made.others, *others))
    names = tuple(made.names)
    header_rules.require_not_too_wide(names, landed.name)
    header_rules.require_each_once([name.strip() for name in names], landed.name)
    trimmed = any(name != name.strip() for name in names)
    return replace(made, trimmed=trimmed)


def _member(landed: Landed) -> tuple[str | None, tuple[str, ...]]:
    """The member of an archive that is read, the largest, and the others; None where the file is no archive."""
    if not landed.seen.start.startswith(b"PK\x03\x04"):
        return None, ()
    try:
        with ZipFile(landed.path) as archive:
            infos = [
                i for i in archive.infolist() if not i.is_dir() and not i.filename.startswith("__MACOSX/")
            ]
    except (BadZipFile, NotImplementedError):
        return None, ()
    names = [i.filename for i in infos]
    if not infos or any(n.startswith(("xl/", "[Content_Types].xml", "META-INF/manifest.xml")) for n in names):
        return None, ()
    largest = max(infos, key=lambda i: i.file_size).filename
    return (largest, tuple(n for n in names if n != largest)) if len(infos) > 1 else (None, ())


def _workbook(file: Landed, work: Workspace) -> Found:
    """The sheet with the most cells that has a header."""
    book = workbook_sheets.book(file, work)
    looked: list[tuple[int, str, Head]] = []
    told: list[Refusal] = []
    for name in book.sheet_names[:SHEETS]:
        try:
            sheet = workbook_sheets.sheet(file, book, name, work)
        except Refusal as refusal:  # a chart, or a damaged sheet: another one may hold the table
            told.append(refusal)
            continue
        rows = [[workbook.cell_text(c) or "" for c in row] for _, row in islice(sheet.rows(), ROWS)]
        head = grid.head(rows)
        if head:
            looked.append(((sheet.cells.height or 0) * len(head.named), name, head))
    if told and not looked:
        raise told[0]
    if not looked:
        raise Refusal(
            "no sheet of the workbook has a table with a row of names above it",
            where=file.name,
            how="write the names of the columns into one row above the data, and try again",
            code="no_header",
        )
    _, name, head = max(looked, key=lambda one: one[0])
    words: dict[str, Any] = {"format": "workbook"}
    if name != book.sheet_names[0]:
        words["sheet"] = name.strip()
    words |= _header_words(head, first_filled=True)
    rows_at_end = deque(workbook_sheets.sheet(file, book, name, work).rows(), maxlen=100)
    last = [[workbook.cell_text(c) or "" for c in row] for _, row in rows_at_end]
    if footers := grid.footers(last, len(head.named)):
        words["footer"] = footers
    # as the reader names them, in headers of one row and of several
    form = WorkbookForm.model_validate(words)
    names = header_rows.built(head.rows, form.header or header_rows.FIRST_ROW)
    others = tuple(f"sheet {n!r}" for _, n, _ in looked if n != name)
    below = tuple(
        line for row in last[-12:] if 0 < sum(map(bool, row)) < 3 and (line := " ".join(filter(None, row)))
    )
    return Found(words, tuple(n for n in names if n.strip()), titles=(*head.above, *below), others=others)


def _header_words(head: Head, *, first_filled: bool) -> dict[str, Any]:
    """The words of a header, none where it is the first row."""
    said: dict[str, Any] = {}
    if not (first_filled and head.first and len(head.rows) == 1):
        said["contains"] = list(head.telling)
    if len(head.rows) > 1:
        said["rows"] = len(head.rows)
    if head.unnamed:
        said["unnamed"] = dict(head.unnamed)
    return {"header": said} if said else {}


def _columns_of(relation: str, file: Landed) -> tuple[str, ...]:
    with duckdb.connect() as connection:
        try:
            rows = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
        except duckdb.Error:
            raise kind.damaged("a Parquet file", file.name) from None
    return tuple(str(row[0]) for row in rows)


def _statistical(file: Landed, form: str, work: Workspace) -> Found:
    table = Table.model_validate({"file": {"format": form, "labels": True}, "columns": {}})
    names = stat_file.names(file, table, work)
    return Found({"format": form, "labels": True}, names)


def _r(file: Landed, work: Workspace) -> Found:
    from sources.kit.readers import r_file

    frames = r_file.frames(file, work)
    chosen = max(frames, key=lambda name: frames[name][1])
    words = {"format": "r"} | ({"object": chosen} if chosen and len(frames) > 1 else {})
    return Found(
        words, tuple(frames[chosen][0]), others=tuple(f"data frame {n!r}" for n in frames if n != chosen)
    )


def _json(file: Landed, work: Workspace) -> Found | None:
    """A JSON document or lines of JSON; None for other text."""
    start = file.seen.start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start not in (b"{", b"["):
        return None
    words: dict[str, Any] = {"format": "json"}
    others: tuple[str, ...] = ()
    if start == b"{":
        if _is_lines(file.path):
            words = {"format": "ndjson"}
        else:
            path, others = _records(file)
            words["records"] = ".".join(path) if not any("." in p for p in path) else path
    table = Table.model_validate({"file": words, "columns": {}})
    return Found(words, json_file.names(file, table, work, DEEP), others=others)


def _is_lines(path: Path) -> bool:
    with path.open("rb") as handle:
        lines = [line for line in (handle.readline(LARGEST) for _ in range(2)) if line.strip()]
    try:
        return len(lines) > 1 and all(isinstance(json.loads(line), dict) for line in lines)
    except ValueError:
        return False


def _records(file: Landed) -> tuple[list[str], tuple[str, ...]]:
    """The keys that lead to the longest list of records of a document, and the other lists."""
    if file.seen.size > LARGEST:
        raise Refusal(
            "the JSON document is too large to look for its list of records",
            where=file.name,
            how="ask the provider for one record a line (NDJSON), or declare file: records by hand",
            code="no_records_path",
        )
    try:
        document = json.loads(file.path.read_bytes())
    except ValueError:
        raise Refusal(
            "the JSON is not well formed",
            where=file.name,
            how="the file is damaged or was changed by hand; get it again",
            code="broken_structure",
        ) from None
    lists = sorted(_lists(document, ()), key=lambda found: -found[1])
    if not lists:
        raise Refusal(
            "the JSON document has no list of records",
            where=file.name,
            how="ask the provider for a list of records: [{...}, {...}]",
            code="no_records_path",
        )
    return list(lists[0][0]), tuple(f"list {'.'.join(path)!r}" for path, _ in lists[1:])


def _lists(value: Any, path: tuple[str, ...]) -> list[tuple[tuple[str, ...], int]]:
    """The lists of objects in a document, with how many there are in each; lists within lists are not looked into."""
    if isinstance(value, dict):
        return [found for key, inner in value.items() for found in _lists(inner, (*path, str(key)))]
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value) and path:
        return [(path, len(value))]
    return []
