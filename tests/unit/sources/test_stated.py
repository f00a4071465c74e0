"""What a file says once, in its name or its title, as a column of all its rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from schemas import staging
from schemas.errors import Misuse, Refusal
from tests.unit.sources import desk

IN_TITLE = {"from": "text", "pattern": r"Year of registration: (\d{4})"}
IN_NAME = {"from": "file_name", "pattern": r"_q([1-4])_"}
ROWS = "Deaths\nYear of registration: 2031\nplace,n\nNorth,3\nSouth,x\n"


def layout(stated: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A table without a year, which stands in the title."""
    return desk.layout(
        file={"format": "csv", "header": {"contains": ["place", "n"]}, "short_rows": True},
        columns={"open": ["place", "n"]},
        stated=stated,
        map={
            "counting_unit": {"fixed": "offence"},
            "event_class": {"fixed": "offence"},
            "occurrence_date": {"parse": "year", "from": "YEAR"},
            "count": {"parse": "integer", "from": "n"},
        },
        **changes,
    )


def test_a_year_of_the_title_is_a_column_of_every_row(tmp_path: Path) -> None:
    made = desk.take_in(desk.source(tmp_path, layout({"YEAR": IN_TITLE})), ROWS)
    assert [str(day) for (day,) in made.records("occurrence_date")] == ["2031-01-01"] * 2
    assert made.broken() == {"count.unreadable": [2]}
    ((raw,),) = made.query(f"SELECT raw FROM {staging.RAW}")
    assert '"YEAR":"2031"' in raw, "who mends the row sees it"


def test_a_part_of_the_name_decides_and_makes_the_key(tmp_path: Path) -> None:
    """Side by side with value columns, in the key, in a test and in a recode."""
    declared = layout({"YEAR": IN_TITLE, "QUARTER": IN_NAME}, rows={"unpivot": desk_unpivot()})
    declared["map"] |= {
        "count": {"parse": "integer", "from": "value"},
        "completion": [
            {"fixed": "completed", "when": {"column": "QUARTER", "equals": "3"}},
            {"fixed": "attempted"},
        ],
        "mechanism": {"recode": "QUARTER", "codes": {"3": "firearm", "4": "sharp"}},
    }
    source = desk.source(tmp_path, declared, key={"columns": ["QUARTER", "place"]})
    third = desk.take_in(source, ROWS, name="x_q3_2031.csv")
    fourth = desk.take_in(source, ROWS, name="x_Q4_2031.csv")
    assert third.records("completion", "mechanism", where="broken = 0") == [("completed", "firearm")]
    assert fourth.records("completion", "mechanism", where="broken = 0") == [("attempted", "sharp")]
    assert third.records("record_key") != fourth.records("record_key")


def desk_unpivot() -> dict[str, Any]:
    return {"columns": {"n": "n"}, "name": "measure", "value": "value", "blank": "not_reported"}


def test_a_file_that_does_not_say_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refusal:
        desk.take_in(desk.source(tmp_path, layout({"YEAR": IN_NAME})), ROWS, name="x.csv")
    assert (refusal.value.code, refusal.value.what) == (
        "not_stated",
        "the file's name does not say the 'YEAR'",
    )
    assert "_q([1-4])_" in refusal.value.how


@pytest.mark.parametrize(
    ("stated", "says"),
    [
        ({"YEAR": {"from": "text", "pattern": r"\d{4}"}}, "has 0 pairs of brackets"),
        ({"YEAR": {"from": "text", "pattern": r"(\d)(\d)"}}, "has 2 pairs of brackets"),
        ({"YEAR": IN_TITLE, "n": IN_NAME}, "'n' is another column"),
        ({"YEARS": IN_TITLE}, "reads 'YEAR'"),
    ],
)
def test_what_does_not_serve(tmp_path: Path, stated: dict[str, Any], says: str) -> None:
    with pytest.raises(Misuse) as misuse:
        desk.source(tmp_path, layout(stated))
    assert says in misuse.value.text()
    assert misuse.value.how
