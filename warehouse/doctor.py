"""``siprev doctor``: what is wrong in a home folder, and the cure of each problem. It changes nothing."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from schemas import record_type
from schemas.errors import Misuse
from warehouse import backup, lock, migrations, reading, scratch, snapshot
from warehouse.database import utc_now
from warehouse.declarations import facts, meta, quarantine
from warehouse.declared import RESTRICTED
from warehouse.home import Home
from warehouse.literals import literal

_GIGABYTE = 1 << 30


@dataclass(frozen=True)
class Finding:
    """The result of one check; ``cure`` is empty where all is well."""

    check: str
    ok: bool
    detail: str
    cure: str = ""


def examine(home: Home, *, today: dt.date | None = None, least_free_bytes: int = _GIGABYTE) -> list[Finding]:
    """Check a home folder.

    Args:
        home: The home folder.
        today: The day on which the age of backups is judged; the system's date without it.
        least_free_bytes: Less free space than this is a problem; so is less than twice the main file.
    """
    if not home.exists:
        return [_nothing(home)]
    findings = [_files(home), _modes(home), _disk(home, least_free_bytes), _pointer(home)]
    try:
        with lock.writer(home, "siprev doctor"):
            findings += [Finding("lock", True, "nobody writes"), _left_over(home)]
            findings += list(_contents(home, today or utc_now().date()))
    except Misuse as locked:
        findings.append(Finding("lock", True, locked.what))
        findings += list(_snapshot_contents(home))
    return findings


def _nothing(home: Home) -> Finding:
    """What is to be said where there is no main file: no warehouse yet, or one that has lost it."""
    if home.path.exists() and not home.path.is_dir():
        how = "name a folder with --home or SIPREV_HOME"
        return Finding("home", False, f"{home.path} is no folder", how)
    left = home.remains()
    if left:
        return Finding(
            "files",
            False,
            f"missing: {home.warehouse.name}, though there are: {', '.join(left)}",
            "restore the main and the restricted file from the same backup",
        )
    return Finding("home", True, f"{home.path} holds no warehouse yet")


def _files(home: Home) -> Finding:
    lost = [p.name for p in (home.warehouse, home.restricted) if not p.is_file()]
    if lost:
        return Finding(
            "files", False, f"missing: {', '.join(lost)}", "restore both files from the same backup"
        )
    return Finding("files", True, "main and restricted file are there")


def _modes(home: Home) -> Finding:
    private = (home.path, home.warehouse, home.restricted, home.snapshots, home.landing)
    open_ = [p.name for p in private if p.exists() and p.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    if open_:
        return Finding(
            "modes", False, f"others can reach: {', '.join(open_)}", f"chmod -R go-rwx {home.path}"
        )
    return Finding("modes", True, "only the owner can reach the data")


def _disk(home: Home, least_free_bytes: int) -> Finding:
    free = shutil.disk_usage(home.path).free
    needed = max(least_free_bytes, 2 * home.warehouse.stat().st_size if home.warehouse.is_file() else 0)
    detail = f"{free // (1 << 20)} MB free, {needed // (1 << 20)} MB wanted for a load and its snapshot"
    return Finding(
        "disk", free >= needed, detail, "" if free >= needed else "free space, or move the home folder"
    )


def _pointer(home: Home) -> Finding:
    republish = "run a command that writes, for example `siprev run`: it publishes a new snapshot"
    try:
        path = snapshot.current(home)
        if path is None:
            return Finding("snapshot", False, "there is no snapshot", republish)
        with snapshot.reader(home) as connection:
            connection.execute(f"SELECT max(batch_id) FROM {meta.BATCH.path}").fetchone()
    except Misuse as damaged:
        return Finding("snapshot", False, damaged.what, republish)
    except duckdb.Error:
        return Finding("snapshot", False, "the snapshot that readers use cannot be opened", republish)
    return Finding("snapshot", True, path.name)


def _left_over(home: Home) -> Finding:
    """Half-written files; nobody writes while this is asked."""
    left = [*home.snapshots.glob("*.tmp"), *scratch.left_over(home)]
    if left:
        names = ", ".join(sorted(p.name for p in left)[:5])
        return Finding(
            "temporary files",
            False,
            f"{len(left)} left by a killed process: {names}",
            "the next writer removes them",
        )
    return Finding("temporary files", True, "none")


def _contents(home: Home, today: dt.date) -> Iterator[Finding]:
    """Checks of the two files themselves, while we hold the lock."""
    if not (home.warehouse.is_file() and home.restricted.is_file()):
        return
    try:
        with reading.opened(home, home.warehouse) as connection:
            connection.execute(f"ATTACH {literal(str(home.restricted))} AS {RESTRICTED} (READ_ONLY)")
            version = _version(connection, home)
            yield version
            if version.ok:
                yield from _checked(connection, home)
                yield _old_backups(connection, today)
    except duckdb.Error as error:
        yield Finding(
            "opening",
            False,
            f"the files cannot be read ({type(error).__name__})",
            "restore them from a backup",
        )


def _snapshot_contents(home: Home) -> Iterator[Finding]:
    """Somebody writes: the account is checked on the snapshot."""
    with contextlib.suppress(Misuse), snapshot.reader(home) as connection:
        yield _accounts(connection)


def _version(connection: duckdb.DuckDBPyConnection, home: Home) -> Finding:
    found = migrations.version(connection)
    try:
        migrations.require_readable(found, home.warehouse)
    except Misuse as newer:
        return Finding("version", False, newer.what, newer.how)
    if found is None or found < migrations.latest():
        return Finding("version", False, "a migration is pending", "the next writer applies it")
    return Finding("version", True, f"version {found}")


def _checked(connection: duckdb.DuckDBPyConnection, home: Home) -> Iterator[Finding]:
    yield _accounts(connection)
    for check in (_slices, _facts, _orphans, _batches):
        yield check(connection)
    yield _behind(connection, home)


def _accounts(connection: duckdb.DuckDBPyConnection) -> Finding:
    wrong = _numbers(
        connection,
        f"""
        SELECT delivery_id FROM {meta.DELIVERY.path} WHERE records_loaded IS NOT NULL AND (
            rows_delivered <> rows_unreadable + rows_excluded + rows_mapped
            OR records_made <> records_loaded + records_quarantined + records_excluded
            OR events_made <> events_loaded + events_quarantined + events_excluded
            OR records_quarantined <> (
                SELECT count(*) FROM {quarantine.RECORD.path} AS q WHERE q.delivery_id = delivery.delivery_id
            )
        ) ORDER BY delivery_id
        """,
    )
    return _finding("accounts", wrong, "the account does not add up for delivery", "every account adds up")


def _slices(connection: duckdb.DuckDBPyConnection) -> Finding:
    wrong = _numbers(
        connection,
        f"SELECT max(slice_version) FROM {meta.SLICE_VERSION.path} WHERE valid_to IS NULL"
        " GROUP BY source_id, period, area HAVING count(*) > 1 ORDER BY ALL",
    )
    return _finding(
        "slices", wrong, "two versions are current at once: slice version", "one version of each is current"
    )


def _facts(connection: duckdb.DuckDBPyConnection) -> Finding:
    wrong: list[int] = []
    for name in record_type.names():
        table = facts.fact_table(record_type.load(name))
        wrong += _numbers(
            connection,
            f"""
            SELECT slice_version FROM {meta.SLICE_VERSION.path} AS s FULL JOIN
                (SELECT slice_version, count(*) AS n FROM {table.path} GROUP BY ALL) AS r USING (slice_version)
            WHERE coalesce(s.record_type, {literal(name)}) = {literal(name)}
                AND s.n_records IS DISTINCT FROM coalesce(r.n, 0) ORDER BY ALL
            """,
        )
    return _finding(
        "facts", wrong, "records and slices differ in slice version", "every slice has its records"
    )


def _orphans(connection: duckdb.DuckDBPyConnection) -> Finding:
    n = sum(
        _numbers(
            connection,
            f"""
            SELECT count(*) FROM {quarantine.RAW.path} ANTI JOIN {meta.DELIVERY.path} USING (delivery_id)
            UNION ALL
            SELECT count(*) FROM {quarantine.RECORD.path} ANTI JOIN {meta.DELIVERY.path} USING (delivery_id)
            """,
        )
    )
    if n:
        return Finding("orphans", False, f"{n} rows belong to no delivery", "the next writer removes them")
    return Finding("orphans", True, "every row belongs to a delivery")


def _batches(connection: duckdb.DuckDBPyConnection) -> Finding:
    open_ = _numbers(
        connection, f"SELECT batch_id FROM {meta.BATCH.path} WHERE committed_at IS NULL ORDER BY ALL"
    )
    if open_:
        return Finding(
            "batches",
            False,
            f"a killed process left batch {open_[0]} without an end",
            "the next writer ends it",
        )
    return Finding("batches", True, "every batch has ended")


def _behind(connection: duckdb.DuckDBPyConnection, home: Home) -> Finding:
    last = sum(_numbers(connection, f"SELECT coalesce(max(batch_id), 0) FROM {meta.BATCH.path}"))
    try:
        published = snapshot.current_batch(home)
    except Misuse:
        published = 0
    if published < last:
        return Finding(
            "pointer",
            False,
            f"readers see batch {published}, the last is {last}",
            "run a command that writes, for example `siprev run`",
        )
    return Finding("pointer", True, f"readers see the last batch, {last}")


def _old_backups(connection: duckdb.DuckDBPyConnection, today: dt.date) -> Finding:
    """Backups that hold deliveries for longer than the agreements with their owners allow."""
    old = backup.past_retention(connection, today)
    if old:
        return Finding(
            "backups",
            False,
            f"{len(old)} hold deliveries for longer than was agreed: {', '.join(old[:3])}",
            "remove them: siprev backup FOLDER --keep N, or delete the folder",
        )
    return Finding("backups", True, "none that can be reached from here is past a retention")


def _numbers(connection: duckdb.DuckDBPyConnection, query: str) -> list[int]:
    return [int(row[0]) for row in connection.execute(query).fetchall()]


def _finding(check: str, wrong: list[int], problem: str, fine: str) -> Finding:
    if not wrong:
        return Finding(check, True, fine)
    listed = ", ".join(str(n) for n in wrong[:5]) + (f" and {len(wrong) - 5} more" if len(wrong) > 5 else "")
    return Finding(
        check, False, f"{problem} {listed}", "restore the last backup and run again; keep this message"
    )
