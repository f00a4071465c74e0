"""A delivery from landed bytes to the staging tables: layouts, accounting, cells, and what is never kept."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from schemas import record_type, staging
from schemas.errors import Misuse, Refusal
from schemas.rules import explain
from schemas.staging import ControlTotal
from sources.kit import stage
from sources.kit.readers import raw
from tests.unit.sources import desk
from tests.unit.sources.test_mapping import UNPIVOT
from tests.unit.sources.test_workbook import Sheet, xlsx

CELLS = {"slice": {"period": "month"}, "place_basis": "occurrence", "date_basis": "occurrence"}


def test_facts_of_a_delivery(tmp_path: Path) -> None:
    layout = desk.layout(rows={"exclude": [{"reason": "total_row", "column": "day", "equals": "TOTAL"}]})
    edition = {"from": "file_name", "pattern": r"rev(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"}
    period = {"from": "file_name", "pattern": r"^(?P<year>\d{4})"}
    declared = desk.source(tmp_path, layout, edition=edition, period=period)
    text = "day,n\n2024-01-01,1\nTOTAL,9\n2024-01-01,1\nx,y,z\n2024-01-03,4\n"
    made = desk.take_in(declared, text, name="2024__rev2025-01-31.csv")
    found = made.delivery
    assert (found.source_id, found.record_type, found.layout) == ("probe", "incident", "plain")
    assert (found.rows_delivered, found.rows_unreadable, found.row_exclusions) == (5, 1, {"total_row": 1})
    assert (found.records_made, found.repeated_rows) == (3, 1)
    assert found.edition_date == dt.date(2025, 1, 31)
    assert (found.period_start, found.period_end) == (dt.date(2024, 1, 1), dt.date(2024, 12, 31))
    assert made.records("row_number", "count") == [(1, 1), (3, 1), (5, 4)]
    assert made.query(f"SELECT * FROM {staging.UNREADABLE}") == [(4, text.index("x,y"))]


def test_columns_of_the_staging_table(tmp_path: Path) -> None:
    made = desk.take_in(desk.source(tmp_path), "day,n\n2024-01-01,1\n")
    described = [(name, kind) for name, kind, *_ in made.query(f"DESCRIBE {staging.TABLE}")]
    assert described[: len(staging.LEADING)] == list(staging.LEADING)
    fields = record_type.load("incident").fields
    assert [name for name, _ in described[len(staging.LEADING) :]] == [f.name for f in fields]


def test_control_totals(tmp_path: Path) -> None:
    exclude = [
        {"reason": "total_row", "column": "day", "equals": "TOTAL", "control_total": "n"},
        {"reason": "total_row", "column": "n", "equals": "TOTAL", "control_total": "day"},
        {"reason": "footer", "column": "n", "blank": True},
    ]
    declared = desk.source(tmp_path, desk.layout(rows={"exclude": exclude}))
    made = desk.take_in(declared, "day,n\n2024-01-01,3\nx,4\nTOTAL,8\nFuente,\n")
    assert made.delivery.control_totals == (ControlTotal("total_row", 8.0, 7.0),)
    assert made.delivery.row_exclusions == {"total_row": 1, "footer": 1}


@pytest.mark.parametrize("written", ["TOTAL", "Total", " total ", "Total General", "TOTAL GENERAL "])
def test_a_control_total_in_small_letters_and_with_spaces(tmp_path: Path, written: str) -> None:
    exclude = [
        {"reason": "total_row", "column": "day", "in": ["TOTAL", "Total general"], "control_total": "n"}
    ]
    declared = desk.source(tmp_path, desk.layout(rows={"exclude": exclude}))
    made = desk.take_in(declared, f"day,n\n2024-01-01,3\n{written},3\n")
    assert made.delivery.control_totals == (ControlTotal("total_row", 3.0, 3.0),)
    assert (made.delivery.records_made, made.broken()) == (1, {})


@pytest.mark.parametrize(("rows", "missing"), [("", 1), ("TOTAL,3\n", 0), ("x,TOTAL\n", 0)])
def test_a_declared_control_total_that_no_row_states_is_told(tmp_path: Path, rows: str, missing: int) -> None:
    exclude: list[dict[str, Any]] = [
        {"reason": "total_row", "column": "day", "equals": "TOTAL", "control_total": "n"},
        {"reason": "total_row", "column": "n", "equals": "TOTAL", "control_total": "m"},
        {"reason": "note", "column": "day", "equals": "Fuente"},
    ]
    columns = {"open": ["day", "n", "m"]}
    declared = desk.source(tmp_path, desk.layout(columns=columns, rows={"exclude": exclude}))
    text = "day,n,m\n2024-01-01,3,\n" + rows.replace("\n", ",3\n")
    made = desk.take_in(declared, text)
    told = [f for f in made.delivery.findings if f.code == "control_total.missing"]
    assert [(f.severity, f.n_judged, f.n_broken, f.raised) for f in told] == [("warn", 1, 1, True)] * missing
    assert len(made.delivery.control_totals) == 1 - missing
    assert made.delivery.records_made == 1
    for language in ("es", "en", "pt"):
        assert all(explain("control_total.missing", language))


def test_a_control_total_that_cannot_be_read_is_not_dropped(tmp_path: Path) -> None:
    exclude = [{"reason": "total_row", "column": "day", "equals": "TOTAL", "control_total": "n"}]
    declared = desk.source(tmp_path, desk.layout(rows={"exclude": exclude}))
    try:
        made = desk.take_in(declared, 'day,n\n2024-01-01,3\nTOTAL,"12,656"\n')
    except Refusal:
        return
    assert made.delivery.control_totals


def test_equal_rows_of_a_source_without_key_are_kept(tmp_path: Path) -> None:
    made = desk.take_in(desk.source(tmp_path), "day,n\n" + "2024-01-01,1\n" * 3 + "2024-01-02,1\n" * 2)
    assert (made.delivery.repeated_rows, made.delivery.records_made) == (3, 5)


def test_rows_left_out_are_no_equal_rows(tmp_path: Path) -> None:
    layout = desk.layout(file={"format": "workbook"})
    path = xlsx(tmp_path / "x.xlsx", S=[["day", "n"], ["2024-01-01", 1], [], [], [], ["2024-01-02", 1]])
    made = desk.take_in(desk.source(tmp_path, layout), path)
    assert made.delivery.row_exclusions == {"blank_row": 3}
    assert made.delivery.repeated_rows == 0


def test_workbook_rows(tmp_path: Path) -> None:
    layout = desk.layout(file={"format": "workbook", "header": {"contains": ["n", "day"]}}, names="trimmed")
    edition = {
        "from": "text",
        "months": "es",
        "pattern": r"al (?P<day>\d+) de (?P<month>\w+) de (?P<year>\d{4})",
    }
    rows: Sheet = [
        ["Título"],
        ["Datos al 5 de marzo de 2024"],
        [" n", "day "],
        [1.0, dt.date(2024, 1, 1)],
        [],
        [2, "x"],
    ]
    made = desk.take_in(desk.source(tmp_path, layout, edition=edition), xlsx(tmp_path / "x.xlsx", S=rows))
    assert made.delivery.edition_date == dt.date(2024, 3, 5)
    assert made.records("row_number", "count", "occurrence_date") == [
        (1, 1, dt.date(2024, 1, 1)),
        (3, 2, None),
    ]
    assert made.broken() == {"occurrence_date.unreadable": [3]}


# --- cells


def test_reported_values_are_received_partial_or_missing(tmp_path: Path) -> None:
    declared = desk.source(tmp_path, UNPIVOT, delivers={**CELLS, "cells": "reported_values"})
    rows = [
        "2024,1,0,5",
        "2024,2,,5",
        "2024,2,1,5",
        "2024,3,,",
        "2024,77,1,1",
        "2024,,1,1",
        "2024,1,x,1",
        "x,1,1,1",
    ]
    text = "year,area,Ene,Feb\n" + "\n".join(rows) + "\n"
    made = desk.take_in(declared, text)
    assert made.cells() == [
        ("MEX-01", "2024-01-01", "received"),
        ("MEX-01", "2024-02-01", "received"),
        ("MEX-02", "2024-01-01", "partial"),
        ("MEX-02", "2024-02-01", "received"),
        ("MEX-03", "2024-01-01", "missing"),
        ("MEX-03", "2024-02-01", "missing"),
    ]
    assert made.broken()["occurrence_first_level.unknown_code"] == [5, 5]


def test_repeated_records_do_not_make_a_cell_partial(tmp_path: Path) -> None:
    key = {"columns": ["year", "area"]}
    declared = desk.source(tmp_path, UNPIVOT, key=key, delivers={**CELLS, "cells": "reported_values"})
    made = desk.take_in(declared, "year,area,Ene,Feb\n2024,1,1,2\n2024,1,1,2\n")
    assert made.exclusions() == {"repeated": 2}
    assert {status for _, _, status in made.cells()} == {"received"}


def test_a_record_outside_the_period_says_nothing_about_a_cell(tmp_path: Path) -> None:
    period = {"from": "file_name", "pattern": r"(?P<year>\d{4})"}
    declared = desk.source(tmp_path, UNPIVOT, period=period, delivers={**CELLS, "cells": "reported_values"})
    made = desk.take_in(declared, "year,area,Ene,Feb\n2023,1,1,2\n2024,1,1,2\n", name="2024.csv")
    assert [month for _, month, _ in made.cells()] == ["2024-01-01", "2024-02-01"]


def placed(cells: str, **more: Any) -> dict[str, Any]:
    layout = desk.layout(
        columns={"open": ["day", "area"]}, map={**desk.MAP, "occurrence_first_level": {"copy": "area"}}
    )
    return {"layouts": [layout], "delivers": {**CELLS, "cells": cells, **more}}


def whole_period(folder: Path, **more: Any) -> Any:
    made = placed("whole_period", **more)
    period = {"from": "file_name", "pattern": r"(?P<year>\d{4})-(?P<to_month>\d\d)"}
    return desk.source(folder, *made["layouts"], delivers=made["delivers"], period=period)


def test_a_whole_period_covers_areas_and_months_without_rows(tmp_path: Path) -> None:
    made = desk.take_in(whole_period(tmp_path), "day,area\n2024-01-01,MEX-01\n", name="2024-02.csv")
    expected = [(area, f"2024-0{month}-01", "received") for area in desk.AREAS for month in (1, 2)]
    assert made.cells() == expected


def test_a_whole_period_of_yearly_slices(tmp_path: Path) -> None:
    declared = whole_period(tmp_path, slice={"period": "year", "area": "first_level"})
    made = desk.take_in(declared, "day,area\n2024-01-01,MEX-01\n", name="2024-02.csv")
    slices = made.query(f"SELECT DISTINCT slice_period::VARCHAR, slice_area = area FROM {staging.CELLS}")
    assert slices == [("2024-01-01", True)]


def test_a_whole_period_without_a_declared_period(tmp_path: Path) -> None:
    made = placed("whole_period")
    declared = desk.source(tmp_path, *made["layouts"], delivers=made["delivers"])
    staged = desk.take_in(
        declared, "day,area\n2024-03-05,MEX-01\n2024-05-05,MEX-99\nx,MEX-01\n", areas=["MEX-01", "MEX-02"]
    )
    assert staged.cells() == [("MEX-01", "2024-03-01", "received"), ("MEX-02", "2024-03-01", "received")]


def test_a_whole_period_of_unknown_areas(tmp_path: Path) -> None:
    with pytest.raises(Misuse) as misuse:
        desk.take_in(whole_period(tmp_path), "day,area\n2024-01-01,MEX-01\n", name="2024-02.csv", areas=[])
    assert (misuse.value.code, misuse.value.exit_status) == ("no_areas", 2)
    assert "areas first" in misuse.value.how


def test_reported_values_of_unknown_areas(tmp_path: Path) -> None:
    made = placed("reported_values")
    declared = desk.source(tmp_path, *made["layouts"], delivers=made["delivers"])
    staged = desk.take_in(declared, "day,area\n2024-03-05,MEX-77\n", areas=[])
    assert staged.cells() == [("MEX-77", "2024-03-01", "received")]
    assert staged.broken() == {}


def test_denominators_report_no_cells(tmp_path: Path) -> None:
    assert desk.take_in(desk.source(tmp_path), "day,n\n2024-01-01,1\n").cells() == []


# --- layouts

FIRST = desk.layout(id="first")
SECOND = desk.layout(
    id="second",
    columns={"open": ["fecha"]},
    map={**desk.MAP, "occurrence_date": {**desk.MAP["occurrence_date"], "from": "fecha"}},
)


def test_the_first_layout_that_fits(tmp_path: Path) -> None:
    declared = desk.source(tmp_path, FIRST, SECOND)
    assert desk.take_in(declared, "n,day\n1,2024-01-01\n").delivery.layout == "first"
    assert desk.take_in(declared, "fecha\n2024-01-01\n").delivery.layout == "second"
    with pytest.raises(Refusal, match="missing: 'day'") as drift:
        desk.take_in(declared, "n,otra\n1,2024-01-01\n")
    assert drift.value.code == "header_drift"


def test_layouts_of_other_sheets_and_formats(tmp_path: Path) -> None:
    book = {"format": "workbook", "sheet": "Datos"}
    declared = desk.source(tmp_path, FIRST, {**SECOND, "file": book}, {**FIRST, "id": "third", "file": book})
    one = xlsx(tmp_path / "1.xlsx", Notas=[["x"]], Datos=[["fecha"], ["2024-01-01"]])
    other = xlsx(tmp_path / "2.xlsx", Datos=[["n", "day"], [1, "2024-01-01"]])
    assert desk.take_in(declared, one).delivery.layout == "second"
    assert desk.take_in(declared, other).delivery.layout == "third"
    with pytest.raises(Refusal, match="no sheet 'Datos'"):
        desk.take_in(declared, xlsx(tmp_path / "3.xlsx", Hoja=[["fecha"]]))


@pytest.mark.parametrize(
    "first", [{"header": {"contains": ["day"]}, "format": "csv"}, {"encoding": "utf-16", "format": "csv"}]
)
def test_a_layout_that_cannot_read_the_file_does_not_hide_the_next(
    tmp_path: Path, first: dict[str, Any]
) -> None:
    declared = desk.source(tmp_path, {**FIRST, "file": first}, SECOND)
    assert desk.take_in(declared, "fecha\n2024-01-01\n").delivery.layout == "second"


def test_files_of_the_wrong_format(tmp_path: Path) -> None:
    book = xlsx(tmp_path / "x.xlsx", S=[["day", "n"]])
    with pytest.raises(Refusal) as other:
        desk.take_in(desk.source(tmp_path), book)
    assert other.value.code == "other_format"
    declared = desk.source(tmp_path, desk.layout(file={"format": "workbook"}))
    for content, code in ((b"day,n\n", "workbook_unreadable"), (b"<html>", "html_page")):
        with pytest.raises(Refusal) as refused:
            desk.take_in(declared, content, name="x.xls")
        assert refused.value.code == code


# --- what is never kept or shown

CANARY = "CANARIO-ÑANDÚ"
PERSONAL = desk.layout(
    columns={
        "open": ["day", "n", "nota"],
        "identifier": ["folio", "curp"],
        "restricted": ["lon", "domicilio"],
    },
    map={
        **desk.MAP,
        "count": {"parse": "integer", "from": "n"},
        "case_hmac": {"hmac": "folio"},
        "longitude": {"parse": "decimal", "from": "lon"},
    },
)
PERSONAL_HEADER = "day,n,nota,folio,curp,lon,domicilio\n"


def test_open_columns_alone_are_kept_as_raw_text(tmp_path: Path) -> None:
    declared = desk.source(tmp_path, PERSONAL, key={"columns": ["folio"]})
    rows = f"2024-01-01,x,abierto,{CANARY},{CANARY},{CANARY},{CANARY}\n2024-01-01,1,abierto,{CANARY}2,x,200,{CANARY}\n"
    made = desk.take_in(declared, PERSONAL_HEADER + rows)
    assert made.broken() == {"count.unreadable": [1], "longitude.unreadable": [1], "longitude.range": [2]}
    kept = made.query(f"SELECT row_number, raw FROM {staging.RAW} ORDER BY 1")
    assert kept == [
        (1, '{"day":"2024-01-01","n":"x","nota":"abierto"}'),
        (2, '{"day":"2024-01-01","n":"1","nota":"abierto"}'),
    ]
    for table in (staging.TABLE, staging.RAW, staging.CELLS, staging.UNREADABLE):
        assert CANARY not in str(made.query(f"SELECT * FROM {table}"))


@pytest.mark.parametrize(
    "content",
    [
        PERSONAL_HEADER + f'2024-01-01,1,x,"{CANARY},{CANARY},1,{CANARY}\n',
        PERSONAL_HEADER
        + f"2024-01-01,1,x,{CANARY},{CANARY},1,{CANARY}\r\n2024-01-01,1,x,{CANARY},{CANARY}\n",
        PERSONAL_HEADER + f"2024-01-01,1,x,{CANARY}",
        f"2024-01-01,1,x,{CANARY},{CANARY},1,{CANARY}\n" * 2,
        f"day,1,x,{CANARY},{CANARY},1,{CANARY}\n" * 2,
        PERSONAL_HEADER.strip() + f"{CANARY},1,x,{CANARY},{CANARY},1,{CANARY}\n" * 2,
        PERSONAL_HEADER.replace("\n", ",") + f"2024-01-01,1,x,{CANARY},{CANARY},1,{CANARY}\n",
        f'day,n,nota,"folio,curp,lon,domicilio\n2024-01-01,1,x,{CANARY}\n',
        PERSONAL_HEADER + f"2024-01-01,1,x,{CANARY},\x00,1,{CANARY}\n",
    ],
)
def test_no_refusal_shows_a_value(tmp_path: Path, content: str) -> None:
    with pytest.raises(Refusal) as refused:
        desk.take_in(desk.source(tmp_path, PERSONAL), content)
    error: BaseException | None = refused.value
    while error is not None:
        assert CANARY not in str(error)
        error = error.__cause__


def test_forget(tmp_path: Path) -> None:
    made = desk.take_in(
        desk.source(tmp_path, key={"columns": ["n"]}), "day,n\n2024-01-01,1\n1,2,3\n2024-01-01,1\n"
    )
    stage.forget(made.connection)
    assert made.query("SELECT table_name FROM duckdb_tables() WHERE estimated_size > 0") == []


# --- threads


def test_one_thread_and_two_give_the_same(tmp_path: Path) -> None:
    layout = desk.layout(
        columns={"open": ["day", "n", "text"], "identifier": ["folio"]},
        map={**desk.MAP, "count": {"parse": "integer", "from": "n"}, "case_hmac": {"hmac": "folio"}},
        rows={"exclude": [{"reason": "total_row", "column": "n", "equals": "TOTAL"}]},
    )
    declared = desk.source(tmp_path, layout, key={"columns": ["folio"]})
    lines = [
        f"2024-{i % 13:02}-{i % 28 + 1:02},{i % 7 if i % 1000 else 'TOTAL'},"
        f'"a{"z" * (i % 90)}\n{"b" if i % 9 else ""}",F{i}'
        for i in range(125_000)
    ]
    # later rows repeat earlier ones, some of them with another count
    lines += [line if i % 5 else line.replace(",6,", ",60,") for i, line in enumerate(lines[:8_000])]
    lines[100_001] = "one,too,many,fields,here"
    text = "day,n,text,folio\n" + "\n".join(lines) + "\n"
    one, two = (desk.take_in(declared, text, threads=threads) for threads in (1, 2))
    assert one.delivery == two.delivery
    assert (one.broken(), one.exclusions()) == (two.broken(), two.exclusions())
    assert set(one.broken()) >= {"occurrence_date.unreadable", "key.repeated"}
    assert one.exclusions()["repeated"] > 1000
    for table in (staging.TABLE, staging.RAW, staging.UNREADABLE):
        tables = [m.query(f"SELECT count(*), sum(hash(t)::HUGEINT) FROM {table} AS t") for m in (one, two)]
        assert tables[0] == tables[1]
        assert tables[0][0][0] > 0
    numbers = two.query(f"SELECT count(DISTINCT row_number), max(row_number) FROM {staging.TABLE}")
    assert numbers == [(133_000 - 133 - 1, 133_000)]
    assert two.unreadable() == [100_002]
    assert raw.NUMBER in [name for name, *_ in two.query(f"DESCRIBE {raw.TABLE}")]
