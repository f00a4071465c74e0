"""The page of external causes (ICD-10), in each language: intent and mechanism of each code, groups, road users."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from docs.generate.markdown import code, page, table
from docs.generate.words import Language, word
from indicators.causes import dotted, range_words
from schemas import codelists
from schemas.codelists import causes


def rendered(language: Language) -> str:
    """The page."""
    parts = [word("causes_intro", language)]
    for key, body in (
        ("causes_matrix", _matrix(language)),
        ("causes_road_users", _by("road_user", "road_user", language)),
        ("causes_place", _places(language)),
        ("causes_groups", _groups(language)),
    ):
        parts += [f"## {word(key, language)}", word(f"{key}_intro", language), body]
    return page(word("causes", language), *parts)


def _label(codelist: str, c: str, language: Language) -> str:
    return codelists.load(codelist).entry(c).label(language)


def _matrix(language: Language) -> str:
    """A row for each mechanism, a column for each intent, and the codes of every cell."""
    intents = codelists.load("intent").codes
    cells: dict[tuple[str, str], list[str]] = {}
    for cause in causes.causes().values():
        cells.setdefault((cause.mechanism, cause.intent), []).append(cause.code)
    rows = [
        [_label("mechanism", m, language), *(_shown(cells.get((m, i), [])) for i in intents)]
        for m in codelists.load("mechanism").codes
        if any((m, i) in cells for i in intents)
    ]
    return table([word("mechanism", language), *(_label("intent", i, language) for i in intents)], rows)


def _by(attribute: str, codelist: str, language: Language) -> str:
    found: dict[str, list[str]] = {}
    for cause in causes.causes().values():
        if value := getattr(cause, attribute):
            found.setdefault(value, []).append(cause.code)
    rows = [(code(value), _label(codelist, value, language), _shown(codes)) for value, codes in found.items()]
    return table([word(w, language) for w in ("code", "label", "causes_codes")], rows)


def _places(language: Language) -> str:
    rows = [
        (code(f".{row['digit']}"), code(row["place_type"]), _label("place_type", row["place_type"], language))
        for row in codelists.table("icd10_place_digit")
    ]
    return table([word(w, language) for w in ("causes_fourth", "code", "label")], rows)


def _groups(language: Language) -> str:
    listed = codelists.load("icd10_group")
    ranges = codelists.table("icd10_group_ranges")
    rows = []
    for entry in listed.entries:
        own = [row for row in ranges if row["group"] == entry.code]
        definitions = ", ".join(dict.fromkeys(row["definition_id"] for row in own))
        evidence = ", ".join(dict.fromkeys(row["evidence"] for row in own))
        shown = ", ".join(range_words(row, language) for row in own)
        rows.append((code(entry.code), entry.label(language), definitions, shown, evidence))
    headings = ("code", "label", "causes_definition", "causes_codes", "evidence")
    return table([word(w, language) for w in headings], rows)


def _shown(codes: Iterable[str]) -> str:
    """Codes as a person writes them: neighbours of the classification as one range."""
    order = {c: i for i, c in enumerate(c for c in causes.causes() if len(c) == 3)}
    categories = sorted(c for c in codes if len(c) == 3)
    runs = [
        [c for _, c in run] for _, run in groupby(enumerate(categories), key=lambda p: order[p[1]] - p[0])
    ]
    shown = [run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs]
    return ", ".join([*shown, *(dotted(c) for c in codes if len(c) == 4)])
