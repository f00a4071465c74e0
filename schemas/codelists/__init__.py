"""Code lists: the closed vocabularies of fields and dimensions, one CSV file per list, found by discovery.

A list is a file ``<name>.csv`` in this folder with the columns of ``HEADER``. Codes are text, in the order
in which people read them (it becomes the order of the ENUM), and labels are in Spanish, English and
Portuguese. ``parent`` makes a tree: a definition that names a code means everything below it too. ``_T`` is
the total of a dimension, ``_U`` is "unknown". ``evidence`` says where code and meaning come from:

- ``official``: from the body that owns the classification (SDMX, ISO, UNODC, a statistics office);
- ``secondary``: from an account of such a list by others, or this system's own list, for which no outside
  authority is claimed;
- ``needs_review``: not yet confirmed against the owner's text; fit for drafts.

It speaks of codes and their meaning. Labels in other languages than the owner's are this system's wording.

A code that ended has its last day in ``valid_to`` and, in the columns ``successor`` and ``note`` that such a list has
after the others, what to use instead or why there is nothing. A code that was given another meaning has a line for
each, valid at different times.

``tables/`` holds what is no list of codes: attributes of codes, correspondences, and ranges of ICD-10 codes
(``schemas.codelists.causes`` says what they mean).

Belongs here: vocabularies shared by every country. How one source's own labels translate is declared in
that source's folder.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from schemas.codelists.code_list import UNCONFIRMED, Code, CodeList
from schemas.codelists.reading import EVIDENCE, EXPLAINING, HEADER, entries, rows
from schemas.errors import Misuse

__all__ = [
    "EVIDENCE",
    "EXPLAINING",
    "FOLDER",
    "HEADER",
    "UNCONFIRMED",
    "Code",
    "CodeList",
    "load",
    "names",
    "read",
    "rows",
    "table",
    "tables_sha256",
]

FOLDER = Path(__file__).parent


def names() -> tuple[str, ...]:
    """Names of all lists, in alphabetical order."""
    return tuple(sorted(p.stem for p in FOLDER.glob("*.csv")))


@cache
def load(name: str) -> CodeList:
    """Read a list of this folder; read once per process.

    Raises:
        Misuse: No list has that name, or its file is malformed.
    """
    path = FOLDER / f"{name}.csv"
    if not path.is_file():
        raise Misuse(
            f"there is no code list {name!r}",
            where=str(FOLDER),
            how=f"use one of: {', '.join(names())}",
            code="unknown_codelist",
        )
    return read(path)


def read(path: Path) -> CodeList:
    """Read and check a list from a file.

    Raises:
        Misuse: The file is malformed; ``where`` is file and line.
    """
    return CodeList(path.stem, *_titles(path.stem), entries(path))


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a table of ``tables/`` as text.

    Raises:
        Misuse: No table has that name, or its file is malformed.
    """
    path = FOLDER / "tables" / f"{name}.csv"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in path.parent.glob("*.csv")))
        raise Misuse(
            f"there is no table {name!r}",
            where=str(path.parent),
            how=f"use one of: {known}",
            code="unknown_table",
        )
    found = list(rows(path))
    header = found[0][1] if found else ()
    return tuple(dict(zip(header, row, strict=True)) for _, row in found[1:])


@cache
def tables_sha256() -> str:
    """SHA-256 of all tables: what a definition that uses them depends on, besides the lists."""
    digest = hashlib.sha256()
    for path in sorted((FOLDER / "tables").glob("*.csv")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _titles(name: str) -> tuple[str, str, str, str]:
    for row in table("titles"):
        if row["name"] == name:
            return row["title_en"], row["title_es"], row["title_pt"], row["authority"]
    # a list that a country adds needs no line in a register of ours
    return name, name, name, ""
