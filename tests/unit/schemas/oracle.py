"""Made-up records of any record type, and what pandera and the compiled SQL say of them."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

import duckdb
import pandera.errors
import pandera.polars as pa
import polars as pl
from hypothesis import strategies as st

from schemas import codelists, generate, record_type
from schemas import compile as compiler

EDITION = date(2024, 6, 30)

#: Texts that are codes of something, nearly codes, empty, or from another alphabet.
TEXTS = (
    "", " ", "MEX", "MEX-11", "MEX-11001", "COL-05", "mex-11", "MEX-", "COL-05\n", "X95", "X954", "X95.4", "S021",
    "T14", "R95", "P20", "V011", "R95X", "V01", "G-LAC", "MXN", "mxn", "Ñandú", "日本", "\u0000", "'", '"', "2019",
)  # fmt: skip
DATES = (
    date(1, 1, 1), date(1899, 12, 31), date(1900, 1, 1), date(2019, 2, 28), date(2024, 6, 1), date(2024, 6, 15),
    date(2024, 6, 30), date(2024, 7, 1), date(2100, 12, 31), date(2101, 1, 1), date(9999, 12, 31),
)  # fmt: skip
NUMBERS = (
    0.0,
    -0.0,
    1.0,
    0.5,
    -1.0,
    100.0,
    1e9,
    1e14,
    1e30,
    float("nan"),
    float("inf"),
    float("-inf"),
    5e-324,
)
WHOLE = {
    "UTINYINT": (0, 1, 5, 6, 23, 24, 255),
    "SMALLINT": (-32768, -1, 0, 1, 6, 7, 9, 10, 12, 24, 25, 54, 55, 97, 98, 110, 111, 1900, 2100, 32767),
    "INTEGER": (-(2**31), -1, 0, 1, 2, 110, 2**31 - 1),
    "BIGINT": (-(2**63), -1, 0, 1, 2**63 - 1),
}
_POLARS: dict[str, type[pl.DataType]] = {
    "VARCHAR": pl.String,
    "DATE": pl.Date,
    "DOUBLE": pl.Float64,
    "BLOB": pl.Binary,
    "UTINYINT": pl.UInt8,
    "SMALLINT": pl.Int16,
    "INTEGER": pl.Int32,
    "BIGINT": pl.Int64,
}


def values(field: record_type.Field) -> tuple[Any, ...]:
    """What a field may hold: nothing, good values, the limits and what lies beyond, and nonsense."""
    if field.codelist:
        # the first codes, so that rules about codes meet, and texts that are no codes
        return (None, *codelists.load(field.codelist).codes, "", "?", "no such code", "ñ")
    match field.sql_type:
        case "VARCHAR":
            return (None, *TEXTS)
        case "DATE":
            return (None, *DATES)
        case "DOUBLE":
            return (None, *NUMBERS)
        case "BLOB":
            return (None, b"", b"a")
        case whole:
            return (None, *WHOLE[whole])


def frames(name: str) -> st.SearchStrategy[pl.DataFrame]:
    """Tables of some records, each drawn from one seed: a strategy for every field of a wide type takes minutes."""
    return st.builds(frame, st.just(name), st.integers(1, 60), st.integers(0, 2**32 - 1))


def frame(name: str, n: int, seed: int) -> pl.DataFrame:
    """So many records, codes as text; a field's values follow from the seed and its name alone."""
    columns = {}
    for field in record_type.load(name).fields:
        chance = random.Random(f"{seed} {field.name}")
        columns[field.name] = pl.Series(chance.choices(values(field), k=n), dtype=_type(field))
    return pl.DataFrame(columns)


def of_rows(name: str, rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Records that say what is given, and nothing of the other fields."""
    schema = {f.name: _type(f) for f in record_type.load(name).fields}
    return pl.DataFrame([{n: row.get(n) for n in schema} for row in rows], schema=schema)


def _type(field: record_type.Field) -> type[pl.DataType]:
    return pl.String if field.codelist else _POLARS[field.sql_type]


@cache
def _schema(name: str) -> pa.DataFrameSchema:
    """The declared schema without hashes: they have no checks, and pandera cannot print a failing row with bytes."""
    built = generate.schema(name, EDITION)
    hashes = [f.name for f in record_type.load(name).fields if f.sql_type == "BLOB"]
    return built.remove_columns(hashes)


def by_pandera(name: str, records: pl.DataFrame) -> set[tuple[int, str]]:
    """Row and rule of every failure, in the names of our rules."""
    schema = _schema(name)
    try:
        schema.validate(records.select(list(schema.columns)), lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases
    else:
        return set()
    found = set()
    for case in cases.iter_rows(named=True):
        row, check = int(case["index"]), str(case["check"])
        if check == "not_nullable":
            # pandera takes what is no number for no value; to us it was given and cannot be read
            if records[case["column"]][row] is None:
                found.add((row, f"{case['column']}.missing"))
        elif case["schema_context"] == "Column":
            kinds = {"isin": "unknown_code", "str_matches": "form", "finite": "unreadable"}
            found.add((row, f"{case['column']}.{kinds.get(check.split('(')[0], 'range')}"))
        else:
            found.add((row, check))
    return found


def by_sql(name: str, records: pl.DataFrame) -> set[tuple[int, str]]:
    """Row and rule of every failure, by the compiled conditions."""
    with duckdb.connect() as connection:
        connection.register("frame", records.with_row_index("position").to_arrow())
        query = compiler.judge_frame(record_type.load(name), "frame", EDITION)
        rows = connection.execute(f"SELECT position, unnest(broken) FROM ({query})").fetchall()
    return {(int(position), code) for position, code in rows}
