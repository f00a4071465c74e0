"""Ranges of causes: what lies wholly within a group, and how it is told."""

from __future__ import annotations

import duckdb
import pytest

from indicators import causes
from schemas.errors import Misuse


@pytest.mark.parametrize(
    ("first", "last", "within"),
    [
        ("X85", "X85", True),
        ("X859", None, True),
        ("Y099", "Y099", True),
        ("X85", "Y09", True),
        ("X84", "Y09", False),
        ("X85", "Y10", False),
        ("Y871", "Y871", True),
        ("Y87", "Y87", False),
        ("Y872", "Y872", False),
        ("Y350", "Y350", False),
        ("X849", "X849", False),
    ],
)
def test_assault(first: str, last: str | None, within: bool) -> None:
    condition = causes.within_sql(["assault"], "f", "l")
    stated = f"SELECT '{first}' AS f, {'NULL' if last is None else repr(last)}::VARCHAR AS l"
    assert duckdb.sql(f"SELECT {condition} FROM ({stated})").fetchone() == (within,)


def test_words() -> None:
    assert causes.words("assault") == "assault (X85-Y09, Y87.1)"
    with pytest.raises(Misuse, match="no code 'homicide'"):
        causes.words("homicide")
