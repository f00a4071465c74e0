"""How the landing stands: which files are sealed, which lie open though they should not, and what is left over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sources.kit import sealing
from warehouse.home import Home


def state(home: Home, personal: Sequence[str]) -> tuple[list[tuple[str, str]], str]:
    """What is wrong in the landing, each with its cure, and how many files are in which form.

    Args:
        home: The home folder.
        personal: Sources that hold personal data and are not made up.
    """
    forms = Counter(form for _, form in files(home))
    open_ = Counter(source for source, form in files(home) if form == "open" and source in personal)
    found = [
        (f"{n} landed files of {source} are not sealed", "set SIPREV_KEY_FILE and run siprev key seal")
        for source, n in sorted(open_.items())
    ]
    told = ", ".join(f"{n} {form}" for form, n in sorted(forms.items())) or "no file"
    return found, f"{told} (sources without personal data are not sealed)"


def files(home: Home) -> list[tuple[str, str]]:
    """Source and form of every landed file: open, sealed, or destroyed (sealed, and its key is gone)."""
    found = []
    for path in sorted(home.landing.glob("*/*")):
        if path.name.startswith(".") or path.suffix == sealing.SUFFIX or not path.is_file():
            continue
        form = "open"
        if sealing.is_sealed(path):
            form = "sealed" if sealing.key_path(path).is_file() else "destroyed"
        found.append((path.parent.name, form))
    return found
