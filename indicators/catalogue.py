"""The catalogue: every definition, found by discovery and checked against record types and code lists.

A file ``catalogue/<domain>/<id>.yml`` is an indicator; there is no list to edit. Belongs here: what a definition
must agree with. Its words are in ``indicators.definition``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from indicators import filters, policy
from indicators.definition import Case, Condition, Indicator
from schemas import codelists, declaration, record_type
from schemas.errors import Misuse
from schemas.record_type import RecordType

FOLDER = Path(__file__).parent / "catalogue"

#: A problem of a definition: its place in the file, what is wrong, how to mend it.
Problem = tuple[tuple[int | str, ...], str, str]


@dataclass(frozen=True)
class Catalogue:
    """The definitions that could be read, and what is wrong with the others.

    Attributes:
        indicators: The definitions, by id.
        digests: SHA-256 of every definition, also of the faulty ones, with the rules that hold for all.
        faults: What is wrong with the faulty ones.
    """

    indicators: tuple[Indicator, ...]
    digests: dict[str, str]
    faults: dict[str, Misuse] = field(default_factory=dict)

    @cached_property
    def by_id(self) -> dict[str, Indicator]:
        """The definitions by id."""
        return {i.id: i for i in self.indicators}

    def get(self, id_: str) -> Indicator:
        """A definition.

        Raises:
            Misuse: There is no such indicator, or its file is faulty.
        """
        if id_ in self.faults:
            raise self.faults[id_]
        if id_ not in self.by_id:
            raise Misuse(
                f"unknown indicator {id_!r}",
                where="the catalogue",
                how=f"use one of: {', '.join(sorted(self.by_id))}",
                code="unknown_indicator",
            )
        return self.by_id[id_]

    @cached_property
    def version(self) -> str:
        """Name of this state of the catalogue and its rules: the start of their SHA-256."""
        return hashlib.sha256("\n".join(sorted(self.digests.values())).encode()).hexdigest()[:12]


def load(folder: Path = FOLDER, *, keep_going: bool = False) -> Catalogue:
    """Read and check all definitions.

    Args:
        folder: Where they are.
        keep_going: Keep the faults of single definitions instead of stopping at the first.

    Raises:
        Misuse: A definition is faulty (unless ``keep_going``), or there is none.
    """
    found: list[Indicator] = []
    digests: dict[str, str] = {}
    faults: dict[str, Misuse] = {}
    rules = b"".join(path.read_bytes() for path in (policy.CELLS, policy.QUALITY, policy.PRECEDENCE))
    for path in sorted(folder.glob("*/*.yml")):
        digests[path.stem] = hashlib.sha256(path.read_bytes() + rules).hexdigest()
        try:
            found.append(read(path))
        except Misuse as fault:
            if not keep_going:
                raise
            faults[path.stem] = fault
    if not digests:
        raise Misuse(
            "the catalogue has no indicators",
            where=str(folder),
            how="put definitions in a folder by domain, <domain>/<id>.yml",
            code="empty_catalogue",
        )
    return Catalogue(tuple(sorted(found, key=lambda i: i.id)), digests, faults)


def read(path: Path) -> Indicator:
    """Read and check one definition.

    Raises:
        Misuse: It does not fit its model, the record types or the code lists; the message has file and line.
    """
    indicator = declaration.load(path, Indicator)
    found = list(problems(indicator, path))
    if not found:
        return indicator
    text = path.read_text(encoding="utf-8")
    (place, what, how), *others = found
    # all at once, each with its line, so that one round mends the file
    for other, other_what, other_how in others:
        what += f"; line {declaration.line_of(text, other)}: {other_what} ({other_how})"
    raise Misuse(what, where=f"{path}:{declaration.line_of(text, place)}", how=how, code="indicator_invalid")


def problems(indicator: Indicator, path: Path) -> Iterator[Problem]:
    """Everything in which a definition disagrees with its place, the record types or the code lists."""
    if indicator.id != path.stem:
        yield ("id",), f"the id is {indicator.id!r}, the file is {path.name}", "let both have the same name"
    if indicator.domain != path.parent.name:
        yield (
            ("domain",),
            f"the domain is {indicator.domain!r}, the folder {path.parent.name!r}",
            "move one of them",
        )
    try:
        record = record_type.load(indicator.numerator.record_type)
    except Misuse as fault:
        yield ("numerator", "record_type"), fault.what, fault.how
        return
    yield from _listed("counting_unit", indicator.numerator.counting_unit, ("numerator", "counting_unit"))
    yield from _listed("counting_unit", indicator.denominator.counting_unit, ("denominator", "counting_unit"))
    for freq, unit in indicator.unit.items():
        yield from _listed("unit_measure", unit, ("unit", freq))
    for number, condition in enumerate(indicator.numerator.where):
        yield from _condition(record, condition, ("numerator", "where", number))
    yield from _bases(record, indicator)
    for number, dimension in enumerate(indicator.breakdowns):
        column = "age_from" if dimension == "age" else dimension
        if column not in record.by_name:
            yield (
                ("breakdowns", number),
                f"records of type {record.name} have no {dimension}",
                "remove the breakdown",
            )
    for number, case in enumerate(indicator.cases):
        yield from _case(record, case, ("cases", number))


def _listed(codelist: str, code: str, place: tuple[int | str, ...]) -> Iterator[Problem]:
    if code not in codelists.load(codelist):
        known = ", ".join(codelists.load(codelist).codes)
        yield place, f"{code!r} is not in the code list {codelist}", f"use one of: {known}"


def _condition(record: RecordType, condition: Condition, place: tuple[int | str, ...]) -> Iterator[Problem]:
    for column in filters.columns(condition):
        if column not in record.by_name:
            yield (
                (*place, "field"),
                f"records of type {record.name} have no field {condition.field!r}",
                _fields(record),
            )
            return
    if condition.within is not None:
        if condition.field != filters.CAUSE:
            yield (
                (*place, "within"),
                f"within speaks of {filters.CAUSE!r} only",
                f"write field: {filters.CAUSE}",
            )
        for group in condition.within:
            yield from _listed("icd10_group", group, (*place, "within"))
        return
    if condition.field == filters.CAUSE or record.by_name[condition.field].codelist is None:
        yield (
            (*place, "field"),
            f"the field {condition.field!r} has no code list to test against",
            _fields(record),
        )
        return
    try:
        filters.codes(record.name, condition)
    except Misuse as fault:
        yield place, fault.what, fault.how


def _fields(record: RecordType) -> str:
    return f"use one of: {', '.join(f.name for f in record.fields if f.codelist)}"


def _bases(record: RecordType, indicator: Indicator) -> Iterator[Problem]:
    kinds: list[tuple[str, list[str], Callable[[str], str]]] = [
        ("place_basis", indicator.place_basis, lambda basis: f"{basis}_first_level"),
        ("date_basis", indicator.date_basis, lambda basis: f"{basis}_date"),
    ]
    for name, bases, column in kinds:
        for number, basis in enumerate(bases):
            yield from _listed(name, basis, (name, number))
            if basis in codelists.load(name) and column(basis) not in record.by_name:
                yield (
                    (name, number),
                    f"records of type {record.name} have no field {column(basis)!r} for the {name} {basis!r}",
                    "remove it, or choose a basis that the record type has",
                )


def _case(record: RecordType, case: Case, place: tuple[int | str, ...]) -> Iterator[Problem]:
    population = record_type.load("population")
    rows = [(record, case.common, (*place, "common"))]
    rows += [(record, row, (*place, "records", n)) for n, row in enumerate(case.records)]
    rows += [(population, row, (*place, "population", n)) for n, row in enumerate(case.population)]
    for kind, row, where in rows:
        for name in row:
            if name not in kind.by_name:
                yield (
                    (*where, name),
                    f"records of type {kind.name} have no field {name!r}",
                    "correct its spelling",
                )
