"""One asset per source: its deliveries, as they were taken in from its inbox.

The asset of a source is done with a round also when nothing arrived, so that what follows is computed; a source that
is late is told by its check of freshness. Where a file was refused, the asset reports what else became of the
round's files and then fails, with what, where and how to mend: other sources and what follows go on, and the run is
red. It stays red in every round as long as the refused file lies in the inbox unchanged.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import dagster as dg
import duckdb

from pipelines.orchestration import findings, intake
from pipelines.orchestration.installation import WRITERS, Installation
from pipelines.orchestration.rounds import ROUNDS, closing
from pipelines.orchestration.telling import working
from pipelines.steps import reading
from pipelines.steps.ingest import Delivered
from sources.kit.discovery import Source
from warehouse import snapshot
from warehouse.reading import rows

PREFIX = "deliveries"
#: Within a run areas come first, since coverage is judged over the areas that are known, then denominators. As a
#: priority and not as a dependency: a refused list of areas does not hold up the rest of its country.
_PRIORITY = {"area": 2, "population": 1}
#: Formats that Dagster has a badge for under another name.
_KINDS = {"workbook": "excel", "ndjson": "json", "fixed_width": "file"}
#: Counts of an account, and their names in the table of files, which has little room.
_COUNTS = {
    "rows_delivered": "rows",
    "rows_unreadable": "unreadable",
    "rows_excluded": "left out",
    "records_loaded": "loaded",
    "records_quarantined": "quarantined",
    "records_excluded": "excluded",
}


def key(source_id: str) -> dg.AssetKey:
    """The asset of a source."""
    return dg.AssetKey([PREFIX, source_id])


def asset(installation: Installation, source: Source) -> dg.AssetsDefinition:
    """The asset of one source."""
    declared = source.specification

    @dg.asset(
        key=key(source.id),
        description=_description(source),
        group_name=f"{PREFIX}_{declared.country}",
        kinds={
            "duckdb",
            *(_KINDS.get(layout.file.format, layout.file.format) for layout in declared.layouts),
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
            result = report(installation, source, delivered, end)
        yield result
        if refused := [d for d in delivered if d.status in ("refused", "blocked")]:
            raise failure(refused)

    return deliveries


def report(
    installation: Installation, source: Source, delivered: Sequence[Delivered], end: datetime | None
) -> dg.MaterializeResult[Any]:
    """What became of the files of a round, and what the source holds now.

    Counts, numbers of deliveries, refusals; no value of a record.
    """
    accounts: dict[int, dict[str, Any]] = {}
    records, edition = 0, None
    if snapshot.current(installation.home) is not None:
        with reading.current(installation.settings) as connection:
            accounts = _accounts(connection, [d.delivery_id for d in delivered if d.delivery_id is not None])
            records, edition = findings.held(connection, source.id)
    metadata: dict[str, dg.MetadataValue[Any]] = {
        "dagster/row_count": dg.MetadataValue.int(records),
        "newest_edition": dg.MetadataValue.text(str(edition or "none")),
        "round": dg.MetadataValue.text(
            f"arrived before {end:%Y-%m-%d}" if end else "open, everything that waits"
        ),
        "files": dg.MetadataValue.text("nothing new in this round"),
        **{
            f"files_{status}": dg.MetadataValue.int(n)
            for status, n in sorted(Counter(d.status for d in delivered).items())
        },
    }
    if delivered:
        metadata["files"] = _files_table(delivered, accounts)
    if loaded := [accounts[d.delivery_id or 0] for d in delivered if d.status == "loaded"]:
        metadata |= {name: dg.MetadataValue.int(sum(row[name] or 0 for row in loaded)) for name in _COUNTS}
    if refused := [d for d in delivered if d.refusal]:
        metadata["refusals"] = dg.MetadataValue.text("\n".join(_told(d) for d in refused))
    return dg.MaterializeResult(metadata=metadata)


def failure(refused: Sequence[Delivered]) -> dg.Failure:
    """The failure of a round in which files were refused, or what is fetched could not be reached."""
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
    return f"{delivered.file_name} {delivered.status}: {text}"


def _accounts(connection: duckdb.DuckDBPyConnection, numbers: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The accounts of deliveries whose records were judged, by number."""
    if not numbers:
        return {}
    found = rows(
        connection,
        f"SELECT delivery_id, {', '.join(_COUNTS)} FROM meta.delivery WHERE delivery_id IN "
        f"({', '.join(str(n) for n in numbers)}) AND records_loaded IS NOT NULL",
    )
    return {row["delivery_id"]: row for row in found}


def _files_table(
    delivered: Sequence[Delivered], accounts: Mapping[int, Mapping[str, Any]]
) -> dg.TableMetadataValue:
    """What became of each file; without counts where no file was read, so that the reasons beside it can be."""
    counts = _COUNTS if accounts else {}
    columns = [dg.TableColumn("file"), dg.TableColumn("status"), dg.TableColumn("delivery", "int")]
    records = [
        dg.TableRecord(
            {"file": d.file_name, "status": d.status, "delivery": d.delivery_id}
            | {shown: accounts.get(d.delivery_id or 0, {}).get(name) for name, shown in counts.items()}
        )
        for d in delivered
    ]
    schema = dg.TableSchema([*columns, *(dg.TableColumn(shown, "int") for shown in counts.values())])
    return dg.MetadataValue.table(records, schema=schema)


def _fetched(source: Source) -> str:
    """Where a source is fetched, as part of a sentence."""
    fetch = source.specification.fetch
    return f", and an open round fetches from {fetch.place}" if fetch else ""


def _description(source: Source) -> str:
    declared = source.specification
    title, delivers, agreement = declared.title, declared.delivers, declared.agreement
    slices = f"{delivers.slice.period}{' and area' if delivers.slice.area else ''}"
    lines = [
        title["en"],
        *(title[language] for language in ("es", "pt") if language in title),
        f"Owner: {agreement.owner}. Licence: {agreement.licence}. Legal basis: {agreement.legal_basis}",
        f"Records of type {declared.record_type} ({declared.source_type}), superseded by {slices}; files wait in "
        f"inbox/{source.id}{_fetched(source)}.",
        *(f"{name.replace('_', ' ')}: {text}" for name, text in sorted(declared.notes.items())),
        "A partition is a round: the month in which files arrive, not the one that they report about. A round that was "
        "never run lacks nothing, since the next one takes in its files; what is missing of the data is told by "
        "siprev status. Row count: the records that the source holds now, by whichever way they were loaded.",
    ]
    return "\n\n".join(lines)
