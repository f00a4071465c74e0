"""Correspondence tables in records: rows that hold for a time, and labels that several codes share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from schemas.errors import Misuse
from sources.kit import discovery
from sources.kit.discovery import Source
from tests.unit.sources import desk

CHANGED = """kind,code,status,valid_from,valid_to,note
Robo,0401,draft,,,
Hurto,0502,draft,,2025-12-31,
Hurto,0501,official,2026-01-01,,the catalogue of 2026
Nuevo,unmapped,draft,2026-01-01,,
"""
SHARED = """kind,code,weight,note
Robo,0401,,
Robo y hurto,0401,0.6,by the sample of 2023
Robo y hurto,0502,0.4,
Tres,0401,0.333,
Tres,0502,0.333,
Tres,unmapped,0.334,
"""


def source(tmp_path: Path, table: str, *, count: Any = None, **changes: Any) -> Source:
    """A source that recodes ``kind`` by a table."""
    mapped = {
        **desk.MAP,
        "iccs": {"recode": "kind", "table": "t.csv"},
        "count": count or {"parse": "integer", "from": "n"},
    }
    mapped = {k: v for k, v in mapped.items() if v != "none"}
    layout = desk.layout(columns={"open": ["day", "kind", "n"]}, map=mapped, **changes.pop("layout", {}))
    home = desk.declare(tmp_path, layout, **changes)
    (home / "t.csv").write_text(table, encoding="utf-8")
    return discovery.read(home)


def test_a_label_changes_its_code_on_a_day(tmp_path: Path) -> None:
    days = ("2025-12-31", "2026-01-01") * 2 + ("2024-02-29", "2030-01-01", "2026-02-30", "2026-02-30")
    kinds = ("Hurto", " Hurto ", "Nuevo", "Nuevo", "Robo", "Robo", "Hurto", "Robo")
    text = "day,kind,n\n" + "".join(f"{day},{kind},1\n" for day, kind in zip(days, kinds, strict=True))
    for exclude in ([], [{"reason": "none_such", "column": "kind", "equals": "none such"}]):
        made = desk.take_in(source(tmp_path, CHANGED, layout={"rows": {"exclude": exclude}}), text)
        codes = ["0502", "0501", None, "unmapped", "0401", "0401", None, "0401"]
        assert [code for (code,) in made.records("iccs")] == codes
        assert [code for (code,) in made.records("iccs_source_code")] == [kind.strip() for kind in kinds]
        # of a label whose code depends on the date nothing is known without one
        assert made.broken() == {"occurrence_date.unreadable": [7, 8], "iccs.unknown_code": [3, 7]}


def test_the_date_by_which_the_records_are_reported_decides(tmp_path: Path) -> None:
    mapped = {
        **desk.MAP,
        "iccs": [{"recode": "kind", "table": "t.csv"}, {"fixed": "unmapped"}],
        "report_date": {"parse": "year", "from": "n"},
    }
    layout = desk.layout(columns={"open": ["day", "kind", "n"]}, map=mapped)
    delivers = {**desk.DECLARATION["delivers"], "date_basis": "report"}
    home = desk.declare(tmp_path, layout, delivers=delivers)
    (home / "t.csv").write_text(CHANGED, encoding="utf-8")
    made = desk.take_in(
        discovery.read(home), "day,kind,n\n2025-06-01,Hurto,2026\n2025-06-01,Hurto,2025\n2025-06-01,,2025\n"
    )
    assert made.records("iccs") == [("0501",), ("0502",), ("unmapped",)]


def test_labels_that_several_codes_share_divide_the_count(tmp_path: Path) -> None:
    text = (
        "day,kind,n\n2024-01-01,Robo,7\n2024-01-01,Robo y hurto,7\n2024-01-01, Robo y hurto ,1\n2024-01-01,Tres,100\n"
        "2024-01-01,Tres,0\n2024-01-01,Robo y hurto,x\n2024-01-01,Otro,2\n"
    )
    made = desk.take_in(source(tmp_path, SHARED), text)
    assert made.records("row_number", "row_part", "iccs", "count", "record_key") == [
        (1, 1, "0401", 7, 1001),
        (2, 1, "0401", 4, 2001),
        (2, 2, "0502", 3, 2002),
        # of the 8 of the label 0401 has 5, rounded
        (3, 1, "0401", 1, 3001),
        (4, 1, "0401", 33, 4001),
        (4, 2, "0502", 33, 4002),
        (4, 3, "unmapped", 34, 4003),
        (5, 1, "0401", 0, 5001),
        (5, 2, "0502", 0, 5002),
        (5, 3, "unmapped", 0, 5003),
        (6, 1, "0401", None, 6001),
        (7, 1, None, 2, 7001),
    ]
    assert made.broken() == {"count.unreadable": [6], "iccs.unknown_code": [7]}
    assert made.query("SELECT row_number, row_part, raw FROM staged_raw ORDER BY ALL") == [
        (6, 1, '{"day":"2024-01-01","kind":"Robo y hurto","n":"x"}'),
        (7, 1, '{"day":"2024-01-01","kind":"Otro","n":"2"}'),
    ]
    ((events,),) = made.query("SELECT sum(events) FROM staged_record")
    assert events == 7 + 7 + 1 + 100 + 2
    assert made.delivery.rows_delivered == 7 and made.delivery.records_made == 12


@pytest.mark.parametrize(
    ("label", "parts"),
    [
        ("Robo y hurto", {"0401": 600, "0502": 400}),
        ("Tres", {"0401": 333, "0502": 333, "unmapped": 334}),
    ],
)
def test_the_weights_hold_over_the_delivery_where_each_row_counts_one(
    tmp_path: Path, label: str, parts: dict[str, int]
) -> None:
    other = "Tres" if label == "Robo y hurto" else "Robo y hurto"
    # the rows of another label between them change nothing, nor do counts that are none
    text = "day,kind,n\n" + f"2024-01-01,{label},1\n2024-01-01,{other},3\n2024-01-01,{label},-2\n" * 1000
    made = desk.take_in(source(tmp_path, SHARED), text)
    got = made.query(
        "SELECT iccs, sum(count), count(*), min(count) FROM staged_record WHERE row_number % 3 = 1 GROUP BY ALL"
    )
    assert {code: (int(total), n, least) for code, total, n, least in got} == {
        code: (total, total, 1) for code, total in parts.items()
    }
    uneven = (
        "SELECT row_number FROM staged_record WHERE row_number % 3 = 2 GROUP BY ALL HAVING sum(count) <> 3"
    )
    assert made.query(uneven) == []
    # every row has a first part, by which rows are counted
    assert made.query("SELECT count(*) FROM staged_record WHERE row_part = 1") == [(3000,)]


def test_shares_of_counts_of_all_sizes_are_whole_and_add_up(tmp_path: Path) -> None:
    table = "kind,code,weight\n" + "".join(
        f"x,{code},{weight}\n"
        for code, weight in (("0401", 0.45), ("0502", 0.1), ("0501", 0.05), ("unmapped", 0.4))
    )
    counts = [(n * 7) % 5 for n in range(997)]
    text = "day,kind,n\n" + "".join(f"2024-01-01,x,{n}\n" for n in counts)
    made = desk.take_in(source(tmp_path, table), text)
    of_rows = made.query("SELECT sum(count)::INT FROM staged_record GROUP BY row_number ORDER BY row_number")
    assert [n for (n,) in of_rows] == counts
    assert made.query("SELECT min(count) FROM staged_record WHERE count <> 0") == [(1,)]
    none = "SELECT count(DISTINCT row_number), count(*) FROM staged_record WHERE count = 0"
    assert made.query(none) == [(counts.count(0), 4 * counts.count(0))]
    of_codes = dict(made.query("SELECT iccs, sum(count) FROM staged_record GROUP BY iccs"))
    for code, weight in (("0401", 0.45), ("0502", 0.1), ("0501", 0.05), ("unmapped", 0.4)):
        assert abs(of_codes[code] - weight * sum(counts)) <= 1


def test_shares_of_value_columns_side_by_side_with_a_key(tmp_path: Path) -> None:
    mapped = {
        **desk.MAP,
        "occurrence_date": {"parse": "year_month", "year": "day", "month": "month"},
        "iccs": {"recode": "kind", "table": "t.csv"},
        "count": {"parse": "integer", "from": "v"},
        "occurrence_first_level": {"fixed": "MEX-01"},
    }
    layout = desk.layout(
        columns={"open": ["day", "kind", "ene", "feb"]},
        rows={
            "unpivot": {
                "columns": {"ene": 1, "feb": 2},
                "name": "month",
                "value": "v",
                "blank": "not_reported",
            }
        },
        map=mapped,
    )
    delivers = {**desk.DECLARATION["delivers"], "cells": "reported_values", "complete": 1}
    home = desk.declare(tmp_path, layout, key={"columns": ["day", "kind"]}, delivers=delivers)
    (home / "t.csv").write_text(SHARED, encoding="utf-8")
    text = "day,kind,ene,feb\n2024,Robo y hurto,10,\n2024,Robo,x,5\n"
    made = desk.take_in(discovery.read(home), text)
    assert made.records("row_number", "row_part", "iccs", "count", "exclusion") == [
        (1, 1, "0401", 6, None),
        (1, 2, "0401", None, "not_reported"),
        (1, 3, "0502", 4, None),
        (2, 1, "0401", None, None),
        (2, 2, "0401", 5, None),
    ]
    keys = [key for (key,) in made.records("record_key")]
    assert len(set(keys)) == 5 and None not in keys
    assert made.cells() == [("MEX-01", "2024-01-01", "received"), ("MEX-01", "2024-02-01", "partial")]
    assert made.broken() == {"count.unreadable": [2]}


@pytest.mark.parametrize("count", [{"fixed": 1}, "none"])
def test_events_are_not_divided(tmp_path: Path, count: Any) -> None:
    with pytest.raises(Misuse) as misuse:
        source(tmp_path, SHARED, count=count)
    assert misuse.value.code == "table_shares_events"
    assert "cannot be divided" in misuse.value.what and "'Robo y hurto'" in misuse.value.what
    assert misuse.value.where.endswith("t.csv:3")


def test_two_tables_of_a_layout_cannot_both_divide_the_count(tmp_path: Path) -> None:
    two = {"iccs": {"recode": "kind", "table": "t.csv"}, "mechanism": {"recode": "kind", "table": "m.csv"}}
    layout = desk.layout(
        columns={"open": ["day", "kind", "n"]},
        map={**desk.MAP, **two, "count": {"parse": "integer", "from": "n"}},
    )
    home = desk.declare(tmp_path, layout)
    (home / "t.csv").write_text(SHARED, encoding="utf-8")
    (home / "m.csv").write_text("kind,code,weight\nRobo,firearm,0.5\nRobo,sharp,0.5\n", encoding="utf-8")
    with pytest.raises(Misuse, match="another table of the layout does so too"):
        discovery.read(home)
