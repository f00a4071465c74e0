"""Rules on a whole delivery: their SQL counts what a count in Python counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from typing import Any

import duckdb
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import compile_delivery, record_type
from schemas.rules import Rule
from schemas.rules.explaining import declared

QUICK = settings(max_examples=25)
DECLARED = {one.rule.code: one.rule for one in declared()}
DAYS = st.sampled_from([None, date(2024, 1, 1), date(2024, 1, 2), date(2024, 2, 1), date(2024, 3, 1)])


def counted(rule: Rule, frame: pl.DataFrame) -> tuple[int, int]:
    """Judged and broken, by the rule's SQL."""
    with duckdb.connect() as connection:
        connection.register("frame", frame.with_row_index("row_number", offset=1).to_arrow())
        found = connection.execute(compile_delivery.counts(rule, "FROM frame", frame.height)).fetchone()
        assert found is not None
        if rule.parameters.get("hits") in compile_delivery.HITS:
            assert (
                connection.execute(compile_delivery.heaped_shares([rule], "FROM frame")).fetchone() == found
            )
        return found


def rows(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(st.fixed_dictionaries(fields), max_size=40)


def frame(records: list[dict[str, Any]], **types: Any) -> pl.DataFrame:
    return pl.DataFrame(records, schema=types)


def share(records: list[dict[str, Any]], judged: Any, hit: Any) -> tuple[int, int]:
    able = [r for r in records if judged(r)]
    return len(able), sum(1 for r in able if hit(r))


@QUICK
@given(
    rows(
        occurrence_hour=st.sampled_from([None, 0, 1, 13, 23]),
        occurrence_date_precision=st.sampled_from([None, "day", "month", "year"]),
    )
)
def test_midnight_is_judged_where_the_day_is_known(records: list[dict[str, Any]]) -> None:
    table = frame(records, occurrence_hour=pl.UInt8, occurrence_date_precision=pl.String)
    assert counted(DECLARED["occurrence_hour.heaped_at_midnight"], table) == share(
        records,
        lambda r: r["occurrence_hour"] is not None and r["occurrence_date_precision"] in (None, "day"),
        lambda r: r["occurrence_hour"] == 0,
    )


@QUICK
@given(
    st.lists(
        st.tuples(st.sampled_from([None, "a", "b", "c"]), st.integers(0, 120), st.integers(0, 60)), max_size=8
    )
)
def test_heaps_within_units(units: list[tuple[str | None, int, int]]) -> None:
    """Units with fifty records, and more at midnight than tolerated and than chance gives; others are left out."""
    rule = DECLARED["occurrence_hour.heaped_at_midnight_in_units"]
    totals: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    records = []
    for name, others, at_midnight in units:
        records += [{"unit": name, "occurrence_hour": h} for h in [0] * at_midnight + [13] * others]
        if name:
            totals[name][0] += others + at_midnight
            totals[name][1] += at_midnight
    table = frame(records, unit=pl.String, occurrence_hour=pl.UInt8).with_columns(
        occurrence_date_precision=pl.lit(None, pl.String)
    )
    large = {name: (n, hits) for name, (n, hits) in totals.items() if n >= 50}
    heaped = {name for name, (n, hits) in large.items() if hits > 0.1 * n + 3 * (0.09 * n) ** 0.5}
    with duckdb.connect() as connection:
        connection.register("frame", table.to_arrow())
        found = connection.execute(
            compile_delivery.heaped_in_units([rule], "FROM frame", "unit", 1)
        ).fetchone()
    assert found == (sum(n for n, _ in large.values()), sum(large[name][1] for name in heaped))


def test_points_of_many_stations_are_told() -> None:
    """Sixty points with 1% of the records each are no heap at one point, and together they are."""
    one, several = (DECLARED[f"longitude.heaped_at_{n}"] for n in ("one_point", "several_points"))
    records = [{"longitude": float(i % 60), "latitude": 19.4} for i in range(600)]
    records += [{"longitude": i / 7, "latitude": 20.0} for i in range(400)]
    nothing = pl.lit(None, pl.String).alias("geocode_method")
    table = frame(records, longitude=pl.Float64, latitude=pl.Float64).with_columns(nothing)
    assert counted(one, table) == (1000, 10)
    assert not compile_delivery.exceeded(one, 1000, 10)
    assert counted(several, table) == (1000, 600)
    assert compile_delivery.exceeded(several, 1000, 600)
    apart = frame(
        [{"longitude": i / 7, "latitude": 1.0} for i in range(1000)],
        longitude=pl.Float64,
        latitude=pl.Float64,
    ).with_columns(nothing)
    assert counted(several, apart) == (1000, 0)


@QUICK
@given(rows(step_date=DAYS, step_date_precision=st.sampled_from([None, "day", "month", "year"])))
def test_first_of_the_month_is_judged_where_the_day_is_known(records: list[dict[str, Any]]) -> None:
    found = counted(
        DECLARED["step_date.heaped_on_first"],
        frame(records, step_date=pl.Date, step_date_precision=pl.String),
    )
    able = [r for r in records if r["step_date"] and r["step_date_precision"] in (None, "day")]
    assert found == (len(able), sum(r["step_date"].day == 1 for r in able))


@QUICK
@given(rows(age_years=st.sampled_from([None, 0, 7, 20, 21, 30, 98, 99])))
def test_ages(records: list[dict[str, Any]]) -> None:
    ages, table = (
        [r["age_years"] for r in records if r["age_years"] is not None],
        frame(records, age_years=pl.Int16),
    )
    adult = [a for a in ages if a >= 20]
    assert counted(DECLARED["age_years.heaped_at_zero"], table) == (len(ages), ages.count(0))
    assert counted(DECLARED["age_years.heaped_at_99"], table) == (len(ages), ages.count(98) + ages.count(99))
    assert counted(DECLARED["age_years.heaped_on_tens"], table) == (
        len(adult),
        sum(a % 10 == 0 for a in adult),
    )
    assert counted(DECLARED["age_years.often_unknown"], table) == (len(records), len(records) - len(ages))


POINT = st.sampled_from([None, 0.0, -99.1, 19.4, 2.5])


@QUICK
@given(rows(longitude=POINT, latitude=POINT, geocode_method=st.sampled_from([None, "device", "station"])))
def test_points(records: list[dict[str, Any]]) -> None:
    table = frame(records, longitude=pl.Float64, latitude=pl.Float64, geocode_method=pl.String)
    pairs = [(r["longitude"], r["latitude"]) for r in records]
    whole = [p for p in pairs if None not in p]
    told = [
        (r["longitude"], r["latitude"])
        for r in records
        if r["geocode_method"] not in ("station", "area_centroid")
    ]
    found = [p for p in told if None not in p]
    some = [p for p in pairs if p != (None, None)]
    most = max(Counter(found).values(), default=0)
    assert counted(DECLARED["longitude.heaped_at_zero"], table) == (len(whole), whole.count((0.0, 0.0)))
    assert counted(DECLARED["longitude.half_given"], table) == (len(some), sum(None in p for p in some))
    assert counted(DECLARED["longitude.heaped_at_one_point"], table) == (len(found), most)


def test_of_a_great_delivery_a_part_is_looked_at() -> None:
    rule = DECLARED["longitude.heaped_at_one_point"]
    records = """SELECT i + 1 AS row_number, CASE WHEN i % 10 < 3 THEN 1.0 ELSE i / 7 END AS longitude,
        19.4 AS latitude, NULL AS geocode_method FROM range(1000000) AS t(i)"""
    with duckdb.connect() as connection:
        judged, broken = connection.execute(compile_delivery.counts(rule, records, 1_000_000)).fetchone() or (
            0,
            0,
        )
    assert 98_000 < judged < 102_000
    assert 0.29 < broken / judged < 0.31


@QUICK
@given(rows(sex=st.sampled_from([None, "F", "M", "_U"])))
def test_unknown(records: list[dict[str, Any]]) -> None:
    found = counted(DECLARED["sex.often_unknown"], frame(records, sex=pl.String))
    assert found == (len(records), sum(r["sex"] in (None, "_U") for r in records))


@QUICK
@given(rows(cause_from=st.sampled_from([None, "X95", "X954", "I21", "V01", "W009"])))
def test_short_causes(records: list[dict[str, Any]]) -> None:
    external = [r["cause_from"] for r in records if r["cause_from"] and r["cause_from"][0] in "VWXY"]
    found = counted(DECLARED["cause_from.three_characters"], frame(records, cause_from=pl.String))
    assert found == (len(external), sum(len(c) == 3 for c in external))


CODED = st.sampled_from([None, "R99", "R54", "I219", "X954", "X59", "X590", "Y10", "Y872", "Y871", "V899"])


@QUICK
@given(rows(cause_from=CODED))
def test_causes_of_poor_quality(records: list[dict[str, Any]]) -> None:
    table = frame(records, cause_from=pl.String)
    coded = [r["cause_from"] for r in records if r["cause_from"]]
    external = [c for c in coded if c[0] in "VWXY"]
    assert counted(DECLARED["cause_from.often_ill_defined"], table) == (
        len(coded),
        sum(c[0] == "R" for c in coded),
    )
    assert counted(DECLARED["cause_from.often_undetermined"], table) == (
        len(external),
        sum(c in ("X59", "X590", "Y10", "Y872") for c in external),
    )


TEXT = st.sampled_from([None, "a", "b"])


@QUICK
@given(rows(area_code=TEXT, boundary_version=TEXT, valid_from=DAYS))
def test_repetitions(records: list[dict[str, Any]]) -> None:
    table = frame(records, area_code=pl.String, boundary_version=pl.String, valid_from=pl.Date)
    times = Counter((r["area_code"], r["boundary_version"], r["valid_from"]) for r in records)
    found = counted(DECLARED["area_code.repeated"], table)
    assert found == (len(records), sum(n for n in times.values() if n > 1))


SHARES = st.sampled_from([0.0, 0.25, 0.5, 1.0])


@QUICK
@given(rows(from_code=TEXT, from_version=TEXT, to_version=TEXT, share=SHARES))
def test_shares_add_up(records: list[dict[str, Any]]) -> None:
    table = frame(
        records, from_code=pl.String, from_version=pl.String, to_version=pl.String, share=pl.Float64
    )
    groups = defaultdict(list)
    for r in records:
        groups[r["from_code"], r["from_version"], r["to_version"]].append(r["share"])
    wrong = sum(len(g) for g in groups.values() if abs(sum(g) - 1) > 0.001)
    assert counted(DECLARED["share.not_one"], table) == (len(records), wrong)


@QUICK
@given(st.integers(0, 60), st.booleans())
def test_weights_that_are_all_one(n: int, other: bool) -> None:
    weights = [1.0] * n + [1.5] * other
    found = counted(
        DECLARED["weight.all_one"], pl.DataFrame({"weight": weights}, schema={"weight": pl.Float64})
    )
    assert found == (len(weights), n if n >= 30 and not other else 0)


@QUICK
@given(rows(sex=st.sampled_from(["_T", "F", "M", None]), count=st.integers(0, 3), vintage=TEXT))
def test_totals_and_their_parts(records: list[dict[str, Any]]) -> None:
    rule = DECLARED["sex.total_differs"]
    others = {f: pl.lit(None) for f in rule.parameters["by"] if f != "vintage"}
    table = frame(records, sex=pl.String, count=pl.Int64, vintage=pl.String).with_columns(**others)
    judged = broken = 0
    for vintage in {r["vintage"] for r in records}:
        of_it = [r for r in records if r["vintage"] == vintage]
        totals = [r["count"] for r in of_it if r["sex"] == "_T"]
        parts = [r["count"] for r in of_it if r["sex"] in ("F", "M")]
        if len(totals) == 1 and len(parts) > 1:
            judged, broken = judged + 1, broken + (totals[0] != sum(parts))
    assert counted(rule, table) == (judged, broken)


STEPS = st.sampled_from(["opened", "charged", "tried", "convicted", "sentenced", "appealed", None])


@QUICK
@given(
    rows(
        step=STEPS,
        step_date=DAYS,
        step_date_precision=st.sampled_from(["day", "day", "month", None]),
        case_ref=st.sampled_from([None, 1, 2]),
        person_ref=st.sampled_from([None, 1, 2]),
    ),
    st.booleans(),
)
def test_steps_out_of_sequence(records: list[dict[str, Any]], with_person: bool) -> None:
    rule = DECLARED["step_date.before_charge"]
    present = {"case_ref", *(["person_ref"] if with_person else [])}
    by = [f for f in rule.parameters["by"] if f in present]
    precise = [
        (i, r)
        for i, r in enumerate(records)
        if r["case_ref"] is not None and r["step_date_precision"] in ("day", None)
    ]
    first: dict[tuple[Any, ...], date] = {}
    for _, r in precise:
        if r["step"] == "charged" and r["step_date"]:
            key = tuple(r[f] for f in by)
            first[key] = min(first.get(key, date.max), r["step_date"])
    wrong = {
        i
        for i, r in precise
        if r["step"] in rule.parameters["later"]
        and r["step_date"]
        and r["step_date"] < first.get(tuple(r[f] for f in by), date.min)
    }
    table = frame(
        records,
        step=pl.String,
        step_date=pl.Date,
        step_date_precision=pl.String,
        case_ref=pl.Int64,
        person_ref=pl.Int64,
    ).with_row_index("row_id")
    with duckdb.connect() as connection:
        connection.register("frame", table.to_arrow())
        query = compile_delivery.out_of_sequence(rule, "FROM frame", present)
        assert {i for (i,) in connection.execute(query).fetchall()} == wrong


def test_what_is_tolerated() -> None:
    rule = DECLARED["occurrence_hour.heaped_at_midnight"]
    assert rule.parameters["tolerated"] == 0.10
    assert not compile_delivery.exceeded(rule, 29, 29)
    assert not compile_delivery.exceeded(rule, 100, 10)
    assert compile_delivery.exceeded(rule, 100, 11)
    assert compile_delivery.exceeded(DECLARED["area_code.repeated"], 10, 2)
    assert not compile_delivery.exceeded(DECLARED["area_code.repeated"], 10, 0)


def test_every_rule_on_a_delivery_runs_over_every_record_type_that_has_it() -> None:
    for name in record_type.names():
        kind = record_type.load(name)
        with duckdb.connect() as connection:
            columns = ", ".join(f'"{f.name}" {"VARCHAR" if f.codelist else f.sql_type}' for f in kind.fields)
            connection.execute(f"CREATE TABLE record (row_number BIGINT, row_id BIGINT, {columns})")
            for rule in kind.rules:
                if rule.kind == "sequence":
                    found = connection.execute(
                        compile_delivery.out_of_sequence(rule, "FROM record", rule.fields)
                    )
                    assert found.fetchall() == []
                elif rule.scope == "delivery":
                    assert connection.execute(compile_delivery.counts(rule, "FROM record", 0)).fetchone() == (
                        0,
                        0,
                    )
