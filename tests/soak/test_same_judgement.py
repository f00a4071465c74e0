"""The compiled SQL against pandera with many more made-up records than make test draws."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import record_type
from tests.unit.schemas import oracle

pytestmark = pytest.mark.soak


@pytest.mark.parametrize("name", record_type.names())
def test_what_chance_makes_up(name: str) -> None:
    """Sixty tables of up to 2,000 records of each record type."""

    @settings(max_examples=60)
    @given(n=st.integers(1, 2000), seed=st.integers(0, 2**32 - 1))
    def holds(n: int, seed: int) -> None:
        frame: pl.DataFrame = oracle.frame(name, n, seed)
        assert oracle.by_sql(name, frame) == oracle.by_pandera(name, frame)

    holds()
