"""The fields of a record as SQL: what the declaration maps, and what follows from it where it is silent."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from schemas import sql
from schemas.compile import Judged
from schemas.record_type import Field
from schemas.reference import SEVERAL_COUNTRIES
from sources.kit import identifiers, recoding, verbs
from sources.kit.mapping import identity
from sources.kit.mapping.given import Given
from sources.kit.mapping.key import ANNULS, REPLACES, KeySql
from sources.kit.raw_text import UNIT_SEPARATOR, clean
from sources.kit.staged_types import sql_type
from sources.kit.verbs import moments, recode, texts
from sources.kit.verbs.reading import piece
from sources.kit.verbs.recode import Shares
from sources.kit.words import (
    AnyMapping,
    AnyVerb,
    FirstOf,
    Fixed,
    Hmac,
    ParseDate,
    ParseYear,
    ParseYearMonth,
    PartOf,
    ReadingVerb,
    Recode,
)


@dataclass
class Fields:
    """The fields of a record.

    Args:
        all: Every field that has a value, by name.
        hashes: Hashes of identifiers, computed once and used by fields: SQL over the raw rows.
        parts: Names of fields that are part of another field.
        later: Names of fields that follow from other fields: those that depend on the record's date or status.
        constant: Names of fields that have one value in all records.
        shares: The codes among which records are shared out, where a table says so.
    """

    all: dict[str, Judged] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    parts: set[str] = field(default_factory=set)
    later: set[str] = field(default_factory=set)
    constant: set[str] = field(default_factory=set)
    shares: Shares | None = None


def fields(given: Given, key: KeySql) -> Fields:
    """Map the fields of a layout.

    Args:
        given: The delivery.
        key: The keys of its records.

    Raises:
        Misuse: A table is missing or does not fit.
    """
    made = Fields()
    context = replace(given.context, replaces=key.replaces or given.context.replaces)
    for name, verb in given.layout.map.items():
        judged = verbs.compiled(given.kind.by_name[name], verb, context)
        if isinstance(verb, Hmac):
            alias = texts.hash_of(name)
            column, formed = given.column(verb.hmac), identity.normal(given, verb.hmac)
            made.hashes[alias] = texts.hmac_of(name, verb, column, formed)
            reference = f"{name.removesuffix('_hmac')}_ref"
            if reference in given.kind.by_name:
                made.all[reference] = Judged(identifiers.reference(alias), "false")
        if isinstance(verb, PartOf):
            made.parts.add(name)
        if recoding.dated(verb, given.folder):
            made.later.add(name)
        if name == given.shared_out and isinstance(verb, Recode):
            made.shares = recode.shares(
                given.kind.by_name[name], verb, sql_type(given.kind.by_name[name]), context
            )
        if isinstance(verb, Fixed) and not verb.when:
            made.constant.add(name)
        made.all[name] = judged
    _add_defaults(given, made)
    if given.layout.rows.earlier and key.replaces:
        _speak_of_earlier(made, key.replaces, given.kind.amount)
    return made


def _speak_of_earlier(made: Fields, replaces: str, amount: str | None) -> None:
    """What differs in rows about earlier records: they name one, and one that is annulled counts nothing."""
    made.all[REPLACES] = Judged(replaces, "false")
    added_up = made.all.get(amount or "")
    if amount and added_up:
        made.all[amount] = Judged(f"CASE WHEN {ANNULS} THEN 0 ELSE {added_up.value} END", added_up.given)
        made.constant.discard(amount)
        made.later.add(amount)


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
        elif (
            wanted.codelist == "country"
            and given.specification.country != SEVERAL_COUNTRIES
            and any(
                f"{name.removesuffix('_country')}_{level}" in mapped
                for level in ("first_level", "municipality")
            )
        ):
            _same_for_all(made, wanted, given.specification.country)
        elif name.endswith("_date_precision") and (verb := mapped.get(name.removesuffix("_precision"))):
            _add_precision(given, made, wanted, verb)
        elif name.endswith("_source_code"):
            told = given.kind.by_name.get(name.removesuffix("_source_code"))
            if told and told.name in mapped and _keeps_source_code(told, mapped[told.name]):
                made.all[name] = Judged(_source_code(given, told, mapped[told.name]), "false")


def _same_for_all(made: Fields, wanted: Field, value: str) -> None:
    made.all[wanted.name] = Judged(f"{sql.text(value)}::{sql_type(wanted)}", "true")
    made.constant.add(wanted.name)


def _add_precision(given: Given, made: Fields, wanted: Field, verb: AnyMapping) -> None:
    """The precision of a date, which follows from the verb and the form that made it."""
    date = given.kind.by_name[wanted.name.removesuffix("_precision")]
    context = given.context
    cases = [(_precision(one, context), test) for one, test in verbs.deciding(date, verb, context)]
    if len({precision for precision, _ in cases}) == 1 and cases[0][0].startswith("'"):
        _same_for_all(made, wanted, cases[0][0].strip("'"))
        return
    told = " ".join(f"WHEN {test} THEN {precision}" for precision, test in cases)
    made.all[wanted.name] = Judged(f"CASE {told} END::{sql_type(wanted)}", "false")


def _precision(verb: AnyVerb, context: verbs.Context) -> str:
    """SQL of the precision of the dates that a verb makes."""
    match verb:
        case ParseDate():
            text = piece(verb, context.column(verb.column)).text
            return moments.precision(verb, text) or sql.text(moments.only_precision(verb))
        case ParseYearMonth():
            return "'month'"
        case ParseYear():
            return "'year'"
        case _:
            return "'day'"


def _keeps_source_code(told: Field, mapping: AnyMapping) -> bool:
    """Whether a record keeps what the source wrote: of an area only where a table gave it another code."""
    verbs_of = mapping.root if isinstance(mapping, FirstOf) else [mapping]
    return bool(mapping.reads) and (not told.is_area or any(isinstance(verb, Recode) for verb in verbs_of))


def _source_code(given: Given, told: Field, verb: AnyMapping) -> str:
    """The raw values that a verb reads, joined."""
    if isinstance(verb, Recode) and verb.whole:
        labels = [n.split(UNIT_SEPARATOR) for n in recoding.recoding(told, verb, given.folder).labels]
        known = [[values[i] for values in labels] for i, _ in enumerate(verb.reads)]
        values = [clean(given.column(c), k) for c, k in zip(verb.reads, known, strict=True)]
    elif isinstance(verb, ReadingVerb) and not verb.whole:
        values = [clean(piece(verb, given.column(verb.reads[0])).text)]
    else:
        values = [clean(given.column(c)) for c in verb.reads]
    return values[0] if len(values) == 1 else f"concat_ws(' | ', {', '.join(values)})"
