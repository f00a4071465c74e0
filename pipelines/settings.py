"""The one place that reads the environment."""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from schemas.errors import Misuse

#: Bytes of a master key.
KEY_LENGTH = 32


@dataclass(frozen=True)
class Settings:
    """What a run needs to know from outside.

    Args:
        home: Folder of all that the system keeps.
        sources: Directories with source folders outside the repository.
        actor: The person on whose behalf the work is done.
        master_key: Key from which the keys of identifiers are derived; None where none is set.
        memory_limit: Memory that DuckDB may use, for example ``1GB``.
        threads: Threads that DuckDB may use; None for one a core.
        wait_seconds: How long to wait for another writer.
    """

    home: Path
    sources: tuple[Path, ...]
    actor: str
    master_key: bytes | None
    memory_limit: str
    threads: int | None
    wait_seconds: float

    def at(self, home: Path | None, sources: Sequence[Path] = ()) -> Settings:
        """The same settings with the places that the command line names."""
        return replace(self, home=home or self.home, sources=(*self.sources, *sources))


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of the environment: SIPREV_HOME, SIPREV_ACTOR, SIPREV_MASTER_KEY, SIPREV_MEMORY, SIPREV_THREADS.

    Raises:
        Misuse: A variable has a value that cannot be meant.
    """
    threads = environment.get("SIPREV_THREADS")
    if threads is not None and not (threads.isdigit() and int(threads) > 0):
        raise Misuse(
            "SIPREV_THREADS is no number of threads", how="set it to 1 or more, or unset it", code="setting"
        )
    return Settings(
        home=Path(environment.get("SIPREV_HOME", "var")),
        sources=(),
        actor=environment.get("SIPREV_ACTOR") or _system_user(),
        master_key=_key(environment.get("SIPREV_MASTER_KEY")),
        memory_limit=environment.get("SIPREV_MEMORY", "1200MB"),
        threads=int(threads) if threads else None,
        wait_seconds=float(environment.get("SIPREV_WAIT", "0")),
    )


def _system_user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container may run under a number that has no name
        return f"uid {os.getuid()}"


def _key(text: str | None) -> bytes | None:
    if not text:
        return None
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != KEY_LENGTH:
        raise Misuse(
            "SIPREV_MASTER_KEY is no key",
            how=f"set it to {2 * KEY_LENGTH} hexadecimal digits, or unset it",
            code="setting",
        )
    return key
