"""How a file is read is found from its bytes: encoding, separators, header rows, footers, lists of records."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from schemas.errors import Refusal
from sources.kit import landing
from sources.kit.readers.workspace import Workspace
from sources.kit.scaffold import form, grid, vocabulary
from sources.kit.scaffold.form import Found

ROWS = [["Año", "Región", "Víctimas"], *[["2023", "Ñuble", str(n)] for n in range(30)]]


def _found(tmp_path: Path, content: bytes, name: str = "file.csv") -> Found:
    path = tmp_path / name
    path.write_bytes(content)
    with Workspace(tmp_path) as work:
        return form.found(landing.in_place(path), work)


def _text(rows: list[list[str]], delimiter: str = ",") -> str:
    return "\n".join(delimiter.join(row) for row in rows) + "\n"


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", None),
        ("utf-8-sig", None),
        ("latin-1", "latin-1"),
        ("utf-16", "utf-16"),
        ("mac_roman", "mac-roman"),
        ("cp850", "cp850"),
    ],
)
def test_encodings(tmp_path: Path, encoding: str, declared: str | None) -> None:
    found = _found(tmp_path, _text(ROWS).encode(encoding))
    assert found.words.get("encoding") == declared
    assert found.names == ("Año", "Región", "Víctimas")


def test_letters_of_windows(tmp_path: Path) -> None:
    rows = [*ROWS, ["2023", "“Ñuble”", "1"]]
    assert _found(tmp_path, _text(rows).encode("cp1252")).words["encoding"] == "cp1252"


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "mac_roman", "cp850"])
def test_hard_spaces_within_numbers_and_letters_of_french(tmp_path: Path, encoding: str) -> None:
    """Both are letters of Spanish in another encoding, at places where nobody writes them."""
    rows = [["Département", "Délit", "Été"], *(["Grand’Anse", "Viol", "1\u00a0012"] for _ in range(9))]
    if encoding in ("latin-1", "cp850"):
        rows = [[cell.replace("’", "'") for cell in row] for row in rows]
    found = _found(tmp_path, _text(rows).encode(encoding))
    assert found.words["encoding"] == encoding.replace("_", "-")
    assert found.names == ("Département", "Délit", "Été")


@pytest.mark.parametrize(
    ("delimiter", "declared"), [(",", None), (";", "semicolon"), ("\t", "tab"), ("|", "pipe")]
)
def test_delimiters(tmp_path: Path, delimiter: str, declared: str | None) -> None:
    found = _found(tmp_path, _text(ROWS, delimiter).encode())
    assert found.words.get("delimiter") == declared
    assert len(found.names) == 3


def test_a_comma_within_numbers_does_not_separate(tmp_path: Path) -> None:
    rows = [["Región", "Tasa", "Nota"], *[["A", f"{n},5", "x,y"] for n in range(40)]]
    assert _found(tmp_path, _text(rows, ";").encode()).words["delimiter"] == "semicolon"


def test_titles_and_footers(tmp_path: Path) -> None:
    text = f"Policía Nacional\n\nDel 1 de enero al 31 de diciembre de 2023\n{_text(ROWS)}Fuente: Policía\nNota: x\n"
    found = _found(tmp_path, text.encode())
    assert found.words["header"] == {"contains": ["Año", "Región", "Víctimas"]}
    assert found.words["footer"] == ["Fuente:"]
    assert "Del 1 de enero al 31 de diciembre de 2023" in found.titles


def test_a_column_without_a_name_gets_one(tmp_path: Path) -> None:
    rows = [["", "Región", "n"], *[[str(n), "A", "1"] for n in range(9)]]
    found = _found(tmp_path, _text(rows).encode())
    assert found.words["header"] == {"unnamed": {1: "column_1"}}
    assert found.names[0] == "column_1"


def test_short_rows_and_texts_written_as_formulas(tmp_path: Path) -> None:
    text = "code,a,b\n" + '"=""0101""",1,2\n' * 5 + '"=""0102""",1\n' * 3
    words = _found(tmp_path, text.encode()).words
    assert (words["short_rows"], words["formula_text"]) == (True, True)


def test_compressed_files_and_archives(tmp_path: Path) -> None:
    assert _found(tmp_path, gzip.compress(_text(ROWS).encode()), "a.csv.gz").names[0] == "Año"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("leame.txt", "nada")
        archive.writestr("datos.csv", _text(ROWS))
    found = _found(tmp_path, packed.getvalue(), "a.zip")
    assert found.words["member"] == "datos.csv"
    assert found.others == ("leame.txt",)


@pytest.mark.parametrize(
    ("document", "words", "names"),
    [
        ([{"a": 1}, {"b": {"c": 2, "d": 3}}], {"format": "json"}, {"a", "b.c", "b.d"}),
        (
            {"data": {"items": [{"a": 1}] * 3}, "x": [{"y": 1}]},
            {"format": "json", "records": "data.items"},
            {"a"},
        ),
    ],
)
def test_lists_of_records(tmp_path: Path, document: Any, words: dict[str, Any], names: set[str]) -> None:
    found = _found(tmp_path, json.dumps(document).encode(), "a.json")
    assert dict(found.words) == words
    assert set(found.names) == names


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<html><body>login</body></html>", "html_page"),
        (b'{"a": 1, "b": [1, 2]}', "no_records_path"),
        (b'{"a": [{"b": 1}', "broken_structure"),
        (b"1,Ana,2023-01-01\n2,Luz,2023-01-02\n3,Eva,2023-01-03\n", "no_header"),
        (b"0123456789ABCDEF\n" * 9, "fixed_width"),
    ],
)
def test_what_is_no_table_is_told(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(Refusal) as told:
        _found(tmp_path, content, "a.txt")
    assert told.value.code == code
    assert "Ana" not in told.value.text()


def test_a_header_with_years_is_one() -> None:
    head = grid.head([["Entidad", "2020", "2021", "2022"], *[[f"E{n}", "1", "2", "3"] for n in range(9)]])
    assert head
    assert head.rows == [["Entidad", "2020", "2021", "2022"]]


def test_headers_of_several_rows() -> None:
    rows = [
        ["Cuadro 1"],
        ["Entidad", "Delitos", "", "Víctimas", ""],
        ["", "Hombres", "Mujeres", "Hombres", "Mujeres"],
        *[[f"E{n}", "1", "2", "3", "4"] for n in range(9)],
    ]
    head = grid.head(rows)
    assert head
    assert (len(head.rows), head.above, head.body) == (2, ("Cuadro 1",), 3)


@pytest.mark.parametrize(
    ("name", "meaning", "role"),
    [
        ("SEXO", "sex", ""),
        ("Edad de la víctima", "age_years", ""),
        ("FECHA_DEL_HECHO", "date", "occurrence"),
        ("fecNacimiento", "birth_date", "birth"),
        ("Data do Fato", "date", "occurrence"),
        ("Date of birth", "birth_date", "birth"),
        ("cve_mun", "municipality", ""),
        ("Município de residência", "municipality", "residence"),
        ("Victim name", "person_name", ""),
        ("victima.sexo", "sex", ""),
        ("Carpetas de investigación", "count", ""),
        ("Clave_Ent", "first_level", ""),
        ("XYZ", None, ""),
    ],
)
def test_meanings_of_names(name: str, meaning: str | None, role: str) -> None:
    found = vocabulary.named(name)
    assert (found.meaning, found.role) == (meaning, role)
