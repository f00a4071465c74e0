"""The master keys of an institution: how they are written, read and kept from sight.

Belongs here: keys as such. What is made with them is in ``sources.kit.identifiers`` (hashes) and
``sources.kit.sealing`` (landed bytes). No message, representation or traceback shows a key or a part of one.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from schemas.errors import Misuse

#: Bytes of a master key.
KEY_LENGTH = 32
#: Version of the key that is published with the software.
DEMONSTRATION_VERSION = 0

_ENTRY = re.compile(r"(?:([1-9][0-9]{0,3}):)?([0-9a-fA-F]{64})")
_HEADING = (
    "# Master keys of siprev, one a line: version, colon, 64 hexadecimal digits. Show them to nobody.\n"
)


@dataclass(frozen=True)
class MasterKey:
    """The key from which all others are derived, with its version; it is never printed, also not in a traceback."""

    secret: bytes = field(repr=False)
    version: int = 1

    def derive(self, purpose: str) -> bytes:
        """A key for one purpose, so that hashes made for two purposes cannot be matched."""
        label = f"siprev:{purpose}:v{self.version}".encode()
        return hmac.digest(self.secret, label, hashlib.sha256)

    @property
    def mark(self) -> bytes:
        """What tells this key from another of the same version, and tells nothing else."""
        return self.derive("mark")[:16]


#: Published with the software: fit for made-up data only.
DEMONSTRATION_KEY = MasterKey(b"siprev demonstration key, not a secret", DEMONSTRATION_VERSION)


@dataclass(frozen=True)
class Keyring:
    """The master keys that are at hand, by version; the newest is for a warehouse that has not used any yet."""

    keys: tuple[MasterKey, ...] = field(default=(), repr=False)

    def __bool__(self) -> bool:
        """Whether there is any key."""
        return bool(self.keys)

    def __iter__(self) -> Iterator[MasterKey]:
        """The keys, oldest first."""
        return iter(self.keys)

    @property
    def newest(self) -> MasterKey | None:
        """The key of the highest version."""
        return self.keys[-1] if self.keys else None

    def of(self, version: int) -> MasterKey | None:
        """The key of a version."""
        return next((key for key in self.keys if key.version == version), None)

    @property
    def versions(self) -> tuple[int, ...]:
        """Their versions."""
        return tuple(key.version for key in self.keys)

    def text(self) -> str:
        """The keys as ``parse`` reads them; for the environment of a child process and for the key file alone."""
        return " ".join(f"{key.version}:{key.secret.hex()}" for key in self.keys)


def parse(text: str, where: str) -> Keyring:
    """Read keys: ``VERSION:HEX`` with blanks between them; without a version it is the first.

    Args:
        text: The keys.
        where: What a message names: the variable or the file.

    Raises:
        Misuse: Something is no key, or two keys have one version or are one; nothing of the text is shown.
    """
    lines = (line.partition("#")[0] for line in text.splitlines())
    entries = [_ENTRY.fullmatch(word) for line in lines for word in line.split()]
    if not entries or None in entries:
        raise _no_key("this is no key", where)
    keys = [MasterKey(bytes.fromhex(e[2]), int(e[1] or 1)) for e in entries if e]
    if len({key.version for key in keys}) < len(keys):
        raise _no_key("two keys have one version", where)
    if len({key.secret for key in keys}) < len(keys):
        raise _no_key("two versions have one key", where)
    return Keyring(tuple(sorted(keys, key=lambda key: key.version)))


def _no_key(what: str, where: str) -> Misuse:
    form = (
        f"{2 * KEY_LENGTH} hexadecimal digits, of several keys each with its version before it (1:... 2:...)"
    )
    return Misuse(what, where=where, how=f"set it to {form}, or unset it", code="setting")


def read_file(path: Path) -> Keyring:
    """Read a key file.

    Raises:
        Misuse: It cannot be read, others can read it, or it holds no key.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY)
        with os.fdopen(descriptor, encoding="ascii", errors="replace") as file:
            if os.fstat(file.fileno()).st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise Misuse(
                    "others can read the key file",
                    where=str(path),
                    how=f"chmod 600 {path}; if others may have read it, make a new key (siprev key new) and rotate",
                    code="key_file_open",
                )
            text = file.read()
    except OSError as error:
        raise Misuse(
            f"the key file cannot be read: {error.strerror}",
            where=str(path),
            how="correct SIPREV_KEY_FILE, or make a key file with siprev key new FILE",
            code="key_file",
        ) from None
    return parse(text, f"key file {path}")


def add_new(path: Path) -> MasterKey:
    """Make a random key and write it into a key file, beside the keys that it holds; the file is made if need be.

    Returns:
        The new key; its version is one more than the highest in the file.

    Raises:
        Misuse: The file exists and is no key file, or others can read it.
    """
    known = read_file(path) if path.exists() else Keyring()
    version = known.newest.version + 1 if known.newest else 1
    made = MasterKey(secrets.token_bytes(KEY_LENGTH), version)
    _write(path, (*known, made))
    return made


def _write(path: Path, keys: Iterable[MasterKey]) -> None:
    """Write a key file whole, so that a kill leaves the old or the new one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(_HEADING + "".join(f"{key.version}:{key.secret.hex()}\n" for key in keys))
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
