"""A connection to a database that can only read, and what is told of a database that does not answer.

Messages name the connection as ``source.yml`` does. What a driver says may hold the address with its password, or
values of the data, and is told only where it can be about names in a query alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemas.errors import Misuse

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlalchemy.engine import URL

_CONNECT_SECONDS = 15
#: For each statement, in milliseconds: how long it may wait for a lock, and how long it may take.
_LOCK, _STATEMENT = 60_000, 3_600_000
#: Notice within two minutes that the server is gone.
_ALIVE = {"keepalives_idle": "30", "keepalives_interval": "15", "keepalives_count": "4"}

#: What servers say of a refused connection, and what that means.
_REFUSED = (
    (
        r"password authentication failed|authentication failed|no password supplied|Access denied",
        "it does not accept the user or the password",
    ),
    (r"database .* does not exist|Unknown database", "it has no database of that name"),
    (r"role .* does not exist", "it has no user of that name"),
    (r"no pg_hba.conf entry", "it lets nobody in from this machine"),
    (
        r"could not translate host name|Name or service not known|failed to resolve host|nodename nor servname",
        "its name is not known",
    ),
    (r"Connection refused", "nothing answers there"),
    (r"timeout|timed out", "it does not answer in time"),
    (r"SSL|certificate", "the encrypted connection does not come about"),
)
_BROKE_OFF, _NO_RIGHT = "the connection to the database broke off", "42501"
#: What the states mean that a server gives (SQLSTATE), by how they begin.
_STATES = (
    ("57014", "the database did not answer in time"),
    ("55P03", "the database keeps the rows locked"),
    ("25006", "the query writes, and only reading is allowed"),
    (_NO_RIGHT, "the user of the connection may not read this"),
    ("08", _BROKE_OFF),
    ("57P", _BROKE_OFF),
)
#: What SQLite says in place of a state.
_OF_SQLITE = {
    "database is locked": "the database keeps the rows locked",
    "file is not a database": "the file is no SQLite database",
}
#: What SQLite says of a query, where it is about the query alone.
_OF_QUERY = re.compile(
    r"(no such (table|column|function): .*|near \".*\": syntax error|ambiguous column name: .*)"
)


@contextmanager
def reading(name: str, address: str) -> Iterator[sa.Connection]:
    """A connection on which one transaction reads a state of the database that does not change meanwhile.

    Args:
        name: Name of the connection in ``source.yml``.
        address: Its SQLAlchemy URL, a secret.

    Raises:
        Misuse: The address is none, its driver is not installed, or the database cannot be reached.
    """
    import sqlalchemy as sa
    from sqlalchemy.pool import NullPool

    url = _url(name, address)
    try:
        engine = sa.create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=_arguments(url))
    except (sa.exc.NoSuchModuleError, ImportError):
        raise _wrong(
            name,
            f"there is no driver for databases of the kind {url.drivername}",
            "PostgreSQL (postgresql+psycopg://) and SQLite (sqlite:///) come with siprev; install the driver of "
            "another database into the same environment",
        ) from None
    except (sa.exc.ArgumentError, TypeError, ValueError):
        raise _no_address(name) from None
    try:
        try:
            connection = engine.connect()
        except (sa.exc.DBAPIError, OSError) as error:
            raise _unreachable(name, error) from None
        with connection:
            with faults(name):
                _only_read(connection)
            yield connection
    finally:
        engine.dispose()


@contextmanager
def faults(name: str) -> Iterator[None]:
    """Tell what a database has against a question, without what it may say of values.

    Raises:
        Misuse: It does not understand the question, refuses the answer, or the connection broke.
    """
    import sqlalchemy as sa

    try:
        yield
    except sa.exc.DBAPIError as error:
        raise _told(name, error) from None


def _url(name: str, address: str) -> URL:
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(address.strip())
    except (ArgumentError, ValueError):
        raise _no_address(name) from None
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise _wrong(
            name,
            "there is no such SQLite file",
            "write its whole path after sqlite:///, so that an absolute one has four slashes",
        )
    return url


def _arguments(url: URL) -> dict[str, Any]:
    if url.drivername != "postgresql+psycopg":
        return {}
    wanted: dict[str, Any] = {
        "connect_timeout": str(_CONNECT_SECONDS),
        "application_name": "siprev",
        **_ALIVE,
    }
    return {key: value for key, value in wanted.items() if key not in url.query}


def _only_read(connection: sa.Connection) -> None:
    """Begin the transaction: of one state of the database, in UTC, without a right to write."""
    match connection.dialect.name:
        case "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            connection.exec_driver_sql("SET LOCAL TIME ZONE 'UTC'")
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {_LOCK}")
            connection.exec_driver_sql(f"SET LOCAL statement_timeout = {_STATEMENT}")
        case "sqlite":
            connection.exec_driver_sql("PRAGMA query_only = ON")
            connection.exec_driver_sql("BEGIN")


def _wrong(name: str, what: str, how: str) -> Misuse:
    return Misuse(
        f"connection {name}: {what}", where="fetch: database: connection", how=how, code="connection"
    )


def _no_address(name: str) -> Misuse:
    return _wrong(
        name,
        "what is kept for it is no address of a database",
        "write it as postgresql+psycopg://user:password@host:5432/name, or sqlite:////path/to/file.db; signs such as "
        "@ : / in a password as %40 %3A %2F",
    )


def _unreachable(name: str, error: Exception) -> Misuse:
    said = str(error)
    why = next(
        (told for pattern, told in _REFUSED if re.search(pattern, said, re.IGNORECASE)),
        "it gives no reason that can be shown",
    )
    return Misuse(
        f"the database of connection {name} cannot be reached: {why}",
        where="fetch: database: connection",
        how="check the address and the network, ask the owner of the database, and run the command again",
        code="unreachable",
    )


def _told(name: str, error: sa.exc.DBAPIError) -> Misuse:
    cause = error.orig
    state = str(getattr(cause, "sqlstate", None) or "")
    of_sqlite = type(cause).__module__ == "sqlite3"
    what = next((told for start, told in _STATES if state.startswith(start)), "the database could not answer")
    if of_sqlite:
        what = _OF_SQLITE.get(str(cause), what)
    elif not state:  # the driver itself noticed
        what = _BROKE_OFF
    if said := _about_the_query(cause, state, of_sqlite):
        what = f"the database does not understand the query: {said}"
    code = f"SQLSTATE {state}" if state else type(cause).__name__
    return Misuse(
        f"connection {name}: {what} ({code})",
        where="fetch: database",
        how="try the query with a program for databases, with the same user, and correct it; if it works there, run "
        "the command again",
        code="query",
    )


def _about_the_query(cause: BaseException | None, state: str, of_sqlite: bool) -> str:
    """What a database says of a query, where that is about its words alone."""
    if state.startswith("42") and state != _NO_RIGHT:
        return str(getattr(getattr(cause, "diag", None), "message_primary", "") or "")
    found = _OF_QUERY.fullmatch(str(cause)) if of_sqlite else None
    return found[0] if found else ""
