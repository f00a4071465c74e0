"""The committed golden tables hold what their generator says, row by row."""

from __future__ import annotations

from pathlib import Path

import pytest

from sources.kit import discovery
from tests.contract import golden_tables


def _same(found: golden_tables.Frame, declared: golden_tables.Frame) -> bool:
    return dict(found.columns) == dict(declared.columns) and list(found.rows) == list(declared.rows)


@pytest.mark.parametrize("name", sorted(golden_tables.TABLES))
def test_the_committed_table_holds_what_is_declared(name: str) -> None:
    assert _same(golden_tables.read(golden_tables.SOURCES / name), golden_tables.TABLES[name])


@pytest.mark.parametrize("name", sorted(golden_tables.TABLES))
def test_making_the_table_gives_the_committed_rows(name: str, tmp_path: Path) -> None:
    made = tmp_path / Path(name).name
    golden_tables.write(made, golden_tables.TABLES[name])
    assert _same(golden_tables.read(made), golden_tables.read(golden_tables.SOURCES / name))


def test_every_golden_table_is_declared() -> None:
    """No table in a golden folder was made by hand; those of sample countries are parts of their deliveries."""
    committed = {
        path.relative_to(golden_tables.SOURCES).as_posix()
        for path in golden_tables.SOURCES.glob("*/golden/*.parquet")
        if not discovery.load(path.parents[1].name).specification.demo
    }
    assert committed == set(golden_tables.TABLES)
