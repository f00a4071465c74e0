"""The key of a record as SQL: the source's own key without its meaning, or the position in the delivery."""

from __future__ import annotations

from dataclasses import dataclass

from sources.kit import identifiers, verbs
from sources.kit.mapping.fields import Fields
from sources.kit.mapping.given import NAME, VALUE, Given
from sources.kit.words import Hmac


@dataclass(frozen=True)
class KeySql:
    """The key of a record.

    Args:
        number: SQL of ``record_key``.
        hashes: What it is made from, computed once a raw row: SQL over the raw rows.
        hashed: The field that already holds the hash of the key, where the key is one mapped identifier.
    """

    number: str
    hashes: dict[str, str]
    hashed: str | None


def key(given: Given, fields: Fields) -> KeySql:
    """The SQL of a layout's key."""
    declared = given.specification.key
    unpivot = given.layout.rows.unpivot
    if declared is None:
        return KeySql("row_number * 1000 + row_part" if unpivot else "row_number", {}, None)
    own = [c for c in map(given.column, declared.columns) if c not in (NAME, VALUE)]
    joined = verbs.joined_key(own, trimmed=True)
    hashed = _hashed(given)
    hashes: dict[str, str] = {}
    if set(declared.columns) & set(given.layout.columns.identifier):
        alias = f"h_{hashed.removesuffix('_hmac')}" if hashed else "h_key"
        if alias not in fields.hashes:
            hashes[alias] = identifiers.hmac_hex("key", joined)
        number = identifiers.reference(alias)
    else:
        hashes["h_key"] = f"(md5_number_lower({joined}) >> 1)::BIGINT"
        number = "h_key"
    if unpivot:
        number = f"xor({number}, row_part::BIGINT)"
    hashes["key_given"] = " AND ".join(f"{verbs.clean(c)} IS NOT NULL" for c in own)
    return KeySql(f"CASE WHEN key_given THEN {number} END", hashes, hashed)


def _hashed(given: Given) -> str | None:
    declared = given.specification.key
    for name, verb in given.layout.map.items():
        if declared and isinstance(verb, Hmac) and declared.columns == [verb.hmac]:
            return name
    return None
