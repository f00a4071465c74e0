"""Prosecution's investigation files of the sample country: counts by municipality and offence, months as columns.

A file holds every municipality and offence, zeros included; a blank cell means that the month was not reported.
The files do not grow with the scale.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from pipelines.sample_countries.faults import Fault
from pipelines.sample_countries.plan import element, literal
from pipelines.sample_countries.writing import csvfile
from pipelines.sample_countries.xaa import territory
from pipelines.sample_countries.xaa.interventions import PROGRAMMES
from pipelines.sample_countries.xaa.population import extra_rows

SOURCE = "xaa_prosecution_files"
MONTHS = ("ENE", "FEB", "MAR", "ABR", "MAY", "JUN", "JUL", "AGO", "SEP", "OCT", "NOV", "DIC")


@dataclass(frozen=True)
class Offence:
    """An offence as the prosecution writes it, files a year per million inhabitants, and its classes."""

    label: str
    modality: str
    yearly: int
    iccs: str
    mechanism: str


OFFENCES: tuple[Offence, ...] = (
    Offence("Homicidio doloso", "Con arma de fuego", 80, "0101", "firearm"),
    Offence("Homicidio doloso", "Con arma blanca", 30, "0101", "sharp"),
    Offence("Homicidio doloso", "Con otro elemento", 12, "0101", "other"),
    Offence("Homicidio doloso", "No especificado", 18, "0101", "_U"),
    Offence("Feminicidio", "Con arma de fuego", 5, "0101", "firearm"),
    Offence("Feminicidio", "Con arma blanca", 5, "0101", "sharp"),
    Offence("Feminicidio", "Con otro elemento", 4, "0101", "other"),
    Offence("Tentativa de homicidio", "No especificado", 60, "0102", "_U"),
    Offence("Homicidio culposo", "En accidente de tránsito", 100, "010321", "vehicle"),
    Offence("Lesiones dolosas", "No especificado", 1500, "02011", "_U"),
    Offence("Robo a transeúnte", "Con violencia", 2500, "040111", "_U"),
    Offence("Robo a transeúnte", "Sin violencia", 900, "0502", "_U"),
    Offence("Robo de vehículo", "Con violencia", 700, "040121", "_U"),
    Offence("Robo de vehículo", "Sin violencia", 900, "050211", "_U"),
    Offence("Robo a negocio", "Con violencia", 500, "04013", "_U"),
    Offence("Extorsión", "No especificado", 150, "02051", "_U"),
    Offence("Secuestro", "No especificado", 10, "020221", "_U"),
    Offence("Otros delitos", "No especificado", 800, "unmapped", "_U"),
)
HOMICIDE = tuple(n for n, offence in enumerate(OFFENCES) if offence.iccs == "0101")
ROBBERY = tuple(n for n, offence in enumerate(OFFENCES) if offence.iccs.startswith("0401"))

#: First-level area and months of which nothing was reported, by year.
NOT_REPORTED: dict[int, tuple[str, tuple[int, ...]]] = {2022: ("04", (9,)), 2023: ("02", (3, 4))}

#: Single spoilt cells: row and month (from 1) of the grid, what stands there, and the rule that it breaks.
SPOILT_CELLS: tuple[tuple[int, int, str, str], ...] = (
    (17, 3, "-3", "count.range"),
    (40, 7, "n/d", "count.unreadable"),
    (46, 11, "1.5", "count.unreadable"),
    (72, 5, "-1", "count.range"),
)

#: Each is one extra row of this municipality, which is in no list; it makes twelve records.
NOWHERE = "01099"
FAULTS: tuple[Fault, ...] = (
    Fault("offence_unknown", {"DELITO": "'Robo espacial'"}, ("iccs.unknown_code",)),
    Fault("modality_unknown", {"MODALIDAD": "'Con rayo'"}, ("iccs.unknown_code", "mechanism.unknown_code")),
    Fault("area_zero_lost", {"CVE_MUN": "'1099'"}, ("occurrence_municipality.form",)),
    Fault("year_text", {"ANIO": "'MMXXI'"}, ("occurrence_date.unreadable",)),
    Fault("year_before_period", {"ANIO": "'2018'"}, ("date.outside_period",)),
    Fault("key_repeated", {"CVE_MUN": "'01098'"}, ("key.repeated",)),
    Fault("key_repeated", {"CVE_MUN": "'01098'", **dict.fromkeys(MONTHS, "'2'")}, ("key.repeated",)),
)


@dataclass(frozen=True)
class Edition:
    """One file of the series."""

    year: int
    published: date

    @property
    def file_name(self) -> str:
        """The name says year and date of the edition."""
        return f"carpetas_{self.year}__ed{self.published.isoformat()}.csv"


EDITIONS = tuple(Edition(year, date(year + 1, 1, 20)) for year in (2021, 2022, 2023))


@dataclass(frozen=True)
class FilesAccount:
    """What must become of a file whose rows make one record for each month."""

    rows_delivered: int
    total_rows: int
    records_made: int
    not_reported: int
    repeated: int
    quarantined: int
    rules: dict[str, int]


def plan(connection: duckdb.DuckDBPyConnection, table: str, edition: Edition) -> None:
    """Make ``table``: one row for each cell of the grid.

    Columns: ``r`` row of the grid, ``month``, ``municipality``, ``offence``, ``n`` (NULL where not reported),
    ``spoilt`` (text in place of the number).
    """
    places = [*((code, thousands) for code, _, thousands in territory.MUNICIPALITIES)]
    places += [(f"{first_level}999", 5) for first_level in territory.FIRST_LEVELS]
    listed = ", ".join(f"({n}, {literal(code)}, {thousands})" for n, (code, thousands) in enumerate(places))
    yearly = (
        f"({element([offence.yearly for offence in OFFENCES], 'offence')} * {_left(edition.year)} // 100)"
    )
    area, months = NOT_REPORTED.get(edition.year, ("", (0,)))
    cases = " ".join(
        f"WHEN r = {row} AND month = {month} THEN {literal(text)}" for row, month, text, _ in SPOILT_CELLS
    )
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE {table} AS
        SELECT r, month, municipality, offence,
            CASE WHEN left(municipality, 2) = '{area}' AND month IN ({", ".join(map(str, months))}) THEN NULL
                 -- the expected number, by chance half to one and a half times, and rounded by chance
                 ELSE ((thousands * {yearly} * (50 + a % 101) + a // 101 % 1200000) // 1200000)::INTEGER END AS n,
            CASE {cases} END AS spoilt
        FROM (
            SELECT p * {len(OFFENCES)} + offence AS r, month, municipality, thousands, offence,
                (md5_number_lower(concat_ws('-', 'file', {edition.year}, municipality, offence, month)) >> 1)::BIGINT
                    AS a
            FROM (VALUES {listed}) AS place(p, municipality, thousands), range({len(OFFENCES)}) AS o(offence),
                range(1, 13) AS m(month)
        )
        ORDER BY r, month
    """)


