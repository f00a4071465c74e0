"""Rows of a PostgreSQL server, a real one, and what is told where a database does not answer."""

from __future__ import annotations

import datetime as dt
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from schemas.errors import Misuse
from sources.kit.fetching import connecting, database, parts
from sources.kit.fetching.fetched import Nothing
from tests.servers.postgres import Postgres
from tests.unit.sources import desk
from tests.unit.sources.databases import MARK, Fetcher, source

_PG_TYPES = {
    "code": "VARCHAR", "amount": "DECIMAL(4,2)", "share": "DOUBLE", "seen": "TIMESTAMP",
    "at": "TIMESTAMP WITH TIME ZONE", "hour": "TIME", "yes": "BOOLEAN", "ident": "VARCHAR", "doc": "VARCHAR",
    "many": "VARCHAR", "raw": "BLOB", "span": "VARCHAR", "kind": "VARCHAR",
}  # fmt: skip


def test_postgres_keeps_its_types(tmp_path: Path, pg: Postgres) -> None:
    pg.execute(
        "CREATE TYPE kind AS ENUM ('a', 'b')",
        "CREATE TABLE odd (code char(3), amount numeric, share float8, seen timestamp, at timestamptz, hour time, "
        "yes bool, ident uuid, doc jsonb, many int[], raw bytea, span interval, kind kind, "
        "day date, n int)",
        "INSERT INTO odd VALUES ('007', 12.50, 0.25, '2024-01-31 23:30', '2024-01-31 23:30-05', '09:15', true, "
        "'00000000-0000-0000-0000-000000000001', '{\"a\": [1, \"ñ\"]}', '{1,2}', '\\x00ff', '36 hours', 'b', "
        "'2024-01-31')",
        "INSERT INTO odd (code, amount) VALUES ('08', 3)",
    )
    names = [*_PG_TYPES, "day", "n"]
    fetch = Fetcher(tmp_path, pg.address)
    path = fetch.file(source(tmp_path, columns=names, table="public.odd")).path
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        described = {row[0]: row[1] for row in connection.execute(f"DESCRIBE FROM '{path}'").fetchall()}
        row = connection.execute(
            f'SELECT * EXCLUDE (day, n) REPLACE ("at"::VARCHAR AS "at") FROM \'{path}\' WHERE yes'
        ).fetchone()
    assert described == {**_PG_TYPES, "day": "DATE", "n": "INTEGER"}
    assert row == (
        "007", Decimal("12.50"), 0.25, dt.datetime.fromisoformat("2024-01-31T23:30"), "2024-02-01 04:30:00+00",
        dt.time(9, 15), True, "00000000-0000-0000-0000-000000000001", '{"a": [1, "ñ"]}', "[1, 2]", b"\x00\xff",
        "1 day, 12:00:00", "b",
    )  # fmt: skip


def test_postgres_by_watermark(tmp_path: Path, pg: Postgres) -> None:
    declared = source(tmp_path, watermark=MARK)
    fetch = Fetcher(tmp_path, pg.address)
    first = fetch.file(declared)
    first.path.unlink()
    assert first.origin.watermark_to == "2024-04-01T10:00:08+00:00"
    assert fetch(declared, first.origin) is Nothing.new
    pg.execute("UPDATE incidents SET n = 7, changed = '2024-05-01 00:00:00-05' WHERE id = 5")
    found = fetch.file(declared, first.origin)
    assert found.origin.watermark_to == "2024-05-01T05:00:00+00:00"
    rows = duckdb.sql(f"SELECT id, n FROM '{found.path}' ORDER BY id").fetchall()
    assert rows == [(2, 1), (5, 7), (8, 1)], "March as a whole"


def test_an_instant_counts_in_the_declared_zone_in_the_records_and_in_the_slices(
    tmp_path: Path, pg: Postgres
) -> None:
    """Half past ten on the last evening of January in Bogotá is February in UTC."""
    pg.execute(
        "CREATE TABLE seen (at timestamptz, n int, changed int)",
        "INSERT INTO seen VALUES ('2024-01-31 22:30-05', 1, 1), ('2024-01-10 12:00-05', 2, 2), "
        "('2024-02-10 12:00:00.25-05', 3, 3)",
    )
    forms = ["%Y-%m-%d %H:%M:%S%z", "%Y-%m-%d %H:%M:%S.%f%z"]
    day = {"parse": "date", "from": "at", "formats": forms, "zone": "America/Bogota"}
    made = desk.layout(file={"format": "parquet"}, columns={"open": ["at", "n", "changed"]})
    made["map"] = {**made["map"], "occurrence_date": day}
    asked = {"connection": "courts", "table": "seen", "watermark": MARK}
    declared = desk.source(tmp_path, made, fetch={"database": asked})
    fetch = Fetcher(tmp_path, pg.address)
    first = fetch.file(declared)
    staged = desk.take_in(declared, first.path)
    assert sorted(staged.records("count", "occurrence_date")) == [
        (1, dt.date(2024, 1, 31)), (2, dt.date(2024, 1, 10)), (3, dt.date(2024, 2, 10)),
    ]  # fmt: skip
    first.path.unlink()
    pg.execute("UPDATE seen SET changed = 4, at = at + interval '1 hour' WHERE n = 3")
    assert fetch.rows(declared, first.origin, of="n") == [(3,)], "of February, and nothing of January"


