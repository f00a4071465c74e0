"""The header of a delivery against the declared columns; drift is told before anything else.

What stands in the place of a header may be a record, about a person. So a name that is not declared is shown only
where the row is a header for the greater part, and only if it does not look like a value.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from schemas.errors import Refusal
from sources.kit.forms import CsvForm, JsonForm, NdjsonForm, WorkbookForm
from sources.kit.tables import Table

#: Columns that a table has at most, and pairs of names that are compared for their likeness.
MOST, COMPARED = 10_000, 100_000
#: Names that a message shows, and how much of each.
SHOWN, LENGTH = 8, 60
#: What no column is called: a long number, a date, a time, an amount or a coordinate, an address for mail.
_VALUE = re.compile(r"\d{5}|\d\d?[/.-]\d\d?[/.-]\d\d|\d{4}[/.-]\d\d?[/.-]\d|\d:\d\d|\d[.,]\d{3}|@")
#: Separators that are tried where the declared one finds none of the columns.
_SEPARATORS = (",", ";", "\t", "|")

#: Wrong readings of Latin-1 and UTF-8 text that occur in practice: saved as the first, read as the second.
_MIXED_UP = (("utf-8", "cp1252"), ("utf-8", "latin-1"), ("latin-1", "mac_roman"), ("cp1252", "mac_roman"))


def named(header: Sequence[str], table: Table) -> list[str]:
    """The header's names as the layout compares them."""
    return [h.strip() for h in header] if table.names == "trimmed" else list(header)


def require_line_break(header: Sequence[str], below: int | None, table: Table, where: str) -> None:
    """Refuse a header on whose line the first record stands: values of it would pass for names.

    Args:
        header: The header row of a text file.
        below: How many cells the next row has; None where that is not known.
        table: The table that declares the columns.
        where: Name of the file.

    Raises:
        Refusal: There are too many cells for a header, told by their number alone.
    """
    found, declared = named(header, table), table.columns.all
    width = max((place for place, name in enumerate(found, start=1) if name), default=0)
    # without a next row to compare with: a whole record, whose first value is glued to the last name
    too_wide = width > (2 * len(declared) - 2 if below is None else max(below, len(declared)))
    is_header, strange = set(found) & set(declared), set(found) - {*declared, ""}
    if is_header and strange and too_wide:
        compared = "" if below is None else f" and the next row has {below}"
        raise Refusal(
            f"the line break after the header is missing: its row has {width} cells, where {len(declared)} columns "
            f"are declared{compared}",
            where=where,
            how="ask the provider to export the file again; if columns are new, every record must have them too",
            code="header_joined",
        )


def positions(
    header: Sequence[str], table: Table, where: str, hidden: Mapping[str, str] | None = None
) -> dict[str, int]:
    """Position of every declared column.

    Args:
        header: The names that the file has.
        table: The table that declares the columns.
        where: Name of the file.
        hidden: Names that are not shown, since they may be values, and the number of the record in which each is first;
            without it those that look like a value, by the number of their column.

    Raises:
        Refusal: A column is missing, added, renamed or repeated.
    """
    found = named(header, table)
    require_not_too_wide(found, where)
    declared = table.columns.all
    places = {name: place for place, name in reversed([*enumerate(found)])}
    known_names = set(declared)
    missing = [c for c in declared if c not in places]
    added = [c for c in found if c not in known_names]
    if hidden is None:
        hidden = {c: str(place) for place, c in enumerate(found, 1) if _like_a_value(c)}
    renamed = _renamed(missing, [a for a in added if a and a not in hidden])
    known = len(declared) - len(missing) + len(renamed)
    if 2 * known < len(declared):
        raise Refusal(
            f"the row in the place of the header holds {f'only {known}' if known else 'none'} of the {len(declared)} "
            "declared columns",
            where=where,
            how=_other_separator(header, table)
            or "check that this is the right file and that its header has not been cut off; "
            "where text comes before it, declare file: header: contains",
            code="header_drift",
        )
    if missing or added:
        raise Refusal(
            _drift(missing, found, table, hidden),
            where=where,
            how=_mojibake(missing, added)
            or _cure(
                missing,
                any(a in hidden for a in added),
                renamed,
                table,
                [place for place, name in enumerate(found, 1) if not name],
            ),
            code="header_drift",
            details={"missing": missing, "added": [c for c in added if c and c not in hidden]},
        )
    require_each_once(found, where)
    return {name: places[name] for name in declared}


def require_each_once(names: Sequence[str], where: str) -> None:
    """Refuse a header that has two columns of one name.

    Raises:
        Refusal: It has.
    """
    repeated = sorted(name for name, times in Counter(names).items() if times > 1)
    if repeated:
        raise Refusal(
            f"the header has {_listed(repeated)} more than once",
            where=where,
            how="ask the provider which of the columns holds",
            code="header_drift",
        )


