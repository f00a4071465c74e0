"""The provider's program: one file that runs alone, and makes of a file what the national side can join."""

from __future__ import annotations

import ast
import csv
import hashlib
import hmac
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from schemas.errors import Misuse
from sources.kit.discovery import Source
from sources.kit.keyring import KEY_LENGTH, add_new, parse
from sources.kit.pseudonymise import assemble
from sources.kit.pseudonymise.words import README, WORDS
from tests.unit.sources import desk

COLUMNS = {
    "open": ["day", "city"],
    "identifier": {"folio": "folio", "curp": "curp", "cpf": "cpf_br"},
    "restricted": ["name", "tale"],
}
MAP = {**desk.MAP, "case_hmac": {"hmac": "folio", "unknown": ["S/N", "sin dato"]}}
HEADER = ["folio", "day", "name", "curp", "city", "cpf", "tale"]
ROWS = [
    [
        "FGJ/0012/2024",
        "2024-01-01",
        "Ana",
        "BOXW310820HNERXN09",
        "Mérida",
        "529.982.247-25",
        'She said "no", twice',
    ],
    [" fgj-12-2024 ", "2024-01-02", "Ana", "boxw-310820-hnerxn-09", "León", "52998224725", "line\nbreak"],
    ["S/N", "2024-01-03", "", "NO TIENE", "", "529.982.247-26", ""],
    ["", "2024-01-04", "Luz", "", "Ñ", "", "x"],
    ["99999999", "2024-01-05", "", "XXXX", "", "000", ""],
]


def declared(folder: Path, *layouts: dict[str, Any], **file: Any) -> Source:
    layout = desk.layout(file={"format": "csv", **file}, columns=COLUMNS, map=MAP)
    return desk.source(folder, *(layouts or [layout]))


def program_of(folder: Path, source: Source, language: str = "es") -> Path:
    path = folder / "siprev_pseudonymise.py"
    path.write_text(assemble.assemble(source, language), encoding="utf-8")  # type: ignore[arg-type]
    return path


