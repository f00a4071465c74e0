"""Rows of a database as one Parquet file: what is asked for, what comes, and what is told where it does not."""

from __future__ import annotations

import datetime as dt
import hashlib
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from schemas.errors import Misuse, Refusal
from schemas.origin import Origin
from sources.kit.discovery import Source
from sources.kit.fetching import connecting, database, parts
from sources.kit.fetching.fetched import Fetched, Nothing
from tests.servers.postgres import Postgres
from tests.unit.sources import desk

COLUMNS = ["id", "day", "n", "changed"]
MARK = {"column": "changed"}


def source(folder: Path, *, columns: list[str] | None = None, period: str = "month", **fetch: Any) -> Source:
    """A source fetched from the connection ``courts``."""
    layout = desk.layout(file={"format": "parquet"}, columns={"open": columns or COLUMNS})
    asked = {"connection": "courts", **({} if "query" in fetch else {"table": "incidents"}), **fetch}
    delivers = {**desk.DECLARATION["delivers"], "slice": {"period": period}}
    return desk.source(folder, layout, delivers=delivers, fetch={"database": asked})


class Fetcher:
    """Fetches from one address into a folder."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder / "fetched"
        self.folder.mkdir()
        self.address = address

    def __call__(self, declared: Source, known: Origin | None = None) -> Fetched | Nothing:
        fetch = declared.specification.fetch
        assert fetch and fetch.database
        return database.fetch(
            declared.specification, fetch.database, lambda _: self.address, known, self.folder, "200MB"
        )

    def file(self, declared: Source, known: Origin | None = None) -> Fetched:
        found = self(declared, known)
        assert isinstance(found, Fetched)
        assert [path.name for path in self.folder.iterdir()] == [found.path.name], "nothing else is left"
        return found

    def rows(self, declared: Source, known: Origin | None = None, *, of: str = "*") -> list[tuple[Any, ...]]:
        found = self.file(declared, known)
        rows = duckdb.sql(f"SELECT {of} FROM '{found.path}'").fetchall()
        found.path.unlink()
        return rows


@pytest.fixture
def lite(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A SQLite database with nine incidents in three months."""
    with sqlite3.connect(tmp_path / "courts.db") as connection:
        connection.execute("CREATE TABLE incidents (id INTEGER, day TEXT, n INTEGER, changed TEXT)")
        connection.executemany(
            "INSERT INTO incidents VALUES (?, ?, 1, ?)",
            [(i, f"2024-{1 + i % 3:02}-{10 + i}", f"2024-04-01 10:00:{i:02}") for i in range(9)],
        )
    yield connection
    connection.close()


@pytest.fixture
def fetch(tmp_path: Path, lite: sqlite3.Connection) -> Fetcher:
    return Fetcher(tmp_path, f"sqlite:///{tmp_path / 'courts.db'}")


@pytest.fixture
def pg(postgres: Postgres) -> Postgres:
    made = postgres.new_database("courts")
    made.execute(
        "CREATE TABLE incidents (id int, day date, n int, changed timestamptz)",
        "INSERT INTO incidents SELECT i, date '2024-01-10' + 31 * (i % 3), 1, "
        "timestamptz '2024-04-01 10:00:00+00' + i * interval '1 second' FROM generate_series(0, 8) AS i",
    )
    return made


def test_a_first_fetch_brings_everything_under_a_name_that_says_up_to_where(
    tmp_path: Path, fetch: Fetcher
) -> None:
    found = fetch.file(source(tmp_path, watermark=MARK))
    assert found.path.name == "probe__all__to_2024-04-01-100008.parquet"
    assert found.origin == Origin(
        "database courts", found.origin.question, "text", None, "2024-04-01 10:00:08"
    )
    assert duckdb.sql(f"SELECT count(*) FROM '{found.path}'").fetchall() == [(9,)]


def test_with_nothing_new_nothing_is_fetched(tmp_path: Path, fetch: Fetcher) -> None:
    declared = source(tmp_path, watermark=MARK)
    first = fetch.file(declared)
    assert fetch(declared, first.origin) is Nothing.new


