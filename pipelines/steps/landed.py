"""How the landing stands: what is sealed, what lies open though it should not, what is lost or was altered."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import duckdb

from pipelines.settings import Settings
from pipelines.steps import reading
from schemas.errors import Misuse, Refusal, Told
from sources.kit import sealing
from warehouse import deliveries, pruning
from warehouse.home import Home


def state(home: Home, personal: Sequence[str]) -> tuple[list[tuple[str, str]], str]:
    """What is wrong in the landing, each with its cure, and how many files are in which form.

    Args:
        home: The home folder.
        personal: Sources that hold personal data and are not made up.
    """
    every = files(home)
    open_ = Counter(
        path.parent.name for path, form in every if form == "open" and path.parent.name in personal
    )
    found = [
        (f"{n} landed files of {source} are not sealed", "set SIPREV_KEY_FILE and run siprev key seal")
        for source, n in sorted(open_.items())
    ]
    found += [
        (f"the key of a landed file is damaged: {path}", "restore it from a backup of the landing")
        for path, form in every
        if form == "damaged"
    ]
    forms = Counter(form for _, form in every)
    told = ", ".join(f"{n} {form}" for form, n in sorted(forms.items())) or "no file"
    return found, f"{told} (sources without personal data are not sealed)"


def lost(settings: Settings, *, thorough: bool) -> list[tuple[str, str]]:
    """Deliveries whose landed bytes are gone or are not those that were delivered, each with the cure.

    Args:
        settings: Home and keys.
        thorough: Read every landed file and hold its bytes against its hash, instead of looking at its size alone.
    """
    try:
        with reading.current(settings) as connection:
            gone = pruning.removed(connection)
            delivered = [one for one in deliveries.landed(connection) if one.delivery_id not in gone]
    except (Misuse, duckdb.Error):  # nothing has been loaded yet, or the snapshot is damaged: another finding
        return []
    cure = "restore the file from a backup of the landing, or ask the provider for it; what is loaded stays"
    landing = Home(settings.home).landing
    found = []
    for one in delivered:
        path = landing / one.source_id / one.sha256
        if wrong := _wrong(path, one.size_bytes) or (_read_through(path, settings) if thorough else None):
            found.append((f"delivery {one.delivery_id} ({one.source_id}, {one.file_name}): {wrong}", cure))
    return found


def unnamed(settings: Settings) -> list[tuple[str, str]]:
    """Landed files that no delivery names: of a killed process, or landed after the backup that was restored."""
    home = Home(settings.home)
    try:
        with reading.current(settings) as connection:
            found = [path for path in pruning.unnamed(home, connection) if path.suffix != sealing.SUFFIX]
    except (Misuse, duckdb.Error):  # nothing has been loaded yet, or the snapshot is damaged: another finding
        return []
    by_source = Counter(path.parent.name for path in found)
    cure = "give the files of that time again; siprev prune --unnamed removes these copies"
    return [
        (f"{n} landed files of {source} belong to no delivery", cure)
        for source, n in sorted(by_source.items())
    ]


def _wrong(path: Path, size: int) -> str | None:
    if not path.is_file():
        return "its landed file is missing"
    sealed = sealing.is_sealed(path)
    if path.stat().st_size != (sealing.sealed_size(size) if sealed else size):
        return "its landed file has another size than the delivery had"
    return None


def _read_through(path: Path, settings: Settings) -> str | None:
    """What is wrong with the bytes themselves; a file whose key was destroyed by law is not wrong."""
    if not sealing.is_sealed(path):
        with path.open("rb") as file:
            same = hashlib.file_digest(file, "sha256").hexdigest() == path.name
        return None if same else "its landed file was altered"
    if _form(path) == "destroyed":
        return None
    try:
        for _ in sealing.opened(path, sealing.read_key(path, settings.keyring)):
            pass
    except Told as told:
        return told.what
    return None


def files(home: Home) -> list[tuple[Path, str]]:
    """Every landed file and its form.

    Open; sealed; destroyed (sealed, and its key is gone); damaged (sealed, and its key's file is none).
    """
    return [(path, _form(path)) for path in home.landed() if path.suffix != sealing.SUFFIX]


def _form(path: Path) -> str:
    if not sealing.is_sealed(path):
        return "open"
    try:
        sealing.version_of(sealing.key_path(path))
    except Refusal as refusal:
        return refusal.code.removeprefix("landed_")
    return "sealed"


def of(home: Home, form: str, source_id: str | None = None) -> list[Path]:
    """The landed files in one form, of all sources or of one."""
    return [p for p, found in files(home) if found == form and source_id in (None, p.parent.name)]