def _left(year: int) -> str:
    """SQL for how many of a hundred files are left where a programme works: it is there to prevent robbery."""
    robbery = f"offence IN ({', '.join(map(str, ROBBERY))})"
    cases = " ".join(
        f"WHEN {robbery} AND municipality IN ({', '.join(map(literal, programme.treated))}) "
        f"AND make_date({year}, month::INTEGER, 1) >= DATE '{programme.start}' THEN {100 + programme.effect}"
        for programme in PROGRAMMES
    )
    return f"CASE {cases} ELSE 100 END"


def write(connection: duckdb.DuckDBPyConnection, table: str, edition: Edition, path: Path) -> None:
    """Write the grid with months as columns, one row of it again, the bad rows and the total."""
    months = ", ".join(
        f"max(coalesce(spoilt, n::VARCHAR)) FILTER (month = {number}) AS {name}"
        for number, name in enumerate(MONTHS, start=1)
    )
    names = {code: name for code, name, _ in territory.MUNICIPALITIES}
    codes = ", ".join(f"{literal(code)}: {literal(name)}" for code, name in names.items())
    grid = f"""
        SELECT '{edition.year}' AS ANIO, left(municipality, 2) AS CVE_ENT, municipality AS CVE_MUN,
            coalesce((MAP {{{codes}}})[municipality], 'No especificado') AS MUNICIPIO,
            {element([offence.label for offence in OFFENCES], "offence")} AS DELITO,
            {element([offence.modality for offence in OFFENCES], "offence")} AS MODALIDAD,
            {months}
        FROM {table} GROUP BY r, municipality, offence ORDER BY r"""
    good = {
        "ANIO": literal(str(edition.year)),
        "CVE_ENT": "'01'",
        "CVE_MUN": literal(NOWHERE),
        "MUNICIPIO": "'Sin nombre'",
        "DELITO": "'Homicidio doloso'",
        "MODALIDAD": "'Con arma blanca'",
        **dict.fromkeys(MONTHS, "'1'"),
    }
    totals = ", ".join(f"sum(n) FILTER (month = {number})::VARCHAR" for number in range(1, 13))
    query = f"""
        (SELECT * FROM ({grid})) UNION ALL (SELECT * FROM ({grid}) LIMIT 1) UNION ALL ({extra_rows(FAULTS, good)})
        UNION ALL (SELECT '{edition.year}', '', '', 'TOTAL', '', '', {totals} FROM {table})"""
    csvfile.write(connection, query, path)


def account(connection: duckdb.DuckDBPyConnection, table: str) -> FilesAccount:
    """Count the planned cells by what must become of them."""
    rows, cells, blank = connection.execute(
        f"SELECT count(DISTINCT r), count(*), count(*) FILTER (n IS NULL AND spoilt IS NULL) FROM {table}"
    ).fetchall()[0]
    rules = Counter(rule for _, _, _, rule in SPOILT_CELLS)
    for fault in FAULTS:
        for rule in fault.rules:
            rules[rule] += len(MONTHS)
    return FilesAccount(
        rows_delivered=rows + 1 + len(FAULTS) + 1,
        total_rows=1,
        records_made=cells + len(MONTHS) * (1 + len(FAULTS)),
        not_reported=blank,
        repeated=len(MONTHS),
        quarantined=len(SPOILT_CELLS) + len(MONTHS) * len(FAULTS),
        rules=dict(sorted(rules.items())),
    )
