"""The change to a new master key, under the lock of the one writer.

Everything that is current is hashed under one version of the key. A change hashes it anew from the landed bytes,
switches in one transaction, and seals the keys of the landed bytes anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.progress import Progress
from pipelines.settings import Settings
from pipelines.steps import keys
from pipelines.steps import landed as landed_files
from pipelines.steps.ingest import first_level_areas
from pipelines.steps.session import Session, writing
from schemas.errors import Misuse, Refusal
from sources.kit import discovery, landing, sealing, stage
from sources.kit.keyring import MasterKey
from warehouse import keys as recorded
from warehouse import rekey
from warehouse.keys import KeyInUse
from warehouse.rekey import Hashed


@dataclass
class Rotation:
    """What became of a change of the key.

    Args:
        version: Version of the new key.
        asked_by: The first person, who asked for it.
        done: Whether it is done; if not, a second person has to repeat the command.
        slices: Slices that were hashed anew.
        unlinked: Those of them whose landed bytes are gone.
        files: Landed files whose keys were sealed anew.
        lost: Deliveries whose landed bytes cannot be read again, with the reason.
    """

    version: int
    asked_by: str
    done: bool = False
    slices: int = 0
    unlinked: int = 0
    files: int = 0
    lost: dict[int, str] = field(default_factory=dict)


def rotate(settings: Settings, *, unlink_lost: bool = False, progress: Progress | None = None) -> Rotation:
    """Change to the newest master key: the first person asks for it, a second one does it.

    Interrupted at any moment, it is completed by the same command; until its switch nothing has changed for anybody.

    Args:
        settings: Home, actor and keys.
        unlink_lost: Where landed bytes are gone for good, go on without the hashes and references of their records.
        progress: Who is told what is going on.

    Raises:
        Misuse: A key is missing, there is no new one, or the same person asks twice.
        Refusal: Landed bytes cannot be read again; nothing has changed then.
    """
    keys.require(settings)
    with writing(settings, "key rotate", progress) as session:
        old, new = _old_and_new(session)
        wanted = KeyInUse(new.version, new.mark.hex())
        if new.version != old.version:
            asked = recorded.asked_by(session.warehouse.connection, wanted.version, wanted.mark)
            if asked is None:
                with session.warehouse.transaction():
                    recorded.record(session.warehouse, session.batch, "rotation_asked", wanted)
                return Rotation(new.version, session.settings.actor)
            if asked == session.settings.actor:
                raise Misuse(
                    f"{asked} asked for this change and cannot also do it",
                    where="siprev key rotate",
                    how="a second person repeats the command, with SIPREV_ACTOR set to their name",
                    code="second_person",
                )
            rotation = Rotation(new.version, asked)
            _hash_anew(session, new, rotation, unlink_lost=unlink_lost)
            rotation.slices, rotation.unlinked = rekey.switch(session.warehouse, session.batch, wanted)
        else:
            rotation = Rotation(
                new.version, recorded.asked_by(session.warehouse.connection, *_pair(wanted)) or ""
            )
        rotation.files = _seal_anew(session, new)
        with session.warehouse.transaction():
            recorded.record(session.warehouse, session.batch, "rotation_completed", wanted)
        rotation.done = True
        return rotation


def _pair(key: KeyInUse) -> tuple[int, str]:
    return key.version, key.mark


def _old_and_new(session: Session) -> tuple[MasterKey, MasterKey]:
    """The key in use and the newest at hand.

    Raises:
        Misuse: No key was ever used, the one in use is not at hand, or there is nothing to change to.
    """
    connection = session.warehouse.connection
    used = recorded.in_use(connection)
    newest = session.settings.keyring.newest
    if used is None or newest is None:
        raise Misuse(
            "no master key is in use yet: there is nothing to change",
            where="siprev key rotate",
            how="the newest key comes into use with the first delivery that holds identifiers",
            code="no_key_in_use",
        )
    old = session.key_of(used)
    if newest.version == old.version and recorded.is_completed(connection, old.version):
        raise Misuse(
            f"there is no newer key than the one in use (version {old.version})",
            where="siprev key rotate",
            how="make one with siprev key new FILE, in the file that holds the old one",
            code="no_new_key",
        )
    known = {e["version"] for e in recorded.events(connection)}
    other = newest.version in known and newest.version != old.version
    if other and recorded.asked_by(connection, newest.version, newest.mark.hex()) is None:
        raise Misuse(
            f"version {newest.version} was given to another key before",
            where="siprev key rotate",
            how=f"give the new key a version of its own: {newest.version + 1} or higher",
            code="version_taken",
        )
    return old, newest


def _hash_anew(session: Session, new: MasterKey, rotation: Rotation, *, unlink_lost: bool) -> None:
    """Copy the current slices of every delivery under the new key.

    Raises:
        Refusal: Bytes cannot be read again, and nobody has said to go on without them.
    """
    for hashed in rekey.waiting(session.warehouse, new.version, unlinked=unlink_lost):
        with session.progress.step(f"{hashed.source_id}: delivery {hashed.delivery_id} hashed anew"):
            try:
                _copy(session, new, hashed)
            except Refusal as refusal:
                if unlink_lost:
                    rekey.copy(session.warehouse, session.batch, hashed, new.version, staged=False)
                rotation.lost[hashed.delivery_id] = refusal.text()
    if rotation.lost and not unlink_lost:
        raise _cannot(rotation)


def _copy(session: Session, new: MasterKey, hashed: Hashed) -> None:
    source = discovery.load(hashed.source_id, session.settings.sources)
    safe = session.safe(source)
    if safe is None:
        raise Refusal(
            "its source declares no identifiers any more",
            where=str(source.folder / "source.yml"),
            how="declare the columns as they were, or load its files again without identifiers",
            code="other_records",
        )
    landed = landing.reopen(session.home.landing, source.id, hashed.sha256, hashed.file_name, safe)
    try:
        stage.stage(
            session.warehouse.connection,
            source,
            landed,
            areas=first_level_areas(session, source),
            key=new,
            salt=session.salt,
            work=session.home.temporary,
            report=False,
        )
        rekey.copy(session.warehouse, session.batch, hashed, new.version, staged=True)
    finally:
        stage.forget(session.warehouse.connection)
        landed.close()


def _cannot(rotation: Rotation) -> Refusal:
    first, *others = rotation.lost.items()
    more = f"; and of {len(others)} more" if others else ""
    return Refusal(
        f"the key was not changed: the landed bytes of delivery {first[0]}{more} cannot be read again: {first[1]}",
        where="siprev key rotate",
        how="mend it and repeat the command; or repeat it with --unlink-lost: the records stay, without hashes and "
        "references, so that they can be joined with nothing any more",
        code="not_rotated",
    )


def _seal_anew(session: Session, new: MasterKey) -> int:
    """Seal the keys of all landed files by the new key, one by one; those that are done already are left alone."""
    n = 0
    with session.progress.step("keys of landed files sealed anew"):
        for path in landed_files.of(session.home, "sealed"):
            if sealing.version_of(sealing.key_path(path)) != new.version:
                sealing.keep_key(path, sealing.read_key(path, session.settings.keyring), new)
                n += 1
    return n
