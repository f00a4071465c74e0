"""All generated pages by name, and which of them are not on disk as they should be."""

from __future__ import annotations

from pathlib import Path

from docs.generate import cause_pages, code_lists, command_line, indicator_pages, record_pages, table_pages
from docs.generate.markdown import NOTICE, page, table
from docs.generate.words import LANGUAGES, Language, word

REFERENCE = Path(__file__).resolve().parents[1] / "reference"


def generated() -> dict[str, str]:
    """Text of every page by its name below ``docs/reference``."""
    found = {"command-line.md": command_line.rendered(), "tables.md": table_pages.rendered()}
    sources = indicator_pages.declared()
    for language in LANGUAGES:
        found[f"{language}/records.md"] = record_pages.index(language)
        for name, text in record_pages.rendered(language).items():
            found[f"{language}/records/{name}.md"] = text
        found[f"{language}/rules.md"] = record_pages.rules(language)
        found[f"{language}/code-lists.md"] = code_lists.rendered(language)
        for name, text in code_lists.long_lists(language).items():
            found[f"{language}/code-lists/{name}.md"] = text
        found[f"{language}/causes.md"] = cause_pages.rendered(language)
        for indicator, text in indicator_pages.rendered(language, sources).items():
            found[f"{language}/indicators/{indicator}.md"] = text
        found[f"{language}/README.md"] = _index(language)
    return found


def stale(wanted: dict[str, str]) -> list[str]:
    """Names of pages that are missing, differ, or are generated pages that nothing makes any more."""
    differing = [n for n, text in wanted.items() if _read(REFERENCE / n) != text]
    left = [
        name
        for path in REFERENCE.rglob("*.md")
        if (name := path.relative_to(REFERENCE).as_posix()) not in wanted and _read(path).startswith(NOTICE)
    ]
    return sorted([*differing, *left])


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _index(language: Language) -> str:
    listed = [
        (f"[{i.name}](indicators/{i.id}.md)", f"`{i.id}`", i.definition)
        for i in indicator_pages.named(language)
    ]
    headings = [word("indicator", language), word("identifier", language), word("definition", language)]
    return page(
        word("reference", language),
        f"- [{word('records', language)}](records.md)\n- [{word('rules', language)}](rules.md)\n"
        f"- [{word('code_lists', language)}](code-lists.md)\n- [{word('causes', language)}](causes.md)",
        f"## {word('indicators', language)}",
        table(headings, listed),
    )
