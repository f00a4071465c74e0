"""Message and hint of a rule, wherever it is declared."""

from __future__ import annotations

import importlib
import pkgutil
import re
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from schemas.rules import limits
from schemas.rules.families import EVERY_SOURCE, FAMILIES
from schemas.rules.rule import Declared, Rule, Text

if TYPE_CHECKING:
    from schemas.record_type import RecordType


@cache
def declared() -> tuple[Declared, ...]:
    """All declared rules, by module and in the order in which each declares them.

    Raises:
        ValueError: Two rules share a code.
    """
    package = importlib.import_module("schemas.rules")
    found: dict[str, Declared] = {}
    for module in pkgutil.iter_modules(package.__path__):
        loaded = importlib.import_module(f"schemas.rules.{module.name}")
        for one in getattr(loaded, "RULES", ()):
            if one.rule.code in found:
                raise ValueError(f"two rules have the code {one.rule.code!r}")
            found[one.rule.code] = one
    return tuple(found.values())


@cache
def _texts() -> MappingProxyType[str, tuple[Text, Text]]:
    return MappingProxyType({one.rule.code: (one.message, one.hint) for one in declared()})


def family(code: str) -> str | None:
    """The field family of a rule; None for rules that are declared by themselves."""
    if code in EVERY_SOURCE or code in _texts():
        return None
    _, _, ending = code.rpartition(".")
    return ending if ending in FAMILIES else None


def explain(
    code: str, language: str = "es", called: str = "", kind: RecordType | None = None
) -> tuple[str, str]:
    """Message and hint of a rule code, in one of es, en, pt.

    In Spanish and Portuguese a field is called by what it is, with its name in brackets; the limits that the rule
    declares stand in the message.

    Args:
        code: The rule.
        language: The language.
        called: What the field of a family is called in a delivery; without it, what it is and its name.
        kind: The record type; without it, one that has the rule.

    Raises:
        KeyError: The code belongs to no declared rule.
    """
    if code in EVERY_SOURCE:
        message, hint = EVERY_SOURCE[code]
        return message[language], hint[language]
    kind = kind or _having(code)
    rule = next((r for r in kind.rules if r.code == code), None) if kind else None
    if known := _texts().get(code):
        message, hint = known
        return _with_limits(_named(message[language], rule, kind, language), rule, kind, language), hint[
            language
        ]
    name, _, ending = code.rpartition(".")
    message, hint = FAMILIES[ending]
    told = message[language].format(field=called or _field(name, kind, language))
    return _with_limits(told, rule, kind, language), hint[language]


@cache
def _having(code: str) -> RecordType | None:
    """A record type that has the rule."""
    from schemas import record_type  # reads what is generated, and imports the rules

    return next(
        (k for k in map(record_type.load, record_type.names()) if code in {r.code for r in k.rules}), None
    )


def _field(name: str, kind: RecordType | None, language: str) -> str:
    """What a field is and its name; in English, of which the name is, the name alone."""
    field = kind.by_name.get(name) if kind and language != "en" else None
    return f"{field.description[language].partition(';')[0]} ({name})" if field else name


def _named(message: str, rule: Rule | None, kind: RecordType | None, language: str) -> str:
    """A message in which the fields of the rule are called by what they are."""
    names = sorted(rule.fields, key=len, reverse=True) if rule else []
    if not names:
        return message
    told = re.sub(rf"\b({'|'.join(names)})\b", lambda found: _field(found[0], kind, language), message)
    return told[:1].upper() + told[1:] if told != message else told


def _with_limits(message: str, rule: Rule | None, kind: RecordType | None, language: str) -> str:
    """A message with the limits of its rule, unless it says their numbers itself."""
    if not rule or not kind:
        return message
    field = kind.by_name.get(rule.parameters.get("field", rule.fields[0]))
    said = limits.words(rule, language, field.unit if field else "")
    numbers = set(re.findall(r"\d+", said))
    if not said or (numbers and numbers <= set(re.findall(r"\d+", message))):
        return message
    return f"{message}: {said}" if rule.kind in FAMILIES else f"{message} ({said})"
