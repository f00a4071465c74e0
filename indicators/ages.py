"""Age bands of the catalogue: which band an age or an age group lies in, as SQL.

The bands are the code list ``age_band`` with its table of limits. They nest: 15-29 has four bands inside it. An age
group of a source lies in the smallest band that holds it whole, or in none: it is never split by guessing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from schemas import codelists, sql

TOTAL, UNKNOWN = "_T", "_U"
#: A highest single age from here on stands for "and over".
OPEN_FROM = 100


@dataclass(frozen=True)
class Band:
    """An age band; ``last`` is None in an open-ended one."""

    code: str
    first: int
    last: int | None


@cache
def bands() -> tuple[Band, ...]:
    """The bands in the order of the code list, without total and unknown."""
    limits = {row["code"]: row for row in codelists.table("age_band_limits")}
    found = []
    for entry in codelists.load("age_band").entries:
        if entry.code in (TOTAL, UNKNOWN):
            continue
        row = limits[entry.code]
        last = int(row["age_to"]) if row["age_to"] else None
        found.append(Band(entry.code, int(row["age_from"]), last))
    return tuple(found)


def band_sql(years: str, first: str, last: str) -> str:
    """SQL expression of the smallest band of an age in years, or else of a group from first to last; or ``_U``.

    Args:
        years: SQL expression of the age in years, NULL if only a group is known.
        first: SQL expression of the group's first age.
        last: SQL expression of the group's last age, NULL in an open-ended group.
    """
    width = {b.code: _end(b) - b.first for b in bands()}
    cases = []
    for band in sorted(bands(), key=lambda b: width[b.code]):
        above = f" AND {years} <= {band.last}" if band.last is not None else ""
        inside = f" AND {last} <= {band.last}" if band.last is not None else ""
        cases.append((f"{years} >= {band.first}{above}", f"{first} >= {band.first}{inside}", band.code))
    single = " ".join(f"WHEN {test} THEN {sql.text(code)}" for test, _, code in cases)
    group = " ".join(f"WHEN {test} THEN {sql.text(code)}" for _, test, code in cases)
    return (
        f"CASE WHEN {years} IS NOT NULL THEN CASE {single} ELSE '{UNKNOWN}' END "
        f"WHEN {first} IS NOT NULL THEN CASE {group} ELSE '{UNKNOWN}' END ELSE '{UNKNOWN}' END"
    )


def inside(code: str) -> list[str]:
    """Codes of the bands that lie inside a band, and its own; of "unknown" that alone."""
    outer = next((b for b in bands() if b.code == code), None)
    if outer is None:
        return [code]
    end = _end(outer)
    return [b.code for b in bands() if b.first >= outer.first and _end(b) <= end]


def _end(band: Band) -> int:
    return 999 if band.last is None else band.last


def relation_sql() -> str:
    """SQL relation ``b`` of the bands: band, first, last (999 in an open-ended band), is_open."""
    rows = ", ".join(
        f"({sql.text(b.code)}, {b.first}, {_end(b)}, {'true' if b.last is None else 'false'})"
        for b in bands()
    )
    return f"(VALUES {rows}) AS b(band, first, last, is_open)"


def pairs_sql() -> str:
    """SQL relation ``p`` of the bands that meet: known, band, and whether ``known`` lies inside ``band``."""
    rows = []
    for known in bands():
        for band in bands():
            if known.first <= _end(band) and band.first <= _end(known):
                lies = "true" if known.code in inside(band.code) else "false"
                rows.append(f"({sql.text(known.code)}, {sql.text(band.code)}, {lies})")
    return f"(VALUES {', '.join(rows)}) AS p(known, band, inside)"
