"""What a rule is, and how one is declared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

Severity = Literal["row", "warn", "file"]
Scope = Literal["row", "delivery", "reference"]
Text = Mapping[str, str]


@dataclass(frozen=True)
class Rule:
    """One rule of a record type.

    Args:
        code: Stable code that reports and quarantine show.
        kind: How it is judged; a key of the conditions of ``schemas.compile`` or ``schemas.compile_delivery``.
        severity: ``row`` quarantines the record, ``warn`` counts it, ``file`` refuses the delivery.
        fields: Fields that it reads.
        parameters: Limits, codes or patterns, by name.
        scope: What it looks at: the record (``row``), the ``delivery``, or loaded facts (``reference``).
    """

    code: str
    kind: str
    severity: Severity
    fields: tuple[str, ...]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    scope: Scope = "row"


@dataclass(frozen=True)
class Declared:
    """A declared rule: it belongs to every record type that has its fields, or only to those named.

    Args:
        rule: The rule.
        message: What is wrong, in es, en, pt.
        hint: What to do, in es, en, pt.
        only: Record types; all that have the fields where it is empty.
    """

    rule: Rule
    message: Text
    hint: Text
    only: tuple[str, ...] = ()

    def belongs_to(self, name: str, fields: frozenset[str]) -> bool:
        """Whether a record type of this name and with these fields has the rule."""
        return (not self.only or name in self.only) and set(self.rule.fields) <= fields


def say(es: str, en: str, pt: str) -> Text:
    """A text in the three languages."""
    return MappingProxyType({"es": es, "en": en, "pt": pt})
