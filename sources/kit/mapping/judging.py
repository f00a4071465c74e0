"""What is judged of a record in the one pass: the record type's rules, the key, areas and period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from schemas import compile as compiler
from schemas import sql
from schemas.compile import Judged
from schemas.masks import Mask
from schemas.rules import Rule
from schemas.staging import StagedRule
from sources.kit import strictness
from sources.kit.mapping import identity, key
from sources.kit.mapping.fields import Fields
from sources.kit.mapping.given import Given
from sources.kit.readers import joined
from sources.kit.words import AnyMapping, FirstOf, Fixed, Recode

#: Bounds of what a record can be about where neither period nor edition says.
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2100, 12, 31)
KEY_REPEATED = "key.repeated"


@dataclass(frozen=True)
class Judging:
    """What is judged of a delivery.

    Args:
        rules: The rules that mark records, in bit order.
        conditions: SQL over the mapped records for the bits that are judged in the one pass.
        whole: Rules of the record type that need the whole delivery.
    """

    rules: tuple[StagedRule, ...]
    conditions: Mapping[int, str]
    whole: tuple[Rule, ...]

    @property
    def mask(self) -> Mask:
        """The mask of the rules."""
        return Mask(len(self.rules))

    def marked(self, severity: str) -> str:
        """SQL over the mapped records: the mask of the broken rules of a severity."""
        bits = {b: c for b, c in self.conditions.items() if self.rules[b].severity == severity}
        return self.mask.of(bits.items())

    def bit(self, code: str) -> int | None:
        """The bit of a rule, None where it is not judged."""
        return next((bit for bit, rule in enumerate(self.rules) if rule.code == code), None)

    def about(self, prefixes: Collection[str]) -> tuple[int, ...]:
        """The bits of the rules whose codes start so."""
        return tuple(b for b, rule in enumerate(self.rules) if rule.code.startswith(tuple(prefixes)))


def judging(given: Given, fields: Fields) -> Judging:
    """What can be judged of a delivery with these fields."""
    judged = {n: Judged(sql.name(n), j.given) for n, j in fields.all.items() if not _says_day(n, j)}
    found: list[tuple[StagedRule, str]] = []
    for declared in given.kind.rules:
        rule = compiler.as_of(declared, given.edition)
        if rule is None or rule.scope != "row":
            continue
        known = _with_empty(rule, judged)
        if set(rule.fields) <= set(known) and not _cannot_break(given, rule):
            found.append((_staged(rule), compiler.broken(_with_form(given, rule), known)))
    found += _of_every_source(given, fields)
    if given.layout.rows.earlier:
        found = list(_about_earlier(found))
    found = [(strictness.applied(rule, given.specification.rules), broken) for rule, broken in found]
    whole = [rule for rule in given.kind.rules if rule.scope == "delivery" and _fits(rule, fields)]
    marking = [_staged(rule) for rule in whole if rule.severity == "row"]
    if given.specification.key:
        marking.append(StagedRule(KEY_REPEATED, "row", "delivery"))
    rules = (*(rule for rule, _ in found), *marking)
    return Judging(rules, {bit: condition for bit, (_, condition) in enumerate(found)}, tuple(whole))


def _with_empty(rule: Rule, judged: Mapping[str, Judged]) -> Mapping[str, Judged]:
    """Of fields one of which must be given, those that are not mapped are empty in every record."""
    if rule.kind != "at_least_one" or set(rule.fields).isdisjoint(judged):
        return judged
    return {f: Judged("NULL", "false") for f in rule.fields} | dict(judged)


def _of_every_source(given: Given, fields: Fields) -> Sequence[tuple[StagedRule, str]]:
    """Whether the key is there, the first-level areas are known, and the date is one that the delivery can know."""
    found: list[tuple[StagedRule, str]] = []
    if given.specification.key:
        found.append((StagedRule("key.missing", "row"), "(NOT key_given)"))
    for name, judged in fields.all.items():
        if unknown := list(_unknown_codes(given, name, judged)):
            found.append((StagedRule(f"{name}.unknown_code", "row"), f"({' OR '.join(unknown)})"))
    bounds = _bounds(given)
    if bounds and given.date_field in fields.all:
        outside = f"{given.date_field} NOT BETWEEN DATE '{bounds[0]}' AND DATE '{bounds[1]}'"
        found.append((StagedRule("date.outside_period", "row"), f"coalesce({outside}, false)"))
    found += _about_joins(given)
    found += identity.misspelt(given)
    return found


def _unknown_codes(given: Given, name: str, judged: Judged) -> Iterator[str]:
    """What makes the code of a field unknown that has no closed list: an area of the country, a label of a recode."""
    field = given.kind.by_name[name]
    if name.endswith("_first_level") and field.is_area and given.areas:
        own = f"starts_with({name}, {sql.text(given.specification.country + '-')})"
        yield f"coalesce({own} AND {name} NOT IN ({sql.texts(given.areas)}), false)"
    if field.sql_type == "VARCHAR" and not field.codelist and _recodes(given.layout.map.get(name)):
        yield f"({judged.given} AND {sql.name(name)} IS NULL)"


def _recodes(mapping: AnyMapping | None) -> bool:
    """Whether labels are looked up for a field."""
    return any(isinstance(v, Recode) for v in (mapping.root if isinstance(mapping, FirstOf) else [mapping]))


def _about_joins(given: Given) -> Iterator[tuple[StagedRule, str]]:
    """What is wrong where the keys of a row find nothing in a joined table, or several rows."""
    flags, asked = given.raw.flags, [j.name for j in given.layout.join if j.missing == "quarantine"]
    for code, problem, names in (
        ("missing", joined.MISSING, asked),
        ("repeated", joined.REPEATED, list(flags)),
    ):
        tests = [f"{flags[name]} = {sql.text(problem)}" for name in names if name in flags]
        if tests:
            yield StagedRule(f"join.{code}", "row"), f"coalesce({' OR '.join(tests)}, false)"


def _about_earlier(rules: Sequence[tuple[StagedRule, str]]) -> Iterator[tuple[StagedRule, str]]:
    """The rules where rows speak of earlier records: one that annuls a record needs to say no more than which.

    What is classified anew may be older than the delivery's period.
    """
    for rule, condition in rules:
        exempt = key.EARLIER if rule.code == "date.outside_period" else key.ANNULS
        yield rule, f"(NOT {exempt} AND {condition})"
    yield StagedRule("earlier.key_missing", "row"), f"({key.EARLIER} AND NOT {key.EARLIER_GIVEN})"
    known = "coalesce(record_status IN ('annulled', 'reclassified'), false)"
    yield StagedRule("earlier.status", "row"), f"({key.EARLIER} AND NOT {known})"


def _staged(rule: Rule) -> StagedRule:
    return StagedRule(rule.code, rule.severity, rule.scope)


def _fits(rule: Rule, fields: Fields) -> bool:
    """Whether a delivery has what a rule on the whole of it reads; what is the same in all records tells nothing."""
    named = set(rule.fields)
    if rule.kind == "unique":
        # fields that are not mapped are empty in all records, which makes none of them different
        return bool(named & (set(fields.all) - fields.constant))
    return named <= set(fields.all) and not named <= fields.constant


def _says_day(name: str, judged: Judged) -> bool:
    """Whether a field is the precision of a date of which the day is always known: nothing depends on it."""
    return name.endswith("_date_precision") and judged.value.startswith("'day'")


def _bounds(given: Given) -> tuple[dt.date, dt.date] | None:
    """First and last day that a record can be about: the delivery's period, else what its edition can know.

    Projections are about the future, and lists have no such date.
    """
    if given.period or given.specification.delivers.cells == "none":
        return given.period
    return EARLIEST, given.edition or LATEST


def _cannot_break(given: Given, rule: Rule) -> bool:
    """Whether no record can break a rule: its fields are fixed, or follow from others, or are bounded closer."""
    verbs = [given.layout.map.get(name) for name in rule.fields]
    if rule.kind == "at_least_one":
        return any(verb is not None and _is_fixed(verb) for verb in verbs)
    if all(verb is None or _is_fixed(verb) for verb in verbs):
        return True
    if any(verb is None for verb in verbs):
        return True
    if rule.fields == (given.date_field,) and rule.kind in ("range", "not_after_edition"):
        bounds = _bounds(given)
        within = bounds is not None and (given.edition is None or bounds[1] <= given.edition)
        return within if rule.kind == "not_after_edition" else bounds is not None
    of = given.layout.map.get(rule.parameters.get("of", ""))
    among = rule.parameters.get("among") or ()
    return isinstance(of, Fixed) and not of.when and bool(among) and str(of.fixed) not in among


def _is_fixed(verb: AnyMapping) -> bool:
    return isinstance(verb, Fixed) and not verb.when


def _with_form(given: Given, rule: Rule) -> Rule:
    """A form that the declaration states for a field takes the place of the general one."""
    form = getattr(given.layout.map.get(rule.fields[0]), "form", None)
    if rule.kind != "form" or not form:
        return rule
    return replace(rule, parameters={"pattern": f"^(?:{form})$"})
