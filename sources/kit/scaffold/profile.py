"""What the columns of a file hold, counted in DuckDB: distinct values with their frequencies, and the shapes of them.

Values of a column that leads to a person are counted here too, since that is how it is recognised; none of them leaves
this package (``columns`` says which are open).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from schemas import sql
from sources.kit.kinds import KINDS
from sources.kit.landing import Landed
from sources.kit.readers import delivery, raw
from sources.kit.readers.workspace import Workspace
from sources.kit.scaffold.form import Found

#: Distinct values of which all are looked at; of more, those in so many rows at equal distances.
ALL, SAMPLED = 20_000, 8_000
#: Values that are kept of a column.
KEPT = 3_000
#: Characters of a value that are looked at.
LOOKED = 200
#: Signs at the ends of a value that a person does not see.
_BLANKS = "' \t\r\n\u00a0\ufeff'"
_VALUES, _WHOLE = "profile_value", "profile_whole"

#: Forms of a date that are looked for, by the shape of the text; of one shape the first that reads all values.
DATES: Mapping[str, tuple[str, ...]] = {
    r"\d{4}-\d{1,2}-\d{1,2}": ("%Y-%m-%d",),
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}": ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"),
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}": ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"),
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}Z": ("%Y-%m-%dT%H:%M:%SZ",),
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}": ("%Y-%m-%d %H:%M:%S%z", "%Y-%m-%dT%H:%M:%S%z"),
    r"\d{4}/\d{1,2}/\d{1,2}": ("%Y/%m/%d",),
    r"\d{1,2}/\d{1,2}/\d{4}": ("%d/%m/%Y", "%m/%d/%Y"),
    r"\d{1,2}-\d{1,2}-\d{4}": ("%d-%m-%Y", "%m-%d-%Y"),
    r"\d{1,2}\.\d{1,2}\.\d{4}": ("%d.%m.%Y",),
    r"\d{1,2}/\d{1,2}/\d{2}": ("%d/%m/%y", "%m/%d/%y"),
    r"\d{1,2}-\d{1,2}-\d{2}": ("%d-%m-%y",),
    r"\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d{2}": ("%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"),
    r"\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d{2}:\d{2}": ("%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S"),
    r"\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d{2} [APap][Mm]": ("%d/%m/%Y %I:%M %p", "%m/%d/%Y %I:%M %p"),
    r"\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d{2}:\d{2} [APap][Mm]": ("%d/%m/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M:%S %p"),
    r"\d{1,2}-\d{1,2}-\d{4} \d{1,2}:\d{2}": ("%d-%m-%Y %H:%M",),
    r"(19|20)\d{6}": ("%Y%m%d",),
    r"(19|20)\d{2}-\d{2}": ("%Y-%m",),
    r"\d{1,2}/(19|20)\d{2}": ("%m/%Y",),
}
#: The same with the name of a month, in whatever language: what DuckDB does not read and the verb does.
NAMED: Mapping[str, str] = {
    rf"\d{{1,2}}{sign}\p{{L}}{{3,10}}\.?{sign}{year}": f"%d{written}%b{written}{form}"
    for sign, written in (("-", "-"), ("/", "/"), (" ", " "), (" de ", " de "))
    for year, form in ((r"(19|20)\d{2}", "%Y"), (r"\d{2}", "%y"))
}
#: Further shapes: what a whole value is, as a regular expression of DuckDB.
_SHAPES: Mapping[str, str] = {
    "integer": r"[+-]?\d+",
    "point": r"[+-]?\d+\.\d+",
    "zero_decimals": r"[+-]?\d+[.,]0+",
    "comma": r"[+-]?\d+,\d+",
    "thousands_point": r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?",
    "thousands_comma": r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?",
    "thousands_space": r"[+-]?\d{1,3}([ \x{00A0}\x{202F}]\d{3})+(,\d+)?",
    "zero": r"0\d+",
    "year": r"(19|20)\d{2}",
    "clock": r"\d{1,2}[:.hH]\d{2}([:.]\d{2})?( ?[aApP]\.? ?[mM]\.?)?( ?h(rs)?\.?)?",
    "icd": r"[A-Za-z]\d{2}(\.?[0-9XxA-Za-z])?",
    "area_code": r"[0-9A-Z]+",
    "email": r"[^@\s]+@[^@\s]+\.[^@\s]+",
    "phone": r"(\+?\d{1,3}[ -]?)?\(?\d{2,4}\)?[ -]?\d{3,4}[ -]?\d{3,4}",
    "coordinate": r"-?\d{1,3}[.,]\d{3,}",
    "age_group": r"(?i).*\d+\s*(-|a|to|–|e)\s*\d+.*|.*(y m[aá]s|(e|ou) mais|and over|\+)|(menor|menos|under|<).*\d+.*",
    "words": r"[^\d]*\p{L}{2,}\.?( [^\d]*\p{L}+\.?)+",
    "mixed": r".*\d.*[-/].*\d.*|.*\p{L}.*\d.*",
    "curp": KINDS["curp"].form,
}


@dataclass(frozen=True)
class Column:
    """What a column holds; shares are of the rows that say anything.

    Args:
        name: Its name.
        place: Its place from 0.
        filled: Rows that say anything.
        distinct: Different values, about right where there are many.
        values: The most frequent values with their rows; of a sample where there are many.
        complete: Whether these are all.
        shapes: Share of the rows whose value has a shape, by the shape; dates by their form.
        lengths: Shortest, usual and longest value, in characters.
        limits: Least and greatest number; None where none is one.
    """

    name: str
    place: int
    filled: int
    distinct: int
    values: tuple[tuple[str, int], ...]
    complete: bool
    shapes: Mapping[str, float]
    lengths: tuple[int, int, int]
    limits: tuple[float, float] | None

    def share(self, *shapes: str) -> float:
        """Share of the rows whose value has one of some shapes that exclude each other."""
        return sum(self.shapes.get(shape, 0.0) for shape in shapes)

    @property
    def numeric(self) -> bool:
        """Whether most values are numbers, with whatever local signs."""
        grouped = self.share("thousands_comma", "thousands_space")
        return self.share("integer", "point") + max(self.share("comma"), grouped) > 0.7

    @property
    def unique(self) -> float:
        """How many different values there are for each row that says anything."""
        return self.distinct / self.filled if self.filled else 0.0


@dataclass(frozen=True)
class Profile:
    """A file as it was counted; its rows are in the table ``raw_record`` of the connection."""

    rows: int
    unreadable: int
    columns: tuple[Column, ...]
    sql: Mapping[str, str]
    untrimmed: bool

    def column(self, name: str) -> Column:
        """A column by its name."""
        return next(c for c in self.columns if c.name == name)


def taken(connection: duckdb.DuckDBPyConnection, landed: Landed, found: Found, work: Workspace) -> Profile:
    """Read a file as its source will, and count what is in it.

    Raises:
        Refusal: Its structure is broken.
    """
    opened = delivery.opened(landed, found.table(), work)
    read = raw.read(connection, opened)
    names = {name: read.columns[name] for name in (n.strip() if found.trimmed else n for n in found.names)}
    filled = _filled(connection, names)
    _count_values(connection, names, filled)
    shapes = _shapes(connection)
    columns = tuple(
        _column(connection, name, place, column, filled[column], shapes.get(place, ()))
        for place, (name, column) in enumerate(names.items())
    )
    return Profile(read.rows_delivered, len(read.unreadable), columns, names, _untrimmed(connection))


def _untrimmed(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether values have signs at their ends that a person does not see and that are no plain spaces."""
    row = connection.execute(f"SELECT coalesce(bool_or(odd), false) FROM {_VALUES}").fetchone()
    return bool(row and row[0])


