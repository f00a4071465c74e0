"""Victims-level police files of the sample country: one row per victim, one file per year and edition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from pipelines.sample_countries.faults import Planting, kinds, spoil, untouched
from pipelines.sample_countries.plan import Account, Draws, Numbered, account, element, month_after, repeated
from pipelines.sample_countries.writing import csvfile
from pipelines.sample_countries.xaa import territory
from pipelines.sample_countries.xaa.victim_lists import (
    AGES,
    CONTEXT_WEIGHTS,
    CONTEXTS,
    FAULTS,
    MECHANISM_WEIGHTS,
    MECHANISMS,
    OFFENCES,
    PLACE_WEIGHTS,
    PLACES,
    RELATIONSHIP_WEIGHTS,
    RELATIONSHIPS,
    REPAIRED,
    SEX_WEIGHTS,
    SEXES,
    ZONE_WEIGHTS,
    ZONES,
    Group,
)

SOURCE = "xaa_police_victims"
ROWS_PER_YEAR = 12_000

#: Rows that the corrected edition adds.
LATE_ROWS = 8

_GROUPS: tuple[Group, ...] = tuple(AGES)
UNREADABLE = tuple(fault.name for fault in FAULTS if fault.unreadable)

_PLACED = len(territory.DRAWS) - territory.DRAWS.count(territory.UNKNOWN)
_NAMES = {code: name for code, name, _ in territory.MUNICIPALITIES}


@dataclass(frozen=True)
class Edition:
    """One file of the series.

    Args:
        year: Year of the events.
        published: Date of the edition.
        last_month: Last month that the file covers.
        corrected: A second edition, in which rows were corrected.
        unreadable: The file has rows that cannot be split into their columns.
    """

    year: int
    published: date
    last_month: int = 12
    corrected: bool = False
    unreadable: bool = False

    @property
    def repaired(self) -> tuple[str, ...]:
        """Faults of the plan that this edition does not have."""
        return (*(REPAIRED if self.corrected else ()), *(() if self.unreadable else UNREADABLE))

    @property
    def file_name(self) -> str:
        """The name says year, months covered and date of the edition."""
        return f"victimas_{self.year}_01-{self.last_month:02d}__ed{self.published.isoformat()}.csv"


EDITIONS: tuple[Edition, ...] = (
    Edition(2021, date(2022, 2, 15), unreadable=True),
    Edition(2022, date(2023, 2, 15)),
    Edition(2022, date(2023, 9, 30), corrected=True),
    Edition(2023, date(2024, 1, 20), last_month=11),
)


def plan(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    edition: Edition,
    rows: int,
    *,
    planting: Planting = "planted",
) -> None:
    """Make ``table``: the planned rows of one edition as positions in the lists above.

    The corrected edition reclassifies, corrects and moves a few dozen rows of the first 12,000, withdraws some,
    and adds eight late ones.
    """
    start, end = date(edition.year, 1, 1), month_after(edition.year, edition.last_month)
    days = (end - start).days
    numbered = Numbered(
        f"victim-{edition.year}",
        rows + (LATE_ROWS if edition.corrected else 0),
        FAULTS,
        planting,
        edition.repaired,
    )
    a, b = Draws("a"), Draws("b")
    offences = repeated([offence.weight for offence in OFFENCES])
    changed = f"{'true' if edition.corrected else 'false'} AND j < {ROWS_PER_YEAR} AND {untouched(FAULTS)}"
    change = f"CASE WHEN {changed} THEN j % 797 ELSE 0 END"
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE {table} AS
        SELECT i, j, kind, before_key, status, offence,
            DATE '{start}' + (CASE WHEN change = 101 THEN (day + 31) % {days} ELSE day END)::INTEGER AS occurred,
            minute, delay, municipality,
            CASE WHEN change = 50 THEN 1 ELSE {_by_group(SEX_WEIGHTS, "sex_draw")} END AS sex,
            CASE WHEN age_draw % 40 > 0 THEN {_age("age_draw")} END AS age,
            {_by_group(MECHANISM_WEIGHTS, "mechanism_draw")} AS mechanism,
            {_by_group(RELATIONSHIP_WEIGHTS, "relationship_draw")} AS relationship,
            place, context, zone, x, y, detail
        FROM (
            SELECT *, {element([_GROUPS.index(offence.group) for offence in OFFENCES], "offence")} AS victim_group
            FROM (
                SELECT *, CASE WHEN change = 3 THEN 0 ELSE drawn END AS offence
                FROM (
                    SELECT i, j, kind, before_key, status, {change} AS change,
                        {a.of(offences)} AS drawn,
                        {a.below(days)} AS day,
                        {a.below(1440)} AS minute,
                        {a.below(30)} AS delay,
                        {a.below(len(territory.DRAWS))} AS municipality,
                        {a.below(100)} AS sex_draw,
                        {a.below(1000)} AS age_draw,
                        {b.below(20)} AS mechanism_draw,
                        {b.below(20)} AS relationship_draw,
                        {b.of(repeated(PLACE_WEIGHTS))} AS place,
                        {b.of(repeated(CONTEXT_WEIGHTS))} AS context,
                        {b.of(repeated(ZONE_WEIGHTS))} AS zone,
                        {b.below(5_000)} AS x,
                        {b.below(5_000)} AS y,
                        {b.below(100_000)} AS detail
                    FROM ({numbered.sql()})
                )
            )
        )
        WHERE change <> 200
    """)


