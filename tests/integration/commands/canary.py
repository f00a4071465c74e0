"""A source that declares columns of every tier, and files that carry one unique value for each of them."""

from __future__ import annotations

import copy
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sources.kit import discovery, kinds
from tests.integration.commands import files
from tests.integration.commands.files import Table

SOURCE, LINES = "canary_police", "canary_lines"
#: What is planted, by column; a CURP in its form, the others with the blanks, marks and quotes that people write.
IDENTIFIERS = {
    "FOLIO": "Zqfolio/0{n}77/2022",
    "CURP": "QZXW310820HNE{letters}0",
    "CEDULA": "  qzced-{n}-Ñandú  ",
    "EXPEDIENTE": "QZEXP {n}",
}
RESTRICTED = {
    "NOMBRE": "Qznombre Pérez {n}",
    "DOMICILIO": "Calle Qzdomicilio #{n}, 3º",
    "NARRACION": 'La "qznarracion", {n}\nsegunda línea del relato',
    "TELEFONO": "+52 55 9QZTEL{n}",
    "CUENTA": "QZCUENTA{n}",
    "LON": "-98.7654321",
    "LAT": "12.3456789",
}
#: By what each value is found: a part that nothing else has, also after it was brought into its normal form.
STEMS = (
    "zqfolio",
    "qzxw3108",
    "qzced",
    "qzexp",
    "qznombre",
    "qzdomicilio",
    "qznarracion",
    "qztel",
    "qzcuenta",
)
NUMBERS = (RESTRICTED["LON"], RESTRICTED["LAT"])
#: Open values of a good row and of one in quarantine, which show that the search finds what is there.
LOADED, QUARANTINED = "ARMA DE FUEGO", "QZVENENO"


def planted(n: int) -> dict[str, str]:
    """The values of one row."""
    letters = "".join(chr(ord("A") + n // 26**place % 26) for place in (2, 1, 0))
    values = {name: text.format(n=n, letters=letters) for name, text in {**IDENTIFIERS, **RESTRICTED}.items()}
    values["CURP"] += next(d for d in "0123456789" if kinds.valid("curp", values["CURP"] + d))
    return values


def declare(folder: Path) -> Path:
    """A directory with the source: the sample police with more columns, not made up, each identifier of its kind."""
    declared: dict[str, Any] = copy.deepcopy(
        yaml.safe_load((discovery.folders()[files.POLICE] / "source.yml").read_text(encoding="utf-8"))
    )
    declared |= {"id": SOURCE, "demo": False}
    (layout,) = declared["layouts"]
    layout["columns"]["identifier"] = {
        "FOLIO": "folio",
        "CURP": "curp",
        "CEDULA": "document",
        "EXPEDIENTE": "free",
    }
    layout["columns"]["restricted"] = [*RESTRICTED]
    layout["map"]["incident_hmac"] = {"hmac": "EXPEDIENTE"}
    target = folder / "sources" / SOURCE
    target.mkdir(parents=True)
    (target / "source.yml").write_text(
        yaml.safe_dump(declared, sort_keys=False, allow_unicode=True), encoding="utf-8"
    )
    for table in discovery.folders()[files.POLICE].glob("*.csv"):
        (target / table.name).write_bytes(table.read_bytes())
    declared["id"] = LINES
    layout["file"] = {"format": "ndjson"}
    beside = shutil.copytree(target, target.parent / LINES)
    (beside / "source.yml").write_text(
        yaml.safe_dump(declared, sort_keys=False, allow_unicode=True), encoding="utf-8"
    )
    return target.parent


@dataclass(frozen=True)
class Deliveries:
    """Files of every fate."""

    loaded: Path
    corrected: Path
    refused: dict[str, Path]
    keyed: Path


def _row(row: dict[str, str], n: int, **changes: str) -> dict[str, str]:
    return {**row, **planted(n), **changes}


def _table(good: Table, first: int) -> list[dict[str, str]]:
    """Rows of every fate; all of them carry planted values."""
    header, *rows = good
    named = [dict(zip(header, row, strict=True)) for row in rows]
    made = [_row(row, first + n) for n, row in enumerate(named[:300])]
    bad = named[300:]
    return [
        *made,
        _row(bad[0], first + 301, MEDIO=LOADED),
        _row(bad[1], first + 302, MEDIO=QUARANTINED),
        _row(bad[2], first + 303, LON="Qzdomicilio 5"),
        _row(bad[3], first + 304, FECHA_HECHO="31/02/2022"),
        _row(bad[4], first + 305, CURP="QZXW310820HNEABC00"),
        _row(bad[5], first + 306, CURP="qzxw310820 NO TIENE"),
        _row(bad[6], first + 307, FOLIO=""),
        _row(bad[7], first + 308),
        _row(bad[7], first + 308),
        _row(bad[8], first + 309),
        _row(bad[9], first + 309),
    ]


def _write(path: Path, rows: list[dict[str, str]], *, more: list[list[str]] | None = None) -> Path:
    header = [*rows[0]]
    return files.write(path, [header, *([row[name] for name in header] for row in rows), *(more or [])])


def write(folder: Path, good: Table) -> Deliveries:
    """Write the files: one that loads in part, a correction of it, and spoilt ones that are refused."""
    rows = _table(good, 100)
    unreadable = [[*_row(rows[0], 999).values(), "qznombre in a field too much"]]
    loaded = _write(folder / "a" / files.police_name(files.LATER), rows, more=unreadable)
    corrected = _write(folder / "b" / files.police_name(files.LATEST), _table(good, 500))
    spoilt = {
        "all_bad": [{**row, "SEXO": "Varón"} for row in rows],
        "renamed": [{("NOMBRES" if k == "NOMBRE" else k): v for k, v in row.items()} for row in rows],
        "shrunk": rows[:20],
    }
    refused = {
        name: _write(folder / name / files.police_name(files.LATEST), table) for name, table in spoilt.items()
    }
    content = loaded.read_bytes()
    for name, changed in {
        "no_header": content.split(b"\r\n", 1)[1],
        "cut": content[:-60],
        "open_quote": content.replace(b",Qznombre", b',"Qznombre', 1),
        "nul": content + b"qznombre\0",
        "utf8": content.decode(files.ENCODING).encode(),
        "empty": b"",
    }.items():
        path = folder / name / files.police_name(files.LATEST)
        path.parent.mkdir()
        path.write_bytes(changed)
        refused[name] = path
    return Deliveries(loaded, corrected, refused, _keyed(folder, rows))


def _keyed(folder: Path, rows: list[dict[str, str]]) -> Path:
    """Records of JSON that are keyed by what is planted: one each, and one of several in a single record."""
    keyed: list[dict[str, Any]] = [
        {**row, row["NOMBRE"]: 1, row["CURP"]: {"x": row["CEDULA"]}} for row in rows[:30]
    ]
    keyed.append({**rows[31], **{stem.title(): 1 for stem in STEMS}})
    path = folder / "keyed" / files.police_name(files.LATEST)
    path.parent.mkdir()
    path.write_text("\n".join(map(json.dumps, keyed)) + "\n", encoding="utf-8")
    return path
