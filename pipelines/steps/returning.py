"""Giving records in quarantine back to their provider, in its own columns, as files that it can correct."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.settings import Settings
from pipelines.steps import reading
from schemas import languages, record_type
from schemas.errors import Misuse
from schemas.templates.words import Language
from sources.kit import discovery
from sources.kit.discovery import Source
from sources.kit.feedback import columns as naming
from sources.kit.feedback import returning, telling
from sources.kit.specification import Layout
from warehouse import quarantine
from warehouse.declarations import meta
from warehouse.home import Home


@dataclass(frozen=True)
class Returned:
    """The files of one delivery, and how many records they hold."""

    delivery_id: int
    records: int
    files: tuple[Path, ...]


def give_back(
    settings: Settings,
    source_id: str,
    delivery_id: int | None = None,
    folder: Path | None = None,
    language: Language | None = None,
) -> list[Returned]:
    """Write the records of a source that wait in quarantine, a CSV file and a workbook for each delivery.

    They hold the provider's own columns that are open, and no value of an identifier or restricted one.

    Args:
        settings: Home and sources.
        source_id: The source.
        delivery_id: Only this delivery.
        folder: Where to write; the folder of reports of the home without it.
        language: Language of the messages; that of the source's country without it.

    Raises:
        Misuse: The source is not declared here, nothing of it waits, another process writes, or the folder cannot be
            written to.
        Refusal: A workbook cannot hold the records.
    """
    source = discovery.load(source_id, settings.sources)
    spoken = language or languages.of_country(source.specification.country)
    home = Home(settings.home)
    with reading.current(settings) as connection:
        waiting = [
            row["delivery"]
            for row in quarantine.counted(connection, "delivery", source_id)
            if delivery_id in (None, row["delivery"])
        ]
    if not waiting:
        of = source_id if delivery_id is None else f"delivery {delivery_id} of {source_id}"
        raise Misuse(
            f"nothing of {of} waits in quarantine",
            where="quarantine export",
            how="siprev quarantine list --by delivery shows what waits",
            code="nothing_waits",
        )
    target = folder or home.reports
    try:
        target.mkdir(parents=True, exist_ok=True)
        with quarantine.with_raw(home, "siprev quarantine export") as connection:
            return [_write(connection, source, number, target, spoken) for number in sorted(waiting)]
    except OSError as error:
        raise Misuse(
            f"the files cannot be written: {error.strerror}",
            where=str(target),
            how="name another folder",
            code="no_output",
        ) from error


def _write(
    connection: duckdb.DuckDBPyConnection, source: Source, delivery_id: int, folder: Path, language: Language
) -> Returned:
    waiting = quarantine.raw_of(delivery_id)
    layout = _layout(connection, source, delivery_id)
    found = connection.execute(
        f"SELECT count(*), list_sort(list_distinct(flatten(list(rules)))), json_keys(any_value(raw)) FROM ({waiting})"
    ).fetchone()
    records, rules, kept = found or (0, [], [])
    columns = {name: quarantine.raw_value(name) for name in _open(layout) if name in kept}
    told = {code: _told(code, source, layout, language) for code in rules}
    rows = returning.query(waiting, told, columns, language)
    stem = f"{source.id}__{delivery_id}__{_WORD[language]}"
    files = (folder / f"{stem}.csv", folder / f"{stem}.xlsx")
    returning.as_csv(connection, rows, files[0])
    returning.as_workbook(connection, rows, files[1], stem)
    return Returned(delivery_id, records, files)


#: What the files are called.
_WORD: dict[Language, str] = {"es": "cuarentena", "en": "quarantine", "pt": "quarentena"}


def _layout(connection: duckdb.DuckDBPyConnection, source: Source, delivery_id: int) -> Layout:
    """The layout in which a delivery came.

    Raises:
        Misuse: It is not declared any more.
    """
    row = connection.execute(
        f"SELECT layout FROM {meta.DELIVERY.path} WHERE delivery_id = {int(delivery_id)}"
    ).fetchone()
    for layout in source.specification.layouts:
        if row and layout.id == row[0]:
            return layout
    raise Misuse(
        f"the layout {row[0] if row else ''!r}, in which delivery {delivery_id} came, is not declared any more",
        where=str(source.folder / "source.yml"),
        how="declare it again: it says which columns may be shown",
        code="unknown_layout",
    )


def _open(layout: Layout) -> Iterable[str]:
    """The open columns as the provider has them; value columns side by side stand as a name and a value."""
    made = [layout.rows.unpivot.name, layout.rows.unpivot.value] if layout.rows.unpivot else []
    return dict.fromkeys([*layout.every.open, *layout.stated, *made])


def _told(code: str, source: Source, layout: Layout, language: Language) -> tuple[str, str]:
    """Message and hint of a rule in the provider's own names of columns."""
    kind = record_type.load(source.specification.record_type)
    names = naming.of_rule(code, kind, source.specification, layout)
    return telling.texts(code, names, language, layout, kind)
