"""Which columns say a place, and how they become the codes of areas: by code, by a part of a longer code, by name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

from sources.kit.scaffold import vocabulary
from sources.kit.scaffold.columns import Told

#: Areas of a country: for each level its codes without the country, and their names.
Areas = Mapping[str, Mapping[str, str]]
Level = Literal["first_level", "municipality"]

#: Share of the rows that must fit.
MOST, NEARLY_ALL = 0.75, 0.95
#: How long the code of a municipality is where no delivery has told it yet.
_LENGTHS = {"MEX": 5, "COL": 5, "BRA": 7}
#: How alike two names must be for one to be taken for the other in a draft.
ALIKE = 0.88


@dataclass(frozen=True)
class Place:
    """A column that says an area.

    Args:
        told: The column.
        level: Level of the area.
        verb: The verb that makes its code; of names without the table.
        labels: Of names, the code with the country for each label; empty where it is not known.
        share: Share of the rows that are known areas; 0 where none are known.
        unknown: Labels that say that the place is not known.
    """

    told: Told
    level: Level
    verb: Mapping[str, Any]
    labels: Mapping[str, str]
    share: float
    unknown: tuple[str, ...] = ()


def found(told: Sequence[Told], country: str, areas: Areas) -> tuple[Place, ...]:
    """The columns that say a place, of each level and role the one that says it best first."""
    places: list[Place] = []
    for one in told:
        if not one.open or not one.column.filled or one.meaning in ("date", "year", "month", "count"):
            continue
        place = _by_code(one, country, areas) or _by_name(one, country, areas)
        place = place or (_unheld(one, country) if not areas.get("first_level") else None)
        if place:
            places.append(place)
    if together := _together(told, places, country, areas):
        places.append(together)
    # codes before names: they are spelt in one way
    return tuple(sorted(places, key=lambda p: (not (p.verb.get("copy") or p.verb.get("combine")), -p.share)))


def _by_code(one: Told, country: str, areas: Areas) -> Place | None:
    first = areas.get("first_level", {})
    if not first:
        return None
    values = [(v.upper(), n) for v, n in one.column.values if re.fullmatch(r"[0-9A-Za-z]+", v)]
    total = sum(n for _, n in one.column.values)
    length = max(map(len, first))
    known = sum(n for v, n in values if v.zfill(length) in first)
    named = one.meaning == "first_level" or (
        one.meaning in (None, "row_counter") and one.column.distinct > MOST * len(first)
    )
    if named and known > MOST * total and one.column.lengths[2] <= length:
        verb = {"copy": one.name} | _padded(values, length) | {"prefix": f"{country}-"}
        return Place(one, "first_level", verb, {}, known / total)
    return _municipality(one, values, total, country, areas)


def _municipality(
    one: Told, values: Sequence[tuple[str, int]], total: int, country: str, areas: Areas
) -> Place | None:
    """A longer code that begins with that of a first-level area."""
    first, held = areas["first_level"], areas.get("municipality", {})
    width = max(map(len, first))
    usual = max(map(len, held), default=0) or _LENGTHS.get(country, 0)
    longest = one.column.lengths[2]
    digits = [(v, n) for v, n in values if v.isdigit()]
    if one.meaning not in (None, "municipality", "first_level", "row_counter") or not width < longest <= 9:
        return None
    if one.meaning is None and (one.column.distinct < len(first) or longest < usual - 1):
        return None
    if not usual or one.column.lengths[1] < width + 1 or sum(n for _, n in digits) < NEARLY_ALL * total:
        return None
    fits = [(v.zfill(longest), n) for v, n in digits]
    known = sum(n for v, n in fits if v[:width] in first)
    if known < NEARLY_ALL * total:
        return None
    taken = {"take": [1, usual]} if longest > usual else {}
    verb = {"copy": one.name} | _padded(digits, longest) | taken | {"prefix": f"{country}-"}
    if held:
        known = sum(n for v, n in fits if v[:usual] in held)
    return Place(one, "municipality", verb, {}, known / total)


def _together(told: Sequence[Told], places: Sequence[Place], country: str, areas: Areas) -> Place | None:
    """A municipality of which the file gives its own digits alone, beside those of its first-level area."""
    width = max(map(len, areas.get("first_level", {})), default=0)
    usual = max(map(len, areas.get("municipality", {})), default=0) or _LENGTHS.get(country, 0)
    above = next(
        (p.told for p in places if p.level == "first_level" and "pad" not in p.verb and p.verb.get("copy")),
        None,
    )
    if above is None or any(p.level == "municipality" for p in places):
        return None
    for one in told:
        column = one.column
        digits = (
            column.share("integer") > NEARLY_ALL and column.lengths[0] == column.lengths[2] == usual - width
        )
        if (
            one.meaning == "municipality"
            and digits
            and one.role == above.role
            and above.column.lengths[0] == width
        ):
            verb = {"combine": [above.name, one.name], "separator": "", "prefix": f"{country}-"}
            return Place(one, "municipality", verb, {}, 1.0)
    return None


def _padded(values: Sequence[tuple[str, int]], length: int) -> dict[str, int]:
    return {"pad": length} if any(len(v) < length for v, _ in values) else {}


def _by_name(one: Told, country: str, areas: Areas) -> Place | None:
    first = areas.get("first_level", {})
    if not first or one.column.share("integer") > 0.5 or one.meaning in ("municipality", "locality"):
        return None
    known = _names(first, country)
    labels: dict[str, str] = {}
    matched = total = 0
    unknown: list[str] = []
    for value, n in one.column.values:
        words = vocabulary.folded(value)
        if words in vocabulary.values()["unknown"]:
            unknown.append(value)
            continue
        code = known.get(words)
        matched += n if code else 0
        total += n
        labels[value] = f"{country}-{code}" if code else ""
    least = MOST if one.meaning == "first_level" or len(labels) > len(first) / 3 else NEARLY_ALL
    if not total or matched < least * total or len(labels) < 2:
        return None
    for label in [label for label, code in labels.items() if not code]:
        alike = get_close_matches(vocabulary.folded(label), known, n=1, cutoff=ALIKE)
        labels[label] = f"{country}-{known[alike[0]]}" if alike else ""
    return Place(one, "first_level", {"recode": one.name}, labels, matched / total, tuple(unknown))


def _names(first: Mapping[str, str], country: str) -> dict[str, str]:
    """Codes by all names that an area goes by."""
    known = {vocabulary.folded(name): code for code, name in first.items()}
    for code, names in vocabulary.values()["areas"].get(country, {}).items():
        known |= {vocabulary.folded(name): code for name in names if code in first}
    return known


def _unheld(one: Told, country: str) -> Place | None:
    """A place of a country whose areas are not known here: its codes are taken as they are, its names are listed."""
    if one.meaning not in ("first_level", "municipality"):
        return None
    level: Level = "first_level" if one.meaning == "first_level" else "municipality"
    column = one.column
    if column.share("area_code") > NEARLY_ALL and (column.share("integer") > MOST or column.lengths[2] <= 3):
        values = [(v, n) for v, n in column.values]
        pad = _padded(values, column.lengths[2]) if column.share("integer") > MOST else {}
        return Place(one, level, {"copy": one.name, **pad, "prefix": f"{country}-"}, {}, 0.0)
    if level == "first_level" and column.complete and column.distinct <= 120:
        unknown = tuple(v for v, _ in column.values if vocabulary.folded(v) in vocabulary.values()["unknown"])
        labels = {v: "" for v, _ in column.values if v not in unknown and not vocabulary.is_total(v)}
        return Place(one, level, {"recode": one.name}, labels, 0.0, unknown)
    return None
