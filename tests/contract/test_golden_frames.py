"""The committed golden data frames hold what their generator says, row by row."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract import golden_frames


@pytest.mark.parametrize("name", sorted(golden_frames.FRAMES))
def test_the_committed_frame_holds_what_is_declared(name: str, tmp_path: Path) -> None:
    columns, rows = golden_frames.FRAMES[name]
    assert golden_frames.read(golden_frames.SOURCES / name) == list(rows)
    made = tmp_path / Path(name).name
    golden_frames.write(made, columns, rows)
    assert golden_frames.read(made) == list(rows)


def test_every_golden_frame_is_declared() -> None:
    """No data frame in a golden folder was made by hand."""
    found = {
        p.relative_to(golden_frames.SOURCES).as_posix() for p in golden_frames.SOURCES.glob("*/golden/*.rd*")
    }
    assert found == set(golden_frames.FRAMES)
