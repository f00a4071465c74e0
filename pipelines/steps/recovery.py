"""Backups, the way back, and what may be removed from a home folder."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from pipelines.progress import Progress, Silent
from pipelines.settings import Settings
from schemas.errors import Misuse
from sources.kit import sealing
from warehouse import backup as backups
from warehouse import lock, pool, pruning, snapshot
from warehouse.database import Settings as Bounds
from warehouse.database import Warehouse
from warehouse.home import Home
from warehouse.pool import Backup


@dataclass(frozen=True)
class Made:
    """A backup and the older ones that were removed for it."""

    backup: Backup
    removed: tuple[str, ...] = ()


def backup(
    settings: Settings, folder: Path, *, keep: int | None = None, progress: Progress | None = None
) -> Made:
    """Back up the home folder.

    Args:
        settings: Home, actor and how long to wait for a run.
        folder: Folder of backups.
        keep: How many backups stay in it; None for all.
        progress: Who is told what is going on.

    Raises:
        Misuse: See ``warehouse.backup.make``.
    """
    progress = progress or Silent()
    home = Home(settings.home)
    wait = settings.wait_seconds or backups.WAIT_SECONDS
    if home.exists and (holder := lock.holder(home)):
        progress.say(
            f"waits until this has ended: {holder.command} (process {holder.pid}, since {holder.since})"
        )
    with progress.step("backup"):
        made = backups.make(home, folder, settings.actor, version("siprev"), wait_seconds=wait)
    removed: list[str] = []
    if keep is not None:
        with pool.writing(folder):
            removed = pool.thin(folder, keep)
    return Made(made, tuple(removed))


def restore(
    settings: Settings, folder: Path, name: str | None = None, progress: Progress | None = None
) -> Backup:
    """Make the home folder what it was when a backup was made: the one that is named, else the newest.

    Raises:
        Misuse: See ``warehouse.backup.restore``.
    """
    progress = progress or Silent()
    found = backups.chosen(folder, name)
    with progress.step(f"restore {found.name}"):
        backups.restore(Home(settings.home), folder, found, Bounds(settings.memory_limit, settings.threads))
    return found


@dataclass
class Pruned:
    """What was removed, or would be: names of snapshots, of landed files that no delivery names, deliveries."""

    snapshots: list[str] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)
    expired: list[str] = field(default_factory=list)


def prune(
    settings: Settings,
    *,
    keep_snapshots: int,
    unnamed: bool = False,
    past_retention: bool = False,
    today: dt.date | None = None,
) -> Pruned:
    """Remove old snapshots, and what else is asked for.

    Args:
        settings: Home and actor.
        keep_snapshots: How many of the newest snapshots stay; the one in use always does.
        unnamed: Landed files that no delivery names too.
        past_retention: Landed bytes that were kept for as long as their source's agreement states, too.
        today: The day on which retention is judged; the system's without it.

    Raises:
        Misuse: There is no warehouse, or another process writes.
    """
    home = Home(settings.home)
    if not home.exists:
        raise Misuse(
            "there is no warehouse", where=str(home.path), how="name the home folder", code="no_warehouse"
        )
    done = Pruned()
    with Warehouse.open(home, "siprev prune", wait_seconds=settings.wait_seconds) as warehouse:
        if unnamed:
            found = pruning.unnamed(home, warehouse.connection)
            for path in found:
                path.unlink()
            done.unnamed = [f"{path.parent.name}/{path.name}" for path in found]
        if past_retention:
            gone = pruning.expired(home, warehouse.connection, today or dt.datetime.now(dt.UTC).date())
            for path in pruning.record(warehouse, gone, settings.actor):
                if sealing.key_path(path).exists():
                    sealing.destroy_key(path)
                path.unlink()
            done.expired = [f"delivery {n} ({one.source_id})" for one in gone for n in one.deliveries]
            if gone:
                snapshot.publish(warehouse, warehouse.last_batch())
        done.snapshots = pruning.snapshots(home, keep_snapshots)
    return done
