"""Names of months as files write them: of five languages, or a source's own."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator

Language = Literal["es", "en", "pt", "fr", "nl"]


def _twelve(names: tuple[str, ...]) -> tuple[str, ...]:
    if len(names) != 12 or len({plain(name) for name in names}) != 12:
        raise ValueError("write the names of all twelve months, from January to December, each once")
    return names


#: A language, or the twelve names in any other one.
Months = Language | Annotated[tuple[str, ...], AfterValidator(_twelve)]

_NAMES: dict[str, str] = {
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "en": "january february march april may june july august september october november december",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
}
#: Short names that are not the first three letters, and other spellings.
_ALSO: dict[str, dict[str, int]] = {
    "es": {"setiembre": 9, "set": 9, "sept": 9},
    "en": {"sept": 9},
    "pt": {},
    "fr": {"janv": 1, "fevr": 2, "avr": 4, "juil": 7, "sept": 9},
    "nl": {"mrt": 3, "sept": 9},
}
#: How a day is written as an ordinal beside the name of a month (1º, 1.º, 1o., 1ro, 1er, 1st), by language.
_ORDINAL = {
    "es": "(?:[.]?[º°]|[.]?(?:o|ro|er)[.]?)",
    "pt": "(?:[.]?[º°]|[.]?o[.]?)",
    "en": "(?:st|nd|rd|th)",
    "fr": "(?:er|re|e)",
    "nl": "(?:ste|de|e)",
}
#: For names of one's own: none.
_NO_ORDINAL = "(?:[.]?[º°])"


def plain(text: str) -> str:
    """A text in small letters without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))


@cache
def numbers(months: Months) -> dict[str, int]:
    """The number of a month by its name and the short forms of it, in plain small letters.

    A short form that two months share, such as the ``jui`` of French, is none.
    """
    names = _NAMES[months].split() if isinstance(months, str) else months
    found: dict[str, int] = {}
    for letters in (3, None):
        for place, name in enumerate(map(plain, names), start=1):
            short = name[:letters]
            if letters and sum(plain(other).startswith(short) for other in names) > 1:
                continue
            found[short] = place
    return found | (_ALSO[months] if isinstance(months, str) else {})


def ordinal(months: Months) -> str:
    """What may stand behind the number of a day, as a regular expression."""
    return _ORDINAL[months] if isinstance(months, str) else _NO_ORDINAL


def spoken(texts: Sequence[str]) -> Language | None:
    """The language in which most of some texts are names of months; None where no text is one in any."""
    words = [plain(text).strip(" .") for text in texts]
    known = {language: sum(word in numbers(language) for word in words) for language in get_args(Language)}
    best: Language = max(known, key=lambda language: known[language])
    return best if known[best] else None
