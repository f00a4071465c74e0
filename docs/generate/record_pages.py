"""The pages of record types and rules, in each language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from docs.generate.markdown import code, page, table
from docs.generate.words import Language, word
from schemas import record_type
from schemas.record_type import Field, RecordType
from schemas.rules import Rule, explain
from schemas.rules.families import EVERY_SOURCE


def records(language: Language) -> str:
    """Every record type with its fields."""
    parts = [word("records_intro", language)]
    for name in record_type.names():
        kind = record_type.load(name)
        parts += [f"## {name}: {kind.titles[language]}", _about(kind, language)]
        headings = [word(w, language) for w in ("field", "type", "required", "tier", "unit", "meaning")]
        parts.append(table(headings, [_field(f, language) for f in kind.fields]))
    return page(word("records", language), *parts)


def _about(kind: RecordType, language: Language) -> str:
    about = f"{word('grain', language)} {kind.grains[language]}."
    return f"{about} {word('date_field', language)}: `{kind.date_field}`."


def _field(field: Field, language: Language) -> tuple[str, ...]:
    listed = field.codelist
    kind = f"[{listed}](code-lists.md#{listed})" if listed else code(field.sql_type)
    required = word("yes", language) if field.required else ""
    return (
        code(field.name), kind, required, word(field.tier, language), field.unit, field.description[language],
    )  # fmt: skip


def rules(language: Language) -> str:
    """Every rule with its message, and what to do."""
    found: dict[str, tuple[Rule, list[str]]] = {}
    for name in record_type.names():
        for rule in record_type.load(name).rules:
            found.setdefault(rule.code, (rule, []))[1].append(name)
    rows = [
        (
            code(c),
            rule.scope,
            rule.severity,
            ", ".join(kinds),
            _limits(rule.parameters),
            *explain(c, language),
        )
        for c, (rule, kinds) in sorted(found.items())
    ]
    every = word("every_source", language)
    rows += [(code(c), "row", "row", every, "", *explain(c, language)) for c in EVERY_SOURCE]
    headings = [
        word(w, language) for w in ("rule", "scope", "severity", "applies_to", "limits", "message", "mend")
    ]
    return page(word("rules", language), word("rules_intro", language), table(headings, rows))


def _limits(parameters: Mapping[str, Any]) -> str:
    if "pattern" in parameters:
        return code(parameters["pattern"])
    if "codelist" in parameters:
        return f"[{parameters['codelist']}](code-lists.md#{parameters['codelist']})"
    if "prefixes" in parameters:
        return ", ".join(code(f"{p}...") for p in parameters["prefixes"])
    if "first" in parameters:
        return code(f"{parameters['first']} <= {parameters['second']}")
    low, high = parameters.get("low"), parameters.get("high")
    if low is not None and high is not None:
        return f"{low} - {high}"
    return f">= {low}" if low is not None else f"<= {high}" if high is not None else ""
