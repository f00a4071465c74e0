"""The words by which columns, subjects and values are recognised; they stand in the two YAML files beside this one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args

import yaml

from sources.kit import months as naming

_FOLDER = Path(__file__).parent


def folded(text: str) -> str:
    """A text as words: small letters without accents, one blank between two words."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    plain = "".join(c for c in unicodedata.normalize("NFKD", apart) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", plain.casefold()))


@cache
def _columns() -> Mapping[str, Mapping[str, list[str]]]:
    return _read("words_of_columns.yml")


@cache
def values() -> Mapping[str, Any]:
    """The words of values."""
    return _read("words_of_values.yml")


def _read(name: str) -> Mapping[str, Any]:
    made: Mapping[str, Any] = yaml.safe_load((_FOLDER / name).read_text(encoding="utf-8"))
    return made


@dataclass(frozen=True)
class Named:
    """What the name of a column says.

    Args:
        meaning: What it holds; None where no word is known.
        score: How much of the name the words take, from 0 to 1.
        role: Of whom, where or when it speaks; empty where the name does not say.
    """

    meaning: str | None
    score: float
    role: str


def named(name: str) -> Named:
    """What a column is by its name, or by its last part where it has several (victim.sex, Cases / Men)."""
    parts = dict.fromkeys((name, name.rpartition(".")[2], name.rpartition(" / ")[2]))
    found = [_best(folded(part), _columns()["meanings"]) for part in parts if folded(part)]
    meaning, score = max(found, key=lambda one: one[1], default=(None, 0.0))
    role, _ = _best(folded(name), _columns()["roles"])
    return Named(meaning, score, role or "")


def subjects(texts: Iterable[str]) -> dict[str, int]:
    """How many different words of each subject stand in some texts, most first."""
    joined = [folded(text) for text in texts]
    found = {
        subject: sum(1 for phrase in phrases if any(_at(phrase, words) for words in joined))
        for subject, phrases in _columns()["subjects"].items()
    }
    return dict(sorted(((s, n) for s, n in found.items() if n), key=lambda pair: -pair[1]))


def month(text: str) -> int | None:
    """The number of a month, by its name or abbreviation in any language that is read."""
    return _months().get(folded(text))


def is_total(text: str) -> bool:
    """Whether a label is that of a row of totals: ``TOTAL``, ``Suma total``, ``Total Región Norte``."""
    label = folded(text)
    return label in values()["total"] or bool(_OF_SOMETHING.match(label))


@cache
def _months() -> Mapping[str, int]:
    return {
        name: number
        for language in get_args(naming.Language)
        for name, number in naming.numbers(language).items()
    }


#: How the total of a group begins.
_OF_SOMETHING = re.compile(r"((sub|sous|gran|grand) ?)?tota(l|is|ux|les)\b")
#: Words that say nothing of what a column holds.
_EMPTY = {
    "de", "del", "la", "el", "los", "las", "con", "y", "en", "da", "do", "dos", "das", "e", "com", "of", "the", "and",
    "in", "le", "les", "du", "des", "victima", "vitima", "victim", "persona", "pessoa", "dato", "dado", "cod", "codigo",
    "code",
}  # fmt: skip


def _best(words: str, known: Mapping[str, list[str]]) -> tuple[str | None, float]:
    """The entry whose phrase takes most of the words that say anything, and its share; the earlier of two alike."""
    best: tuple[str | None, float] = None, 0.0
    telling = len(" ".join(word for word in words.split() if word not in _EMPTY)) or len(words)
    for entry, phrases in known.items():
        for phrase in phrases:
            # a word that says nothing of what a column holds tells it only where it stands alone
            if words != phrase and _EMPTY.issuperset(phrase.split()):
                continue
            length = _at(phrase, words)
            # a phrase at the start of the name says what it is, one further on rather of what
            share = length / telling + (0.05 if length and words.startswith(phrase.rstrip("*")) else 0)
            if share > best[1]:
                best = entry, share
    return best


def _at(phrase: str, words: str) -> int:
    """How many letters of the words a phrase takes; 0 where it is not among them."""
    found = _pattern(phrase).search(words)
    return len(found[0]) if found else 0


@cache
def _pattern(phrase: str) -> re.Pattern[str]:
    plain = folded(phrase)
    ending = r"\w*" if phrase.endswith("*") else r"\b"
    return re.compile(rf"\b{re.escape(plain)}{ending}")
