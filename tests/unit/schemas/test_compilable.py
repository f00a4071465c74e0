"""Whatever a model or a rule says that has no SQL stops the build, with model, field and cure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

import duckdb
import pandera.polars as pa
import polars as pl
import pytest
from pandera import extensions
from pandera.api.parsers import Parser
from pandera.api.polars.types import PolarsData

from schemas import compilable, generate
from schemas.compilable import NotCompilable
from schemas.fields import coded, field
from schemas.model import Model, about
from schemas.rules import Declared, Rule, Scope
from schemas.traits.record import Record

ABOUT = about(es=("a", "b"), en=("a", "b"), pt=("a", "b"), date_field="tried_date", amount=None)


@extensions.register_check_method(statistics=["than"])  # type: ignore[untyped-decorator]
def other_than(data: PolarsData, *, than: int) -> pl.LazyFrame:
    """A check that somebody registered."""
    return data.lazyframe.select(pl.col(data.key) != than)


def judge(_: type[Model], data: PolarsData) -> pl.LazyFrame:
    """A check that somebody wrote into a model."""
    return data.lazyframe.select(pl.col(data.key) > 3)


def tried(**checks: Any) -> Any:
    return field("Algo", "Something", "Algo", **checks)


def listed() -> Any:
    return coded("Sexo", "Sex", "Sexo", codes="sex", recoded=False)


def model(
    declared: Any = None,
    annotation: Any = pl.Int32,
    *,
    config: Mapping[str, Any] | None = None,
    **methods: Any,
) -> type[Model]:
    """A record type with one field of its own, ``tried``."""
    content = {
        "__annotations__": {"tried": annotation},
        "__module__": __name__,
        "tried": tried() if declared is None else declared,
        "Config": type("Config", (), {"metadata": ABOUT, **(config or {})}),
        **methods,
    }
    return type("Tried", (Record,), content)


CONFIG = {
    "coerce": True, "strict": True, "ordered": True, "unique": ["tried"], "drop_invalid_rows": True, "title": "T",
    "add_missing_columns": True, "dtype": pl.Int32, "from_format": "csv", "description": "D",
}  # fmt: skip
#: What may be said of a model, and what the refusal names.
REFUSED: dict[str, tuple[Callable[[], type[Model]], str]] = {
    "dataframe_check": (lambda: model(one=pa.dataframe_check(judge)), r"^Tried: checks = "),
    "check": (lambda: model(one=pa.check("tried")(judge)), r"^Tried.tried: the check 'judge'"),
    "check called isin": (lambda: model(one=pa.check("tried", name="isin")(judge)), r"^Tried.tried: a check of its"),
    "check of a list": (lambda: model(listed(), str, one=pa.check("tried")(judge)), r"^Tried.tried: a code that is"),
    "registered check": (lambda: model(tried(other_than=3)), r"^Tried.tried: the check 'other_than'"),
    "registered check of a frame": (lambda: model(config={"other_than": 3}), r"^Tried.Config: other_than = 3"),
    "eq": (lambda: model(tried(eq=3)), r"the check 'equal_to'"),
    "ne": (lambda: model(tried(ne=3)), r"the check 'not_equal_to'"),
    "gt": (lambda: model(tried(gt=3)), r"the check 'greater_than'"),
    "lt": (lambda: model(tried(lt=3)), r"the check 'less_than'"),
    "notin": (lambda: model(tried(notin=[3])), r"the check 'notin'"),
    "str_contains": (lambda: model(tried(str_contains="a"), str), r"the check 'str_contains'"),
    "str_endswith": (lambda: model(tried(str_endswith="a"), str), r"the check 'str_endswith'"),
    "str_startswith": (lambda: model(tried(str_startswith="a"), str), r"the check 'str_startswith'"),
    "str_length": (lambda: model(tried(str_length=2), str), r"the check 'str_length'"),
    "isin without a list": (lambda: model(tried(isin=["a"]), str), r"a choice of values that is no code list"),
    "excluded limit": (
        lambda: model(tried(in_range={"min_value": 0, "max_value": 9, "include_max": False})),
        r"Tried.tried: a limit that is itself excluded",
    ),
    "two limits": (lambda: model(tried(ge=0, le=9)), r"a second check of the family 'range'"),
    "limit of a text": (lambda: model(tried(ge="a"), str), r"the limit 'a'"),
    "number as the limit of a date": (lambda: model(tried(ge=3), pl.Date), r"the limit 3"),
    "infinite limit": (lambda: model(tried(le=float("inf")), pl.Float64), r"the limit inf"),
    "form of a number": (lambda: model(tried(str_matches="^a")), r"the form '\^a' of the type Int32"),
    "form from anywhere": (lambda: model(tried(str_matches="a"), str), r"the form 'a'"),
    "look-ahead": (lambda: model(tried(str_matches="^(?=a)"), str), r"the form '\^\(\?=a\)'"),
    "back reference": (lambda: model(tried(str_matches=r"^(a)\1"), str), r"the form"),
    "digits of every alphabet": (lambda: model(tried(str_matches=r"^\d"), str), r"the form .*write it with"),
    "too long for DuckDB": (lambda: model(tried(str_matches="^a{1001}"), str), r"the form .*repetition size.*write it"),
    "unique": (lambda: model(tried(unique=True)), r"^Tried.tried: unique = True .*declare a rule"),
    "coerce": (lambda: model(tried(coerce=True)), r"^Tried.tried: coerce = True .*source.yml"),
    "default": (lambda: model(tried(default=3)), r"^Tried.tried: default = 3"),
    "title": (lambda: model(tried(title="T")), r"^Tried.tried: title = 'T'"),
    "ignore_na": (lambda: model(tried(ge=0, ignore_na=False)), r"^Tried.tried, check \w+: ignore_na = False"),
    "raise_warning": (lambda: model(tried(ge=0, raise_warning=True)), r"raise_warning = True"),
    "n_failure_cases": (lambda: model(tried(ge=0, n_failure_cases=1)), r"n_failure_cases = 1"),
    "alias": (lambda: model(tried(alias="other")), r"^Tried.other: a name that is not the field's"),
    "regex": (lambda: model(tried(alias="^a", regex=True)), r"^Tried.\^a: a name that is not the field's"),
    "Optional": (lambda: model(annotation=pl.Int32 | None), r"^Tried.tried: required = False"),
    "type": (lambda: model(annotation=pl.Datetime), r"^Tried.tried: the type Datetime"),
    "codes that are numbers": (lambda: model(listed(), pl.Int32), r"a code that is more than the code"),
    "plain field": (lambda: model(pa.Field()), r"^Tried.tried: a field by itself .*schemas/fields.py"),
    **{f"Config.{k}": (partial(model, config={k: v}), rf"^Tried.Config: {k} = ") for k, v in CONFIG.items()},
}  # fmt: skip


@pytest.mark.parametrize("said", REFUSED)
def test_what_has_no_sql_stops_the_build(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made, told = REFUSED[said]
    monkeypatch.setattr(generate, "models", lambda: {"tried": made()})
    with pytest.raises(NotCompilable, match=told) as refused:
        generate.describe("tried")
    what, _, cure = str(refused.value).partition("cannot be compiled to SQL; ")
    assert what
    assert cure, "the message says no cure"


def test_parsers_stop_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a column and of a frame, as pandera keeps them."""
    for where in ("columns", "frame"):
        built = model().to_schema()
        of = built if where == "frame" else built.columns["tried"]
        of.parsers = [Parser(lambda data: data)]
        monkeypatch.setattr(Record, "to_schema", classmethod(lambda cls, built=built: built))
        with pytest.raises(NotCompilable, match=r"^Tried(\.tried)?: parsers = .*source.yml"):
            compilable.read(model())


