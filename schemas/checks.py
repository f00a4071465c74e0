"""Cross-field checks for pandera, so that a declared rule can be held against its compiled SQL.

Each has the name of a kind of rule (``schemas.rules.kinds``) and takes its parameters; ``schemas.compile.CONDITIONS``
holds the SQL of the same name. ``codes`` are the codes of the fields that hold codes: any other text in them is given,
but has no value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl
from pandera import extensions
from pandera.api.polars.types import PolarsData

Codes = Mapping[str, Sequence[str]]


def _registered(*statistics: str) -> Callable[[Callable[..., pl.LazyFrame]], Callable[..., pl.LazyFrame]]:
    """Register a check with these parameters."""
    register: Callable[..., Any] = extensions.register_check_method(statistics=list(statistics))
    return register


@_registered()
def finite(data: PolarsData) -> pl.LazyFrame:
    """The number is neither infinite nor no number."""
    return data.lazyframe.select(pl.col(data.key).is_finite().fill_null(True))


def _value(name: str, codes: Codes) -> pl.Expr:
    column = pl.col(name)
    return pl.when(column.is_in(codes[name])).then(column) if name in codes else column


def _given(name: str) -> pl.Expr:
    return pl.col(name).is_not_null()


def _starts(value: pl.Expr, prefixes: Sequence[str]) -> pl.Expr:
    return pl.any_horizontal([value.str.starts_with(p) for p in prefixes])


def _applies(codes: Codes, of: str, among: Sequence[str], starting: Sequence[str] = ()) -> pl.Expr:
    if not of:
        return pl.lit(True)
    if starting:
        return _starts(_value(of, codes), starting).fill_null(False)
    return _value(of, codes).is_in(list(among)).fill_null(False) if among else _given(of)


def _unless(data: PolarsData, wrong: pl.Expr) -> pl.LazyFrame:
    return data.lazyframe.select(~wrong.fill_null(False))


@_registered("first", "second", "of", "among", "codes")
def ordered(
    data: PolarsData, *, first: str, second: str, of: str, among: Sequence[str], codes: Codes
) -> pl.LazyFrame:
    """``second`` is not less than ``first``, at the precision of the second."""
    start = pl.col(first)
    names = data.lazyframe.collect_schema().names()
    if (precision := f"{second}_precision") in names:
        known = _value(precision, codes)
        month, year = (start.dt.truncate(every) for every in ("1mo", "1y"))
        start = pl.when(known == "month").then(month).when(known == "year").then(year).otherwise(start)
    return _unless(data, _applies(codes, of, among) & (pl.col(second) < start).fill_null(False))


@_registered("first", "second", "most", "codes")
def within_days(data: PolarsData, *, first: str, second: str, most: int, codes: Codes) -> pl.LazyFrame:
    """``second`` is at most so many days after ``first``."""
    return _unless(data, (pl.col(second) - pl.col(first)).dt.total_days() > most)


@_registered("field", "day", "codes")
def not_after_edition(data: PolarsData, *, field: str, day: date, codes: Codes) -> pl.LazyFrame:
    """The date is not after that of the edition."""
    return _unless(data, pl.col(field) > day)


@_registered("field", "of", "among", "codes")
def needs(data: PolarsData, *, field: str, of: str, among: Sequence[str], codes: Codes) -> pl.LazyFrame:
    """``field`` is given where ``of`` is."""
    return _unless(data, _applies(codes, of, among) & ~_given(field))


@_registered("field", "of", "among", "codes")
def never(data: PolarsData, *, field: str, of: str, among: Sequence[str], codes: Codes) -> pl.LazyFrame:
    """``field`` is not given where ``of`` is one of the codes."""
    said = _given(field) & (pl.col(field).cast(pl.String) != "_U").fill_null(True)
    return _unless(data, said & _applies(codes, of, among))


@_registered("field", "forbidden", "of", "among", "codes")
def clash(
    data: PolarsData, *, field: str, forbidden: Sequence[str], of: str, among: Sequence[str], codes: Codes
) -> pl.LazyFrame:
    """``field`` is none of these where ``of`` is one of the codes."""
    return _unless(data, _value(field, codes).is_in(list(forbidden)) & _applies(codes, of, among))


@_registered("field", "low", "high", "of", "among", "starting", "codes")
def bounded(
    data: PolarsData,
    *,
    field: str,
    low: float | None,
    high: float | None,
    of: str,
    among: Sequence[str],
    starting: Sequence[str],
    codes: Codes,
) -> pl.LazyFrame:
    """``field`` lies between the limits where the rule applies."""
    value, outside = pl.col(field), pl.lit(False)
    if low is not None:
        outside = outside | (value < low).fill_null(False)
    if high is not None:
        outside = outside | (value > high).fill_null(False)
    return _unless(data, _applies(codes, of, among, starting) & outside)


@_registered("field", "prefixes", "allowed", "of", "among", "codes")
def starting(
    data: PolarsData,
    *,
    field: str,
    prefixes: Sequence[str],
    allowed: bool,
    of: str,
    among: Sequence[str],
    codes: Codes,
) -> pl.LazyFrame:
    """``field`` starts with one of the prefixes, or with none."""
    starts = _starts(pl.col(field), prefixes)
    return _unless(data, _applies(codes, of, among) & (~starts if allowed else starts).fill_null(False))


@_registered("field", "permitted", "codes")
def among(data: PolarsData, *, field: str, permitted: Sequence[str], codes: Codes) -> pl.LazyFrame:
    """``field`` is one of these codes."""
    return _unless(data, ~_value(field, codes).is_in(list(permitted)))


@_registered("field", "ranges", "codes")
def outside_group(
    data: PolarsData, *, field: str, ranges: Sequence[Sequence[str]], codes: Codes
) -> pl.LazyFrame:
    """``field`` lies in none of the ranges of causes."""
    value = pl.col(field)
    within = [(value.str.head(len(a)) >= a) & (value.str.head(len(b)) <= b) for a, b in ranges]
    return _unless(data, pl.any_horizontal(within))


@_registered("one", "other", "codes")
def together(data: PolarsData, *, one: str, other: str, codes: Codes) -> pl.LazyFrame:
    """Both fields are given, or neither."""
    return _unless(data, _given(one) != _given(other))


@_registered("of_fields", "codes")
def at_least_one(data: PolarsData, *, of_fields: Sequence[str], codes: Codes) -> pl.LazyFrame:
    """One of the fields is given."""
    return _unless(data, ~pl.any_horizontal([_given(f) for f in of_fields]))


@_registered("one", "other", "codes")
def different(data: PolarsData, *, one: str, other: str, codes: Codes) -> pl.LazyFrame:
    """The two fields are not equal."""
    return _unless(data, _value(one, codes) == _value(other, codes))


@_registered("one", "other", "characters", "codes")
def same_start(data: PolarsData, *, one: str, other: str, characters: int, codes: Codes) -> pl.LazyFrame:
    """The two texts have their first characters in common."""
    starts = [_value(name, codes).str.head(characters) for name in (one, other)]
    return _unless(data, starts[0] != starts[1])


@_registered("parts", "whole", "codes")
def sum_at_most(data: PolarsData, *, parts: Sequence[str], whole: str, codes: Codes) -> pl.LazyFrame:
    """The parts add up to no more than the whole."""
    added = pl.sum_horizontal([pl.col(p).cast(pl.Int64).fill_null(0) for p in parts])
    return _unless(data, added > pl.col(whole))
