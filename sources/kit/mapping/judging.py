"""What is judged of a record in the one pass: the record type's rules, the key, areas and period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from schemas import compile as compiler
from schemas import sql
from schemas.compile import Judged
from schemas.rules import Rule
from schemas.staging import StagedRule
from sources.kit.mapping import identity, key
from sources.kit.mapping.fields import Fields
from sources.kit.mapping.given import Given
from sources.kit.words import Fixed

#: Bounds of what a record can be about where neither period nor edition says.
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2100, 12, 31)


def rules(given: Given, fields: Fields) -> tuple[list[str], list[StagedRule]]:
    """The conditions under which a record breaks a rule, and the rules in the same order."""
    judged = {n: Judged(sql.name(n), j.given) for n, j in fields.all.items()}
    found: list[tuple[str, StagedRule]] = []
    for rule in given.kind.rules:
        if not set(rule.fields) <= set(judged) or _cannot_break(given, rule):
            continue
        condition = compiler.broken(_with_form(given, rule), judged)
        found.append((condition, StagedRule(rule.code, rule.severity)))
    if given.specification.key:
        found.append(("(NOT key_given)", StagedRule("key.missing", "row")))
    for name in fields.all:
        if name.endswith("_first_level") and given.areas:
            own = f"starts_with({name}, {sql.text(given.specification.country + '-')})"
            condition = f"coalesce({own} AND {name} NOT IN ({sql.texts(given.areas)}), false)"
            found.append((condition, StagedRule(f"{name}.unknown_code", "row")))
    bounds = _bounds(given)
    if bounds and given.date_field in fields.all:
        outside = f"{given.date_field} NOT BETWEEN DATE '{bounds[0]}' AND DATE '{bounds[1]}'"
        found.append((f"coalesce({outside}, false)", StagedRule("date.outside_period", "row")))
    found += identity.misspelt(given)
    if given.layout.rows.earlier:
        found = list(_about_earlier(found))
    return [condition for condition, _ in found], [rule for _, rule in found]


def _about_earlier(rules: Sequence[tuple[str, StagedRule]]) -> Iterator[tuple[str, StagedRule]]:
    """The rules where rows speak of earlier records: one that annuls a record needs to say no more than which.

    What is classified anew may be older than the delivery's period.
    """
    for condition, rule in rules:
        exempt = key.EARLIER if rule.code == "date.outside_period" else key.ANNULS
        yield f"(NOT {exempt} AND {condition})", rule
    yield f"({key.EARLIER} AND NOT {key.EARLIER_GIVEN})", StagedRule("earlier.key_missing", "row")
    known = "coalesce(record_status IN ('annulled', 'reclassified'), false)"
    yield f"({key.EARLIER} AND NOT {known})", StagedRule("earlier.status", "row")


def _bounds(given: Given) -> tuple[dt.date, dt.date] | None:
    """First and last day that a record can be about: the delivery's period, else what its edition can know.

    Projections are about the future, and lists have no such date.
    """
    if given.period or given.specification.delivers.cells == "none":
        return given.period
    return EARLIEST, given.edition or LATEST


def _cannot_break(given: Given, rule: Rule) -> bool:
    verbs_read = [given.layout.map.get(name) for name in rule.fields]
    return all(v is None or (isinstance(v, Fixed) and not v.when) for v in verbs_read)


def _with_form(given: Given, rule: Rule) -> Rule:
    """A form that the declaration states for a field takes the place of the general one."""
    form = getattr(given.layout.map.get(rule.fields[0]), "form", None)
    if rule.kind != "form" or not form:
        return rule
    return Rule(rule.code, rule.kind, rule.severity, rule.fields, {"pattern": f"^(?:{form})$"})
