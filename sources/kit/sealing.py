"""Landed bytes that nobody can read without a key: a sealed file, and beside it its own key, sealed by the master key.

The file is a row of chunks under AES-256-GCM. The number of a chunk and whether it is the last are part of its nonce,
so that chunks that are missing, doubled, changed or in another order are noticed. Each file has a random key of its
own; ``FILE.key`` holds it, sealed by a key derived from the master key. Whoever destroys that small file has
destroyed the bytes, in every copy of the great one.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from schemas.errors import Misuse, Refusal
from sources.kit.keyring import Keyring, MasterKey

MAGIC = b"siprev sealed file 1\n"
#: Bytes of a chunk before it is sealed; sealing adds a tag.
CHUNK = 1 << 22
TAG = 16
_PREFIX = 7
HEADER = len(MAGIC) + _PREFIX
#: What a key of landed bytes is derived for.
PURPOSE = "landing"
SUFFIX = ".key"


@dataclass(frozen=True)
class FileKey:
    """What opens one sealed file, and the SHA-256 of the bytes that are in it."""

    secret: bytes = field(repr=False)
    sha256: bytes = field(repr=False)


class Sealer:
    """Seals bytes on their way into a file."""

    def __init__(self, target: BinaryIO) -> None:
        """Begin a sealed file with a new random key."""
        self.secret = secrets.token_bytes(32)
        self._target = target
        self._cipher = _cipher(self.secret)
        self._header = MAGIC + secrets.token_bytes(_PREFIX)
        self._number = 0
        self._held = b""
        target.write(self._header)

    def write(self, data: bytes) -> None:
        """Take the next bytes; the last chunk waits for ``end``, which alone knows that it is the last."""
        if len(self._held) == CHUNK and data:
            self._seal(self._held, last=False)
            self._held = b""
        if not self._held and len(data) <= CHUNK:  # whoever comes with whole chunks pays for no copy of them
            self._held = data
            return
        data, start = self._held + data, 0
        while len(data) - start > CHUNK:
            self._seal(data[start : start + CHUNK], last=False)
            start += CHUNK
        self._held = data[start:]

    def end(self) -> None:
        """Write the last chunk."""
        self._seal(self._held, last=True)
        self._held = b""

    def _seal(self, plain: bytes, *, last: bool) -> None:
        nonce = _nonce(self._header, self._number, last=last)
        self._target.write(self._cipher.encrypt(nonce, plain, self._header))
        self._number += 1


def sealed_size(size: int) -> int:
    """Size of the sealed file of so many bytes."""
    return HEADER + size + TAG * max(1, -(-size // CHUNK))


def is_sealed(path: Path) -> bool:
    """Whether a landed file is sealed."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def opened(path: Path, key: FileKey) -> Iterator[bytes]:
    """The bytes of a sealed file, chunk by chunk.

    Raises:
        Refusal: The file was cut, changed or put together anew.
    """
    from cryptography.exceptions import InvalidTag

    cipher = _cipher(key.secret)
    with path.open("rb") as file:
        header = file.read(HEADER)
        if len(header) < HEADER or not header.startswith(MAGIC):
            raise damaged(path, "its head is missing")
        chunk, number = file.read(CHUNK + TAG), 0
        while True:
            following = file.read(CHUNK + TAG)
            try:
                yield cipher.decrypt(_nonce(header, number, last=not following), chunk, header)
            except InvalidTag:
                raise damaged(path, f"its part {number + 1} was changed, or the file was cut") from None
            if not following:
                return
            chunk, number = following, number + 1


def damaged(path: Path, what: str) -> Refusal:
    """The refusal of a landed file that is not what was landed."""
    return Refusal(
        f"the landed file is damaged: {what}",
        where=str(path),
        how="restore it from a backup of the landing, or ask the provider for the file again",
        code="landed_damaged",
    )


def _nonce(header: bytes, number: int, *, last: bool) -> bytes:
    return header[-_PREFIX:] + number.to_bytes(4, "big") + bytes([last])


def _cipher(secret: bytes) -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(secret)


def key_path(path: Path) -> Path:
    """Where the key of a sealed file is."""
    return path.with_name(path.name + SUFFIX)


def version_of(key_file: Path) -> int:
    """Version of the master key by which a file's key is sealed.

    Raises:
        Refusal: The key's file is damaged.
    """
    return int(_stored(key_file)["version"])


def keep_key(path: Path, key: FileKey, master: MasterKey) -> None:
    """Write the key of a sealed file, sealed by the master key; a key that was there before is replaced whole."""
    nonce = secrets.token_bytes(12)
    wrapped = _cipher(master.derive(PURPOSE)).encrypt(nonce, key.secret + key.sha256, _bound(path, master))
    text = json.dumps({"version": master.version, "nonce": nonce.hex(), "key": wrapped.hex()}) + "\n"
    temporary = path.with_name(f".{path.name}.{os.getpid()}.key.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(key_path(path))
    _sync(path.parent)


def read_key(path: Path, keyring: Keyring) -> FileKey:
    """The key of a sealed file.

    Raises:
        Refusal: The key was destroyed, or its file is damaged.
        Misuse: The master key that sealed it is not at hand.
    """
    from cryptography.exceptions import InvalidTag

    stored = _stored(key_path(path))
    version = int(stored["version"])
    master = keyring.of(version)
    if master is None:
        raise Misuse(
            f"the landed bytes are sealed by the master key of version {version}, which is not at hand",
            where=str(path),
            how="put that key into the key file (SIPREV_KEY_FILE) beside the others",
            code="no_master_key",
        )
    try:
        opened_key = _cipher(master.derive(PURPOSE)).decrypt(
            bytes.fromhex(stored["nonce"]), bytes.fromhex(stored["key"]), _bound(path, master)
        )
    except (InvalidTag, ValueError):
        raise Refusal(
            f"the key of the landed bytes cannot be opened with the master key of version {version}",
            where=str(key_path(path)),
            how="put the key under which the file was landed into the key file, or restore both from a backup",
            code="landed_damaged",
        ) from None
    return FileKey(opened_key[:32], opened_key[32:])


def _bound(path: Path, master: MasterKey) -> bytes:
    """What a key is bound to, so that it cannot be laid beside another file or called another version."""
    return f"{path.parent.name}/{path.name}/v{master.version}".encode()


def _stored(key_file: Path) -> dict[str, Any]:
    try:
        found = json.loads(key_file.read_text(encoding="ascii"))
        return {"version": int(found["version"]), "nonce": str(found["nonce"]), "key": str(found["key"])}
    except FileNotFoundError:
        raise Refusal(
            "the key of the landed bytes was destroyed: nobody can read them any more",
            where=str(key_file),
            how="ask the provider for the file again, if the law allows to hold it",
            code="landed_destroyed",
        ) from None
    except (ValueError, KeyError, TypeError):
        raise damaged(key_file, "it holds no key") from None


def destroy_key(path: Path) -> None:
    """Make landed bytes unreadable for ever: write over their key, then remove it.

    Raises:
        Refusal: There is no key.
    """
    file_key = key_path(path)
    _stored(file_key)
    with file_key.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        file.write(bytes(size))
        file.flush()
        os.fsync(file.fileno())
    file_key.unlink()
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """Make a rename or a removal in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
