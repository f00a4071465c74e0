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
    """In Spanish."""
    en: str = Field(min_length=1)
    """In English."""
    pt: str = Field(min_length=1)
    """In Portuguese."""


class Condition(Declared):
    """One test that a record passes to be counted; all tests of a numerator must hold.

    ``descends``: the code or any code below it. ``in``, ``not_in``: one of, or none of, these codes; an empty field
    is in no list. ``within``: the stated range of causes lies wholly in one of these groups of causes.
    """

    field: str
    """A coded field of the record type, or cause (of a death)."""
    descends: str | None = None
    """This code, or any below it in the list."""
    among: list[str] | None = Field(default=None, alias="in", min_length=1)
    """One of these codes."""
    other_than: list[str] | None = Field(default=None, alias="not_in", min_length=1)
    """None of these codes; an empty field is in no list."""
    within: list[str] | None = Field(default=None, min_length=1)
    """The stated range of causes lies wholly in one of these groups."""

    @model_validator(mode="after")
    def _one_test(self) -> Condition:
        tests = (self.descends, self.among, self.other_than, self.within)
        if sum(test is not None for test in tests) != 1:
            raise ValueError("a condition has one test; say exactly one of descends, in, not_in, within")
        return self


class Numerator(Declared):
    """What is counted: records of one type in one counting unit that pass every test."""

    record_type: str
    """Which records are counted."""
    counting_unit: str
    """In which unit; units are never mixed."""
    where: list[Condition] = Field(min_length=1)
    """Tests that a record must pass, all of them."""


class Denominator(Declared):
    """What the count is divided by."""

    record_type: Literal["population"]
    """The population."""
    counting_unit: str
    """Its unit: person."""


class Equivalence(Declared):
    """The same or a close indicator of another system."""

    scheme: Scheme
    """The other system."""
    code: str
    """The code of the indicator there."""


class Change(Declared):
    """An entry of the change log: what became different with a version."""

    version: int = Field(ge=1)
    """The version that came with it."""
    date: date
    """When it was changed."""
    what: str
    """What became different."""


class CaseSource(Declared):
    """How the source of a worked case declares itself."""

    source_type: str
    """Kind of institution."""
    place_basis: str
    """Which place its reports are about."""
    date_basis: str
    """Which date its reports are about."""
    breakdowns: list[Dimension] = []
    """What it tells well enough to break figures down by."""


class Reported(Declared):
    """Reports of the case: every month of the year from these areas, except the months named as missing."""

    areas: list[str] = Field(min_length=1)
    """The areas that report."""
    year: int
    """The year that they report about."""
    missing: list[int] = []
    """Months (1 to 12) that they did not report."""


class Case(Declared):
    """A worked case: a few records, populations and reports, and the cells that must come of them.

    ``common`` holds the fields that all records share. ``expect`` names columns of ``indicator.value``;
    ``absent`` names cells (by their columns) that must not exist.
    """

    name: str
    """What the case shows."""
    areas: list[str] = Field(min_length=1)
    """The first-level areas of the made-up country."""
    source: CaseSource
    """How the source of the records declares itself."""
    reports: list[Reported]
    """What was reported."""
    common: dict[str, Any] = {}
    """Fields that all records share."""
    records: list[dict[str, Any]] = Field(min_length=1)
    """The records, each with the fields that differ."""
    population: list[dict[str, Any]]
    """The populations."""
    expect: list[dict[str, Any]] = Field(min_length=1)
    """Cells that must come of it, by columns of indicator.value."""
    absent: list[dict[str, Any]] = []
    """Cells that must not exist, by their columns."""


class Indicator(Declared):
    """One indicator of the catalogue."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    """Name of the indicator and of its file: small letters, digits, underscores."""
    version: int = Field(ge=1)
    """Number of the definition; a change that changes values is a new version."""
    name: Texts
    """What people read."""
    definition: Texts
    """What is measured, in one or two sentences."""
    rationale: Texts
    """Why it is measured."""
    caveats: Texts
    """How it is misread."""
    domain: str
    """The folder in which the file lies."""
    category: Category
    """What kind of thing is measured."""
    numerator: Numerator
    """What is counted."""
    denominator: Denominator
    """What the count is divided by."""
    multiplier: int = Field(ge=1)
    """The rate is numerator x multiplier / denominator."""
    unit: dict[Frequency, str]
    """Unit of the value by frequency, a code of unit_measure."""
    decimals: int = Field(ge=0, le=6)
    """To how many decimals the value is rounded."""
    method: Literal["rate"]
    """How the value is computed."""
    interval: Literal["poisson"]
    """How its interval is computed."""
    place_basis: list[str] = Field(min_length=1)
    """Which sources are accepted: those whose reports are about such a place."""
    date_basis: list[str] = Field(min_length=1)
    """Which sources are accepted: those whose reports are about such a date."""
    levels: list[Level] = Field(min_length=1)
    """Territorial levels that are asked for."""
    freq: list[Frequency] = Field(min_length=1)
    """Frequencies that are asked for: A annual, M monthly."""
    breakdowns: list[Dimension]
    """Dimensions that are asked for."""
    direction: Direction
    """How a rise is read."""
    regional_method: RegionalMethod
    """How countries are put together."""
    equivalences: list[Equivalence]
    """The same or close indicators of other systems."""
    owner: str
    """Who answers for the definition."""
    changes: list[Change] = Field(min_length=1)
    """The change log, the latest version last."""
    cases: list[Case] = Field(min_length=1)
    """Worked cases that a test computes."""

    @model_validator(mode="after")
    def _consistent(self) -> Indicator:
        if missing := [f for f in self.freq if f not in self.unit]:
            raise ValueError(f"no unit is given for frequency {', '.join(missing)}")
        if self.changes[-1].version != self.version:
            raise ValueError(
                f"the change log ends with version {self.changes[-1].version}, the indicator has {self.version}"
            )
        return self