def _filled(connection: duckdb.DuckDBPyConnection, names: Mapping[str, str]) -> dict[str, tuple[int, int]]:
    """For each column the rows that say anything, and about how many different values they have."""
    counted = ", ".join(f"count(nullif({c}, '')), approx_count_distinct({c})" for c in names.values())
    row = connection.execute(f"SELECT {counted} FROM {raw.TABLE}").fetchone() or ()
    return {c: (row[2 * i], row[2 * i + 1]) for i, c in enumerate(names.values())}


def _count_values(
    connection: duckdb.DuckDBPyConnection, names: Mapping[str, str], filled: Mapping[str, tuple[int, int]]
) -> None:
    """All distinct values of every column with their rows, in one table; of many those of a part of the rows."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {_VALUES} (place INTEGER, value VARCHAR, n BIGINT, odd BOOLEAN)"
    )
    rows = connection.execute(f"SELECT count(*) FROM {raw.TABLE}").fetchone() or (0,)
    step = max(1, rows[0] // SAMPLED)
    for place, column in enumerate(names.values()):
        part = f"WHERE rowid % {step} = 0" if filled[column][1] > ALL else ""
        # a table of its own, or what is tested of a distinct value is tested of every row
        connection.execute(
            f"""CREATE OR REPLACE TEMP TABLE {_WHOLE} AS
            SELECT {column} AS whole, count(*) AS n FROM {raw.TABLE} {part} GROUP BY whole"""
        )
        connection.execute(
            f"""INSERT INTO {_VALUES} SELECT {place}, value, sum(n), bool_or(value <> trim(whole))
            FROM (SELECT whole, n, nullif(trim(whole, {_BLANKS}), '') AS value FROM {_WHOLE})
            WHERE value IS NOT NULL GROUP BY value"""
        )


def _shapes(connection: duckdb.DuckDBPyConnection) -> dict[int, tuple[Any, ...]]:
    """For each column the counted shapes, dates, lengths and limits, in one pass over the values."""
    # what is longer is a text, whatever it begins with
    value = f"value[:{LOOKED}]"
    tests = [f"regexp_full_match({value}, {sql.text(shape)})" for shape in _SHAPES.values()]
    dates = [
        f"(regexp_full_match({value}, {sql.text(shape)}) AND try_strptime(value, {sql.text(form)}) IS NOT NULL)"
        for shape, forms in DATES.items()
        for form in forms
    ]
    dates += [f"regexp_full_match({value}, {sql.text(shape)})" for shape in NAMED]
    counted = ", ".join(f"sum(n) FILTER ({test}) / sum(n)" for test in (*tests, *dates))
    number = "TRY_CAST(value AS DOUBLE)"
    rows = connection.execute(
        f"""SELECT place, {counted}, min(length(value)), mode(length(value)), max(length(value)),
        min({number}), max({number}), count(*) FROM {_VALUES} GROUP BY place"""
    ).fetchall()
    return {row[0]: row[1:] for row in rows}


def _column(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    place: int,
    column: str,
    filled: tuple[int, int],
    counted: tuple[Any, ...],
) -> Column:
    named = [*_SHAPES, *(form for forms in DATES.values() for form in forms), *NAMED.values()]
    if not counted:
        return Column(name, place, 0, 0, (), True, {}, (0, 0, 0), None)
    shapes = {shape: float(share) for shape, share in zip(named, counted, strict=False) if share}
    shortest, usual, longest, least, greatest, distinct = counted[len(named) :]
    complete = filled[1] <= ALL
    rows = connection.execute(
        f"SELECT value, n FROM {_VALUES} WHERE place = {place} ORDER BY n DESC, value LIMIT {KEPT}"
    ).fetchall()
    return Column(
        name=name,
        place=place,
        filled=filled[0],
        distinct=int(distinct) if complete else filled[1],
        values=tuple((str(v), int(n)) for v, n in rows),
        complete=complete and distinct <= KEPT,
        shapes=shapes,
        lengths=(int(shortest), int(usual), int(longest)),
        limits=None if least is None else (float(least), float(greatest)),
    )
