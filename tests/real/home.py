"""A home folder and the command line that works on it, in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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

    def run(self, *arguments: str | Path, status: int = 0) -> subprocess.CompletedProcess[str]:
        """Run ``siprev`` in a process of its own and expect an exit status."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("SIPREV_")}
        environment |= {"SIPREV_ACTOR": "real-data-test"}
        if self.key:
            environment |= {"SIPREV_MASTER_KEY": self.key}
        done = subprocess.run(
            [Path(sys.executable).parent / "siprev", "--home", self.path, *arguments],
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=300,
        )
        told = f"{' '.join(map(str, arguments))}\n{done.stdout}\n{done.stderr}"
        assert done.returncode == status, told
        return done

    def query(self, statement: str, *, as_of: int | None = None) -> list[Row]:
        """Rows of a query on the snapshot, optionally as of a batch."""
        past = () if as_of is None else ("--as-of", str(as_of))
        rows = json.loads(self.run("query", statement, *past, "--format", "json").stdout)
        assert isinstance(rows, list)
        return rows

    def value(self, statement: str, *, as_of: int | None = None) -> Any:
        """The only value of a query."""
        (row,) = self.query(statement, as_of=as_of)
        (value,) = row.values()
        return value
