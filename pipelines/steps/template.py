"""What a provider gets for a record type: a workbook or a schema, and the source that takes in what comes back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pipelines.settings import Settings
from schemas import codelists, record_type, reference, sql
from schemas.errors import Misuse, offer
from schemas.record_type import RecordType
from schemas.templates import columns as column_rules
from schemas.templates.columns import Column
from schemas.templates.words import Language
from sources.kit import discovery, editing
from sources.kit import template as declaring
from sources.kit.specification import TO_COMPLETE
from warehouse import snapshot
from warehouse.home import Home

#: Names of areas by level and code without the country.
Areas = Mapping[str, Mapping[str, str]]

#: What is written for a record type.
Form = Literal["xlsx", "frictionless", "json-schema"]

#: In which format a provider sends the records, by what they got.
_COMES_BACK: Mapping[Form, declaring.Delivered] = {
    "xlsx": "workbook",
    "frictionless": "csv",
    "json-schema": "json",
}


@dataclass(frozen=True)
class Wanted:
    """What is asked for.

    Args:
        record_type: Name of the record type.
        language: Language of titles, labels and instructions.
        country: The provider's country, where it is known: areas then have its own codes.
        identifiers: Whether identifiers and restricted columns are among the columns.
        delivered: Names of the country's areas by level and code without country, as far as sources delivered them.
    """

    record_type: str
    language: Language = "es"
    country: str | None = None
    identifiers: bool = True
    delivered: Areas = field(default_factory=dict)

    @property
    def kind(self) -> RecordType:
        """The record type."""
        return record_type.load(self.record_type)

    def columns(self) -> tuple[Column, ...]:
        """Its columns.

        Raises:
            Misuse: The country or the record type is unknown.
        """
        if self.country is not None and self.country not in codelists.load("country"):
            raise Misuse(
                f"unknown country {self.country!r}",
                where="--country",
                how=offer(self.country, codelists.load("country").codes),
                code="unknown_country",
            )
        areas = {**_always_known(self.country, self.language), **self.delivered} if self.country else None
        return column_rules.of(self.kind, country=self.country, areas=areas, identifiers=self.identifiers)


def _always_known(country: str, language: Language) -> Areas:
    """Names of the first-level areas that come with the system, by their code without the country."""
    known = {
        a.area_code.removeprefix(f"{country}-"): str(getattr(a, f"name_{language}"))
        for a in reference.areas()
        if a.country == country and a.area_level == "first_level"
    }
    return {"first_level": known} if known else {}


def delivered(settings: Settings, country: str | None, language: Language) -> Areas:
    """Names of a country's areas as the warehouse has them, so that a workbook can offer them; none without one."""
    home = Home(settings.home)
    if country not in codelists.load("country") or not home.exists or snapshot.current(home) is None:
        return {}
    found: dict[str, dict[str, str]] = {}
    with snapshot.reader(home, memory_limit=settings.memory_limit) as connection:
        rows = connection.execute(
            f"""SELECT area_level::VARCHAR, area_code, name_{language} FROM ref.area
            WHERE country = {sql.text(str(country))} AND valid_to IS NULL
                AND area_level IN ('first_level', 'municipality') ORDER BY area_code"""
        ).fetchall()
    for level, code, name in rows:
        found.setdefault(level, {})[code.removeprefix(f"{country}-")] = name
    return found


def content(wanted: Wanted, form: Form) -> bytes:
    """The workbook or schema.

    Raises:
        Misuse: The country or the record type is unknown.
    """
    from schemas.templates import json_schema, table_schema, workbook

    kind, columns = wanted.kind, wanted.columns()
    match form:
        case "xlsx":
            return workbook.rendered(workbook.Template(kind, columns, wanted.language))
        case "frictionless":
            made = table_schema.rendered(kind, columns, wanted.language)
        case _:
            made = json_schema.rendered(kind, columns, wanted.language)
    return (json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode()


def write(content: bytes, path: Path) -> None:
    """Write a template, never over a file that says something else: it may be filled in.

    Raises:
        Misuse: Another file is there.
    """
    if path.exists() and path.read_bytes() != content:
        raise Misuse(
            "there is a file of this name, which may be a template that is filled in",
            where=str(path),
            how="name another file with -o, or move this one away",
            code="file_exists",
        )
    path.write_bytes(content)


def declare(
    wanted: Wanted, form: Form, folder: Path, *, source_type: str | None, owner: str | None, demo: bool
) -> Path:
    """Write the folder of a source that takes in the template filled in; its ``source.yml``.

    Args:
        wanted: The template.
        form: What the provider gets, which says what comes back.
        folder: The folder, named like the source.
        source_type: Kind of institution.
        owner: Who answers for the data.
        demo: Whether the data are made up.

    Raises:
        Misuse: Country or kind of institution are missing, or the folder exists.
    """
    known = codelists.load("source_type").codes
    if wanted.country is None or source_type not in known:
        lacking = "--country" if wanted.country is None else "--source-type"
        how = (
            "give the country's code, such as MEX"
            if wanted.country is None
            else offer(source_type or "", known)
        )
        raise Misuse(f"a source needs {lacking}", where="--source", how=how, code="source_incomplete")
    if folder.exists():
        raise Misuse(
            "the folder of the source exists already",
            where=str(folder),
            how="give the source another name, or remove the folder",
            code="file_exists",
        )
    provider = declaring.Provider(folder.name, wanted.country, source_type, owner or TO_COMPLETE, demo)
    text = declaring.declaration(wanted.kind, wanted.columns(), provider, _COMES_BACK[form])
    folder.mkdir(parents=True)
    path = folder / "source.yml"
    path.write_text(text, encoding="utf-8")
    editing.write(folder.parent)
    discovery.read(folder)
    return path
