"""The header of a delivery against the declared columns; drift is told before anything else."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from difflib import get_close_matches

from schemas.errors import Refusal
from sources.kit.specification import Layout

#: Names that a message shows, and how much of each: what stands in the place of a header may be no header.
SHOWN, LENGTH = 8, 60
#: Separators that are tried where the declared one finds none of the columns.
_SEPARATORS = (",", ";", "\t", "|")

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
    renamed = _renamed(missing, added)
    if len(missing) == len(declared) and not renamed:
        # the values of a first record may be names of persons: none is shown
        raise Refusal(
            f"the row in the place of the header holds none of the {len(declared)} declared columns",
            where=where,
            how=_other_separator(header, layout)
            or "check that this is the right file and that its header has not been cut off; "
            "where text comes before it, declare file: header: contains",
            code="header_drift",
        )
    if missing or added:
        raise Refusal(
            _drift(missing, added, found),
            where=where,
            how=_mojibake(missing, added) or _cure(missing, renamed, layout),
            code="header_drift",
        )
    repeated = sorted({c for c in found if found.count(c) > 1})
    if repeated:
        raise Refusal(
            f"the header has {_listed(repeated)} more than once",
            where=where,
            how="ask the provider which of the columns holds",
            code="header_drift",
        )
    return {name: found.index(name) for name in declared}


def damaged(line: str, layout: Layout) -> str | None:
    """What to do about a header whose letters went through a wrong conversion; None where they did not."""
    found = named(line.split(layout.file.delimiter), layout)
    declared = layout.columns.all
    return _mojibake([c for c in declared if c not in found], [c for c in found if c not in declared])


def fits(header: Sequence[str], layout: Layout) -> bool:
    """Whether the header holds exactly the declared columns."""
    return sorted(named(header, layout)) == sorted(layout.columns.all)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(repr(n if len(n) <= LENGTH else n[:LENGTH] + "...") for n in names[:SHOWN])
    return shown + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")


def _drift(missing: Sequence[str], added: Sequence[str], found: Sequence[str]) -> str:
    parts = []
    if missing:
        parts.append("missing: " + _listed(missing))
    if any(added):
        parts.append("not declared: " + _listed([c for c in added if c]))
    nameless = [str(i) for i, c in enumerate(found, start=1) if not c]
    if nameless:
        parts.append("without a name: column " + ", ".join(nameless[:SHOWN]))
    return "the header differs from the declared columns (" + "; ".join(parts) + ")"


def _folded(name: str) -> str:
    """A name without case, accents, spaces and signs."""
    return "".join(c for c in unicodedata.normalize("NFKD", name).casefold() if c.isalnum())


def _renamed(missing: Sequence[str], added: Sequence[str]) -> dict[str, str]:
    """Missing columns with the undeclared name that resembles each."""
    renamed: dict[str, str] = {}
    for name in missing:
        free = [a for a in added if a and a not in renamed.values()]
        alike = [a for a in free if _folded(a) == _folded(name)] or get_close_matches(name, free, n=1)
        repaired = [a for a in free if name in _repaired(a)]
        if repaired or alike:
            renamed[name] = (repaired or alike)[0]
    return renamed


def _cure(missing: Sequence[str], renamed: dict[str, str], layout: Layout) -> str:
    if renamed and layout.names == "exact" and all(found.strip() == name for name, found in renamed.items()):
        return "only spaces at the ends of names differ: declare names: trimmed in the layout"
    if renamed:
        first, *more = renamed.items()
        also = "".join(f", {name!r} to {found[:LENGTH]!r}" for name, found in more[: SHOWN - 1])
        return (
            f"{first[0]!r} may have been renamed to {first[1][:LENGTH]!r}{also}: ask the provider, "
            "then declare the new header as a layout of its own"
        )
    if missing:
        return "ask the provider for the whole file, or declare the new header as a layout of its own"
    return "declare the new column under columns (open, identifier or restricted), also if it is not used"


def _other_separator(header: Sequence[str], layout: Layout) -> str | None:
    if layout.file.format != "csv" or len(header) != 1:
        return None
    for separator in _SEPARATORS:
        cells = [c.strip('"') for c in header[0].split(separator)]
        if len(cells) > 1 and set(cells) & set(layout.columns.all):
            return f"the columns are separated by {separator!r}, not {layout.file.delimiter!r}: declare this delimiter"
    return None


def _repaired(wrong: str) -> dict[str, tuple[str, str]]:
    """What a name may have been before its letters were converted wrongly, and how: saved as, read as."""
    found: dict[str, tuple[str, str]] = {}
    for saved, read in _MIXED_UP:
        try:
            found.setdefault(wrong.encode(read).decode(saved), (saved, read))
        except UnicodeError:
            continue
    return {name: how for name, how in found.items() if name != wrong}


def _mojibake(missing: Sequence[str], added: Sequence[str]) -> str | None:
    for wrong in added:
        for repaired, (saved, read) in _repaired(wrong).items():
            if repaired in missing:
                return (
                    f"{wrong!r} is {repaired!r} after a wrong conversion of its letters ({saved} read as {read}): "
                    "this copy is damaged, get the file as the publisher offers it"
                )
    return None
