"""A folder with a declaration is a source; there is no list to edit, and none is skipped."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from schemas.errors import Misuse
from sources.kit import discovery
from tests.unit.sources import desk


def refused(call: Any, *arguments: Any) -> Misuse:
    with pytest.raises(Misuse) as misuse:
        call(*arguments)
    assert misuse.value.exit_status == 2
    assert misuse.value.how
    return misuse.value


def test_built_in_and_further_sources(tmp_path: Path) -> None:
    home = desk.declare(tmp_path)
    found = discovery.folders([tmp_path])
    assert found["probe"] == home
    assert set(discovery.folders()) == set(found) - {"probe"}
    assert discovery.load("probe", [tmp_path]).id == "probe"
    assert [s.id for s in discovery.load_all([tmp_path])] == sorted(found)
    assert "golden" not in found and "kit" not in found


def test_an_unknown_source(tmp_path: Path) -> None:
    desk.declare(tmp_path)
    error = refused(discovery.load, "prob", [tmp_path])
    assert (error.code, error.what) == ("unknown_source", "unknown source 'prob'")
    assert error.how.startswith("did you mean 'probe'?")
    assert "mx_sesnsp_estatal" in refused(discovery.load, "zzz", [tmp_path]).how


def test_directories_of_sources(tmp_path: Path) -> None:
    assert refused(discovery.folders, [tmp_path / "absent"]).code == "no_sources"
    shutil.copytree(discovery.BUILT_IN / "mx_sesnsp_estatal", tmp_path / "mx_sesnsp_estatal")
    error = refused(discovery.folders, [tmp_path])
    assert error.code == "source_twice"
    assert str(tmp_path) in error.where


def test_one_bad_declaration_is_not_skipped(tmp_path: Path) -> None:
    desk.declare(tmp_path)
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "source.yml").write_text("id: [", encoding="utf-8")
    assert "broken" in refused(discovery.load_all, [tmp_path]).where
    assert discovery.load("probe", [tmp_path]).id == "probe", "the others can still be used"


@pytest.mark.parametrize(
    ("changes", "says", "cure"),
    [
        ({"record_type": "incidents"}, "unknown record type 'incidents'", "incident"),
        ({"source_type": "policia"}, "unknown source type 'policia'", "police"),
        ({"country": "MXE"}, "unknown country 'MXE'", "MEX"),
    ],
)
def test_names_that_are_not_known(tmp_path: Path, changes: dict[str, Any], says: str, cure: str) -> None:
    error = refused(discovery.read, desk.declare(tmp_path, **changes))
    assert error.what == says
    assert cure in error.how
    line = int(error.where.rpartition(":")[2])
    text = (tmp_path / "probe" / "source.yml").read_text(encoding="utf-8").splitlines()[line - 1]
    assert text == f"{next(iter(changes))}: {next(iter(changes.values()))}"


def test_the_id_is_the_folders_name(tmp_path: Path) -> None:
    home = desk.declare(tmp_path).rename(tmp_path / "other")
    error = refused(discovery.read, home)
    assert "not the folder's name" in error.what
    assert error.where.endswith("source.yml:1")


def test_the_version_covers_declaration_and_tables(tmp_path: Path) -> None:
    home = desk.declare(tmp_path)

    def version() -> str:
        return discovery.read(home).version

    first = version()
    assert first == version()
    (home / "NOTES.md").write_text("not part of what a delivery means", encoding="utf-8")
    assert version() == first
    (home / "t.csv").write_text("a,code\n", encoding="utf-8")
    second = version()
    (home / "t.csv").write_text("a,code\nx,y\n", encoding="utf-8")
    third = version()
    with (home / "source.yml").open("a", encoding="utf-8") as handle:
        handle.write("# a comment\n")
    assert len({first, second, third, version()}) == 4
