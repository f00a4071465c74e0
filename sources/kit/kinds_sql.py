"""The kinds of identifiers in SQL: the same normal forms and check characters as ``sources.kit.kinds``.

In two steps, each over a column of the one before, so that nothing is computed twice.
"""

from __future__ import annotations

from schemas import sql
from sources.kit.kinds import (
    BLANK_CODES,
    BLANKS,
    DECIMAL,
    DIGITS,
    DROPPED,
    ENDS,
    FROM,
    GROUP_ZEROS,
    KINDS,
    LONGEST_PLACEHOLDER,
    PLACEHOLDERS,
    PUNCTUATION,
    REPEATED,
    SEPARATORS,
    TO,
    ZEROS,
    Check,
)


def tidied(kind: str, column: str) -> str:
    """SQL for the text of a raw column in plain capitals, without what its kind does not count."""
    declared = KINDS[kind]
    # plain ASCII, which has as many bytes as characters, differs by its letters alone: that is much faster
    plain = (
        f"CASE WHEN strlen({column}) = length({column}) THEN upper({column}) "
        f"ELSE translate({column}, {sql.text(FROM + DROPPED)}, {sql.text(TO)}) END"
    )
    match declared.strip:
        case "ends":
            # most have no blank either, and looking for one is faster than a regular expression
            blank = " OR ".join(f"contains({column}, chr({code}))" for code in BLANK_CODES)
            tidy = f"trim({_replaced(plain, (BLANKS, ' '))}, ' ')"
            ready = f"strlen({column}) = length({column}) AND NOT ({blank})"
            return f"CASE WHEN {ready} THEN upper({column}) ELSE {tidy} END"
        case "groups":
            return _replaced(plain, (SEPARATORS, "-"), (ENDS, ""), (GROUP_ZEROS, r"\1\2"))
        case _ if declared.number:
            return _replaced(plain, (DECIMAL, r"\1"), (PUNCTUATION, ""), (ZEROS, ""))
        case _:
            return _replaced(plain, (PUNCTUATION, ""))


def _replaced(text: str, *steps: tuple[str, str]) -> str:
    for pattern, by in steps:
        text = f"regexp_replace({text}, {sql.text(pattern)}, {sql.text(by)}, 'g')"
    return text


def normal(kind: str, text: str) -> str:
    """SQL for the normal form, given the tidied text; NULL where it is empty or can be nothing of this kind."""
    declared = KINDS[kind]
    tests = [f"length({text}) >= {declared.least}"]
    filled = text
    if declared.length:
        filled = f"lpad({text}, {declared.length}, '0')"
        # lpad cuts what is longer
        tests.append(f"length({text}) <= {declared.length}")
    if declared.form:
        tests.append(f"regexp_full_match({filled}, {sql.text(declared.form)})")
    if declared.never:
        tests.append(f"{filled} NOT IN ({sql.texts(declared.never)})")
    fits = " AND ".join(tests)
    if not declared.any_length:
        return f"CASE WHEN {fits} THEN {filled} END"
    return f"CASE WHEN NOT ({fits}) OR {_is_placeholder(declared.strip, text)} THEN NULL ELSE {text} END"


def _is_placeholder(strip: str, text: str) -> str:
    """SQL for whether a normal form stands in the place of an identifier, the quick tests before the slow ones."""
    last = f"ascii(right({text}, 1))"
    # most identifiers end with a digit that is not their first sign: no placeholder does
    is_none = f"{last} BETWEEN 48 AND 57 AND {last} <> ascii({text})"
    # a look-up, since of a long list DuckDB makes a join, which loses the order of the rows
    is_word = f"TRY_CAST({_replaced(text, (PUNCTUATION, ''))} AS {sql.enum(PLACEHOLDERS)}) IS NOT NULL"
    signs = f"replace({text}, '-', '')" if strip == "groups" else text
    first = f"left({text}, 1)"
    zeros, digits, others = REPEATED[strip]
    least = f"CASE WHEN {first} = '0' THEN {zeros} WHEN {first} BETWEEN '1' AND '9' THEN {digits} ELSE {others} END"
    is_repeated = f"length({signs}) >= {least} AND {signs} = repeat({first}, length({signs}))"
    return (
        f"CASE WHEN {is_none} THEN false WHEN length({text}) <= {LONGEST_PLACEHOLDER} AND {is_word} THEN true "
        f"WHEN {last} = ascii({text}) THEN {is_repeated} ELSE false END"
    )


def valid(kind: str, text: str) -> str:
    """SQL for whether the check characters of a normal form are right; NULL for NULL."""
    return " AND ".join(f"({_fits(check, text)})" for check in KINDS[kind].checks) or f"{text} = {text}"


def _fits(check: Check, text: str) -> str:
    terms = []
    for place, weight in enumerate(check.weights, start=1):
        character = f"substr({text}, {place}, 1)"
        value = f"ascii({character}) - {ord('0')}"
        if check.alphabet != DIGITS:
            value = f"instr({sql.text(check.alphabet)}, {character}) - 1"
        product = f"{weight} * ({value})"
        if check.fold and weight > 1:
            product = f"CASE WHEN {product} > 9 THEN {product} - 9 ELSE {product} END"
        terms.append(f"({product})")
    remainder = f"({' + '.join(terms)}) % {len(check.found)}"
    return (
        f"substr({sql.text(check.found)}, ({remainder})::INTEGER + 1, 1) = substr({text}, {check.at + 1}, 1)"
    )
