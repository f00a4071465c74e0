"""Nothing that is to be confirmed is printed as official: wherever a label goes, its evidence goes too."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from docs.generate import pages
from docs.generate.words import LANGUAGES
from indicators import causes
from schemas import codelists, declaration_schema, record_type, reference
from schemas.codelists import UNCONFIRMED, CodeList
from schemas.rules import explaining
from schemas.templates import columns, json_schema
from warehouse import reference as kept
from warehouse.declarations.reference import VIEWS

ROOT = Path(__file__).resolve().parents[2]

#: Modules that may read a label without its mark, each with what stands beside the label there.
BARE_LABELS = {
    "schemas/codelists/code_list.py": "the entry itself, and the label with its mark",
    "schemas/codelists/reading.py": "reads the file",
    "sources/kit/scaffold/labels.py": "recognises a provider's labels, and writes codes alone",
    "sources/kit/scaffold/rows.py": "recognises a provider's labels, and writes codes alone",
    "warehouse/reference.py": "the column evidence of ref.code_row",
    "warehouse/declarations/reference.py": "the column evidence of ref.code",
}


@pytest.fixture
def doubtful(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every entry of every list is to be confirmed, and its label is found again by what it says."""
    explaining.declared()  # their texts are made once, when they are first asked for: of the labels as they are
    load = codelists.load

    def doubted(name: str) -> CodeList:
        listed = load(name)
        entries = [
            replace(
                e,
                evidence="needs_review",
                label_es=f"<{name} {e.code} es>",
                label_en=f"<{name} {e.code} en>",
                label_pt=f"<{name} {e.code} pt>",
            )
            for e in listed.entries
        ]
        return CodeList(
            name, listed.title, listed.title_es, listed.title_pt, listed.authority, tuple(entries)
        )

    monkeypatch.setattr(codelists, "load", doubted)
    yield


def test_every_label_on_a_generated_page_says_that_it_is_to_be_confirmed(doubtful: None) -> None:
    shown = 0
    for name, text in pages.generated().items():
        for found in re.finditer(r"<\w+ \w+ (es|en|pt)>", text):
            mark = f" ({UNCONFIRMED[found.group(1)]})"
            assert text[found.end() :].startswith(mark), f"{name}: {found.group()}"
            shown += 1
    assert shown > 1_000


def test_every_label_of_a_template_says_that_it_is_to_be_confirmed(doubtful: None) -> None:
    """What a provider fills in and what an editor completes: workbook, JSON Schema, schema of a declaration."""
    shown = 0
    for name in record_type.names():
        kind = record_type.load(name)
        made = columns.of(kind)
        for language in LANGUAGES:
            choices = [choice for column in made for choice in column.choices(language)]
            assert all(c.label.endswith(f" ({UNCONFIRMED[language]})") for c in choices if c.label[0] == "<")
            shown += len(choices)
            schema = json.dumps(json_schema.rendered(kind, made, language), ensure_ascii=False)
            for found in re.finditer(r"<\w+ \w+ (es|en|pt)>", schema):
                assert schema[found.end() :].startswith(f" ({UNCONFIRMED[language]})")
    for listed in codelists.names():
        for option in declaration_schema.codes(listed)["oneOf"]:
            assert option["description"].endswith(" (to be confirmed)")
    assert shown > 500


def test_the_pages_show_the_evidence_of_what_is_to_be_confirmed_today() -> None:
    """Read from the pages on disk, by each list that has such an entry."""
    found = 0
    for name in codelists.names():
        for entry in codelists.load(name).entries:
            if entry.evidence == "needs_review":
                for language, mark in UNCONFIRMED.items():
                    page = (pages.REFERENCE / language / "code-lists.md").read_text(encoding="utf-8")
                    row = next(
                        line
                        for line in page.partition(f"\n## {name}\n")[2].splitlines()
                        if line.startswith(f"| `{entry.code}` |")
                    )
                    assert f"({mark})" in row and "needs_review" in row
                    found += 1
    assert found > 0


def test_a_range_of_causes_to_be_confirmed_says_so() -> None:
    doubted = {
        row["group"] for row in codelists.table("icd10_group_ranges") if row["evidence"] == "needs_review"
    }
    assert doubted
    for group in codelists.load("icd10_group").codes:
        for language, mark in UNCONFIRMED.items():
            assert (mark in causes.words(group, language)) == (group in doubted)
    page = (pages.REFERENCE / "en" / "causes.md").read_text(encoding="utf-8")
    assert "V83.0-V83.3 (to be confirmed)" in page


def test_labels_and_dates_in_the_warehouse_have_their_evidence_beside_them() -> None:
    for view in VIEWS:
        named = {c.name for c in view.columns}
        assert "evidence" in named or not {"label_es", "name_es", "status"} & named, view.name
    listed = {(name, e.code): e.evidence for name in codelists.names() for e in codelists.load(name).entries}
    assert {(row[0], row[1]): row[9] for row in kept.code_rows()} == listed
    assert {row[0]: row[10] for row in kept.area_rows()} == {
        a.area_code: a.evidence for a in reference.areas()
    }
    assert [row[5] for row in kept.membership_rows()] == [m.evidence for m in reference.memberships()]


def test_no_module_prints_a_label_without_its_mark() -> None:
    """A template, dictionary or export takes ``Code.label``, or shows the evidence and is named above."""
    packages = ("schemas", "sources", "warehouse", "indicators", "exports", "pipelines", "docs")
    reading = {
        path.relative_to(ROOT).as_posix()
        for package in packages
        for path in (ROOT / package).rglob("*.py")
        if re.search(r"\blabel_(es|en|pt)\b|\blabel_\{", path.read_text(encoding="utf-8"))
    }
    assert reading == set(BARE_LABELS)
