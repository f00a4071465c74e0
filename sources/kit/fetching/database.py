"""Rows of a database as one Parquet file, asked for in one transaction that can only read.

With a watermark the database is asked which rows are new or changed, and to which slices these belong; those slices
are read whole, because a delivery replaces the slices that it contains. Rows come through a cursor of the server some
at a time, so that memory does not grow with the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemas.errors import Refusal
from schemas.origin import Origin
from sources.kit.fetching import connecting, fitting, parts, watermark
from sources.kit.fetching.declared import Database, Watermark
from sources.kit.fetching.fetched import Fetched, Nothing, Secrets, digest, fit_for_a_name
from sources.kit.fetching.watermark import Mark, Range
from sources.kit.specification import Specification

if TYPE_CHECKING:
    import sqlalchemy as sa

#: Rows that are in memory at a time.
BATCH = 20_000


@dataclass(frozen=True)
class _Change:
    """What is new: after and up to which value of the watermark, and the slices in which it lies.

    Args:
        since: The greatest value of the delivery before; None asks for everything.
        until: The greatest value that is there.
        rows: How many rows have this value or lie in the overlap below it.
        slices: The slices that have something new.
        alike: A value of the column by which slices are told, for its type.
        undated: Whether rows without such a value are new.
    """

    since: Mark | None
    until: Mark
    rows: int
    slices: Sequence[Range] = ()
    alike: Any = None
    undated: bool = False

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is new."""
        return self.since is not None and not self.slices and not self.undated


def fetch(
    specification: Specification,
    declared: Database,
    secrets: Secrets,
    known: Origin | None,
    folder: Path,
    memory_limit: str,
) -> Fetched | Nothing:
    """Ask a database for what is new.

    Args:
        specification: The source's declaration.
        declared: What of it is about the database.
        secrets: Gives the address of the database.
        known: Origin of the last delivery that was loaded; None asks for everything.
        folder: Where the file is made.
        memory_limit: Memory that may be used to bring rows into order.

    Returns:
        The file, or that nothing is new.

    Raises:
        Misuse: The database cannot be reached, or does not understand what it is asked.
        Refusal: It has no row, or rows without a watermark.
    """
    question = asked(specification, declared)
    if known is not None and known.question != question:
        known = None
    address = secrets(declared.connection)
    with (
        connecting.reading(declared.connection, address) as connection,
        connecting.faults(declared.connection),
    ):
        rows = _rows(specification, declared)
        mark = declared.watermark
        change = _changed(connection, rows, specification, mark, known) if mark else None
        if change and change.is_nothing:
            return Nothing.new
        path = folder / _name(specification.id, change)
        streamed = connection.execution_options(stream_results=True, yield_per=BATCH)
        result = streamed.execute(_statement(rows, specification, declared, change))
        names = _apart(list(result.keys()), declared.connection)
        n_rows = parts.write(result.partitions(BATCH), names, path, memory_limit)
    if not n_rows:
        raise _no_rows(specification)
    return Fetched(path, _origin(declared, question, change))


def asked(specification: Specification, declared: Database) -> str:
    """What is asked for, as a digest: what was fetched under another question says nothing about this one."""
    mark = declared.watermark
    return digest(
        declared.connection,
        declared.query or declared.table,
        fitting.of_database(specification)[0].columns.all if declared.table else None,
        (mark.column, fitting.slice_column(specification)) if mark else None,
        specification.delivers.slice.period,
    )


def _origin(declared: Database, question: str, change: _Change | None) -> Origin:
    if change is None:
        return Origin(declared.place, question)
    since = change.since.text() if change.since else None
    return Origin(declared.place, question, change.until.kind, since, change.until.text(), change.rows)


def _name(source_id: str, change: _Change | None) -> str:
    if change is None:
        return f"{source_id}.parquet"
    since = f"after_{fit_for_a_name(change.since.text())}" if change.since else "all"
    return f"{source_id}__{since}__to_{fit_for_a_name(change.until.text())}.parquet"


