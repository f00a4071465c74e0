"""A dry run: what would become of a file, with nothing written outside a temporary folder."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.settings import Settings
from pipelines.steps import fetching
from pipelines.steps.ingest import no_rows
from schemas import languages, record_type, reference, sql, staging
from schemas.errors import Misuse, Refusal
from schemas.masks import Mask
from schemas.rules import explain
from schemas.staging import StagedDelivery
from schemas.templates.words import Language
from sources.kit import discovery, landing, packing, stage
from sources.kit.discovery import Source
from sources.kit.feedback import collecting
from sources.kit.feedback.report import Report
from sources.kit.identifiers import new_salt, no_master_key
from sources.kit.landing import Safe
from sources.kit.readers.workspace import Workspace
from warehouse import accounting, scratch
from warehouse.home import Home

#: How many records and unknown codes are shown.
SHOWN = 3
FREQUENT = 20


@dataclass(frozen=True)
class Checked:
    """What a file would become; nothing where it was not read.

    Args:
        file_name: Name of the file.
        summary: Counts.
        rules: Rules that were broken.
        unknown: Codes that are in no list.
        sample: The first records.
        stops: Why nothing of it would be loaded; None where something would.
        report: What its provider is told.
    """

    file_name: str
    summary: dict[str, Any]
    rules: list[dict[str, Any]]
    unknown: list[dict[str, Any]]
    sample: list[dict[str, Any]]
    stops: Refusal | None
    report: Report


def check(settings: Settings, source_id: str, file: Path | None, language: Language | None = None) -> Checked:
    """Land, read, map and judge a file, or a folder with the files of one delivery, in a temporary folder.

    Without a file what the source declares is fetched into that folder.

    Args:
        settings: Those of the command.
        source_id: The source.
        file: The file, or a folder.
        language: Language of the report; that of the source's country without it.

    Raises:
        Misuse: As ``siprev ingest`` would: of the source, the path or the key.
    """
    source = (
        discovery.load(source_id, settings.sources) if file else fetching.fetched_source(settings, source_id)
    )
    declared = source.specification
    if declared.holds_personal_data and not declared.demo and not settings.keyring:
        raise no_master_key(source_id)  # before anything is copied
    country = declared.country
    areas = [a.area_code for a in reference.areas() if a.country == country and a.area_level == "first_level"]
    language = language or languages.of_country(country)
    with contextlib.ExitStack() as ending:
        work = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="siprev-check-")))
        connection = ending.enter_context(duckdb.connect())
        if file is None:
            file = fetching.fetch_for_a_look(settings, source, _in_the_home(settings, ending))
        path = ending.enter_context(packing.as_one(_files(source, file), work))
        connection.execute(f"SET memory_limit = {sql.text(settings.memory_limit)}")
        connection.execute(f"SET temp_directory = {sql.text(str(work / 'spill'))}")
        # the copy is removed at the end; sealed, it leaves nothing to read should the process be killed
        safe = Safe(settings.keyring, settings.keyring.newest, work)
        sha256 = ""
        try:
            held = landing.land(path, work, source.id, safe if declared.holds_personal_data else None)
            sha256 = held.sha256
            with contextlib.closing(held) as landed, Workspace(work) as workspace:
                staged = stage.stage(
                    connection,
                    source,
                    landed,
                    areas=areas,
                    key=settings.keyring.newest,
                    salt=new_salt(),
                    work=work,
                    report=False,
                )
                report = collecting.collected(connection, source, staged, landed, workspace, language)
        except Refusal as refusal:
            report = collecting.refused(source, path.name, sha256, refusal, language)
            return Checked(path.name, {}, [], [], [], refusal, report)
        return Checked(
            path.name,
            _summary(connection, staged),
            _rules(connection, staged),
            _unknown(connection, staged),
            _sample(connection),
            _stops(source, staged, path.name, report),
            report,
        )


def _files(source: Source, file: Path) -> list[Path]:
    """The files of one delivery.

    Raises:
        Misuse: A folder is named where the source wants one file, or an empty one.
    """
    if not file.is_dir():
        return [file]
    files = packing.members(file)
    if not files or not packing.wanted(source.specification):
        what = (
            "the folder has no file"
            if not files
            else f"this is a folder, and a delivery of {source.id} is one file"
        )
        raise Misuse(what, where=str(file), how="name the file that the provider sent", code="not_a_file")
    return files


def _stops(source: Source, staged: StagedDelivery, name: str, report: Report) -> Refusal | None:
    """Why nothing of a file that was read would be loaded."""
    try:
        accounting.require_control_totals(staged, name)
    except Refusal as refusal:
        return refusal
    rows = report.rows
    if not rows.delivered:
        declared = source.specification
        zero = declared.delivers.cells == "whole_period" and declared.period is not None
        return no_rows(name, may_be_zero=zero)
    if rows.quarantined and not rows.good:
        codes = ", ".join(rule.rule for rule in report.problems if rule.severity == "quarantine")
        return Refusal(
            f"every record of the file breaks a rule ({codes}): none would be loaded",
            where=name,
            how="where all break the same rule, the form of a column or a code list has changed: declare it, or ask "
            "the provider for a corrected file",
            code="all_bad",
        )
    return None


def _in_the_home(settings: Settings, ending: contextlib.ExitStack) -> Path:
    """A folder for what is fetched: should the process be killed, the next writer removes it from the home folder."""
    home = Home(settings.home)
    home.create()
    return ending.enter_context(scratch.private(home)).path


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    result = connection.execute(query)
    names = [c[0] for c in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _summary(connection: duckdb.DuckDBPyConnection, staged: StagedDelivery) -> dict[str, Any]:
    counts = _rows(
        connection,
        f"""SELECT count(*) FILTER (exclusion IS NULL AND NOT bad) AS records_good,
        count(*) FILTER (exclusion IS NULL AND bad) AS records_to_quarantine,
        count(*) FILTER (exclusion IS NOT NULL) AS records_left_out, coalesce(sum(events), 0) AS events,
        min(slice_period) AS first_period, max(slice_period) AS last_period FROM {staging.TABLE}""",
    )[0]
    return {
        "layout": staged.layout,
        "edition": staged.edition_date,
        "period": f"{staged.period_start} to {staged.period_end}" if staged.period_start else None,
        "rows_delivered": staged.rows_delivered,
        "rows_unreadable": staged.rows_unreadable,
        **{f"rows_left_out: {reason}": n for reason, n in staged.row_exclusions.items()},
        "records_made": staged.records_made,
        **counts,
        "equal_rows": staged.repeated_rows,
        **({"corrections": len(staged.corrections)} if staged.corrections else {}),
        **{
            f"table {p.name}": f"{p.rows_delivered} rows: {p.rows_joined} joined, {p.rows_unused} unused, "
            f"{p.rows_repeated} with a repeated key, {p.rows_unreadable} unreadable"
            for p in staged.parts
        },
        **{
            f"control_total: {t.name}": f"{t.expected:g} stated, {t.found:g} found"
            for t in staged.control_totals
        },
    }


def _rules(connection: duckdb.DuckDBPyConnection, staged: StagedDelivery) -> list[dict[str, Any]]:
    """Rules that were broken: those that mark records, then those on the whole delivery that found too much."""
    mask = Mask(len(staged.rules))
    counts = ", ".join(
        f"count(*) FILTER (exclusion IS NULL AND {mask.has(_marks(rule.severity), bit)})"
        for bit, rule in enumerate(staged.rules)
    )
    found: Sequence[int] = connection.execute(f"SELECT {counts} FROM {staging.TABLE}").fetchone() or ()
    broken = [(rule.code, rule.severity, n) for rule, n in zip(staged.rules, found, strict=True) if n] + [
        (f.code, f.severity, f.n_broken) for f in staged.findings if f.raised
    ]
    kind = record_type.load(staged.record_type)
    return [
        {"rule": code, "severity": severity, "records": n, "message": message, "mend": mend}
        for code, severity, n in broken
        for message, mend in [explain(code, "en", kind=kind)]
    ]


def _marks(severity: str) -> str:
    """The column in which rules of a severity mark records."""
    return "warned" if severity == "warn" else "broken"


def _unknown(connection: duckdb.DuckDBPyConnection, staged: StagedDelivery) -> list[dict[str, Any]]:
    """Source codes that are in no list, by frequency."""
    found: list[dict[str, Any]] = []
    present = {row["column_name"] for row in _rows(connection, f"DESCRIBE {staging.TABLE}")}
    mask = Mask(len(staged.rules))
    for bit, rule in enumerate(staged.rules):
        field, _, family = rule.code.rpartition(".")
        column = f"{field}_source_code" if f"{field}_source_code" in present else field
        if family == "unknown_code" and column in present:
            found += _rows(
                connection,
                f"""SELECT {sql.text(field)} AS field, {sql.name(column)} AS source_code, count(*) AS records
                FROM {staging.TABLE} WHERE {mask.has("broken", bit)} GROUP BY ALL""",
            )
    return sorted(found, key=lambda r: (-r["records"], r["field"], str(r["source_code"])))[:FREQUENT]


def _sample(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    rows = _rows(
        connection,
        f"""SELECT * FROM {staging.TABLE} WHERE NOT bad AND exclusion IS NULL
        ORDER BY row_number, row_part LIMIT {SHOWN}""",
    )
    hidden = {"exclusion", "broken", "warned", "bad", "events", "record_key", "longitude", "latitude"}
    filled = {n for row in rows for n, v in row.items() if v is not None} - hidden
    return [
        {n: v for n, v in row.items() if n in filled and not n.endswith(("_hmac", "_ref"))} for row in rows
    ]
