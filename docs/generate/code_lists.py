"""The page of code lists, in each language."""

from __future__ import annotations

from docs.generate.markdown import code, page, table
from docs.generate.words import LANGUAGES, Language, word
from schemas import codelists
from schemas.codelists import Code, CodeList

#: A list with more codes is named and not printed.
MOST_CODES = 60


def rendered(language: Language) -> str:
    """The page."""
    parts = [word("lists_intro", language)]
    for name in codelists.names():
        parts += _list(codelists.load(name), language)
    return page(word("code_lists", language), *parts)


def title(listed: CodeList, language: Language) -> str:
    """What a list is."""
    return (listed.title_es, listed.title, listed.title_pt)[LANGUAGES.index(language)]


def label(entry: Code, language: Language) -> str:
    """What a code means."""
    return (entry.label_es, entry.label_en, entry.label_pt)[LANGUAGES.index(language)]


def _list(listed: CodeList, language: Language) -> list[str]:
    about = f"{title(listed, language)}. {word('authority', language)}: {listed.authority or 'siprev'}."
    if len(listed.entries) > MOST_CODES:
        file = f"[`schemas/codelists/{listed.name}.csv`](../../../schemas/codelists/{listed.name}.csv)"
        where = f"{word('long_list', language)} {file} {word('in_warehouse', language)}"
        return [f"## {listed.name}", about, where]
    headings = [word(w, language) for w in ("code", "parent", "label", "evidence")]
    rows = [(code(e.code), code(e.parent), label(e, language), e.evidence) for e in listed.entries]
    return [f"## {listed.name}", about, table(headings, rows)]
