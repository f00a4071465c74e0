"""The compiled SQL rejects what pandera rejects, for the same rules: edge values of every check, and chance."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings

from schemas import compile as compiler
from schemas import record_type
from schemas.record_type import RecordType
from schemas.rules import FAMILIES, Rule
from tests.unit.schemas import edges, oracle

NAMES = record_type.names()
#: The families of rules on one field that a table of typed values can break.
ON_ONE_FIELD = frozenset({"missing", "unknown_code", "range", "form", "unreadable"})


def _declared() -> dict[str, tuple[Rule, RecordType]]:
    """The declared rules on one record, once for each set of fields that their record types have beside them."""
    found: dict[str, tuple[Rule, RecordType]] = {}
    for name in NAMES:
        kind = record_type.load(name)
        for rule in kind.rules:
            if rule.scope == "row" and rule.kind not in ON_ONE_FIELD:
                beside = f"{rule.parameters.get('second')}_precision" in kind.by_name
                found.setdefault(f"{rule.code}{' by precision' if beside else ''}", (rule, kind))
    return found


DECLARED = _declared()


@pytest.mark.parametrize("name", NAMES)
def test_edge_values_of_every_field(name: str) -> None:
    """Each field with nothing, each code, each limit and its neighbours, NaN, empty text and other alphabets."""
    kind = record_type.load(name)
    frame = oracle.of_rows(name, edges.of_record_type(kind))
    found = oracle.by_sql(name, frame)
    assert found == oracle.by_pandera(name, frame)
    broken = {code for _, code in found}
    for rule in kind.rules:
        if rule.kind in ON_ONE_FIELD and not (
            rule.kind == "unreadable" and not rule.parameters.get("finite")
        ):
            assert rule.code in broken, "no value breaks it"
            assert sum(code == rule.code for _, code in found) < frame.height, "every value breaks it"


@pytest.mark.parametrize("code", DECLARED)
def test_edge_values_of_every_declared_rule(code: str) -> None:
    """The codes and limits that it speaks of, others, nothing and nonsense, each with each."""
    rule, kind = DECLARED[code]
    frame, by_pandera, by_sql = oracle.of_rule(rule, kind)
    assert by_sql == by_pandera
    assert by_sql, "nothing breaks it"
    assert len(by_sql) < frame.height, "everything breaks it"


def test_every_kind_of_rule_has_edge_values() -> None:
    kinds = {rule.kind for rule, _ in DECLARED.values()}
    assert kinds | ON_ONE_FIELD == set(compiler.CONDITIONS)
    # documents are judged where they are hashed
    assert set(FAMILIES) == ON_ONE_FIELD | {"check_digit"}


def test_edge_values_hold_what_judges_differ_about() -> None:
    """Nothing, NaN, infinity, empty text, other alphabets, limits and their neighbours, where a type has them."""
    kind = record_type.load("incident")
    number = edges.of_field(kind.by_name["longitude"], kind.rules)
    assert {None, 180.0, -180.0, 181.0, float("inf"), float("-inf")} <= set(number)
    assert any(n is not None and n != n for n in number)
    assert {None, "", "ñ", "日本", "MEX-11", "mex-11"} <= set(
        edges.of_field(kind.by_name["occurrence_first_level"], ())
    )
    assert {None, "", "ñ", "F", "no such code"} <= set(
        edges.of_field(record_type.load("death").by_name["sex"], ())
    )
    assert {date(1899, 12, 31), date(1900, 1, 1), date(2100, 12, 31), date(2101, 1, 1)} <= set(
        edges.of_field(kind.by_name["occurrence_date"], kind.rules)
    )
    assert {0, -1, 2**31 - 1} <= set(edges.of_field(kind.by_name["count"], kind.rules))


@pytest.mark.parametrize("name", NAMES)
def test_what_chance_makes_up(name: str) -> None:
    """Tables of up to 200 records; make soak draws many more (tests/soak)."""

    @settings(max_examples=6)
    @given(oracle.frames(name))
    def holds(frame: pl.DataFrame) -> None:
        assert oracle.by_sql(name, frame) == oracle.by_pandera(name, frame)

    holds()


def test_the_precision_of_a_date_decides_what_comes_before() -> None:
    dates = {"occurrence_date": date(2024, 5, 20), "report_date": date(2024, 5, 1)}
    precisions = ("day", "month", "year", None)
    frame = oracle.of_rows("incident", [{**dates, "report_date_precision": p} for p in precisions])
    code = "report_date.before_occurrence"
    assert {row for row, broken in oracle.by_sql("incident", frame) if broken == code} == {0, 3}