def test_slices_with_a_new_or_changed_row_are_fetched_whole(
    tmp_path: Path, fetch: Fetcher, lite: sqlite3.Connection
) -> None:
    """A delivery replaces the slices that it contains: the changed rows alone would take the others away."""
    declared = source(tmp_path, watermark=MARK)
    first = fetch.file(declared)
    first.path.unlink()
    lite.execute("UPDATE incidents SET n = 5, changed = '2024-05-01 00:00:00' WHERE id = 4")
    lite.execute("INSERT INTO incidents VALUES (9, '2024-06-30', 1, '2024-05-02 00:00:00')")
    lite.commit()
    found = fetch.file(declared, first.origin)
    assert found.path.name == "probe__after_2024-04-01-100008__to_2024-05-02-000000.parquet"
    assert (found.origin.watermark_from, found.origin.watermark_to) == (
        "2024-04-01 10:00:08",
        "2024-05-02 00:00:00",
    )
    rows = duckdb.sql(f"SELECT id, n FROM '{found.path}' ORDER BY id").fetchall()
    assert rows == [(1, 1), (4, 5), (7, 1), (9, 1)], "February as a whole, and the new row of June"


def test_slices_of_a_year(tmp_path: Path, fetch: Fetcher, lite: sqlite3.Connection) -> None:
    declared = source(tmp_path, watermark=MARK, period="year")
    first = fetch.file(declared)
    first.path.unlink()
    lite.execute(
        "INSERT INTO incidents VALUES (9, '2024-12-31', 1, '2024-05-02'), (10, '2023-12-31', 1, '2020')"
    )
    lite.commit()
    assert len(fetch.rows(declared, first.origin)) == 10, "all of 2024, and nothing of 2023"


def test_an_overlap_asks_again_for_what_came_late(
    tmp_path: Path, fetch: Fetcher, lite: sqlite3.Connection
) -> None:
    declared = source(tmp_path, watermark={**MARK, "overlap": "10 minutes"})
    first = fetch.file(declared)
    first.path.unlink()
    # stored by a transaction that began before the last fetch and ended after it
    lite.execute("INSERT INTO incidents VALUES (9, '2024-03-31', 1, '2024-04-01 09:55:00')")
    lite.commit()
    again = fetch.file(declared, first.origin)
    assert again.origin.watermark_to == first.origin.watermark_to
    assert (9,) in duckdb.sql(f"SELECT id FROM '{again.path}'").fetchall()
    bytes_before = again.path.read_bytes()
    again.path.unlink()
    assert fetch.file(declared, again.origin).path.read_bytes() == bytes_before


def test_a_watermark_of_days_asks_for_its_last_day_again(
    tmp_path: Path, fetch: Fetcher, lite: sqlite3.Connection
) -> None:
    declared = source(tmp_path, watermark={"column": "day"})
    first = fetch.file(declared)
    assert first.origin.watermark_to == "2024-03-18"
    first.path.unlink()
    lite.execute("INSERT INTO incidents VALUES (9, '2024-03-18', 1, '')")
    lite.commit()
    assert sorted(fetch.rows(declared, first.origin, of="id")) == [(2,), (5,), (8,), (9,)]


def test_a_watermark_of_numbers(tmp_path: Path, fetch: Fetcher, lite: sqlite3.Connection) -> None:
    declared = source(tmp_path, watermark={"column": "id", "overlap": 2})
    first = fetch.file(declared)
    first.path.unlink()
    assert (first.origin.watermark_kind, first.origin.watermark_to) == ("integer", "8")
    assert sorted(fetch.rows(declared, first.origin, of="id")) == [(1,), (2,), (4,), (5,), (7,), (8,)]


def test_another_question_begins_anew(tmp_path: Path, fetch: Fetcher) -> None:
    first = fetch.file(source(tmp_path, watermark=MARK))
    first.path.unlink()
    other = source(tmp_path, watermark=MARK, query="SELECT * FROM incidents WHERE n = 1")
    assert len(fetch.rows(other, first.origin)) == 9
    assert fetch(source(tmp_path, watermark=MARK), first.origin) is Nothing.new


def test_rows_without_a_watermark_are_not_lost_in_silence(
    tmp_path: Path, fetch: Fetcher, lite: sqlite3.Connection
) -> None:
    declared = source(tmp_path, watermark=MARK)
    first = fetch.file(declared)
    lite.execute("INSERT INTO incidents VALUES (9, '2024-03-18', 1, NULL)")
    lite.commit()
    for known in (None, first.origin):
        with pytest.raises(Refusal, match="in 1 rows the watermark changed is empty"):
            fetch(declared, known)


