"""The one place that reads the environment."""

from __future__ import annotations

import datetime as dt
import getpass
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from pipelines import secrets
from schemas.errors import Misuse
from sources.kit import keyring
from sources.kit.keyring import Keyring

_WHOLE = re.compile(r"[1-9][0-9]{0,3}")
_SECONDS = re.compile(r"[0-9]{1,9}([.][0-9]{1,9})?")
_MEMORY = re.compile(r"[1-9][0-9]{0,8}([.][0-9]{1,3})? ?[KMGT]i?B", re.IGNORECASE)


@dataclass(frozen=True)
class Settings:
    """What a run needs to know from outside.

    Args:
        home: Folder of all that the system keeps.
        sources: Directories with source folders outside the repository.
        actor: The person on whose behalf the work is done.
        given_keys: The master keys that stand in the environment itself.
        key_file: The file that holds the master keys; read when they are needed, since whoever queries needs none.
        memory_limit: Memory that DuckDB may use, for example ``1GB``.
        threads: Threads that DuckDB may use; None for one a core.
        wait_seconds: How long to wait for another writer.
        given_secrets: The secrets that stand in the environment itself, by name.
        secret_file: The file that holds the others; read when one is needed.
        given_day: The day that counts as today; None for the system's.
    """

    home: Path
    sources: tuple[Path, ...]
    actor: str
    given_keys: Keyring = field(repr=False)
    key_file: Path | None
    memory_limit: str
    threads: int | None
    wait_seconds: float
    given_secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    secret_file: Path | None = None
    given_day: dt.date | None = None

    @property
    def today(self) -> dt.date:
        """The day on which it is judged what is late and what has ended."""
        return self.given_day or dt.datetime.now(dt.UTC).astimezone().date()

    @cached_property
    def keyring(self) -> Keyring:
        """The master keys, from which the keys of identifiers and of landed bytes are derived.

        Raises:
            Misuse: The key file cannot be read, others can read it, or it holds no key.
        """
        return keyring.read_file(self.key_file) if self.key_file else self.given_keys

    def secret(self, name: str) -> str:
        """The value of a secret that a declaration names.

        Raises:
            Misuse: It is not kept anywhere.
        """
        return secrets.find(name, self.given_secrets, self.secret_file)

    def at(self, home: Path | None, sources: Sequence[Path] = ()) -> Settings:
        """The same settings with the places that the command line names.

        Raises:
            Misuse: The home folder is named by an empty text, which would be the current folder.
        """
        if home is not None and str(home) == ".":
            raise Misuse(
                "the home folder has no name",
                where="--home",
                how="name a folder of its own, for example ./var",
                code="setting",
            )
        return replace(self, home=home or self.home, sources=(*self.sources, *sources))


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of the environment; docs/reference/environment.md lists the variables.

    Raises:
        Misuse: A variable has a value that cannot be meant.
    """
    key_file = environment.get("SIPREV_KEY_FILE")
    secret_file = environment.get("SIPREV_SECRET_FILE")
    threads = _given(environment, "SIPREV_THREADS", _WHOLE, "number of threads", "1 or more")
    memory = _given(environment, "SIPREV_MEMORY", _MEMORY, "size of memory", "a size such as 2GB")
    wait = _given(environment, "SIPREV_WAIT", _SECONDS, "number of seconds", "0 or more")
    return Settings(
        home=Path(environment.get("SIPREV_HOME") or "var"),
        sources=tuple(Path(p) for p in environment.get("SIPREV_SOURCES", "").split(os.pathsep) if p),
        actor=environment.get("SIPREV_ACTOR") or _system_user(),
        given_keys=_keys(environment.get("SIPREV_MASTER_KEY"), key_file),
        key_file=Path(key_file) if key_file else None,
        memory_limit=memory or "1200MB",
        threads=int(threads) if threads else None,
        wait_seconds=float(wait or 0),
        given_secrets=_secrets(environment, "SIPREV_SECRET_"),
        secret_file=Path(secret_file) if secret_file else None,
        given_day=_day(environment.get("SIPREV_TODAY")),
    )


def child_environment(settings: Settings, extra: Mapping[str, str]) -> dict[str, str]:
    """The environment for a child process that is to read the same settings from it.

    Args:
        settings: The settings; the home folder is made absolute, as the child may stand in another folder.
        extra: Further variables.
    """
    given = {
        "SIPREV_HOME": str(settings.home.resolve()),
        "SIPREV_SOURCES": os.pathsep.join(str(path.resolve()) for path in settings.sources),
        "SIPREV_ACTOR": settings.actor,
        "SIPREV_KEY_FILE": str(settings.key_file.resolve()) if settings.key_file else "",
        "SIPREV_SECRET_FILE": str(settings.secret_file.resolve()) if settings.secret_file else "",
        "SIPREV_MASTER_KEY": settings.given_keys.text(),
        "SIPREV_MEMORY": settings.memory_limit,
        "SIPREV_THREADS": str(settings.threads) if settings.threads else "",
        "SIPREV_WAIT": str(settings.wait_seconds),
        "SIPREV_TODAY": settings.given_day.isoformat() if settings.given_day else "",
    }
    return {**os.environ, **{name: value for name, value in given.items() if value}, **extra}


def _given(
    environment: Mapping[str, str], name: str, form: re.Pattern[str], what: str, such: str
) -> str | None:
    """The value of a variable; None where it is unset or empty."""
    text = environment.get(name)
    if text and not form.fullmatch(text):
        raise Misuse(
            f"{name} is no {what}",
            where=f"environment variable {name}",
            how=f"set it to {such}, or unset it",
            code="setting",
        )
    return text or None


def _day(text: str | None) -> dt.date | None:
    """The day that counts as today; None for the system's."""
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise Misuse(
            "SIPREV_TODAY is no day",
            where="environment variable SIPREV_TODAY",
            how="set it to a day such as 2026-11-24, or unset it",
            code="setting",
        ) from None


def _secrets(environment: Mapping[str, str], prefix: str) -> dict[str, str]:
    """The secrets of the environment by name."""
    return {
        name.removeprefix(prefix).lower(): value
        for name, value in environment.items()
        if name.startswith(prefix) and name != "SIPREV_SECRET_FILE"
    }


def _system_user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container may run under a number that has no name
        return f"uid {os.getuid()}"


def _keys(text: str | None, file: str | None) -> Keyring:
    if not text:
        return Keyring()
    if file:
        raise Misuse(
            "there are two places of keys",
            where="environment variables SIPREV_MASTER_KEY and SIPREV_KEY_FILE",
            how="put all keys into the key file, and unset SIPREV_MASTER_KEY",
            code="setting",
        )
    return keyring.parse(text, "environment variable SIPREV_MASTER_KEY")
