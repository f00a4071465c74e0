"""Reading a file of any format in a test's own folder, without a source around it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from schemas.errors import Refusal
from sources.kit import landing
from sources.kit.readers import delivery, raw
from sources.kit.readers.raw import Raw
from sources.kit.readers.workspace import Workspace
from sources.kit.specification import Layout

Row = tuple[Any, ...]


def layout(*columns: str, names: str = "exact", **form: Any) -> Layout:
    """A layout of open columns without a mapping."""
    made = {
        "id": "x",
        "file": form,
        "names": names,
        "columns": {"open": list(columns) or ["a", "b"]},
        "map": {},
    }
    return Layout.model_validate(made)


class Desk:
    """Reads files in one folder and leaves nothing there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, content: bytes | str, name: str = "delivery.dat") -> Path:
        """A delivered file of this content."""
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def read(self, content: bytes | str | Path, declared: Layout) -> tuple[Raw, list[Row]]:
        """What is told of the file, and its rows: record number and values in the order that is declared."""
        path = content if isinstance(content, Path) else self.write(content)
        landed = landing.land(path, self.folder / "landing", "x")
        with Workspace(self.folder) as work, duckdb.connect(config={"threads": 2}) as connection:
            _, opened = delivery.choose(landed, [declared], work)
            found = raw.read(connection, opened)
            values = ", ".join(found.columns[c] for c in declared.columns.all)
            query = f"SELECT {found.row_number()} AS number, {values} FROM {raw.TABLE} ORDER BY number"
            return found, connection.execute(query).fetchall()

    def rows(self, content: bytes | str | Path, declared: Layout) -> list[Row]:
        """The rows alone."""
        return self.read(content, declared)[1]

    def refused(self, content: bytes | str | Path, code: str, declared: Layout) -> Refusal:
        """The refusal of a file: one message with what, where and how."""
        with pytest.raises(Refusal) as refusal:
            self.read(content, declared)
        error = refusal.value
        assert error.code == code, str(error)
        assert error.exit_status == 1
        name = content.name if isinstance(content, Path) else "delivery.dat"
        assert error.where.startswith(name)
        assert error.what
        assert error.how
        left = {p.name for p in self.folder.iterdir()} - {"landing", name}
        assert not [n for n in left if n.endswith(("utf8", "unpacked", "json"))], left
        return error


@pytest.fixture
def reading(tmp_path: Path) -> Desk:
    return Desk(tmp_path)
