"""What ``source.yml`` can say under ``rules``: how strictly the record type's rules are applied to one source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from pydantic import Field, model_validator

from schemas.declaration import Declared
from schemas.errors import offer
from schemas.record_type import RecordType
from schemas.staging import StagedRule

#: Kinds of rules that leave a field without its value: no record is loaded against them.
_NEEDED = frozenset({"missing", "unreadable", "unknown_code"})


class Strictness(Declared):
    """How strictly a rule is applied."""

    severity: Literal["row", "warn"] | None = None
    """row: what breaks it goes to quarantine; warn: it is loaded and counted."""
    tolerates: float | None = Field(default=None, ge=0, le=1)
    """Share of the records that may break it before a person should look."""

    @model_validator(mode="after")
    def _says_something(self) -> Strictness:
        if self.severity is None and self.tolerates is None:
            raise ValueError("nothing is said; add severity, tolerates or both")
        return self


def applied(rule: StagedRule, strict: Mapping[str, Strictness]) -> StagedRule:
    """A rule that marks records, as strictly as the source says."""
    said = strict.get(rule.code)
    return replace(rule, severity=said.severity) if said and said.severity else rule


def faults(kind: RecordType, strict: Mapping[str, Strictness]) -> Iterator[tuple[Sequence[str], str, str]]:
    """What does not fit the record type: the place below ``rules``, what is wrong, and the cure."""
    known = {rule.code: rule for rule in kind.rules}
    for code, said in strict.items():
        rule = known.get(code)
        if rule is None:
            yield (code,), f"{kind.name} has no rule {code!r}", offer(code, known)
        elif said.severity and rule.scope != "row":
            how = "say tolerates; such a rule looks at more than one record"
            yield (code, "severity"), f"the severity of {code} cannot be changed", how
        elif said.severity and rule.kind in _NEEDED:
            how = "map the value to unknown, or leave the rule as it is"
            yield (
                (code, "severity"),
                f"{code} leaves a field without its value, so that it stays as it is",
                how,
            )
