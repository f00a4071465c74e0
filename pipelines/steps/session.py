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
from sources.kit import identifiers, sealing
from sources.kit.discovery import Source
from sources.kit.keyring import DEMONSTRATION_KEY, MasterKey
from sources.kit.landing import Safe
from warehouse import batch as batches
from warehouse import keys, snapshot, structure
from warehouse.batch import Batch
from warehouse.database import Settings as Bounds
from warehouse.database import Warehouse
from warehouse.home import Home
from warehouse.keys import KeyInUse


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

    def hashing_key(self, source: Source) -> MasterKey | None:
        """The master key under which a source's identifiers are hashed; None for a source that has none.

        Made-up data keep the published key, so that their hashes are one whatever the environment holds.

        Raises:
            Misuse: There is no key, it is not the one in use, or it is another of the same version.
        """
        if not source.specification.holds_personal_data:
            return None
        if source.specification.demo:
            return DEMONSTRATION_KEY
        used = keys.in_use(self.warehouse.connection)
        newest = self.settings.keyring.newest
        if newest is None:
            raise identifiers.no_master_key(source.id)
        if used is not None:
            return self.key_of(used)
        with self.warehouse.transaction():
            keys.record(self.warehouse, self.batch, "first_used", KeyInUse(newest.version, newest.mark.hex()))
        return newest

    def key_of(self, used: KeyInUse) -> MasterKey:
        """The key in use.

        Raises:
            Misuse: It is not at hand.
        """
        key = self.settings.keyring.of(used.version)
        if key is None or key.mark.hex() != used.mark:
            what = "is not at hand" if key is None else "is another key than the one at hand"
            raise Misuse(
                f"the master key of version {used.version}, under which everything here is hashed, {what}",
                where="SIPREV_KEY_FILE or SIPREV_MASTER_KEY",
                how="put that key beside the others; a new one comes into use by siprev key rotate alone",
                code="wrong_master_key",
            )
        return key

    def safe(self, source: Source) -> Safe | None:
        """How a source's deliveries are landed; None for one without personal data, whose files lie open.

        Raises:
            Misuse: As ``hashing_key``.
        """
        declared = source.specification
        if not declared.holds_personal_data:
            return None
        key = self._any_key() if declared.demo else self.hashing_key(source)
        names = None if declared.demo else self.warehouse.secret("landing_names")
        return Safe(self.settings.keyring, key, self.home.temporary, names)

    def _any_key(self) -> MasterKey | None:
        """The key in use, else the newest, if there is one: made-up data need none."""
        used = keys.in_use(self.warehouse.connection)
        return (self.settings.keyring.of(used.version) if used else None) or self.settings.keyring.newest

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
    """Remove what a killed process left half landed: copies that nobody knows of, keys of files that never came."""
    for left in home.landing.glob("*/.*.tmp"):
        left.unlink()
    for key in home.landing.glob(f"*/*{sealing.SUFFIX}"):
        if not key.with_suffix("").exists():
            key.unlink()


def _end(session: Session) -> None:
    wrote = batches.commit(session.warehouse, session.batch)
    number = session.batch.batch_id if wrote else session.warehouse.last_batch()
    if wrote or session.noted or _readers_behind(session, number):
        with session.progress.step("snapshot"):
            snapshot.publish(session.warehouse, number)
    else:
        snapshot.sweep(session.home)


def _readers_behind(session: Session, last_batch: int) -> bool:
    """Whether readers have no snapshot, a damaged one, or not the last: a process died before it was published.

    One of another structure was made by an earlier version of the software, or before the code lists changed.
    """
    home = session.home
    try:
        if snapshot.current_batch(home) < last_batch:
            return True
        with snapshot.reader(home) as connection:
            seen = structure.kept(connection, structure.FINGERPRINT)
        return seen != structure.kept(session.warehouse.connection, structure.FINGERPRINT)
    except (Misuse, duckdb.Error):  # there is none, or the pointer or the snapshot is damaged
        return True