def test_postgres_is_read_in_one_state_and_never_written(tmp_path: Path, pg: Postgres) -> None:
    pg.execute(
        "CREATE FUNCTION spoil() RETURNS int LANGUAGE sql AS 'DELETE FROM incidents RETURNING 1'",
        "CREATE SEQUENCE numbers",
    )
    fetch = Fetcher(tmp_path, pg.address)
    with pytest.raises(Misuse, match="the query writes, and only reading is allowed"):
        fetch(source(tmp_path, query="SELECT id, day, n, changed, spoil() FROM incidents"))
    with pg.connect() as connection:
        assert connection.execute("SELECT count(*) FROM incidents").fetchone() == (9,)


def test_a_query_may_have_colons_percents_and_braces(tmp_path: Path, pg: Postgres) -> None:
    query = (
        "WITH x AS (SELECT id::text AS id, day, n, changed, '10:30 :a 5% {b}' AS note FROM incidents) "
        "SELECT * FROM x WHERE note LIKE '%:a%'"
    )
    columns = ["id", "day", "n", "changed", "note"]
    declared = source(tmp_path, columns=columns, query=query, watermark=MARK)
    fetch = Fetcher(tmp_path, pg.address)
    first = fetch.file(declared)
    assert duckdb.sql(f"SELECT DISTINCT note FROM '{first.path}'").fetchall() == [("10:30 :a 5% {b}",)]
    first.path.unlink()
    pg.execute("UPDATE incidents SET changed = now() WHERE id = 0")
    assert len(fetch.rows(declared, first.origin)) == 6, (
        "January, and March with the greatest value of before"
    )


