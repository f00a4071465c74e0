"""A record type at run time: its fields and rules, read from what ``schemas.generate`` wrote.

The declaration is the pandera model in ``schemas.records``; importing pandera takes longer than loading a small
delivery, so work reads the generated JSON instead, and a test fails when it is stale.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from schemas.errors import Misuse, offer
from schemas.rules import Rule

GENERATED = Path(__file__).parent / "generated"
#: How the names of fields end that hold the code of an area below the country.
AREA_LEVELS = ("_first_level", "_municipality", "_declared_area")


@dataclass(frozen=True)
class Field:
    """One field of a record type.

    ``sql_type`` is a DuckDB type, or ``ENUM:<list>`` for the codes of a closed list.
    """

    name: str
    sql_type: str
    unit: str
    tier: str
    required: bool
    description: Mapping[str, str]

    @property
    def is_area(self) -> bool:
        """Whether the field holds the code of an area below the country."""
        return self.codelist is None and self.name.endswith(AREA_LEVELS)

    @property
    def codelist(self) -> str | None:
        """Name of the closed list whose codes the field holds."""
        return self.sql_type.removeprefix("ENUM:") if self.sql_type.startswith("ENUM:") else None


@dataclass(frozen=True)
class RecordType:
    """A shared record type: what one record is, its fields in order, and the rules that judge it.

    ``titles`` and ``grains`` are in Spanish, English and Portuguese, a grain as it stands inside a sentence.

    ``date_field`` puts a record in time where a source says nothing else; ``amount`` is the field that the account of
    a delivery adds up, None where a record counts as one.
    """

    name: str
    titles: Mapping[str, str]
    grains: Mapping[str, str]
    date_field: str
    amount: str | None
    fields: tuple[Field, ...]
    rules: tuple[Rule, ...]

    @property
    def title(self) -> str:
        """The title in English."""
        return self.titles["en"]

    @property
    def grain(self) -> str:
        """What one record is, in English, as a sentence."""
        return self.grains["en"][:1].upper() + self.grains["en"][1:]

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """The fields by name."""
        return {f.name: f for f in self.fields}

    def tier(self, tier: str) -> tuple[Field, ...]:
        """The fields of one tier, ``open`` or ``restricted``."""
        return tuple(f for f in self.fields if f.tier == tier)


def names() -> tuple[str, ...]:
    """Names of all record types, in alphabetical order."""
    return tuple(sorted(p.stem for p in GENERATED.glob("*.json")))


@cache
def load(name: str) -> RecordType:
    """Read a record type.

    Raises:
        Misuse: No record type has that name.
    """
    path = GENERATED / f"{name}.json"
    if not path.is_file():
        raise Misuse(
            f"unknown record type {name!r}",
            how=offer(name, names()),
            code="unknown_record_type",
        )
    return read(json.loads(path.read_text(encoding="utf-8")))


def read(raw: Mapping[str, Any]) -> RecordType:
    """A record type out of what ``schemas.generate`` says of it."""
    fields = tuple(Field(**f) for f in raw["fields"])
    rules = tuple(Rule(**{**r, "fields": tuple(r["fields"])}) for r in raw["rules"])
    return RecordType(
        raw["name"], raw["titles"], raw["grains"], raw["date_field"], raw["amount"], fields, rules
    )
