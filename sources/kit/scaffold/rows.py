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
#: The first of a month, as a date cell in a header arrives.
_MONTH = re.compile(r"((?:19|20)\d\d-(?:0[1-9]|1[0-2]))-01(?:[ T]00:00:00)?")

_QUARTER = re.compile(
    r"(?:(?P<before>(?:19|20)\d\d)[ _-]?)?(?:[TQ][ _-]?[1-4]|[1-4][ _-]?(?:er|o|º)?[ _-]?(?:[TQ]|trim\w*))"
    r"(?:[ _-]?(?P<behind>(?:19|20)\d\d))?",
    re.IGNORECASE,
)

What = Literal["month", "year", "sex", "date"]


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
        times: How many times its value the records add up to, where that is a whole number above 1: then subtotals
            stand among them.
    """

    column: str
    labels: tuple[str, ...]
    control: str = ""
    times: int = 1


def side_by_side(told: Sequence[Told]) -> SideBySide | None:
    """The value columns of a file: months, years or sexes in their headers; None where there are none."""
    numeric = [one for one in told if one.open and (one.column.numeric or not one.column.filled)]
    months = {one.name: month for one in numeric if (month := vocabulary.month(_last(one.name)))}
    if len(months) >= LEAST and len(set(months.values())) == len(months):
        return SideBySide("month", {name: str(month) for name, month in months.items()})
    dated = {one.name: first[1] for one in numeric if (first := _MONTH.fullmatch(_last(one.name)))}
    if len(dated) >= LEAST and len(set(dated.values())) == len(dated):
        return SideBySide("date", dated)
    named = {one.name: year for one in numeric if _YEAR.fullmatch(year := _last(one.name).removesuffix(".0"))}
    if len(named) >= LEAST and len(set(named.values())) == len(named):
        found = sorted(map(int, named.values()))
        whole = found == list(range(found[0], found[-1] + 1)) and list(named) == list(named.values())
        return SideBySide("year", named, (found[0], found[-1]) if whole else None)
    return _years_after_a_stem(numeric) or _quarters(numeric) or _sexes(numeric)


def _last(name: str) -> str:
    """What stands in the last row of a header of several rows."""
    return name.rpartition(" / ")[2].strip()


def _years_after_a_stem(numeric: Sequence[Told]) -> SideBySide | None:
    """Columns such as POP_08, POP_09: of several stems none is chosen."""
    stems: dict[str, dict[str, str]] = {}
    for one in numeric:
        found = HEADED_BY_YEAR.fullmatch(one.name)
        if found and found["stem"]:
            year = found["year"] if len(found["year"]) == 4 else f"20{found['year']}"
            stems.setdefault(found["stem"], {})[one.name] = year
    several = [
        columns for columns in stems.values() if len(columns) >= LEAST and len(set(columns.values())) > 2
    ]
    consecutive = [c for c in several if _consecutive(sorted(map(int, c.values())))]
    return SideBySide("year", consecutive[0]) if len(consecutive) == 1 else None


def _quarters(numeric: Sequence[Told]) -> SideBySide | None:
    """Quarters side by side, such as T1 2023 or 2023-Q1: their figures are those of the year, added up."""
    found = {one.name: year for one in numeric if (year := _year_of_quarter(_last(one.name)))}
    return SideBySide("year", found) if len(found) >= LEAST else None


def _year_of_quarter(name: str) -> str:
    match = _QUARTER.fullmatch(name.strip())
    return (match["before"] or match["behind"] or "") if match else ""


def _consecutive(years: Sequence[int]) -> bool:
    return list(years) == list(range(years[0], years[0] + len(years)))


def _sexes(numeric: Sequence[Told]) -> SideBySide | None:
    words = vocabulary.values()
    codes: dict[str, str] = {}
    for one in numeric:
        word = vocabulary.folded(_last(one.name))
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
        areas: Folded names of the areas below the country, one of which may be called like it.
    """
    entry = codelists.load("country").by_code[country]
    names = {vocabulary.folded(n) for n in (entry.label_es, entry.label_en, entry.label_pt)}
    names |= {vocabulary.folded(n) for n in vocabulary.values()["countries"].get(country, [])}
    names -= set(areas)
    found: list[Total] = []
    for one in told:
        if (
            not one.open
            or one.name in values
            or one.column.numeric
            or one.meaning in ("nationality", "country_name")
        ):
            continue
        # a municipality may be called like the country
        words = names if one.meaning not in ("municipality", "locality") else set[str]()
        labels = tuple(
            v for v, _ in one.column.values if vocabulary.is_total(v) or vocabulary.folded(v) in words
        )
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
    if not values:
        return total
    stating = [one.name for one in told if one.meaning == "total" and one.open and one.name not in values]
    kept = " AND ".join(f"NOT coalesce({_says(profile, t)}, false)" for t in every)
    summed = " + ".join(f"coalesce(sum({numeric(profile.sql[v], said)}) FILTER ({kept}), 0)" for v in values)
    of_row = " + ".join(f"coalesce({numeric(profile.sql[v], said)}, 0)" for v in values)
    names = [profile.sql[name] for name in (*values[:1], *stating[:1])]
    stated = numeric(names[-1], said) if stating or len(values) == 1 else of_row
    says = _says(profile, total)
    row = connection.execute(
        f"SELECT count(*) FILTER ({says}), sum({stated}) FILTER ({says}), {summed} FROM {raw.TABLE}"
    ).fetchone()
    if not row or row[0] != 1 or not row[1]:
        return total
    times = row[2] / row[1]
    # a stated total may differ by what was left out of one of the two
    whole = round(times) if abs(times - round(times)) < 0.01 and times > 1.5 else 1
    name = (*values[:1], *stating[:1])[-1] if stating or len(values) == 1 else ""
    if times == 1:
        return Total(total.column, total.labels, name)
    return Total(total.column, total.labels, "", whole)


