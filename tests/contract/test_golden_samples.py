"""The committed golden samples of the sample countries are those that their generator writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.sample_countries.country import Country
from pipelines.sample_countries.delivery import Delivery
from tests.contract import golden_samples

EACH = golden_samples.first_of_each_source()


@pytest.mark.parametrize(("country", "delivery"), EACH, ids=[delivery.source for _, delivery in EACH])
def test_a_golden_sample_is_what_the_generator_writes(
    country: Country, delivery: Delivery, tmp_path: Path
) -> None:
    golden_samples.write(tmp_path, country, delivery)
    committed = golden_samples.SOURCES / delivery.source / "golden"
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made.keys() == {path.name for path in committed.iterdir()}
    for name, content in made.items():
        assert (committed / name).read_bytes() == content, (
            f"{name}: run python -m tests.contract.golden_samples"
        )
