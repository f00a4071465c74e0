"""How the landing stands: which files are sealed, which lie open though they should not, and what is left over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from schemas.errors import Refusal
from sources.kit import sealing
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


def files(home: Home) -> list[tuple[Path, str]]:
    """Every landed file and its form.

    Open; sealed; destroyed (sealed, and its key is gone); damaged (sealed, and its key's file is none).
    """
    return [
        (path, _form(path))
        for path in sorted(home.landing.glob("*/*"))
        if path.is_file() and not path.name.startswith(".") and path.suffix != sealing.SUFFIX
    ]


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
