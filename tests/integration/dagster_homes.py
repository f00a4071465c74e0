"""Home folders for the tests of Dagster, runs on them, and the comparison of two warehouses."""

import json
import os
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import duckdb

from pipelines import settings as settings_module
from pipelines.orchestration.build import build_definitions
from pipelines.orchestration.installation import Clock
from pipelines.settings import Settings
from sources.kit import discovery
from tests.integration.warehouse import staged
from warehouse import snapshot
from warehouse.database import Warehouse
from warehouse.home import Home

#: The round that is open by the clock of the tests. Files copied now arrived later than that, which counts as now.
JULY = "2024-07"


def at(year: int, month: int, day: int) -> Clock:
    """A clock that stands still."""
    return lambda: datetime(year, month, day, 12, tzinfo=UTC)


def settings_of(home: Path) -> Settings:
    """Settings as the environment of a person would give them."""
    return settings_module.read({"SIPREV_HOME": str(home), "SIPREV_ACTOR": "a technician"})


def empty_home(folder: Path, like: Path | None = None) -> Path:
    """A home folder without any delivery; a copy of another one, so that both make the same references."""
    shutil.copytree(like or staged.empty(), folder)
    if like:
        return folder
    with Warehouse.open(Home(folder), "test") as warehouse:
        warehouse.secret("reference_salt")
    return folder


def golden(source_id: str) -> list[Path]:
    """The sample files of a source."""
    folder = discovery.folders()[source_id] / "golden"
    return sorted(path for path in folder.iterdir() if path.suffix != ".json")


def put(
    home: Path, source_id: str, *files: Path, arrived: datetime | None = None, name: str = ""
) -> list[Path]:
    """Copy files into the inbox of a source, as arrived now or at a given time; tables are made beforehand."""
    if not (home / "warehouse.duckdb").exists():
        shutil.copytree(staged.empty(), home, dirs_exist_ok=True)
    inbox = Home(home).inbox(source_id)
    inbox.mkdir(parents=True, exist_ok=True)
    put: list[Path] = []
    for file in files:
        target = inbox / (name or file.name)
        shutil.copyfile(file, target)
        if arrived:
            set_time(target, arrived)
        put.append(target)
    return put


def set_time(path: Path, moment: datetime) -> None:
    """Set the time at which a file arrived."""
    os.utime(path, (moment.timestamp(), moment.timestamp()))


def put_golden(home: Path, source_ids: Iterable[str]) -> None:
    """Copy the first sample delivery of each source into the inbox; one of several files in a folder of its own."""
    for source_id in source_ids:
        folder = discovery.folders()[source_id] / "golden"
        first = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["files"][0]
        if isinstance(first, str):
            put(home, source_id, folder / first)
        else:
            (Home(home).inbox(source_id) / "together").mkdir(parents=True)
            for name in first:
                put(home, source_id, folder / name, name=f"together/{name}")


def definitions(home: Path, *source_ids: str, clock: Clock | None = None) -> dg.Definitions:
    """Definitions on a home folder, in the middle of July 2024; of some sources only, where they are named."""
    chosen = [discovery.load(i) for i in source_ids] if source_ids else None
    return build_definitions(settings_of(home), chosen, clock=clock or at(2024, 7, 15))


def run(
    defs: dg.Definitions, instance: dg.DagsterInstance, *, partition: str = JULY, job: str = "monthly"
) -> dg.ExecuteInProcessResult:
    """Run a job in this process; its failures are results."""
    return defs.resolve_job_def(job).execute_in_process(
        instance=instance, partition_key=partition if job == "monthly" else None, raise_on_error=False
    )


def materialized(result: dg.ExecuteInProcessResult) -> dict[str, dict[str, object]]:
    """Metadata of what a run materialized, by asset."""
    return {
        event.materialization.asset_key.to_user_string(): {
            name: value.value for name, value in event.materialization.metadata.items()
        }
        for event in result.all_events
        if event.event_type_value == "ASSET_MATERIALIZATION"
    }


def judged(result: dg.ExecuteInProcessResult) -> dict[tuple[str, str], dg.AssetCheckEvaluation]:
    """What the checks of a run said, by source and check."""
    return {
        (check.asset_key.path[-1], check.check_name): check for check in result.get_asset_check_evaluations()
    }


def query(home: Path, statement: str) -> list[tuple[object, ...]]:
    """Rows of a query on the current snapshot."""
    with snapshot.reader(Home(home)) as connection:
        return connection.execute(statement).fetchall()


