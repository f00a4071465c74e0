"""Values as SQL literals.

DuckDB's Python client imports pandas the first time that a parameter is bound, which takes longer than loading a
small delivery. The warehouse therefore writes its few values into the text, through this one function.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import assert_never

from schemas import sql

Value = None | bool | int | float | Decimal | str | bytes | date | datetime


def literal(value: Value) -> str:
    """A value as SQL.

    Raises:
        ValueError: A text with a NUL character, at which DuckDB would end the statement.
    """
    match value:
        case None:
            return "NULL"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return f"{sql.text(repr(value))}::DOUBLE"
        case Decimal():
            return f"{sql.text(str(value))}::DECIMAL(18,2)"
        case datetime():
            utc = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
            return f"{sql.text(utc.isoformat(sep=' '))}::TIMESTAMP"
        case date():
            return f"{sql.text(value.isoformat())}::DATE"
        case bytes():
            return f"unhex({sql.text(value.hex())})"
        case str():
            if "\0" in value:
                raise ValueError("a text with a NUL character cannot be stored")
            return sql.text(value)
    assert_never(value)


def row(values: Iterable[Value]) -> str:
    """Values as one row of a VALUES list."""
    return f"({', '.join(literal(v) for v in values)})"


def rows(values: Sequence[Iterable[Value]]) -> str:
    """Rows of a VALUES list; there must be at least one."""
    return ", ".join(row(v) for v in values)
