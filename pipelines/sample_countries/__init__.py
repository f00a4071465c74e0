"""The sample countries: made-up deliveries with planted faults, and the truth that must come of them.

Everything follows from row numbers: the same scale gives the same bytes on every machine. ``domains`` says what happens
in a country, in codes of the common lists; a country's folder says where, in which words and in which files;
``writing`` makes the files.
"""

from __future__ import annotations

from pipelines.sample_countries.deliver import COUNTRIES, truth_file, write_deliveries
from pipelines.sample_countries.truth import DeliveryTruth, Truth

__all__ = ["COUNTRIES", "DeliveryTruth", "Truth", "truth_file", "write_deliveries"]
