"""The marks of the inbox."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipelines.cli import told
from pipelines.steps.ingest import Delivered
from pipelines.steps.seen import Seen
from schemas.errors import Misuse, Refusal
from sources.kit import discovery
from sources.kit.discovery import Source
from warehouse.home import Home

LOADED = Delivered("xaa_areas", "a.csv", "loaded", "00")
REFUSED = Delivered("xaa_areas", "a.csv", "refused", "00", refusal=Refusal("cut", where="a.csv", how="again"))
BLOCKED = Delivered("xaa_areas", "a.csv", "blocked", refusal=Misuse("no key"))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "var")
    home.create()
    return home


@pytest.fixture
def source() -> Source:
    return discovery.load("xaa_areas")


@pytest.fixture
def file(home: Home) -> Path:
    path = home.inbox("xaa_areas") / "a.csv"
    path.parent.mkdir()
    path.write_text("content", encoding="utf-8")
    return path


def _kept(home: Home, source: Source, file: Path, delivered: Delivered) -> Seen:
    seen = Seen(home)
    seen.keep(source, file, delivered)
    seen.save()
    return Seen(home)


def test_nothing_is_held_at_first(home: Home, source: Source, file: Path) -> None:
    assert not Seen(home).holds(source, file)
    assert Seen(home).refusal(source, file) is None


def test_what_was_taken_in_is_held_until_it_changes(home: Home, source: Source, file: Path) -> None:
    assert _kept(home, source, file, LOADED).holds(source, file)
    assert Seen(home).refusal(source, file) is None
    os.utime(file, ns=(1, 1))
    assert not Seen(home).holds(source, file)


def test_another_declaration_looks_at_everything_again(
    home: Home, source: Source, file: Path, tmp_path: Path
) -> None:
    seen = _kept(home, source, file, REFUSED)
    other = Source(source.specification, tmp_path, source.corrections)
    (tmp_path / "source.yml").write_text("id: xaa_areas", encoding="utf-8")
    assert seen.holds(source, file)
    assert not seen.holds(other, file)


def test_a_refusal_is_kept_until_the_bytes_are_taken_in(home: Home, source: Source, file: Path) -> None:
    seen = _kept(home, source, file, REFUSED)
    assert seen.refusal(source, file) == REFUSED.refusal.text()  # type: ignore[union-attr]
    seen.settle(source, "another hash")
    assert Seen(home).refusal(source, file)
    seen.settle(source, "00")
    assert Seen(home).refusal(source, file) is None
    assert Seen(home).holds(source, file)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"7", b'{"xaa_areas/a.csv": {}}', b"\xff"])
def test_damaged_marks_are_none(home: Home, source: Source, file: Path, content: bytes) -> None:
    (home.path / "inbox" / ".seen.json").write_bytes(content)
    assert not Seen(home).holds(source, file)


@pytest.mark.parametrize(
    ("delivered", "otherwise", "status"),
    [
        ([], False, 0),
        ([LOADED], False, 0),
        ([LOADED, REFUSED], False, 1),
        ([BLOCKED], False, 2),
        ([BLOCKED, REFUSED], True, 1),
        ([LOADED], True, 2),
    ],
)
def test_exit_statuses(delivered: list[Delivered], otherwise: bool, status: int) -> None:
    assert told.status(delivered, otherwise=otherwise) == status
