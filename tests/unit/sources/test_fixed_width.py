"""Text with columns at fixed places: what stands where, lines of another length, and wrong declarations."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from sources.kit.specification import Layout
from tests.unit.sources.reading import Desk, layout, reading

__all__ = ["reading"]

FIELDS = {"a": {"start": 1, "width": 3}, "b": {"start": 5, "end": 6}}


def fixed(**words: Any) -> Layout:
    return layout(format="fixed_width", **{"fields": FIELDS, **words})


def test_what_stands_where(reading: Desk) -> None:
    assert reading.rows("abc-12\n é -  \n'x\"-01\n", fixed()) == [
        (1, "abc", "12"),
        (2, "é", None),
        (3, "'x\"", "01"),
    ]


def test_columns_may_overlap_and_lines_go_on_behind_them(reading: Desk) -> None:
    fields = {"a": {"start": 1, "width": 5}, "b": {"start": 1, "width": 2}}
    declared = fixed(fields=fields, line_length=8)
    assert reading.rows("01001xyz\n02002   \n", declared) == [(1, "01001", "01"), (2, "02002", "02")]


def test_places_in_bytes(reading: Desk) -> None:
    declared = fixed(positions="bytes")
    assert reading.rows("é -12\nabc-34\n", declared) == [(1, "é", "12"), (2, "abc", "34")]
    # a place that cuts a letter in two holds nothing that could be read
    assert reading.rows("abé34\nabc-34\n", declared) == [(1, None, "34"), (2, "abc", "34")]


def test_lines_of_another_length(reading: Desk) -> None:
    lines = ["abc-12", "abc-1", "", "abc-123", "abc-56"]
    for end in ("\n", "\r\n"):
        found, rows = reading.read(end.join(lines) + end, fixed())
        assert rows == [(1, "abc", "12"), (4, "abc", "56")]
        assert found.rows_delivered == 4
        assert found.unreadable == ((2, 6 + len(end)), (3, 11 + 3 * len(end)))
    assert reading.rows("abc-12\nabc-1\nab\n", fixed(short_rows=True)) == [
        (1, "abc", "12"),
        (2, "abc", "1"),
        (3, "ab", None),
    ]


def test_most_lines_are_of_another_length(reading: Desk) -> None:
    error = reading.refused("abc--12\n" * 5 + "abc-12\n", "header_drift", fixed())
    assert "most lines have 7 characters, where the declared columns take 6" in error.what
    error = reading.refused("éé-12\n" * 3, "header_drift", fixed(positions="bytes"))
    assert "7 bytes" in error.what


def test_the_last_line_is_cut(reading: Desk) -> None:
    assert reading.refused("abc-12\nabc-34\nabc", "last_line_cut", fixed()).where.endswith("record 3")


def test_titles_and_footers(reading: Desk) -> None:
    text = "Policía\n\n2024-08\nabc-12\nabc-34\n\nTotal: 2\nFuente\n"
    found, rows = reading.read(text, fixed(skip=3, footer=["Total"]))
    assert [b for _, _, b in rows] == ["12", "34"]
    assert found.surroundings == ("Policía", "", "2024-08", "Total: 2", "Fuente")


def test_files_that_are_none(reading: Desk) -> None:
    assert "no records" in reading.refused("\n\n", "empty_file", fixed()).what
    reading.refused("<!DOCTYPE html>", "html_page", fixed())
    reading.refused(b"PAR1" + bytes(50), "other_format", fixed())
    reading.refused("abc-ñ2\n".encode("latin-1"), "wrong_encoding", fixed())
    reading.refused("abc-12\nabc-12\r\nabc-12\n", "broken_structure", fixed())


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"fields": {"a": {"start": 1, "width": 2}}}, "'b' is missing under file: fields"),
        ({"fields": {**FIELDS, "c": {"start": 1, "width": 2}}}, "'c' is missing under columns"),
        ({"fields": {**FIELDS, "b": {"start": 1}}}, "both of width and end"),
        ({"fields": {**FIELDS, "b": {"start": 1, "width": 1, "end": 1}}}, "both of width and end"),
        ({"fields": {**FIELDS, "b": {"start": 5, "end": 4}}}, "before it starts"),
        ({"fields": {**FIELDS, "b": {"start": 0, "width": 4}}}, "greater than or equal to 1"),
        ({"line_length": 5}, "behind line_length"),
        ({"positions": "bytes", "encoding": "utf-16"}, "positions: characters"),
    ],
)
def test_wrong_declarations(words: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        fixed(**words)
