"""Answers, yes or no, as SQL."""

from __future__ import annotations

from schemas import codelists
from schemas.record_type import Field
from sources.kit.raw_text import look_up, plain
from sources.kit.words import ParseYesNo

#: Words for yes and no in Spanish, Portuguese and English, in plain small letters.
YES = ("si", "s", "sim", "yes", "y", "true", "verdadero", "verdadeiro", "cierto", "v", "t")
NO = ("no", "n", "nao", "false", "falso", "f")


def parsed(verb: ParseYesNo, field: Field, text: str, target: str) -> str:
    """The code or truth value of an answer; NULL for what is none of the known words."""
    yes, no = codes(field)
    declared = dict.fromkeys(verb.yes, yes) | dict.fromkeys(verb.no, no)
    known = {w: code for w, code in [*((w, yes) for w in YES), *((w, no) for w in NO)] if w not in declared}
    known |= {w.lower(): code for w, code in declared.items()}
    looked_up = look_up(plain(text), known, target)
    return f"coalesce({look_up(f'trim({text})', declared, target)}, {looked_up})" if declared else looked_up


def codes(field: Field) -> tuple[str, str]:
    """What stands for yes and for no in a field: codes of its list, or truth values."""
    return ("yes", "no") if field.codelist else ("true", "false")


def fits(field: Field) -> bool:
    """Whether a field can hold an answer."""
    return (
        {"yes", "no"} <= set(codelists.load(field.codelist).codes)
        if field.codelist
        else field.sql_type == "BOOLEAN"
    )
