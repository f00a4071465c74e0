"""What is made while a delivery is read, and removed when it is: copies that are unpacked or converted."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

Made = TypeVar("Made")


class Workspace:
    """A folder for temporary files of one delivery, and what was made of it so far, so that nothing is made twice."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[Hashable, Any] = {}
        self._files: list[Path] = []

    def __enter__(self) -> Workspace:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._made.clear()
        for path in self._files:
            path.unlink(missing_ok=True)

    def path(self, name: str) -> Path:
        """A path for a temporary file, which is removed at the end."""
        path = self._folder / name
        self._files.append(path)
        return path

    def fresh(self, name: str) -> Path:
        """A path for a temporary file that no other layout shares."""
        return self.path(f"{name}.{len(self._files)}")

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What ``make`` gives, kept under a key for all layouts that are tried."""
        if key not in self._made:
            self._made[key] = make()
        made: Made = self._made[key]
        return made
