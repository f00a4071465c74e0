"""What is made while a delivery is read, and gone when it is: copies that are unpacked or converted."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Hashable
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from sources.kit import landing

Made = TypeVar("Made")


class Workspace:
    """A folder for temporary files of one delivery, and what was made of it so far, so that nothing is made twice.

    The files have no names: what they hold is gone as soon as the process is, however it ends.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[Hashable, Any] = {}
        self._ending = contextlib.ExitStack()

    def __enter__(self) -> Workspace:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._made.clear()
        self._ending.close()

    def path(self) -> Path:
        """A path by which this process reads and writes a new temporary file, for the owner alone."""
        return landing.path_of(self._ending.enter_context(landing.nameless(self._folder)))

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What ``make`` gives, kept under a key for all layouts that are tried."""
        if key not in self._made:
            self._made[key] = make()
        made: Made = self._made[key]
        return made
