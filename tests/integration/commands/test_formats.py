"""Deliveries in every format through the command line: loaded once, or refused with one message."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.integration.commands.home import Home
from tests.unit.sources import desk, golden
from tests.unit.sources.golden import Golden
from tests.unit.sources.test_formats import declared

#: One file of each format, and some compressed.
NAMES = (
    "x.csv.xz",
    "two.zip",
    "titled.xlsx",
    "titled.ods",
    "x.parquet",
    "page.json",
    "x.ndjson",
    "labels.sav",
)
MORE = ("x.zsav", "v12.dta", "x.rds", "two.RData", "titled.dat")
FORMS = {form.name: form for form in golden.ALL if form.name in (*NAMES, *MORE)}


def source(folder: Path, number: int, form: Golden) -> str:
    made = {**declared(form), "id": "plain"}
    desk.declare(folder, made, id=f"f{number}", country="MEX")
    return f"f{number}"


def test_every_format_is_loaded(tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    home = Home.begun(tmp_path / "home", sources)
    assert len(FORMS) == len(NAMES) + len(MORE)
    for number, form in enumerate(FORMS.values()):
        path = tmp_path / form.name
        form.write(path)
        home.run("ingest", source(sources, number, form), path)
    query = "SELECT source_id, count(*) AS n, sum(count)::BIGINT AS total FROM core.incident GROUP BY 1"
    loaded = home.rows(query)
    expected = sum(record[4] or 0 for record in golden.RECORDS)
    assert {row["source_id"]: (row["n"], row["total"]) for row in loaded} == {
        f"f{number}": (len(golden.RECORDS) - 1, expected) for number in range(len(FORMS))
    }
    assert not [p for p in home.path.rglob("*") if p.name.endswith((".utf8", ".unpacked", ".table"))]


def _cut(content: bytes) -> bytes:
    return content[: len(content) * 2 // 3]


def _page(content: bytes) -> bytes:
    return b"<!DOCTYPE html><html><body>Inicie su sesi\xc3\xb3n</body></html>" + bytes(len(content) % 7)


@pytest.mark.parametrize(
    ("name", "spoil"),
    [("x.csv.xz", _cut), ("titled.xlsx", _page), ("x.parquet", _cut), ("labels.sav", _page), ("x.rds", _cut)],
)
def test_a_file_that_cannot_be_read_is_refused(
    tmp_path: Path, name: str, spoil: Callable[[bytes], bytes]
) -> None:
    form = FORMS[name]
    sources = tmp_path / "sources"
    sources.mkdir()
    home = Home.begun(tmp_path / "home", sources)
    path = tmp_path / name
    form.write(path)
    path.write_bytes(spoil(path.read_bytes()))
    told = home.run("ingest", source(sources, 0, form), path, status=1).stderr
    assert f"  where: {name}" in told
    assert "  mend:  " in told
    values: Any = {value for record in golden.TEXTS for value in record if value and len(value) > 5}
    assert [value for value in values if value in told] == []
