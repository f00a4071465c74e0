"""``parse``: numbers with the signs of the country that wrote them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from tests.unit.sources.tried import judged, values

#: Spaces that do not break, as spreadsheets and typesetters put them.
NBSP, NARROW = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("words", "text", "made"),
    [
        ({"thousands": "."}, "1.234.567", 1234567),
        ({"thousands": "."}, "1234567", 1234567),
        ({"thousands": "."}, "12", 12),
        *[
            ({"thousands": "."}, text, None)
            for text in ("1.23", "12.34.567", "1.2345", ".123", "1,234", "1.234.", "1 234")
        ],
        ({"thousands": ","}, "1,234", 1234),
        ({"thousands": " "}, "1 234", 1234),
        ({"thousands": " "}, f"1{NBSP}234{NARROW}567", 1234567),
        ({"thousands": " "}, f"{NBSP}1 234 ", 1234),
        ({"thousands": " "}, "1  234", None),
        ({"thousands": "'"}, "1'234", 1234),
        ({"thousands": "'"}, "1\u2019234", 1234),
        ({"decimal": "."}, "34.0", 34),
        ({"decimal": "."}, "34.000", 34),
        ({"decimal": "."}, "34", 34),
        ({"decimal": ","}, "34,00", 34),
        *[
            ({"decimal": "."}, text, None)
            for text in ("34.5", "34.", "34,0", "1e3", "3_4", "NaN", "inf", "٣٤")
        ],
        ({"thousands": ".", "decimal": ","}, "1.234,00", 1234),
        ({"thousands": ".", "decimal": ","}, "1.234,50", None),
        ({"minus": "end"}, "250-", -250),
        ({"minus": "end"}, "250 -", -250),
        ({"minus": "end"}, "-250", -250),
        ({"minus": "end"}, "+250", 250),
        ({"minus": "end"}, "-250-", None),
        ({"thousands": "."}, "\u22121.250", -1250),
        ({"percent": "number"}, "12 %", 12),
        ({"times": 1000}, "7340.96", 7_340_960),
        ({"times": 1000}, "2.007", 2_007),
        ({"times": 1000}, "12", 12_000),
        ({"times": 1000, "decimal": ",", "thousands": "."}, "1.300,557", 1_300_557),
        *[({"times": 1000}, text, None) for text in ("0.1234", "1.0000000001", "7,5", "1e3", "3000000")],
        ({}, "34.0", None),
        ({}, "99999999999999999999", None),
        ({"thousands": "."}, "99999999999", None),
    ],
)
def test_whole_numbers_with_the_signs_of_a_country(
    words: dict[str, Any], text: str, made: int | None
) -> None:
    assert judged({"parse": "integer", "from": "a", **words}, text, field="count") == [(made, True)]


@pytest.mark.parametrize(
    ("words", "text", "made"),
    [
        ({"thousands": ".", "decimal": ","}, "1.234,5", 1234.5),
        ({"thousands": ".", "decimal": ","}, "-99,125", -99.125),
        ({"thousands": ",", "decimal": "."}, "1,234.5", 1234.5),
        ({"thousands": " ", "decimal": ","}, f"1{NBSP}234,5", 1234.5),
        ({"decimal": ","}, "1.234,5", None),
        ({"thousands": ".", "decimal": ","}, "1.5,5", None),
        ({"decimal": ",", "percent": "number"}, "12,5 %", 12.5),
        ({"decimal": ",", "percent": "number"}, "12,5", 12.5),
        ({"decimal": ",", "percent": "share"}, f"12,5{NBSP}%", 0.125),
        ({"decimal": ",", "minus": "end"}, "12,5-", -12.5),
        *[({"decimal": ","}, text, None) for text in ("1e2", "nan", "infinity", "5,", ",5", "1,2,3", "%")],
        ({"decimal": ","}, "9" * 400, None),
    ],
)
def test_decimals_with_the_signs_of_a_country(words: dict[str, Any], text: str, made: float | None) -> None:
    assert judged({"parse": "decimal", "from": "a", **words}, text, field="longitude") == [(made, True)]


@drawn(st.integers(-(10**9), 10**9), st.sampled_from([".", ",", " ", "'"]))
def test_every_whole_number_is_read_back(number: int, sign: str) -> None:
    written = f"{number:,}".replace(",", sign)
    assert values({"parse": "integer", "from": "a", "thousands": sign}, written, field="count") == [number]
