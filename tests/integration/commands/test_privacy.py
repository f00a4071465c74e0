"""G8: no value of an identifier or restricted column anywhere but in the landed bytes, and who can read those.

Canaries are planted in every such column, in rows that load, that are quarantined, repeated, doubled or unreadable,
and in files that are refused. Then every command is run, and everything that it says and leaves is searched.
"""

from __future__ import annotations

import hashlib
import hmac
import stat
import struct
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from sources.kit.identifiers import DEMONSTRATION_KEY
from tests.integration.commands import files
from tests.integration.commands.files import POLICE, Samples, Table
from tests.integration.commands.home import Home

FOLIO, CURP = "CANARIOFOLIO7731", "CANARIOCURP99887766"
LON, LAT = "-98.7654321", "12.3456789"
PLANTED = {
    "FOLIO": FOLIO,
    "CURP": CURP,
    "LON": LON,
    "LAT": LAT,
    "DOMICILIO": "Calle Canario Escondido 7",
    "NARRACION": 'La canaria, "testigo", dijo',
}
TEXTS = (FOLIO, CURP, "Canario Escondido", "La canaria")
NUMBERS = ("98.76543", "12.34567")
#: Values of open columns, to show that the search finds what is there.
LOADED, QUARANTINED = "ARMA DE FUEGO", "VENENO"


def _planted(row: list[str], header: list[str], number: int, **changes: str) -> list[str]:
    values = dict(zip(header, row, strict=True)) | PLANTED
    values["FOLIO"] += f"-{number}"
    return list((values | changes).values())


def _table(good: Table) -> Table:
    """Good rows, then rows of every fate that carry the canaries."""
    header, *rows = good
    bad = [
        _planted(rows[0], header, 0, MEDIO=LOADED),
        _planted(rows[1], header, 1, MEDIO=QUARANTINED),
        _planted(rows[2], header, 2, LON="Canario Escondido"),
        _planted(rows[3], header, 3, LAT="999"),
        _planted(rows[4], header, 4, FECHA_HECHO="31/02/2022"),
        _planted(rows[5], header, 5),
        _planted(rows[5], header, 5),
        _planted(rows[6], header, 6),
        _planted(rows[7], header, 6),
        [*_planted(rows[8], header, 8), "one field more"],
    ]
    return [header, *rows, *bad]


@dataclass(frozen=True)
class Searched:
    """Everything that was said, and the home folder in which it was said."""

    said: str
    home: Home


@pytest.fixture(scope="module")
def searched(seed: Home, samples: Samples, tmp_path_factory: pytest.TempPathFactory) -> Searched:
    folder = tmp_path_factory.mktemp("canaries")
    home = seed.copy(folder / "var")
    good = files.read(samples.police)
    loaded = files.write(folder / "a" / files.police_name(files.LATER), _table(good))
    header, *rows = _table(good)
    spoilt = {
        "all_bad": [header, *files.with_values([header, *rows[-10:-1]], "SEXO", "Varón")[1:]],
        "no_header": rows[-10:],
        "added_column": [[*header, "X"], *([*row, "x"] for row in rows)],
    }
    refused = [
        files.write(folder / name / files.police_name(files.LATEST), table) for name, table in spoilt.items()
    ]
    for name, content in {
        "cut": loaded.read_bytes()[:-40],
        "quote": loaded.read_bytes().replace(b",Calle Canario", b',"Calle Canario', 1),
        "nul": loaded.read_bytes() + b"\0",
        "utf8": loaded.read_bytes().decode(files.ENCODING).encode(),
    }.items():
        path = folder / name / files.police_name(files.LATEST)
        path.parent.mkdir()
        path.write_bytes(content)
        refused.append(path)
    done = [home.run("source", "check", POLICE, loaded), home.run("ingest", POLICE, loaded)]
    done += [home.run("ingest", POLICE, *refused, status=1)]
    done += [
        home.run(*command.split())
        for command in (
            "quarantine list",
            "quarantine list --codes",
            "delivery show 4",
            "delivery show 5",
            "run",
            "indicators explain homicide_rate_police XAA 2022 --lines 100",
            "export sample",
        )
    ]
    return Searched("".join(d.stdout + d.stderr for d in done), home)


