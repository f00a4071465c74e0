"""Layouts that are used from or until an edition, where the header alone does not tell them apart."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from schemas.errors import Refusal
from sources.kit.discovery import Source
from tests.unit.sources import desk
from tests.unit.sources.test_specification import line, refused

EDITION = {"from": "file_name", "pattern": r"rev(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"}
PERIOD = {"from": "file_name", "pattern": r"(?P<year>\d{4})_(?P<from_month>\d\d)-(?P<to_month>\d\d)"}


def layout(name: str, code: str, **editions: dt.date) -> dict[str, Any]:
    return desk.layout(
        id=name,
        editions=editions,
        map={**desk.MAP, "iccs": {"fixed": code}, "count": {"parse": "integer", "from": "n"}},
    )


OLD = layout("catalogue_2015", "0401", until=dt.date(2025, 12, 31))
NEW = layout("catalogue_2026", "0501", **{"from": dt.date(2026, 1, 1), "until": dt.date(2027, 12, 31)})


def read(declared: Source, name: str) -> tuple[str, set[str]]:
    made = desk.take_in(declared, "day,n\n2024-01-01,1\n", name=name)
    return made.delivery.layout, {code for (code,) in made.records("iccs")}


def test_the_edition_tells_which_of_two_equal_headers_it_is(tmp_path: Path) -> None:
    declared = desk.source(tmp_path, OLD, NEW, edition=EDITION)
    assert read(declared, "rev2025-12-31.csv") == ("catalogue_2015", {"0401"})
    assert read(declared, "rev2026-01-01.csv") == ("catalogue_2026", {"0501"})


def test_without_editions_the_beginning_of_the_period_tells(tmp_path: Path) -> None:
    declared = desk.source(tmp_path, OLD, NEW, period=PERIOD)
    assert read(declared, "x_2024_01-12.csv")[0] == "catalogue_2015"
    assert read(declared, "x_2026_01-12.csv")[0] == "catalogue_2026"


def test_an_edition_for_which_no_layout_is_used_refuses_the_file(tmp_path: Path) -> None:
    declared = desk.source(tmp_path, OLD, NEW, edition=EDITION)
    with pytest.raises(Refusal) as refusal:
        read(declared, "rev2028-01-01.csv")
    assert refusal.value.code == "layout_not_used" and "2028-01-01" in refusal.value.what
    with pytest.raises(Refusal) as refusal:
        read(declared, "x.csv")
    assert refusal.value.code == "no_edition"


@pytest.mark.parametrize(
    ("editions", "says"),
    [
        ({}, "add from, until or both"),
        ({"from": dt.date(2026, 1, 2), "until": dt.date(2026, 1, 1)}, "until comes before from"),
        ({"since": dt.date(2026, 1, 2)}, "unknown key 'since'"),
    ],
)
def test_editions_that_do_not_serve(tmp_path: Path, editions: dict[str, Any], says: str) -> None:
    error = refused(tmp_path, desk.layout(editions=editions), edition=EDITION)
    assert says in error.text()
    assert line(error)


def test_editions_need_an_edition_or_a_period(tmp_path: Path) -> None:
    assert "declare one of them" in refused(tmp_path, OLD).text()