def require_not_too_wide(header: Sequence[str], where: str) -> None:
    """Refuse a header of more columns than any table has.

    Raises:
        Refusal: It has more than ``MOST``.
    """
    if len(header) > MOST:
        raise Refusal(
            f"the header has {len(header):,} columns, and at most {MOST:,} are read",
            where=where,
            how="line breaks may be lost, or rows stand in the place of columns: look at the first line, and ask the "
            "provider to export the file again",
            code="header_too_wide",
        )


def damaged(line: str, table: Table, delimiter: str) -> str | None:
    """What to do about a header whose letters went through a wrong conversion; None where they did not."""
    found = named(line.split(delimiter), table)
    declared = table.columns.all
    return _mojibake([c for c in declared if c not in found], [c for c in found if c not in declared])


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(repr(n if len(n) <= LENGTH else n[:LENGTH] + "...") for n in names[:SHOWN])
    return shown + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")


def _like_a_value(name: str) -> bool:
    return len(name) > LENGTH or _VALUE.search(name) is not None


def looks_like_a_name(text: str) -> bool:
    """Whether a key of a JSON record may be what a column is called: one word, and no value."""
    return re.fullmatch(r"[^\W\d][\w.-]*", text) is not None and not _like_a_value(text)


def _drift(missing: Sequence[str], found: Sequence[str], table: Table, hidden: Mapping[str, str]) -> str:
    declared = set(table.columns.all)
    added = [(str(place), c) for place, c in enumerate(found, start=1) if c not in declared]
    names = [c for _, c in added if c and c not in hidden]
    values = [hidden[c] for _, c in added if c in hidden]
    nameless = [place for place, c in added if not c]
    parts = []
    if missing:
        parts.append("missing: " + _listed(missing))
    if names:
        parts.append("not declared: " + _listed(names))
    if values:
        of_json = isinstance(table.file, JsonForm | NdjsonForm)
        told = "it may be a value: a key of record" if of_json else "it looks like a value: column"
        more = f" and {len(values) - SHOWN} more" if len(values) > SHOWN else ""
        numbers = ", ".join(dict.fromkeys(values[:SHOWN]))
        parts.append(f"not declared, and not shown because {told} {numbers}{more}")
    if nameless:
        parts.append("without a name: column " + ", ".join(nameless[:SHOWN]))
    return "the header differs from the declared columns (" + "; ".join(parts) + ")"


def _folded(name: str) -> str:
    """A name without case, accents, spaces and signs."""
    return "".join(c for c in unicodedata.normalize("NFKD", name).casefold() if c.isalnum())


def _renamed(missing: Sequence[str], added: Sequence[str]) -> dict[str, str]:
    """Missing columns with the undeclared name, of those that may be shown, that resembles each."""
    renamed: dict[str, str] = {}
    if len(missing) * len(added) > COMPARED:
        return renamed
    for name in missing:
        free = [a for a in added if a not in renamed.values()]
        alike = [a for a in free if _folded(a) == _folded(name)] or get_close_matches(name, free, n=1)
        repaired = [a for a in free if name in _repaired(a)]
        if repaired or alike:
            renamed[name] = (repaired or alike)[0]
    return renamed


def _cure(
    missing: Sequence[str],
    any_hidden: bool,
    renamed: dict[str, str],
    table: Table,
    nameless: Sequence[int],
) -> str:
    if renamed and table.names == "exact" and all(found.strip() == name for name, found in renamed.items()):
        return "only spaces at the ends of names differ: declare names: trimmed in the layout"
    if renamed:
        first, *more = renamed.items()
        also = "".join(f", {name!r} to {found!r}" for name, found in more[: SHOWN - 1])
        return (
            f"{first[0]!r} may have been renamed to {first[1]!r}{also}: ask the provider, "
            "then declare the new header as a layout of its own"
        )
    if any_hidden and not isinstance(table.file, JsonForm | NdjsonForm):
        return "look at the header in the file: if a value stands there, ask the provider to export it again"
    if any_hidden:
        return (
            "look at the record in the file: if a value stands in the place of a key (a name, a document), ask the "
            "provider to give it under a key of its own; if it is a new key, declare it under columns"
        )
    if nameless and isinstance(table.file, CsvForm | WorkbookForm) and len(missing) in (0, len(nameless)):
        name = missing[0] if missing else f"column_{nameless[0]}"
        return (
            f"give the column a name, file: header: unnamed: {{{nameless[0]}: {name}}}, which stands under columns "
            "(open, identifier or restricted), also if it is not used"
        )
    if missing:
        return "ask the provider for the whole file, or declare the new header as a layout of its own"
    return "declare the new column under columns (open, identifier or restricted), also if it is not used"


def _other_separator(header: Sequence[str], table: Table) -> str | None:
    if not isinstance(table.file, CsvForm) or len(header) != 1:
        return None
    for separator in _SEPARATORS:
        cells = [c.strip('"') for c in header[0].split(separator)]
        if len(cells) > 1 and set(cells) & set(table.columns.all):
            return f"the columns are separated by {separator!r}, not {table.file.delimiter!r}: declare this delimiter"
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
