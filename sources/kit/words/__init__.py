"""The mapping verbs as ``source.yml`` writes them: for each field of the record type one verb, or a list of them.

Belongs here: what can be said, and the checks that need nothing but the verb itself. How a verb becomes SQL is in
``sources.kit.verbs``.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, Discriminator, Field, RootModel, Tag, model_validator

from schemas.errors import offer
from sources.kit.words.base import ReadingVerb, Split, Verb
from sources.kit.words.parse import (
    Moment,
    ParseAge,
    ParseAgeGroup,
    ParseDate,
    ParseHour,
    ParseNumber,
    ParseYear,
    ParseYearMonth,
    ParseYesNo,
)
from sources.kit.words.texts import Combine, Copy, Fixed, Hmac, KeyOf, PartOf, Recode, TextSteps

__all__ = [
    "AnyMapping", "AnyVerb", "Combine", "Copy", "FirstOf", "Fixed", "Hmac", "KeyOf", "Moment", "ParseAge",
    "ParseAgeGroup", "ParseDate", "ParseHour", "ParseNumber", "ParseYear", "ParseYearMonth", "ParseYesNo", "PartOf",
    "ReadingVerb", "Recode", "Split", "TextSteps", "Verb", "moments_in",
]  # fmt: skip

#: The keys that name a verb.
_VERBS = ("fixed", "copy", "combine", "part_of", "recode", "parse", "hmac", "key_of")

_PARSED: dict[str, type[Verb]] = {
    "date": ParseDate,
    "hour": ParseHour,
    "integer": ParseNumber,
    "decimal": ParseNumber,
    "age": ParseAge,
    "age_from": ParseAgeGroup,
    "age_to": ParseAgeGroup,
    "yes_no": ParseYesNo,
    "year_month": ParseYearMonth,
    "year": ParseYear,
}


def _verb(declared: object) -> str | None:
    """The tag of the verb that a declaration uses, or of a list of them."""
    if isinstance(declared, FirstOf | list):
        return "list"
    if isinstance(declared, Verb):
        return type(declared).__name__.lower()
    if not isinstance(declared, dict):
        return None
    if "parse" in declared:
        found = _PARSED.get(str(declared["parse"]))
        return found.__name__.lower() if found else None
    return next((v.replace("_", "") for v in _VERBS if v in declared), None)


def _known_parse(declared: object) -> object:
    """Refuse to parse what there is not: the message of the verbs would name them all."""
    what = declared.get("parse") if isinstance(declared, dict) else None
    if what is not None and str(what) not in _PARSED:
        raise ValueError(f"there is no parse: {what}; {offer(str(what), list(_PARSED))}")
    return declared


_EachVerb = (
    Annotated[Fixed, Tag("fixed")]
    | Annotated[Copy, Tag("copy")]
    | Annotated[Combine, Tag("combine")]
    | Annotated[PartOf, Tag("partof")]
    | Annotated[Recode, Tag("recode")]
    | Annotated[ParseDate, Tag("parsedate")]
    | Annotated[ParseHour, Tag("parsehour")]
    | Annotated[ParseNumber, Tag("parsenumber")]
    | Annotated[ParseAge, Tag("parseage")]
    | Annotated[ParseAgeGroup, Tag("parseagegroup")]
    | Annotated[ParseYesNo, Tag("parseyesno")]
    | Annotated[ParseYearMonth, Tag("parseyearmonth")]
    | Annotated[ParseYear, Tag("parseyear")]
    | Annotated[Hmac, Tag("hmac")]
    | Annotated[KeyOf, Tag("keyof")]
)

_BY_NAME = Discriminator(
    _verb,
    custom_error_type="unknown_verb",
    custom_error_message=f"no verb is named; use one of {', '.join(_VERBS)}",
)

AnyVerb = Annotated[_EachVerb, _BY_NAME, BeforeValidator(_known_parse)]


class FirstOf(RootModel[list[AnyVerb]]):
    """Several verbs, of which the first decides whose ``when`` holds and that is given something."""

    model_config = ConfigDict(frozen=True)

    root: Annotated[list[AnyVerb], Field(min_length=2)]
    """The verbs in their order."""

    @model_validator(mode="after")
    def _each_can_decide(self) -> FirstOf:
        for place, verb in enumerate(self.root, start=1):
            if isinstance(verb, PartOf | Hmac | KeyOf):
                raise ValueError("part_of, hmac and key_of stand alone; take them out of the list")
            if place < len(self.root) and not verb.when and _always_given(verb):
                raise ValueError(f"verb {place} of the list always decides; put it last, or add when")
        return self

    @property
    def reads(self) -> list[str]:
        """The raw columns of which the value is made, and those that say which verb makes it."""
        return list(dict.fromkeys(c for verb in self.root for c in (*verb.reads, *verb.tests)))

    @property
    def tests(self) -> list[str]:
        """The raw columns that say which verb makes the value; they are among those that are read."""
        return []


def _always_given(verb: Verb) -> bool:
    return isinstance(verb, Fixed) or getattr(verb, "default", None) is not None


def moments_in(mapping: Verb | FirstOf) -> list[Moment]:
    """The verbs of a mapping that read a date or an hour."""
    verbs: list[Verb] = list(mapping.root) if isinstance(mapping, FirstOf) else [mapping]
    return [verb for verb in verbs if isinstance(verb, Moment)]


AnyMapping = Annotated[_EachVerb | Annotated[FirstOf, Tag("list")], _BY_NAME, BeforeValidator(_known_parse)]
