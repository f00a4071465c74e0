"""Everything that the inbox and changes make necessary, and nothing else.

Files stay in the inbox. What was seen before is known by size and time of change, so that an unchanged file of
hundreds of megabytes is not read again; what was seen under another declaration and refused is tried again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from indicators.waiting import waiting
from pipelines.progress import Progress, Silent
from pipelines.settings import Settings
from pipelines.steps import ingest as ingesting
from pipelines.steps.compute import Computed, compute_in
from pipelines.steps.ingest import Delivered
from pipelines.steps.session import writing
from schemas.errors import Misuse, Refusal
from sources.kit import discovery, landing
from sources.kit.discovery import Source
from warehouse.home import Home, write_text_atomically

#: Areas and denominators first: what follows refers to them.
_FIRST = ("area", "population")


@dataclass
class RunReport:
    """What a run did."""

    delivered: list[Delivered] = field(default_factory=list)
    computed: Computed | None = None

    @property
    def refused(self) -> list[Delivered]:
        """Files that were refused now, or before and are still in the inbox unchanged."""
        return [d for d in self.delivered if d.status == "refused"]


class _Seen:
    """Which inbox files were dealt with, by path, size and time of change."""

    def __init__(self, home: Home) -> None:
        self.path = home.path / "inbox" / ".seen.json"
        try:
            self.marks: dict[str, list[object]] = json.loads(self.path.read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            self.marks = {}  # every file is looked at again, which changes nothing but the time it takes

    @staticmethod
    def mark(source: Source, path: Path) -> list[object]:
        stat = path.stat()
        return [stat.st_size, stat.st_mtime_ns, source.version]

    def holds(self, source: Source, path: Path) -> bool:
        return self.marks.get(f"{source.id}/{path.name}", [])[:3] == self.mark(source, path)

    def refusal(self, source: Source, path: Path) -> str | None:
        kept = self.marks.get(f"{source.id}/{path.name}", [])
        return str(kept[3]) if len(kept) > 3 and kept[3] else None

    def keep(self, source: Source, path: Path, delivered: Delivered) -> None:
        refusal = delivered.refusal.text() if delivered.refusal else None
        self.marks[f"{source.id}/{path.name}"] = [*self.mark(source, path), refusal]

    def save(self) -> None:
        text = json.dumps(self.marks, indent=0, sort_keys=True)
        write_text_atomically(self.path, text)


def run(
    settings: Settings,
    *,
    country: str | None = None,
    source_id: str | None = None,
    progress: Progress | None = None,
) -> RunReport:
    """Take in what is new in the inbox and compute what waits for it, as one batch.

    Args:
        settings: Home, actor and bounds.
        country: Only sources of this country (ISO 3166-1 alpha-3).
        source_id: Only this source.
        progress: Who is told what is going on.

    Raises:
        Misuse: No source is left by the choice, a declaration does not load, or another process writes.
    """
    progress = progress or Silent()
    sources = chosen(settings, country, source_id)
    home = Home(settings.home)
    report = RunReport()
    seen = _Seen(home)
    new = [(s, p) for s, p in inbox(home, sources) if not seen.holds(s, p)]
    report.delivered += [
        Delivered(s.id, p.name, "refused", refusal=Refusal(told, code="refused_before"))
        for s, p in inbox(home, sources)
        if seen.holds(s, p) and (told := seen.refusal(s, p))
    ]
    with writing(settings, "run", progress) as session:
        for source, path in new:
            try:
                landing.require_file(path)
                delivered = ingesting.deliver(session, source, path)
            except Refusal as refusal:
                delivered = Delivered(source.id, path.name, "refused", refusal=refusal)
            report.delivered.append(delivered)
            seen.keep(source, path, delivered)
        behind = waiting(session.warehouse.connection)
        if behind:
            report.computed = compute_in(session, [w.indicator for w in behind])
    if new:
        seen.save()
    return report


def chosen(settings: Settings, country: str | None, source_id: str | None) -> list[Source]:
    """The sources of a run, areas and denominators first.

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
    """Files that wait in the inbox, by source and then by name; hidden ones are being copied and do not count."""
    for source in sources:
        folder = home.inbox(source.id)
        if folder.is_dir():
            for path in sorted(folder.iterdir()):
                if path.is_file() and not path.name.startswith("."):
                    yield source, path