def test_names_in_capitals(tmp_path: Path, pg: Postgres) -> None:
    pg.execute(
        'CREATE VIEW "Casos 2024" AS SELECT id AS "ID", day AS "FECHA", n, changed AS "Cambió" FROM incidents'
    )
    layout = desk.layout(
        file={"format": "parquet"},
        columns={"open": ["ID", "FECHA", "n", "Cambió"]},
        map={**desk.MAP, "occurrence_date": {"parse": "date", "from": "FECHA", "formats": ["%Y-%m-%d"]}},
    )
    query = 'SELECT * FROM "Casos 2024"'
    fetched = {"connection": "courts", "query": query, "watermark": {"column": "Cambió"}}
    declared = desk.source(tmp_path, layout, fetch={"database": fetched})
    fetch = Fetcher(tmp_path, pg.address)
    first = fetch.file(declared)
    first.path.unlink()
    pg.execute("UPDATE incidents SET changed = now() WHERE id = 0")
    assert sorted(fetch.rows(declared, first.origin, of='"ID"')) == [(0,), (2,), (3,), (5,), (6,), (8,)]


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("not an address", "no address of a database"),
        ("postgresql://QZUSER:QZPASSWORD@host:port/x", "no address of a database"),
        ("klingon://QZUSER:QZPASSWORD@host/x", "no driver for databases of the kind klingon"),
        ("oracle://QZUSER:QZPASSWORD@host/x", "no driver for databases of the kind oracle"),
        ("sqlite:////nowhere/QZPASSWORD.db", "no such SQLite file"),
        ("sqlite://", "no such SQLite file"),
        ("postgresql://QZUSER:QZPASSWORD@127.0.0.1:1/x", "nothing answers there"),
        ("postgresql://QZUSER:QZPASSWORD@nowhere.invalid/x", "its name is not known"),
    ],
)
def test_what_is_no_database_is_told_without_its_address(address: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(Misuse) as told:
        Fetcher(tmp_path, address)(source(tmp_path))
    assert says in told.value.text()
    assert "courts" in told.value.text()
    assert "QZ" not in told.value.text()


def test_a_wrong_password_a_missing_database_and_a_missing_right_are_told_apart(
    tmp_path: Path, pg: Postgres
) -> None:
    fetch = Fetcher(tmp_path, pg.address.replace("QZPASSWORD", "QZWRONG"))
    with pytest.raises(Misuse, match="does not accept the user or the password") as told:
        fetch(source(tmp_path))
    assert "QZ" not in told.value.text()
    fetch.address = pg.address.replace("/courts", "/elsewhere")
    with pytest.raises(Misuse, match="it has no database of that name"):
        fetch(source(tmp_path))
    pg.execute(
        "DROP ROLE IF EXISTS guest",
        "CREATE ROLE guest LOGIN PASSWORD 'guest'",
        "REVOKE ALL ON incidents FROM guest",
    )
    fetch.address = f"postgresql://guest:guest@127.0.0.1:{pg.port}/courts"
    with pytest.raises(Misuse, match="may not read this"):
        fetch(source(tmp_path))


def test_a_query_that_is_not_understood_is_told_with_its_words(
    tmp_path: Path, fetch: Fetcher, pg: Postgres
) -> None:
    with pytest.raises(Misuse, match="no such column: nn"):
        fetch(source(tmp_path, query="SELECT nn FROM incidents"))
    fetch.address = pg.address
    with pytest.raises(Misuse, match='column "nn" does not exist'):
        fetch(source(tmp_path, query="SELECT nn FROM incidents"))


def test_values_of_the_data_are_not_told(tmp_path: Path, pg: Postgres) -> None:
    with pytest.raises(Misuse) as told:
        Fetcher(tmp_path, pg.address)(source(tmp_path, query="SELECT 'QZNAME'::int AS id FROM incidents"))
    assert "SQLSTATE 22P02" in told.value.text()
    assert "QZNAME" not in told.value.text()


def test_a_server_that_dies_while_it_is_read_leaves_no_file(
    tmp_path: Path, pg: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    pg.execute("INSERT INTO incidents SELECT i, '2024-01-01', 1, now() FROM generate_series(1, 5000) AS i")
    monkeypatch.setattr(database, "BATCH", 100)
    real = parts.write

    def write(batches: Any, *rest: Any) -> int:
        def cut() -> Iterator[Any]:
            for number, batch in enumerate(batches):
                if number == 2:
                    pg.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'siprev'"
                    )
                yield batch

        return real(cut(), *rest)

    monkeypatch.setattr(parts, "write", write)
    fetch = Fetcher(tmp_path, pg.address)
    with pytest.raises(Misuse, match="broke off"):
        fetch(source(tmp_path))
    assert [path for path in fetch.folder.iterdir() if path.suffix == ".parquet"] == []


def test_a_lock_is_not_waited_for_for_ever(
    tmp_path: Path, pg: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "_LOCK", 200)
    with pg.connect() as other, other.transaction():
        other.execute("LOCK TABLE incidents")
        with pytest.raises(Misuse, match="keeps the rows locked"):
            Fetcher(tmp_path, pg.address)(source(tmp_path))


_PEAK = """
import resource, sys
from pathlib import Path
from sources.kit import discovery
from sources.kit.fetching import database
declared = discovery.read(Path(sys.argv[1])).specification
database.fetch(declared, declared.fetch.database, lambda _: sys.argv[2], None, Path(sys.argv[3]), "100MB")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_memory_does_not_grow_with_the_answer(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest, fetch: Fetcher, lite: sqlite3.Connection
) -> None:
    peaks = {}
    grow: Callable[[int], Any]
    if kind == "postgres":
        pg: Postgres = request.getfixturevalue("pg")
        fetch.address = pg.address
        grow = lambda n: pg.execute(  # noqa: E731
            "TRUNCATE incidents",
            f"INSERT INTO incidents SELECT i, date '2024-01-01' + i % 300, i, now() FROM generate_series(1, {n}) AS i",
        )
    else:

        def grow(n: int) -> None:
            lite.execute("DELETE FROM incidents")
            lite.execute(
                "INSERT INTO incidents WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < ?)"
                " SELECT i, date('2024-01-01', (i % 300) || ' days'), i, datetime('2024-12-01') FROM s",
                (n,),
            )
            lite.commit()

    declared = source(tmp_path)
    for n in (60_000, 400_000):
        grow(n)
        done = subprocess.run(
            [sys.executable, "-c", _PEAK, declared.folder, fetch.address, fetch.folder],
            capture_output=True,
            text=True,
            check=True,
        )
        peaks[n] = int(done.stdout)
    assert peaks[400_000] < peaks[60_000] + 60, peaks
