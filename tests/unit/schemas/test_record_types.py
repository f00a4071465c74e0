"""The record types: the generated form is fresh, and its SQL rejects what pandera rejects, for the same rules."""

from __future__ import annotations

from typing import Any

import duckdb
import pandera.errors
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import codelists, generate, record_type
from schemas import compile as compiler
from schemas.rules import CROSS_FIELD, DELIVERY, FAMILIES, Rule, explain

NAMES = record_type.names()


def test_record_types_are_found() -> None:
    assert set(NAMES) >= {"area", "death", "incident", "person_role", "population"}


@pytest.mark.parametrize("name", NAMES)
def test_generated_form_is_fresh(name: str) -> None:
    written = (record_type.GENERATED / f"{name}.json").read_text(encoding="utf-8")
    assert written == generate.rendered(name), "run python -m schemas.generate"


@pytest.mark.parametrize("name", NAMES)
def test_every_field_is_described_in_three_languages(name: str) -> None:
    for field in record_type.load(name).fields:
        assert all(field.description[language].strip() for language in ("es", "en", "pt")), field.name


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_is_explained_in_three_languages(name: str) -> None:
    for rule in record_type.load(name).rules:
        for language in ("es", "en", "pt"):
            message, hint = explain(rule.code, language)
            assert message and hint
            assert "{" not in message


def test_delivery_rules_are_explained() -> None:
    for code in DELIVERY:
        assert explain(code, "pt")[0]
    with pytest.raises(KeyError):
        explain("no.such_rule")


def test_a_check_without_sql_stops_the_build() -> None:
    with pytest.raises(ValueError, match="cannot be compiled"):
        compiler.family("unique_values_eq", {"values": [1]})
    with pytest.raises(ValueError, match="has no SQL"):
        compiler.require_compilable(Rule("x.strange", "strange", "row", ("x",)))
    judged_by_the_mapping = {"check_digit"}  # by the kind that a source declares for its column
    assert set(FAMILIES) - judged_by_the_mapping <= set(compiler.CONDITIONS)
    assert {c.rule.kind for c in CROSS_FIELD} <= set(compiler.CONDITIONS)


_TEXTS = st.one_of(
    st.none(),
    st.sampled_from(
        ["", " ", "MEX-11", "MEX-11001", "mex-11", "MEX-", "COL-05\n", "X95", "X95.4", "S02", "T14", "Ñandú"]
    ),
    st.text(max_size=6),
)


def _values(field: record_type.Field) -> st.SearchStrategy[Any]:
    if field.codelist:
        codes = list(codelists.load(field.codelist).codes)
        return st.one_of(st.none(), st.sampled_from(codes), st.sampled_from(["", "?", "no such code", "ñ"]))
    match field.sql_type:
        case "VARCHAR":
            return _TEXTS
        case "DATE":
            return st.one_of(st.none(), st.dates())
        case "DOUBLE":
            return st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True, width=32))
        case "BLOB":
            return st.one_of(st.none(), st.binary(max_size=4))
        case "UTINYINT":
            return st.one_of(st.none(), st.integers(0, 255))
        case "SMALLINT":
            return st.one_of(st.none(), st.integers(-5, 130))
        case _:
            return st.one_of(st.none(), st.integers(-3, 10**6))


_POLARS = {
    "VARCHAR": pl.String,
    "DATE": pl.Date,
    "DOUBLE": pl.Float64,
    "BLOB": pl.Binary,
    "UTINYINT": pl.UInt8,
    "SMALLINT": pl.Int16,
    "INTEGER": pl.Int32,
    "BIGINT": pl.Int64,
}


def _frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    fields = record_type.load(name).fields
    types = {f.name: pl.String if f.codelist else _POLARS[f.sql_type] for f in fields}
    return pl.DataFrame(rows, schema=types)


def _by_pandera(name: str, frame: pl.DataFrame) -> set[tuple[int, str]]:
    """Row and rule of every failure, in the names of our rules.

    Hashes have no checks, and pandera cannot print a failing row that holds bytes.
    """
    hashes = [column for column, kind in frame.schema.items() if kind == pl.Binary]
    try:
        generate.schema(name).remove_columns(hashes).validate(frame.drop(hashes), lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases
    else:
        return set()
    found = set()
    for case in cases.iter_rows(named=True):
        check = str(case["check"])
        if check == "not_nullable":
            code = f"{case['column']}.missing"
        elif case["schema_context"] == "Column":
            kind = {"isin": "unknown_code", "str_matches": "form"}.get(check.split("(")[0], "range")
            code = f"{case['column']}.{kind}"
        else:
            code = check
        found.add((int(case["index"]), code))
    return found


def _by_sql(name: str, frame: pl.DataFrame) -> set[tuple[int, str]]:
    connection = duckdb.connect()
    connection.register("frame", frame.with_row_index("position").to_arrow())
    query = compiler.judge_frame(record_type.load(name), "frame")
    rows = connection.execute(f"SELECT position, unnest(broken) FROM ({query})").fetchall()
    return {(int(position), code) for position, code in rows}


@pytest.mark.parametrize("name", NAMES)
def test_sql_rejects_what_pandera_rejects(name: str) -> None:
    fields = record_type.load(name).fields
    record = st.fixed_dictionaries({f.name: _values(f) for f in fields})

    @settings(max_examples=25)
    @given(st.lists(record, min_size=1, max_size=4))
    def holds(rows: list[dict[str, Any]]) -> None:
        frame = _frame(name, rows)
        assert _by_sql(name, frame) == _by_pandera(name, frame)

    holds()
