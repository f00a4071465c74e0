"""The master keys that are at hand: made, listed, and whether they are those that are needed; what lies open sealed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from pipelines.settings import Settings
from pipelines.steps import landed as landed_files
from pipelines.steps import reading
from pipelines.steps.session import writing
from schemas.errors import Misuse
from sources.kit import discovery, keyring, landing, sealing
from sources.kit.keyring import DEMONSTRATION_VERSION
from warehouse import keys as recorded
from warehouse.home import Home
from warehouse.keys import KeyInUse


def require(settings: Settings) -> None:
    """Refuse to go on without any key.

    Raises:
        Misuse: There is none.
    """
    if not settings.keyring:
        raise Misuse(
            "there is no master key",
            where="environment variable SIPREV_KEY_FILE",
            how="name the key file that holds the old and the new key",
            code="no_master_key",
        )


def seal_open(settings: Settings) -> dict[str, int]:
    """Seal the landed files of sources with personal data that lie open.

    Returns:
        Number of files by source.

    Raises:
        Misuse: There is no master key, or another process writes.
    """
    require(settings)
    done: dict[str, int] = {}
    with writing(settings, "key seal") as session:
        for source in discovery.load_all(settings.sources):
            safe = session.safe(source)
            if safe is None or safe.key is None:
                continue
            for path in landed_files.of(session.home, "open", source.id):
                landing.seal(path, safe.key)
                done[source.id] = done.get(source.id, 0) + 1
    return done


def make(settings: Settings, file: Path) -> int:
    """Make a new key in a key file.

    Returns:
        Its version.

    Raises:
        Misuse: The file would lie in the home folder, or is no key file.
    """
    if file.resolve().is_relative_to(settings.home.resolve()):
        raise Misuse(
            "a key beside the data that it protects protects nothing",
            where=str(file),
            how="name a file outside the home folder, on another disk if you can",
            code="key_beside_data",
        )
    return keyring.add_new(file).version


def listed(settings: Settings) -> dict[str, Any]:
    """The versions of master keys, which are at hand, and where each is used; and all that happened to them.

    Raises:
        Misuse: Nothing has been loaded yet.
    """
    home = Home(settings.home)
    with reading.current(settings) as connection:
        used = recorded.in_use(connection)
        slices = recorded.slices_by_version(connection)
        events = recorded.events(connection)
    files = files_by_version(home)
    at_hand = settings.keyring.versions
    versions = sorted({*at_hand, *files, *slices, *(e["version"] for e in events)} - {DEMONSTRATION_VERSION})
    rows = [
        {
            "version": version,
            "state": _state(version, used, files),
            "at_hand": "yes" if version in at_hand else "no",
            "current_slices": slices.get(version, 0),
            "landed_files": files.get(version, 0),
        }
        for version in versions
    ]
    return {"keys": rows, "events": events}


def files_by_version(home: Home) -> Counter[int]:
    """Number of sealed landed files by the version of the master key that their own keys are sealed by."""
    sealed = (path for path, form in landed_files.files(home) if form == "sealed")
    return Counter(sealing.version_of(sealing.key_path(path)) for path in sealed)


def _state(version: int, used: KeyInUse | None, files: Counter[int]) -> str:
    if used and version == used.version:
        return "in use"
    if used is None or version > used.version:
        return "new"
    return "needed until key rotate is completed" if files.get(version) else "no longer needed"


def problems(settings: Settings, personal: Sequence[str]) -> list[tuple[str, str]]:
    """What is wrong with the keys at hand, each with its cure.

    Args:
        settings: Home and keys.
        personal: Sources in use that hold personal data and are not made up.
    """
    cure = "set SIPREV_KEY_FILE to a key file (siprev key new FILE), kept in your institution's safe"
    if personal and not settings.keyring:
        return [(f"{', '.join(personal)} hold identifiers, and there is no master key", cure)]
    found: list[tuple[str, str]] = []
    try:
        with reading.current(settings) as connection:
            used = recorded.in_use(connection)
            slices = recorded.slices_by_version(connection)
    except (
        Misuse,
        duckdb.Error,
    ):  # nothing has been loaded yet, or the snapshot is damaged, which is another finding
        return found
    if used is None:
        return found
    key = settings.keyring.of(used.version)
    if key is None or key.mark.hex() != used.mark:
        found.append((f"the master key of version {used.version}, which is in use, is not at hand", cure))
    mixed = [v for v in slices if v not in (DEMONSTRATION_VERSION, used.version)]
    if mixed:
        found.append(
            (f"current hashes are of version {mixed[0]} too", "restore the last backup; keep this message")
        )
    other = sum(n for version, n in files_by_version(Home(settings.home)).items() if version != used.version)
    if other:
        found.append(
            (
                f"{other} landed files are sealed by another key than the one in use",
                "keep both keys until siprev key rotate has completed the change",
            )
        )
    return found
