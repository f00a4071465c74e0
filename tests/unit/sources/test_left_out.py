"""What is left out: rows by a test or because others stand below them, records by a date; each reason is counted."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from schemas.errors import Misuse, Refusal
from sources.kit import discovery
from tests.unit.sources import desk
from tests.unit.sources.test_specification import line, refused

OPEN = ["day", "n", "code", "year"]


def layout(*exclude: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return desk.layout(
        columns={"open": OPEN},
        rows={"exclude": list(exclude)},
        map={**desk.MAP, "count": {"parse": "integer", "from": "n", **changes}},
    )


def text(*rows: str) -> str:
    return "day,n,code,year\n" + "".join(f"2024-01-15,{row}\n" for row in rows)


def kept(
    tmp_path: Path, exclude: dict[str, Any], *rows: str, **changes: Any
) -> tuple[list[int], dict[str, int]]:
    """Record numbers of the rows that make records, and how many are left out for each reason."""
    made = desk.take_in(desk.source(tmp_path, layout(exclude, **changes)), text(*rows))
    account = made.delivery
    assert account.rows_delivered == sum(account.row_exclusions.values()) + account.records_made
    return [n for (n,) in made.records("row_number")], dict(account.row_exclusions)


PARENTS = {"reason": "parent_row", "column": "code"}


def test_several_tests_must_all_hold(tmp_path: Path) -> None:
    exclude = {
        "reason": "national_row",
        "column": "code",
        "equals": "00",
        "and": [{"column": "year", "at_least": 2020}, {"column": "n", "blank": False}],
    }
    rows = ("5,00,2020", "5,00,2019", "5,01,2020", ",00,2021", "x,00,2021")
    assert kept(tmp_path, exclude, *rows) == ([2, 3, 4], {"national_row": 2})


def test_a_code_that_another_begins_with_stands_above_it(tmp_path: Path) -> None:
    rows = (
        "9,1,2020",
        "5, 11 ,2020",
        "5,111,2020",
        "4,12,2020",
        "2,2,2020",
        "9,1,2021",
        "3,ñ,2020",
        "3,ña,2020",
        "1,,2020",
    )
    exclude = {**PARENTS, "parents": "prefix", "within": ["year"]}
    # in 2021 nothing stands below 1: it is no sum of others
    assert kept(tmp_path, exclude, *rows) == ([3, 4, 5, 6, 8, 9], {"parent_row": 3})
    assert kept(tmp_path, {**PARENTS, "parents": "prefix"}, *rows) == ([3, 4, 5, 8, 9], {"parent_row": 4})


def test_codes_of_a_list_stand_above_others_at_any_distance(tmp_path: Path) -> None:
    rows = ("9,01,2020", "5,0101,2020", "4,0102,2020", "7,0501,2020", "7,05,2021", "1,unknown,2020")
    exclude = {**PARENTS, "parents": "iccs", "within": ["year"]}
    assert kept(tmp_path, exclude, *rows) == ([2, 3, 4, 5, 6], {"parent_row": 1})
    assert kept(tmp_path, {**PARENTS, "parents": "iccs"}, *rows) == ([2, 3, 4, 6], {"parent_row": 2})


def test_a_table_beside_the_declaration_says_what_stands_above(tmp_path: Path) -> None:
    home = desk.declare(tmp_path, layout({**PARENTS, "parents": "areas.csv"}))
    (home / "areas.csv").write_text(
        "code,parent\nNorte,País\nSur,País\nNorte 1,Norte\nPaís,\n", encoding="utf-8"
    )
    made = desk.take_in(
        discovery.read(home), text("9,País,", "5,Norte,", "5,Norte 1,", "4,Sur,", "4,País ,", "1,Otro,")
    )
    assert [n for (n,) in made.records("row_number")] == [3, 4, 6]
    assert made.delivery.row_exclusions == {"parent_row": 3}


def test_a_row_that_is_left_out_before_stands_below_nothing(tmp_path: Path) -> None:
    declared = layout({"reason": "trial", "column": "code", "equals": "11"}, {**PARENTS, "parents": "prefix"})
    made = desk.take_in(desk.source(tmp_path, declared), text("9,1,", "9,11,", "9,2,", "4,21,"))
    assert made.delivery.row_exclusions == {"trial": 1, "parent_row": 1}
    assert [n for (n,) in made.records("row_number")] == [1, 4]


def test_what_parents_state_is_met_by_the_rows_below(tmp_path: Path) -> None:
    exclude = {**PARENTS, "parents": "prefix", "within": ["year"], "control_total": "n"}
    rows = ("1.009,1,2020", "5,11,2020", "3,111,2020", "2,112,2020", "1.004,12,2020", "7,2,2020")
    made = desk.take_in(desk.source(tmp_path, layout(exclude, thousands=".")), text(*rows))
    assert [(t.name, t.expected, t.found) for t in made.delivery.control_totals] == [
        ("parent_row", 1014, 1014)
    ]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (("10,1,2020", "5,11,2020", "4,12,2020"), "1: states 10, below 9"),
        (("9,1,2020", "5,11,2020", "x,12,2020"), "cannot be read"),
        (("?,1,2020", "5,11,2020"), "cannot be read"),
    ],
)
def test_what_would_be_lost_with_parents_refuses_the_file(
    tmp_path: Path, rows: tuple[str, ...], says: str
) -> None:
    exclude = {**PARENTS, "parents": "prefix", "control_total": "n"}
    with pytest.raises(Refusal) as refusal:
        desk.take_in(desk.source(tmp_path, layout(exclude)), text(*rows))
    assert refusal.value.code == "control_total" and refusal.value.how
    assert says in refusal.value.what


def test_a_difference_is_told_with_the_hierarchy_in_which_it_is(tmp_path: Path) -> None:
    exclude = {**PARENTS, "parents": "prefix", "within": ["year"], "control_total": "n"}
    rows = ("5,1,2020", "5,11,2020", "10,1,2021", "5,11,2021", "4,12,2021")
    with pytest.raises(Refusal) as refusal:
        desk.take_in(desk.source(tmp_path, layout(exclude)), text(*rows))
    assert "1 (2021): states 10, below 9" in refusal.value.what


def dated(**changes: Any) -> dict[str, Any]:
    """A layout that leaves out the records of a new catalogue by their date."""
    exclude = {"reason": "catalogue_of_2026", "date": "occurrence_date", **changes}
    first_level = {"occurrence_first_level": {"fixed": "MEX-01"}}
    return desk.layout(
        rows={"exclude": [exclude]},
        map={**desk.MAP, **first_level, "count": {"parse": "integer", "from": "n"}},
    )


def test_records_are_left_out_by_a_date(tmp_path: Path) -> None:
    declared = desk.source(tmp_path, dated(**{"from": dt.date(2026, 1, 1)}))
    made = desk.take_in(declared, "day,n\n2025-12-31,1\n2026-01-01,2\n2026-02-30,4\n2026-05-01,-8\n")
    assert made.records("row_number", "exclusion", where="broken = 0") == [
        (1, None),
        (2, "catalogue_of_2026"),
        (4, "catalogue_of_2026"),
    ]
    assert made.broken() == {"occurrence_date.unreadable": [3]}, "a date that cannot be read is not left out"
    assert made.delivery.row_exclusions == {} and made.delivery.records_made == 4


@pytest.mark.parametrize(
    ("limits", "left_out"),
    [
        ({"until": dt.date(2024, 6, 30)}, [1, 2]),
        ({"from": dt.date(2024, 7, 1)}, [3]),
        ({"from": dt.date(2024, 6, 30), "until": dt.date(2024, 6, 30)}, [2]),
    ],
)
def test_from_and_until_are_both_left_out(
    tmp_path: Path, limits: dict[str, Any], left_out: list[int]
) -> None:
    made = desk.take_in(
        desk.source(tmp_path, dated(**limits)), "day,n\n2024-01-01,1\n2024-06-30,1\n2024-07-01,1\n"
    )
    assert [n for (n,) in made.records("row_number", where="exclusion IS NOT NULL")] == left_out


def test_a_month_that_is_left_out_is_not_reported_as_zero(tmp_path: Path) -> None:
    delivers = {**desk.DECLARATION["delivers"], "cells": "whole_period"}
    declared = desk.source(
        tmp_path,
        dated(**{"from": dt.date(2024, 2, 10), "until": dt.date(2024, 3, 31)}),
        delivers=delivers,
        period={"from": "file_name", "pattern": r"(?P<year>\d{4})_(?P<from_month>\d\d)-(?P<to_month>\d\d)"},
    )
    made = desk.take_in(
        declared, "day,n\n2024-01-01,1\n2024-03-01,1\n", name="x_2024_01-04.csv", areas=["MEX-01"]
    )
    assert made.cells() == [
        ("MEX-01", "2024-01-01", "received"),
        ("MEX-01", "2024-02-01", "partial"),
        ("MEX-01", "2024-04-01", "received"),
    ]


def test_months_that_an_edition_cannot_know_are_left_out(tmp_path: Path) -> None:
    """Neither as zeros nor as missing reports, whatever the edition is."""
    delivers = {**desk.DECLARATION["delivers"], "cells": "reported_values"}
    edition = {"from": "file_name", "pattern": r"rev(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"}
    declared = desk.source(
        tmp_path, dated(**{"from": "month_of_edition"}), delivers=delivers, edition=edition
    )
    rows = "day,n\n2024-01-31,1\n2024-02-01,0\n2024-03-01,0\n"
    made = desk.take_in(declared, rows, name="rev2024-02-25.csv")
    assert made.cells() == [("MEX-01", "2024-01-01", "received")]
    assert [n for (n,) in made.records("row_number", where="exclusion IS NOT NULL")] == [2, 3]
    later = desk.take_in(declared, rows, name="rev2024-03-01.csv")
    assert [n for (n,) in later.records("row_number", where="exclusion IS NOT NULL")] == [3]


def test_the_month_of_an_edition_needs_an_edition(tmp_path: Path) -> None:
    error = refused(tmp_path, dated(**{"from": "month_of_edition"}))
    assert "declare edition" in error.text()


def test_reported_values_that_are_left_out_are_neither_reported_nor_missing(tmp_path: Path) -> None:
    delivers = {**desk.DECLARATION["delivers"], "cells": "reported_values"}
    declared = desk.source(tmp_path, dated(**{"from": dt.date(2024, 2, 10)}), delivers=delivers)
    made = desk.take_in(declared, "day,n\n2024-01-01,1\n2024-02-01,1\n2024-02-10,1\n2024-03-01,1\n")
    assert made.cells() == [("MEX-01", "2024-01-01", "received"), ("MEX-01", "2024-02-01", "received")]


@pytest.mark.parametrize(
    ("exclude", "says"),
    [
        ({"equals": "x"}, "a column, records by a date"),
        ({"column": "n", "date": "occurrence_date", "equals": "x"}, "a column, records by a date"),
        ({"date": "occurrence_date"}, "add from, until or both"),
        ({"date": "occurrence_date", "from": "2026-01-01", "equals": "x"}, "take equals out"),
        ({"date": "occurrence_date", "from": "2026-01-02", "until": "2026-01-01"}, "until comes before from"),
        (
            {"date": "occurrence_date", "from": "2026-01-02", "control_total": "n"},
            "control_total does not go",
        ),
        ({"column": ["n", "day"], "parents": "prefix"}, "name one"),
        ({"column": "n", "parents": "prefix", "equals": "x"}, "under and"),
        ({"column": "n", "parents": "prefix", "until": "2026-01-01"}, "until does not go"),
        ({"column": "n", "equals": "x", "within": ["day"]}, "within does not go"),
        ({"column": "n", "equals": "x", "from": "2026-01-01"}, "from does not go"),
        ({"column": "n", "equals": "x", "and": [{"column": "n"}]}, "exactly one of"),
    ],
)
def test_exclusions_that_do_not_serve(tmp_path: Path, exclude: dict[str, Any], says: str) -> None:
    error = refused(tmp_path, desk.layout(rows={"exclude": [{"reason": "x", **exclude}]}))
    assert says in error.text()
    assert line(error).startswith("- ")


@pytest.mark.parametrize(
    ("exclude", "says", "at"),
    [
        ({"column": "gone", "equals": "x"}, "exclude reads 'gone'", "- reason: x"),
        ({"column": "n", "parents": "prefix", "within": ["gone"]}, "exclude reads 'gone'", "- reason: x"),
        ({"column": "n", "parents": "iccs", "control_total": "gone"}, "exclude reads 'gone'", "- reason: x"),
        (
            {"column": "n", "equals": "x", "and": [{"column": "gone", "blank": True}]},
            "reads 'gone'",
            "- reason: x",
        ),
        ({"column": "n", "parents": "no_such_list"}, "no code list 'no_such_list'", "parents: no_such_list"),
        ({"column": "n", "parents": "record_status"}, "no code of record_status", "parents: record_status"),
        ({"date": "report_date", "from": "2026-01-01"}, "no date of this map", "date: report_date"),
        ({"date": "count", "from": "2026-01-01"}, "use one of: occurrence_date", "date: count"),
    ],
)
def test_exclusions_are_held_against_the_layout(
    tmp_path: Path, exclude: dict[str, Any], says: str, at: str
) -> None:
    error = refused(tmp_path, desk.layout(rows={"exclude": [{"reason": "x", **exclude}]}))
    assert says in f"{error.what} {error.how}"
    assert line(error).startswith(at)


@pytest.mark.parametrize(
    "table", [None, "code,above\n1,2\n", "code,parent\n1,\n", "code,parent\nñ,ñ\n".encode("latin-1")]
)
def test_tables_without_a_hierarchy(tmp_path: Path, table: str | bytes | None) -> None:
    home = desk.declare(tmp_path, layout({**PARENTS, "parents": "areas.csv"}))
    if table is not None:
        (home / "areas.csv").write_bytes(table if isinstance(table, bytes) else table.encode())
    with pytest.raises(Misuse) as misuse:
        discovery.read(home)
    assert misuse.value.code == "no_hierarchy" and "areas.csv" in misuse.value.where
