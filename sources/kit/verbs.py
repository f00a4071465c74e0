"""The mapping verbs as SQL: for each field of the record type its typed value, and whether anything was given.

A verb never fails on a value: what it cannot read becomes NULL with ``given`` true, and the rules say what that
means. Raw columns are text; spaces at the ends and empty text count as nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from schemas import sql
from schemas.compile import Judged
from schemas.record_type import Field
from sources.kit import identifiers, recoding
from sources.kit.recoding import UNIT_SEPARATOR
from sources.kit.words import (
    AnyVerb,
    Combine,
    Copy,
    Fixed,
    Hmac,
    Parse,
    ParseYear,
    ParseYearMonth,
    PartOf,
    Recode,
    TextVerb,
)

ColumnOf = Callable[[str], str]


@dataclass(frozen=True)
class Context:
    """What a verb needs to know besides itself.

    Args:
        folder: The source's folder, where tables are.
        column: Raw column name to SQL.
        sql_type: Record field to its SQL type.
        day: SQL of the day that decides which rows of a correspondence table hold.
    """

    folder: Path
    column: ColumnOf
    sql_type: Callable[[Field], str]
    day: Callable[[], str]


def clean(column: str, known: Iterable[str] = ()) -> str:
    """A raw column without spaces at its ends; NULL where nothing is left.

    Where nearly all values are among ``known`` ones, only the others are looked at letter by letter.
    """
    trimmed = f"nullif(trim({column}), '')"
    clear = [label for label in dict.fromkeys(known) if label and label == label.strip()]
    if not clear:
        return trimmed
    return f"CASE WHEN TRY_CAST({column} AS {sql.enum(clear)}) IS NOT NULL THEN {column} ELSE {trimmed} END"


def given(columns: Sequence[str], unknown: Sequence[str] = ()) -> str:
    """Whether any of the raw columns holds something that is not one of the values for unknown."""
    tests = [f"{c} IS NOT NULL AND trim({c}) <> ''" for c in columns]
    if unknown:
        tests = [
            f"{t} AND trim({c}) NOT IN ({sql.texts(unknown)})" for t, c in zip(tests, columns, strict=True)
        ]
    return "(" + " OR ".join(f"({t})" for t in tests) + ")"


def compiled(field: Field, verb: AnyVerb, context: Context) -> Judged:
    """The SQL of a field's value and of whether the source gave something.

    Raises:
        Misuse: A table is missing or does not fit, or a code is not in the field's list.
    """
    target = context.sql_type(field)
    match verb:
        case Fixed():
            return Judged(f"CAST({sql.text(str(verb.fixed))} AS {target})", "true")
        case Copy() | Combine():
            return _text(field, verb, target, context)
        case PartOf():
            first, last = verb.take
            part = f"substr({sql.name(verb.part_of)}, {first}, {last - first + 1})"
            return Judged(part, f"({sql.name(verb.part_of)} IS NOT NULL)")
        case Recode():
            return _recode(field, verb, target, context)
        case Parse():
            return _parse(verb, target, context.column(verb.column))
        case ParseYearMonth():
            year, month = context.column(verb.year), context.column(verb.month)
            value = _four_digit_year(f"try_strptime(trim({year}) || '-' || trim({month}), '%Y-%m')::DATE")
            return _unless_unknown(value, [year, month], year, verb.unknown)
        case ParseYear():
            year = context.column(verb.column)
            value = _four_digit_year(
                f"try_strptime(trim({year}) || {sql.text('-' + verb.day)}, '%Y-%m-%d')::DATE"
            )
            return _unless_unknown(value, [year], year, verb.unknown)
        case Hmac():
            column = context.column(verb.hmac)
            return Judged(f"unhex({hmac_of(field.name, verb, column)})", given([column], verb.unknown))


def hmac_of(field: str, verb: Hmac, column: str) -> str:
    """The hexadecimal HMAC of an identifier column; upper case, so that 'ab-1' and 'AB-1 ' are one."""
    hashed = identifiers.hmac_hex(field.removesuffix("_hmac"), f"upper({clean(column)})")
    if not verb.unknown:
        return hashed
    return f"CASE WHEN trim({column}) NOT IN ({sql.texts(verb.unknown)}) THEN {hashed} END"


def _text(field: Field, verb: Copy | Combine, target: str, context: Context) -> Judged:
    columns = [context.column(c) for c in ([verb.copy_] if isinstance(verb, Copy) else verb.combine)]
    joined = clean(columns[0])
    if isinstance(verb, Combine):
        # concat_ws of nothing is an empty text, not NULL
        joined = f"nullif(concat_ws({sql.text(verb.separator)}, {', '.join(clean(c) for c in columns)}), '')"
    value = _steps(verb, joined)
    if verb.unknown:
        value = f"CASE WHEN {joined} NOT IN ({sql.texts(verb.unknown)}) THEN {value} END"
    if field.codelist:
        value = f"TRY_CAST({value} AS {target})"
    elif target != "VARCHAR":
        value = _whole_number(value, target)
    if verb.default is not None:
        value = f"CASE WHEN {given([joined])} THEN {value} ELSE {sql.text(verb.default)}::{target} END"
    return Judged(value, given([joined], verb.unknown))


def _steps(verb: TextVerb, value: str) -> str:
    if verb.until:
        value = f"nullif(trim(split_part({value}, {sql.text(verb.until)}, 1)), '')"
    if verb.remove:
        value = f"replace({value}, {sql.text(verb.remove)}, '')"
    if verb.upper:
        value = f"upper({value})"
    if not verb.pad:
        return _prefixed(verb, _taken(verb, value))
    # a code that was a number for a while may end in .0
    whole = f"regexp_replace({value}, '[.]0+$', '')"
    padded = _taken(verb, f"lpad({whole}, {verb.pad}, '0')")
    # a longer text is another code or none: it is left whole for the form rule, never cut to fit
    return _prefixed(verb, f"CASE WHEN length({whole}) <= {verb.pad} THEN {padded} ELSE {value} END")


def _taken(verb: TextVerb, value: str) -> str:
    if not verb.take:
        return value
    first, last = verb.take
    return f"substr({value}, {first}, {last - first + 1})"


def _prefixed(verb: TextVerb, value: str) -> str:
    return f"{sql.text(verb.prefix)} || {value}" if verb.prefix else value


def _recode(field: Field, verb: Recode, target: str, context: Context) -> Judged:
    known = recoding.recoding(field, verb, context.folder)
    columns = [context.column(c) for c in verb.reads]
    plain = columns[0] if len(columns) == 1 else joined_key(columns, trimmed=False)
    trimmed = f"trim({columns[0]})" if len(columns) == 1 else joined_key(columns, trimmed=True)

    def looked_up(pairs: recoding.Pairs) -> str:
        # the exact label first: trimming every value would cost more than the look-up
        return f"coalesce({_lookup(plain, pairs, target)}, {_lookup(trimmed, pairs, target)})"

    value = looked_up(known.times[0][1])
    if known.dated:
        day = context.day()
        later = [f"WHEN {day} >= DATE '{start}' THEN {looked_up(pairs)}" for start, pairs in known.times[1:]]
        undated = f"WHEN {day} IS NULL THEN {looked_up(known.timeless)}"
        value = f"CASE {undated} {' '.join(reversed(later))} ELSE {value} END"
    if verb.default is not None:
        value = f"CASE WHEN {given(columns)} THEN {value} ELSE {sql.text(verb.default)}::{target} END"
    unlisted = [u for u in verb.unknown if u not in known.labels]
    return Judged(value, given(columns, unlisted if len(columns) == 1 else ()))


def joined_key(columns: Sequence[str], *, trimmed: bool) -> str:
    """The values of several columns as one text, an empty one for each NULL."""
    parts = ", ".join(f"coalesce({f'trim({c})' if trimmed else c}, '')" for c in columns)
    return f"concat_ws({sql.text(UNIT_SEPARATOR)}, {parts})"


def _lookup(key: str, pairs: recoding.Pairs, target: str) -> str:
    """A look-up by ENUM position: constant time a value, and it keeps the scan parallel and in order."""
    if not pairs:
        return f"NULL::{target}"
    labels = sql.enum(pairs)
    codes = ", ".join(f"{sql.text(c)}::{target}" for c in pairs.values())
    return f"([{codes}])[enum_code(TRY_CAST({key} AS {labels})) + 1]"


def _parse(verb: Parse, target: str, column: str) -> Judged:
    match verb.parse:
        case "date":
            formats = f"[{sql.texts(verb.formats)}]"
            moment = f"coalesce(try_strptime({column}, {formats}), try_strptime(trim({column}), {formats}))"
            value = _date(moment, column)
        case "integer":
            value = _whole_number(column, target)
        case "decimal":
            # with a decimal comma a point separates thousands, and what 1.234 means cannot be told
            other = "," if verb.decimal == "." else "."
            text = column if verb.decimal == "." else f"replace({column}, ',', '.')"
            number = f"TRY_CAST({text} AS {target})"
            odd = f"contains({column}, '_') OR contains({column}, {sql.text(other)})"
            value = f"CASE WHEN NOT ({odd}) AND isfinite({number}) THEN {number} END"
        case _:  # an hour, alone or with minutes
            clock = "[0-9]{1,2}(:[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?)?"
            hour = f"TRY_CAST(split_part(trim({column}), ':', 1) AS {target})"
            value = f"CASE WHEN regexp_full_match(trim({column}), '{clock}') THEN {hour} END"
    return _unless_unknown(value, [column], column, verb.unknown)


def _whole_number(text: str, target: str) -> str:
    """A whole number; a cast alone would round 1.5 and read 1e3, 1_000, 0x1F and 0b11."""
    return f"CASE WHEN regexp_matches({text}, '[._eExXbB]') THEN NULL ELSE TRY_CAST({text} AS {target}) END"


def _date(moment: str, column: str) -> str:
    """A date of four-digit years: DuckDB would read the year 24, and 'infinity' and 'epoch' as days of 1900."""
    day = f"({moment})::DATE"
    return (
        f"CASE WHEN {day} > DATE '1900-01-01' THEN {day} "
        f"WHEN {day} >= DATE '1000-01-01' AND regexp_matches({column}, '[0-9]') THEN {day} END"
    )


def _four_digit_year(day: str) -> str:
    return f"CASE WHEN {day} >= DATE '1000-01-01' THEN {day} END"


def _unless_unknown(value: str, columns: Sequence[str], giving: str, unknown: Sequence[str]) -> Judged:
    """A value that is NULL, and not given, where one of the columns holds a raw value for unknown."""
    if not unknown:
        return Judged(value, given([giving]))
    known = " AND ".join(f"coalesce(trim({c}) NOT IN ({sql.texts(unknown)}), true)" for c in columns)
    return Judged(f"CASE WHEN {known} THEN {value} END", f"({given([giving])} AND {known})")
