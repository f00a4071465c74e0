"""Deliveries of several tables: each row of the leading one with what its keys find in the others."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from schemas.errors import Misuse, Refusal
from schemas.staging import StagedPart
from sources.kit import packing
from sources.kit.discovery import Source
from tests.unit.sources import desk
from tests.unit.sources.test_specification import line, refused

PERSONS = """id,home,sex,name
1,H-1,Hombre,Ana
2, H-1 ,Mujer,Eva
3,H-2,Mujer,Ñu
4,H-9,Hombre,x
5,,Mujer,x
6,H-3,Hombre,x
"""
HOMES = """home,block,area,day
H-1,B-1,MEX-01,2024-01-01
H-2,B-2,MEX-02,2024-02-01
H-3,B-1,MEX-01,2024-03-01
H-3,B-2,MEX-02,2024-03-01
H-4,B-1,MEX-01,2024-03-01
"""
BLOCKS = "code,zone\nB-1,U\nB-3,R\n"
BLOCK = {"name": "block", "file": {"format": "csv", "member": "blocks*"}, "columns": {"open": ["code", "zone"]},
         "keys": {"home.block": "code"}, "missing": "keep"}  # fmt: skip


def home(**changes: Any) -> dict[str, Any]:
    return {
        "name": "home",
        "file": {"format": "csv", "member": "homes*"},
        "columns": {"open": ["home", "block", "area", "day"]},
        "keys": ["home"],
        **changes,
    }


def layout(*join: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Persons as victims, with their homes."""
    return {
        "id": "survey",
        "file": {"format": "csv", "member": "persons*"},
        "columns": {"open": ["home", "sex"], "identifier": ["id"], "restricted": ["name"]},
        "join": list(join) or [home()],
        "map": {
            "counting_unit": {"fixed": "victim"},
            "role": {"fixed": "victim"},
            "event_class": {"fixed": "offence"},
            "occurrence_date": {"parse": "date", "from": "home.day", "formats": ["%Y-%m-%d"]},
            "occurrence_first_level": {"copy": "home.area"},
            "sex": {"recode": "sex", "codes": {"Hombre": "M", "Mujer": "F"}},
            "person_hmac": {"hmac": "id"},
        },
        **changes,
    }


def source(folder: Path, *layouts: dict[str, Any], **changes: Any) -> Source:
    return desk.source(folder, *(layouts or (layout(),)), record_type="person_role", **changes)


