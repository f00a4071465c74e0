"""From files to the warehouse: land, stage, load, account.

A refusal is recorded and leaves everything else as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.progress import Progress
from pipelines.settings import Settings
from pipelines.steps import declaring
from pipelines.steps.seen import Seen
from pipelines.steps.session import Session, writing
from schemas import sql
from schemas.errors import Refusal, Told
from schemas.origin import Origin
from schemas.staging import CELLS, StagedDelivery
from sources.kit import cells, discovery, landing, packing, stage
from sources.kit.discovery import Source
from sources.kit.landing import Landed
from warehouse import batch as batches
from warehouse import load as loading
from warehouse.database import Warehouse, utc_now
from warehouse.inputs import DeliveryFacts, KnownDelivery, SourceFacts
from warehouse.load import LoadOutcome

#: Refusals that a person may overrule with ``--accept-drop``.
SHRANK, NO_ROWS = "slice_shrank", "no_rows"


@dataclass(frozen=True)
class Delivered:
    """What became of one file.

    ``status`` is loaded, refused, repeated, blocked (something other than the file stands in the way), or of what is
    fetched nothing_new or not_there (a period that the provider has not put there yet), in place of a file;
    ``refusal`` says why it was refused or blocked; ``staged`` is what was found in it, where it could be read.
    """

    source_id: str
    file_name: str
    status: str
    sha256: str = ""
    delivery_id: int | None = None
    outcome: LoadOutcome | None = None
    refusal: Told | None = None
    staged: StagedDelivery | None = None


def ingest(
    settings: Settings,
    source_id: str,
    files: Sequence[Path],
    *,
    accept_drop: bool = False,
    progress: Progress | None = None,
) -> list[Delivered]:
    """Take in files of one source as one batch; every delivery is tried, also after one was refused.

    Each file is a delivery, but for a source that joins tables: of one call its loose files are one delivery.

    Raises:
        Misuse: The source is unknown, or a path is no file; nothing is taken in then.
    """
    source = discovery.load(source_id, settings.sources)
    groups = packing.together(source.specification, files)
    refused: dict[int, Refusal] = {}
    for index, group in enumerate(groups):
        for path in group:
            try:
                landing.require_file(path)
            except Refusal as empty:
                refused[index] = empty
    delivered = {
        index: Delivered(source_id, groups[index][0].name, "refused", refusal=refusal)
        for index, refusal in refused.items()
    }
    if len(refused) < len(groups):
        with writing(settings, "ingest", progress) as session:
            seen = Seen(session.home)
            for index, group in enumerate(groups):
                if index in refused:
                    continue
                found = deliver(session, source, group, accept_drop=accept_drop)
                delivered[index] = found
                if found.status != "refused":
                    seen.settle(source, found.sha256)
    return [delivered[index] for index in range(len(groups))]


def deliver(
    session: Session,
    source: Source,
    files: Sequence[Path],
    *,
    name: str | None = None,
    accept_drop: bool = False,
    origin: Origin | None = None,
    anew: bool = False,
) -> Delivered:
    """Take in one delivery inside a batch.

    Args:
        session: The batch.
        source: The source.
        files: A file, or several that are packed into one.
        name: Name of the packed file.
        accept_drop: A person has confirmed that slices may lose more than the tolerance.
        origin: Where it was fetched.
        anew: Whether bytes that came before count as a new state: what was fetched has become again what it was.
    """
    # nothing is landed that cannot be taken in: without a key, or before the areas about which it reports
    safe = session.safe(source)
    areas = first_level_areas(session, source)
    cells.require_areas(source.specification, areas)
    declaring.declare(session, [source])
    with packing.as_one(files, session.home.temporary, name) as path:
        with session.progress.step(f"{source.id}: {path.name} landed"):
            landed = landing.land(path, session.home.landing, source.id, safe)
        try:
            known = None if anew else batches.known_delivery(session.warehouse, source.id, landed.sha256)
            if known and not to_be_read(known, source, landed.name, accept_drop=accept_drop):
                return _note_repetition(session, source, landed, known)
            return _take_in(session, source, landed, known, areas, accept_drop=accept_drop, origin=origin)
        finally:
            landed.close()


def to_be_read(known: KnownDelivery, source: Source, name: str, *, accept_drop: bool) -> bool:
    """Whether bytes that came before are to be taken in: they were refused, or are corrected in another way."""
    if known.status == "loaded":
        return known.corrections_version != source.corrections.version(name)
    return _worth_another_try(known, source, accept_drop=accept_drop)


def _take_in(
    session: Session,
    source: Source,
    landed: Landed,
    known: KnownDelivery | None,
    areas: Sequence[str],
    *,
    accept_drop: bool,
    origin: Origin | None,
) -> Delivered:
    """What becomes of a landed file."""
    warehouse = session.warehouse
    corrected_anew = known is not None and known.status == "loaded"
    facts = source_facts(source)
    delivery = DeliveryFacts(
        source_id=source.id,
        file_name=landed.name,
        sha256=landed.sha256,
        size_bytes=landed.seen.size,
        received_at=utc_now(),
        received_by=session.settings.actor,
        corrections_version=source.corrections.version(landed.name),
        origin=origin,
        again=known.delivery_id if known and corrected_anew else None,
    )
    staged = None
    try:
        with session.progress.step(f"{source.id}: {landed.name} read, mapped and judged"):
            staged = stage.stage(
                warehouse.connection,
                source,
                landed,
                areas=areas,
                key=session.hashing_key(source),
                salt=session.salt,
                work=session.home.temporary,
            )
        landed.require_unchanged()
        if known and corrected_anew and _corrected_alike(warehouse, known, staged):
            return _note_repetition(session, source, landed, known)
        if not staged.rows_delivered:
            _require_report(warehouse, landed, accept_drop=accept_drop)
        with session.progress.step(f"{source.id}: {landed.name} loaded"):
            outcome = loading.load(warehouse, session.batch, delivery, staged, facts, accept_drop=accept_drop)
    except Refusal as refusal:
        number = batches.record_refusal(
            warehouse, session.batch, delivery, refusal, source=facts, staged=staged
        )
        return Delivered(
            source.id, landed.name, "refused", landed.sha256, number, refusal=refusal, staged=staged
        )
    finally:
        stage.forget(warehouse.connection)
    refused = _all_bad(landed, outcome.delivery_id) if outcome.status == "refused" else None
    return Delivered(
        source.id,
        landed.name,
        outcome.status,
        landed.sha256,
        outcome.delivery_id,
        outcome,
        refused,
        staged,
    )


def _corrected_alike(warehouse: Warehouse, known: KnownDelivery, staged: StagedDelivery) -> bool:
    """Whether the corrections of now change what those of then changed: the bytes need not be loaded again."""
    now = {(c.digest, c.row_number) for c in staged.corrections}
    return now == batches.corrected_in(warehouse, known.delivery_id)


def _worth_another_try(known: KnownDelivery, source: Source, *, accept_drop: bool) -> bool:
    """Whether bytes that were refused may be taken in now: the declaration changed, or a person has confirmed."""
    confirmed = accept_drop and known.refusal_code in (SHRANK, NO_ROWS)
    return confirmed or known.specification_version != source.version


def _require_report(warehouse: Warehouse, landed: Landed, *, accept_drop: bool) -> None:
    """Refuse a file without rows, unless it can be a report of zero and a person has confirmed that it is.

    Raises:
        Refusal: It reports about no area and month, or nobody has confirmed.
    """
    found = warehouse.connection.execute(f"SELECT count(*) FROM {CELLS}").fetchone()
    may_be_zero = bool(found and found[0])
    if not (may_be_zero and accept_drop):
        raise no_rows(landed.name, may_be_zero=may_be_zero)


def no_rows(name: str, *, may_be_zero: bool) -> Refusal:
    """The refusal of a file with a header alone: a report of zero, once a person confirms it, or none at all."""
    if may_be_zero:
        what = "the file has a header and no row: that is not yet a report of zero"
        how = "ask the provider for the file with its data; if there was nothing to report, repeat with --accept-drop"
    else:
        what = "the file has a header and no row, and reports about no area and month"
        how = (
            "ask the provider for the file with its data; a file without rows is a report of zero only where "
            "source.yml says the period that it covers (period, and cells: whole_period)"
        )
    return Refusal(what, where=name, how=how, code=NO_ROWS)


def _note_repetition(session: Session, source: Source, landed: Landed, known: KnownDelivery) -> Delivered:
    """Record that known bytes came again, which changes nothing else."""
    batches.record_repetition(session.warehouse, known, seen_by=session.settings.actor, file_name=landed.name)
    session.noted = True
    if known.status == "loaded":
        return Delivered(source.id, landed.name, "repeated", landed.sha256, known.delivery_id)
    refusal = refused_before(known.delivery_id, known.refusal_code, landed.name)
    return Delivered(source.id, landed.name, "refused", landed.sha256, known.delivery_id, refusal=refusal)


def refused_before(delivery_id: int, code: str | None, name: str) -> Refusal:
    """What is told of bytes that were refused and came again."""
    return Refusal(
        f"these bytes were refused before, as delivery {delivery_id}",
        where=name,
        how=f"siprev delivery show {delivery_id} says why; send a corrected file or correct the declaration",
        code=code or "",
    )


def _all_bad(landed: Landed, number: int) -> Refusal:
    return Refusal(
        "every record of the file broke a rule: none was loaded, all are in quarantine",
        where=landed.name,
        how=f"siprev delivery show {number} lists the rules; where all records break the same one, the form of a "
        "column or a code list has changed: declare it, or ask the provider for a corrected file",
        code="all_bad",
    )


def first_level_areas(session: Session, source: Source) -> list[str]:
    """Codes of the first-level areas of a source's country that are known now."""
    rows = session.warehouse.connection.execute(
        f"""SELECT DISTINCT area_code FROM ref.area
        WHERE country = {sql.text(source.specification.country)} AND area_level = 'first_level' ORDER BY 1"""
    ).fetchall()
    return [str(code) for (code,) in rows]


def source_facts(source: Source) -> SourceFacts:
    """What the warehouse keeps of a source's declaration."""
    declared = source.specification
    delivers = declared.delivers
    return SourceFacts(
        source_id=source.id,
        record_type=declared.record_type,
        country=declared.country,
        source_type=declared.source_type,
        title=declared.title["en"],
        specification_version=source.version,
        slice_period="month" if delivers.slice.period == "month" else "year",
        slice_by_area=delivers.slice.area is not None,
        drop_tolerance=delivers.drop_tolerance,
        declares=declared.model_dump(mode="json", by_alias=True, exclude={"layouts"}),
    )
