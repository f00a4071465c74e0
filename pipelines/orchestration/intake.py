"""Taking in what waits in the inbox of one source, as a batch of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from pipelines.progress import Progress
from pipelines.settings import Settings
from pipelines.steps import fetching
from pipelines.steps import run as running
from pipelines.steps.ingest import Delivered
from pipelines.steps.seen import Seen
from pipelines.steps.session import writing
from schemas.errors import Refusal
from sources.kit import packing
from sources.kit.discovery import Source
from warehouse.home import Home

#: Of a file in the inbox: its size, its time of change, and the declaration by which it would be read.
State = tuple[int, int, str]


def take_in(
    settings: Settings,
    source: Source,
    *,
    arrived_before: datetime | None = None,
    progress: Progress | None = None,
) -> list[Delivered]:
    """Fetch what a source has new, and take in its files that are new; a file that was refused stays refused.

    Only the open round fetches: what comes now belongs to no round that has ended.

    Args:
        settings: Home, actor and bounds.
        source: The source.
        arrived_before: Leave files that arrived at this moment or later for a later round.
        progress: Who is told what is going on.

    Returns:
        Every file that was taken in, refused or repeated now, and every file that was refused before; of a source that
        is fetched also that there is nothing new, or what stands in the way.

    Raises:
        Misuse: Another process writes, or a key is missing.
    """
    home = Home(settings.home)
    delivered = refused_before(home, source, arrived_before)
    fetches = source.specification.fetch is not None and arrived_before is None
    if not fetches and not new_files(home, source, arrived_before):
        return delivered
    with writing(settings, "run", progress) as session:
        if fetches:
            delivered += fetching.fetch_in(session, source)
        # read again: another writer may have taken them in while this one waited
        seen = Seen(home)
        for path in new_files(home, source, arrived_before):
            found = running.take_in(session, source, path)
            if found.status == "blocked" and found.refusal:
                raise found.refusal
            delivered.append(found)
            seen.keep(source, path, found)
            seen.save()
    return delivered


def new_files(home: Home, source: Source, arrived_before: datetime | None = None) -> list[Path]:
    """Files in the inbox of a source that were not dealt with, by name."""
    seen = Seen(home)
    return [path for path in _arrived(home, source, arrived_before) if not seen.holds(source, path)]


def refused_before(home: Home, source: Source, arrived_before: datetime | None = None) -> list[Delivered]:
    """Files that were refused, with the reason, and lie in the inbox as they were."""
    seen = Seen(home)
    return [
        Delivered(source.id, path.name, "refused", refusal=Refusal(told, code="refused_before"))
        for path in _arrived(home, source, arrived_before)
        if seen.holds(source, path) and (told := seen.refusal(source, path))
    ]


def state(source: Source, path: Path) -> State:
    """By what a change of a file is noticed."""
    return (*packing.looks(path), source.version)


def _arrived(home: Home, source: Source, before: datetime | None) -> list[Path]:
    paths = [path for _, path in running.inbox(home, [source])]
    return paths if before is None else [path for path in paths if _arrival(path) < before]


def _arrival(path: Path) -> datetime:
    return datetime.fromtimestamp(packing.looks(path)[1] / 1e9, UTC)
