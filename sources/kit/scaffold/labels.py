"""Labels of a source matched to the codes of our lists, by our own labels, words of files, likeness; all are drafts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from schemas import codelists
from sources.kit.scaffold import vocabulary

#: Words that change what an offence is: a label that has one is not the same as a phrase that has not.
_TURNING = (
    "tentativa", "tentado", "attempted", "attempt", "culposo", "culposa", "culposos", "imprudencial", "transito",
    "accidente", "negligence", "frustrado",
)  # fmt: skip
UNMAPPED = "unmapped"

How = Literal["label", "like", "none"]


@dataclass(frozen=True)
class Matched:
    """Labels with our codes.

    Args:
        codes: The code of each label and how it was found, most frequent label first; without a code where none was.
        unknown: Labels that say that nothing is known.
        totals: Labels of totals, which are no labels of records.
        rows: Rows of each label.
    """

    codes: Mapping[str, tuple[str, How]]
    unknown: tuple[str, ...]
    totals: tuple[str, ...]
    rows: Mapping[str, int]

    @property
    def share(self) -> float:
        """Share of the rows with a label that got a code."""
        total = sum(self.rows[label] for label in self.codes)
        return sum(self.rows[la] for la, (code, _) in self.codes.items() if code) / total if total else 0.0

    @property
    def without(self) -> tuple[str, ...]:
        """Labels that got no code."""
        return tuple(label for label, (code, _) in self.codes.items() if not code)


def matched(codelist: str, values: Sequence[tuple[str, int]]) -> Matched:
    """The codes of a list for the values of a column."""
    words = vocabulary.values()
    unknown = tuple(v for v, _ in values if vocabulary.folded(v) in words["unknown"] or v in words["unknown"])
    totals = tuple(v for v, _ in values if vocabulary.is_total(v))
    left = [v for v, _ in values if v not in unknown and v not in totals]
    find = _sexes(left) if codelist == "sex" else lambda label: _code(codelist, label)
    return Matched({label: find(label) for label in left}, unknown, totals, dict(values))


def _sexes(labels: Sequence[str]) -> Callable[[str], tuple[str, How]]:
    """What finds the sex of a label: which of two letters is a woman follows from the other."""
    words = vocabulary.values()
    folded = {vocabulary.folded(label) for label in labels}
    woman_is_m = bool(folded & set(words["woman_is_m"]))
    # what 1 is follows from a 2 alone: with 0 and 1 nothing is told
    numbers = {"1", "2"} <= folded

    def find(label: str) -> tuple[str, How]:
        word = vocabulary.folded(label)
        if word == "m":
            return ("F" if woman_is_m else "M", "like")
        if word.isdigit() and not numbers:
            return "", "none"
        for code, known in (("M", words["male"]), ("F", words["female"])):
            if word in known:
                return code, "like" if len(word) == 1 else "label"
        return _code("sex", label)

    return find


def _code(codelist: str, label: str) -> tuple[str, How]:
    word = vocabulary.folded(label)
    if not word:
        return "", "none"
    exact = _known(codelist).get(word)
    if exact:
        return exact, "label"
    if codelist == "iccs":
        return _likest(word, _phrases("offences"))
    if codelist == "event_class":
        return _likest(word, _phrases("events"))
    return _likest(word, {p: c for p, c in _known(codelist).items() if len(p) > 4 and c[:1] != "_"})


def _likest(word: str, known: Mapping[str, str]) -> tuple[str, How]:
    """The code of the longest phrase within a label that no word of it turns into something else."""
    turned = {t for t in _TURNING if t in word.split()}
    fitting = [
        phrase
        for phrase in known
        if re.search(rf"\b{re.escape(phrase)}\b", word) and not turned - set(phrase.split())
    ]
    return (known[max(fitting, key=len)], "like") if fitting else ("", "none")


@cache
def _known(codelist: str) -> Mapping[str, str]:
    """Codes of a list by all that they are called."""
    found: dict[str, str] = {}
    for entry in codelists.load(codelist).entries:
        for text in (entry.label_es, entry.label_en, entry.label_pt):
            found.setdefault(vocabulary.folded(text), entry.code)
    words = vocabulary.values()["codes"].get(codelist, {})
    if codelist == "iccs":
        words = vocabulary.values()["offences"]
    if codelist == "event_class":
        words = vocabulary.values()["events"]
    return found | {vocabulary.folded(name): code for code, names in words.items() for name in names}


@cache
def _phrases(which: str) -> Mapping[str, str]:
    return {
        vocabulary.folded(name): code for code, names in vocabulary.values()[which].items() for name in names
    }


def offence_of(texts: Sequence[str]) -> str:
    """The class of the one offence that a file is about by its name and titles; empty where there is not one."""
    found = set(_offences(texts))
    return found.pop() if len(found) == 1 else ""


def event_of(texts: Sequence[str]) -> str:
    """The one event that is no offence and that a file is about; empty where its titles name none or several."""
    found = {code for text in texts if (code := _likest(vocabulary.folded(text), _phrases("events"))[0])}
    return found.pop() if len(found) == 1 and not offence_of(texts) else ""


def _offences(texts: Sequence[str]) -> Iterator[str]:
    for text in texts:
        code, _ = _likest(vocabulary.folded(re.sub(r"\.\w{1,5}$", "", text)), _phrases("offences"))
        if code:
            yield code
