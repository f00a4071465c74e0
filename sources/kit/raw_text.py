"""Raw columns as SQL: text without spaces at its ends, whether it says anything, several texts as one key.

Raw columns are text; spaces at the ends (also those that do not break) and empty text count as nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from schemas import sql

#: Joins the values of several columns into one key; it does not occur in text.
UNIT_SEPARATOR = "\x1f"
#: Every kind of space that stands in files, for a pattern.
SPACES = "\\s\\x{00A0}\\x{1680}\\x{2000}-\\x{200B}\\x{202F}\\x{205F}\\x{3000}\\x{FEFF}"


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


def joined_key(columns: Sequence[str], *, trimmed: bool) -> str:
    """The values of several columns as one text, an empty one for each NULL."""
    parts = ", ".join(f"coalesce({f'trim({c})' if trimmed else c}, '')" for c in columns)
    return f"concat_ws({sql.text(UNIT_SEPARATOR)}, {parts})"


def number(text: str) -> str:
    """A plain number as DOUBLE; NULL for all else, also for what a cast alone would read, such as 1_000 or NaN."""
    return f"CASE WHEN regexp_full_match({text}, '[+-]?[0-9]+([.][0-9]+)?') THEN CAST({text} AS DOUBLE) END"


def plain(column: str) -> str:
    """A text for people in the form in which patterns look at it: small letters, no accents, single plain spaces.

    NULL where nothing is left.
    """
    spaced = f"regexp_replace({column}, '[{SPACES}]+', ' ', 'g')"
    return f"nullif(trim(strip_accents(lower({spaced}))), '')"


def look_up(key: str, pairs: dict[str, str], kind: str) -> str:
    """A look-up by ENUM position: constant time a value, and it keeps a scan parallel and in order.

    Args:
        key: SQL of the text that is looked up.
        pairs: What each text becomes, as text.
        kind: SQL type of what it becomes.
    """
    codes = ", ".join(f"{sql.text(code)}::{kind}" for code in pairs.values())
    return f"([{codes}])[enum_code(TRY_CAST({key} AS {sql.enum(pairs)})) + 1]"