def test_what_has_sql_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    """The refusals above come of what is said, not of the model that says it."""
    for declared, annotation, family in (
        (tried(ge=0), pl.Int32, "range"),
        (tried(le=9), pl.Float64, "range"),
        (tried(in_range={"min_value": date(2000, 1, 1), "max_value": date(2001, 1, 1)}), pl.Date, "range"),
        (tried(in_range={"min_value": 0, "max_value": 9, "include_min": False}), pl.Int16, "range"),
        (tried(str_matches="^[A-Z]{2}(-[0-9]+)?$"), str, "form"),
        (listed(), str, "unknown_code"),
    ):
        made = model(declared, annotation)
        monkeypatch.setattr(generate, "models", lambda made=made: {"tried": made})
        assert f"tried.{family}" in {r["code"] for r in generate.describe("tried")["rules"]}


def test_what_others_do_on_the_connection_of_the_process_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    duckdb.execute("BEGIN")
    try:
        with pytest.raises(duckdb.Error):
            duckdb.execute("SELECT 'x'::INTEGER")
        monkeypatch.setattr(
            generate, "models", lambda: {"tried": model(tried(str_matches="^[A-Z]{2,7}$"), str)}
        )
        assert "tried.form" in {r["code"] for r in generate.describe("tried")["rules"]}
    finally:
        duckdb.execute("ROLLBACK")


@pytest.mark.parametrize("scope", ["row", "delivery", "reference"])
def test_a_rule_of_a_kind_without_sql_stops_the_build(monkeypatch: pytest.MonkeyPatch, scope: Scope) -> None:
    strange = Rule("tried.strange", "strange", "row", ("tried",), scope=scope)
    _rule(monkeypatch, strange)
    with pytest.raises(NotCompilable, match=f"tried, rule tried.strange: .*'strange' in the scope {scope}"):
        generate.describe("tried")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (Rule("tried.wrong", "among", "row", ("tried",), {"field": "other", "permitted": ["a"]}), "other"),
        (
            Rule("tried.wrong", "within_days", "row", ("tried",), {"first": "tried", "second": "tried"}),
            "most",
        ),
        (
            Rule("tried.wrong", "among", "row", ("tried",), {"field": "tried", "permitted": ["a"]}),
            "Conversion",
        ),
        (Rule("tried.wrong", "heaped", "warn", ("tried",), {"hits": "luck"}, "delivery"), "luck"),
    ],
)
def test_a_rule_whose_parameters_do_not_suit_stops_the_build(
    monkeypatch: pytest.MonkeyPatch, wrong: Rule, told: str
) -> None:
    _rule(monkeypatch, wrong)
    with pytest.raises(NotCompilable, match=f"tried, rule tried.wrong: .*{told}"):
        generate.describe("tried")


def _rule(monkeypatch: pytest.MonkeyPatch, rule: Rule) -> None:
    """Declare a rule of the model; without its check for pandera, so that SQL alone is asked for."""
    made = model()
    monkeypatch.setattr(generate, "models", lambda: {"tried": made})
    monkeypatch.setattr(generate, "declared", lambda: [Declared(rule, {}, {}, ("tried",))])
    built = compilable.read(made)
    monkeypatch.setattr(generate, "schema", lambda *_: built)
