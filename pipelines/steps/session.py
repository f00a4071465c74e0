"""One batch of writing: the lock, the open warehouse, the batch number, and the snapshot at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version

import duckdb

from indicators import catalogue
from pipelines.progress import Progress, Silent
from pipelines.settings import Settings
from schemas.errors import Misuse
from sources.kit.identifiers import MasterKey
from warehouse import batch as batches
from warehouse import snapshot
from warehouse.batch import Batch
from warehouse.database import Settings as Bounds
from warehouse.database import Warehouse
from warehouse.home import Home


@dataclass
class Session:
    """What the steps of a batch share.

    ``noted`` is set where something was written that belongs to no batch: the record of a repetition, or from which
    state of their inputs indicators were computed.
    """

    settings: Settings
    home: Home
    warehouse: Warehouse
    batch: Batch
    progress: Progress
    noted: bool = False

    @property
    def master_key(self) -> MasterKey | None:
        """The key of identifiers, if the environment has one."""
        return MasterKey(self.settings.master_key) if self.settings.master_key else None

    @property
    def salt(self) -> int:
        """The warehouse's own salt for integer references, 60 bits."""
        return int.from_bytes(self.warehouse.secret("reference_salt")[:8], "big") >> 4


@contextmanager
def writing(settings: Settings, kind: str, progress: Progress | None = None) -> Iterator[Session]:
    """Be the one writer for a batch; readers get a new snapshot when it ends, also where a delivery was refused.

    Args:
        settings: Home, actor and bounds.
        kind: ``ingest``, ``compute`` or ``run``.
        progress: Who is told what is going on.

    Raises:
        Misuse: Another process writes.
    """
    progress = progress or Silent()
    home = Home(settings.home)
    bounds = Bounds(settings.memory_limit, settings.threads)
    with Warehouse.open(
        home, f"siprev {kind}", settings=bounds, wait_seconds=settings.wait_seconds
    ) as warehouse:
        _sweep_landing(home)
        batch = batches.begin(
            warehouse,
            kind,
            settings.actor,
            software_version=version("siprev"),
            catalogue_version="" if kind == "ingest" else catalogue.load(keep_going=True).version,
        )
        session = Session(settings, home, warehouse, batch, progress)
        try:
            yield session
        finally:
            # what was committed before an error is true and belongs into a snapshot
            _end(session)


def _sweep_landing(home: Home) -> None:
    """Remove half-landed copies that a killed process left: they hold raw values, and nobody knows of them."""
    for left in home.landing.glob("*/.*.tmp"):
        left.unlink()


def _end(session: Session) -> None:
    wrote = batches.commit(session.warehouse, session.batch)
    number = session.batch.batch_id if wrote else session.warehouse.last_batch()
    if wrote or session.noted or _readers_behind(session.home, number):
        with session.progress.step("snapshot"):
            snapshot.publish(session.warehouse, number)
    else:
        snapshot.sweep(session.home)


def _readers_behind(home: Home, last_batch: int) -> bool:
    """Whether readers have no snapshot, a damaged one, or not the last: a process died before it was published."""
    try:
        if snapshot.current_batch(home) < last_batch:
            return True
        with snapshot.reader(home):
            return False
    except (Misuse, duckdb.Error):  # there is none, or the pointer or the snapshot is damaged
        return True
