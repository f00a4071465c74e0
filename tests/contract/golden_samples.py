"""The golden samples of the sample countries' sources: a few good rows of each and every planted fault.

They are small deliveries of the same plan as the large ones; what must come of them is counted from the plan. The core
of XAA has golden samples written by hand. Run it as a program to write them again:
``python -m tests.contract.golden_samples``.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import yaml

from pipelines.sample_countries import COUNTRIES
from pipelines.sample_countries import delivery as one
from pipelines.sample_countries.country import Country
from pipelines.sample_countries.delivery import Delivery

SOURCES = Path(__file__).resolve().parents[2] / "sources"
#: Good rows of a golden sample, those from which some are chosen, and how many are shown as records.
ROWS, CHOSEN_FROM, SHOWN = 8, 40, 2
#: First-level areas that the contract test knows of.
AREAS = 5


def first_of_each_source() -> list[tuple[Country, Delivery]]:
    """The first delivery of each source, with its country."""
    found: dict[str, tuple[Country, Delivery]] = {}
    for sample in COUNTRIES.values():
        for delivery in sample.deliveries():
            found.setdefault(delivery.source, (sample.country, delivery))
    return list(found.values())


def write(folder: Path, country: Country, delivery: Delivery) -> None:
    """Write the sample of a delivery and what must come of it."""
    records = replace(delivery.records, size=min(ROWS, delivery.records.size))
    small = replace(delivery, rows=CHOSEN_FROM if records.where else ROWS, records=records)
    with duckdb.connect() as connection:
        one.plan(connection, small, country)
        one.write_file(connection, small, country, folder / small.file)
        known = one.truth(connection, small, country)
        told = ", ".join(small.told)
        shown = connection.execute(
            f"SELECT i + 1 AS row_number, {told} FROM {one.TABLE} WHERE kind IS NULL ORDER BY i LIMIT {SHOWN}"
        )
        names = [column for column, *_ in shown.description or []]
        loaded = [dict(zip(names, map(_plain, row), strict=True)) for row in shown.fetchall()]
    for place, record in enumerate(loaded, start=1):
        # a row that was not drawn is not in the file
        record["row_number"] = place
    expected = {
        "files": [small.file],
        "rows": {
            "rows_delivered": known.rows_delivered,
            "rows_unreadable": 0,
            "rows_excluded": 0,
            "rows_mapped": known.rows_mapped,
            "records_made": known.records_made,
            "records_loaded": known.records_loaded,
            "records_quarantined": known.records_quarantined,
            "records_excluded": sum(known.records_excluded.values()),
        },
        "loaded": loaded,
        "rules": dict(known.rules),
        "exclusions": dict(known.records_excluded),
        "cells": _cells(small),
    }
    text = json.dumps(expected, ensure_ascii=False, indent=2)
    (folder / "expected.json").write_text(text + "\n", encoding="utf-8")


def _plain(value: Any) -> Any:
    match value:
        case dt.date():
            return value.isoformat()
        case Decimal():
            return float(value)
    return value


def _cells(delivery: Delivery) -> dict[str, int]:
    """The reports of a source that covers every area for every month of its period."""
    declared = yaml.safe_load((SOURCES / delivery.source / "source.yml").read_text(encoding="utf-8"))
    if declared["delivers"]["cells"] == "none" or not delivery.period:
        return {}
    first, last = delivery.period
    return {"received": AREAS * 12 * (last.year - first.year + 1)}


if __name__ == "__main__":
    for where, what in first_of_each_source():
        target = SOURCES / what.source / "golden"
        target.mkdir(parents=True, exist_ok=True)
        write(target, where, what)
