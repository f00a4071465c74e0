"""``siprev query``: one read-only statement on the current snapshot, in a child process with limits.

The statement can read the snapshot and nothing else: no file, no network, no setting, no write. It cannot hold up
the machine either: time, processor time, memory and the space of its answer are bounded by the operating system.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from schemas.errors import Misuse, Refusal, Told
from warehouse import asof, damage, scratch, snapshot
from warehouse.home import Home
from warehouse.scratch import Scratch

if TYPE_CHECKING:
    import pyarrow as pa

_CHILD = Path(__file__).with_name("query_process.py")
_ANSWER = "answer.arrow"
#: All that the child is told of the environment: no key is in it, and no setting of the person who asks.
_ENVIRONMENT = {"LC_ALL": "C.UTF-8"}
_MEGABYTE = 1 << 20
#: What the interpreter, DuckDB's own structures and Arrow take beside the query's memory.
_BESIDE_MEGABYTES = 1536
_KILLED_BY_CPU = (-9, -24)  # SIGKILL at the hard limit, SIGXCPU at the soft one


@dataclass(frozen=True)
class Limits:
    """Bounds of one query."""

    wall_seconds: float = 300.0
    cpu_seconds: int = 600
    memory_megabytes: int = 1024
    answer_megabytes: int = 2048
    threads: int = 2
    max_rows: int | None = None


@dataclass(frozen=True)
class _Child:
    """How the child process ended."""

    status: int
    output: str
    errors: str


def run(home: Home, statement: str, *, as_of: str | None = None, limits: Limits | None = None) -> pa.Table:
    """Answer a query on the snapshot that the pointer names.

    Args:
        home: The home folder.
        statement: One statement that reads.
        as_of: Batch number or date: show facts, quarantine, coverage, lists and values as they were then.
        limits: Bounds of time, memory and space.

    Returns:
        The answer as an Arrow table.

    Raises:
        Misuse: The statement is not one that reads, has an error, or there is no snapshot.
        Refusal: The query met one of its limits.
    """
    require_reading(statement)
    bounds = limits or Limits()
    snapshot.require_current(home)
    with scratch.private(home) as folder:
        child = _ask(home, statement, as_of, bounds, folder)
        if child.status != 0:
            raise _explained(child, statement, as_of, bounds, snapshot.current(home))
        return _read(folder.path / _ANSWER)


def require_reading(statement: str) -> None:
    """Let one statement through that only reads.

    Raises:
        Misuse: It is none, more than one, does something else, or is no SQL.
    """
    try:
        found = duckdb.extract_statements(statement)
    except duckdb.Error as error:
        raise _sql_error(str(error), statement) from None
    if len(found) != 1:
        raise Misuse(
            f"{len(found)} statements were given, and a query is one",
            where="query",
            how="give one SELECT, WITH, FROM, DESCRIBE, SHOW, SUMMARIZE or EXPLAIN",
            code="not_one_statement",
        )
    if found[0].type not in (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN):
        raise Misuse(
            "the snapshot is read-only: this statement would change something",
            where=statement.strip().splitlines()[0][:80],
            how="give one SELECT, WITH, FROM, DESCRIBE, SHOW, SUMMARIZE or EXPLAIN; "
            "to keep a result, write it to a file of your own with -o",
            code="read_only",
        )


def _ask(home: Home, statement: str, as_of: str | None, bounds: Limits, folder: Scratch) -> _Child:
    for last_try in (False, True):
        path = snapshot.require_current(home)
        request: dict[str, Any] = {
            "snapshot": str(path),
            "sql": statement,
            "as_of": asof.resolution(as_of) if as_of is not None else None,
            "answer": str(folder.path / _ANSWER),
            "max_rows": bounds.max_rows,
            "memory_limit": f"{bounds.memory_megabytes}MB",
            "threads": bounds.threads,
            "temp_directory": str(folder.path),
            "cpu_seconds": bounds.cpu_seconds,
            "address_space_bytes": (bounds.memory_megabytes + _BESIDE_MEGABYTES) * _MEGABYTE,
            "file_bytes": bounds.answer_megabytes * _MEGABYTE,
            "asked_by": os.getpid(),
        }
        try:
            done = subprocess.run(
                [sys.executable, "-I", str(_CHILD)],
                env=_ENVIRONMENT,
                input=json.dumps(request),
                capture_output=True,
                text=True,
                encoding="utf-8",
                timeout=bounds.wall_seconds,
                check=False,
                # the folder is in use for as long as the child lives, also where this process is killed
                pass_fds=[folder.lock],
            )
        except subprocess.TimeoutExpired:
            raise Refusal(
                f"the query took longer than {bounds.wall_seconds:g} seconds and was stopped",
                where="query",
                how="ask for fewer rows or group them, or allow it more time",
                code="query_too_long",
            ) from None
        # pruned between reading the pointer and opening the file: the pointer has moved on
        if done.returncode == 0 or path.is_file() or last_try:
            return _Child(done.returncode, done.stdout, done.stderr)
    raise AssertionError  # the second try always returns


def _read(answer: Path) -> pa.Table:
    import pyarrow as pa  # late: heavy, and needed only for an answer

    # the mapping outlives the file's name, so that a large answer is not copied into memory
    with pa.memory_map(str(answer)) as file:
        return pa.ipc.open_file(file).read_all()


def _explained(child: _Child, statement: str, as_of: str | None, bounds: Limits, file: Path | None) -> Told:
    """The child's end as a message for a person."""
    try:
        told = json.loads(child.output)
    except ValueError:
        told = {"kind": "", "message": ""}
    kind, message = told["kind"], told["message"]
    if kind == "as_of" and as_of is not None:
        try:
            asof.require_batch(as_of, **json.loads(message))
        except Misuse as too_early:
            return too_early
    if child.status in _KILLED_BY_CPU:
        return Refusal(
            f"the query used more than {bounds.cpu_seconds} seconds of processor time and was stopped",
            where="query",
            how="ask for fewer rows or group them",
            code="query_too_long",
        )
    if (
        kind in ("OutOfMemoryException", "OSError")
        or "bad_alloc" in child.errors
        or (not kind and child.status != 0)
    ):
        return Refusal(
            f"the query needs more memory or space than it may use ({bounds.memory_megabytes} MB of memory, "
            f"{bounds.answer_megabytes} MB for the answer)",
            where="query",
            how="ask for fewer rows or columns, or group them",
            code="query_too_large",
        )
    if kind == "IOException" and (damaged := damage.told(message, file)):
        return damaged
    if kind == "PermissionException":
        return Misuse(
            "a query can read the snapshot and nothing else: no file, no network, no setting",
            where=statement.strip().splitlines()[0][:80],
            how="use the tables of the snapshot; `SHOW ALL TABLES` lists them",
            code="outside_the_snapshot",
        )
    return _sql_error(message, statement)


def _sql_error(message: str, statement: str) -> Misuse:
    """An error in the statement, in DuckDB's words without the name of its class."""
    kind, _, rest = message.partition(": ")
    text = (rest if kind.endswith("Error") else message).strip()
    return Misuse(
        f"the query has an error: {text}",
        where=statement.strip().splitlines()[0][:80] if statement.strip() else "query",
        how="correct it; `SHOW ALL TABLES` lists the tables and `DESCRIBE core.incident` the columns of one",
        code="query_error",
    )
