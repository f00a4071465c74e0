"""Sources that are fetched from a small database or from a web server, and what a home holds of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.integration.commands.home import Home
from tests.unit.sources import desk

COURTS, PORTAL = "court_rows", "portal_file"
MARK = {"column": "changed"}


@dataclass(frozen=True)
class Courts:
    """A SQLite database of incidents."""

    path: Path

    @property
    def environment(self) -> dict[str, str]:
        """Where its address is kept."""
        return {"SIPREV_SECRET_COURTS": f"sqlite:///{self.path}"}

    def execute(self, *statements: str) -> None:
        """Change it."""
        with sqlite3.connect(self.path) as connection:
            for statement in statements:
                connection.execute(statement)
        connection.close()


def courts(folder: Path, rows: int = 60) -> Courts:
    """A database with as many incidents, a third of them in each of three months."""
    made = Courts(folder / "courts.db")
    made.execute(
        "CREATE TABLE incidents (id INTEGER, day TEXT, n INTEGER, changed TEXT)",
        "INSERT INTO incidents WITH RECURSIVE s(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM s WHERE i + 1 < "
        f"{rows}) SELECT i, printf('2024-%02d-%02d', 1 + i % 3, 1 + i % 28), 1, "
        "printf('2024-04-01 10:%02d:%02d', i / 60 % 60, i % 60) FROM s",
    )
    return made


def declare_courts(
    folder: Path,
    *,
    columns: Sequence[str] = (),
    identifiers: Sequence[str] = (),
    demo: bool = True,
    **fetch: Any,
) -> None:
    """Declare the source of the database in a directory of sources, with further columns."""
    every = {"open": ["id", "day", "n", "changed", *columns], "identifier": list(identifiers)}
    layout = desk.layout(file={"format": "parquet"}, columns=every)
    asked = {"connection": "courts", **({} if "query" in fetch else {"table": "incidents"}), **fetch}
    desk.declare(folder, layout, id=COURTS, demo=demo, fetch={"database": asked})


def declare_portal(folder: Path, address: str, *, layout: dict[str, Any] | None = None, **http: Any) -> None:
    """Declare the source of a web server in a directory of sources."""
    said = {"address": address, "attempts": 1, "timeout": 10, **http}
    desk.declare(folder, layout or desk.layout(), id=PORTAL, fetch={"http": said})


def home(folder: Path) -> Home:
    """An empty home with a directory of sources of its own."""
    (folder / "sources").mkdir()
    return Home.begun(folder / "var", folder / "sources")


def events(home: Home) -> dict[str, int]:
    """Current incidents of the fetched sources by month."""
    rows = home.rows(
        "SELECT strftime(occurrence_date, '%Y-%m') AS month, sum(count)::INT AS n FROM core.incident GROUP BY ALL "
        "ORDER BY ALL"
    )
    return {row["month"]: row["n"] for row in rows}


def watermarks(home: Home) -> list[tuple[str | None, str | None, str]]:
    """From and up to where each delivery was asked for, and its status."""
    rows = home.rows(
        "SELECT watermark_from, watermark_to, status::VARCHAR AS status FROM meta.origin JOIN meta.delivery "
        "USING (delivery_id) ORDER BY delivery_id"
    )
    return [(row["watermark_from"], row["watermark_to"], row["status"]) for row in rows]
