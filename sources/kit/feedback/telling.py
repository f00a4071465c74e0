"""What is told to a provider of a rule: its message and what to do, in the provider's own names of columns."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.record_type import RecordType
from schemas.rules import explain, family
from schemas.templates.words import Language
from sources.kit.feedback import columns, words
from sources.kit.specification import Layout

#: Columns that a sentence names.
NAMED = 4


def texts(
    code: str, named: Sequence[str], language: Language, layout: Layout, record: RecordType
) -> tuple[str, str]:
    """Message and cure of a rule; what names a field of ours names the provider's columns.

    Args:
        code: The rule.
        named: The provider's columns that it is about.
        language: The language.
        layout: The form in which the file came.
        record: The record type, whose limits the message tells.
    """
    # of many columns side by side a sentence names the first and the last
    shortened = named if len(named) <= NAMED else [f"{named[0]} … {named[-1]}"]
    called = ", ".join(f"«{name}»" for name in shortened)
    message, mend = explain(code, language, called, record)
    kind = family(code)
    forms = columns.forms_of(code.rpartition(".")[0], layout)
    if kind == "unreadable" and forms:
        listed = ", ".join(dict.fromkeys(words.example(form) for form in forms))
        return message, words.word("mend_date", language, forms=listed)
    if kind in ("unreadable", "unknown_code"):
        return message, words.word(f"mend_{kind}", language)
    return message, mend
