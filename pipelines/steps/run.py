"""Everything that the inbox and changes make necessary, and nothing else.

Files stay in the inbox. What was seen before is known by size and time of change, so that an unchanged file of
hundreds of megabytes is not read again; what was seen under another declaration and refused is tried again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from indicators import catalogue
from indicators.waiting import waiting
from pipelines.progress import Progress, Silent
from pipelines.settings import Settings
from pipelines.steps import declaring, fetching
from pipelines.steps import ingest as ingesting
from pipelines.steps.compute import Computed, compute_in
from pipelines.steps.ingest import Delivered
from pipelines.steps.seen import Seen
from pipelines.steps.session import Session, writing
from schemas.errors import Misuse, Refusal
from sources.kit import discovery, landing, packing
from sources.kit.discovery import Source
from warehouse.home import Home

#: What others refer to first: areas and denominators, then facilities, surveys, households, persons and programmes.
_FIRST = (
    "area", "area_change", "area_group", "population", "facility", "survey", "survey_household", "survey_person",
    "programme",
)  # fmt: skip
#: Ends of the names under which programs keep what they have not finished.
_UNFINISHED = (".part", ".tmp", ".crdownload", "~")


@dataclass
class RunReport:
    """What a run did."""

    delivered: list[Delivered] = field(default_factory=list)
    computed: Computed | None = None
    #: Names in the inbox that belong to no declared source.
    stray: list[str] = field(default_factory=list)

    @property
    def faults(self) -> dict[str, Misuse]:
        """Indicators that could not be computed, because two sources collide."""
        return self.computed.outcome.faults if self.computed else {}

    @property
    def refused(self) -> list[Delivered]:
        """Files that were refused now, or before and are still in the inbox unchanged."""
        return [d for d in self.delivered if d.status == "refused"]


def run(
    settings: Settings,
    *,
    country: str | None = None,
    source_id: str | None = None,
    fetch: bool = True,
    progress: Progress | None = None,
) -> RunReport:
    """Fetch what is new, take in what is new in the inbox, and compute what waits for it, as one batch.

    Args:
        settings: Home, actor and bounds.
        country: Only sources of this country (ISO 3166-1 alpha-3).
        source_id: Only this source.
        fetch: Whether sources are asked that declare where they are fetched.
        progress: Who is told what is going on.

    Raises:
        Misuse: No source is left by the choice, a declaration does not load, or another process writes.
    """
    progress = progress or Silent()
    sources = chosen(settings, country, source_id)
    catalogue.load()  # a definition that does not load stops the run before anything is taken in
    home = Home(settings.home)
    report = RunReport()
    if country is None and source_id is None:
        report.stray = stray(home, sources)
    with writing(settings, "run", progress) as session:
        seen = Seen(home)
        # also of a source that has never delivered: that is what is told first
        declaring.declare(session, (s for s in sources if declaring.in_use(home, s)))
        for source in sources:
            if fetch:
                report.delivered += fetching.fetch_in(session, source)
            report.delivered += _from_inbox(session, source, seen)
        behind = waiting(session.warehouse.connection)
        if behind:
            report.computed = compute_in(session, [w.indicator for w in behind], keep_going=True)
    return report


def _from_inbox(session: Session, source: Source, seen: Seen) -> Iterator[Delivered]:
    """Takes in what is new in the inbox of a source; what was refused before is told again."""
    for _, path in inbox(session.home, [source]):
        if seen.holds(source, path):
            if told := seen.refusal(source, path):
                yield Delivered(source.id, path.name, "refused", refusal=Refusal(told, code="refused_before"))
            continue
        delivered = take_in(session, source, path)
        yield delivered
        if delivered.status != "blocked":
            seen.keep(source, path, delivered)
            seen.save()


def take_in(session: Session, source: Source, path: Path) -> Delivered:
    """One file or folder; what stands in the way of one source does not hold up the others."""
    try:
        files = packing.members(path) if path.is_dir() else [path]
        for file in files:
            landing.require_file(file)
        name = f"{path.name}.zip" if len(files) > 1 else None
        return ingesting.deliver(session, source, files, name=name)
    except Refusal as refusal:
        return Delivered(source.id, path.name, "refused", refusal=refusal)
    except Misuse as misuse:
        return Delivered(source.id, path.name, "blocked", refusal=misuse)


def chosen(settings: Settings, country: str | None, source_id: str | None) -> list[Source]:
    """The sources of a run, those first to which others refer.

    Raises:
        Misuse: None is left.
    """
    found = [
        s
        for s in discovery.load_all(settings.sources)
        if country in (None, s.specification.country) and source_id in (None, s.id)
    ]
    if not found:
        raise Misuse(
            "no declared source fits the choice",
            how="siprev source list shows the sources and their countries",
            code="unknown_source",
        )
    order = {kind: i for i, kind in enumerate(_FIRST)}
    return sorted(found, key=lambda s: (order.get(s.specification.record_type, len(order)), s.id))


def inbox(home: Home, sources: list[Source]) -> Iterator[tuple[Source, Path]]:
    """What waits in the inbox, by source and then by name; what is unfinished does not count.

    A delivery is a file, or for a source that joins tables a folder with the files of one delivery.
    """
    for source in sources:
        folder = home.inbox(source.id)
        if folder.is_dir():
            for path in sorted(folder.iterdir()):
                if _on_its_way(path.name):
                    continue
                if path.is_file() or (packing.wanted(source.specification) and _is_delivery(path)):
                    yield source, path


def _is_delivery(folder: Path) -> bool:
    """Whether a folder holds the files of a delivery, all of them complete."""
    names = [path.name for path in packing.members(folder)] if folder.is_dir() else []
    return bool(names) and not any(map(_on_its_way, names))


def _on_its_way(name: str) -> bool:
    """Whether a name is that of a file still being copied or edited, not of a delivery."""
    return name.startswith((".", "~$")) or name.endswith(_UNFINISHED)


def stray(home: Home, sources: list[Source]) -> list[str]:
    """What waits in the inbox and belongs to none of the sources: files beside the folders, folders of other names."""
    known = {source.id for source in sources}
    folder = home.path / "inbox"
    return [
        path.name
        for path in (sorted(folder.iterdir()) if folder.is_dir() else ())
        if not _on_its_way(path.name) and path.name not in known and (path.is_file() or any(path.iterdir()))
    ]
