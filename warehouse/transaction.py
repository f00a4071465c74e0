"""One transaction on a connection: all of it, or nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import duckdb


@contextlib.contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commit at the end; take everything back if anything goes wrong, also an interruption.

    DuckDB writes to one file in one transaction: the writer's restricted file has its own.
    """
    connection.execute("BEGIN TRANSACTION")
    try:
        yield
    except BaseException:
        # an error may have ended the transaction already
        with contextlib.suppress(duckdb.TransactionException):
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
