"""Identifiers of a layout as SQL: each brought into the normal form of its kind, once, before anything is hashed."""

from __future__ import annotations

from collections.abc import Iterator

from schemas.staging import StagedRule
from sources.kit import kinds_sql, raw_text
from sources.kit.mapping.given import Given
from sources.kit.staged import selecting
from sources.kit.words import Hmac, KeyOf


def normal(given: Given, column: str) -> str:
    """SQL of an identifier column in its normal form; of any other column, the column."""
    raw = given.column(column)
    return f"n_{raw}" if column in given.layout.every.identifier else raw


def with_normal_forms(given: Given, relation: str) -> str:
    """Raw rows with the normal forms of the identifiers that are used, in two steps so that nothing is done twice."""
    identifier = given.layout.every.identifier
    used = {column: kind for column, kind in identifier.items() if column in _used(given)}
    tidied = {f"t_{given.column(c)}": kinds_sql.tidied(kind, given.column(c)) for c, kind in used.items()}
    formed = {normal(given, c): kinds_sql.normal(kind, f"t_{given.column(c)}") for c, kind in used.items()}
    return selecting(selecting(relation, tidied), formed)


def misspelt(given: Given) -> Iterator[tuple[StagedRule, str]]:
    """For each hash of an identifier: the rule that it is one of its kind and its check digit, if it has one, right."""
    for name, verb in given.layout.map.items():
        if not isinstance(verb, Hmac):
            continue
        kind = given.layout.every.identifier[verb.hmac]
        formed, told = normal(given, verb.hmac), raw_text.given([given.column(verb.hmac)], verb.unknown)
        right = f"coalesce({kinds_sql.valid(kind, formed)}, false)"
        yield (
            StagedRule(f"{name}.check_digit", verb.check_digit),
            f"(coalesce({told}, false) AND NOT {right})",
        )


def _used(given: Given) -> set[str]:
    """The columns that are hashed: by a verb, as the key, or as the key of an earlier record."""
    earlier, key = given.layout.rows.earlier, given.specification.key
    used = {*(key.columns if key else ()), *((earlier.key or ()) if earlier else ())}
    for verb in given.layout.map.values():
        if isinstance(verb, Hmac | KeyOf):
            used.update(verb.reads)
    return used
