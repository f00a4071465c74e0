"""Texts and pairs of numbers in a declaration that must have a certain form: patterns, formats, limits."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from sources.kit.kinds import KINDS

#: What DuckDB's strptime knows of the specifiers of a moment.
_DATE_FORMAT = re.compile(r"(?:[^%]|%%|%-?[aAbBdmyYHIMSjpfzGVu])+")

#: How Excel keeps a day: as the number of days since one that its first version chose, or that of the Macintosh.
EXCEL = ("excel", "excel_1904")
#: How an hour is written: as on a clock, as one number of hours and minutes, or as Excel keeps it, a part of a day.
HOURS = ("clock", "hhmm", "excel")


def _regular(pattern: str) -> str:
    """A pattern that Python and DuckDB (RE2) both read."""
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"this is no regular expression ({error}); copy one from another source") from error
    return pattern


def _regular_in_sql(pattern: str) -> str:
    if re.search(r"\(\?(?:[=!]|<[=!])|\\[1-9]", pattern):
        raise ValueError("neither look-around nor references to groups can be used here; do without them")
    return _regular(pattern)


def _form_of(text: str, words: tuple[str, ...]) -> str:
    if text not in words and not ("%" in text and _DATE_FORMAT.fullmatch(text)):
        raise ValueError(
            f"{text!r} is no form of a date; write one such as %d/%m/%Y, or {' or '.join(words)}"
        )
    return text


def _date_format(text: str) -> str:
    return _form_of(text, EXCEL)


def _hour_format(text: str) -> str:
    return _form_of(text, HOURS)


def _ascending(limits: tuple[int, int]) -> tuple[int, int]:
    if limits[0] > limits[1]:
        raise ValueError(f"{limits[1]} comes before {limits[0]}; write the smaller number first")
    return limits


def _characters(limits: tuple[int, int]) -> tuple[int, int]:
    if limits[0] < 1:
        raise ValueError("there is no character 0; count from 1")
    return _ascending(limits)


def _kind_of_identifier(name: str) -> str:
    if name not in KINDS:
        raise ValueError(f"{name!r} is no kind of identifier; use one of {', '.join(KINDS)}")
    return name


def _of_no_kind(declared: object) -> object:
    """Identifiers as a mere list: of each the text counts as it is."""
    if not isinstance(declared, list):
        return declared
    repeated = sorted({str(name) for name in declared if declared.count(name) > 1})
    if repeated:
        raise ValueError(f"declared twice: {', '.join(repeated)}; keep each column once")
    return dict.fromkeys(declared, "free")


#: Columns with identifiers, and the kind of each.
Identifiers = Annotated[
    dict[str, Annotated[str, AfterValidator(_kind_of_identifier)]],
    BeforeValidator(_of_no_kind),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "array", "items": {"type": "string"}},
                {"type": "object", "additionalProperties": {"enum": list(KINDS)}},
            ]
        }
    ),
]
Pattern = Annotated[str, AfterValidator(_regular)]
Form = Annotated[str, AfterValidator(_regular_in_sql)]
Characters = Annotated[tuple[int, int], AfterValidator(_characters)]
Limits = Annotated[tuple[int, int], AfterValidator(_ascending)]
DateFormat = Annotated[str, AfterValidator(_date_format)]
HourFormat = Annotated[str, AfterValidator(_hour_format)]
