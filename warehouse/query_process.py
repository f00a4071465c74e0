"""The child process that answers one query: run as a script, with a request as JSON on standard input.

It imports nothing of ours and can do nothing but read the one snapshot that the request names: limits of the
operating system are set first, then the snapshot is attached read-only, then the configuration is locked. The
answer is an Arrow file; an error is one line of JSON on standard output.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys
from typing import Any

import duckdb

SNAPSHOT = "snapshot"
#: Of ``linux/prctl.h``: the signal to receive when the parent ends.
PR_SET_PDEATHSIG = 1


def main() -> int:
    """Answer the request on standard input."""
    request: dict[str, Any] = json.load(sys.stdin)
    if not _end_with(request["asked_by"]):
        return _fail("interrupted", "the command that asked has ended")
    _limit(request)
    try:
        return _answer(request)
    except duckdb.Error as error:
        return _fail(type(error).__name__, str(error))
    except MemoryError:
        return _fail("OutOfMemoryException", "the query needs more memory than it may use")
    except OSError as error:
        return _fail("OSError", f"the answer cannot be written: {error.strerror}")


def _end_with(parent: int) -> bool:
    """Let the operating system end this process when the command that asked ends, however it ends.

    Returns:
        Whether the command still runs: it may have ended before this took effect.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    return os.getppid() == parent


def _limit(request: dict[str, Any]) -> None:
    for kind, value in (
        (resource.RLIMIT_CPU, request["cpu_seconds"]),
        (resource.RLIMIT_AS, request["address_space_bytes"]),
        (resource.RLIMIT_FSIZE, request["file_bytes"]),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (value, value))


def _answer(request: dict[str, Any]) -> int:
    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": request["memory_limit"],
            "threads": request["threads"],
            "temp_directory": request["temp_directory"],
            "max_temp_directory_size": f"{request['file_bytes']} bytes",
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
        },
    )
    snapshot = request["snapshot"].replace("'", "''")
    connection.execute(f"ATTACH '{snapshot}' AS {SNAPSHOT} (READ_ONLY)")
    connection.execute(f"USE {SNAPSHOT}")
    connection.execute("SET TimeZone = 'UTC'")
    schemas = [
        str(name)
        for (name,) in connection.execute(
            "SELECT schema_name FROM duckdb_schemas() WHERE database_name = current_database() AND NOT internal"
        ).fetchall()
    ]
    path = [f"{SNAPSHOT}.{s}" for s in schemas]
    if not request["as_of"]:
        connection.execute(f"SET search_path = '{','.join(path)}'")
    else:
        row = connection.execute(request["as_of"]).fetchone()
        found, last = row if row else (None, None)
        if found is None:
            return _fail("as_of", json.dumps({"found": None, "last": last}))
        _look_back(connection, schemas, path, int(found))
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    result = connection.execute(request["sql"])
    _write(result, request["answer"], request["max_rows"])
    return 0


def _look_back(
    connection: duckdb.DuckDBPyConnection, schemas: list[str], path: list[str], batch: int
) -> None:
    """Put a view over the state as of a batch before every view that has history."""
    macros, on_a_day = _macros(connection, "_as_of"), _macros(connection, "_as_of_on")
    for schema in schemas:
        connection.execute(f'CREATE SCHEMA IF NOT EXISTS memory."{schema}"')
    # these first: what they hide is then found behind them
    connection.execute(f"SET search_path = '{','.join([*(f'memory.{s}' for s in schemas), *path])}'")
    for schema, macro in macros:
        view = macro.removesuffix("_as_of")
        connection.execute(
            f'CREATE VIEW memory."{schema}"."{view}" AS SELECT * FROM {SNAPSHOT}."{schema}"."{macro}"({batch})'
        )
    for schema, macro in on_a_day:
        name = macro.replace("_as_of_", "_")
        connection.execute(
            f'CREATE MACRO memory."{schema}"."{name}"(day) AS TABLE '
            f'SELECT * FROM {SNAPSHOT}."{schema}"."{macro}"({batch}, day)'
        )


def _macros(connection: duckdb.DuckDBPyConnection, ending: str) -> list[tuple[str, str]]:
    """Schema and name of the snapshot's table macros with an ending."""
    return connection.execute(
        f"""
        SELECT DISTINCT schema_name, function_name FROM duckdb_functions()
        WHERE database_name = '{SNAPSHOT}' AND function_type = 'table_macro' AND ends_with(function_name, '{ending}')
        ORDER BY ALL
        """
    ).fetchall()


def _write(result: duckdb.DuckDBPyConnection, path: str, max_rows: int | None) -> None:
    import pyarrow as pa  # late: an error in the query is told without waiting for it

    written = 0
    reader = result.to_arrow_reader(65536)
    with pa.OSFile(path, "wb") as file, pa.ipc.new_file(file, reader.schema) as writer:
        for batch in reader:
            if max_rows is not None and written + batch.num_rows > max_rows:
                writer.write_batch(batch.slice(0, max_rows - written))
                break
            writer.write_batch(batch)
            written += batch.num_rows


def _fail(kind: str, message: str) -> int:
    sys.stdout.write(json.dumps({"kind": kind, "message": message}) + "\n")
    return 3


if __name__ == "__main__":
    sys.exit(main())
