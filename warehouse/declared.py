"""How tables, views and macros of the warehouse are declared, and their DDL.

One declaration gives the SQL that makes the object and the COMMENT of the object and of every column, so that
nothing exists without a description.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from schemas import sql

MAIN_SCHEMAS = ("meta", "ref", "core", "quarantine", "indicator", "mart")
RESTRICTED_SCHEMAS = ("meta", "core", "quarantine")
RESTRICTED = "restricted"


@dataclass(frozen=True)
class Column:
    """A column: name, DuckDB type or ``ENUM:<code list>``, and what it means."""

    name: str
    type: str
    comment: str
    required: bool = False

    @property
    def codelist(self) -> str | None:
        """Name of the code list whose codes the column holds."""
        return self.type.removeprefix("ENUM:") if self.type.startswith("ENUM:") else None

    @property
    def sql_type(self) -> str:
        """The type as SQL."""
        return code_type(self.codelist) if self.codelist else self.type

    def optional(self) -> Column:
        """The same column where it may be NULL, as in a view."""
        return replace(self, required=False)


@dataclass(frozen=True)
class Table:
    """A table; ``key`` columns are guarded by a primary key (never on a column with a code list: see ``codes``)."""

    schema: str
    name: str
    comment: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    database: str = ""

    @property
    def path(self) -> str:
        """Quoted name with schema, and with the database where that is not the main file."""
        return path(self.schema, self.name, self.database)

    def only(self, names: Collection[str]) -> Table:
        """The same table with some of its columns."""
        return replace(self, columns=tuple(c for c in self.columns if c.name in names))

    def create(self) -> str:
        """DDL of the table."""
        lines = [f"{sql.name(c.name)} {c.sql_type}{' NOT NULL' if c.required else ''}" for c in self.columns]
        if self.key:
            lines.append(f"PRIMARY KEY ({', '.join(sql.name(k) for k in self.key)})")
        inside = ", ".join(lines)
        return f"CREATE TABLE IF NOT EXISTS {self.path} ({inside})"

    def add(self, column: Column) -> str:
        """DDL that adds a column which a later version declares."""
        return f"ALTER TABLE {self.path} ADD COLUMN IF NOT EXISTS {sql.name(column.name)} {column.sql_type}"

    def comments(self) -> Iterator[str]:
        """Comments of the table and its columns."""
        yield f"COMMENT ON TABLE {self.path} IS {sql.text(self.comment)}"
        yield from _column_comments(self.path, self.columns)


@dataclass(frozen=True)
class View:
    """A view of the main file."""

    schema: str
    name: str
    comment: str
    columns: tuple[Column, ...]
    query: str

    @property
    def path(self) -> str:
        """Quoted name with schema."""
        return path(self.schema, self.name)

    def create(self) -> str:
        """DDL of the view."""
        return f"CREATE OR REPLACE VIEW {self.path} AS {self.query}"

    def comments(self) -> Iterator[str]:
        """Comments of the view and its columns."""
        yield f"COMMENT ON VIEW {self.path} IS {sql.text(self.comment)}"
        yield from _column_comments(self.path, self.columns)


@dataclass(frozen=True)
class Macro:
    """A table macro of the main file, such as the state of a view as of a batch."""

    schema: str
    name: str
    comment: str
    parameters: tuple[str, ...]
    query: str

    @property
    def path(self) -> str:
        """Quoted name with schema."""
        return path(self.schema, self.name)

    def create(self) -> str:
        """DDL of the macro."""
        return f"CREATE OR REPLACE MACRO {self.path}({', '.join(self.parameters)}) AS TABLE {self.query}"

    def comments(self) -> Iterator[str]:
        """Comment of the macro."""
        yield f"COMMENT ON MACRO TABLE {self.path} IS {sql.text(self.comment)}"


#: The batches in which a row holds.
VALIDITY = (
    Column("valid_from", "INTEGER", "First batch in which the row holds", required=True),
    Column("valid_to", "INTEGER", "First batch in which the row no longer holds; NULL while it holds"),
)


def path(schema: str, name: str, database: str = "") -> str:
    """Quoted name of an object. ``ref`` is a word of SQL, so that every part is quoted."""
    parts = (database, schema, name) if database else (schema, name)
    return ".".join(sql.name(p) for p in parts)


def code_type(codelist: str) -> str:
    """Quoted name of the ENUM type of a code list."""
    return path("ref", f"code_{codelist}")


def holds(alias: str) -> str:
    """SQL condition: a row with ``valid_from`` and ``valid_to`` (batches) is current."""
    return f"{alias}.valid_to IS NULL"


def held(alias: str, batch: str) -> str:
    """SQL condition: a row with ``valid_from`` and ``valid_to`` was current as of a batch.

    A row that was never current (an older edition that arrived late) has two equal batches and meets no batch.
    """
    return f"{alias}.valid_from <= {batch} AND ({alias}.valid_to IS NULL OR {alias}.valid_to > {batch})"


def columns_of(columns: Iterable[Column], alias: str) -> str:
    """The columns as a SELECT list, qualified."""
    return ", ".join(f"{alias}.{sql.name(c.name)}" for c in columns)


def _column_comments(owner: str, columns: Iterable[Column]) -> Iterator[str]:
    for column in columns:
        yield f"COMMENT ON COLUMN {owner}.{sql.name(column.name)} IS {sql.text(column.comment)}"
