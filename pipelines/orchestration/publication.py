"""What readers and partners get: the snapshot, and the exports made from it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg

from exports.partner import Partner
from pipelines.orchestration.installation import EXPORTERS, WRITERS, Installation
from pipelines.orchestration.telling import working
from pipelines.progress import Progress
from pipelines.steps import exporting
from pipelines.steps.session import writing
from warehouse import snapshot

SNAPSHOT = dg.AssetKey(["snapshot"])
PREFIX = "exports"
_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Published:
    """The snapshot that readers use, by name and batch, its size, and whether it had to be made now."""

    name: str
    batch: int
    size: int
    made_now: bool


def snapshot_asset(installation: Installation, upstream: Sequence[dg.AssetKey]) -> dg.AssetsDefinition:
    """The snapshot: each writing step leaves one, this one makes sure of it after a killed step too."""

    @dg.asset(
        key=SNAPSHOT,
        deps=list(upstream),
        description="The read-only copy of the warehouse that queries, checks and exports read. Every step that "
        "writes leaves a new one; here it is made if the last step was cut off before it could.",
        group_name="warehouse",
        kinds={"duckdb"},
        pool=WRITERS,
    )
    def current_snapshot(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
        with working(context) as progress:
            published = publish(installation, progress)
        return dg.MaterializeResult(
            metadata={
                "file": published.name,
                "batch": published.batch,
                "megabytes": round(published.size / _MEGABYTE, 1),
                "made": "now: the step that should have made it was cut off"
                if published.made_now
                else "by the last step that wrote",
            }
        )

    return current_snapshot


def publish(installation: Installation, progress: Progress) -> Published:
    """Make the snapshot if it is behind the warehouse, and say which one it is."""
    home = installation.home
    with writing(installation.settings, "snapshot", progress) as session:
        last = session.warehouse.last_batch()
        behind = snapshot.current_batch(home) < last
        if behind:
            with progress.step("snapshot"):
                snapshot.publish(session.warehouse, last)
    path = snapshot.require_current(home)
    return Published(path.name, snapshot.current_batch(home), path.stat().st_size, behind)


def export_asset(installation: Installation, partner: Partner) -> dg.AssetsDefinition:
    """The exports of one partner: an asset per format, all written in one step."""

    @dg.multi_asset(
        name=f"{PREFIX}_{partner.id}",
        specs=[_spec(partner, form) for form in partner.formats],
        pool=EXPORTERS,
    )
    def exports(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
        with working(context) as progress, progress.step(f"export to {partner.id}"):
            written = {e.folder.name: e for e in exporting.export(installation.settings, partner)}
        for form in partner.formats:
            folder = written[form].folder
            yield dg.MaterializeResult(
                asset_key=_key(partner, form),
                metadata={
                    "dagster/row_count": written[form].rows,
                    "folder": str(folder.relative_to(installation.settings.home)),
                    "files": len(list(folder.iterdir())),
                },
            )

    return exports


def _key(partner: Partner, form: str) -> dg.AssetKey:
    return dg.AssetKey([PREFIX, partner.id, form])


def _spec(partner: Partner, form: str) -> dg.AssetSpec:
    return dg.AssetSpec(
        _key(partner, form),
        deps=[SNAPSHOT],
        description=f"{partner.title['en']}\n\nThe current snapshot as {form}, without disclosure control: not for "
        "publication.",
        group_name=PREFIX,
        kinds={"csv" if form.startswith("csv") else form.split("-")[0]},
        metadata={"tier": partner.tier, "contact": partner.contact},
    )
