"""Limits of counts: the fixtures of the domain standards (section 7), and the SQL against the formula."""

from __future__ import annotations

import duckdb
import pytest

from indicators.methods import intervals

#: count: exact lower, upper; Byar lower, upper.
FIXTURES = {
    0: (0.0, 3.6889, 0.0, 3.6680),
    1: (0.0253, 5.5716, 0.0131, 5.5638),
    3: (0.6187, 8.7673, 0.6030, 8.7654),
    5: (1.6235, 11.6683, 1.6113, 11.6682),
    10: (4.7954, 18.3904, 4.7874, 18.3915),
    20: (12.2165, 30.8884, 12.2114, 30.8899),
    50: (37.1110, 65.9188, 37.1081, 65.9202),
    100: (81.3640, 121.6268, 81.3621, 121.6279),
}


@pytest.mark.parametrize("count", FIXTURES)
def test_limits_of_the_fixtures(count: int) -> None:
    exact_lower, exact_upper, byar_lower, byar_upper = FIXTURES[count]
    assert [round(v, 4) for v in intervals.garwood(count)] == [exact_lower, exact_upper]
    assert [round(v, 4) for v in intervals.byar(count)] == [byar_lower, byar_upper]


def test_sql_takes_the_exact_limits_below_ten_and_byar_from_ten_on() -> None:
    counts = [*range(25), 99, 1000, 30444, 2_000_000]
    found = duckdb.sql(
        f"SELECT k, {intervals.lower_sql('k')}, {intervals.upper_sql('k')}, {intervals.method_sql('k')} "
        f"FROM (SELECT unnest({counts})::BIGINT AS k)"
    ).fetchall()
    assert len(found) == len(counts)
    for k, lower, upper, method in found:
        expected = intervals.garwood(k) if k < 10 else intervals.byar(k)
        assert (lower, upper) == pytest.approx(expected, rel=1e-12)
        assert method == ("exact_poisson" if k < 10 else "byar")


def test_sql_of_an_unknown_count_is_null() -> None:
    query = f"SELECT {intervals.lower_sql('k')}, {intervals.upper_sql('k')} FROM (SELECT NULL::BIGINT AS k)"
    assert duckdb.sql(query).fetchone() == (None, None)
