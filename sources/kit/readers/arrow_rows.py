"""Tables whose rows come as Arrow batches, from formats that DuckDB does not read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from schemas.errors import Refusal
from sources.kit.readers.raw import Raw

if TYPE_CHECKING:
    import pyarrow as pa

#: Name under which DuckDB sees the batches while they are read.
NAME = "arrow_rows"


@dataclass(frozen=True)
class OpenedRows:
    """A table whose header is known and whose batches are not made yet.

    Args:
        columns: Header to column name in ``scan``.
        surroundings: Text above the header and below the table.
        schema: Columns of the batches.
        batches: Makes the batches, in the order of the rows.
        scan: SQL of the rows as text.
        instants: Headers of the columns whose values are instants.
    """

    columns: Mapping[str, str]
    surroundings: tuple[str, ...]
    schema: pa.Schema
    batches: Callable[[], Iterator[pa.RecordBatch]]
    scan: str = NAME
    instants: frozenset[str] = frozenset()

    def fill(self, connection: duckdb.DuckDBPyConnection, table: str, query: str) -> Raw:
        """Read the rows into a temporary table, a batch at a time.

        Raises:
            Refusal: A batch cannot be made.
        """
        import pyarrow as pa

        told: list[Refusal] = []

        def batches() -> Iterator[pa.RecordBatch]:
            # DuckDB puts an error of its own in the place of one that comes out of a batch
            try:
                yield from self.batches()
            except Refusal as refusal:
                told.append(refusal)
                raise

        connection.execute(f"DROP TABLE IF EXISTS {table}")
        connection.register(NAME, pa.RecordBatchReader.from_batches(self.schema, batches()))
        try:
            connection.execute(f"CREATE TEMP TABLE {table} AS {query}")
        except duckdb.Error:
            if told:
                raise told[0] from None
            raise
        finally:
            connection.unregister(NAME)
        counted = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        return Raw(self.columns, int(counted[0]) if counted else 0, (), self.surroundings)
