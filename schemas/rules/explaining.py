"""Message and hint of a rule, wherever it is declared."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from types import MappingProxyType

from schemas.rules.families import EVERY_SOURCE, FAMILIES
from schemas.rules.rule import Declared, Text


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


def explain(code: str, language: str = "es", called: str = "") -> tuple[str, str]:
    """Message and hint of a rule code, in one of es, en, pt.

    Args:
        code: The rule.
        language: The language.
        called: What the field of a family is called; without it, by its name.

    Raises:
        KeyError: The code belongs to no declared rule.
    """
    known = EVERY_SOURCE.get(code) or _texts().get(code)
    if known:
        message, hint = known
        return message[language], hint[language]
    name, _, ending = code.rpartition(".")
    message, hint = FAMILIES[ending]
    return message[language].format(field=called or name), hint[language]
