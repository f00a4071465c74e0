"""The two ways in which work ends early, told to a person: what, where, how to mend.

Anything else that goes wrong is a defect of ours and keeps its traceback.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

#: Words that a cure lists where none resembles the wrong one.
OFFERED = 40


class Told(Exception):
    """A message for a person, in three parts.

    Args:
        what: What is wrong, in one sentence.
        where: File, line, column or command.
        how: What to do about it.
        code: Stable name of the problem, for records and tests.
        details: What the words say, by name, for those who tell it in other words; never a value of the data.
    """

    exit_status = 1

    def __init__(
        self,
        what: str,
        *,
        where: str = "",
        how: str = "",
        code: str = "",
        details: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.what = what
        self.where = where
        self.how = how
        self.code = code or "unnamed"
        self.details = dict(details or {})
        super().__init__(self.text())

    def text(self) -> str:
        """The message on up to three lines."""
        lines = [self.what]
        if self.where:
            lines.append(f"  where: {self.where}")
        if self.how:
            lines.append(f"  mend:  {self.how}")
        return "\n".join(lines)


class Refusal(Told):
    """The data stopped the work (exit status 1): a file that cannot be taken in as it is."""

    exit_status = 1


class Misuse(Told):
    """Wrong use or configuration (exit status 2): an unknown name, a missing path, a bad declaration."""

    exit_status = 2


def meant(word: str, known: Iterable[str]) -> list[str]:
    """The known words that a wrong one may stand for, most alike first; three at most.

    Case does not count, and a code that has lost its leading zeros is recognised.
    """
    words = list(known)
    without = word.lstrip("0")
    shorn = [k for k in words if without and without.isdigit() and k.lstrip("0") == without]
    folded: dict[str, list[str]] = {}
    for k in words:
        folded.setdefault(k.casefold(), []).append(k)
    alike = get_close_matches(word.casefold(), folded, n=3, cutoff=0.6)
    return list(dict.fromkeys([*shorn, *(k for a in alike for k in folded[a])]))[:3]


def offer(word: str, known: Iterable[str]) -> str:
    """The cure of an unknown word: what it may stand for, or what there is to choose from."""
    words = list(known)
    alike = meant(word, words)
    if alike:
        return f"did you mean {' or '.join(repr(a) for a in alike)}?"
    listed = ", ".join(words[:OFFERED])
    return f"use one of: {listed}" + (f" and {len(words) - OFFERED} more" if len(words) > OFFERED else "")
