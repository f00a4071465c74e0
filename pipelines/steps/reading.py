"""Reading from the current snapshot, and from the restricted file what only its writer may see."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb

from pipelines.settings import Settings
from schemas import sql
from schemas.errors import Misuse
from schemas.rules import explain
from sources.kit import discovery
from sources.kit.words import PartOf
from warehouse import quarantine, snapshot
from warehouse.home import Home


@contextmanager
def current(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The current snapshot, read-only.

    Raises:
        Misuse: Nothing has been loaded yet, or an earlier version of the software made the snapshot.
    """
    home = Home(settings.home)
    try:
        with snapshot.reader(home, memory_limit=settings.memory_limit) as connection:
            yield connection
    except duckdb.CatalogException as error:
        raise Misuse(
            "the snapshot was made by an earlier version of this software and lacks what is asked for",
            where=str(snapshot.current(home)),
            how="run `siprev run`, which makes a new one",
            code="older_snapshot",
        ) from error


def require_source(settings: Settings, connection: duckdb.DuckDBPyConnection, source_id: str | None) -> None:
    """Refuse the name of a source that is neither declared nor ever delivered; None stands for all.

    Raises:
        Misuse: It is unknown.
    """
    if source_id is None or source_id in discovery.folders(settings.sources):
        return
    row = connection.execute(
        f"SELECT count(*) FROM meta.delivery WHERE source_id = {sql.text(source_id)}"
    ).fetchone()
    if not row or not row[0]:
        raise Misuse(
            f"unknown source {source_id!r}",
            how="siprev source list shows the sources; a directory with more is given with --sources",
            code="unknown_source",
        )


def quarantined(settings: Settings, source_id: str | None, by: str | None = None) -> list[dict[str, Any]]:
    """Current records in quarantine by source, delivery and rule, with the rule's message and positions of examples.

    Args:
        settings: Home and sources.
        source_id: Only this source.
        by: Counted by rule, provider, source or delivery alone.
    """
    with current(settings) as connection:
        require_source(settings, connection, source_id)
        found = (
            quarantine.counted(connection, by, source_id) if by else quarantine.by_rule(connection, source_id)
        )
    for row in found:
        if "rule" in row:
            row["message"], row["mend"] = explain(row["rule"], "en")
    return found


def tickets(settings: Settings, source_id: str | None) -> list[dict[str, Any]]:
    """Tickets of all sources or of one, open ones first."""
    with current(settings) as connection:
        require_source(settings, connection, source_id)
        return quarantine.tickets(connection, source_id)


def scorecard(settings: Settings) -> list[dict[str, Any]]:
    """How each provider did in each month."""
    with current(settings) as connection:
        return quarantine.scorecard(connection)


def unknown_codes(settings: Settings, source_id: str | None) -> list[dict[str, Any]]:
    """Codes of current records that are in no list, most frequent first, of one source or of all.

    Raises:
        Misuse: Another process writes: the raw values are in the file that only the writer opens.
    """
    with current(settings) as connection:
        require_source(settings, connection, source_id)
        known = [
            row[0]
            for row in connection.execute("SELECT DISTINCT source_id FROM quarantine.record").fetchall()
        ]
        counted = {
            s: quarantine.fields_with_unknown_codes(connection, s) for s in known if source_id in (None, s)
        }
    found: list[dict[str, Any]] = []
    for source, fields in sorted(counted.items()):
        if source not in discovery.folders(settings.sources):
            # its declaration is where another --sources points; the codes cannot be told, but are not kept back
            columns, untold = {}, "give --sources with its declaration"
        else:
            columns, untold = (
                _columns(settings, source, list(fields)),
                "no column: the declaration has changed",
            )
        found += [
            {"source": source, "field": field, "columns": untold, "value": "", "records": records}
            for field, records in fields.items()
            if field not in columns
        ]
        if columns:
            found += quarantine.unknown_codes(Home(settings.home), source, columns)
    return sorted(found, key=lambda r: (-r["records"], r["source"], r["field"], r["value"]))


def _columns(settings: Settings, source_id: str, fields: list[str]) -> dict[str, list[str]]:
    """For each field the open columns of the file from which it is made, as the source declares it now."""
    found: dict[str, list[str]] = {}
    for layout in discovery.load(source_id, settings.sources).specification.layouts:
        for field in fields:
            verb = layout.map.get(field)
            while isinstance(verb, PartOf):
                verb = layout.map.get(verb.part_of)
            if verb is not None and verb.reads and field not in found:
                found[field] = verb.reads
    return found
