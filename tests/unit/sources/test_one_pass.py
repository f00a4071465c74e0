"""A file that is read, mapped and judged in one pass gives what the way over a table of raw rows gives."""

import dataclasses
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from pipelines.sample_countries.xaa import victims
from schemas import staging
from schemas.staging import StagedDelivery
from sources.kit import discovery, landing, stage
from sources.kit.discovery import Source

AREAS = tuple(f"XAA-0{n}" for n in range(1, 6))
#: An exclusion that no row meets: a declaration with one takes the way over the raw rows.
NEVER = {"reason": "never", "column": "CVE_MUN", "equals": "no row has this"}
#: Labels that the file has with spaces around them, and some in no list.
LABELS = {
    "MEDIO": " ARMA DE FUEGO",
    "SEXO": "Hombre\u00a0",
    "RELACION": " SUEGRA ",
    "TENTATIVA": "NO ",
    "ZONA": "  ",
}


def declared(folder: Path, *, over_raw_rows: bool, with_key: bool) -> Source:
    given = discovery.load("xaa_police_victims")
    text: dict[str, Any] = yaml.safe_load((given.folder / "source.yml").read_text(encoding="utf-8"))
    if over_raw_rows:
        text["layouts"][0]["rows"] = {"exclude": [NEVER]}
    if not with_key:
        del text["key"]
    home = folder / ("raw" if over_raw_rows else "one") / text["id"]
    home.mkdir(parents=True)
    (home / "source.yml").write_text(yaml.safe_dump(text, allow_unicode=True), encoding="utf-8")
    (home / "offences.csv").write_bytes((given.folder / "offences.csv").read_bytes())
    return discovery.read(home)


def staged(folder: Path, source: Source, path: Path) -> tuple[StagedDelivery, dict[str, list[Any]], set[str]]:
    """The delivery, its tables without the bits of rules that they order differently, and the tables made."""
    landed = landing.land(path, folder / "landing", source.id)
    tables: dict[str, list[Any]] = {}
    with duckdb.connect() as connection:
        delivery = stage.stage(
            connection, source, landed, areas=AREAS, key=None, salt=12345, work=folder, report=True
        )
        for table in (staging.TABLE, staging.RAW, staging.CELLS, staging.UNREADABLE):
            tables[table] = connection.execute(f"SELECT * FROM {table} ORDER BY ALL").fetchall()
        tables["types"] = connection.execute(f"DESCRIBE {staging.TABLE}").fetchall()
        made = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        stage.forget(connection)
        assert connection.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == (0,)
    return delivery, tables, made


def spaced(path: Path) -> None:
    """Give some rows labels with spaces around them."""
    lines = path.read_bytes().decode("latin-1").split("\r\n")
    names = lines[0].split(",")
    for place, (column, label) in enumerate(LABELS.items()):
        values = lines[10 * (place + 1)].split(",")
        values[names.index(column)] = label
        lines[10 * (place + 1)] = ",".join(values)
    path.write_bytes("\r\n".join(lines).encode("latin-1"))


@pytest.mark.parametrize("with_key", [True, False])
@pytest.mark.parametrize("edition", [0, 1])
def test_both_ways_agree(tmp_path: Path, edition: int, with_key: bool) -> None:
    # the first edition has rows that cannot be read, after which record numbers differ from row numbers
    chosen = victims.EDITIONS[edition]
    path = tmp_path / chosen.file_name
    victims.write_file(path, 4_000, edition=chosen)
    spaced(path)
    found = [
        staged(tmp_path, declared(tmp_path, over_raw_rows=way, with_key=with_key), path)
        for way in (False, True)
    ]
    (one, one_tables, one_made), (raw, raw_tables, raw_made) = found
    assert ("raw_record" in one_made, "raw_record" in raw_made) == (False, True)
    assert dataclasses.replace(one, row_exclusions={}) == dataclasses.replace(raw, row_exclusions={})
    assert bool(one.rows_unreadable) == chosen.unreadable
    for name, rows in raw_tables.items():
        assert one_tables[name] == rows, name
    assert one_tables[staging.RAW]
