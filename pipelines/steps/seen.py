"""Which inbox files were dealt with, so that an unchanged file of hundreds of megabytes is not read again.

Kept in the inbox by size, time of change and declaration. It saves time and decides nothing: without it every file is
looked at again and found to be known.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from sources.kit import packing
from sources.kit.discovery import Source
from warehouse.home import Home, write_text_atomically

if TYPE_CHECKING:
    from pipelines.steps.ingest import Delivered


class Seen:
    """The marks of one home folder; ``keep`` and ``settle`` are for the one who writes."""

    def __init__(self, home: Home) -> None:
        self._path = home.path / "inbox" / ".seen.json"
        self._marks: dict[str, list[object]] = {}
        try:
            read = json.loads(self._path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            read = {}  # none yet, or damaged
        if isinstance(read, dict):
            self._marks = {str(k): v for k, v in read.items() if isinstance(v, list)}

    def holds(self, source: Source, path: Path) -> bool:
        """Whether a file was dealt with under the declaration of now, and has not changed since."""
        return self._of(source, path)[:3] == _mark(source, path)

    def refusal(self, source: Source, path: Path) -> str | None:
        """Why a file was refused; None if it was not."""
        kept = self._of(source, path)
        return str(kept[3]) if len(kept) > 3 and kept[3] else None

    def keep(self, source: Source, path: Path, delivered: Delivered) -> None:
        """Note what became of a file."""
        refusal = delivered.refusal.text() if delivered.refusal else None
        self._marks[f"{source.id}/{path.name}"] = [*_mark(source, path), refusal, delivered.sha256]

    def settle(self, source: Source, sha256: str) -> None:
        """Note that bytes that had been refused were taken in after all."""
        waiting = [
            kept
            for name, kept in self._marks.items()
            if name.startswith(f"{source.id}/") and len(kept) > 4 and kept[3] and kept[4] == sha256
        ]
        for kept in waiting:
            kept[3] = None
        if waiting:
            self.save()

    def save(self) -> None:
        """Write the marks."""
        write_text_atomically(self._path, json.dumps(self._marks, indent=0, sort_keys=True))

    def _of(self, source: Source, path: Path) -> list[object]:
        return self._marks.get(f"{source.id}/{path.name}", [])


def _mark(source: Source, path: Path) -> list[object]:
    return [*packing.looks(path), source.version]