def run(path: Path, *arguments: str | Path, python: str = sys.executable, status: int = 0) -> str:
    """Run the program as a provider does: by itself, in its own folder."""
    done = subprocess.run(
        [python, "-I", str(path), *map(str, arguments)],
        cwd=path.parent,
        capture_output=True,
        encoding="utf-8",
        env={"LC_ALL": "C.UTF-8", "PATH": os.defpath},
        check=False,
    )
    assert done.returncode == status, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def write(path: Path, rows: list[list[str]], *, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return path


def read(path: Path, *, encoding: str = "utf-8", delimiter: str = ",") -> list[list[str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


def expected(key_file: Path, kind: str, text: str) -> str:
    """The pseudonym, by hand."""
    key = bytes.fromhex(key_file.read_text(encoding="ascii").strip().rpartition(":")[2])
    own = hmac.digest(key, f"siprev:pseudonym:{kind}".encode(), hashlib.sha256)
    return hmac.digest(own, text.encode(), hashlib.sha256).hex()


@pytest.fixture
def ready(tmp_path: Path) -> Path:
    """A provider's folder with the program and a key."""
    folder = tmp_path / "provider"
    folder.mkdir()
    path = program_of(folder, declared(tmp_path))
    assert "Clave nueva" in run(path, "--new-key")
    write(folder / "entrega.csv", [HEADER, *ROWS])
    return path


def test_identifiers_become_pseudonyms_and_restricted_columns_disappear(ready: Path) -> None:
    told = run(ready, "entrega.csv")
    folder, key = ready.parent, ready.parent / "siprev_provider.key"
    header, *rows = read(folder / "entrega.pseudonyms.csv")
    assert header == ["folio", "day", "curp", "city", "cpf"]
    folio, curp = expected(key, "folio", "FGJ-12-2024"), expected(key, "curp", "BOXW310820HNERXN09")
    good, wrong = expected(key, "cpf_br", "52998224725"), expected(key, "cpf_br", "52998224726")
    assert rows == [
        [folio, "2024-01-01", curp, "Mérida", good],
        [folio, "2024-01-02", curp, "León", good],
        ["", "2024-01-03", "", "", wrong],
        ["", "2024-01-04", "", "Ñ", ""],
        ["", "2024-01-05", "", "", ""],
    ]
    report = json.loads((folder / "entrega.pseudonyms.csv.report.json").read_text(encoding="utf-8"))
    assert report["rows"] == 5
    assert report["columns_dropped"] == ["name", "tale"]
    assert report["sha256"] == hashlib.sha256((folder / "entrega.pseudonyms.csv").read_bytes()).hexdigest()
    nothing = {"pseudonymised": 0, "empty": 0, "unknown": 0, "not_of_this_kind": 0, "check_digit_wrong": 0}
    assert report["identifiers"] == {
        "folio": {
            **nothing,
            "kind": "folio",
            "pseudonymised": 2,
            "unknown": 1,
            "empty": 1,
            "not_of_this_kind": 1,
        },
        "curp": {**nothing, "kind": "curp", "pseudonymised": 2, "not_of_this_kind": 2, "empty": 1},
        "cpf": {
            **nothing,
            "kind": "cpf_br",
            "pseudonymised": 3,
            "empty": 1,
            "check_digit_wrong": 1,
            "not_of_this_kind": 1,
        },
    }
    assert "folio (número de expediente): 2 reemplazados, 1 vacíos, 1 desconocidos" in told
    left = "".join(p.read_text(encoding="utf-8") for p in folder.glob("entrega.pseudonyms*")) + told
    for value in ("FGJ", "BOXW", "boxw", "529.982", "52998224", "Ana", "She said", "NO TIENE"):
        assert value not in left


def test_the_national_side_joins_what_two_deliveries_say_of_one_person(ready: Path, tmp_path: Path) -> None:
    """The same person spelt in two ways, in two files, has one hash; under another provider's key another one."""
    national = desk.source(
        tmp_path,
        desk.layout(
            columns={
                "open": ["day", "city"],
                "identifier": {"folio": "pseudonym", "curp": "pseudonym", "cpf": "pseudonym"},
            },
            map={**desk.MAP, "case_hmac": {"hmac": "folio"}},
        ),
    )
    run(ready, "entrega.csv")
    made = desk.take_in(national, ready.parent / "entrega.pseudonyms.csv", key=desk.KEY)
    hashes = [h for (h,) in made.records("case_hmac")]
    assert hashes[0] == hashes[1] is not None
    assert hashes[2:] == [None, None, None]
    pseudonym = read(ready.parent / "entrega.pseudonyms.csv")[1][0]
    assert hashes[0] == hmac.digest(desk.KEY.derive("case"), pseudonym.upper().encode(), hashlib.sha256)
    run(ready, "--new-key", "--key", "other.key")
    run(ready, "entrega.csv", "--key", "other.key", "-o", "other.csv")
    other = desk.take_in(national, ready.parent / "other.csv", key=desk.KEY)
    assert not {h for (h,) in other.records("case_hmac") if h} & {h for h in hashes if h}


@pytest.mark.parametrize("language", ["es", "pt", "en"])
def test_it_explains_itself_in_three_languages(tmp_path: Path, language: str) -> None:
    path = program_of(tmp_path, declared(tmp_path), language)
    assert WORDS[language]["description"].split(",")[0][:20] in run(path, "--help")
    readme = run(path, "--readme")
    assert all(text in readme for text in README.values())
    assert run(path, status=2)


def test_the_words_are_the_same_in_all_languages() -> None:
    names = [set(words) for words in WORDS.values()]
    assert names[0] == names[1] == names[2]
    assert set(README) == set(WORDS) == {"es", "pt", "en"}
    for name in names[0]:
        places = [
            sorted(part.split("}")[0] for part in words[name].split("{")[1:]) for words in WORDS.values()
        ]
        assert places[0] == places[1] == places[2], name


def test_the_program_is_python_3_8_and_needs_nothing_else(tmp_path: Path) -> None:
    text = assemble.assemble(declared(tmp_path), "es")
    tree = ast.parse(text, feature_version=(3, 8))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [a.name for a in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= set(sys.stdlib_module_names)
    assert "sources.kit" not in text


def test_it_runs_in_python_3_8(ready: Path) -> None:
    python = shutil.which("python3.8")
    if python is None or subprocess.run([python, "-V"], capture_output=True, check=False).returncode:
        pytest.skip("no Python 3.8 on this machine")
    run(ready, "entrega.csv", python=python)
    assert len(read(ready.parent / "entrega.pseudonyms.csv")) == 6


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda rows: [row[1:] for row in rows], "Faltan: folio"),
        (lambda rows: [[*row, "x"] for row in rows], "De más: 1"),
        (lambda rows: [*rows, ["BOXW"]], "La fila 7 tiene 1 campos"),
        (lambda rows: [[*rows[0][:-1], "name"], *rows[1:]], "Faltan: tale"),
    ],
)
def test_a_file_that_is_not_as_agreed_gives_nothing(ready: Path, spoil: Any, told: str) -> None:
    write(ready.parent / "mala.csv", spoil([HEADER, *ROWS]))
    said = run(ready, "mala.csv", status=1)
    assert told in said and "No se escribió nada" in said
    assert not [p for p in ready.parent.iterdir() if p.name.startswith("mala.pseudonyms")]
    assert all(value not in said for value in ("BOXW", "Ana", "FGJ"))


def test_a_broken_file_gives_nothing(ready: Path) -> None:
    good = (ready.parent / "entrega.csv").read_bytes()
    for content in (
        good.replace(b'"She', b'x"She', 1),
        good.replace(b'""no"", twice"', b"no"),
        good + b"\xff\xfe",
    ):
        (ready.parent / "mala.csv").write_bytes(content)
        said = run(ready, "mala.csv", status=1)
        assert "No se escribió nada" in said and "BOXW" not in said
        assert [p.name for p in ready.parent.glob("mala.*")] == ["mala.csv"]


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("latin-1", ";"), ("cp1252", "\t"), ("utf-16", ","), ("utf-8", "|")]
)
def test_the_form_of_the_file_stays_as_it_was(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = program_of(tmp_path, declared(tmp_path, encoding=encoding, delimiter=delimiter))
    run(path, "--new-key")
    write(tmp_path / "in.csv", [HEADER, *ROWS], encoding=encoding, delimiter=delimiter)
    run(path, "in.csv")
    made = read(tmp_path / "in.pseudonyms.csv", encoding=encoding, delimiter=delimiter)
    assert [row[3] for row in made] == ["city", "Mérida", "León", "", "Ñ", ""]


def test_titles_above_the_header_stay(tmp_path: Path) -> None:
    path = program_of(tmp_path, declared(tmp_path, header={"contains": ["folio", "day"]}))
    run(path, "--new-key")
    write(tmp_path / "in.csv", [["Extraído el 20 de marzo"], ["", "x"], HEADER, *ROWS])
    run(path, "in.csv")
    made = read(tmp_path / "in.pseudonyms.csv")
    assert made[:3] == [["Extraído el 20 de marzo"], ["", "x"], ["folio", "day", "curp", "city", "cpf"]]
    assert len(made) == 8


def test_what_excel_and_old_systems_add_is_no_row(tmp_path: Path) -> None:
    path = program_of(tmp_path, declared(tmp_path, delimiter=";"))
    run(path, "--new-key")
    content = write(tmp_path / "in.csv", [HEADER, *ROWS], delimiter=";").read_bytes()
    (tmp_path / "in.csv").write_bytes(b"sep=;\r\n" + content + b"\x1a\x1a")
    run(path, "in.csv")
    made = read(tmp_path / "in.pseudonyms.csv", delimiter=";")
    assert made[:2] == [["sep=", ""], ["folio", "day", "curp", "city", "cpf"]]
    assert len(made) == 2 + len(ROWS)


def test_keys_of_provider_and_nation_are_never_taken_for_each_other(ready: Path, tmp_path: Path) -> None:
    own = ready.parent / "siprev_provider.key"
    assert own.stat().st_mode & 0o777 == 0o600
    with pytest.raises(Misuse):
        parse(own.read_text(encoding="ascii"), "here")
    national = tmp_path / "national.keys"
    add_new(national)
    assert "no es una clave de proveedor" in run(ready, "entrega.csv", "--key", national, status=2)
    bare = tmp_path / "bare"
    bare.touch(mode=0o600)
    bare.write_text("ab" * KEY_LENGTH, encoding="ascii")
    assert "no es una clave de proveedor" in run(ready, "entrega.csv", "--key", bare, status=2)
    assert "ab" * KEY_LENGTH not in run(ready, "entrega.csv", "--key", bare, status=2)


def test_what_is_used_wrongly_is_told(ready: Path) -> None:
    key = ready.parent / "siprev_provider.key"
    assert "ya existe" in run(ready, "--new-key", status=2)
    assert "No existe el archivo" in run(ready, "falta.csv", status=2)
    assert "otro nombre" in run(ready, "entrega.csv", "-o", "entrega.csv", status=2)
    key.chmod(0o644)
    assert "Otras personas pueden leer" in run(ready, "entrega.csv", status=2)
    key.unlink()
    assert "No se puede leer la clave" in run(ready, "entrega.csv", status=2)


def test_a_source_without_personal_data_or_without_csv_has_no_program(tmp_path: Path) -> None:
    with pytest.raises(Misuse) as misuse:
        assemble.assemble(desk.source(tmp_path), "es")
    assert misuse.value.code == "nothing_to_pseudonymise"
    book = desk.layout(file={"format": "workbook"}, columns=COLUMNS, map=MAP)
    with pytest.raises(Misuse) as misuse:
        assemble.assemble(desk.source(tmp_path, book), "es")
    assert misuse.value.code == "not_csv"
