"""Texts and codes as SQL: copied or joined, and made to have the form of a code."""

from __future__ import annotations

from schemas import sql
from schemas.compile import Judged
from schemas.record_type import Field
from sources.kit import identifiers
from sources.kit.raw_text import clean, given
from sources.kit.verbs import added_digits
from sources.kit.verbs.numbers import whole
from sources.kit.verbs.reading import Context, piece
from sources.kit.words import Combine, Copy, Hmac, TextSteps


def text(field: Field, verb: Copy | Combine, target: str, context: Context) -> Judged:
    """A text after its steps; of a field that holds numbers, a whole number."""
    if isinstance(verb, Copy):
        read = piece(verb, context.column(verb.copy_))
        told, told_given = clean(read.text), read.given
    else:
        columns = ", ".join(clean(context.column(c)) for c in verb.combine)
        # concat_ws of nothing is an empty text, not NULL
        told = f"nullif(concat_ws({sql.text(verb.separator)}, {columns}), '')"
        told_given = given([told], verb.unknown)
    value = _steps(verb, told)
    if verb.unknown:
        value = f"CASE WHEN {told} NOT IN ({sql.texts(verb.unknown)}) THEN {value} END"
    if field.codelist:
        value = f"TRY_CAST({value} AS {target})"
    elif target != "VARCHAR":
        value = whole(value, target)
    if verb.default is not None:
        value = f"CASE WHEN {given([told])} THEN {value} ELSE {sql.text(verb.default)}::{target} END"
    return Judged(value, told_given)


def hash_of(field: str) -> str:
    """The column that holds the hexadecimal hash of a field; it is computed once, before the fields."""
    return f"h_{field.removesuffix('_hmac')}"


def hmac_of(field: str, verb: Hmac, column: str, normal: str) -> str:
    """The hexadecimal HMAC of an identifier.

    Args:
        field: The field that gets it.
        verb: Its declaration.
        column: SQL of the raw column.
        normal: SQL of its normal form.
    """
    hashed = identifiers.hmac_hex(field.removesuffix("_hmac"), normal)
    if not verb.unknown:
        return hashed
    return f"CASE WHEN trim({column}) NOT IN ({sql.texts(verb.unknown)}) THEN {hashed} END"


def _steps(verb: TextSteps, value: str) -> str:
    if verb.remove:
        value = f"replace({value}, {sql.text(verb.remove)}, '')"
    if verb.upper:
        value = f"upper({value})"
    if not verb.pad:
        return _prefixed(verb, _taken(verb, value))
    # a code that was a number for a while may end in .0
    bare = f"regexp_replace({value}, '[.]0+$', '')"
    padded = _taken(verb, f"lpad({bare}, {verb.pad}, '0')")
    # a longer text is another code or none: it is left whole for the form rule, never cut to fit
    return _prefixed(verb, f"CASE WHEN length({bare}) <= {verb.pad} THEN {padded} ELSE {value} END")


def _taken(verb: TextSteps, value: str) -> str:
    if verb.take:
        first, last = verb.take
        value = f"substr({value}, {first}, {last - first + 1})"
    return added_digits.ibge(value) if verb.add_digit else value


def _prefixed(verb: TextSteps, value: str) -> str:
    return f"{sql.text(verb.prefix)} || {value}" if verb.prefix else value
