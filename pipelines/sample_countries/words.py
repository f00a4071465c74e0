"""The words of a country's providers: headers of columns, labels of codes, and how dates and numbers are written.

The words are two tables beside the country's module: ``headers.csv`` (field, header) and ``labels.csv`` (list, code,
label). They are the providers' own and do not change with ours.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from schemas.errors import Misuse


@dataclass(frozen=True)
class Words:
    """How the providers of a country write fields and codes.

    Args:
        folder: Where the two tables are.
        day: How a date is written, as ``strftime`` has it.
        decimal: What separates the decimals.
        nonsense: A text that is no code, no date and no number.
        no_day: A date that does not exist, as the providers would write it.
    """

    folder: Path
    day: str
    decimal: str
    nonsense: str
    no_day: str

    def header(self, field: str) -> str:
        """The header of a field.

        Raises:
            Misuse: The country has no word for it.
        """
        return self._told("headers.csv", self._headers, field)

    def labels(self, codelist: str) -> Mapping[str, str]:
        """The label of each code of a list.

        Raises:
            Misuse: The country has no words for the list.
        """
        if codelist not in self._labels:
            raise self._lacking("labels.csv", codelist)
        return self._labels[codelist]

    @cached_property
    def _headers(self) -> dict[str, str]:
        return {row["field"]: row["header"] for row in self._read("headers.csv")}

    @cached_property
    def _labels(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for row in self._read("labels.csv"):
            found.setdefault(row["list"], {})[row["code"]] = row["label"]
        return found

    def _read(self, name: str) -> list[dict[str, str]]:
        with (self.folder / name).open(encoding="utf-8", newline="") as handle:
            return list(csv.DictReader(handle))

    def _told(self, name: str, words: Mapping[str, str], wanted: str) -> str:
        if wanted not in words:
            raise self._lacking(name, wanted)
        return words[wanted]

    def _lacking(self, name: str, wanted: str) -> Misuse:
        return Misuse(
            f"the providers have no word for {wanted!r}",
            where=str(self.folder / name),
            how="add a row with their word",
            code="no_word",
        )
