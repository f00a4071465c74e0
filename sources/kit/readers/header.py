"""The header of a delivery against the declared columns; drift is told before anything else."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from schemas.errors import Refusal
from sources.kit.specification import Layout

#: Wrong readings of Latin-1 and UTF-8 text that occur in practice: saved as the first, read as the second.
_MIXED_UP = (("utf-8", "cp1252"), ("utf-8", "latin-1"), ("latin-1", "mac_roman"), ("cp1252", "mac_roman"))


def named(header: Sequence[str], layout: Layout) -> list[str]:
    """The header's names as the layout compares them."""
    return [h.strip() for h in header] if layout.names == "trimmed" else list(header)


def positions(header: Sequence[str], layout: Layout, where: str) -> dict[str, int]:
    """Position of every declared column.

    Raises:
        Refusal: A column is missing, added, renamed or repeated.
    """
    found = named(header, layout)
    declared = layout.columns.all
    missing = [c for c in declared if c not in found]
    added = [c for c in found if c not in declared]
    if missing or added:
        raise Refusal(
            _drift(missing, added),
            where=where,
            how=_cure(missing, added),
            code="header_drift",
        )
    repeated = sorted({c for c in found if found.count(c) > 1})
    if repeated:
        raise Refusal(
            f"the header has {', '.join(repeated)} more than once",
            where=where,
            how="ask the provider which of the columns holds",
            code="header_drift",
        )
    return {name: found.index(name) for name in declared}


def fits(header: Sequence[str], layout: Layout) -> bool:
    """Whether the header holds exactly the declared columns."""
    return sorted(named(header, layout)) == sorted(layout.columns.all)


def _drift(missing: Sequence[str], added: Sequence[str]) -> str:
    parts = []
    if missing:
        parts.append("missing: " + ", ".join(repr(c) for c in missing))
    if added:
        parts.append("not declared: " + ", ".join(repr(c) for c in added))
    return "the header differs from the declared columns (" + "; ".join(parts) + ")"


def _cure(missing: Sequence[str], added: Sequence[str]) -> str:
    mixed_up = _mojibake(missing, added)
    if mixed_up:
        return mixed_up
    for name in missing:
        close = get_close_matches(name, added, n=1)
        if close:
            return (
                f"{name!r} may have been renamed to {close[0]!r}: ask the provider, "
                "then declare the new header as a layout of its own"
            )
    if missing:
        return "ask the provider for the whole file, or declare the new header as a layout of its own"
    return "declare the new column under columns (open, identifier or restricted), also if it is not used"


def _mojibake(missing: Sequence[str], added: Sequence[str]) -> str | None:
    for wrong in added:
        for saved, read in _MIXED_UP:
            try:
                repaired = wrong.encode(read).decode(saved)
            except UnicodeError:
                continue
            if repaired in missing and repaired != wrong:
                return (
                    f"{wrong!r} is {repaired!r} after a wrong conversion of its letters ({saved} read as {read}): "
                    "this copy is damaged, get the file as the publisher offers it"
                )
    return None
