"""An open warehouse for each test, made from the files of an empty one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.warehouse import staged
from warehouse.database import Warehouse
from warehouse.home import Home


@pytest.fixture(scope="session")
def template() -> Home:
    """The files of an empty warehouse."""
    return Home(staged.empty())


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home folder that does not exist yet."""
    return Home(tmp_path / "home")


@pytest.fixture
def warehouse(home: Home, template: Home) -> Iterator[Warehouse]:
    """An open, empty warehouse."""
    with staged.open_warehouse(home, template) as opened:
        yield opened
