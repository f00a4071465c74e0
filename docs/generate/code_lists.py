"""The pages of code lists, in each language: one of all lists, and one for each long list."""

from __future__ import annotations

from collections.abc import Iterator

from docs.generate.markdown import code, page, table
from docs.generate.words import LANGUAGES, Language, word
from schemas import codelists
from schemas.codelists import Code, CodeList

#: A list with more codes has a page of its own.
MOST_CODES = 60


def rendered(language: Language) -> str:
    """The page of all lists."""
    parts = [word("lists_intro", language)]
    for name in codelists.names():
        listed = codelists.load(name)
        parts += [f"## {name}", _about(listed, language)]
        if len(listed.entries) > MOST_CODES:
            parts.append(f"{word('long_list', language)} [{name}](code-lists/{name}.md).")
        else:
            parts.append(_table(listed, language))
    return page(word("code_lists", language), *parts)


def long_lists(language: Language) -> dict[str, str]:
    """The page of every list that is too long for the page of all, by the list's name."""
    found = [codelists.load(name) for name in codelists.names()]
    return {
        listed.name: page(
            title(listed, language),
            _about(listed, language),
            word("lists_intro", language),
            *(_tree(listed, language) if _is_tree(listed) else [_table(listed, language)]),
        )
        for listed in found
        if len(listed.entries) > MOST_CODES
    }


def title(listed: CodeList, language: Language) -> str:
    """What a list is."""
    return (listed.title_es, listed.title, listed.title_pt)[LANGUAGES.index(language)]


def _about(listed: CodeList, language: Language) -> str:
    return (
        f"{title(listed, language)}. {word('authority', language)}: {listed.authority or 'siprev'}. "
        f"{len(listed.codes)} {word('codes', language)}; {word('in_warehouse', language)}"
    )


def _is_tree(listed: CodeList) -> bool:
    return any(e.parent for e in listed.entries)


def _table(listed: CodeList, language: Language) -> str:
    columns = ["code", "parent", "label", "evidence"]
    columns += ["validity"] if any(e.valid_from or e.valid_to for e in listed.entries) else []
    columns += ["successor"] if any(e.successor for e in listed.entries) else []
    columns += ["note"] if any(e.note for e in listed.entries) else []
    rows = [[_cell(column, e, language) for column in columns] for e in listed.entries]
    return table([word(column, language) for column in columns], rows)


def _cell(column: str, entry: Code, language: Language) -> str:
    match column:
        case "code":
            return code(entry.code)
        case "parent":
            return code(entry.parent)
        case "label":
            return entry.label(language)
        case "validity":
            return " - ".join(
                "" if day is None else day.isoformat() for day in (entry.valid_from, entry.valid_to)
            )
        case "successor":
            return code(entry.successor)
        case _:
            return str(getattr(entry, column))


def _tree(listed: CodeList, language: Language) -> Iterator[str]:
    """Each code at the top with what is below it, indented by depth."""
    yield word("tree_evidence", language)
    for entry in listed.entries:
        if not entry.parent:
            yield f"## {_leaf(entry, language)}"
            below = [
                f"{'  ' * (listed.depth(c) - 1)}- {_leaf(listed.entry(c), language)}"
                for c in _below(listed, entry.code)
            ]
            yield "\n".join(below)


def _leaf(entry: Code, language: Language) -> str:
    evidence = "" if entry.evidence == "official" else f" ({entry.evidence})"
    return f"{code(entry.code)} {entry.label(language)}{evidence}"


def _below(listed: CodeList, at: str) -> Iterator[str]:
    """Everything below a code, each class followed by what is in it."""
    for child in listed.children(at):
        yield child
        yield from _below(listed, child)
