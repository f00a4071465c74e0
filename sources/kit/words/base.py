"""What all verbs share, and the words that say which part of a column is read."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, field_validator

from schemas.declaration import Declared
from sources.kit.conditions import Conditions
from sources.kit.declared_text import Form


class Verb(Declared):
    """What all verbs share: raw values that mean "unknown" are never an error."""

    #: Which of its words name raw columns.
    read_from: ClassVar[tuple[str, ...]] = ()

    unknown: list[str] = []
    """Raw values that mean "unknown": never an error."""
    when: Conditions = []
    """The verb is used only for records whose columns fit: one test, or several that must all hold."""

    @property
    def reads(self) -> list[str]:
        """The raw columns of which the verb makes its value."""
        named = [getattr(self, word) for word in self.read_from]
        return [
            column
            for columns in named
            # a number stands for itself, not for a column
            if isinstance(columns, str | list)
            for column in ([columns] if isinstance(columns, str) else columns)
        ]

    @property
    def tests(self) -> list[str]:
        """The raw columns that say whether the verb is used."""
        return [column for condition in self.when for column in condition.reads]


class Split(Declared):
    """One of the parts of a text that a sign separates."""

    by: str = Field(min_length=1)
    """The text that separates the parts."""
    part: int
    """Which part is read, counted from 1; -1 is the last."""

    @field_validator("part")
    @classmethod
    def _counted(cls, value: int) -> int:
        if value == 0:
            raise ValueError("there is no part 0; count from 1, or from the end with -1")
        return value


class ReadingVerb(Verb):
    """A verb that reads a column, or a part of it."""

    find: Form | None = None
    """Only what fits this pattern is read; where the pattern has brackets, only what they hold."""
    split: Split | None = None
    """Only one part of the text is read; what stands between is named by."""

    @property
    def whole(self) -> bool:
        """Whether the column is read as it is."""
        return self.find is None and self.split is None
