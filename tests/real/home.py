"""A home folder and the command line that works on it, in processes of their own."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import warehouse.home
from tests.integration.warehouse import staged
from tests.servers import commands
from warehouse import snapshot

STATE_FILES = "mx-sesnsp-estatal"
EARLIER, LATER = "estatal__rev2024-02-08.csv", "estatal__rev2024-12-21.csv"

Row = dict[str, Any]
RealFile = Callable[..., Path]


@dataclass(frozen=True)
class Home:
    """A home folder and the command line that works on it.

    Args:
        path: The folder.
        key: A master key, for sources with restricted columns.
    """

    path: Path
    key: str | None = None

    @classmethod
    def begun(cls, path: Path) -> Home:
        """A home folder in which nothing has happened since its tables were made."""
        shutil.copytree(staged.empty(), path)
        return cls(path)

    def copy(self, to: Path) -> Home:
        """A copy of the folder as it is."""
        shutil.copytree(self.path, to)
        return replace(self, path=to)

    def run(self, *arguments: str | Path, status: int = 0) -> commands.Done:
        """Run ``siprev`` in a process of its own and expect an exit status."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("SIPREV_")}
        environment |= {"SIPREV_ACTOR": "real-data-test"}
        if self.key:
            environment |= {"SIPREV_MASTER_KEY": self.key}
        done = commands.run(["--home", self.path, *arguments], environment)
        told = f"{' '.join(map(str, arguments))}\n{done.stdout}\n{done.stderr}"
        assert done.returncode == status, told
        return done

    def query(self, statement: str, *, as_of: int | None = None) -> list[Row]:
        """Rows of a query on the snapshot, asked in this process; those as of a batch are asked for by the command."""
        if as_of is None:
            with snapshot.reader(warehouse.home.Home(self.path)) as connection:
                told = connection.execute(f"SELECT to_json(r)::VARCHAR FROM ({statement}) AS r").fetchall()
            return [json.loads(row) for (row,) in told]
        rows = json.loads(self.run("query", statement, "--as-of", str(as_of), "--format", "json").stdout)
        assert isinstance(rows, list)
        return rows

    def value(self, statement: str, *, as_of: int | None = None) -> Any:
        """The only value of a query."""
        (row,) = self.query(statement, as_of=as_of)
        (value,) = row.values()
        return value
