"""From the fields of a record to the provider's own columns."""

from __future__ import annotations

from collections.abc import Iterable

from schemas.record_type import RecordType
from sources.kit.mapping.key import columns_of
from sources.kit.specification import Layout, Specification
from sources.kit.words import FirstOf, PartOf, ReadingVerb

#: Endings of fields that follow from another.
_FOLLOWING = ("_source_code", "_precision", "_ref")


def of_rule(code: str, kind: RecordType, specification: Specification, layout: Layout) -> tuple[str, ...]:
    """The columns that a rule is about, in the order in which it names them; none where it is about none."""
    if code.startswith("key."):
        return tuple(columns_of(specification, layout))
    if code.startswith("join."):
        return tuple(dict.fromkeys(ours for join in layout.join for ours in join.pairs))
    if code.startswith("earlier."):
        earlier = layout.rows.earlier
        return tuple(earlier.key or columns_of(specification, layout)) if earlier else ()
    if code == "date.outside_period":
        named = f"{specification.delivers.date_basis}_date"
        return of_fields([named if named in kind.by_name else kind.date_field], layout)
    rule = next((r for r in kind.rules if r.code == code), None)
    field, _, _ = code.rpartition(".")
    return of_fields(rule.fields if rule else [field], layout)


def of_fields(fields: Iterable[str], layout: Layout) -> tuple[str, ...]:
    """The columns of which some fields are made."""
    found = [column for field in fields for column in _of_field(field, layout)]
    return tuple(dict.fromkeys(found))


def _of_field(field: str, layout: Layout) -> list[str]:
    for ending in _FOLLOWING:
        whole = field.removesuffix(ending)
        if whole != field and (whole in layout.map or f"{whole}_hmac" in layout.map):
            field = whole if whole in layout.map else f"{whole}_hmac"
    mapped = layout.map.get(field)
    if mapped is None:
        return []
    if isinstance(mapped, PartOf):
        return _of_field(mapped.part_of, layout)
    read = [*mapped.reads, *mapped.tests]
    unpivot = layout.rows.unpivot
    found: list[str] = []
    for column in read:
        if column in layout.stated:
            continue  # it stands in the name or the titles, in no column
        if unpivot and column in (unpivot.name, unpivot.value):
            found += list(unpivot.values)
        else:
            found.append(column)
    return found


def forms_of(field: str, layout: Layout) -> list[str]:
    """The declared forms of a date, as a provider reads them: of the day 31 December 2024."""
    mapped = layout.map.get(field)
    verbs = mapped.root if isinstance(mapped, FirstOf) else [mapped]
    return [
        form
        for verb in verbs
        if isinstance(verb, ReadingVerb)
        for form in getattr(verb, "formats", [])
        if "%" in form
    ]
