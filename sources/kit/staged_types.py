"""SQL types of staged fields: the codes of a closed list become a temporary ENUM type of the connection."""

from __future__ import annotations

from schemas import codelists, sql
from schemas.record_type import Field, RecordType


def enum_type(codelist: str) -> str:
    """Name of the connection's temporary ENUM type of a code list."""
    return f"code_{codelist}"


def sql_type(field: Field) -> str:
    """DuckDB type of a field in staging."""
    return enum_type(field.codelist) if field.codelist else field.sql_type


def types(kind: RecordType) -> list[str]:
    """Statements that make the ENUM types of a record type's code lists."""
    lists = sorted({f.codelist for f in kind.fields if f.codelist})
    return [
        f"CREATE OR REPLACE TEMP TYPE {enum_type(name)} AS {sql.enum(codelists.load(name).codes)}"
        for name in lists
    ]
