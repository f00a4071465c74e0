"""Mexico: the same file again, an older edition that arrives late, and copies that must not be loaded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.real.home import EARLIER, LATER, STATE_FILES, Home, RealFile

pytestmark = pytest.mark.real

FILES = "SELECT sum(count)::BIGINT AS n, count(*) AS records FROM core.incident"
HOMICIDE_2019 = (
    "SELECT sum(count)::BIGINT FROM core.incident WHERE iccs::VARCHAR = '0101' AND year(report_date) = 2019"
)
STATE = "mx_sesnsp_estatal"


@pytest.fixture(scope="module")
def later(real: RealFile, new_home: Callable[[], Home]) -> Home:
    """A home folder that holds the later revision; only to be copied."""
    home = new_home()
    home.run("ingest", STATE, real(STATE_FILES, LATER))
    return home


@pytest.fixture
def home(later: Home, tmp_path: Path) -> Home:
    """A home folder of the test's own that holds the later revision."""
    return later.copy(tmp_path / "var")


def test_the_same_bytes_again_change_nothing(real: RealFile, new_home: Callable[[], Home]) -> None:
    """Either file again: said so, status 0, no delivery, no record more."""
    home = new_home()
    for name in (EARLIER, LATER):
        home.run("ingest", STATE, real(STATE_FILES, name))
    before = home.query(FILES)
    for name in (LATER, EARLIER):
        home.run("ingest", STATE, real(STATE_FILES, name))
    assert home.query(FILES) == before
    assert home.value(HOMICIDE_2019) == 30_444
    assert home.value("SELECT count(*) FROM meta.delivery") == 2
    assert home.value("SELECT count(*) FROM meta.repetition") == 2


def test_an_older_edition_that_arrives_late_is_history(real: RealFile, home: Home) -> None:
    """The later revision stays current whichever comes first."""
    before = home.query(FILES)
    home.run("ingest", STATE, real(STATE_FILES, EARLIER))
    assert home.query(FILES) == before
    assert home.value(HOMICIDE_2019) == 30_444
    loaded = "SELECT count(*) FROM meta.delivery WHERE status = 'loaded'"
    assert home.value(loaded) == 2


def test_a_mojibake_copy_is_refused(real: RealFile, home: Home) -> None:
    """Its bytes are not what the publisher offers: refused and recorded, the facts as they were."""
    before = home.query(FILES)
    refused = home.run("ingest", STATE, real(STATE_FILES, "IDEFC_NM_mar22.csv"), status=1)
    assert "IDEFC_NM_mar22.csv" in refused.stderr
    assert "AÒo" not in refused.stdout
    assert home.query(FILES) == before
    recorded = """
        SELECT refusal_code IS NOT NULL FROM meta.delivery
        WHERE file_name LIKE 'IDEFC%' AND status = 'refused'
    """
    assert home.value(recorded) is True


def test_the_catalogue_of_2026_is_not_mixed_in(real: RealFile, home: Home, tmp_path: Path) -> None:
    """Same columns, another catalogue: its rows are left out with their reason, none becomes a fact."""
    before = home.query(FILES)
    copy = tmp_path / "estatal_n__rev2026-04-18.csv"
    copy.write_bytes(real(STATE_FILES, "estatal_n.csv").read_bytes())
    home.run("ingest", STATE, copy, status=1)
    assert home.query(FILES) == before
