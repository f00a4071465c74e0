"""Finding the declared sources: a folder with a ``source.yml`` is a source; there is no list to edit."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from schemas import codelists, declaration, record_type, reference
from schemas.errors import Misuse, offer
from sources.kit import conformity, corrections
from sources.kit.conformity import invalid
from sources.kit.corrections import Corrections
from sources.kit.fetching import fitting
from sources.kit.specification import Specification

BUILT_IN = Path(__file__).parent.parent


@dataclass(frozen=True)
class Source:
    """A declared source and the folder that holds its declaration."""

    specification: Specification
    folder: Path
    corrections: Corrections

    @property
    def id(self) -> str:
        """The source's name."""
        return self.specification.id

    @cached_property
    def version(self) -> str:
        """SHA-256 of everything that decides what a delivery means: the declaration, its tables and corrections."""
        digest = hashlib.sha256()
        said = [self.folder / "source.yml", *self.folder.glob("*.csv"), *self.folder.glob(corrections.FILE)]
        for path in sorted(said):
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
            how=f"{offer(source_id, known)} (a folder with a source.yml is a source)",
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
        raise invalid(
            path, ("id",), f"the id {specification.id!r} is not the folder's name", "make them equal"
        )
    known = {
        "record_type": record_type.names(),
        "source_type": codelists.load("source_type").codes,
        "country": (*codelists.load("country").codes, reference.SEVERAL_COUNTRIES),
    }
    for key, allowed in known.items():
        value = str(getattr(specification, key))
        if value not in allowed:
            what = f"unknown {key.replace('_', ' ')} {value!r}"
            raise invalid(path, (key,), what, offer(value, allowed))
    conformity.check(path, specification)
    fitting.check(path, specification)
    return Source(specification, folder, corrections.load(folder, specification))
