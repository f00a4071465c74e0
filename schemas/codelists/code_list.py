"""A code list and its entries in memory, with the questions that others ask of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from schemas.errors import Misuse

#: What a label says of itself as long as nobody has confirmed it.
UNCONFIRMED = {"es": "por confirmar", "en": "to be confirmed", "pt": "a confirmar"}


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of a list.

    Attributes:
        code: The code, text.
        parent: The code that contains it; empty for an entry at the top.
        valid_from: First day on which the code has this meaning; None where the list does not say.
        valid_to: Last day; None while it holds.
        evidence: official, secondary or needs_review.
        successor: The code to use after ``valid_to``; empty where there is none.
        note: For people: where the entry comes from, why a code ended.
    """

    code: str
    parent: str
    label_es: str
    label_en: str
    label_pt: str
    valid_from: date | None
    valid_to: date | None
    evidence: str
    successor: str
    note: str

    def label(self, language: str) -> str:
        """The label as people may see it, ``es``, ``en`` or ``pt``: one that nobody has confirmed says so."""
        text = {"es": self.label_es, "en": self.label_en, "pt": self.label_pt}[language]
        return f"{text} ({UNCONFIRMED[language]})" if self.evidence == "needs_review" else text

    def after(self, es: str, en: str, pt: str) -> tuple[str, str, str]:
        """Texts in Spanish, English and Portuguese that end with the label, after a colon."""
        return f"{es}: {self.label('es')}", f"{en}: {self.label('en')}", f"{pt}: {self.label('pt')}"

    def starts(self) -> date:
        """The first day on which it holds, for comparisons."""
        return self.valid_from or date.min

    def ends(self) -> date:
        """The last day on which it holds, for comparisons."""
        return self.valid_to or date.max


@dataclass(frozen=True)
class CodeList:
    """A closed list of codes.

    A code that was given a second meaning has an entry for each, valid at different times.

    Attributes:
        name: Name of the list and of its file.
        title: What the list is, in English; ``title_es`` and ``title_pt`` beside it.
        authority: Who owns the classification; ``siprev`` for a list of this system.
        entries: All entries in file order.
    """

    name: str
    title: str
    title_es: str
    title_pt: str
    authority: str
    entries: tuple[Code, ...]

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """All codes in file order, each once."""
        return tuple(dict.fromkeys(e.code for e in self.entries))

    @cached_property
    def by_code(self) -> dict[str, Code]:
        """The entry of each code: of several, the one that holds last."""
        last = {e.code: e for e in sorted(self.entries, key=Code.starts)}
        return {code: last[code] for code in self.codes}

    def __contains__(self, code: object) -> bool:
        """Whether the list has this code."""
        return code in self.by_code

    def entry(self, code: str, on: date | None = None) -> Code:
        """The entry of a code: the one that holds on a day, or without a day the last one.

        Raises:
            Misuse: The list has no such code, or none on that day.
        """
        found = self.by_code.get(code)
        if found is not None and on is not None:
            found = next((e for e in self.entries if e.code == code and e.starts() <= on <= e.ends()), None)
        if found is None:
            when = f" on {on}" if on and code in self.by_code else ""
            raise Misuse(
                f"the code list {self.name!r} has no code {code!r}{when}",
                where=f"{self.name}.csv",
                how="codes are text with their leading zeros; add the code to the list or mend who names it",
                code="unknown_code",
            )
        return found

    def children(self, code: str) -> tuple[str, ...]:
        """Codes directly below a code, in file order; empty for a leaf.

        Raises:
            Misuse: The list has no such code.
        """
        return self._below.get(self.entry(code).code, ())

    def descends(self, code: str) -> tuple[str, ...]:
        """The code itself and everything below it, in file order: what a definition means by naming the code.

        Raises:
            Misuse: The list has no such code.
        """
        found = {self.entry(code).code}
        waiting = [code]
        while waiting:
            below = self._below.get(waiting.pop(), ())
            found.update(below)
            waiting.extend(below)
        return tuple(c for c in self.codes if c in found)

    def depth(self, code: str) -> int:
        """How many codes contain a code; 0 at the top.

        Raises:
            Misuse: The list has no such code.
        """
        parent = self.entry(code).parent
        return 1 + self.depth(parent) if parent else 0

    @cached_property
    def _below(self) -> dict[str, tuple[str, ...]]:
        below: dict[str, list[str]] = {}
        for e in self.entries:
            below.setdefault(e.parent, []).append(e.code)
        return {parent: tuple(dict.fromkeys(codes)) for parent, codes in below.items() if parent}
