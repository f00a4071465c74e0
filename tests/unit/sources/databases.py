"""A source that is fetched from a database called ``courts``, and who fetches it into a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from schemas.origin import Origin
from sources.kit.discovery import Source
from sources.kit.fetching import database
from sources.kit.fetching.fetched import Fetched, Nothing
from tests.unit.sources import desk

COLUMNS = ["id", "day", "n", "changed"]
MARK = {"column": "changed"}


def source(folder: Path, *, columns: list[str] | None = None, period: str = "month", **fetch: Any) -> Source:
    """A source fetched from the connection ``courts``."""
    layout = desk.layout(file={"format": "parquet"}, columns={"open": columns or COLUMNS})
    asked = {"connection": "courts", **({} if "query" in fetch else {"table": "incidents"}), **fetch}
    delivers = {**desk.DECLARATION["delivers"], "slice": {"period": period}}
    return desk.source(folder, layout, delivers=delivers, fetch={"database": asked})


class Fetcher:
    """Fetches from one address into a folder."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder / "fetched"
        self.folder.mkdir()
        self.address = address

    def __call__(self, declared: Source, known: Origin | None = None) -> Fetched | Nothing:
        fetch = declared.specification.fetch
        assert fetch and fetch.database
        return database.fetch(
            declared.specification, fetch.database, lambda _: self.address, known, self.folder, "200MB"
        )

    def file(self, declared: Source, known: Origin | None = None) -> Fetched:
        found = self(declared, known)
        assert isinstance(found, Fetched)
        assert [path.name for path in self.folder.iterdir()] == [found.path.name], "nothing else is left"
        return found

    def rows(self, declared: Source, known: Origin | None = None, *, of: str = "*") -> list[tuple[Any, ...]]:
        found = self.file(declared, known)
        rows = duckdb.sql(f"SELECT {of} FROM '{found.path}'").fetchall()
        found.path.unlink()
        return rows
