"""What a verb reads: a column or a part of it, whether anything is given, and raw values that mean "unknown"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from schemas import sql
from schemas.compile import Judged
from schemas.record_type import Field
from sources.kit.raw_text import given
from sources.kit.words import ReadingVerb

ColumnOf = Callable[[str], str]


@dataclass(frozen=True)
class Context:
    """What a verb needs to know besides itself.

    Args:
        folder: The source's folder, where tables are.
        column: Raw column name to SQL.
        sql_type: Record field to its SQL type.
        date: SQL of the record's date, on which a table's rows hold or do not.
        replaces: SQL of the key of the record that this one replaces.
    """

    folder: Path
    column: ColumnOf
    sql_type: Callable[[Field], str]
    date: str = "NULL::DATE"
    replaces: str = "NULL::BIGINT"


@dataclass(frozen=True)
class Piece:
    """The text that a verb reads.

    Args:
        text: SQL of the text.
        given: SQL that is true where something is given.
    """

    text: str
    given: str


def piece(verb: ReadingVerb, column: str) -> Piece:
    """The part of a column that a verb reads.

    A text without the declared part is nothing; a text in which the pattern is not found is something that cannot
    be read.
    """
    text = column
    if verb.split:
        text = f"trim(string_split({text}, {sql.text(verb.split.by)})[{verb.split.part}])"
    found = text
    if verb.find is not None:
        # the first pair of brackets, or the whole where there is none
        pattern = sql.text(f"(?:{verb.find})")
        group = min(re.compile(verb.find).groups, 1)
        found = f"nullif(regexp_extract({text}, {pattern}, {group}), '')"
    return Piece(found, given([text], verb.unknown))


def judged(verb: ReadingVerb, value: Callable[[str], str], column: str) -> Judged:
    """A value made from one column.

    Args:
        verb: The verb.
        value: SQL of the text to SQL of the value, NULL for what cannot be read.
        column: SQL of the raw column.
    """
    read = piece(verb, column)
    return Judged(unless_unknown(value(read.text), [read.text], verb.unknown), read.given)


def unless_unknown(value: str, columns: Sequence[str], unknown: Sequence[str]) -> str:
    """A value that is NULL where one of the columns holds a raw value for unknown."""
    return f"CASE WHEN {known(columns, unknown)} THEN {value} END" if unknown else value


def known(columns: Sequence[str], unknown: Sequence[str]) -> str:
    """SQL that is true where none of the columns holds a raw value for unknown."""
    return " AND ".join(f"coalesce(trim({c}) NOT IN ({sql.texts(unknown)}), true)" for c in columns)
