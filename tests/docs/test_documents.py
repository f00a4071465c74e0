"""What the documents say is run, and what they point to exists."""

from __future__ import annotations

import re
import tomllib
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
import typer

from pipelines.cli.app import app
from tests.docs.documents import (
    ROOT,
    RUN,
    Block,
    anchors,
    blocks,
    documents,
    is_generated,
    links,
    pages,
    shown,
    with_text,
)
from tests.docs.running import Reader, follow

DOCUMENTS = documents()
BLOCKS = [block for document in DOCUMENTS for block in blocks(document)]
WITH_COMMANDS = [d for d in DOCUMENTS if any(b.document == d and b.language in RUN for b in BLOCKS)]

#: Blocks that a test cannot run, by document and first line; each says above it how it was tried.
NOT_RUN = {
    ("docs/how-to/run-every-month.md", "siprev ui --port 3000"),
    ("docs/how-to/query-and-explain.md", 'duckdb -readonly "var/snapshots/$(cat var/snapshots/CURRENT)" \\'),
    ("docs/how-to/fetch-a-source.md", "mkdir -p portal/robos"),
    ("docs/how-to/let-a-provider-pseudonymise.md", "python siprev_pseudonymise.py --new-key"),
    (
        "docs/how-to/let-a-provider-pseudonymise.md",
        "python siprev_pseudonymise.py victimas_2024_01-03__ed2024-04-30.csv",
    ),
    (
        "docs/how-to/let-a-provider-pseudonymise.md",
        "siprev pseudonymise victimas.csv --source xaa_police_victims --key siprev_provider.key "
        "-o victimas.pseudonyms.csv",
    ),
}
MACHINE = re.compile(r"(?<![\w.:/])/(?:home|root|tmp|work|Users|mnt|opt|private)/")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder in which ``siprev demo`` was run, and what it printed."""
    reader = Reader(tmp_path_factory.mktemp("demonstration") / "project")
    ran = reader.demonstrate()
    assert ran.status == 0, ran.output
    return reader.folder, ran.output


@pytest.mark.slow
@pytest.mark.parametrize("document", WITH_COMMANDS, ids=name)
def test_a_reader_can_follow(document: Path, demonstration: tuple[Path, str], tmp_path: Path) -> None:
    """Commands end as told and print what is shown (``python -m tests.docs.refresh`` writes outputs anew)."""
    folder, demonstrated = demonstration
    followed = follow(document, Reader.of(folder, tmp_path / "project"), demonstrated)
    assert not followed.problems, "\n\n".join(followed.problems)


def test_there_is_something_to_follow() -> None:
    assert len(WITH_COMMANDS) >= 6
    assert len([b for b in BLOCKS if b.language in RUN]) >= 40
    assert len([b for b in BLOCKS if "output" in b.directives]) >= 25


def test_what_is_not_run_is_listed_and_says_how_it_was_tried() -> None:
    left = [b for b in BLOCKS if "not run" in b.directives]
    assert {(name(b.document), b.text.splitlines()[0]) for b in left} == NOT_RUN
    assert [b.place for b in left if len(b.directives["not run"]) < 20] == []


def test_every_block_has_a_language_that_is_handled() -> None:
    known = {*RUN, "text", "yaml", "csv"}
    assert [b.place for b in BLOCKS if b.language not in known] == []


def test_an_output_follows_a_command() -> None:
    wrong = []
    for document in DOCUMENTS:
        ran = False
        for block in blocks(document):
            ran = ran or block.language in RUN
            if "output" in block.directives and not (ran or block.directives["output"].startswith("of demo")):
                wrong.append(block.place)
    assert wrong == []


def test_files_are_shown_as_they_are() -> None:
    shown_files = [b for b in BLOCKS if {"file", "part of"} & set(b.directives)]
    assert len(shown_files) >= 8
    assert [b.place for b in shown_files if not _is_of_file(b)] == []


def _is_of_file(block: Block) -> bool:
    path = ROOT / (block.directives.get("file") or block.directives["part of"])
    lines = path.read_text(encoding="utf-8").splitlines()
    if "file" in block.directives:
        return block.text.splitlines() == lines
    wanted = [line.strip() for line in block.text.splitlines()]
    stripped = [line.strip() for line in lines if not line.strip().startswith("#")]
    return any(stripped[i : i + len(wanted)] == wanted for i in range(len(stripped)))


def test_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony is not None
    targets = set(phony[1].split())
    named = {
        (name(d), match[1])
        for d in DOCUMENTS
        for match in re.finditer(r"(?:^|`)make ([a-z]+)\b", d.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert {target for _, target in named} >= {"run", "test", "check", "ui", "bundle"}
    assert {(d, t) for d, t in named if t not in targets} == set()


def test_commands_of_siprev_exist() -> None:
    """A command named in a sentence is one, not only those in blocks."""
    root = typer.main.get_command(app)
    wrong = []
    for document in DOCUMENTS:
        for match in re.finditer(r"`siprev ((?:[a-z]+ ?)+)", document.read_text(encoding="utf-8")):
            words = match[1].split()
            top = getattr(root, "commands", {}).get(words[0])
            inner = getattr(top, "commands", None)
            if top is None or (inner and len(words) > 1 and words[1] not in inner):
                wrong.append((name(document), match[0]))
    assert wrong == []


def test_links_resolve() -> None:
    broken = []
    checked = 0
    for page in pages():
        for line, target in links(page):
            if target.startswith(("http://", "https://")):
                continue
            checked += 1
            path, _, anchor = target.partition("#")
            found = (page.parent / path).resolve() if path else page
            if not found.exists() or (anchor and anchor not in anchors(found)):
                broken.append(f"{name(page)}:{line}: {target}")
    assert checked > 100
    assert broken == []


def test_no_path_of_a_machine() -> None:
    found = [
        f"{name(page)}:{number}"
        for page in pages()
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), start=1)
        if MACHINE.search(line)
    ]
    assert found == []
    assert MACHINE.search("see " + "/ho" + "me/ana/var")


def test_the_first_screen_of_the_readme_has_the_two_commands() -> None:
    first = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:36]
    assert first.index("make run") + 1 == first.index("make test")


def test_pictures_are_whole_and_described() -> None:
    pictures = sorted((ROOT / "docs" / "img").glob("*.svg"))
    assert pictures
    for picture in pictures:
        root = ElementTree.fromstring(picture.read_text(encoding="utf-8"))  # noqa: S314 - our own file
        told = {child.tag.rpartition("}")[2] for child in root}
        assert {"title", "desc"} <= told, picture.name


def test_decisions_are_short_complete_and_listed() -> None:
    decisions = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
    assert len(decisions) >= 15
    assert [int(d.name[:4]) for d in decisions] == list(range(1, len(decisions) + 1))
    index = (ROOT / "docs" / "adr" / "README.md").read_text(encoding="utf-8")
    for decision in decisions:
        text = decision.read_text(encoding="utf-8")
        assert text.startswith(f"# {decision.name[:4]} ")
        assert all(f"\n## {part}\n" in text for part in ("Context", "Decision", "Consequences")), (
            decision.name
        )
        assert text.count("\n") <= 40, decision.name
        assert f"({decision.name})" in index


def test_the_changelog_knows_the_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_lines_are_not_too_long_to_read() -> None:
    long = []
    for document in DOCUMENTS:
        inside = {n for b in blocks(document) for n in range(b.line - 1, b.end + 2)}
        for number, line in enumerate(document.read_text(encoding="utf-8").splitlines(), start=1):
            if (
                number not in inside
                and len(line) > 130
                and not line.lstrip().startswith(("|", "![", "<!--", "- ["))
            ):
                long.append(f"{name(document)}:{number}")
    assert long == []


def test_what_is_shown_of_an_output() -> None:
    output = "a 1\nb 2\nlong line\nd 4\n"
    assert shown(output, "") == "a 1\nb 2\nlong line\nd 4"
    assert shown(output, "lines 2-3") == "b 2\nlong line\n..."
    assert shown(output, "without /^[ab]/; width 7") == "lon ...\nd 4"
    assert shown(output, "only /[0-9]/") == "a 1\nb 2\nd 4"
    with pytest.raises(ValueError, match="unknown word"):
        shown(output, "sorted")


def test_a_false_output_is_found(tmp_path: Path, demonstration: tuple[Path, str]) -> None:
    """The gate fails where a document shows something else, or a command ends otherwise than told."""
    document = ROOT / "docs" / "not-committed.md"
    text = "```bash\necho yes\n```\n\n<!-- output -->\n```text\nno\n```\n\n```bash\nfalse\n```\n"
    fake = tmp_path / document.name
    fake.write_text(text, encoding="utf-8")
    found = [Block(document, b.line, b.end, b.language, b.text, b.indent, b.directives) for b in blocks(fake)]
    assert [b.language for b in found] == ["bash", "text", "bash"]
    reader = Reader.of(demonstration[0], tmp_path / "project")
    assert reader.follow(found[0]).output == "yes\n"
    assert reader.follow(found[2]).status == 1
    assert with_text(fake, {found[1].line: "yes"}) == text.replace("\nno\n", "\nyes\n")


def test_generated_pages_say_so() -> None:
    assert [p for p in pages() if is_generated(p) and "reference" not in p.parts] == []
