"""Secrets by name: the addresses of databases and the passes to servers that ``source.yml`` only names.

A secret stands in the environment, or on a line of a file that its owner alone may read. No message shows a value.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path

from schemas.errors import Misuse

#: Begin of the variables that hold one secret each; the name follows in capitals.
PREFIX = "SIPREV_SECRET_"
_LINE = re.compile(r"([a-z][a-z0-9_]*):\s+(\S.*)")


def find(name: str, given: Mapping[str, str], file: Path | None) -> str:
    """The value of a secret: of the environment, else of the file.

    Args:
        name: Its name.
        given: Those of the environment, by name.
        file: The file, if there is one.

    Raises:
        Misuse: It is in neither, or the file cannot be read.
    """
    if found := given.get(name) or (read_file(file).get(name) if file else None):
        return found
    place = str(file) if file else "a file that SIPREV_SECRET_FILE names and its owner alone may read"
    raise Misuse(
        f"the secret {name} is not kept anywhere",
        where=f"environment variable {PREFIX}{name.upper()}",
        how=f'set the variable, or write a line "{name}: ..." into {place}; for a database it is its address, such as '
        "postgresql+psycopg://user:password@host:5432/name",
        code="no_secret",
    )


def read_file(path: Path) -> dict[str, str]:
    """The secrets of a file: on each line a name, a colon and the value; lines that begin with # are for people.

    Raises:
        Misuse: It cannot be read, others can read it, or a line is none.
    """
    try:
        with os.fdopen(os.open(path, os.O_RDONLY), encoding="utf-8", errors="replace") as file:
            if os.fstat(file.fileno()).st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise Misuse(
                    "others can read the file of secrets",
                    where=str(path),
                    how=f"chmod 600 {path}; if others may have read it, change what it holds",
                    code="secret_file_open",
                )
            lines = file.read().splitlines()
    except OSError as error:
        raise Misuse(
            f"the file of secrets cannot be read: {error.strerror}",
            where=str(path),
            how="correct SIPREV_SECRET_FILE, or make the file",
            code="secret_file",
        ) from None
    found: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        entry = _LINE.fullmatch(line.strip())
        if entry is None or entry[1] in found:
            raise Misuse(
                "this is no secret" if entry is None else f"the secret {entry[1]} stands there twice",
                where=f"{path}:{number}",
                how="write a name of small letters, a colon, a space and the value, each name once",
                code="secret_file",
            )
        found[entry[1]] = entry[2]
    return found
