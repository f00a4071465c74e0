"""What rows of a file become: value columns side by side, rows of totals, and how numbers are written."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import duckdb

from schemas import codelists, sql
from sources.kit.readers import raw
from sources.kit.scaffold import vocabulary
from sources.kit.scaffold.columns import HEADED_BY_YEAR, Told
from sources.kit.scaffold.profile import Column, Profile
from sources.kit.verbs import numbers
from sources.kit.words import ParseNumber

#: Value columns from which on they are taken for such.
LEAST = 3
_YEAR = re.compile(r"(19|20|21)\d\d")

What = Literal["month", "year", "sex"]


@dataclass(frozen=True)
class SideBySide:
    """Value columns that become one record each.

    Args:
        what: What their headers say.
        columns: The value that the records of each get.
        from_to: First and last number, where the headers are all the numbers between them.
    """

    what: What
    columns: Mapping[str, str]
    from_to: tuple[int, int] | None = None


@dataclass(frozen=True)
class Total:
    """Rows that are no records but totals.

    Args:
        column: The column that says so.
        labels: What it says there.
        control: The column whose value there is the sum over all records.
    """

    column: str
    labels: tuple[str, ...]
    control: str = ""


def side_by_side(told: Sequence[Told]) -> SideBySide | None:
    """The value columns of a file: months, years or sexes in their headers; None where there are none."""
    numeric = [one for one in told if one.open and (one.column.numeric or not one.column.filled)]
    months = {one.name: month for one in numeric if (month := vocabulary.month(one.name))}
    if len(months) >= LEAST and len(set(months.values())) == len(months):
        return SideBySide("month", {name: str(month) for name, month in months.items()})
    years = [one.name for one in numeric if _YEAR.fullmatch(one.name.removesuffix(".0"))]
    if len(years) >= LEAST:
        found = sorted(int(y.removesuffix(".0")) for y in years)
        whole = found == list(range(found[0], found[-1] + 1)) and years == [str(int(float(y))) for y in years]
        named = {y: y.removesuffix(".0") for y in years}
        return SideBySide("year", named, (found[0], found[-1]) if whole else None)
    return _years_after_a_stem(numeric) or _sexes(numeric)


def _years_after_a_stem(numeric: Sequence[Told]) -> SideBySide | None:
    """Columns such as POP_08, POP_09: of several stems none is chosen."""
    stems: dict[str, dict[str, str]] = {}
    for one in numeric:
        found = HEADED_BY_YEAR.fullmatch(one.name)
        if found and found["stem"]:
            year = found["year"] if len(found["year"]) == 4 else f"20{found['year']}"
            stems.setdefault(found["stem"], {})[one.name] = year
    several = [columns for columns in stems.values() if len(columns) >= LEAST and len(set(columns.values())) > 2]
    consecutive = [c for c in several if _consecutive(sorted(map(int, c.values())))]
    return SideBySide("year", consecutive[0]) if len(consecutive) == 1 else None


def _consecutive(years: Sequence[int]) -> bool:
    return list(years) == list(range(years[0], years[0] + len(years)))


def _sexes(numeric: Sequence[Told]) -> SideBySide | None:
    words = vocabulary.values()
    codes: dict[str, str] = {}
    for one in numeric:
        word = vocabulary.folded(one.name)
        if len(word) > 2:
            codes |= {one.name: "M"} if word in words["male"] else {}
            codes |= {one.name: "F"} if word in words["female"] else {}
            codes |= {one.name: "_U"} if codes and word in words["unknown"] else {}
    return SideBySide("sex", codes) if {"M", "F"} <= set(codes.values()) else None


def number_words(columns: Sequence[Column], *, whole: bool) -> dict[str, str]:
    """How numbers are written, in the words of ``parse``.

    Args:
        columns: The columns that hold them.
        whole: Whether whole numbers are wanted; a sign before three digits then separates thousands.
    """
    has = {
        shape: any(c.share(shape) > 0 for c in columns)
        for shape in ("point", "comma", "thousands_point", "thousands_comma", "thousands_space")
    }

    def all_groups(sign: str) -> bool:
        groups = f"thousands_{sign}"
        return has[groups] and all(c.share(sign) <= c.share(groups) for c in columns)

    said: dict[str, str] = {}
    if has["thousands_space"]:
        said["thousands"] = " "
    if has["comma"] and has["point"]:
        point_last = any(c.share("thousands_comma") > 0 for c in columns) and all_groups("comma")
        said |= {"decimal": ".", "thousands": ","} if point_last else {"decimal": ",", "thousands": "."}
    elif has["comma"] or has["thousands_comma"]:
        said |= {"thousands": ","} if whole and all_groups("comma") else {"decimal": ","}
        said |= {"thousands": "."} if "decimal" in said and has["thousands_point"] else {}
    elif has["point"] or has["thousands_point"]:
        zeros = any(c.share("zero_decimals") > 0 for c in columns) and not all(
            c.share("point") <= c.share("thousands_point") for c in columns
        )
        grouped = whole and all_groups("point") and not zeros
        said |= {"thousands": "."} if grouped else {"decimal": "."}
    if not whole and said.get("decimal") == ".":
        del said["decimal"]
    return said


def numeric(column: str, said: Mapping[str, str]) -> str:
    """SQL of a raw column as a number."""
    verb = ParseNumber.model_validate({"parse": "decimal", "from": "x", **said})
    return numbers.parsed(verb, f"nullif(trim({column}), '')", "DOUBLE")


def totals(
    connection: duckdb.DuckDBPyConnection,
    profile: Profile,
    told: Sequence[Told],
    country: str,
    values: Sequence[str],
    said: Mapping[str, str],
    areas: Collection[str],
) -> tuple[Total, ...]:
    """The rows of totals, each with the column whose value is the sum of all records, where it is.

    Args:
        connection: Holds the rows.
        profile: What was counted.
        told: The columns.
        country: The source's country, whose name may stand in the place of the word total.
        values: The columns that are added up.
        said: How their numbers are written.
        areas: Labels that are areas below the country, one of which may be called like it.
    """
    entry = codelists.load("country").by_code[country]
    names = {vocabulary.folded(n) for n in (entry.label_es, entry.label_en, entry.label_pt)}
    names |= {vocabulary.folded(n) for n in vocabulary.values()["countries"].get(country, [])}
    total = set(vocabulary.values()["total"])
    found: list[Total] = []
    for one in told:
        if not one.open or one.name in values or one.column.numeric or one.meaning in ("nationality", "country_name"):
            continue
        # a municipality may be called like the country
        words = total | names if one.meaning not in ("municipality", "locality") else total
        labels = tuple(v for v, _ in one.column.values if vocabulary.folded(v) in words and v not in areas)
        # a column that says nothing else is no list of what a total adds up
        if labels and one.column.distinct > len(labels):
            found.append(Total(one.name, labels))
    return tuple(_controlled(connection, profile, told, found, one, values, said) for one in found)


def _controlled(
    connection: duckdb.DuckDBPyConnection,
    profile: Profile,
    told: Sequence[Told],
    every: Sequence[Total],
    total: Total,
    values: Sequence[str],
    said: Mapping[str, str],
) -> Total:
    """A total with the column in which one row states the sum of all records."""
    stating = [one.name for one in told if one.meaning == "total" and one.open and one.name not in values]
    candidates = [*(values if len(values) == 1 else ()), *(stating if len(values) > 1 else ())]
    kept = " AND ".join(f"NOT coalesce({_says(profile, t)}, false)" for t in every)
    summed = " + ".join(f"coalesce(sum({numeric(profile.sql[v], said)}) FILTER ({kept}), 0)" for v in values)
    for name in candidates:
        stated = f"sum({numeric(profile.sql[name], said)}) FILTER ({_says(profile, total)})"
        count = f"count(*) FILTER ({_says(profile, total)})"
        row = connection.execute(f"SELECT {count}, {stated}, {summed or '0'} FROM {raw.TABLE}").fetchone()
        if row and row[0] == 1 and row[1] == row[2]:
            return Total(total.column, total.labels, name)
    return total


def _says(profile: Profile, total: Total) -> str:
    return f"(trim({profile.sql[total.column]}) IN ({sql.texts(total.labels)}))"


def exclude(total: Total) -> dict[str, Any]:
    """The words that leave rows of totals out."""
    labels = list(dict.fromkeys(label.upper() for label in total.labels))
    test: dict[str, Any] = {"equals": labels[0]} if len(labels) == 1 else {"in": labels}
    control = {"control_total": total.control} if total.control else {}
    return {"reason": "total_row", "column": total.column, **test, **control}
