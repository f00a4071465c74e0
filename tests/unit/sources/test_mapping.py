"""From raw rows to judged records: rows left out, value columns side by side, defaults, rules, slices and keys."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import pytest

from schemas import staging
from sources.kit import discovery
from sources.kit.identifiers import DEMONSTRATION_KEY
from tests.unit.sources import desk

DAY = "2024-01-15"


def test_defaults_of_fields_that_are_not_mapped(tmp_path: Path) -> None:
    layout = desk.layout(
        columns={"open": ["day", "year", "means", "kind"]},
        map={
            **desk.MAP,
            "report_date": {"parse": "year", "from": "year"},
            "occurrence_first_level": {"fixed": "MEX-01"},
            "mechanism": {"recode": "means", "codes": {"Arma": "firearm"}},
            "completion": {"fixed": "completed"},
        },
    )
    made = desk.take_in(
        desk.source(tmp_path, layout), f"day,year,means,kind\n{DAY},2024, Arma ,x\n{DAY},2024,,x\n"
    )
    fields = [
        "record_status",
        "count",
        "occurrence_country",
        "occurrence_date_precision",
        "mechanism_source_code",
    ]
    assert made.records(*fields) == [
        ("provisional", 1, "MEX", "day", "Arma"),
        ("provisional", 1, "MEX", "day", None),
    ]
    silent = [
        "replaces_key",
        "iccs",
        "iccs_source_code",
        "n_victims",
        "case_ref",
        "case_hmac",
        "occurrence_municipality",
    ]
    assert set(made.records(*silent)) == {(None,) * len(silent)}


@pytest.mark.parametrize(
    ("verb", "row", "precision"),
    [
        ({"parse": "date", "from": "a", "formats": ["%Y-%m-%d"]}, "2024-01-15,1", "day"),
        ({"parse": "year_month", "year": "a", "month": "b"}, "2024,1", "month"),
        ({"parse": "year", "from": "a"}, "2024,1", "year"),
    ],
)
def test_precision_of_a_date_follows_from_its_verb(
    tmp_path: Path, verb: dict[str, Any], row: str, precision: str
) -> None:
    layout = desk.layout(columns={"open": ["a", "b"]}, map={**desk.MAP, "occurrence_date": verb})
    made = desk.take_in(desk.source(tmp_path, layout), f"a,b\n{row}\n")
    assert made.records("occurrence_date_precision") == [(precision,)]


def test_what_is_mapped_goes_before_the_defaults(tmp_path: Path) -> None:
    layout = desk.layout(
        columns={"open": ["day", "n"]},
        map={
            **desk.MAP,
            "record_status": {"fixed": "definitive"},
            "count": {"parse": "integer", "from": "n"},
            "occurrence_country": {"fixed": "COL"},
            "occurrence_first_level": {"fixed": "COL-05"},
            "occurrence_date_precision": {"fixed": "month"},
        },
    )
    made = desk.take_in(desk.source(tmp_path, layout), f"day,n\n{DAY},3\n")
    fields = ["record_status", "count", "occurrence_country", "occurrence_date_precision"]
    assert made.records(*fields) == [("definitive", 3, "COL", "month")]
    assert made.broken() == {}, "an area of another country is not judged against this country's list"


def test_source_codes_of_several_columns_are_joined(tmp_path: Path) -> None:
    layout = desk.layout(
        columns={"open": ["day", "a", "b"]},
        map={**desk.MAP, "iccs": {"recode": ["a", "b"], "table": "t.csv"}},
    )
    home = desk.declare(tmp_path, layout)
    (home / "t.csv").write_text("a,b,code\nx,y,0101\n", encoding="utf-8")
    declared = discovery.read(home)
    made = desk.take_in(declared, f"day,a,b\n{DAY},x, y\n{DAY},,z\n")
    assert made.records("iccs", "iccs_source_code") == [("0101", "x | y"), (None, "z")]
    assert made.broken() == {"iccs.unknown_code": [2]}


def test_a_table_that_changes_in_time_is_read_by_the_month_of_each_record(tmp_path: Path) -> None:
    """The months are columns side by side: the date is known only after a row has become records."""
    layout = desk.layout(
        columns={"open": ["year", "a", "ENE", "FEB"]},
        rows={
            "unpivot": {"columns": {"ENE": "1", "FEB": "2"}, "name": "month", "value": "n", "blank": "empty"}
        },
        map={
            **{k: v for k, v in desk.MAP.items() if k != "occurrence_date"},
            "occurrence_date": {"parse": "year_month", "year": "year", "month": "month"},
            "count": {"parse": "integer", "from": "n"},
            "iccs": {"recode": "a", "table": "t.csv"},
        },
    )
    home = desk.declare(tmp_path, layout)
    (home / "t.csv").write_text(
        "a,code,valid_from,valid_to\nx,0401,,2024-01-31\nx,0501,2024-02-01,\n", encoding="utf-8"
    )
    made = desk.take_in(discovery.read(home), "year,a,ENE,FEB\n2024,x,3,4\n2023,x,1,2\n")
    assert made.records("count", "iccs") == [(3, "0401"), (4, "0501"), (1, "0401"), (2, "0401")]


def test_identifiers_become_hashes_and_references(tmp_path: Path) -> None:
    layout = desk.layout(
        columns={"open": ["day"], "identifier": ["folio"]}, map={**desk.MAP, "case_hmac": {"hmac": "folio"}}
    )
    declared = desk.source(tmp_path, layout)
    text = f"day,folio\n{DAY},ab-ñ1\n{DAY}, AB–N1 \n{DAY},\n"
    made = desk.take_in(declared, text, key=desk.KEY, salt=11)
    expected = hmac.new(desk.KEY.derive("case"), b"AB-N1", hashlib.sha256).digest()
    reference = int(expected.hex()[:15], 16) ^ 11
    assert made.records("case_hmac", "case_ref") == [(expected, reference)] * 2 + [(None, None)]
    assert made.broken() == {}
    ((shown,),) = desk.take_in(declared, text).records("case_hmac", where="row_number = 1")
    assert shown == hmac.new(DEMONSTRATION_KEY.derive("case"), b"AB-N1", hashlib.sha256).digest()


def test_an_identifier_that_means_unknown_is_not_hashed(tmp_path: Path) -> None:
    layout = desk.layout(
        columns={"open": ["day"], "identifier": ["folio"]},
        map={**desk.MAP, "case_hmac": {"hmac": "folio", "unknown": ["S/D"]}},
    )
    made = desk.take_in(desk.source(tmp_path, layout), f"day,folio\n{DAY},S/D\n")
    assert made.records("case_hmac", "case_ref") == [(None, None)]


def test_rules(tmp_path: Path) -> None:
    layout = desk.layout(
        columns={"open": ["day", "n", "mun", "hour", "reported"], "restricted": ["lon"]},
        map={
            **desk.MAP,
            "count": {"parse": "integer", "from": "n"},
            "occurrence_municipality": {
                "copy": "mun",
                "pad": 5,
                "prefix": "MEX-",
                "form": "MEX-0[1-9][0-9]{3}",
            },
            "occurrence_first_level": {"part_of": "occurrence_municipality", "take": [1, 6]},
            "occurrence_hour": {"parse": "hour", "from": "hour"},
            "report_date": {"parse": "date", "from": "reported", "formats": ["%Y-%m-%d"]},
            "longitude": {"parse": "decimal", "from": "lon"},
        },
    )
    rows = [
        f"{DAY},1,1001,3,2024-01-15,-99.5",
        ",1,1001,3,,",
        "2024-01-99,1,1001,3,,",
        f"{DAY},,1001,,,",
        f"{DAY},1.5,1001,,,",
        f"{DAY},-1,1001,25,,181",
        f"{DAY},1,123456,x,,NaN",
        f"{DAY},1,9001,,2024-01-14,",
        f"{DAY},1,,,,",
    ]
    made = desk.take_in(
        desk.source(tmp_path, layout), "day,n,mun,hour,reported,lon\n" + "\n".join(rows) + "\n"
    )
    assert made.broken() == {
        "occurrence_date.missing": [2],
        "occurrence_date.unreadable": [3],
        "count.missing": [4],
        "count.unreadable": [5],
        "count.range": [6],
        "occurrence_hour.range": [6],
        "longitude.range": [6],
        "occurrence_municipality.form": [7],
        "occurrence_hour.unreadable": [7],
        "longitude.unreadable": [7],
        "occurrence_first_level.unknown_code": [7, 8],
        "report_date.before_occurrence": [8],
    }
    assert {rule.severity for rule in made.delivery.rules} == {"row", "warn"}
    assert made.records("broken", where="row_number IN (1, 9)") == [(0,), (0,)]


def test_dates_outside_the_period(tmp_path: Path) -> None:
    declared = desk.source(tmp_path, period={"from": "file_name", "pattern": r"(?P<year>\d{4})"})
    text = "day,n\n2023-12-31,1\n2024-01-01,1\n2024-12-31,1\n2025-01-01,1\n,1\n"
    assert desk.take_in(declared, text, name="2024.csv").broken() == {
        "date.outside_period": [1, 4],
        "occurrence_date.missing": [5],
    }


def test_dates_that_the_edition_cannot_know(tmp_path: Path) -> None:
    """Whether a source says a period or not, and also where it reports about no areas and months."""
    edition = {"from": "file_name", "pattern": r"ed(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})"}
    period = {"from": "file_name", "pattern": r"^(?P<year>\d{4})"}
    text = "day,n\n2024-06-01,1\n2024-06-02,1\n2025-01-05,1\n2031-01-01,1\n"
    made = desk.take_in(desk.source(tmp_path, edition=edition), text, name="all_ed2024-06-01.csv")
    assert made.broken() == {"occurrence_date.after_edition": [2, 3, 4]}
    declared = desk.source(tmp_path, edition=edition, period=period)
    assert desk.take_in(declared, text, name="2024_ed2024-06-01.csv").broken() == {
        "occurrence_date.after_edition": [2, 3, 4],
        "date.outside_period": [3, 4],
    }
    reported = {**desk.DECLARATION["delivers"], "cells": "reported_values"}
    placed = desk.layout(map={**desk.layout()["map"], "occurrence_first_level": {"fixed": "MEX-01"}})
    declared = desk.source(tmp_path, placed, edition=edition, delivers=reported)
    assert desk.take_in(declared, text, name="all_ed2024-06-01.csv").broken() == {
        "date.outside_period": [2, 3, 4]
    }


def test_rows_left_out(tmp_path: Path) -> None:
    exclude = [
        {"reason": "total_row", "column": "day", "equals": "TOTAL"},
        {"reason": "other_year", "column": "year", "in": ["2026", "2027"]},
        {"reason": "footer", "column": "n", "blank": True},
        {"reason": "note", "column": "day", "starts_with": "Nota's"},
    ]
    layout = desk.layout(
        columns={"open": ["day", "n", "year"]},
        rows={"exclude": exclude},
        map={**desk.MAP, "count": {"parse": "integer", "from": "n"}},
    )
    rows = [
        *(
            " TOTAL ,9,2026",
            f"{DAY},1,2024",
            f"{DAY},1,2026",
            f"{DAY}, ,2027",
            f"{DAY},,2024",
            "Nota's x,1,2024",
        ),
        *(f"{DAY},1,", "TOTALES,1,2024"),
    ]
    made = desk.take_in(desk.source(tmp_path, layout), "day,n,year\n" + "\n".join(rows) + "\n")
    assert made.delivery.row_exclusions == {"total_row": 1, "other_year": 2, "footer": 1, "note": 1}
    assert made.records("row_number") == [(2,), (7,), (8,)]
    assert (made.delivery.rows_delivered, made.delivery.records_made) == (8, 3)
    assert made.broken() == {"occurrence_date.unreadable": [8]}


UNPIVOT = desk.layout(
    columns={"open": ["year", "area", "Ene", "Feb"]},
    rows={"unpivot": {"columns": {"Ene": 1, "Feb": 2}, "name": "m", "value": "v", "blank": "not_reported"}},
    map={
        **desk.MAP,
        "occurrence_date": {"parse": "year_month", "year": "year", "month": "m"},
        "occurrence_first_level": {"copy": "area", "pad": 2, "prefix": "MEX-"},
        "count": {"parse": "integer", "from": "v"},
    },
)


def test_value_columns_side_by_side(tmp_path: Path) -> None:
    text = "year,area,Ene,Feb\n2024,1,0,5\n2024,2,, \n2024,3,x,1\n"
    made = desk.take_in(desk.source(tmp_path, UNPIVOT), text)
    assert made.records("row_number", "row_part", "occurrence_date", "count", "exclusion") == [
        (1, 1, dt.date(2024, 1, 1), 0, None),
        (1, 2, dt.date(2024, 2, 1), 5, None),
        (2, 1, dt.date(2024, 1, 1), None, "not_reported"),
        (2, 2, dt.date(2024, 2, 1), None, "not_reported"),
        (3, 1, dt.date(2024, 1, 1), None, None),
        (3, 2, dt.date(2024, 2, 1), 1, None),
    ]
    assert made.broken() == {"count.unreadable": [3]}
    assert len({key for (key,) in made.records("record_key")}) == 6
    assert sum(n for (n,) in made.records("events")) == 6
    raw = [json.loads(text) for (text,) in made.query(f"SELECT raw FROM {staging.RAW}")]
    assert raw == [{"year": "2024", "area": "3", "m": "1", "v": "x"}]


def test_a_range_of_columns(tmp_path: Path) -> None:
    layout = desk.layout(
        columns={"open": ["area", "2019", "2020"]},
        rows={"unpivot": {"columns": {"range": [2019, 2020]}, "name": "y", "value": "v", "blank": "none"}},
        map={
            **desk.MAP,
            "occurrence_date": {"parse": "year", "from": "y"},
            "count": {"parse": "integer", "from": "v"},
        },
    )
    made = desk.take_in(desk.source(tmp_path, layout), "area,2020,2019\nx,20,19\n")
    assert made.records("occurrence_date", "count") == [(dt.date(2019, 1, 1), 19), (dt.date(2020, 1, 1), 20)]


@pytest.mark.parametrize(
    ("period", "expected"),
    [("month", dt.date(2024, 2, 1)), ("year", dt.date(2024, 1, 1)), ("all", None)],
)
def test_slices(tmp_path: Path, period: str, expected: dt.date | None) -> None:
    delivers = {**desk.DECLARATION["delivers"], "slice": {"period": period}}
    made = desk.take_in(desk.source(tmp_path, delivers=delivers), "day,n\n2024-02-20,1\n")
    assert made.records("slice_period", "slice_area", "cell_area", "cell_month") == [
        (expected, None, None, None)
    ]


def test_slices_by_area_and_another_date(tmp_path: Path) -> None:
    layout = desk.layout(
        columns={"open": ["day", "reported", "area"]},
        map={
            **desk.MAP,
            "report_date": {"parse": "date", "from": "reported", "formats": ["%Y-%m-%d"]},
            "occurrence_first_level": {"copy": "area"},
        },
    )
    delivers = {
        "slice": {"period": "month", "area": "first_level"},
        "cells": "reported_values",
        "place_basis": "occurrence",
        "date_basis": "report",
    }
    made = desk.take_in(
        desk.source(tmp_path, layout, delivers=delivers), "day,reported,area\n2024-01-31,2024-03-02,MEX-01\n"
    )
    month = dt.date(2024, 3, 1)
    assert made.records("slice_period", "slice_area", "cell_area", "cell_month") == [
        (month, "MEX-01", "MEX-01", month)
    ]


def test_record_types_without_a_count_are_one_event_each(tmp_path: Path) -> None:
    layout = desk.layout(
        columns={"open": ["code", "day"]},
        map={
            "area_code": {"copy": "code"},
            "area_level": {"fixed": "municipality"},
            "parent_code": {"fixed": "MEX-01"},
            "name": {"copy": "code"},
            "boundary_version": {"fixed": "v"},
            "valid_from": {"parse": "date", "from": "day", "formats": ["%Y-%m-%d"]},
        },
    )
    delivers = {
        "slice": {"period": "all"},
        "cells": "none",
        "place_basis": "jurisdiction",
        "date_basis": "valid_from",
    }
    declared = desk.source(
        tmp_path, layout, record_type="area", source_type="statistics_office", delivers=delivers
    )
    assert desk.take_in(declared, "code,day\nMEX-01001,2024-01-01\n").records("events", "record_key") == [
        (1.0, 1)
    ]


def test_names_and_values_are_quoted(tmp_path: Path) -> None:
    column, label = 'it\'s a "column", ñ;', 'o\'label; -- "x"'
    layout = desk.layout(
        columns={"open": ["day", column]},
        map={**desk.MAP, "mechanism": {"recode": column, "codes": {label: "firearm"}}},
    )
    header, cell = column.replace('"', '""'), label.replace('"', '""')
    made = desk.take_in(desk.source(tmp_path, layout), f'day,"{header}"\n{DAY},"{cell}"\n{DAY},x\n')
    assert made.records("mechanism") == [("firearm",), (None,)]
    ((raw,),) = made.query(f"SELECT raw FROM {staging.RAW}")
    assert json.loads(raw) == {"day": DAY, column: "x"}
