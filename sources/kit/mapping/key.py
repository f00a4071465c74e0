"""Keys of records as SQL: the source's own key without its meaning, or the position in the delivery.

A record that annuls, reclassifies or replaces another names it by the same kind of number, made in the same way of
other columns, so that the two are equal where the keys are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sources.kit import identifiers
from sources.kit.conditions import all_hold
from sources.kit.mapping import identity
from sources.kit.mapping.given import NAME, VALUE, Given
from sources.kit.raw_text import clean, joined_key
from sources.kit.specification import Layout, Specification
from sources.kit.verbs import texts
from sources.kit.words import Hmac, KeyOf

#: True for a row that speaks of an earlier record, and whether its key is there.
EARLIER, EARLIER_GIVEN = "u_earlier", "earlier_given"
#: True for a row that annuls an earlier record; over the fields.
ANNULS = f"({EARLIER} AND coalesce(record_status = 'annulled', false))"
#: The field that names the record that is replaced.
REPLACES = "replaces_key"


@dataclass(frozen=True)
class KeySql:
    """The key of a record.

    Args:
        number: SQL of ``record_key``.
        hashed: The field that already holds the hash of the key, where the key is one mapped identifier.
        hashes: What the keys are made from, computed once a raw row: SQL over the raw rows.
        replaces: SQL of the key of the record that is replaced, where the layout names one.
    """

    number: str
    hashed: str | None = None
    hashes: dict[str, str] = field(default_factory=dict)
    replaces: str | None = None


def key(given: Given) -> KeySql:
    """The SQL of a layout's keys."""
    columns = columns_of(given.specification, given.layout)
    if not columns:
        return KeySql("row_number * 1000 + row_part" if given.parts else "row_number")
    hashed = hashed_in(given.specification, given.layout)
    alias = texts.hash_of(hashed) if hashed else "h_key"
    hashes = {alias: _made_of(given, columns, hashed)}
    number = _number(given, alias)
    if given.parts:
        number = f"xor({number}, row_part::BIGINT)"
    hashes["key_given"] = _all_given(given, columns)
    replaces = _add_replaced(given, hashes, hashed)
    return KeySql(f"CASE WHEN key_given THEN {number} END", hashed, hashes, replaces)


def _add_replaced(given: Given, hashes: dict[str, str], hashed: str | None) -> str | None:
    """The key of the record that is replaced, by the rows that speak of earlier ones or by a verb of the map."""
    earlier, verb = given.layout.rows.earlier, given.layout.map.get(REPLACES)
    if earlier is not None and given.specification.key:
        columns = earlier.key or given.specification.key.columns
        hashes[EARLIER] = f"({all_hold(earlier.when, given.column)})"
    elif isinstance(verb, KeyOf):
        columns = verb.reads
        hashes[EARLIER] = f"({all_hold(verb.when, given.column)})"
    else:
        return None
    hashes["h_replaces"] = _made_of(given, columns, hashed)
    hashes[EARLIER_GIVEN] = _all_given(given, columns)
    return f"CASE WHEN {EARLIER} AND {EARLIER_GIVEN} THEN {_number(given, 'h_replaces')} END"


def _own(given: Given, columns: Sequence[str]) -> list[str]:
    return [identity.normal(given, c) for c in columns if given.column(c) not in (NAME, VALUE)]


def _all_given(given: Given, columns: Sequence[str]) -> str:
    return " AND ".join(f"{clean(c)} IS NOT NULL" for c in _own(given, columns))


def _made_of(given: Given, columns: Sequence[str], hashed: str | None) -> str:
    """SQL of the hash of the values that make a key."""
    if hashed:
        verb = given.layout.map[hashed]
        assert isinstance(verb, Hmac)  # noqa: S101 - what ``hashed_in`` looks for
        return texts.hmac_of(hashed, verb, given.column(columns[0]), identity.normal(given, columns[0]))
    joined = joined_key(_own(given, columns), trimmed=True)
    if is_hashed(given.specification, given.layout):
        return identifiers.hmac_hex("key", joined)
    return f"(md5_number_lower({joined}) >> 1)::BIGINT"


def _number(given: Given, alias: str) -> str:
    return identifiers.reference(alias) if is_hashed(given.specification, given.layout) else alias


def columns_of(specification: Specification, layout: Layout) -> list[str]:
    """The columns of a layout that make the key of its records; none where the source has no key.

    Where all rows speak of earlier records they may be called otherwise there.
    """
    if specification.key is None:
        return []
    earlier = layout.rows.earlier
    return (earlier.key if earlier and not earlier.when else []) or specification.key.columns


def hashed_in(specification: Specification, layout: Layout) -> str | None:
    """The field of a layout that holds the hash of the source's key, where the key is one mapped identifier."""
    columns = columns_of(specification, layout)
    for name, verb in layout.map.items():
        if isinstance(verb, Hmac) and columns == [verb.hmac]:
            return name
    return None


def is_hashed(specification: Specification, layout: Layout) -> bool:
    """Whether a layout's key has an identifier: then only its keyed hash is kept."""
    return bool(set(columns_of(specification, layout)) & set(layout.every.identifier))
