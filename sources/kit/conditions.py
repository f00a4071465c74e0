"""A test on the raw columns of a row, as ``source.yml`` writes it, and as SQL.

One language for all that depends on a column: rows that are left out (``exclude``), verbs that hold for some records
only (``when``), and rows that speak of earlier records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from schemas import sql
from schemas.declaration import Declared
from sources.kit.declared_text import Form
from sources.kit.raw_text import clean, number

#: The tests, by the words of ``source.yml``.
WORDS = ("equals", "in", "not_in", "starts_with", "matches", "length", "at_least", "at_most", "blank")


class Tests(Declared):
    """What a column can be tested for.

    Texts are compared without regard to capitals and to spaces at the ends: the row TOTAL is typed by hand, and comes
    as Total or "TOTAL " the next year. A pattern looks at the text as it is.
    """

    equals: str | None = Field(default=None, min_length=1)
    """The column holds this text."""
    among: list[str] | None = Field(default=None, alias="in", min_length=1)
    """The column holds one of these texts."""
    not_in: list[str] | None = Field(default=None, min_length=1)
    """The column holds something that is none of these texts; a blank one does not fit."""
    starts_with: str | None = Field(default=None, min_length=1)
    """The column begins with this text."""
    matches: Form | None = None
    """The whole text of the column fits this pattern."""
    length: int | None = Field(default=None, ge=1)
    """The text of the column has this number of characters."""
    at_least: float | None = None
    """The column holds a number that is not smaller."""
    at_most: float | None = None
    """The column holds a number that is not greater."""
    blank: bool | None = None
    """true: the column is empty, or all of several are; false: something stands in it."""

    @property
    def said(self) -> list[str]:
        """The tests that are declared."""
        return [w for w in WORDS if getattr(self, "among" if w == "in" else w) is not None]


class Condition(Tests):
    """A test on a column, or on several that must all be blank."""

    column: str | list[str]
    """The open column that is tested; several only with blank."""

    @model_validator(mode="after")
    def _tests_fit(self) -> Condition:
        require_one_test(self, self.column)
        return self

    @property
    def reads(self) -> list[str]:
        """The columns that are tested."""
        return [self.column] if isinstance(self.column, str) else self.column


def _one_or_several(value: object) -> object:
    return [value] if isinstance(value, dict) else value


#: One test, or a list of tests that must all hold.
Conditions = Annotated[
    list[Condition], BeforeValidator(_one_or_several, json_schema_input_type=Condition | list[Condition])
]


def require_one_test(tests: Tests, column: str | list[str]) -> None:
    """Hold that a column, or several, are tested in one way.

    Raises:
        ValueError: None or several tests are said, or several columns with another test than blank.
    """
    said = tests.said
    if len(said) != 1 and said != ["at_least", "at_most"]:
        raise ValueError(f"a row is tested in one way; say exactly one of {', '.join(WORDS)}")
    if said != ["blank"] and not isinstance(column, str):
        raise ValueError("several columns go with blank only; name one column")


def holds(condition: Condition, column: Callable[[str], str]) -> str:
    """SQL that is true for the rows that fit, false for all others, and never NULL.

    Args:
        condition: The test.
        column: Raw column name to SQL.
    """
    return passes(condition, [column(c) for c in condition.reads])


def passes(condition: Tests, columns: Sequence[str]) -> str:
    """SQL that is true where columns, given as SQL, pass a test, else false."""
    values = [clean(c) for c in columns]
    value = values[0]
    if condition.blank is not None:
        test = " AND ".join(f"{v} IS NULL" for v in values)
        return f"({test})" if condition.blank else f"(NOT ({test}))"
    small, tests = f"lower({value})", []
    if condition.equals is not None:
        tests.append(f"{small} IN ({_small([condition.equals])})")
    if condition.among is not None:
        tests.append(f"{small} IN ({_small(condition.among)})")
    if condition.not_in is not None:
        tests.append(f"{small} NOT IN ({_small(condition.not_in)})")
    if condition.starts_with is not None:
        tests.append(f"starts_with({small}, lower({sql.text(condition.starts_with)}))")
    if condition.matches is not None:
        tests.append(f"regexp_full_match({value}, {sql.text(condition.matches)})")
    if condition.length is not None:
        tests.append(f"length({value}) = {condition.length}")
    if condition.at_least is not None:
        tests.append(f"{number(value)} >= {condition.at_least}")
    if condition.at_most is not None:
        tests.append(f"{number(value)} <= {condition.at_most}")
    return f"coalesce({' AND '.join(tests)}, false)"


def _small(texts: Iterable[str]) -> str:
    return ", ".join(f"lower({sql.text(text.strip())})" for text in texts)


def all_hold(conditions: Iterable[Condition], column: Callable[[str], str]) -> str:
    """SQL that is true where all tests hold; the text ``true`` where there is none."""
    return " AND ".join(holds(c, column) for c in conditions) or "true"
