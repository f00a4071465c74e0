"""Made-up records of any record type, and what pandera and the compiled SQL say of them."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
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
from schemas.rules import Rule
from tests.unit.schemas import edges

EDITION = date(2024, 6, 30)

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


def frames(name: str) -> st.SearchStrategy[pl.DataFrame]:
    """Tables of some records, each drawn from one seed: a strategy for every field of a wide type takes minutes."""
    return st.builds(frame, st.just(name), st.integers(1, 200), st.integers(0, 2**32 - 1))


def frame(name: str, n: int, seed: int) -> pl.DataFrame:
    """So many records, codes as text; a field's values follow from the seed and its name alone."""
    columns = {}
    kind = record_type.load(name)
    for field in kind.fields:
        chance = random.Random(f"{seed} {field.name}")
        held = edges.of_field(field, kind.rules)
        columns[field.name] = pl.Series(chance.choices(held, k=n), dtype=_type(field))
    return pl.DataFrame(columns)


def of_rows(name: str, rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Records that say what is given, and nothing of the other fields."""
    schema = {f.name: _type(f) for f in record_type.load(name).fields}
    return pl.DataFrame([{n: row.get(n) for n in schema} for row in rows], schema=schema)


def _type(field: record_type.Field) -> type[pl.DataType]:
    return pl.String if field.codelist else _POLARS[field.sql_type]


def of_rule(rule: Rule, kind: record_type.RecordType) -> tuple[pl.DataFrame, set[int], set[int]]:
    """The edge values of one rule on one record, and the rows that break it: by pandera and by SQL."""
    rows = edges.of_rule(rule, kind)
    schema = {name: _type(kind.by_name[name]) for name in rows[0]}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    codes = {
        n: list(codelists.load(kind.by_name[n].codelist or "").codes)
        for n in rows[0]
        if kind.by_name[n].codelist
    }
    dated = compiler.as_of(rule, EDITION) or rule
    check = getattr(pa.Check, rule.kind)(**dated.parameters, codes=codes, error=rule.code)
    declared = pa.DataFrameSchema(
        {n: pa.Column(of, nullable=True) for n, of in schema.items()}, checks=[check]
    )
    only = replace(kind, fields=tuple(kind.by_name[n] for n in rows[0]), rules=(rule,))
    return frame, {row for row, _ in _failures(declared, frame)}, {row for row, _ in _broken(only, frame)}


@cache
def _schema(name: str) -> pa.DataFrameSchema:
    """The declared schema without hashes: they have no checks, and pandera cannot print a failing row with bytes."""
    built = generate.schema(name, EDITION)
    hashes = [f.name for f in record_type.load(name).fields if f.sql_type == "BLOB"]
    return built.remove_columns(hashes)


def by_pandera(name: str, records: pl.DataFrame) -> set[tuple[int, str]]:
    """Row and rule of every failure, in the names of our rules."""
    schema = _schema(name)
    return _failures(schema, records.select(list(schema.columns)))


def _failures(schema: pa.DataFrameSchema, records: pl.DataFrame) -> set[tuple[int, str]]:
    try:
        schema.validate(records, lazy=True)
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
    return _broken(record_type.load(name), records)


def _broken(kind: record_type.RecordType, records: pl.DataFrame) -> set[tuple[int, str]]:
    with duckdb.connect() as connection:
        connection.register("frame", records.with_row_index("position").to_arrow())
        query = compiler.judge_frame(kind, "frame", EDITION)
        rows = connection.execute(f"SELECT position, unnest(broken) FROM ({query})").fetchall()
    return {(int(position), code) for position, code in rows}
