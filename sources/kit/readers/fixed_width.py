"""Text whose columns stand at fixed places of each line, as a file's dictionary gives them."""

from __future__ import annotations

from typing import cast

import duckdb

from schemas.errors import Refusal
from sources.kit.forms import FixedWidthForm, Place
from sources.kit.landing import Bytes, Landed
from sources.kit.readers import kind, lines
from sources.kit.readers import text as text_files
from sources.kit.readers.relation import FAULTS, OpenedRelation
from sources.kit.readers.workspace import Workspace
from sources.kit.tables import Table

_CALLED = "a text file with columns at fixed places"


def recognises(seen: Bytes) -> bool:
    """Whether these may be the bytes of a text file."""
    return kind.known(seen) is None


def opened(landed: Landed, table: Table, work: Workspace) -> OpenedRelation:
    """Look at the length of all lines.

    Raises:
        Refusal: The bytes are of another encoding, or the lines of another length than declared.
    """
    form = cast(FixedWidthForm, table.file)
    kind.require(landed.seen, "fixed_width", _CALLED, landed.name)
    text_files.check(landed, form.encoding)
    text = text_files.opened(landed, form.encoding, work)
    above = text.first_lines(form.skip)
    text.ready()
    below: tuple[str, ...] = ()
    if form.footer:
        text, below = text.without_footer(form.footer, "", work)
    in_bytes = form.positions == "bytes" and form.encoding == "utf-8"
    length = "strlen" if in_bytes else "length"
    # to trim every line would take longer than to read it
    fits = (
        f"CASE WHEN {length}(line) > {form.length} THEN {length}(rtrim(line)) <= {form.length} ELSE true END"
    )
    if not form.short_rows:
        fits += f" AND {length}(line) >= {form.length}"
    with duckdb.connect() as connection:
        _require_length(connection, text, form, f"{length}(line)", fits)
        unreadable = lines.unreadable(connection, text, fits, form.skip)
    columns = {name: f"c{place}" for place, name in enumerate(form.fields)}
    values = ", ".join(
        f"nullif(trim({_slice(form.fields[name], in_bytes)}), '') AS {column}"
        for name, column in columns.items()
    )
    scan = f"(SELECT {values} FROM {lines.scan(text, form.skip)} WHERE {fits})"
    return OpenedRelation(columns, scan, _CALLED, landed.name, unreadable, (*above, *below))


def _slice(place: Place, in_bytes: bool) -> str:
    """SQL for what stands at a place of a line; where a byte's place cuts a letter, there is nothing."""
    if not in_bytes:
        return f"substr(line, {place.start}, {place.last - place.start + 1})"
    return f"TRY(decode(array_slice(encode(line), {place.start}, {place.last})))"


def _require_length(
    connection: duckdb.DuckDBPyConnection, text: text_files.Text, form: FixedWidthForm, length: str, fits: str
) -> None:
    """Refuse a file most of whose lines are of another length: its columns stand elsewhere.

    Raises:
        Refusal: With the length that most of them have; or the lines do not end alike.
    """
    try:
        found = connection.execute(
            f"SELECT count(*), count(*) FILTER (NOT ({fits})), mode({length}) FROM {lines.scan(text, form.skip)}"
        ).fetchone()
    except FAULTS:
        raise lines.broken(text.landed.name) from None
    total, other, usual = found or (0, 0, 0)
    if other * 2 > total:
        unit = "bytes" if form.positions == "bytes" else "characters"
        raise Refusal(
            f"most lines have {usual} {unit}, where the declared columns take {form.length}",
            where=text.landed.name,
            how="ask the provider for the file's dictionary: columns may have moved; or declare short_rows: true "
            "where spaces at the end of a line are left out",
            code="header_drift",
        )