def packed(**members: str | bytes) -> bytes:
    """A .zip as a provider makes it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(f"data/{name}.csv", text)
    return made.getvalue()


def test_each_row_gets_what_its_keys_find(tmp_path: Path) -> None:
    made = desk.take_in(source(tmp_path), packed(persons_2024=PERSONS, homes_2024=HOMES), name="x.zip")
    found = made.records("row_number", "sex", "occurrence_first_level", where="row_number <= 3")
    assert found == [(1, "M", "MEX-01"), (2, "F", "MEX-01"), (3, "F", "MEX-02")]
    broken = made.broken()
    assert (broken["join.missing"], broken["join.repeated"]) == ([4, 5], [6])
    assert broken["occurrence_date.missing"] == [4, 5, 6]
    account = made.delivery
    assert (account.rows_delivered, account.records_made) == (6, 6)
    assert account.parts == (StagedPart("home", 5, 0, 2, 2, 1),)
    ((raw,),) = made.query("SELECT raw FROM staged_raw WHERE row_number = 4")
    assert (
        raw
        == '{"home":"H-9","sex":"Hombre","home.home":null,"home.block":null,"home.area":null,"home.day":null}'
    )


def test_a_row_without_a_match_may_be_kept(tmp_path: Path) -> None:
    mapped = {**layout()["map"], "occurrence_date": {"fixed": "2024-05-01"}}
    made = desk.take_in(
        source(tmp_path, layout(home(missing="keep"), map=mapped)),
        packed(persons=PERSONS, homes=HOMES),
        name="x.zip",
    )
    assert made.broken() == {"join.repeated": [6]}
    assert made.records("occurrence_first_level", where="row_number >= 4") == [(None,)] * 3


def test_tables_are_joined_in_a_chain(tmp_path: Path) -> None:
    mapped = {
        **layout()["map"],
        "urbanisation": {"recode": "block.zone", "codes": {"U": "urban", "R": "rural"}},
    }
    declared = source(tmp_path, layout(home(), BLOCK, map=mapped))
    made = desk.take_in(declared, packed(persons=PERSONS, homes=HOMES, blocks_x=BLOCKS), name="x.zip")
    assert made.records("urbanisation", where="row_number <= 3") == [("urban",), ("urban",), (None,)]
    assert made.delivery.parts[1] == StagedPart("block", 2, 0, 1, 0, 1)
    assert made.broken()["join.missing"] == [4, 5], "only the home is asked for"


def test_conditions_and_keys_read_joined_columns(tmp_path: Path) -> None:
    rows = {"exclude": [{"reason": "elsewhere", "column": "home.area", "equals": "MEX-02"}]}
    declared = source(tmp_path, layout(rows=rows), key={"columns": ["id", "home.block"]})
    made = desk.take_in(declared, packed(persons=PERSONS, homes=HOMES), name="x.zip")
    assert made.delivery.row_exclusions == {"elsewhere": 1}
    assert made.broken()["key.missing"] == [4, 5, 6]


def test_an_identifier_of_a_joined_table_is_hashed_as_that_of_the_leading_one(tmp_path: Path) -> None:
    columns = {"open": ["home", "area", "day"], "identifier": ["block"]}
    joined = layout(home(columns=columns), map={**layout()["map"], "person_hmac": {"hmac": "home.block"}})
    made = desk.take_in(source(tmp_path, joined), packed(persons=PERSONS, homes=HOMES), name="x.zip")
    alone = desk.take_in(
        source(tmp_path, layout()),
        packed(persons=PERSONS.replace("\n1,", "\nB-1,"), homes=HOMES),
        name="x.zip",
    )
    ((joined_hash,),) = made.query("SELECT hex(person_hmac) FROM staged_record WHERE row_number = 1")
    ((own_hash,),) = alone.query("SELECT hex(person_hmac) FROM staged_record WHERE row_number = 1")
    assert joined_hash == own_hash


def test_record_numbers_are_those_of_the_leading_table(tmp_path: Path) -> None:
    broken = PERSONS.replace("2, H-1", "one,too,many,fields,here\n2, H-1")
    homes = HOMES + "x,too,many,fields,here\n"
    made = desk.take_in(
        source(tmp_path), packed(persons=broken, homes=homes + "H-7,B-1,MEX-01,2024-01-01\n"), name="x.zip"
    )
    assert made.unreadable() == [2]
    assert [n for (n,) in made.records("row_number")] == [1, 3, 4, 5, 6, 7]
    assert made.delivery.rows_delivered == 7 and made.delivery.rows_unreadable == 1
    assert made.delivery.parts == (StagedPart("home", 7, 1, 2, 2, 2),)


def test_large_tables_keep_their_order(tmp_path: Path) -> None:
    n = 30_000
    persons = "id,home,sex,name\n" + "".join(f"{i},H-{(i * 7919) % 1000},Hombre,x\n" for i in range(n))
    homes = "home,block,area,day\n" + "".join(f"H-{i},B,MEX-0{i % 3 + 1},2024-01-01\n" for i in range(1000))
    made = desk.take_in(source(tmp_path), packed(persons=persons, homes=homes), name="x.zip")
    areas = [area for (area,) in made.records("occurrence_first_level")]
    assert areas == [f"MEX-0{(i * 7919) % 1000 % 3 + 1}" for i in range(n)]
    assert made.broken() == {}


def test_two_sheets_of_one_workbook(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    book = xlsxwriter.Workbook(str(path))
    for name, text in (("Personas", PERSONS), ("Viviendas", HOMES)):
        sheet = book.add_worksheet(name)
        for row, cells in enumerate(text.splitlines()):
            sheet.write_row(row, 0, cells.split(","))
    book.close()
    sheets = layout(
        home(file={"format": "workbook", "sheet": "Viviendas"}),
        file={"format": "workbook", "sheet": "Personas"},
    )
    made = desk.take_in(source(tmp_path, sheets), path)
    assert made.records("sex", "occurrence_first_level", where="row_number <= 2") == [
        ("M", "MEX-01"),
        ("F", "MEX-01"),
    ]


def test_what_is_not_there_or_not_as_declared_refuses_the_delivery(tmp_path: Path) -> None:
    declared = source(tmp_path)
    with pytest.raises(Refusal, match="no file called homes") as refusal:
        desk.take_in(declared, packed(persons=PERSONS), name="x.zip")
    assert refusal.value.code == "archive_member"
    with pytest.raises(Refusal) as refusal:
        desk.take_in(declared, packed(persons=PERSONS, homes=HOMES.replace("area", "zone")), name="x.zip")
    assert refusal.value.code == "header_drift" and "table home" in str(refusal.value.where)


def test_a_layout_is_chosen_by_the_headers_of_all_its_tables(tmp_path: Path) -> None:
    old = layout(home(columns={"open": ["home", "block", "zone", "day"]}), id="old")
    old["map"] = {**old["map"], "occurrence_first_level": {"copy": "home.zone"}}
    declared = source(tmp_path, layout(), old)
    made = desk.take_in(declared, packed(persons=PERSONS, homes=HOMES.replace("area", "zone")), name="x.zip")
    assert made.delivery.layout == "old"


@pytest.mark.parametrize(
    ("join", "says", "at"),
    [
        (home(keys=["gone"]), "found by 'gone', which is not among what stands before it", "keys:"),
        (home(keys={"home": "gone"}), "found by 'gone', which is not among its columns", "keys:"),
        (home(keys={"name": "home"}), "not among what stands before it", "keys:"),
        (home(keys=[]), "keys", "keys: []"),
        (home(name="Home"), "does not have the form", "- name: Home"),
        (home(missing="drop"), "no possible value", "missing: drop"),
        (home(with_="x"), "unknown key", "with_: x"),
    ],
)
def test_joins_that_do_not_serve(tmp_path: Path, join: dict[str, Any], says: str, at: str) -> None:
    error = refused(tmp_path, layout(join), record_type="person_role")
    assert says in error.text() and error.how
    assert line(error).startswith(at)


def test_names_of_joined_columns(tmp_path: Path) -> None:
    assert (
        "two joined tables have one name"
        in refused(tmp_path, layout(home(), home()), record_type="person_role").text()
    )
    mapped = {**layout()["map"], "occurrence_first_level": {"copy": "area"}}
    assert "home.area" in refused(tmp_path, layout(map=mapped), record_type="person_role").how


def test_identifiers_of_a_joined_table_need_a_key(tmp_path: Path) -> None:
    joined = home(columns={"open": ["block", "area", "day"], "identifier": ["home"]})
    plain = {"open": ["home", "sex", "id", "name"]}
    mapped = {k: v for k, v in layout()["map"].items() if k != "person_hmac"}
    declared = source(tmp_path, layout(joined, columns=plain, map=mapped), demo=False)
    assert declared.specification.holds_personal_data
    with pytest.raises(Misuse) as misuse:
        desk.take_in(declared, packed(persons=PERSONS, homes=HOMES), name="x.zip")
    assert misuse.value.code == "no_master_key"


def test_files_are_packed_alike_on_any_day(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    made = []
    for folder, names in (
        ("a", ("viviendas ñ.csv", "personas.csv")),
        ("b", ("personas.csv", "viviendas ñ.csv")),
    ):
        files = [tmp_path / folder / name for name in names]
        for file in files:
            file.write_text(file.name, encoding="utf-8")
        with packing.as_one(files, tmp_path / "work") as path:
            made.append((path.name, path.read_bytes(), path.stat().st_mode & 0o077))
    assert made[0] == made[1]
    assert made[0][0] == "personas.csv + viviendas ñ.csv.zip" and made[0][2] == 0
    assert list((tmp_path / "work").iterdir()) == []
    with zipfile.ZipFile(io.BytesIO(made[0][1])) as archive:
        assert archive.testzip() is None and archive.namelist() == ["personas.csv", "viviendas ñ.csv"]


def test_what_cannot_be_packed(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    files = [tmp_path / "x.csv", tmp_path / "a" / "x.csv"]
    for file in files:
        file.write_text("x", encoding="utf-8")
    with (
        pytest.raises(Misuse, match="two files of the delivery are called x"),
        packing.as_one(files, tmp_path),
    ):
        raise AssertionError("not packed")
    files[1].write_bytes(b"")
    with pytest.raises(Refusal, match="the file is empty"), packing.as_one(files, tmp_path):
        raise AssertionError("not packed")


def test_what_belongs_together(tmp_path: Path) -> None:
    joined, alone = source(tmp_path).specification, desk.source(tmp_path).specification
    files = [Path("b.csv"), Path("x.ZIP"), Path("a.csv"), Path("y.zip")]
    assert packing.together(joined, files) == [[files[1]], [files[3]], [files[0], files[2]]]
    assert packing.together(alone, files) == [[f] for f in files]
