"""One asset per source: its deliveries, as they were taken in from its inbox.

The asset of a source is done with a round also when nothing arrived, so that what follows is computed; a source that
is late is told by its check of freshness. Where a file was refused, the asset reports what else became of the
round's files and then fails, with what, where and how to mend: other sources and what follows go on, and the run is
red. It stays red in every round as long as the refused file lies in the inbox unchanged.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import dagster as dg

from pipelines.orchestration import intake
from pipelines.orchestration.installation import WRITERS, Installation
from pipelines.orchestration.rounds import ROUNDS, closing
from pipelines.orchestration.telling import working
from pipelines.steps import reading
from pipelines.steps.ingest import Delivered
from sources.kit.discovery import Source

PREFIX = "deliveries"
#: Within a run areas come first, since coverage is judged over the areas that are known, then denominators. As a
#: priority and not as a dependency: a refused list of areas does not hold up the rest of its country.
_PRIORITY = {"area": 2, "population": 1}
_COUNTS = (
    "rows_delivered",
    "rows_unreadable",
    "rows_excluded",
    "records_loaded",
    "records_quarantined",
    "records_excluded",
)


def key(source_id: str) -> dg.AssetKey:
    """The asset of a source."""
    return dg.AssetKey([PREFIX, source_id])


def asset(installation: Installation, source: Source) -> dg.AssetsDefinition:
    """The asset of one source."""
    declared = source.specification

    @dg.asset(
        key=key(source.id),
        description=_description(source),
        group_name=declared.country,
        kinds={
            "duckdb",
            *("excel" if layout.file.format == "workbook" else "csv" for layout in declared.layouts),
        },
        tags={"siprev/record_type": declared.record_type, "siprev/source_type": declared.source_type},
        metadata={
            "owner of the data": declared.agreement.owner,
            "licence": declared.agreement.licence,
            "record type": declared.record_type,
            "cadence": declared.delivers.slice.period,
        },
        code_version=source.version[:12],
        partitions_def=ROUNDS,
        backfill_policy=dg.BackfillPolicy.single_run(),
        pool=WRITERS,
        op_tags={"dagster/priority": str(_PRIORITY.get(declared.record_type, 0))},
    )
    def deliveries(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
        end = closing(context.partition_time_window.end, installation.clock())
        with working(context) as progress:
            delivered = intake.take_in(installation.settings, source, arrived_before=end, progress=progress)
            result = report(installation, delivered, end)
        yield result
        if refused := [d for d in delivered if d.status == "refused"]:
            raise failure(refused)

    return deliveries


def report(
    installation: Installation, delivered: Sequence[Delivered], end: datetime | None
) -> dg.MaterializeResult[Any]:
    """What became of the files of a round: counts, numbers of deliveries, refusals; no value of a record."""
    accounts = _accounts(installation, [d.delivery_id for d in delivered if d.delivery_id is not None])
    counted = [
        accounts[d.delivery_id] for d in delivered if d.status == "loaded" and d.delivery_id in accounts
    ]
    metadata: dict[str, dg.MetadataValue[Any]] = {
        "round": dg.MetadataValue.text(
            f"arrived before {end:%Y-%m-%d}" if end else "open, everything that waits"
        ),
        **{
            f"files_{status}": dg.MetadataValue.int(n)
            for status, n in sorted(Counter(d.status for d in delivered).items())
        },
        **{name: dg.MetadataValue.int(sum(row[name] or 0 for row in counted)) for name in _COUNTS},
        "dagster/row_count": dg.MetadataValue.int(sum(row["records_loaded"] or 0 for row in counted)),
    }
    if delivered:
        metadata["files"] = dg.MetadataValue.table(
            [_row(d, accounts.get(d.delivery_id or 0, {})) for d in delivered], schema=_schema()
        )
    if refused := [d for d in delivered if d.refusal]:
        metadata["refusals"] = dg.MetadataValue.text("\n".join(_told(d) for d in refused))
    return dg.MaterializeResult(metadata=metadata)


def failure(refused: Sequence[Delivered]) -> dg.Failure:
    """The failure of a round in which files were refused."""
    return dg.Failure(
        "\n".join(_told(d) for d in refused),
        metadata={
            "files_refused": len(refused),
            "deliveries": ", ".join(str(d.delivery_id) for d in refused if d.delivery_id is not None)
            or "none",
            "until it is mended": "correct the file or the declaration, or take the file out of the inbox",
        },
        allow_retries=False,
    )


def _told(delivered: Delivered) -> str:
    text = delivered.refusal.text() if delivered.refusal else "refused"
    return f"{delivered.file_name} refused: {text}"


def _accounts(installation: Installation, numbers: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The accounts of deliveries, by number."""
    if not numbers:
        return {}
    with reading.current(installation.settings) as connection:
        result = connection.execute(
            f"SELECT delivery_id, {', '.join(_COUNTS)} FROM meta.delivery WHERE delivery_id IN "
            f"({', '.join(str(n) for n in numbers)})"
        )
        names = [column[0] for column in result.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    return {row["delivery_id"]: row for row in rows}


def _row(delivered: Delivered, account: dict[str, Any]) -> dg.TableRecord:
    told = {"file": delivered.file_name, "status": delivered.status, "delivery": delivered.delivery_id}
    return dg.TableRecord({**told, **{name: account.get(name) for name in _COUNTS}})


def _schema() -> dg.TableSchema:
    columns = [dg.TableColumn("file"), dg.TableColumn("status"), dg.TableColumn("delivery", "int")]
    return dg.TableSchema([*columns, *(dg.TableColumn(name, "int") for name in _COUNTS)])


def _description(source: Source) -> str:
    declared = source.specification
    title, delivers, agreement = declared.title, declared.delivers, declared.agreement
    slices = f"{delivers.slice.period}{' and area' if delivers.slice.area else ''}"
    lines = [
        title["en"],
        *(title[language] for language in ("es", "pt") if language in title),
        f"Owner: {agreement.owner}. Licence: {agreement.licence}. Legal basis: {agreement.legal_basis}",
        f"Records of type {declared.record_type} ({declared.source_type}), superseded by {slices}; files wait in "
        f"inbox/{source.id}.",
        *(f"{name.replace('_', ' ')}: {text}" for name, text in sorted(declared.notes.items())),
    ]
    return "\n\n".join(lines)
