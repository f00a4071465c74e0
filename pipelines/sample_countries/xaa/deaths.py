"""Death registration of the sample country: one row per death, one file per year of death."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from pipelines.sample_countries.faults import Fault, Planting, kinds, spoil
from pipelines.sample_countries.plan import Draws, Numbered, element, literal, repeated
from pipelines.sample_countries.writing import csvfile
from pipelines.sample_countries.xaa import territory

SOURCE = "xaa_deaths"
ROWS_PER_YEAR = 4_000

#: Underlying causes as they should be coded, and how often (in 200 rows) each comes.
CAUSES: dict[str, int] = {
    "X954": 7, "X959": 1, "X934": 1, "X999": 2, "X990": 1, "X919": 1, "Y049": 1, "Y09": 1, "Y871": 1,
    "X700": 4, "X724": 1, "X689": 1, "Y870": 1,
    "V031": 3, "V234": 5, "V475": 3, "V892": 2,
    "W199": 3, "W74": 1, "X599": 2, "Y349": 2, "Y249": 1, "Y350": 1,
    "I219": 48, "E149": 30, "C349": 16, "J189": 18, "I64": 14, "K746": 10, "N189": 8, "P369": 2, "R99": 8,
}  # fmt: skip
HOMICIDE = tuple(n for n, cause in enumerate(CAUSES) if "X85" <= cause[:3] <= "Y09" or cause == "Y871")

SEXES = {"1": "M", "2": "F", "9": "_U"}
PLACES = ("Hospital", "Vivienda", "Vía pública", "Otro lugar", "Ignorado")

FAULTS: tuple[Fault, ...] = (
    Fault("nature_code", {"CAUSA_BASICA": "'T14.1'"}, ("cause_from.nature_code",)),
    Fault("nature_code_no_dot", {"CAUSA_BASICA": "'s065'"}, ("cause_from.nature_code",)),
    Fault("cause_form", {"CAUSA_BASICA": "'95X4'"}, ("cause_from.form", "cause_to.form")),
    Fault("cause_missing", {"CAUSA_BASICA": "NULL"}, ("cause_from.missing",)),
    Fault("sex_unknown", {"SEXO": "'3'"}, ("sex.unknown_code",)),
    Fault("age_text", {"EDAD": "'recién nacido'"}, ("age_years.unreadable",)),
    Fault("age_high", {"EDAD": "'115'"}, ("age_years.range",)),
    Fault("age_negative", {"EDAD": "'-1'"}, ("age_years.range",)),
    Fault(
        "date_impossible",
        {"FECHA_DEFUNCION": "left(FECHA_DEFUNCION, 5) || '02-30'"},
        ("occurrence_date.unreadable",),
    ),
    Fault("date_missing", {"FECHA_DEFUNCION": "NULL"}, ("occurrence_date.missing",)),
    Fault("date_before_period", {"FECHA_DEFUNCION": "'2019-12-31'"}, ("date.outside_period",)),
    Fault(
        "date_future",
        {"FECHA_DEFUNCION": "'2031-06-15'"},
        ("date.outside_period", "registration_date.before_occurrence"),
    ),
    Fault("registered_before", {"FECHA_REGISTRO": "'2019-01-01'"}, ("registration_date.before_occurrence",)),
    Fault("registration_unreadable", {"FECHA_REGISTRO": "'15/06/21'"}, ("registration_date.unreadable",)),
    Fault(
        "residence_other_country",
        {"RESIDENCIA": "'XAB-01001'"},
        ("residence_first_level.form", "residence_municipality.form"),
    ),
    Fault("residence_cut", {"RESIDENCIA": "'XAA-0100'"}, ("residence_municipality.form",)),
    Fault("place_of_death", {"OCURRENCIA": "'N/D'"}, ("death_first_level.form", "death_municipality.form")),
    Fault("place_type_unknown", {"LUGAR": "'Luna'"}, ("place_type.unknown_code",)),
    Fault("key_missing", {"CERTIFICADO": "NULL"}, ("key.missing",)),
    Fault("key_repeated", {}, ("key.repeated",), repeats="key"),
    Fault("row_repeated", {}, (), repeats="same"),
)

_PLACES_OF_AREA = [*(territory.published(code) for code in territory.DRAWS), "XAA-01999", "XAA-02999"]


@dataclass(frozen=True)
class Edition:
    """One file of the series."""

    year: int
    published: date

    @property
    def file_name(self) -> str:
        """The name says year of death and date of the edition."""
        return f"defunciones_{self.year}__ed{self.published.isoformat()}.csv"


EDITIONS = tuple(Edition(year, date(year + 1, 8, 31)) for year in (2021, 2022, 2023))


def plan(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    edition: Edition,
    rows: int,
    *,
    planting: Planting = "planted",
) -> None:
    """Make ``table``: the planned rows of one year as positions in the lists above.

    ``residence`` is the area as written; of some deaths only the first-level area is known.
    """
    a, b = Draws("a"), Draws("b")
    start = date(edition.year, 1, 1)
    days = (date(edition.year + 1, 1, 1) - start).days
    numbered = Numbered(f"death-{edition.year}", rows, FAULTS, planting)
    # ages of the external causes are those of the young, of the others those of the old
    external = element([int(cause[0] in "VWXY") for cause in CAUSES], "cause")
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE {table} AS
        SELECT *,
            CASE WHEN age_draw % 50 = 0 THEN NULL
                 WHEN {external} = 1 THEN 12 + age_draw * age_draw // 14000
                 ELSE 98 - age_draw * age_draw // 11000 END AS age,
            CASE WHEN sex_draw < CASE WHEN {external} = 1 THEN 82 ELSE 53 END THEN 0
                 WHEN sex_draw < 98 THEN 1 ELSE 2 END AS sex
        FROM (
            SELECT i, j, kind, before_key, status,
                {a.of(repeated(list(CAUSES.values())))} AS cause,
                DATE '{start}' + {a.below(days)}::INTEGER AS occurred,
                {a.below(100)} AS sex_draw,
                {a.below(1000)} AS age_draw,
                {a.below(len(_PLACES_OF_AREA))} AS residence,
                {a.below(len(territory.DRAWS))} AS elsewhere,
                {b.below(1000)} AS delay_draw,
                {b.below(10)} AS away,
                {b.of(repeated((8, 6, 3, 2, 1)))} AS place,
                {b.below(6)} AS dotted,
                {b.below(1000)} AS street
            FROM ({numbered.sql()})
        )
    """)


