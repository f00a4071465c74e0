"""The indicator catalogue as people list and read it."""

from __future__ import annotations

from typing import Any

import yaml

from indicators import catalogue
from pipelines.settings import Settings
from pipelines.steps import reading
from schemas.errors import Misuse


def listed(settings: Settings) -> list[dict[str, Any]]:
    """Every indicator, with the number of cells that it has now and their first and last period."""
    cells: dict[str, tuple[Any, ...]] = {}
    try:
        with reading.current(settings) as connection:
            rows = connection.execute(
                """SELECT indicator, count(*), count(DISTINCT ref_area), min(left(time_period, 4)),
                max(left(time_period, 4)) FROM indicator.value GROUP BY indicator"""
            ).fetchall()
            cells = {row[0]: row[1:] for row in rows}
    except Misuse as nothing_yet:
        if nothing_yet.code != "no_snapshot":
            raise
    shown = []
    for id_, indicator in sorted(catalogue.load().by_id.items()):
        n, areas, first, last = cells.get(id_, (0, 0, None, None))
        shown.append(
            {
                "indicator": id_,
                "name": indicator.name.en,
                "version": str(indicator.version),
                "unit": indicator.numerator.counting_unit,
                "cells": n,
                "areas": areas,
                "from": first,
                "to": last,
            }
        )
    return shown


def definition(indicator_id: str) -> dict[str, Any]:
    """The definition of an indicator as plain data, without its worked cases.

    Raises:
        Misuse: There is no such indicator.
    """
    return (
        catalogue.load()
        .get(indicator_id)
        .model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"cases"})
    )


def as_text(shown: dict[str, Any]) -> str:
    """A definition as YAML, which is the form in which people write it."""
    text: str = yaml.safe_dump(shown, allow_unicode=True, sort_keys=False, width=110)
    return text
