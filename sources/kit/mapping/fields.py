"""The fields of a record as SQL: what the declaration maps, and what follows from it where it is silent."""

from __future__ import annotations

from dataclasses import dataclass, field

from schemas import sql
from schemas.compile import Judged
from schemas.record_type import Field
from sources.kit import identifiers, verbs
from sources.kit.mapping.given import Given
from sources.kit.staged_types import sql_type
from sources.kit.words import AnyVerb, Fixed, Hmac, Parse, ParseYear, ParseYearMonth, PartOf, Recode

PRECISION = {Parse: "day", ParseYearMonth: "month", ParseYear: "year"}


@dataclass
class Fields:
    """The fields of a record.

    Args:
        all: Every field that has a value, by name.
        hashes: Hashes of identifiers, computed once and used by fields: SQL over the raw rows.
        parts: Names of fields that are part of another field.
        constant: Names of fields that have one value in all records.
    """

    all: dict[str, Judged] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    parts: set[str] = field(default_factory=set)
    constant: set[str] = field(default_factory=set)


def fields(given: Given) -> Fields:
    """Map the fields of a layout.

    Raises:
        Misuse: A table is missing or does not fit.
    """
    made = Fields()
    context = verbs.Context(given.folder, given.column, sql_type)
    for name, verb in given.layout.map.items():
        judged = verbs.compiled(given.kind.by_name[name], verb, context)
        if isinstance(verb, Hmac):
            alias = f"h_{name.removesuffix('_hmac')}"
            made.hashes[alias] = verbs.hmac_of(name, verb, given.column(verb.hmac))
            judged = Judged(f"unhex({alias})", judged.given)
            reference = f"{name.removesuffix('_hmac')}_ref"
            if reference in given.kind.by_name:
                made.all[reference] = Judged(identifiers.reference(alias), "false")
        if isinstance(verb, PartOf):
            made.parts.add(name)
        if isinstance(verb, Fixed):
            made.constant.add(name)
        made.all[name] = judged
    _add_defaults(given, made)
    return made


def _add_defaults(given: Given, made: Fields) -> None:
    """Fields that follow from others where the declaration is silent."""
    mapped = given.layout.map
    fixed = {"record_status": "provisional", "count": "1"}
    for wanted in given.kind.fields:
        name = wanted.name
        if name in made.all:
            continue
        if name in fixed:
            _same_for_all(made, wanted, fixed[name])
        elif name.endswith("_country") and any(
            f"{name.removesuffix('_country')}_{level}" in mapped for level in ("first_level", "municipality")
        ):
            _same_for_all(made, wanted, given.specification.country)
        elif name.endswith("_date_precision") and (verb := mapped.get(name.removesuffix("_precision"))):
            _same_for_all(made, wanted, PRECISION.get(type(verb), "day"))
        elif name.endswith("_source_code"):
            told = given.kind.by_name.get(name.removesuffix("_source_code"))
            if told and told.name in mapped and _keeps_source_code(told, mapped[told.name]):
                made.all[name] = Judged(_source_code(given, told, mapped[told.name]), "false")


def _same_for_all(made: Fields, wanted: Field, value: str) -> None:
    made.all[wanted.name] = Judged(f"{sql.text(value)}::{sql_type(wanted)}", "true")
    made.constant.add(wanted.name)


def _keeps_source_code(told: Field, verb: AnyVerb) -> bool:
    """Whether a record keeps what the source wrote: of an area only where a table gave it another code."""
    return bool(verb.reads) and (isinstance(verb, Recode) or not told.is_area)


def _source_code(given: Given, told: Field, verb: AnyVerb) -> str:
    """The raw values that a verb reads, joined."""
    known: list[list[str]] = [[] for _ in verb.reads]
    if isinstance(verb, Recode):
        labels = [n.split(verbs.UNIT_SEPARATOR) for n in verbs.labels(told, verb, given.folder)]
        known = [[values[i] for values in labels] for i, _ in enumerate(verb.reads)]
    values = [verbs.clean(given.column(c), k) for c, k in zip(verb.reads, known, strict=True)]
    return values[0] if len(values) == 1 else f"concat_ws(' | ', {', '.join(values)})"
