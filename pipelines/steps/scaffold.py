"""A new source out of a file that nobody has declared: its folder, and what becomes of the file with it at once."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from pipelines.settings import Settings
from pipelines.steps import check, template
from schemas import codelists, languages, record_type, reference, sql
from schemas.errors import Misuse, Told, offer
from schemas.templates.words import Language
from sources.kit import discovery, editing
from sources.kit.scaffold import scaffold
from sources.kit.scaffold.draft import Asked
from sources.kit.scaffold.scaffold import Scaffold


@dataclass(frozen=True)
class Wanted:
    """What the technician says of the source; what is None is guessed from the file."""

    source_id: str
    country: str | None
    record_type: str | None = None
    source_type: str | None = None
    language: Language | None = None
    owner: str | None = None
    demo: bool = False


@dataclass(frozen=True)
class Made:
    """The folder, what was drafted, and what a dry run of the file gave; ``stopped`` says why there is none."""

    folder: Path
    scaffold: Scaffold
    checked: check.Checked | None
    stopped: Told | None


def new(settings: Settings, wanted: Wanted, file: Path, directory: Path) -> Made:
    """Draft a source out of a file and write its folder.

    Args:
        settings: Those of the command.
        wanted: What is said of the source.
        file: A file as the provider sends it.
        directory: Directory of sources in which the folder is made.

    Raises:
        Misuse: The folder exists, or what is said is unknown.
        Refusal: The file is no table that can be read.
    """
    folder = directory / wanted.source_id
    _require_free(settings, folder)
    asked = _asked(settings, wanted)
    with tempfile.TemporaryDirectory(prefix="siprev-new-") as work, duckdb.connect() as connection:
        connection.execute(f"SET memory_limit = {sql.text(settings.memory_limit)}")
        connection.execute(f"SET temp_directory = {sql.text(str(Path(work) / 'spill'))}")
        drafted = scaffold.drafted(connection, file, asked, Path(work))
    folder.mkdir(parents=True)
    for name, text in drafted.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    editing.write(directory)
    return Made(folder, drafted, *_tried(settings, folder, file))


def _require_free(settings: Settings, folder: Path) -> None:
    if folder.exists():
        raise Misuse(
            "the folder of the source exists already, and nothing is written over it",
            where=str(folder),
            how="give the source another name, or move the folder away",
            code="file_exists",
        )
    known = discovery.folders(settings.sources)
    if folder.name in known:
        raise Misuse(
            f"there is a source {folder.name} already",
            where=str(known[folder.name]),
            how="give the source another name",
            code="source_twice",
        )
    if not folder.name.isidentifier() or folder.name != folder.name.lower() or not folder.name.isascii():
        raise Misuse(
            f"{folder.name!r} can be no name of a source",
            where="ID",
            how="use small letters, digits and underscores: country, institution, subject (mx_police_robberies)",
            code="source_name",
        )


def _asked(settings: Settings, wanted: Wanted) -> Asked:
    country = scaffold.require_known(wanted.country)
    known = {
        "record_type": (wanted.record_type, record_type.names()),
        "source_type": (wanted.source_type, codelists.load("source_type").codes),
    }
    for key, (value, allowed) in known.items():
        if value is not None and value not in allowed:
            raise Misuse(
                f"unknown {key.replace('_', ' ')} {value!r}",
                where=f"--{key.replace('_', '-')}",
                how=offer(value, allowed),
                code=f"unknown_{key}",
            )
    language = wanted.language or languages.of_country(country)
    return Asked(
        wanted.source_id,
        country,
        language,
        wanted.record_type,
        wanted.source_type,
        wanted.owner,
        wanted.demo,
        _areas(settings, country, language),
    )


def _areas(settings: Settings, country: str, language: Language) -> Mapping[str, Mapping[str, str]]:
    """The country's areas: those that come with the system, and those that sources have delivered."""
    known = {
        a.area_code.removeprefix(f"{country}-"): str(getattr(a, f"name_{language}"))
        for a in reference.areas()
        if a.country == country and a.area_level == "first_level"
    }
    always = {"first_level": known} if known else {}
    return {**always, **template.delivered(settings, country, language)}


def _tried(settings: Settings, folder: Path, file: Path) -> tuple[check.Checked | None, Told | None]:
    """What would become of the file, by the declaration as it stands."""
    there = folder.parent.resolve() in {path.resolve() for path in settings.sources}
    sources = settings.sources if there else (*settings.sources, folder.parent)
    try:
        checked = check.check(replace(settings, sources=sources), folder.name, file)
    except Told as told:
        return None, told
    return (checked, None) if checked.stops is None else (None, checked.stops)


def as_dict(made: Made) -> dict[str, Any]:
    """What was made, for programs."""
    draft, summary = made.scaffold.draft, made.checked.summary if made.checked else None
    return {
        "folder": str(made.folder),
        "files": sorted(made.scaffold.files),
        "record_type": draft.kind.name,
        "other_candidates": list(draft.others),
        "file": dict(draft.seen.found.words),
        "rows": draft.seen.profile.rows,
        "columns": columns(made),
        "missing": [{"line": m.line, "what": m.what} for m in made.scaffold.missing],
        "confirm": draft.confirm,
        "agreement": [{"line": m.line, "what": m.what} for m in made.scaffold.agreement],
        "loads": made.checked is not None,
        "check": summary,
        "stopped": None
        if made.stopped is None
        else {"what": made.stopped.what, "where": made.stopped.where, "mend": made.stopped.how},
    }


def columns(made: Made) -> list[dict[str, Any]]:
    """Each column of the file, how it may be used, and the fields that it fills."""
    draft = made.scaffold.draft
    side_by_side = draft.seen.values.columns if draft.seen.values else {}
    rows = []
    for one in draft.seen.told:
        fields = [name for name, line in draft.lines.items() if one.name in draft.reads(line)]
        becomes = "value columns side by side" if one.name in side_by_side else ", ".join(fields)
        use = f"{one.sensitivity} ({one.kind})" if one.kind else one.sensitivity
        rows.append({"column": one.name, "use": use, "becomes": becomes})
    return rows
