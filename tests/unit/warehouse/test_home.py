"""The home folder is made by the first writer and closed to others."""

from __future__ import annotations

import stat
from pathlib import Path

from warehouse.home import Home, write_text_atomically


def test_asking_makes_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path / "var")
    assert home.inbox("xaa_police") == tmp_path / "var" / "inbox" / "xaa_police"
    assert not home.exists
    assert list(tmp_path.iterdir()) == []


def test_only_the_owner_can_enter(tmp_path: Path) -> None:
    home = Home(tmp_path / "deep" / "var")
    home.create()
    home.create()
    folders = [home.path, home.landing, home.snapshots, home.temporary, home.path / "inbox"]
    assert {stat.S_IMODE(f.stat().st_mode) for f in folders} == {0o700}


def test_a_small_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "CURRENT"
    write_text_atomically(path, "first\n")
    write_text_atomically(path, "second\n")
    assert path.read_text() == "second\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["CURRENT"]
