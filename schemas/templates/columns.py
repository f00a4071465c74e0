"""The columns that a provider fills in for a record type: its fields, except those that the system fills itself.

An identifier stands in a column named like the field that holds its keyed hash (``case_hmac``: ``case_id``). Areas of a
known country carry the statistics office's code alone, as its institutions write it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from schemas import codelists
from schemas.codelists import Code
from schemas.record_type import Field, RecordType

Kind = Literal["text", "code", "date", "integer", "number"]
Sensitivity = Literal["open", "identifier", "restricted"]

#: Between a code and its label where a person chooses: ``0101 · Intentional homicide``.
BETWEEN = " · "

#: Levels of areas that a template offers to choose from.
LEVELS = ("first_level", "municipality")
#: Form of an area's code without its country.
LOCAL_AREA = "^[0-9A-Z]+$"

#: Form of a published code of an area below the country, as the record types declare it.
_PUBLISHED_AREA = "^[A-Z]{3}-[0-9A-Z]+$"

#: Smallest and greatest number of each type.
LIMITS: Mapping[str, tuple[int, int]] = {
    "UTINYINT": (0, 255),
    "SMALLINT": (-(2**15), 2**15 - 1),
    "USMALLINT": (0, 2**16 - 1),
    "INTEGER": (-(2**31), 2**31 - 1),
    "UINTEGER": (0, 2**32 - 1),
    "BIGINT": (-(2**63), 2**63 - 1),
}

#: Stands for "greater than" where a form knows only "at least".
SMALLEST = 1e-9

_KINDS: Mapping[str, Kind] = {"VARCHAR": "text", "BLOB": "text", "DATE": "date", "DOUBLE": "number"}

_UNTIL = {"es": "hasta", "en": "until", "pt": "até"}

#: Filled by the system: references without meaning outside, the source's own labels, the key of another record.
_OWN = ("_ref", "_source_code", "replaces_key")

#: What an empty cell means, by field.
_EMPTY = {"record_status": "provisional"}


@dataclass(frozen=True)
class Choice:
    """An entry of a drop-down: a code, its label, and how deep it lies in its list (0 = top)."""

    code: str
    label: str
    depth: int = 0


@dataclass(frozen=True)
class Column:
    """One column of a template.

    Args:
        name: Its header.
        field: The field that it fills.
        kind: What its cells hold; codes are text.
        sensitivity: How its content may be used.
        required: Whether a record without it is quarantined.
        pattern: Form of its text.
        low, high: Declared limits of its number; those of its type are ``LIMITS``.
        above: Whether the number must be greater than ``low``.
        days: First and last day that a date can be.
        prefix: What the system puts before its text, for example ``MEX-``.
        empty: What an empty cell means; None where it means that nothing is known.
        areas: The areas to choose from, by code without country.
        permitted: The codes of its list that a record of the type may have; None where it may have any.
    """

    name: str
    field: Field
    kind: Kind
    sensitivity: Sensitivity
    required: bool
    pattern: str | None = None
    low: float | None = None
    high: float | None = None
    above: bool = False
    days: tuple[str, str] | None = None
    prefix: str = ""
    empty: str | None = None
    areas: Mapping[str, str] | None = None
    permitted: tuple[str, ...] | None = None

    @property
    def lacks_areas(self) -> bool:
        """Whether it would offer the areas of its level if they were loaded."""
        return (
            bool(self.prefix) and self.areas is None and self.name.endswith(tuple(f"_{lv}" for lv in LEVELS))
        )

    @property
    def is_area(self) -> bool:
        """Whether it holds codes of areas below the country."""
        return self.pattern in (_PUBLISHED_AREA, LOCAL_AREA)

    @property
    def codelist(self) -> str | None:
        """Name of the closed list that the column's codes are from."""
        return self.field.codelist

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that it may hold; none where it is not coded."""
        if self.codelist is None:
            return ()
        listed = codelists.load(self.codelist).codes
        return listed if self.permitted is None else tuple(c for c in listed if c in self.permitted)

    @property
    def list_name(self) -> str:
        """Name of what is to choose from: columns with the same codes share it."""
        return self.codelist if self.codelist and self.permitted is None else self.name

    def choices(self, language: str) -> tuple[Choice, ...]:
        """The entries of its drop-down; none where any text may stand. Codes that ended and the total come last."""
        if self.areas is not None:
            return tuple(Choice(code, label) for code, label in self.areas.items())
        if self.codelist is None:
            return ()
        listed, codes = codelists.load(self.codelist), set(self.codes)
        entries = [e for e in listed.by_code.values() if e.code in codes]
        entries.sort(key=lambda e: (e.code == "_T", e.valid_to is not None))
        return tuple(Choice(e.code, labelled(e, language), listed.depth(e.code)) for e in entries)


def labelled(entry: Code, language: str) -> str:
    """The label of a code; of one that ended with its last day."""
    ended = f" ({_UNTIL[language]} {entry.valid_to})" if entry.valid_to else ""
    return entry.label(language) + ended


def of(
    kind: RecordType,
    *,
    country: str | None = None,
    areas: Mapping[str, Mapping[str, str]] | None = None,
    identifiers: bool = True,
) -> tuple[Column, ...]:
    """The columns of a record type's template: those that are required first, restricted ones last.

    Args:
        kind: The record type.
        country: The provider's country, where it is known.
        areas: Names of the country's areas by level (``first_level``, ``municipality``) and code without country.
        identifiers: Whether identifiers and restricted columns are among them; without them no key is needed.
    """
    singles = any(f.sql_type == "BLOB" for f in kind.fields)
    found = [_column(f, kind, country, areas or {}, singles=singles) for f in kind.fields if _is_filled_in(f)]
    kept = [c for c in found if identifiers or c.sensitivity == "open"]
    return tuple(sorted(kept, key=lambda c: (c.sensitivity == "restricted", not c.required)))


def _is_filled_in(field: Field) -> bool:
    if field.sql_type == "BLOB":
        return field.name.endswith("_hmac")
    return not field.name.endswith(_OWN)


def _column(
    field: Field,
    kind: RecordType,
    country: str | None,
    areas: Mapping[str, Mapping[str, str]],
    *,
    singles: bool,
) -> Column:
    name = field.name
    sensitivity: Sensitivity = "restricted" if field.tier == "restricted" else "open"
    if field.sql_type == "BLOB":
        name, sensitivity = f"{name.removesuffix('_hmac')}_id", "identifier"
    low, high, above = _limits(field, kind) if field.sql_type != "DATE" else (None, None, False)
    permitted = _permitted(field, kind)
    empty = _empty(field, kind, country, permitted, singles=singles)
    made = Column(
        name,
        field,
        "code" if field.codelist else _KINDS.get(field.sql_type, "integer"),
        sensitivity,
        field.required and empty is None,
        _pattern(field, kind),
        low,
        high,
        above,
        _days(field, kind),
        empty=empty,
        permitted=permitted,
    )
    if country is None or made.pattern != _PUBLISHED_AREA:
        return made
    level = next((lv for lv in LEVELS if name.endswith(f"_{lv}")), "")
    return replace(made, pattern=LOCAL_AREA, prefix=f"{country}-", areas=areas.get(level) or None)


def _pattern(field: Field, kind: RecordType) -> str | None:
    forms = [r.parameters["pattern"] for r in kind.rules if r.kind == "form" and r.fields == (field.name,)]
    return str(forms[0]) if forms else None


def _days(field: Field, kind: RecordType) -> tuple[str, str] | None:
    """The days between which a rule wants a date."""
    for rule in kind.rules:
        if field.sql_type == "DATE" and rule.kind == "range" and rule.fields == (field.name,):
            return str(rule.parameters["low"]), str(rule.parameters["high"])
    return None


def _permitted(field: Field, kind: RecordType) -> tuple[str, ...] | None:
    """The codes to which a rule limits a field whatever else the record says."""
    for rule in kind.rules:
        if rule.kind == "among" and rule.severity == "row" and rule.fields == (field.name,):
            return tuple(str(code) for code in rule.parameters["permitted"])
    return None


def _limits(field: Field, kind: RecordType) -> tuple[float | None, float | None, bool]:
    low = high = None
    above = False
    for rule in kind.rules:
        if rule.kind == "range" and rule.severity == "row" and rule.fields == (field.name,):
            least, most = rule.parameters.get("low"), rule.parameters.get("high")
            low = low if least is None else least
            high = high if most is None else most
            above = above or bool(rule.parameters.get("above"))
    return low, high, above


def _empty(
    field: Field, kind: RecordType, country: str | None, permitted: tuple[str, ...] | None, *, singles: bool
) -> str | None:
    """What an empty cell means, as for a source that does not map the field; the only code that there can be."""
    name = field.name
    if permitted and len(permitted) == 1:
        return permitted[0]
    if name == "count" and singles:
        return "1"
    if name.endswith("_date_precision") and name.removesuffix("_precision") in kind.by_name:
        return "day"
    place = name.removesuffix("_country")
    if (
        country
        and field.codelist == "country"
        and {f"{place}_first_level", f"{place}_municipality"} & set(kind.by_name)
    ):
        return country
    return _EMPTY.get(name)


def replaces(kind: RecordType) -> Literal["month", "year", "all"]:
    """How much of the data a filled template replaces.

    Events come by month, measures and stocks by year; a list of things without a reference date comes whole.
    """
    if any(f.sql_type == "BLOB" for f in kind.fields):
        return "month"
    return "year" if kind.date_field == "reference_date" else "all"
