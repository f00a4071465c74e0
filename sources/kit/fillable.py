"""Which fields of a record type a verb can fill without guessing."""

from __future__ import annotations

import datetime as dt

from schemas import codelists
from schemas.record_type import Field
from sources.kit.verbs import answers
from sources.kit.words import (
    AnyVerb,
    Combine,
    Copy,
    Fixed,
    Hmac,
    KeyOf,
    ParseAge,
    ParseAgeGroup,
    ParseDate,
    ParseHour,
    ParseNumber,
    ParseYear,
    ParseYearMonth,
    ParseYesNo,
    PartOf,
    Recode,
)

INTEGERS = frozenset(
    {"BIGINT", "INTEGER", "SMALLINT", "TINYINT", "UBIGINT", "UINTEGER", "USMALLINT", "UTINYINT"}
)


def fills(verb: AnyVerb, field: Field) -> bool:
    """Whether a verb can fill a field."""
    kind = "ENUM" if field.codelist else field.sql_type
    text = kind in ("VARCHAR", "ENUM")
    fraction = kind == "DOUBLE" or kind.startswith("DECIMAL")
    match verb:
        case Fixed():
            return text or kind in INTEGERS or fraction or kind in ("DATE", "BOOLEAN")
        case PartOf():
            return kind == "VARCHAR"
        case Copy() | Combine() | Recode():
            return text or kind in INTEGERS
        case Hmac():
            return kind == "BLOB"
        case KeyOf():
            return field.name == "replaces_key"
        case ParseDate() | ParseYear() | ParseYearMonth():
            return kind == "DATE"
        case ParseNumber():
            return fraction or (verb.parse == "integer" and kind in INTEGERS)
        case ParseHour() | ParseAge() | ParseAgeGroup():
            return kind in INTEGERS
        case ParseYesNo():
            return answers.fits(field)


def called(verb: AnyVerb) -> str:
    """A verb as ``source.yml`` writes it."""
    parsed = getattr(verb, "parse", None)
    if parsed:
        return f"parse: {parsed}"
    names: dict[type, str] = {PartOf: "part_of", KeyOf: "key_of"}
    return names.get(type(verb), type(verb).__name__.lower())


def holds(field: Field, value: str) -> bool:
    """Whether a fixed value can be one of a field."""
    if field.codelist:
        return value in codelists.load(field.codelist).codes
    try:
        match field.sql_type:
            case "DATE":
                dt.date.fromisoformat(value)
            case "VARCHAR":
                return bool(value.strip())
            case "BOOLEAN":
                return value in ("true", "false")
            case kind if kind in INTEGERS:
                int(value)
            case _:
                float(value)
    except ValueError:
        return False
    return True