def write(connection: duckdb.DuckDBPyConnection, table: str, edition: Edition, path: Path) -> None:
    """Write the planned rows as the registry would send them: UTF-8, semicolons, ICD-10 in three ways."""
    code = element(list(CAUSES), "cause")
    with_dot = f"CASE WHEN length({code}) = 4 THEN left({code}, 3) || '.' || right({code}, 1) ELSE {code} END"
    good = f"""
        SELECT i, kind,
            'D{edition.year}' || lpad((CASE WHEN kind IN {kinds(FAULTS, repeats="key")} THEN j - 1 ELSE j END)
                ::VARCHAR, 8, '0') AS CERTIFICADO,
            'N' || upper(substr(md5('nui-{edition.year}-' || j), 1, 12)) AS NUI,
            CASE WHEN dotted = 0 THEN lower({code}) WHEN dotted < 3 THEN {with_dot} ELSE {code} END AS CAUSA_BASICA,
            {element(list(SEXES), "sex")} AS SEXO,
            coalesce(age::VARCHAR, '999') AS EDAD,
            strftime(occurred, '%Y-%m-%d') AS FECHA_DEFUNCION,
            strftime(least(occurred + (delay_draw * delay_draw * delay_draw // 3000000)::INTEGER,
                DATE '{edition.published}'), '%Y-%m-%d') AS FECHA_REGISTRO,
            {element(_PLACES_OF_AREA, "residence")} AS RESIDENCIA,
            CASE WHEN away = 0 THEN {element([territory.published(code) for code in territory.DRAWS], "elsewhere")}
                ELSE {element(_PLACES_OF_AREA, "residence")} END AS OCURRENCIA,
            {element(PLACES, "place")} AS LUGAR,
            CASE WHEN street % 9 = 0 THEN {literal("EXTRANJERA")} ELSE {literal("XAA")} END AS NACIONALIDAD,
            'Calle ' || street || '; casa ' || (street % 7 + 1) AS DOMICILIO
        FROM {table}"""
    query = f"SELECT * EXCLUDE (i, kind) REPLACE ({spoil(FAULTS)}) FROM ({good})"
    csvfile.write(connection, query, path, delimiter=";")


def first_level(index: str) -> str:
    """SQL for the first-level area of a planned residence, NULL if unknown."""
    return element(
        [None if territory.UNKNOWN in code else code[:6] for code in _PLACES_OF_AREA],
        index,
    )
