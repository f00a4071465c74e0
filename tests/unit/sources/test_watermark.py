"""Values of a watermark survive being written down, and days find their slices."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import Misuse
from sources.kit.fetching import watermark
from sources.kit.fetching.watermark import Mark

DAY = dt.timedelta(days=1)
MARCH = dt.date(2024, 3, 1)


@given(
    st.one_of(
        st.integers(), st.text(), st.dates(), st.datetimes(timezones=st.just(dt.UTC)), st.datetimes(),
        st.decimals(allow_nan=False, allow_infinity=False),
    )
)  # fmt: skip
def test_a_value_comes_back_as_it_was(value: Any) -> None:
    mark = Mark.of(value, "changed")
    again = Mark.parse(mark.kind, mark.text())
    assert again == mark
    assert type(again.value) is type(value)


@pytest.mark.parametrize("value", [True, 1.5, b"x", None, dt.time(1)])
def test_what_has_no_lasting_order_is_no_watermark(value: object) -> None:
    with pytest.raises(Misuse, match="the column changed is no watermark"):
        Mark.of(value, "changed")


@pytest.mark.parametrize(
    ("value", "overlap", "asked"),
    [
        (10, None, 10),
        (10, 3, 7),
        (Decimal("10.5"), 3, Decimal("7.5")),
        ("abc", None, "abc"),
        ("2024-03-01 10:00:00", DAY, "2024-02-29 10:00:00"),
        ("2024-03-01T10:00:00", DAY, "2024-02-29T10:00:00"),
        ("2024-03-01T10:00:00.500000", DAY, "2024-02-29T10:00:00.500000"),
        ("2024-03-01", None, "2024-03-01"),
        ("2024-03-01", 2 * DAY, "2024-02-28"),
        (MARCH, None, MARCH),
        (MARCH, dt.timedelta(hours=6), dt.date(2024, 2, 29)),
        (MARCH, dt.timedelta(hours=30), dt.date(2024, 2, 28)),
        (dt.datetime(2024, 3, 1, tzinfo=dt.UTC), dt.timedelta(hours=1), dt.datetime(2024, 2, 29, 23, tzinfo=dt.UTC)),
    ],
)  # fmt: skip
def test_where_the_next_question_begins(value: Any, overlap: Any, asked: Any) -> None:
    assert Mark.of(value, "c").back(overlap).value == asked


@pytest.mark.parametrize(
    ("value", "overlap"), [(10, DAY), (dt.datetime(2024, 3, 1, tzinfo=dt.UTC), 5), ("abc", DAY), ("abc", 5)]
)
def test_an_overlap_that_does_not_fit_is_told(value: Any, overlap: Any) -> None:
    with pytest.raises(Misuse, match="the overlap does not fit"):
        Mark.of(value, "c").back(overlap)


@pytest.mark.parametrize(
    ("period", "wanted"),
    [
        ("month", [("2023-12-01", "2024-02-01"), ("2024-03-01", "2024-04-01")]),
        ("year", [("2023-01-01", "2025-01-01")]),
    ],
)
def test_days_and_their_slices(period: str, wanted: list[tuple[str, str]]) -> None:
    days = [dt.date(2024, 3, 31), dt.date(2023, 12, 5), dt.date(2024, 1, 1), dt.date(2023, 12, 31)]
    found = [(a.isoformat(), b.isoformat()) for a, b in watermark.slices(days, period)]
    assert found == wanted


@given(
    st.lists(st.dates(min_value=dt.date(1990, 1, 1), max_value=dt.date(2030, 12, 31))),
    st.sampled_from(["month", "year"]),
)
def test_every_day_is_in_one_slice_and_slices_do_not_touch(days: list[dt.date], period: str) -> None:
    found = watermark.slices(days, period)
    assert all(sum(first <= day < end for first, end in found) == 1 for day in days)
    assert all(found[i][1] < found[i + 1][0] for i in range(len(found) - 1))


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2024-03-31", dt.date(2024, 3, 31)),
        ("2024-03-31T23:59:00-05:00", dt.date(2024, 3, 31)),
        (dt.datetime(2024, 3, 31, 23, tzinfo=dt.timezone(-5 * dt.timedelta(hours=1))), dt.date(2024, 4, 1)),
        (dt.datetime.fromisoformat("2024-03-31T23:00"), dt.date(2024, 3, 31)),
    ],
)
def test_the_day_of_a_value(value: object, day: dt.date) -> None:
    assert watermark.day_of(value, "day") == day
    bound = watermark.bound(day, value)
    assert type(bound) is type(value)
    assert str(bound)[:10] == day.isoformat()


def test_an_instant_is_a_day_of_the_zone_in_which_it_counts() -> None:
    bogota = ZoneInfo("America/Bogota")
    evening = dt.datetime(2024, 2, 1, 3, 30, tzinfo=dt.UTC)
    assert watermark.day_of(evening, "at", bogota) == dt.date(2024, 1, 31)
    first = watermark.bound(dt.date(2024, 2, 1), evening, bogota)
    assert first == dt.datetime(2024, 2, 1, 5, tzinfo=dt.UTC)
    assert watermark.day_of("2024-02-01", "at", bogota) == dt.date(2024, 2, 1)
    with pytest.raises(Misuse, match="does not say to which slices"):
        watermark.day_of("2024-02-01T03:30:00Z", "at", bogota)


@pytest.mark.parametrize("value", ["31/03/2024", "", "2024", 20240331, 1.0])
def test_what_is_no_date_is_told_without_its_value(value: object) -> None:
    with pytest.raises(Misuse, match="not all of its values are dates") as told:
        watermark.day_of(value, "day")
    assert str(value) not in told.value.text().replace("2024-03-31", "") or value in ("", "2024")
