"""Recoding by a correspondence table: what it says of a label, by the date of the record, and what does not serve."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.errors import Misuse
from tests.unit.sources import desk
from tests.unit.sources.tried import judged, values


def table(folder: Path, text: str | bytes) -> Path:
    (folder / "codes.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def test_recode_several_columns(tmp_path: Path) -> None:
    rows = 'a,b,code,status\nRobo,"Con, violencia",0401,draft\nRobo,,0502,draft\n"Año ""x""\nñ",y,0101,official\n'
    folder = table(tmp_path, "\ufeff" + rows)
    verb = {"recode": ["a", "b"], "table": "codes.csv"}
    given = (
        ("Robo", "Con, violencia"),
        (" Robo ", None),
        ("Robo", "  "),
        ('Año "x"\nñ', "y"),
        ("RoboCon", ", violencia"),
    )
    assert judged(verb, *given, (None, None), field="iccs", folder=folder) == [
        *(("0401", True), ("0502", True), ("0502", True), ("0101", True)),
        *((None, True), (None, False)),
    ]


def test_known_code_without_a_class_yet(tmp_path: Path) -> None:
    folder = table(tmp_path, "a,code\nNuevo,unmapped\n")
    verb = {"recode": "a", "table": "codes.csv"}
    assert judged(verb, "Nuevo", "Otro", field="iccs", folder=folder) == [("unmapped", True), (None, True)]


@pytest.mark.parametrize(
    ("content", "code", "line", "says"),
    [
        (None, "table_missing", "", "codes.csv is missing"),
        ("a,code\n", "table_empty", "", "empty"),
        ("", "table_empty", "", "empty"),
        ("x,code\ny,0101\n", "table_malformed", ":1", "lacks a"),
        ("a,code\nx,0101\n\ny\n", "table_malformed", ":4", "1 fields, the header 2"),
        ("a,code\nx,0101\ny,0401\nx,0401\n", "table_ambiguous", ":4", "two codes for 'x'"),
        ('a,code\n"x\ny",0101\nz\n', "table_malformed", ":4", "1 fields, the header 2"),
        ("a,code\nñ,0101\n".encode("latin-1"), "table_malformed", "", "cannot be read"),
        ('a,code\n"x,0101\n', "table_malformed", "", "cannot be read"),
        (
            "a,code\nx,0101\ny,9999\nz,999\n",
            "unknown_target_code",
            ":3",
            "'9999' is no code of the list iccs",
        ),
        ("a,code\nx,\n", "table_malformed", ":2", "'x' has no code"),
    ],
)
def test_tables_that_do_not_serve(
    tmp_path: Path, content: str | bytes | None, code: str, line: str, says: str
) -> None:
    if content is not None:
        table(tmp_path, content)
    with pytest.raises(Misuse) as misuse:
        judged({"recode": "a", "table": "codes.csv"}, "x", field="iccs", folder=tmp_path)
    assert (misuse.value.code, misuse.value.exit_status) == (code, 2)
    assert says in misuse.value.what and misuse.value.how
    assert str(tmp_path) in misuse.value.where
    assert misuse.value.where.endswith(line)


def test_every_code_of_a_table_that_is_not_of_the_list_is_told(tmp_path: Path) -> None:
    table(tmp_path, "a,code\nx,0101\ny,9999\nz,998\n")
    with pytest.raises(Misuse, match=r"iccs: '9999' is no code.*\n  line 4: iccs: '998' is no code"):
        judged({"recode": "a", "table": "codes.csv"}, "x", field="iccs", folder=tmp_path)


def test_a_label_that_changed_its_class_is_recoded_by_the_date_of_the_record(tmp_path: Path) -> None:
    changed = "Hurto,0502,,2019-12-31\nHurto,0501,2020-01-01,\n"
    folder = table(tmp_path, f"a,code,valid_from,valid_to\n{changed}Robo,0401,,\nDaño,0504,2021-01-01,\n")
    verb = {"recode": "a", "table": "codes.csv"}
    given = (
        ("Hurto", None, "2019-12-31"),
        ("Hurto", None, "2020-01-01"),
        ("Hurto ", None, "2030-01-01"),
        ("Hurto", None, None),
        ("Robo", None, "1990-01-01"),
        ("Robo", None, None),
        ("Daño", None, "2020-12-31"),
        ("Daño", None, "2021-01-01"),
    )
    found = values(verb, *given, field="iccs", folder=folder)
    assert found == ["0502", "0501", "0501", None, "0401", "0401", None, "0504"]


def test_what_is_unknown_is_unknown_at_all_times(tmp_path: Path) -> None:
    folder = table(tmp_path, "a,code,valid_from\nx,M,2020-01-01\n")
    verb = {"recode": "a", "table": "codes.csv", "unknown": ["S/D"]}
    given = (("S/D", None, "2019-01-01"), ("S/D", None, None), ("x", None, "2019-01-01"))
    assert values(verb, *given, field="sex", folder=folder) == ["_U", "_U", None]


def test_a_label_that_is_not_in_the_table_is_quarantined_for_a_text_too(tmp_path: Path) -> None:
    """An area is no code of a closed list; a name that the table lacks is no record without a place."""
    recode = {"recode": "n", "codes": {"Norte": "MEX-01"}, "unknown": ["Se ignora"]}
    declared = desk.source(tmp_path, desk.layout(map={**desk.MAP, "occurrence_first_level": recode}))
    made = desk.take_in(
        declared, "day,n\n2024-01-01,Norte\n2024-01-02,Nrote\n2024-01-03,Se ignora\n2024-01-04,\n"
    )
    assert made.broken() == {"occurrence_first_level.unknown_code": [2]}
    assert made.records("row_number", "occurrence_first_level", where="broken = 0") == [
        (1, "MEX-01"),
        (3, None),
        (4, None),
    ]
