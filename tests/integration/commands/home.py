"""A home folder and the command line that works on it, in processes of their own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from tests.integration.warehouse import staged
from tests.servers import commands

#: What no person should ever see.
UNFORESEEN = ("Traceback", "defect of the software")

Row = dict[str, Any]


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a command: the machine's, without its settings for this system."""
    # a process that may not keep compiled modules takes twice as long to start
    plain = {k: v for k, v in os.environ.items() if not k.startswith(("SIPREV_", "PYTHONDONTWRITE"))}
    return {**plain, "SIPREV_ACTOR": "tester", **(extra or {})}


@dataclass(frozen=True)
class Home:
    """A home folder."""

    path: Path
    sources: Path | None = None

    @classmethod
    def begun(cls, path: Path, sources: Path | None = None) -> Home:
        """A home folder in which nothing has happened since its tables were made, which takes two seconds."""
        shutil.copytree(staged.empty(), path)
        return cls(path, sources)

    def command(self, *arguments: str | Path) -> list[str]:
        """The words of a command."""
        extra = ["--sources", str(self.sources)] if self.sources else []
        return [str(commands.COMMAND), "--home", str(self.path), *extra, *map(str, arguments)]

    def run(
        self, *arguments: str | Path, status: int = 0, extra: Mapping[str, str] | None = None
    ) -> commands.Done:
        """Run a command and expect an exit status, and no traceback whatever the status is."""
        done = commands.run(self.command(*arguments)[1:], environment(extra))
        told = f"{' '.join(map(str, arguments))}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        assert done.returncode == status, told
        assert not any(words in done.stderr for words in UNFORESEEN), told
        return done

    def start(self, *arguments: str | Path, extra: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        """Start a command and do not wait for it."""
        return subprocess.Popen(
            self.command(*arguments),
            env=environment(extra),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def json(self, *arguments: str | Path, status: int = 0) -> Any:
        """What a command prints as JSON."""
        return json.loads(self.run(*arguments, "--json", status=status).stdout)

    def copy(self, to: Path) -> Home:
        """A copy of the folder as it is; files keep their times."""
        shutil.copytree(self.path, to)
        return Home(to, self.sources)

    @property
    def pointer(self) -> Path:
        """The text file that names the current snapshot."""
        return self.path / "snapshots" / "CURRENT"

    @property
    def snapshot(self) -> Path:
        """The snapshot that readers use."""
        return self.pointer.with_name(self.pointer.read_text(encoding="utf-8").strip())

    def connect(self) -> duckdb.DuckDBPyConnection:
        """The current snapshot in this process, for looking at much of it."""
        return duckdb.connect(self.snapshot, read_only=True, config={"threads": 1})

    def rows(self, statement: str) -> list[Row]:
        """Rows of a query on the current snapshot, asked in this process."""
        with self.connect() as connection:
            result = connection.execute(statement)
            names = [c[0] for c in result.description or []]
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def value(self, statement: str) -> Any:
        """The only value of a query on the current snapshot."""
        (row,) = self.rows(statement)
        (value,) = row.values()
        return value

    def batches(self) -> int:
        """Number of batches that readers know."""
        return int(self.value("SELECT count(*) FROM meta.batch"))

    def put(self, source_id: str, *files: Path) -> list[Path]:
        """Lay files into the inbox of a source."""
        folder = self.path / "inbox" / source_id
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
        return [Path(shutil.copy2(file, folder / file.name)) for file in files]
