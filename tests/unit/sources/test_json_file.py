"""JSON and NDJSON: where the records stand, what of them is read, and what is refused."""

from __future__ import annotations

import json

import pytest

from tests.unit.sources.reading import Desk, layout, reading

__all__ = ["reading"]

LIST, LINES = layout(format="json"), layout(format="ndjson")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("null", None),
        ('""', ""),
        ('"3.0"', "3.0"),
        ("3.0", "3"),
        ("3.50", "3.5"),
        ("-7", "-7"),
        ("1e3", "1000"),
        ("12345678901234567890", "12345678901234567890"),
        ("true", "true"),
        ('"01001"', "01001"),
        (r'"a\"b\\c\u00e9\n"', 'a"b\\cé\n'),
        ('"null"', "null"),
        ('["x",1]', '["x",1]'),
        ('{"k":1}', '{"k":1}'),
    ],
)
def test_values_as_a_person_reads_them(reading: Desk, value: str, text: str | None) -> None:
    assert reading.rows(f'[{{"a": {value}, "b": "x"}}]', LIST) == [(1, text, "x")]
    assert reading.rows(f'{{"b": "x", "a": {value}}}\n', LINES) == [(1, text, "x")]


def test_keys_within_objects(reading: Desk) -> None:
    declared = layout("a", "v.sex", "v.age.years", "x.y", format="json")
    records = [
        {"a": 1, "v": {"sex": "M", "age": {"years": 30}}, "x.y": "p"},
        {"a": 2, "v": None, "x.y": "q"},
        {"a": 3, "v": {"sex": "F"}},
    ]
    assert reading.rows(json.dumps(records), declared) == [
        (1, "1", "M", "30", "p"),
        (2, "2", None, None, "q"),
        (3, "3", "F", None, None),
    ]
    more = [*records, {"a": 4, "v": {"sex": "F", "name": "Juana"}}]
    error = reading.refused(json.dumps(more), "header_drift", declared)
    assert "not shown because it may be a value: a key of record 4" in error.what
    assert "Juana" not in str(error)


def test_a_key_that_only_a_late_record_has_is_told(reading: Desk) -> None:
    records = [{"a": 1, "b": 2}] * 30_000 + [{"a": 1, "b": 2, "c": 3}]
    for content, declared in (
        (json.dumps(records), LIST),
        ("".join(json.dumps(r) + "\n" for r in records), LINES),
    ):
        assert "a key of record 30001)" in reading.refused(content, "header_drift", declared).what


def test_the_order_of_many_records(reading: Desk) -> None:
    records = [{"a": i, "b": "x" * (i % 50)} for i in range(50_000)]
    for content, declared in (
        (json.dumps(records), LIST),
        ("".join(json.dumps(r) + "\n" for r in records), LINES),
    ):
        assert [(n, a) for n, a, _ in reading.rows(content, declared)] == [
            (i + 1, str(i)) for i in range(50_000)
        ]


def test_a_list_under_a_path(reading: Desk) -> None:
    records = [{"a": '} ] , "items": [', "b": [[1], {"items": [2]}]}, {"a": "2", "b": None}]
    document = {
        "items": {"data": [3]},
        "data": {"n": [1, {"items": [9]}], "x": {"items": [8]}, "items": records},
    }
    found = reading.rows(json.dumps(document, indent=1), layout(format="json", records="data.items"))
    assert found == [(1, '} ] , "items": [', '[[1],{"items":[2]}]'), (2, "2", None)]
    dotted = layout(format="json", records=["a.b", "c"])
    assert reading.rows(json.dumps({"a.b": {"c": records}}), dotted) == found


@pytest.mark.parametrize(
    "document",
    [
        '{"data": {"item": [{"a": 1, "b": 2}]}}',
        '{"data": {"items": {"a": 1, "b": 2}}}',
        '{"data": [{"items": [{"a": 1, "b": 2}]}]}',
        '{"data": {"x": 1}, "items": [{"a": 1, "b": 2}]}',
        '[{"a": 1, "b": 2}]',
        '{"data": "items"}',
        "a,b\n1,2\n",
    ],
)
def test_no_list_under_the_path(reading: Desk, document: str) -> None:
    error = reading.refused(document, "no_records_path", layout(format="json", records="data.items"))
    assert "'data.items'" in error.what


def test_no_list(reading: Desk) -> None:
    assert "file: records" in reading.refused('{"data": [{"a": 1, "b": 2}]}', "no_records_path", LIST).how
    reading.refused("a,b\n1,2\n", "no_records_path", LIST)


@pytest.mark.parametrize("end", ['[{"a":1,"b":2},', '[{"a":1,"b":2}', '[{"a":1,"b":2},{"a":', "["])
def test_a_list_that_is_cut(reading: Desk, end: str) -> None:
    assert "cut" in reading.refused(end, "last_line_cut", LIST).what
    within = layout(format="json", records="data")
    assert "cut" in reading.refused('{"data": ' + end, "last_line_cut", within).what


