"""The sample country: made-up deliveries with planted faults, and the truth that must come of them.

Everything follows from row numbers: the same scale gives the same bytes on every machine.
"""

from __future__ import annotations

from pipelines.sample_country.deliver import write_deliveries
from pipelines.sample_country.truth import DeliveryTruth, Truth

__all__ = ["DeliveryTruth", "Truth", "write_deliveries"]
