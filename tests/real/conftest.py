"""Official files as published, where ``../shared/realdata`` is beside the repository.

Nothing of that folder is copied into the repository. A test whose file is absent is skipped and says so.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.real.home import EARLIER, LATER, STATE_FILES, Home, RealFile

REALDATA = Path(__file__).resolve().parents[2].parent / "shared" / "realdata"


@pytest.fixture(scope="session")
def real() -> RealFile:
    """Path of a published file by folder and name; skips where it is absent."""

    def find(*parts: str) -> Path:
        path = REALDATA.joinpath(*parts)
        if not path.is_file():
            pytest.skip(f"needs the official file {'/'.join(parts)} in ../shared/realdata, which is absent")
        return path

    return find


@pytest.fixture(scope="session")
def new_home(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Home]:
    """Makes a home folder in which nothing has happened."""
    return lambda: Home.begun(tmp_path_factory.mktemp("home") / "var")


@pytest.fixture(scope="session")
def mexico(real: RealFile, new_home: Callable[[], Home]) -> Home:
    """Both revisions of the state file in order (batches 1 and 2), deaths, population, and indicators."""
    files = [
        ("mx_sesnsp_estatal", real(STATE_FILES, EARLIER)),
        ("mx_sesnsp_estatal", real(STATE_FILES, LATER)),
        (
            "mx_inegi_homicidios",
            real("mx-inegi-homicide-state-month", "mexico-state-month-homicide-rates-2000-2022.csv"),
        ),
        ("mx_conapo_poblacion", real("mx-conapo-poblacion", "poblacion.csv")),
    ]
    home = new_home()
    for source, path in files:
        home.run("ingest", source, path)
    home.run("indicators", "compute")
    return home


@pytest.fixture(scope="session")
def colombia(real: RealFile, new_home: Callable[[], Home]) -> Home:
    """Victims of 2018, 2019 and 2022 and both population workbooks, and indicators."""
    victims = [
        real("co-ponal-homicidios", f"homicidios_{year}") for year in ("2018.xlsx", "2019.xlsx", "2022.xls")
    ]
    people = [
        real("co-dane-poblacion", f"poblacion_{years}") for years in ("2003_2017.xls", "2018_2023.xlsx")
    ]
    home = new_home()
    home.run("ingest", "co_ponal_homicidios", *victims)
    home.run("ingest", "co_dane_poblacion", *people)
    home.run("indicators", "compute")
    return home