def _says(profile: Profile, total: Total) -> str:
    return f"(trim({profile.sql[total.column]}) IN ({sql.texts(total.labels)}))"


#: Meanings of columns whose numbers begin alike without one standing above the other.
_NO_HIERARCHY = {
    "count",
    "total",
    "year",
    "month",
    "day",
    "date",
    "population",
    "weight",
    "rate",
    "row_counter",
    "sex",
}


def parents(told: Sequence[Told]) -> str:
    """The column in which codes stand above others of the file, such as states above municipalities; empty for none."""
    for one in told:
        column = one.column
        if not one.open or one.meaning in _NO_HIERARCHY or not column.complete or column.distinct < 6:
            continue
        codes = {v for v, _ in column.values if re.fullmatch(r"[0-9A-Z.]+", v)}
        if len(codes) < 0.95 * column.distinct or not any(code[:1].isdigit() for code in codes):
            continue
        lengths = sorted({len(code) for code in codes})
        short = {code for code in codes if len(code) == lengths[0]}
        longer = codes - short
        below = [code for code in longer if code[: lengths[0]] in short]
        above = {code[: lengths[0]] for code in below}
        one_step = 1 < len(lengths) < 5 and lengths[1] - lengths[0] > 1
        if (
            one_step
            and len(below) > 0.95 * len(longer)
            and len(above) > 0.8 * len(short)
            and len(longer) > 2 * len(short)
        ):
            return column.name
    return ""


#: What may stand once for the rows below it.
_HEADS_ROWS = {"first_level", "municipality", "country_name", "year", "month", "iccs", "institution", None}


def merged(connection: duckdb.DuckDBPyConnection, profile: Profile, told: Sequence[Told]) -> tuple[str, ...]:
    """Columns whose cells are merged over several rows: each value stands once, with as many blanks below it.

    A row of totals, which has no such cells, may stand between them.
    """
    return tuple(one.name for one in told if one.open and _is_merged(connection, profile, one))


def _is_merged(connection: duckdb.DuckDBPyConnection, profile: Profile, one: Told) -> bool:
    column = one.column
    totals = [(v, n) for v, n in column.values if vocabulary.is_total(v)]
    filled, distinct = column.filled - sum(n for _, n in totals), column.distinct - len(totals)
    if one.meaning not in _HEADS_ROWS or not 1 < filled <= profile.rows / 2 or distinct < 0.9 * filled:
        return False
    cell = f"nullif(trim({profile.sql[one.name]}), '')"
    row = connection.execute(
        f"""WITH grouped AS (
            SELECT g, count(*) AS n FROM (
                SELECT sum(({cell} IS NOT NULL)::INT) OVER (ORDER BY rowid ROWS UNBOUNDED PRECEDING) AS g
                FROM {raw.TABLE} WHERE {cell} IS NULL OR {cell} NOT IN ({sql.texts([v for v, _ in totals] or [""])})
            ) GROUP BY g
        )
        SELECT mode(n), count(*) FILTER (n >= (SELECT mode(n) FROM grouped) - 1) / count(*), min(g) FROM grouped"""
    ).fetchone()
    return bool(row and row[0] > 1 and row[1] >= 0.7 and row[2] > 0)


def exclude(total: Total) -> dict[str, Any]:
    """The words that leave rows of totals out."""
    labels = list(dict.fromkeys(label.upper() for label in total.labels))
    test: dict[str, Any] = {"equals": labels[0]} if len(labels) == 1 else {"in": labels}
    control = {"control_total": total.control} if total.control else {}
    return {"reason": "total_row", "column": total.column, **test, **control}