def test_new_rows_without_a_date_come_with_all_that_have_none(
    tmp_path: Path, fetch: Fetcher, lite: sqlite3.Connection
) -> None:
    declared = source(tmp_path, watermark=MARK)
    first = fetch.file(declared)
    first.path.unlink()
    lite.execute("UPDATE incidents SET day = NULL WHERE id = 1")
    lite.execute("INSERT INTO incidents VALUES (9, NULL, 1, '2024-05-01')")
    lite.commit()
    assert sorted(fetch.rows(declared, first.origin, of="id")) == [(1,), (9,)]


def test_what_puts_rows_into_slices_must_be_dates(
    tmp_path: Path, fetch: Fetcher, lite: sqlite3.Connection
) -> None:
    declared = source(tmp_path, watermark=MARK)
    first = fetch.file(declared)
    lite.execute("INSERT INTO incidents VALUES (9, '31/03/2024', 1, '2024-05-01')")
    lite.commit()
    with pytest.raises(Misuse, match="not all of its values are dates") as told:
        fetch(declared, first.origin)
    assert "31/03" not in told.value.text()


@pytest.mark.parametrize("query", ["SELECT * FROM incidents", "SELECT * FROM incidents ORDER BY id DESC;"])
def test_the_same_rows_are_the_same_bytes(
    query: str, tmp_path: Path, fetch: Fetcher, lite: sqlite3.Connection
) -> None:
    declared = source(tmp_path, query=query)
    first = hashlib.sha256(fetch.file(declared).path.read_bytes())
    lite.execute("CREATE TABLE turned AS SELECT * FROM incidents ORDER BY n, id % 4, id DESC")
    lite.execute("DROP TABLE incidents")
    lite.execute("ALTER TABLE turned RENAME TO incidents")
    lite.commit()
    found = fetch.file(declared)
    assert found.path.name == "probe.parquet"
    assert hashlib.sha256(found.path.read_bytes()).digest() == first.digest()


def test_batches_are_one_file(tmp_path: Path, fetch: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    declared = source(tmp_path)
    whole = fetch.file(declared).path.read_bytes()
    monkeypatch.setattr(database, "BATCH", 2)
    assert fetch.file(declared).path.read_bytes() == whole


def test_types_are_kept_and_values_of_several_types_become_text(
    tmp_path: Path, fetch: Fetcher, lite: sqlite3.Connection
) -> None:
    lite.execute("CREATE TABLE odd (code TEXT, whole INTEGER, share REAL, mixed, raw BLOB, none, day, n)")
    lite.executemany(
        "INSERT INTO odd VALUES (?, ?, ?, ?, ?, NULL, NULL, NULL)",
        [("007", 2**62, 0.5, 5, b"\x00\x01"), ("08", None, 2.0, "five", b""), (None, 1, None, None, None)],
    )
    lite.commit()
    names = ["code", "whole", "share", "mixed", "raw", "none", "day", "n"]
    path = fetch.file(source(tmp_path, columns=names, table="odd")).path
    types = [row[1] for row in duckdb.sql(f"DESCRIBE FROM '{path}'").fetchall()]
    assert types[:5] == ["VARCHAR", "BIGINT", "DOUBLE", "VARCHAR", "BLOB"]
    assert set(duckdb.sql(f"SELECT code, whole, mixed FROM '{path}'").fetchall()) == {
        ("007", 2**62, "5"),
        ("08", None, "five"),
        (None, 1, None),
    }


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
    assert len(fetch.rows(declared, first.origin)) == 3


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
    assert sorted(fetch.rows(declared, first.origin, of='"ID"')) == [(0,), (3,), (6,)]


def test_no_row_is_no_report_of_zero(tmp_path: Path, fetch: Fetcher, lite: sqlite3.Connection) -> None:
    lite.execute("DELETE FROM incidents")
    lite.commit()
    for watermark in (None, MARK):
        with pytest.raises(Refusal, match="no row") as told:
            fetch(source(tmp_path, watermark=watermark))
        assert told.value.code == "no_rows"


def test_two_columns_of_one_name(tmp_path: Path, fetch: Fetcher) -> None:
    with pytest.raises(Refusal, match="two columns of the query are called n"):
        fetch(source(tmp_path, query="SELECT day, n, n FROM incidents"))


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
