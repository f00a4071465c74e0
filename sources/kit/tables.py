"""A table of a file as ``source.yml`` declares it: how it is read, and what columns it has."""

from __future__ import annotations

from collections import Counter
from typing import Literal

from pydantic import model_validator

from schemas.declaration import Declared
from sources.kit.declared_text import Identifiers
from sources.kit.forms import AnyForm, FixedWidthForm


class Columns(Declared):
    """Every column of the file, by how its content may be used."""

    open: list[str] = []
    """Columns that may be mapped, shown and kept in quarantine."""
    identifier: Identifiers = {}
    """Case numbers and documents, with the kind of each: only their keyed hash is kept."""
    restricted: list[str] = []
    """Names, addresses, free text, coordinates: kept nowhere but for coordinates in the restricted file."""

    @property
    def all(self) -> list[str]:
        """All column names."""
        return [*self.open, *self.identifier, *self.restricted]

    @model_validator(mode="after")
    def _once(self) -> Columns:
        repeated = {c for c, times in Counter(self.all).items() if times > 1}
        if repeated:
            raise ValueError(f"declared twice: {', '.join(sorted(repeated))}; keep each column once")
        return self


class Table(Declared):
    """A table of a file."""

    file: AnyForm
    """How the file is read: its format, with the words of that format."""
    names: Literal["exact", "trimmed"] = "exact"
    """Whether spaces at the ends of a column's name count."""
    values: Literal["exact", "trimmed"] = "exact"
    """Whether values keep line breaks, tabs and hard spaces at their ends."""
    columns: Columns
    """Every column of the file, exactly once, by how its content may be used."""

    @model_validator(mode="after")
    def _places_of_all(self) -> Table:
        if isinstance(self.file, FixedWidthForm):
            placed, named = set(self.file.fields), set(self.columns.all)
            if placed != named:
                strange = sorted(placed ^ named)[0]
                lacking = "columns" if strange in placed else "file: fields"
                raise ValueError(f"{strange!r} is missing under {lacking}; name each column in both")
        return self
