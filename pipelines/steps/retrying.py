"""Judging landed bytes anew, after a new code list, correspondence table, correction or severity.

Each delivery of which records wait is read again as it was landed, and becomes a delivery of its own with an account of
its own, in one batch for all. Its slices take the place of those that they were, and of nothing that came later. Where
the same records break the same rules as before, nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipelines.progress import Progress
from pipelines.settings import Settings
from pipelines.steps import declaring
from pipelines.steps.ingest import first_level_areas, source_facts
from pipelines.steps.session import Session, writing
from schemas.errors import Misuse, Refusal, Told
from sources.kit import discovery, landing, stage
from sources.kit.discovery import Source
from sources.kit.landing import Landed, Safe
from warehouse import load as loading
from warehouse import quarantine
from warehouse.inputs import DeliveryFacts
from warehouse.load import LoadOutcome
from warehouse.quarantine import Waiting


@dataclass(frozen=True)
class Retried:
    """What became of a delivery that was judged anew.

    ``status`` is retried, unchanged (the same records break the same rules), or blocked, for the reason in ``why``.
    """

    before: Waiting
    status: str
    outcome: LoadOutcome | None = None
    why: Told | None = None


def retry(
    settings: Settings,
    source_id: str | None = None,
    delivery_id: int | None = None,
    *,
    accept_drop: bool = False,
    progress: Progress | None = None,
) -> list[Retried]:
    """Judge anew what waits in quarantine, of all sources, of one (``source_id``), or of one delivery.

    What cannot be read again, or would take more from a slice than its source tolerates (unless ``accept_drop``), is
    told and left as it is.

    Raises:
        Misuse: Another process writes, or the delivery has nothing that waits.
    """
    with writing(settings, "retry", progress) as session:
        found = quarantine.waiting(session.warehouse.connection, source_id, delivery_id)
        if delivery_id is not None and not found:
            raise Misuse(
                f"no record of delivery {delivery_id} waits in quarantine",
                where="quarantine retry",
                how="siprev quarantine list --by delivery shows those of which records wait",
                code="nothing_waits",
            )
        return list(_each(session, found, accept_drop=accept_drop))


def _each(session: Session, found: list[Waiting], *, accept_drop: bool) -> Iterator[Retried]:
    for before in found:
        try:
            yield _retry(session, before, accept_drop=accept_drop)
        except (Refusal, Misuse) as why:
            yield Retried(before, "blocked", why=why)


def _retry(session: Session, before: Waiting, *, accept_drop: bool) -> Retried:
    source = discovery.load(before.source_id, session.settings.sources)
    declaring.declare(session, [source])
    landed = _reopened(session, source, before)
    connection = session.warehouse.connection
    try:
        with session.progress.step(f"{source.id}: delivery {before.delivery_id} judged anew"):
            staged = stage.stage(
                connection,
                source,
                landed,
                areas=first_level_areas(session, source),
                key=session.hashing_key(source),
                salt=session.salt,
                work=session.home.temporary,
            )
        if quarantine.alike(connection, staged, before.delivery_id):
            return Retried(before, "unchanged")
        facts = DeliveryFacts(
            source_id=source.id,
            file_name=before.file_name,
            sha256=before.sha256,
            size_bytes=before.size_bytes,
            received_at=before.received_at,
            received_by=before.received_by,
            corrections_version=source.corrections.version(before.file_name),
            again=before.delivery_id,
        )
        outcome = loading.load(
            session.warehouse, session.batch, facts, staged, source_facts(source), accept_drop=accept_drop
        )
        return Retried(before, "retried", outcome)
    finally:
        stage.forget(connection)
        landed.close()


def _reopened(session: Session, source: Source, before: Waiting) -> Landed:
    safe = session.safe(source) or Safe(session.settings.keyring, None, session.home.temporary)
    return landing.reopen(session.home.landing, source.id, before.sha256, before.file_name, safe)


def as_row(retried: Retried) -> dict[str, Any]:
    """What became of a delivery, as a row of a table: how many records waited, and what became of all."""
    row: dict[str, Any] = {
        "delivery": retried.before.delivery_id,
        "source": retried.before.source_id,
        "file": retried.before.file_name,
        "status": retried.status,
        "waited": retried.before.records,
        "new_delivery": None,
        "loaded": None,
        "quarantined": None,
    }
    if retried.outcome:
        tally = retried.outcome.tally
        row |= {
            "new_delivery": retried.outcome.delivery_id,
            "loaded": tally.records_loaded,
            "quarantined": tally.records_quarantined,
        }
    return row
