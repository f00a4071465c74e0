"""From the rows of a file to records: rows that are left out, value columns side by side."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field, model_validator

from schemas.declaration import Declared
from sources.kit.conditions import Condition, Conditions, Tests, require_one_test
from sources.kit.declared_text import Limits

#: Reason under which a blank value is left out that the total of its row shows to be nothing.
NOTHING = "nothing_by_total"
#: In ``parents``: a code that another begins with stands above it.
PREFIX = "prefix"


class Exclude(Tests):
    """What is no record or belongs elsewhere, left out and counted under a reason.

    Of a row its columns are tested; of a record a date, once it is read. A row is also left out where others of the
    file stand below it in a hierarchy, so that nothing is counted twice.
    """

    reason: str = Field(pattern=r"^[a-z0-9_]+$")
    """Under which is counted what is left out: small letters, digits and underscores."""
    column: str | list[str] | None = None
    """The open column that is tested; several only with blank."""
    also: list[Condition] = Field(default=[], alias="and")
    """Further tests that must hold too."""
    parents: str | None = Field(default=None, pattern=r"^([a-z0-9_]+|[A-Za-z0-9_.-]+\.csv)$")
    """The row's code stands above that of another row: by prefix, by a code list, or by a table (code, parent)."""
    within: list[str] = []
    """With parents: the columns that the rows of one hierarchy share, such as the year."""
    date: str | None = None
    """The date of this map that is tested; the records from and until the days given are left out."""
    first: dt.date | Literal["month_of_edition"] | None = Field(default=None, alias="from")
    """First day that is left out; month_of_edition: the first of the month in which the edition was made."""
    until: dt.date | None = None
    """Last day that is left out."""
    control_total: str | None = None
    """The column that states the provider's total, of all records or with parents of the rows below: it must be met."""

    @property
    def own(self) -> list[str]:
        """The columns of the test itself."""
        return [self.column] if isinstance(self.column, str) else self.column or []

    @property
    def reads(self) -> list[str]:
        """All columns that are read."""
        total = [self.control_total] if self.control_total else []
        return [*self.own, *self.within, *(c for condition in self.also for c in condition.reads), *total]

    def first_day(self, edition: dt.date | None) -> dt.date | None:
        """First day that is left out of a delivery of an edition; None where there is no first."""
        if self.first == "month_of_edition":
            return edition.replace(day=1) if edition else None
        return self.first

    @model_validator(mode="after")
    def _one_kind(self) -> Exclude:
        if (self.column is None) == (self.date is None):
            raise ValueError("rows are left out by a column, records by a date; name one of the two")
        if self.date is not None:
            self._by_date()
        elif self.parents is not None:
            self._by_hierarchy()
        else:
            require_one_test(self, self.column or [])
            self._no_words_of_others("within", "first", "until")
        return self

    def _by_date(self) -> None:
        if self.first is None and self.until is None:
            raise ValueError("no day is said; add from, until or both")
        if isinstance(self.first, dt.date) and self.until and self.until < self.first:
            raise ValueError("until comes before from; correct one of them")
        if self.said:
            raise ValueError(f"a date is tested by from and until; take {self.said[0]} out")
        self._no_words_of_others("within", "parents", "control_total", "also")

    def _by_hierarchy(self) -> None:
        if not isinstance(self.column, str):
            raise ValueError("parents are found by the codes of one column; name one")
        if self.said:
            raise ValueError(f"parents is a test of its own; take {self.said[0]} out, or write it under and")
        self._no_words_of_others("first", "until")

    def _no_words_of_others(self, *words: str) -> None:
        called = {"first": "from", "also": "and"}
        for word in words:
            if getattr(self, word):
                raise ValueError(f"{called.get(word, word)} does not go with this test; take it out")


class Range(Declared):
    """Column headers that are consecutive whole numbers, such as years."""

    range: Limits
    """First and last number."""


class Unpivot(Declared):
    """Value columns side by side that become one record each."""

    columns: Range | dict[str, str | int]
    """Header of each value column, and the value that its records get in the column name."""
    name: str
    """What the column is called that says from which value column a record comes."""
    value: str
    """What the column is called that holds the value."""
    blank: str = Field(pattern=r"^[a-z0-9_]+$")
    """Reason under which a blank value is left out: it is no zero."""
    total: str | None = None
    """The column with the sum of the value columns: where it is met, a blank beside it is nothing, and not missing."""

    @property
    def values(self) -> dict[str, str]:
        """Header of each value column and the value that its records get in column ``name``."""
        if isinstance(self.columns, Range):
            first, last = self.columns.range
            return {str(n): str(n) for n in range(first, last + 1)}
        return {k: str(v) for k, v in self.columns.items()}

    @model_validator(mode="after")
    def _columns(self) -> Unpivot:
        if not self.values:
            raise ValueError("unpivot has no value columns; name at least one")
        if self.name == self.value:
            raise ValueError("name and value are two columns; give them two names")
        return self


class Earlier(Declared):
    """Rows that speak of records that were delivered before: they annul them, or classify them anew.

    Such a row names the earlier record by the source's key and belongs to no slice of its date: it takes the place of
    nothing but that record. What it says is its ``record_status``, annulled or reclassified.
    """

    when: Conditions = []
    """The tests that such rows fit, all of them; without it, every row of the layout."""
    key: list[str] = []
    """The columns that name the earlier record, in the order of the source's key; without it, those of the key."""

    @property
    def reads(self) -> list[str]:
        """The columns that are tested."""
        return [column for condition in self.when for column in condition.reads]


class Rows(Declared):
    """From the rows of the file to records."""

    fill_down: list[str] = []
    """Columns whose blank cells say what the cell above them says, as where cells are merged; done before all else."""
    exclude: list[Exclude] = []
    """What is left out; the first test that fits decides."""
    unpivot: Unpivot | None = None
    """Value columns side by side that become one record each."""
    earlier: Earlier | None = None
    """Rows that annul or reclassify records that were delivered before."""

    @property
    def whole(self) -> list[Exclude]:
        """Tests of whole rows, before anything is mapped."""
        return [e for e in self.exclude if e.date is None]

    @property
    def by_date(self) -> list[Exclude]:
        """Tests of records by a date, once it is read."""
        return [e for e in self.exclude if e.date is not None]
