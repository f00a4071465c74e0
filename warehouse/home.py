"""The home folder: where everything that a running system writes has its place.

Whatever writes first makes the folder. Folders can be entered and files read by their owner alone.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

FOLDER_MODE = 0o700
FILE_MODE = 0o600

_FOLDERS = (
    "inbox",
    "landing",
    "snapshots",
    "releases",
    "exports",
    "reports",
    "site",
    "logs",
    "dagster",
    "tmp",
)


@dataclass(frozen=True)
class Home:
    """The paths of one home folder; nothing is made by asking for a path."""

    path: Path

    def inbox(self, source_id: str) -> Path:
        """Where deliveries of a source wait."""
        return self.path / "inbox" / source_id

    @property
    def landing(self) -> Path:
        """Delivered bytes by their SHA-256."""
        return self.path / "landing"

    @property
    def warehouse(self) -> Path:
        """The main file."""
        return self.path / "warehouse.duckdb"

    @property
    def restricted(self) -> Path:
        """The file that only the writer attaches."""
        return self.path / "restricted.duckdb"

    @property
    def snapshots(self) -> Path:
        """Read-only copies of the main file."""
        return self.path / "snapshots"

    @property
    def pointer(self) -> Path:
        """Text file with the name of the snapshot that readers use."""
        return self.snapshots / "CURRENT"

    @property
    def releases(self) -> Path:
        """Frozen releases by name."""
        return self.path / "releases"

    @property
    def exports(self) -> Path:
        """Exports by partner, release and format."""
        return self.path / "exports"

    @property
    def reports(self) -> Path:
        """Reports to the providers."""
        return self.path / "reports"

    @property
    def site(self) -> Path:
        """The built catalogue."""
        return self.path / "site"

    @property
    def logs(self) -> Path:
        """Logs of runs."""
        return self.path / "logs"

    @property
    def dagster(self) -> Path:
        """Dagster's own storage."""
        return self.path / "dagster"

    @property
    def temporary(self) -> Path:
        """Spilled and half-written data; may be emptied whenever nobody writes."""
        return self.path / "tmp"

    @property
    def writer_lock(self) -> Path:
        """Held by the one process that writes."""
        return self.path / "writer.lock"

    def create(self) -> None:
        """Make the folder and its parts, closed to everybody but their owner."""
        self.path.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        for name in _FOLDERS:
            (self.path / name).mkdir(mode=FOLDER_MODE, exist_ok=True)

    def landed(self) -> list[Path]:
        """Every landed file and the key of each that is sealed; none that is half written."""
        found = sorted(self.landing.glob("*/*"))
        return [path for path in found if path.is_file() and not path.name.startswith(".")]

    def remains(self) -> list[str]:
        """What tells that there was a warehouse here, beside its main file."""
        found = {
            self.restricted.name: self.restricted.is_file(),
            "snapshots": self.pointer.is_file(),
            "landed files": bool(self.landed()),
        }
        return [name for name, there in found.items() if there]

    @property
    def exists(self) -> bool:
        """Whether anything was ever written here."""
        return self.warehouse.is_file()


def sync_folder(folder: Path) -> None:
    """Make a rename in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_text_atomically(path: Path, text: str) -> None:
    """Write a small file so that a reader sees the old or the new text, never a part."""
    temporary = path.with_name(path.name + ".tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_folder(path.parent)
