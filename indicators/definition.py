"""What an indicator's file can say: its typed form.

Belongs here: the words of a definition and the checks that need nothing but the definition itself. Whether its
fields, codes and units exist is checked in ``indicators.catalogue``; what they become in SQL is in
``indicators.filters``.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field, model_validator

from schemas.declaration import Declared

Level = Literal["country", "first_level", "municipality"]
Frequency = Literal["A", "M"]
#: Dimensions of a cell by which events can be broken down, in the order of the cell's key.
Dimension = Literal["sex", "age", "mechanism", "relationship", "context", "urbanisation"]
DIMENSIONS: tuple[Dimension, ...] = ("sex", "age", "mechanism", "relationship", "context", "urbanisation")
#: Dimensions that a population has too: a rate of one sex is over the population of that sex.
POPULATION_DIMENSIONS: tuple[Dimension, ...] = ("sex", "age", "urbanisation")

Category = Literal[
    "violence",
    "crime",
    "insecurity",
    "justice",
    "protection",
    "risk_factor",
    "protective_factor",
    "programme",
    "capacity",
    "system_quality",
]
Direction = Literal["lower_better", "higher_better", "reporting_driven", "enforcement_driven", "none"]
RegionalMethod = Literal[
    "ratio_of_sums", "standardise_then_sum", "population_weighted", "median_of_countries", "none"
]
Scheme = Literal["SES", "SDG", "UN-CTS", "OAS", "ICCS", "ICD-10", "LACSI"]


class Texts(Declared):
    """A text in the three languages of the system."""

    es: str = Field(min_length=1)
    en: str = Field(min_length=1)
    pt: str = Field(min_length=1)


class Condition(Declared):
    """One test that a record passes to be counted; all tests of a numerator must hold.

    ``descends``: the code or any code below it. ``in``, ``not_in``: one of, or none of, these codes; an empty field
    is in no list. ``within``: the stated range of causes lies wholly in one of these groups of causes.
    """

    field: str
    descends: str | None = None
    among: list[str] | None = Field(default=None, alias="in", min_length=1)
    other_than: list[str] | None = Field(default=None, alias="not_in", min_length=1)
    within: list[str] | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _one_test(self) -> Condition:
        tests = (self.descends, self.among, self.other_than, self.within)
        if sum(test is not None for test in tests) != 1:
            raise ValueError("say exactly one of descends, in, not_in, within")
        return self


class Numerator(Declared):
    """What is counted: records of one type in one counting unit that pass every test."""

    record_type: str
    counting_unit: str
    where: list[Condition] = Field(min_length=1)


class Denominator(Declared):
    """What the count is divided by."""

    record_type: Literal["population"]
    counting_unit: str


class Equivalence(Declared):
    """The same or a close indicator of another system."""

    scheme: Scheme
    code: str


class Change(Declared):
    """An entry of the change log: what became different with a version."""

    version: int = Field(ge=1)
    date: date
    what: str


class CaseSource(Declared):
    """How the source of a worked case declares itself."""

    source_type: str
    place_basis: str
    date_basis: str
    breakdowns: list[Dimension] = []


class Reported(Declared):
    """Reports of the case: every month of the year from these areas, except the months named as missing."""

    areas: list[str] = Field(min_length=1)
    year: int
    missing: list[int] = []


class Case(Declared):
    """A worked case: a few records, populations and reports, and the cells that must come of them.

    ``common`` holds the fields that all records share. ``expect`` names columns of ``indicator.value``;
    ``absent`` names cells (by their columns) that must not exist.
    """

    name: str
    areas: list[str] = Field(min_length=1)
    source: CaseSource
    reports: list[Reported]
    common: dict[str, Any] = {}
    records: list[dict[str, Any]] = Field(min_length=1)
    population: list[dict[str, Any]]
    expect: list[dict[str, Any]] = Field(min_length=1)
    absent: list[dict[str, Any]] = []


class Indicator(Declared):
    """One indicator of the catalogue."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    version: int = Field(ge=1)
    name: Texts
    definition: Texts
    rationale: Texts
    caveats: Texts
    domain: str
    category: Category
    numerator: Numerator
    denominator: Denominator
    multiplier: int = Field(ge=1)
    unit: dict[Frequency, str]
    decimals: int = Field(ge=0, le=6)
    method: Literal["rate"]
    interval: Literal["poisson"]
    place_basis: list[str] = Field(min_length=1)
    date_basis: list[str] = Field(min_length=1)
    levels: list[Level] = Field(min_length=1)
    freq: list[Frequency] = Field(min_length=1)
    breakdowns: list[Dimension]
    direction: Direction
    regional_method: RegionalMethod
    equivalences: list[Equivalence]
    owner: str
    changes: list[Change] = Field(min_length=1)
    cases: list[Case] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> Indicator:
        if missing := [f for f in self.freq if f not in self.unit]:
            raise ValueError(f"no unit is given for frequency {', '.join(missing)}")
        if self.changes[-1].version != self.version:
            raise ValueError(
                f"the change log ends with version {self.changes[-1].version}, the indicator has {self.version}"
            )
        return self