@pytest.mark.parametrize(
    "text", ['[{"a":1,"b":Juan}]', '[{"a":1,"b":2}]]', '[{"a":1 "b":2}]', '[{"a":1,"b":2},]x]']
)
def test_a_broken_list(reading: Desk, text: str) -> None:
    error = reading.refused(text, "broken_structure", LIST)
    assert "not well formed" in error.what
    assert "Juan" not in str(error)


def test_ragged_records(reading: Desk) -> None:
    error = reading.refused('[{"a":1,"b":2},["Juan",2]]', "ragged_json", LIST)
    assert error.where.endswith("record 2")
    assert "Juan" not in str(error)
    assert reading.refused('[{"a":1,"b":2}, 7]', "ragged_json", LIST).where.endswith("record 2")
    inner = layout("a", "v.sex", format="json")
    error = reading.refused('[{"a":1,"v":{"sex":"M"}},{"a":2,"v":"Juan"}]', "ragged_json", inner)
    assert error.where.endswith("record 2")
    assert "'v' is no object" in error.what


@pytest.mark.parametrize("text", ["[]", "[ ]\n", " [\n]"])
def test_no_records(reading: Desk, text: str) -> None:
    assert "no records" in reading.refused(text, "empty_file", LIST).what


def test_lines_that_are_no_records_are_counted(reading: Desk) -> None:
    lines = ['{"a":1,"b":"ñ"}', '{"a":2,"b":', "", "[1,2]", '{"a":4,"b":2}', "Juan", '{"a":6,"b":3}']
    for end in ("\n", "\r\n"):
        content = end.join(lines) + end
        found, rows = reading.read(content, LINES)
        assert rows == [(1, "1", "ñ"), (4, "4", "2"), (6, "6", "3")]
        assert found.rows_delivered == 6
        assert [n for n, _ in found.unreadable] == [2, 3, 5]
        assert [content.encode()[at:].split(end.encode())[0].decode() for _, at in found.unreadable] == [
            lines[1],
            lines[3],
            lines[5],
        ]


def test_the_last_line_is_cut(reading: Desk) -> None:
    error = reading.refused('{"a":1,"b":2}\n{"a":1,"b"', "last_line_cut", LINES)
    assert error.where.endswith("record 2")


def test_lines_of_several_ends(reading: Desk) -> None:
    text = '{"a":1,"b":2}\n{"a":1,"b":2}\r\n{"a":1,"b":2}\n'
    assert "do not end alike" in reading.refused(text, "broken_structure", LINES).what


def test_other_kinds_of_file(reading: Desk) -> None:
    for declared in (LIST, LINES):
        assert "web page" in reading.refused("<!DOCTYPE html><html>", "html_page", declared).what
        assert "Parquet" in reading.refused(b"PAR1" + bytes(50), "other_format", declared).what
        reading.refused('[{"a":1,"b":"ñ"}]'.encode("latin-1"), "wrong_encoding", declared)


def test_a_key_that_may_be_a_value_is_told_by_its_record(reading: Desk) -> None:
    good = {"a": 1, "b": 2}
    for key in (
        "Ana Qznombre",
        "Qznombre",
        "BOXW310820HNERXN09",
        "ana@qz.example",
        "2024-01-01",
        "x" * 61,
    ):
        records = [good, good, good | {key: {"edad": 30}}, good]
        for text, declared in ((json.dumps(records), LIST), ("\n".join(map(json.dumps, records)), LINES)):
            refusal = reading.refused(text, "header_drift", declared)
            assert refusal.what.endswith("because it may be a value: a key of record 3)"), refusal.what
            assert key not in str(refusal)
            assert refusal.details == {"missing": [], "added": []}


def test_a_key_that_most_records_have_and_that_is_one_word_is_shown(reading: Desk) -> None:
    new = {"a": 1, "b": 2, "año_hecho": 3}
    refusal = reading.refused(json.dumps([new, new, {"a": 1, "b": 2}]), "header_drift", LIST)
    assert refusal.what.endswith("(not declared: 'año_hecho')")
    assert refusal.details["added"] == ["año_hecho"]
    renamed = reading.refused(json.dumps([{"a": 1, "bb": 2}]), "header_drift", LIST)
    assert "'b' may have been renamed to 'bb'" in renamed.how


def test_an_object_that_is_keyed_by_persons(reading: Desk) -> None:
    within = layout("a", "victims.total", format="ndjson")
    lines = [json.dumps({"a": 1, "victims": {"total": 2, f"Qznombre {n}": {"sexo": "M"}}}) for n in range(40)]
    refusal = reading.refused("\n".join(lines), "header_drift", within)
    assert "Qznombre" not in str(refusal)
    assert refusal.what.endswith("and 32 more)")
    renamed = reading.refused(
        json.dumps([{"a": 1, "Bb Pérez": 2}]), "header_drift", layout("a", "Bb Peres", format="json")
    )
    assert "Pérez" not in str(renamed)