def _everything(file: Path) -> str:
    """Every value of every table of a database as text."""
    with duckdb.connect(file, read_only=True, config={"threads": 1}) as connection:
        tables = connection.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = current_database()"
        ).fetchall()
        assert tables
        return "\n".join(
            str(row)
            for schema, table in tables
            for row in connection.execute(f"FROM {schema}.{table}").fetchall()
        )


def _packed(text: str) -> bytes:
    return struct.pack("<d", float(text))


def test_the_files_had_the_fates_that_they_were_made_for(searched: Searched) -> None:
    rows = searched.home.rows(
        "SELECT status, refusal_code FROM meta.delivery WHERE delivery_id > 3 ORDER BY delivery_id"
    )
    assert [row["status"] for row in rows] == ["loaded", *["refused"] * 7]
    assert {"all_bad", "header_drift", "quote_never_closed", "nul_bytes", "wrong_encoding"} <= {
        row["refusal_code"] for row in rows
    }
    (row,) = searched.home.rows("SELECT * FROM meta.delivery WHERE delivery_id = 4")
    assert row["rows_unreadable"] == 1
    assert row["records_excluded"] == 1
    assert row["records_quarantined"] == 6
    assert LOADED in searched.said or QUARANTINED in searched.said


def test_nothing_that_was_said_holds_a_value(searched: Searched) -> None:
    assert QUARANTINED in searched.said, "unknown codes of open columns are told"
    for value in (*TEXTS, *NUMBERS):
        assert value not in searched.said


def test_no_table_of_the_main_file_holds_a_value(searched: Searched) -> None:
    for file in (searched.home.snapshot, searched.home.path / "warehouse.duckdb"):
        text = _everything(file)
        assert LOADED in text
        for value in (*TEXTS, *NUMBERS):
            assert value not in text, file.name


def test_the_restricted_file_holds_keyed_hashes_and_coordinates_alone(searched: Searched) -> None:
    file = searched.home.path / "restricted.duckdb"
    text = _everything(file)
    assert QUARANTINED in text
    for value in TEXTS:
        assert value not in text
    expected = hmac.digest(DEMONSTRATION_KEY.derive("case"), f"{FOLIO}-0".encode(), hashlib.sha256)
    with duckdb.connect(file, read_only=True, config={"threads": 1}) as connection:
        found = connection.execute(
            "SELECT longitude, latitude FROM core.person_role_row WHERE case_hmac = ?", [expected]
        ).fetchall()
        raw = connection.execute("SELECT raw FROM quarantine.raw").fetchall()
    assert found == [(float(LON), float(LAT))]
    assert not any(f'"{column}"' in text for (text,) in raw for column in PLANTED)


def test_no_file_but_the_landed_ones_holds_a_value(searched: Searched) -> None:
    home = searched.home.path
    looked = 0
    for path in home.rglob("*"):
        place = path.relative_to(home).parts[0]
        if not path.is_file() or place in ("landing", "inbox"):
            continue
        looked += 1
        content = path.read_bytes()
        for value in TEXTS:
            assert value.encode() not in content, path
            assert value.encode(files.ENCODING) not in content, path
        if place != "restricted.duckdb":
            assert _packed(LON) not in content, path
            assert _packed(LAT) not in content, path
    assert looked > 5


def test_landed_bytes_are_the_owners_alone(searched: Searched) -> None:
    landed = [path for path in (searched.home.path / "landing").rglob("*") if path.is_file()]
    assert any(FOLIO.encode() in path.read_bytes() for path in landed)
    for path in (*landed, *searched.home.path.glob("*.duckdb"), *searched.home.path.glob("snapshots/*")):
        assert not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO), path
    assert not searched.home.path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)


def test_no_column_of_the_snapshot_is_a_hash_or_a_coordinate(searched: Searched) -> None:
    columns = searched.home.rows("SELECT DISTINCT column_name, data_type FROM duckdb_columns()")
    names = {row["column_name"] for row in columns}
    assert {"case_ref", "record_key"} <= names
    assert not names & {"longitude", "latitude", "case_hmac", "person_hmac", "incident_hmac", "raw"}
    assert not [row for row in columns if row["data_type"] == "BLOB"]
