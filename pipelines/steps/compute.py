"""Computing indicators and storing the cells that changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indicators import compute as computing
from indicators import waiting
from indicators.compute import ComputeOutcome
from pipelines.progress import Progress
from pipelines.settings import Settings
from pipelines.steps.session import Session, writing
from warehouse import indicator_store
from warehouse.indicator_store import Written


@dataclass(frozen=True)
class Computed:
    """What a computation found and what of it was new."""

    outcome: ComputeOutcome
    written: Written | None


def compute(
    settings: Settings,
    ids: Sequence[str] | None,
    *,
    keep_going: bool = False,
    progress: Progress | None = None,
) -> Computed:
    """Compute indicators as a batch of its own.

    Raises:
        Misuse: An indicator is unknown or its definition faulty.
    """
    with writing(settings, "compute", progress) as session:
        return compute_in(session, ids, keep_going=keep_going)


def compute_in(session: Session, ids: Sequence[str] | None, *, keep_going: bool = False) -> Computed:
    """Compute indicators inside a batch."""
    with session.progress.step("indicators computed"):
        connection = session.warehouse.connection
        outcome = computing.compute(connection, ids, keep_going)
        written = None
        if outcome.computed:
            written = indicator_store.write_cells(session.warehouse, session.batch, outcome.computed)
            waiting.remember(connection, outcome.inputs)
            session.noted = True
    return Computed(outcome, written)


def as_rows(computed: Computed) -> list[dict[str, object]]:
    """Cells by indicator, and what of them was new, as rows of a table."""
    rows: list[dict[str, object]] = [
        {"indicator": i, "cells": n} for i, n in sorted(computed.outcome.n_cells.items())
    ]
    if computed.written:
        written = computed.written
        rows.append({"indicator": f"written {written.begun}, ended {written.ended}", "cells": None})
    return rows