def _changed(
    connection: sa.Connection,
    rows: sa.FromClause,
    specification: Specification,
    mark: Watermark,
    known: Origin | None,
) -> _Change:
    """What is new since the last delivery, as the database says it."""
    import sqlalchemy as sa

    column, since = _column(mark.column), None
    if known and known.watermark_kind and known.watermark_to is not None:
        since = Mark.parse(known.watermark_kind, known.watermark_to)
    # not only what is greater: a row may be stored later that has the greatest value too
    above = column >= since.back(mark.overlap).value if since else sa.literal(1) == 1
    new = sa.or_(above, column.is_(None))
    counted = sa.select(sa.func.max(column), sa.func.count(), sa.func.count(column)).select_from(rows)
    greatest, every, marked = connection.execute(counted.where(new)).one()
    if every > marked:
        raise _unmarked(mark, every - marked, specification)
    if greatest is None:
        if since is None or known is None:
            raise _no_rows(specification)
        return _Change(since, since, known.watermark_rows or 0)
    until = watermark.greater(Mark.of(greatest, mark.column), since)
    if known and until == since and every == known.watermark_rows:
        return _Change(since, since, every)
    overlap = sa.select(sa.func.count()).select_from(rows).where(column >= until.back(mark.overlap).value)
    within = connection.execute(overlap).scalar_one()
    if since is None:
        return _Change(None, until, within)
    by = fitting.slice_column(specification) or mark.column
    values = (
        connection.execute(sa.select(_column(by)).distinct().select_from(rows).where(new)).scalars().all()
    )
    dated = [value for value in values if value is not None]
    zone = fitting.slice_zone(specification)
    days = {watermark.day_of(value, by, zone) for value in dated}
    slices = watermark.slices(days, specification.delivers.slice.period)
    return _Change(since, until, within, slices, next(iter(dated), None), len(dated) < len(values))


def _column(name: str) -> sa.ColumnClause[Any]:
    import sqlalchemy as sa

    return sa.column(name)


def _rows(specification: Specification, declared: Database) -> sa.FromClause:
    """The rows of the source, as a relation of which parts can be asked for."""
    import sqlalchemy as sa

    if declared.query is not None:
        return sa.text(_plain(declared.query)).columns().subquery("fetched")
    columns = fitting.of_database(specification)[0].columns.all
    schema, _, name = (declared.table or "").rpartition(".")
    table = sa.table(name, *map(_column, columns), schema=schema or None)
    return sa.select(*table.columns).subquery("fetched")


def _plain(query: str) -> str:
    """A query in which a colon is a colon, and begins no parameter."""
    return query.replace(":", r"\:")


def _statement(
    rows: sa.FromClause, specification: Specification, declared: Database, change: _Change | None
) -> sa.Select[Any] | sa.TextClause:
    """What is read: everything, or the slices that have something new."""
    import sqlalchemy as sa

    if change is None or change.since is None:
        whole = declared.query
        return (
            sa.text(_plain(whole))
            if whole is not None
            else sa.select(sa.literal_column("*")).select_from(rows)
        )
    by = _column(fitting.slice_column(specification) or "")
    zone = fitting.slice_zone(specification)
    wanted = [
        sa.and_(
            by >= watermark.bound(first, change.alike, zone), by < watermark.bound(end, change.alike, zone)
        )
        for first, end in change.slices
    ]
    if change.undated:
        wanted.append(by.is_(None))
    return sa.select(sa.literal_column("*")).select_from(rows).where(sa.or_(*wanted))


def _apart(names: Sequence[str], connection: str) -> Sequence[str]:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise Refusal(
            f"two columns of the query are called {twice[0]}",
            where=f"connection {connection}",
            how="give one of them another name with AS",
            code="same_names",
        )
    return names


def _unmarked(mark: Watermark, n_rows: int, specification: Specification) -> Refusal:
    return Refusal(
        f"in {n_rows:,} rows the watermark {mark.column} is empty, so that changes of them would never be seen",
        where=f"{specification.id}, fetch: database",
        how="let the query fill it, for example by coalesce(updated_at, created_at), or take watermark out",
        code="no_watermark",
    )


def _no_rows(specification: Specification) -> Refusal:
    return Refusal(
        "the database gives no row: that is not a report of zero",
        where=f"{specification.id}, fetch: database",
        how="check the query, and the rights of the user with which it is asked",
        code="no_rows",
    )
