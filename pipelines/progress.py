"""What a step says while it works; who shows it decides how."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Protocol


class Progress(Protocol):
    """Receives what a person may want to follow."""

    def say(self, line: str) -> None:
        """One line."""

    def step(self, line: str) -> AbstractContextManager[None]:
        """A step that may take long."""


class Silent:
    """Says nothing."""

    def say(self, line: str) -> None:
        """One line, not shown."""

    def step(self, line: str) -> AbstractContextManager[None]:
        """A step, not shown."""
        return nullcontext()