#: Columns that hold a time of work: they differ between any two runs.
TIMES = {"applied_at", "started_at", "committed_at", "received_at", "seen_at"}
#: Numbers of batches: the command line does all in one, Dagster one per source and one for the indicators.
#: What is compared in their place is whether a row is current, and whether it ever was.
BATCHES = {"batch_id", "valid_from", "valid_to"}
#: Numbers that are replaced by what they stand for.
NUMBERS = {"delivery_id", "slice_version"}
#: meta.batch lists the batches themselves; the fingerprints of indicators are made from numbers of batches.
LEFT_OUT = {"meta.batch"}
_FINGERPRINTS = "meta.fingerprint"


def differences(one: Path, other: Path) -> dict[str, tuple[int, int]]:
    """Rows that only one of two homes has, by table; tables that are equal are left out.

    All tables of both files are compared, as sets of rows with repetitions: without order, without times and numbers
    of batches; deliveries are named by source, bytes and status, versions of slices by source, period, area and
    delivery.
    """
    with duckdb.connect() as connection:
        for side, home in (("a", one), ("b", other)):
            connection.execute(f"ATTACH '{home / 'warehouse.duckdb'}' AS {side} (READ_ONLY)")
            connection.execute(f"ATTACH '{home / 'restricted.duckdb'}' AS {side}_restricted (READ_ONLY)")
            _name_numbers(connection, side)
        found: dict[str, tuple[int, int]] = {}
        for suffix in ("", "_restricted"):
            tables, others = (_tables(connection, f"{side}{suffix}") for side in "ab")
            assert list(tables) == list(others)
            for table, columns in tables.items():
                if table in LEFT_OUT and not suffix:
                    continue
                # a table of facts has the columns that some delivery of its home has filled
                every = (*columns, *(c for c in others[table] if c not in columns))
                rows = {
                    side: _rows(side, suffix, table, every, have[table])
                    for side, have in (("a", tables), ("b", others))
                }
                only = tuple(
                    _count(connection, f"({rows[x]}) EXCEPT ALL ({rows[y]})") for x, y in ("ab", "ba")
                )
                if any(only):
                    found[table + suffix] = (only[0], only[1])
        return found


def compared(home: Path) -> dict[str, int]:
    """Rows by table of what ``differences`` compares; so that a test can see that it was not empty."""
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{home / 'warehouse.duckdb'}' AS a (READ_ONLY)")
        return {
            table: _count(connection, f"FROM a.{table}")
            for table in _tables(connection, "a")
            if table not in LEFT_OUT
        }


def _name_numbers(connection: duckdb.DuckDBPyConnection, side: str) -> None:
    connection.execute(
        f"""
        CREATE TABLE {side}_delivery AS
        SELECT delivery_id AS number,
            source_id || '/' || sha256 || '/' || status || '/' || row_number() OVER (
                PARTITION BY source_id, sha256, status ORDER BY delivery_id) AS name
        FROM {side}.meta.delivery
        """
    )
    connection.execute(
        f"""
        CREATE TABLE {side}_slice AS
        SELECT v.slice_version AS number, concat_ws('/', v.source_id, v.period, v.area, d.name) AS name
        FROM {side}.meta.slice_version AS v JOIN {side}_delivery AS d ON d.number = v.delivery_id
        """
    )


def _tables(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, tuple[str, ...]]:
    rows = connection.execute(
        "SELECT schema_name || '.' || table_name, list(column_name ORDER BY column_index) FROM duckdb_columns() "
        "SEMI JOIN (SELECT database_name, schema_name, table_name FROM duckdb_tables()) "
        f"USING (database_name, schema_name, table_name) WHERE database_name = '{database}' GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return {table: tuple(columns) for table, columns in rows}


def _rows(side: str, suffix: str, table: str, columns: tuple[str, ...], have: tuple[str, ...]) -> str:
    schema, name = table.split(".")
    parts = [
        f't."{c}"::VARCHAR' if c in have else "NULL" for c in columns if c not in TIMES | BATCHES | NUMBERS
    ]
    joins = ""
    for column, names in (("delivery_id", f"{side}_delivery"), ("slice_version", f"{side}_slice")):
        if column in columns:
            parts.append(f"{names}.name")
            joins += f" JOIN {names} ON {names}.number = t.{column}"
    if "valid_to" in columns:
        parts += ["t.valid_to IS NULL", "t.valid_to IS NOT DISTINCT FROM t.valid_from"]
    condition = "t.name NOT LIKE 'indicator/%'" if table == _FINGERPRINTS else "true"
    return f'SELECT {", ".join(parts)} FROM {side}{suffix}."{schema}"."{name}" AS t{joins} WHERE {condition}'


def _count(connection: duckdb.DuckDBPyConnection, statement: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM ({statement})").fetchone()
    assert row is not None
    return int(row[0])
