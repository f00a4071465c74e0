"""The pages of record types and rules, in each language."""

from __future__ import annotations

from docs.generate.markdown import code, page, table
from docs.generate.words import Language, word
from schemas import record_type, units
from schemas.record_type import Field, RecordType
from schemas.rules import EVERY_SOURCE, FAMILIES, Rule, explain


def index(language: Language) -> str:
    """The list of record types."""
    kinds = [record_type.load(name) for name in record_type.names()]
    headings = [word(w, language) for w in ("record_type", "grain", "date_field", "fields")]
    rows = [
        (
            f"[{k.titles[language]}](records/{k.name}.md) (`{k.name}`)",
            k.grains[language],
            code(k.date_field),
            len(k.fields),
        )
        for k in kinds
    ]
    return page(word("records", language), word("records_intro", language), table(headings, rows))


def rendered(language: Language) -> dict[str, str]:
    """Page of every record type, by its name."""
    return {name: _page(record_type.load(name), language) for name in record_type.names()}


def _page(kind: RecordType, language: Language) -> str:
    about = (
        f"{word('grain', language)} {kind.grains[language]}. {word('date_field', language)}: `{kind.date_field}`. "
        f"{word('table', language)}: [`core.{kind.name}`](../../tables.md). "
        f"{word('template', language)}: `siprev source template {kind.name}`."
    )
    headings = [word(w, language) for w in ("field", "type", "required", "tier", "unit", "limits", "meaning")]
    fields = table(headings, [_field(f, kind, language) for f in kind.fields])
    headings = [word(w, language) for w in ("rule", "scope", "severity", "limits", "message", "mend")]
    several = [r for r in kind.rules if r.kind not in FAMILIES]
    rows = [
        (code(r.code), r.scope, r.severity, _limits(r), *explain(r.code, language, kind=kind))
        for r in several
    ]
    return page(
        f"{kind.titles[language]} (`{kind.name}`)",
        about,
        f"## {word('fields', language)}",
        word("tiers", language),
        fields,
        f"## {word('rules', language)}",
        f"{word('more_rules', language)} [{word('rules', language)}](../rules.md).",
        table(headings, rows) if rows else "",
    )


def _field(field: Field, kind: RecordType, language: Language) -> tuple[str, ...]:
    listed = field.codelist
    shown = f"[{listed}](../code-lists.md#{listed})" if listed else code(field.sql_type)
    required = word("yes", language) if field.required else ""
    limits = [_limits(r) for r in kind.rules if r.fields == (field.name,) and r.kind in ("range", "form")]
    return (
        code(field.name), shown, required, word(field.tier, language), units.word(field.unit, language),
        ", ".join(limits), field.description[language],
    )  # fmt: skip


def rules(language: Language) -> str:
    """Every rule with its message, and what to do: those of single fields by family, all others one by one."""
    several: dict[str, tuple[Rule, list[str]]] = {}
    for name in record_type.names():
        for rule in record_type.load(name).rules:
            if rule.kind not in FAMILIES:
                several.setdefault(rule.code, (rule, []))[1].append(name)
    each, every = word("each_field", language), word("every_source", language)
    rows = [
        (
            code(f"FIELD.{family}"),
            "row",
            "row",
            each,
            "",
            *(text[language].format(field="FIELD") for text in texts),
        )
        for family, texts in FAMILIES.items()
    ]
    rows += [
        (
            code(c),
            rule.scope,
            rule.severity,
            ", ".join(_linked(k) for k in kinds),
            _limits(rule),
            *explain(c, language),
        )
        for c, (rule, kinds) in sorted(several.items())
    ]
    rows += [(code(c), "row", "row", every, "", *explain(c, language)) for c in EVERY_SOURCE]
    headings = [
        word(w, language) for w in ("rule", "scope", "severity", "applies_to", "limits", "message", "mend")
    ]
    return page(word("rules", language), word("rules_intro", language), table(headings, rows))


def _linked(name: str) -> str:
    return f"[{name}](records/{name}.md)"


def _limits(rule: Rule) -> str:
    """What a rule asks for."""
    parameters = rule.parameters
    if "pattern" in parameters:
        return code(parameters["pattern"])
    if rule.kind == "outside_group":
        return ", ".join(code(a if a == b else f"{a}-{b}") for a, b in parameters["ranges"])
    if "prefixes" in parameters:
        return ", ".join(code(f"{p}...") for p in parameters["prefixes"])
    if "first" in parameters:
        return code(f"{parameters['first']} <= {parameters['second']}")
    if "tolerated" in parameters:
        return f"<= {parameters['tolerated']:.0%}"
    low, high = parameters.get("low"), parameters.get("high")
    if low is not None and high is not None:
        return f"{low} - {high}"
    return f">= {low}" if low is not None else f"<= {high}" if high is not None else ""