def write(connection: duckdb.DuckDBPyConnection, table: str, edition: Edition, path: Path) -> None:
    """Write the planned rows as the police would send them: Latin-1, CRLF, Spanish headers."""
    good = f"""
        SELECT i, kind,
            'V{edition.year}-' || lpad((CASE WHEN kind IN {kinds(FAULTS, repeats="key")} THEN j - 1 ELSE j END)
                ::VARCHAR, 8, '0') AS FOLIO,
            strftime(occurred, '%d/%m/%Y') AS FECHA_HECHO,
            CASE WHEN minute % 10 > 0 THEN lpad((minute // 60)::VARCHAR, 2, '0') || ':'
                || lpad((minute % 60)::VARCHAR, 2, '0') END AS HORA_HECHO,
            CASE WHEN delay < 28 THEN strftime(occurred + delay::INTEGER, '%d/%m/%Y') END AS FECHA_DENUNCIA,
            {element(territory.DRAWS, "municipality")} AS CVE_MUN,
            {element([_NAMES.get(code, "No especificado") for code in territory.DRAWS], "municipality")} AS MUNICIPIO,
            {element([offence.label for offence in OFFENCES], "offence")} AS DELITO,
            {element([offence.attempt for offence in OFFENCES], "offence")} AS TENTATIVA,
            {element(list(MECHANISMS), "mechanism")} AS MEDIO,
            {element(PLACES, "place")} AS LUGAR,
            {element(list(CONTEXTS), "context")} AS CONTEXTO,
            {element(list(ZONES), "zone")} AS ZONA,
            {element(("Policía Nacional", "Policía Municipal", "Guardia Costera"), "(detail % 3)")} AS CORPORACION,
            {element(list(SEXES), "sex")} AS SEXO,
            age::VARCHAR AS EDAD,
            {element(list(RELATIONSHIPS), "relationship")} AS RELACION,
            {element(("Primaria", "Secundaria", "Superior", "Ninguna", "SIN DATO"), "(detail % 5)")} AS ESCOLARIDAD,
            {element(("XAA",) * 9 + ("EXTRANJERA",), "(detail % 10)")} AS NACIONALIDAD,
            'C' || upper(substr(md5('{edition.year}-' || j), 1, 17)) AS CURP,
            CASE WHEN x % 10 > 0 AND municipality < {_PLACED}
                THEN ((-9900000 + municipality * 700 + x * 6) / 100000)::DECIMAL(9, 5)::VARCHAR END AS LON,
            CASE WHEN x % 10 > 0 AND municipality < {_PLACED}
                THEN ((1200000 + municipality * 900 + y * 6) / 100000)::DECIMAL(9, 5)::VARCHAR END AS LAT,
            'Calle ' || (1 + detail % 90) || ' núm. ' || (1 + y % 400) AS DOMICILIO,
            'Refiere que a las ' || (minute // 60) || ' h' || CASE
                WHEN j % 1500 = 7 THEN ', según el acta "B",' || chr(10) || 'hubo más de un hecho'
                WHEN j % 10 = 3 THEN ', sin testigos, ocurrió el hecho'
                ELSE ' ocurrió el hecho' END AS NARRACION
        FROM {table}"""
    query = f"SELECT * EXCLUDE (i, kind) REPLACE ({spoil(FAULTS)}) FROM ({good})"
    csvfile.write(connection, query, path, encoding="latin-1", line_break="\r\n")


def write_file(
    path: Path, rows: int, *, planting: Planting = "planted", edition: Edition | None = None
) -> Account:
    """Write one police file of any length, for measuring; by default a first edition of 2022.

    Returns:
        What must become of its rows.
    """
    with duckdb.connect() as connection:
        chosen = edition or Edition(2022, date(2023, 2, 15))
        plan(connection, "victim_plan", chosen, rows, planting=planting)
        write(connection, "victim_plan", chosen, path)
        return account(connection, "victim_plan", FAULTS)


def _by_group(weights: Mapping[Group, tuple[int, ...]], draw: str) -> str:
    """SQL for a position that each group of offences draws with its own weights."""
    lists = [repeated(weights[group]) for group in _GROUPS]
    length = len(lists[0])
    return element([value for listed in lists for value in listed], f"(victim_group * {length} + {draw})")


def _age(draw: str) -> str:
    youngest = element([AGES[group][0] for group in _GROUPS], "victim_group")
    divisor = element([AGES[group][1] for group in _GROUPS], "victim_group")
    return f"({youngest} + {draw} * {draw} // {divisor})::UTINYINT"
