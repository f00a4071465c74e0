"""Files of the database that are damaged: how DuckDB says so, and what a person is told."""

from __future__ import annotations

import re
from pathlib import Path

from schemas.errors import Misuse

_SAID = ("not a valid DuckDB database file", "Could not read enough bytes", "Corrupt database file")
_NAMED = re.compile(r'"([^"]+\.duckdb)"')


def told(message: str, file: Path | None = None) -> Misuse | None:
    """What to tell of an error of DuckDB if it says that a file is damaged; None where it says something else.

    Args:
        message: DuckDB's message.
        file: The file that was read, where the message may not name it.
    """
    if not any(said in message for said in _SAID):
        return None
    found = _NAMED.search(message)
    path = Path(found[1]) if found else file
    snapshot = path is not None and path.name.startswith("batch-")
    return Misuse(
        "the snapshot that readers use is damaged" if snapshot else "a file of the warehouse is damaged",
        where=str(path or ""),
        how="run a command that writes, for example `siprev run`: it publishes a new one"
        if snapshot
        else "restore warehouse.duckdb and restricted.duckdb from the same backup; `siprev doctor` tells more",
        code="damaged_file",
    )
