"""A workbook (xlsx, xls, ods) opened, and one of its sheets: whatever keeps them from being read is told here."""

from __future__ import annotations

import re
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

from schemas.errors import Refusal
from sources.kit.forms import WorkbookForm
from sources.kit.landing import Landed
from sources.kit.readers import cell_faults, kind, sheet_extent
from sources.kit.readers.workspace import Workspace

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

#: How a stream is called that holds a workbook locked with a password.
_LOCKED = "EncryptedPackage".encode("utf-16-le")

#: Empty cells are empty texts; None is a formula whose result is not stored.
Row = list[Any]


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook.

    Args:
        name: Its name.
        cells: Its cells as the reader of workbooks gives them.
        faults: Those that hold an error, or a formula without a result, which it gives as empty.
    """

    name: str
    cells: CalamineSheet
    faults: cell_faults.Faults

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Number in the sheet and cells of every row."""
        # rows start at the first row of the sheet, but at its first column that is filled
        left = [""] * (self.cells.start or (0, 0))[1]
        number = 0
        for number, row in enumerate(self.cells.iter_rows(), start=1):
            yield number, self._with_faults(number, left + row)
        for below in range(number + 1, max(self.faults, default=0) + 1):
            yield below, self._with_faults(below, [])

    def _with_faults(self, number: int, row: Row) -> Row:
        for place, shown in self.faults.get(number, {}).items():
            row += [""] * (place + 1 - len(row))
            row[place] = shown
        return row


def book(landed: Landed, work: Workspace) -> CalamineWorkbook:
    """The workbook, none of its sheets read yet; opened once for all layouts.

    Raises:
        Refusal: The file is no workbook, is damaged or locked.
    """
    return work.once((landed.sha256, "book"), lambda: _book(landed))


def _book(landed: Landed) -> CalamineWorkbook:
    from python_calamine import CalamineError, CalamineWorkbook

    kind.require(landed.seen, "workbook", "a workbook", landed.name)
    try:
        _check_parts(landed)
        return CalamineWorkbook.from_path(str(landed.path))
    except (CalamineError, BadZipFile) as error:
        if _is_locked(landed):
            raise _locked(landed.name) from None
        raise Refusal(
            "the workbook cannot be opened",
            where=landed.name,
            how="it is damaged or of another kind: open it in a spreadsheet, save it as xlsx and try again",
            code="workbook_unreadable",
        ) from error


def _is_locked(landed: Landed) -> bool:
    """Whether a workbook that cannot be opened is locked with a password.

    The reader says so only where it knows from the file's name of what kind it is, and landed files have none.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    with tempfile.TemporaryDirectory() as folder:
        for suffix in (".xls", ".xlsx", ".ods"):
            named = Path(folder) / f"workbook{suffix}"
            named.symlink_to(landed.path.absolute())
            try:
                CalamineWorkbook.from_path(str(named))
            except PasswordError:
                return True
            except CalamineError:
                continue
    return _holds(landed, _LOCKED)


def _locked(where: str) -> Refusal:
    return Refusal(
        "the workbook is locked with a password",
        where=where,
        how="ask for it unlocked over a protected way, or unlock and save it yourself; passwords are kept nowhere here",
        code="file_locked",
    )


def _holds(landed: Landed, wanted: bytes) -> bool:
    with landed.path.open("rb") as handle:
        before = b""
        while chunk := handle.read(1 << 20):
            if wanted in before + chunk:
                return True
            before = chunk[-len(wanted) :]
    return False


def _check_parts(landed: Landed) -> None:
    """Hold the parts of an xlsx file against their checksums, which the reader of workbooks does not do.

    Raises:
        BadZipFile: A part was damaged in transfer.
        Refusal: It is a binary workbook.
    """
    if not landed.seen.start.startswith(b"PK"):
        return
    try:
        with ZipFile(landed.path) as archive:
            damaged = archive.testzip()
            binary = "xl/workbook.bin" in archive.namelist()
    except (zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeDecodeError) as error:
        raise BadZipFile(str(error)) from error
    if damaged:
        raise BadZipFile(damaged)
    if binary:
        raise Refusal(
            "the workbook is a binary one (xlsb), which is not read",
            where=landed.name,
            how="open it in Excel and save it as xlsx",
            code="workbook_unreadable",
        )


def sheet_name(names: Sequence[str], form: WorkbookForm, where: str) -> str:
    """The name of the declared sheet; spaces at the ends of a name do not count.

    Raises:
        Refusal: There is no such sheet, or a pattern fits several.
    """
    wanted = form.sheet
    if wanted == "first":
        fitting, called = list(names[:1]), "sheet"
    elif isinstance(wanted, str):
        fitting, called = [n for n in names if n.strip() == wanted.strip()], f"sheet {wanted!r}"
    elif wanted.position is not None:
        fitting, called = (
            list(names[wanted.position - 1 : wanted.position]),
            f"sheet number {wanted.position}",
        )
    else:
        pattern = re.compile(wanted.pattern or "", re.IGNORECASE)
        fitting = [n for n in names if pattern.fullmatch(n.strip())]
        called = f"sheet that fits {wanted.pattern!r}"
    if len(fitting) == 1:
        return fitting[0]
    listed = ", ".join(repr(n) for n in names[:20])
    raise Refusal(
        f"the workbook has {f'{len(fitting)} sheets' if fitting else 'no sheet'} {called.removeprefix('sheet ')}",
        where=f"{where} (it has {listed})",
        how="check that this is the right file, or declare the sheet under file: sheet in source.yml",
        code="no_sheet",
    )


def sheet(landed: Landed, whole: CalamineWorkbook, name: str, work: Workspace) -> Sheet:
    """A sheet of an opened workbook, read once for all layouts.

    Raises:
        Refusal: It cannot be read.
    """
    return work.once((landed.sha256, "sheet", name), lambda: _sheet(landed, whole, name))


def _require_bounded(landed: Landed, place: int, name: str) -> None:
    """Refuse a sheet of an xlsx file that spans more cells than are read; other formats have none so large.

    Raises:
        Refusal: It does.
    """
    if not landed.seen.start.startswith(b"PK"):
        return
    with ZipFile(landed.path) as archive:
        if "content.xml" in archive.namelist():
            return
        try:
            part = cell_faults.xlsx_part(archive, place)
        except (KeyError, IndexError):  # the reader of workbooks says what is wrong
            return
        sheet_extent.require_bounded(lambda: archive.open(part), name, landed.name)


def _sheet(landed: Landed, whole: CalamineWorkbook, name: str) -> Sheet:
    from python_calamine import CalamineError

    _require_bounded(landed, whole.sheet_names.index(name), name)
    try:
        cells = whole.get_sheet_by_name(name)
    except CalamineError as error:
        raise Refusal(
            f"the sheet {name!r} cannot be read",
            where=landed.name,
            how="it is a chart or damaged: open the workbook in a spreadsheet, save it as xlsx and try again",
            code="workbook_unreadable",
        ) from error
    return Sheet(name, cells, cell_faults.found(landed, whole.sheet_names, name))
