"""The records behind a delivery: each field as SQL, in codes of the common lists, and what can go wrong with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from pipelines.sample_countries.faults import Fault
from schemas import record_type
from schemas.sql import text

Value = str | int | float | date | None


@dataclass(frozen=True)
class Records:
    """The records of one kind in one country, in codes of the common lists.

    Args:
        record_type: What one record is.
        date_field: The date that places a record in a month of the truth.
        place: Role of the place of the truth's areas; empty where the records have none.
        by: The field whose codes the truth tells apart.
        layers: SQL for each field; a layer reads the fields of those before it, and ``j``, ``number`` and ``kind``.
        faults: What is planted beside wrong spellings: rules over several fields, and over the whole delivery.
        base: SQL of the rows with ``j`` from 0, where they are listed; else they are drawn by number.
        given: Columns of ``base``.
        size: Number of the rows of ``base``.
        consequences: Further rules that a misspelling breaks, by its name.
        raised: Rules on the whole delivery that what is planted raises.
        where: SQL that good records fulfil; of the others there is none.
        amount: SQL for what the account adds up.
    """

    record_type: str
    date_field: str
    layers: Sequence[Mapping[str, str]]
    place: str = ""
    by: str = ""
    faults: Sequence[Fault] = ()
    base: str = ""
    given: Sequence[str] = ()
    size: int = 0
    consequences: Mapping[str, Sequence[str]] = field(default_factory=dict)
    raised: Sequence[str] = ()
    where: str = ""
    amount: str = "1"

    @property
    def names(self) -> list[str]:
        """The names of everything that is told of a record, in the order in which it is worked out."""
        return list(dict.fromkeys([*self.given, *(name for layer in self.layers for name in layer)]))

    @property
    def columns(self) -> tuple[str, ...]:
        """The fields of the record type among them."""
        fields = record_type.load(self.record_type).by_name
        return tuple(name for name in self.names if name in fields)


def listed(rows: Sequence[Mapping[str, Value]]) -> str:
    """SQL of rows that are listed: the columns of the first row, and ``j`` from 0."""
    names = list(rows[0])
    values = ", ".join(
        f"({number}, {', '.join(literal(row[name]) for name in names)})" for number, row in enumerate(rows)
    )
    return f"SELECT * FROM (VALUES {values}) AS listed(j, {', '.join(names)})"


def literal(value: Value) -> str:
    """A value as a SQL literal."""
    match value:
        case None:
            return "NULL"
        case str():
            return text(value)
        case date():
            return f"DATE '{value.isoformat()}'"
        case _:
            return str(value)
