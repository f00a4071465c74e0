"""What source.yml may say under ``fetch``, and what is told of what it may not: never a secret in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from schemas.errors import Misuse
from sources.kit.fetching import fitting
from tests.unit.sources import desk

PARQUET = desk.layout(file={"format": "parquet"}, columns={"open": ["day", "n", "changed"]})
NDJSON = desk.layout(file={"format": "ndjson"})
TABLE = {"connection": "courts", "table": "t"}
MARKED = {**TABLE, "watermark": {"column": "changed"}}


def told(folder: Path, fetch: dict[str, Any], *layouts: dict[str, Any], **changes: Any) -> str:
    with pytest.raises(Misuse) as misuse:
        desk.source(folder, *layouts, fetch=fetch, **changes)
    error = misuse.value
    path, _, line = error.where.rpartition(":")
    assert path.endswith("source.yml")
    assert int(line) > 1, "the message has the line"
    assert error.how
    return error.text()


@pytest.mark.parametrize(
    ("fetch", "says"),
    [
        ({}, "say one of them"),
        ({"database": TABLE, "http": {"address": "https://x.example/a.csv"}}, "say one of them"),
        ({"database": {"table": "t"}}, "the key 'connection' is missing"),
        ({"database": {**TABLE, "connection": "postgresql://a:b@c/d"}}, "no name of a secret"),
        ({"database": {"connection": "courts"}}, "neither or both of query and table"),
        ({"database": {**TABLE, "query": "SELECT 1"}}, "neither or both of query and table"),
        ({"database": {"connection": "c", "query": "DELETE FROM t"}}, "not one SELECT"),
        ({"database": {"connection": "c", "query": "SELECT 1; DROP TABLE t"}}, "not one SELECT"),
        ({"database": {**TABLE, "table": "t; DROP TABLE x"}}, "does not have the form"),
        ({"database": {**TABLE, "watermark": {"column": "n", "overlap": "a week"}}}, "no overlap"),
        ({"http": {"address": "ftp://x.example/a.csv"}}, "begins with https:// or http://"),
        ({"http": {"address": "https://ana:QZ@x.example/a.csv"}}, "holds a user or a password"),
        ({"http": {"address": "https://x.example/a.csv?api_key=QZ"}}, "write api_key={secret:name}"),
        ({"http": {"address": "https://{secret:host}/a.csv"}}, "the host of an address is fixed"),
        ({"http": {"address": "https://x.example/{day}.csv"}}, "{day} stands for nothing"),
        ({"http": {"address": "https://x.example/{year}.csv"}}, "periods belong together"),
        (
            {"http": {"address": "https://x.example/a.csv", "periods": {"from": 2024}}},
            "periods belong together",
        ),
        (
            {"http": {"address": "https://x.example/{year}.csv", "periods": {"from": "2024-01"}}},
            "not those of the address",
        ),
        (
            {"http": {"address": "https://x.example/{month}.csv", "periods": {"from": "2024-01"}}},
            "a month without a year",
        ),
        (
            {"http": {"address": "https://x.example/{year}.csv", "periods": {"from": 2024, "until": 2023}}},
            "until does not fit from",
        ),
        (
            {"http": {"address": "https://x.example/a.csv", "headers": {"Authorization": "QZ"}}},
            "secret_headers",
        ),
        ({"http": {"address": "https://x.example/a.csv", "headers": {"A:b": "c"}}}, "is no header"),
        (
            {"http": {"address": "https://x.example/a.csv", "secret_headers": {"X": "QZ/1"}}},
            "no name of a secret",
        ),
        ({"http": {"address": "https://x.example/a.csv", "name": "../a.csv"}}, "does not have the form"),
        ({"http": {"address": "https://x.example/a.csv", "name": "{year}.csv"}}, "the address has not"),
        ({"http": {"address": "https://x.example/a.csv", "pages": {"records": "r"}}}, "say one of next"),
    ],
)
def test_what_cannot_be_meant_is_told_with_its_line(fetch: dict[str, Any], says: str, tmp_path: Path) -> None:
    text = told(tmp_path, fetch, PARQUET, NDJSON)
    assert says in text


def test_no_message_shows_a_secret_that_was_written_into_the_declaration(tmp_path: Path) -> None:
    for address in ("https://ana:QZ@x.example/a.csv", "https://x.example/a.csv?token=QZ"):
        assert "QZ" not in told(tmp_path, {"http": {"address": address}}, NDJSON)


@pytest.mark.parametrize(
    ("fetch", "layouts", "changes", "says"),
    [
        ({"database": TABLE}, [NDJSON], {}, "becomes a Parquet file, which no layout reads"),
        (
            {"database": TABLE},
            [PARQUET, {**PARQUET, "id": "old"}],
            {},
            "several layouts read what is fetched",
        ),
        (
            {"database": TABLE},
            [PARQUET],
            {"edition": {"from": "file_name", "pattern": "(?P<year>....)-(?P<month>..)"}},
            "name no edition",
        ),
        (
            {"database": MARKED},
            [PARQUET],
            {"delivers": {**desk.DECLARATION["delivers"], "slice": {"period": "all"}}},
            "has to come complete",
        ),
        (
            {"database": {**TABLE, "watermark": {"column": "nobody"}}},
            [PARQUET],
            {},
            "'nobody' is no open column",
        ),
        (
            {"database": MARKED},
            [{**PARQUET, "columns": {"open": ["day", "n"], "restricted": ["changed"]}}],
            {},
            "'changed' is no open column",
        ),
        (
            {"database": {**TABLE, "watermark": {"column": "changed", "slice_by": "nobody"}}},
            [PARQUET],
            {},
            "'nobody' is no open column",
        ),
        (
            {"database": MARKED},
            [{**PARQUET, "map": {**PARQUET["map"], "occurrence_date": {"parse": "year", "from": "day"}}}],
            {},
            "not known which column puts a row into its slice",
        ),
        (
            {"http": {"address": "https://x.example/", "pages": {"number": {"parameter": "p"}}}},
            [PARQUET],
            {},
            "a record a line, which no layout reads",
        ),
    ],
)
def test_what_does_not_fit_the_rest_is_told(
    fetch: dict[str, Any], layouts: list[dict[str, Any]], changes: dict[str, Any], says: str, tmp_path: Path
) -> None:
    assert says in told(tmp_path, fetch, *layouts, **changes)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM t;",
        "  with x as (select 1) select * from x",
        "SELECT ';' AS semicolon, \"a;b\" FROM t -- one; two",
        "SELECT 1 /* ; */ FROM t",
    ],
)
def test_one_select_may_be_written_as_people_write_it(query: str, tmp_path: Path) -> None:
    declared = desk.source(tmp_path, PARQUET, fetch={"database": {"connection": "courts", "query": query}})
    fetch = declared.specification.fetch
    assert fetch is not None
    assert fetch.database is not None
    assert not str(fetch.database.query).endswith(";")


def test_the_column_of_the_slices_is_seen_in_the_map_or_declared(tmp_path: Path) -> None:
    seen = desk.source(tmp_path, PARQUET, fetch={"database": MARKED})
    assert fitting.slice_column(seen.specification) == "day"
    said = {**MARKED, "watermark": {"column": "n", "slice_by": "changed"}}
    assert (
        fitting.slice_column(desk.source(tmp_path, PARQUET, fetch={"database": said}).specification)
        == "changed"
    )
