"""Header drift is told with the columns' names, and with what may have happened to them."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.errors import Refusal
from sources.kit.readers import header
from sources.kit.specification import Layout

NAMES = ["Año", "Clave_Ent", "Tipo de delito", "Enero"]


def layout(*columns: str, **more: Any) -> Layout:
    made = {
        "id": "x",
        "file": {"format": "csv"},
        "columns": {"open": list(columns or NAMES)},
        "map": {},
        **more,
    }
    return Layout.model_validate(made)


def refused(found: list[str], declared: Layout | None = None) -> Refusal:
    with pytest.raises(Refusal) as error:
        header.positions(found, declared or layout(), "x.csv")
    assert (error.value.code, error.value.where) == ("header_drift", "x.csv")
    return error.value


def test_the_order_does_not_matter() -> None:
    found = list(reversed(NAMES))
    assert header.positions(found, layout(), "x.csv") == {
        "Año": 3,
        "Clave_Ent": 2,
        "Tipo de delito": 1,
        "Enero": 0,
    }


def test_names_are_exact_or_trimmed() -> None:
    found = ["Año ", " Clave_Ent", "Tipo de delito", "Enero\t"]
    assert header.positions(found, layout(names="trimmed"), "x.csv")["Enero"] == 3
    assert "names: trimmed" in refused(found).how


def test_missing() -> None:
    error = refused(NAMES[:-1])
    assert "missing: 'Enero'" in error.what
    assert "not declared" not in error.what
    assert "whole file" in error.how


def test_added() -> None:
    error = refused([*NAMES, "Nota"])
    assert "not declared: 'Nota'" in error.what
    assert "missing" not in error.what
    assert "declare the new column" in error.how


@pytest.mark.parametrize("new", ["Tipo de Delito", "tipo_de_delito", "TIPO DE DELITO ", "Tipos de delitos"])
def test_renamed(new: str) -> None:
    error = refused(["Año", "Clave_Ent", new, "Enero"])
    assert "missing: 'Tipo de delito'" in error.what
    assert f"'Tipo de delito' may have been renamed to {new!r}" in error.how


def test_all_renamed_at_once() -> None:
    how = refused(["ANO", "CLAVE ENT", "TIPO DE DELITO", "ENERO"]).how
    for old, new in zip(NAMES, ["ANO", "CLAVE ENT", "TIPO DE DELITO", "ENERO"], strict=True):
        assert f"{old!r}" in how and f"to {new!r}" in how


def test_repeated() -> None:
    assert "'Enero' more than once" in refused([*NAMES, "Enero"]).what


def test_a_column_without_a_name() -> None:
    error = refused([*NAMES, "", ""])
    assert "without a name: column 5, 6" in error.what
    assert "''" not in error.what
    assert "file: header: unnamed: {5: column_5}" in error.how
    lost = refused([*NAMES[:3], ""])
    assert f"file: header: unnamed: {{4: {NAMES[3]}}}" in lost.how


@pytest.mark.parametrize(
    ("name", "saved", "read"),
    [("Año", "utf-8", "cp1252"), ("Índice", "utf-8", "latin-1"), ("Año", "latin-1", "mac_roman")],
)
def test_mojibake(name: str, saved: str, read: str) -> None:
    wrong = name.encode(saved).decode(read)
    error = refused([wrong, *NAMES[1:]], layout(name, *NAMES[1:]))
    assert (
        f"{wrong!r} is {name!r} after a wrong conversion of its letters ({saved} read as {read})" in error.how
    )
    assert "damaged" in error.how


def test_the_hint_of_the_mac_roman_copy() -> None:
    """The header of a copy that is in circulation of a Mexican file."""
    error = refused(["AÒo", "Bien jurÌdico"], layout("Año", "Bien jurídico"))
    assert "latin-1 read as mac_roman" in error.how


def test_a_first_record_in_the_place_of_the_header_is_not_shown() -> None:
    error = refused(["2024", "1", "Juan Pérez López", "7"])
    assert "holds none of the 4 declared columns" in error.what
    assert "Juan" not in str(error)


def test_a_value_that_resembles_a_name_does_not_make_a_record_a_header() -> None:
    error = refused(["2024", "1", "Juan Pérez López", "ENERO"])
    assert "holds only 1 of the 4 declared columns" in error.what
    assert "Juan" not in str(error)


@pytest.mark.parametrize(
    "value",
    [
        "19345678",
        "PELJ800101HDFRRN09",
        "31/12/2022",
        "1-2-99",
        "2022-12-31",
        "8:15",
        "-99.133",
        "12,656",
        "a@b.org",
    ],
)
def test_what_looks_like_a_value_is_told_by_its_place(value: str) -> None:
    error = refused([*NAMES, value, f"Enero{value}", "Nota"])
    assert "not shown because it looks like a value: column 5, 6" in error.what
    assert "not declared: 'Nota'" in error.what
    assert value not in str(error)
    assert "look at the header" in error.how
    assert value not in str(refused([*NAMES[:-1], f"Enero{value}"]))


@pytest.mark.parametrize(
    "name", ["2018", "P_10_14", "15-19 años", "Total 2019-2020", "2024-01", "p5.1", "Ene/24"]
)
def test_a_name_with_digits_is_shown(name: str) -> None:
    assert f"not declared: {name!r}" in refused([*NAMES, name]).what


def broken(below: int | None, *found: str) -> bool:
    """Whether the header is refused for its line break; no value of the record may be shown."""
    try:
        header.require_line_break(found, below, layout(), "x.csv")
    except Refusal as error:
        assert (error.code, error.where) == ("header_joined", "x.csv")
        assert f"has {len([f for f in found if f])} cells, where 4 columns are declared" in error.what
        assert "Juan" not in str(error)
        return True
    return False


GLUED = (*NAMES[:-1], "Enero2024", "1", "Juan", "7")


@pytest.mark.parametrize("below", [None, 4, 3, 5])
@pytest.mark.parametrize("found", [GLUED, (*NAMES, *GLUED[3:]), (*GLUED, "", ""), (*GLUED, *GLUED)])
def test_a_first_record_on_the_line_of_the_header(below: int | None, found: tuple[str, ...]) -> None:
    assert broken(below, *found)


def test_what_is_no_record_on_the_line_of_the_header() -> None:
    assert not broken(4, *NAMES)
    assert not broken(3, *NAMES[:-1], "Enero2024"), "no more cells than columns"
    assert not broken(4, *NAMES, "", "", "", ""), "separators in excess"
    assert not broken(1, *NAMES, *NAMES), "all of it is declared"
    assert not broken(1, "2024", "1", "Juan", "7", "8"), "no header at all"
    assert not broken(6, *NAMES, "Nota", "Otra"), "the records have the new columns"
    assert not broken(None, *NAMES, "Nota", "Otra"), "too few for a record"


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_another_separator(separator: str) -> None:
    error = refused([separator.join(f'"{n}"' for n in NAMES)])
    assert f"separated by {separator!r}, not ','" in error.how


def test_long_lists_and_names_are_cut() -> None:
    many = [f"column_{i}" for i in range(60)]
    error = refused([*NAMES, *many, "x" * 500])
    assert "and 52 more" in error.what
    assert len(error.what) < 400
    assert "x" * 61 not in str(refused([*NAMES, "x" * 500]))
