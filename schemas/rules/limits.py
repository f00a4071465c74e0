"""The limits of a rule in words: what a message says of the value that it wants, out of the rule's declaration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas import units
from schemas.rules.rule import Rule

#: A text of each form that record types declare.
FORMS: Mapping[str, str] = {
    "^[A-Z]{3}$": "XAA",
    "^[A-Z]{3}-[0-9A-Z]+$": "XAA-01",
    "^[A-Z]{3}(-[0-9A-Z]+)?$": "XAA-01",
    "^[0-9A-Z]+$": "01",
    "^G-[0-9A-Z]+$": "G-LAC",
    "^[A-Z][0-9]{2}[0-9X]?$": "X954",
}

_WORDS: Mapping[str, Mapping[str, str]] = {
    "between": {"es": "de {low} a {high}", "en": "{low} to {high}", "pt": "de {low} a {high}"},
    "above_to": {
        "es": "más de {low} y hasta {high}",
        "en": "above {low} and up to {high}",
        "pt": "acima de {low} e até {high}",
    },
    "from": {"es": "desde {low}", "en": "{low} or more", "pt": "a partir de {low}"},
    "above": {"es": "más de {low}", "en": "above {low}", "pt": "acima de {low}"},
    "to": {"es": "hasta {high}", "en": "up to {high}", "pt": "até {high}"},
    "form": {"es": "por ejemplo {example}", "en": "for example {example}", "pt": "por exemplo {example}"},
    "tolerated": {
        "es": "se tolera hasta el {share} %",
        "en": "up to {share}% is tolerated",
        "pt": "tolera-se até {share} %",
    },
}


def words(rule: Rule, language: str, unit: str = "") -> str:
    """The limits of a rule, with their unit; empty where it has none.

    Args:
        rule: The rule.
        language: One of es, en, pt.
        unit: Unit of its field, in English as it is declared.
    """
    parameters = rule.parameters
    match rule.kind:
        case "range":
            said = _bounds(parameters, language)
            counted = "" if unit in units.SCALES else units.word(unit, language)
            return f"{said} {counted}".rstrip()
        case "form":
            return _WORDS["form"][language].format(example=FORMS[parameters["pattern"]])
        case "heaped" | "heaped_in_units":
            if parameters["tolerated"] == 0:
                return ""
            return _WORDS["tolerated"][language].format(share=_number(100 * parameters["tolerated"]))
    return ""


def _bounds(parameters: Mapping[str, Any], language: str) -> str:
    low, high = parameters["low"], parameters["high"]
    form = {
        (True, True): "above_to" if parameters.get("above") else "between",
        (True, False): "above" if parameters.get("above") else "from",
    }.get((low is not None, high is not None), "to")
    return _WORDS[form][language].format(low=_number(low), high=_number(high))


def _number(value: Any) -> str:
    """Without decimals that say nothing, and never with an exponent."""
    if not isinstance(value, float):
        return str(value)
    return f"{value:.0f}" if value.is_integer() else f"{value:.10g}"
