"""Finding the declared sources: a folder with a ``source.yml`` is a source; there is no list to edit."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from schemas import codelists, declaration, record_type
from schemas.errors import Misuse
from sources.kit.specification import Hmac, Specification

BUILT_IN = Path(__file__).parent.parent


@dataclass(frozen=True)
class Source:
    """A declared source and the folder that holds its declaration."""

    specification: Specification
    folder: Path

    @property
    def id(self) -> str:
        """The source's name."""
        return self.specification.id

    @cached_property
    def version(self) -> str:
        """SHA-256 of everything that decides what a delivery means: the declaration and its tables."""
        digest = hashlib.sha256()
        for path in sorted([self.folder / "source.yml", *self.folder.glob("*.csv")]):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
        return digest.hexdigest()


def folders(extra: Sequence[Path] = ()) -> dict[str, Path]:
    """Folder of every source by name: those of the repository and of ``extra`` directories.

    Raises:
        Misuse: A directory does not exist or two folders have one name.
    """
    found: dict[str, Path] = {}
    for directory in [BUILT_IN, *extra]:
        if not directory.is_dir():
            raise Misuse(
                "there is no such directory of sources",
                where=str(directory),
                how="correct the path after --sources",
                code="no_sources",
            )
        for path in sorted(directory.glob("*/source.yml")):
            if path.parent.name in found:
                raise Misuse(
                    f"two sources are called {path.parent.name}",
                    where=f"{found[path.parent.name]} and {path.parent}",
                    how="rename one of the folders and its id",
                    code="source_twice",
                )
            found[path.parent.name] = path.parent
    return found


def load(source_id: str, extra: Sequence[Path] = ()) -> Source:
    """Load one source.

    Raises:
        Misuse: No source has that name, or its declaration does not load.
    """
    known = folders(extra)
    if source_id not in known:
        raise Misuse(
            f"unknown source {source_id!r}",
            how=f"use one of: {', '.join(known)}; or add a folder with a source.yml",
            code="unknown_source",
        )
    return read(known[source_id])


def load_all(extra: Sequence[Path] = ()) -> list[Source]:
    """Load every source, by name.

    Raises:
        Misuse: A declaration does not load: no source is skipped silently.
    """
    return [read(folder) for _, folder in sorted(folders(extra).items())]


def read(folder: Path) -> Source:
    """Load the source of a folder and check it against the record type that it delivers.

    Raises:
        Misuse: With file, line and cure.
    """
    path = folder / "source.yml"
    specification = declaration.load(path, Specification)
    if specification.id != folder.name:
        raise _invalid(path, ("id",), f"the id {specification.id!r} is not the folder's name", "make them equal")
    if specification.record_type not in record_type.names():
        raise _invalid(
            path,
            ("record_type",),
            f"unknown record type {specification.record_type!r}",
            f"use one of: {', '.join(record_type.names())}",
        )
    if specification.source_type not in codelists.load("source_type").codes:
        raise _invalid(
            path,
            ("source_type",),
            f"unknown source type {specification.source_type!r}",
            f"use one of: {', '.join(codelists.load('source_type').codes)}",
        )
    for index, _ in enumerate(specification.layouts):
        _check_layout(path, specification, index)
    return Source(specification, folder)


def _check_layout(path: Path, specification: Specification, index: int) -> None:
    layout = specification.layouts[index]
    fields = record_type.load(specification.record_type)
    for name in layout.map:
        if name not in fields.by_name:
            raise _invalid(
                path,
                ("layouts", index, "map", name),
                f"{specification.record_type} has no field {name!r}",
                f"use one of: {', '.join(fields.by_name)}",
            )
    unpivot = layout.rows.unpivot
    made = {unpivot.name, unpivot.value} if unpivot else set()
    usable = set(layout.columns.open) | made
    if unpivot and not set(unpivot.values) <= set(layout.columns.open):
        lacking = sorted(set(unpivot.values) - set(layout.columns.open))
        raise _invalid(
            path,
            ("layouts", index, "rows", "unpivot"),
            f"unpivot names {lacking[0]!r}, which is no open column",
            "declare it under columns: open",
        )
    for exclude in layout.rows.exclude:
        _require(path, ("layouts", index, "rows", "exclude"), [exclude.column], usable, "exclude")
    for name, verb in layout.map.items():
        allowed = usable
        if isinstance(verb, Hmac):
            allowed = set(layout.columns.identifier)
        elif fields.by_name[name].tier == "restricted":
            allowed = usable | set(layout.columns.restricted)
        _require(path, ("layouts", index, "map", name), verb.reads, allowed, "the verb")
    if specification.key:
        _require(path, ("key",), specification.key.columns, {*layout.columns.all, *made}, "key")


def _require(
    path: Path, place: tuple[str | int, ...], columns: Sequence[str], usable: set[str], verb: str
) -> None:
    for column in columns:
        if column not in usable:
            raise _invalid(
                path,
                place,
                f"{verb} reads {column!r}, which is not among the columns that it may use",
                "declare the column, or use hmac for an identifier; restricted columns are read by parse of "
                "coordinates only",
            )


def _invalid(path: Path, place: tuple[int | str, ...], what: str, how: str) -> Misuse:
    line = declaration.line_of(path.read_text(encoding="utf-8"), place)
    return Misuse(what, where=f"{path}:{line}", how=how, code="declaration_invalid")
